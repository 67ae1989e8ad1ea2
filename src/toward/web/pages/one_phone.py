"""One phone between two: hand it over, the other makes a space of their own on it, and hands it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.errors import AlreadyPaired
from toward.vault import pairing
from toward.web.page import PAIR_PATH, Page
from toward.web.pages.join import consent

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def get(ctx: Context) -> Response:
    """Say how it goes."""
    if pairing.standing(ctx.who).state not in {"alone", "invited"}:
        return ctx.redirect(PAIR_PATH)
    return ctx.render("pair/one_phone.html")


def post(ctx: Context) -> Response:
    """Lock this person's space and show the other what they are invited to.

    The words of the invitation are in the page that the other holds now, and nowhere else on this phone.
    """
    if pairing.standing(ctx.who).state == "paired":
        raise AlreadyPaired
    inviter, code = ctx.who.name, pairing.invite(ctx.who).words
    if not ctx.is_demo:
        ctx.who.sign_out()
        ctx.cookies.drop_session()
        ctx.session = None
    return consent(ctx, code, inviter)


PAGE = Page("/pair/one-phone", get=get, post=post)
