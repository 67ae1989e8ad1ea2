"""The first page for somebody who opened the setup link: what this is, a look around, and the way in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.web.closed import closed, has_setup
from toward.web.page import SIGN_IN_PATH, Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def get(ctx: Context) -> Response:
    """Welcome whoever holds the link; show a stranger nothing."""
    if ctx.session is not None:
        return ctx.redirect("/")
    if has_setup(ctx):
        return ctx.render("start/welcome.html", look=ctx.settings.look_around)
    if ctx.cookies.people:
        return ctx.redirect(SIGN_IN_PATH)
    return closed(ctx)


PAGE = Page("/start", get=get, needs="nobody")
