"""Onto the home screen: how, and under which name and icon. The choice is this browser's, not the person's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.web.page import Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context

PATH = "/settings/install"


def get(ctx: Context) -> Response:
    """Show both names, and the ways by system."""
    return ctx.render("phone/install.html")


def post(ctx: Context) -> Response:
    """Keep the choice in this browser."""
    chosen = ctx.form.choice("name", ("own", "plain"))
    if not ctx.is_demo:
        ctx.cookies.look_plain(on=chosen == "plain")
    return ctx.redirect(PATH)


PAGE = Page(PATH, get=get, post=post)
