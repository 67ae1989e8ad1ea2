"""Looking around: two phones of an invented couple, side by side, before anybody has decided anything.

The phones are this app twice more, over a vault in memory (``web.look_around``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.errors import NotFound, SignInNeeded
from toward.web.closed import closed, has_setup
from toward.web.page import Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def get(ctx: Context) -> Response:
    """Show both phones to whoever may see them: somebody who lives here, or holds the setup link."""
    if ctx.is_demo:
        raise NotFound
    if ctx.session is not None or has_setup(ctx):
        if not ctx.settings.look_around:
            raise NotFound
        return phones(ctx, "/" if ctx.session else "/start/new")
    if ctx.cookies.people:
        raise SignInNeeded
    return closed(ctx)


def anybody(ctx: Context) -> Response:
    """Show both phones to whoever comes: this server holds nothing else."""
    return phones(ctx, "")


def phones(ctx: Context, go_on: str) -> Response:
    """Return the page of two phones, with a way on to *go_on* if there is one."""
    from toward.web.look_around_history import names

    shown = list(zip("ab", names(), ("you", "them"), strict=True))
    return ctx.render("look/around.html", me=None, partner=None, phones=shown, go_on=go_on)


PAGE = Page("/look", get=get, needs="nobody", frames=True)
ONLY_PAGE = Page("/", get=anybody, needs="nobody", frames=True)
