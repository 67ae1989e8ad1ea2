"""Two people become two here: the invitation, waiting without being pressed, and both yeses."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from toward.errors import NotFound
from toward.vault import pairing
from toward.web.page import PAIR_PATH, Page
from toward.web.qr import drawn, minutes_left, opens_only_here, with_fragment

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def get(ctx: Context) -> Response:
    """Show where this person stands."""
    stand = pairing.standing(ctx.who)
    if stand.state != "invited":
        was = ctx.who.partner.name if ctx.who.partner and not ctx.who.partner.open else ""
        return ctx.render(f"pair/{stand.state}.html", stand=stand, was=was, shared_phone=len(ctx.cookies.people) > 1)
    address = ctx.origin + ctx.url("/join")
    return ctx.render(
        "pair/invited.html",
        stand=stand,
        svg=drawn(with_fragment(address, stand.words)),
        address=address,
        only_here=opens_only_here(address),
        until=ctx.times.clock(stand.expires_ms) if ctx.cookies.knows_tz else "",
        minutes=minutes_left(stand.expires_ms, ctx.vault.now_ms()),
    )


def post(ctx: Context) -> Response:
    """Invite, take it back, or agree to whoever has answered."""
    match ctx.form.choice("do", ("invite", "take_back", "agree")):
        case "invite":
            pairing.invite(ctx.who)
        case "take_back":
            pairing.take_back(ctx.who)
        case "agree":
            _agree(ctx)
    return ctx.redirect(PAIR_PATH)


def _agree(ctx: Context) -> None:
    """Agree, but only to the very person whose name was on the page: another may have answered since."""
    if ctx.form.raw("name") == pairing.standing(ctx.who).name:
        with contextlib.suppress(NotFound):  # they have stepped back in this very second: the page will say so
            pairing.confirm(ctx.who)


def state(ctx: Context) -> Response:
    """Say where this person stands, for the page that waits."""
    return ctx.json({"state": pairing.standing(ctx.who).state})


PAGES = [
    Page(PAIR_PATH, get=get, post=post),
    Page("/pair/state", get=state),
]
