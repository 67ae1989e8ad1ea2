"""Locking this phone, or handing it over: the session ends here and now; the device stays trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.web.page import SIGN_IN_PATH, Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def get(ctx: Context) -> Response:
    """Show the one button that locks."""
    return ctx.render("person/lock.html")


def post(ctx: Context) -> Response:
    """Lock, and show who may open their space here."""
    if ctx.is_demo:
        return ctx.redirect("/")
    if ctx.session is not None:
        ctx.session.sign_out()
    ctx.cookies.drop_session()
    return ctx.redirect(SIGN_IN_PATH)


PAGES = [
    Page("/lock", get=get, needs="person"),
    Page("/lock/now", post=post, needs="nobody"),
]
