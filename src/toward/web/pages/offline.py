"""What a browser shows while the server can't be reached. It is the same for everybody and holds nothing of anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.web.page import Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def get(ctx: Context) -> Response:
    """Show the page, without the names and choices that others carry: a browser keeps this one."""
    return ctx.render("error_offline.html", me=None, partner=None, country="", plain=False, outbox="")


PAGE = Page("/offline", get=get, needs="nobody")
