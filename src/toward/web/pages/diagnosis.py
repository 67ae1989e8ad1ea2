"""What works in this browser, and what to do where something does not.

The browser looks for itself (``diagnosis.js``) and tells the server nothing: what a device can do tells devices apart.
Open to whoever lives here or holds the setup link, since the first phone is the one that needs it most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toward.web.closed import closed, has_setup
from toward.web.page import Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context

CHECKS: Final = ("secure", "install", "wake", "sound", "vibration", "camera", "bluetooth", "push")
BY_HAND: Final = frozenset({"sound", "vibration"})
"""Only a person can say whether these worked."""
THREE_WAYS: Final = frozenset({"install"})
"""These may work once somebody has done something."""


def get(ctx: Context) -> Response:
    """Show everything there is to look for."""
    if ctx.session is None and not has_setup(ctx):
        return closed(ctx)
    return ctx.render(
        "diagnosis/home.html",
        checks=CHECKS,
        by_hand=BY_HAND,
        three_ways=THREE_WAYS,
    )


PAGE = Page("/diagnosis", get=get, needs="nobody")
