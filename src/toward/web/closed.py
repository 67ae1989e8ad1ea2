"""What a stranger sees: a page that says neither what this is nor whose.

Somebody who has a code or a sheet finds the way in, folded away, once anybody lives here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def closed(ctx: Context) -> Response:
    """Return the closed page."""
    return ctx.render("start/closed.html", me=None, partner=None, lived_in=ctx.vault.has_people())


def has_setup(ctx: Context) -> bool:
    """Say whether this browser has opened a setup link that is still good."""
    return bool(ctx.cookies.setup) and ctx.vault.check_setup(ctx.cookies.setup)
