"""Leaving the shared space: at once, alone, without a word to the other; and forgetting what was shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.vault import erasing, pairing
from toward.web.page import PAIR_PATH, Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context

PATH = "/settings/leave"


def get(ctx: Context) -> Response:
    """Say what leaving does; after it, what remains."""
    partner = ctx.who.partner
    if partner is None:
        return ctx.redirect(PAIR_PATH)
    if partner.open:
        return ctx.render("pair/leave.html")
    couple = ctx.who.couple
    return ctx.render("pair/left.html", readable=bool(couple and couple.keys))


def post(ctx: Context) -> Response:
    """Leave, or forget. A second press finds it done."""
    partner = ctx.who.partner
    wish = ctx.form.choice("do", ("leave", "forget"))
    if wish == "leave" and partner is not None and partner.open:
        pairing.unpair(ctx.who)
    elif wish == "forget" and partner is not None and not partner.open:
        erasing.forget_shared(ctx.who)
    return ctx.redirect(PATH)


PAGE = Page(PATH, get=get, post=post)
