"""Yours: the way to everything that a person owns here, and signing out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.web.page import SIGN_IN_PATH, Page
from toward.web.threads import open_partner

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context

HOME = "/settings"


def get(ctx: Context) -> Response:
    """Show the ways."""
    return ctx.render("yours/home.html", saved=bool(ctx.query.get("saved")))


def shared(ctx: Context) -> Response:
    """Say what the partner can read, and lead to changing it."""
    partner = ctx.who.partner
    return ctx.render(
        "yours/shared.html",
        standing="alone" if partner is None else "open" if open_partner(ctx) else "closed",
        both_share=ctx.who.life.line.both_share,
    )


def sign_out(ctx: Context) -> Response:
    """End this session; the device stays trusted."""
    if ctx.is_demo:
        return ctx.redirect(HOME)
    ctx.who.sign_out()
    ctx.cookies.drop_session()
    return ctx.redirect(SIGN_IN_PATH)


def saved(ctx: Context) -> Response:
    """Go back to the ways, which say that it is kept."""
    return ctx.redirect(HOME, saved="1")


PAGES = [
    Page(HOME, get=get),
    Page("/settings/shared", get=shared),
    Page("/settings/sign-out", post=sign_out),
]
