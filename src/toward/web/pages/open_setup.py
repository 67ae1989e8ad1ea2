"""Opening the setup link that the terminal printed.

The token moves from the address into a cookie, and out of the address bar. Opening the link spends nothing (chat
programs open links by themselves): it is spent when the first person is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.errors import CodeSpent
from toward.web.page import START_PATH, Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def get(ctx: Context) -> Response:
    """Remember the token for an hour and go on to the start."""
    token = ctx.path["token"]
    if ctx.is_demo or not ctx.vault.check_setup(token):
        raise CodeSpent
    ctx.cookies.keep_setup(token)
    return ctx.redirect(START_PATH)


PAGE = Page("/setup/{token}", get=get, needs="nobody")
