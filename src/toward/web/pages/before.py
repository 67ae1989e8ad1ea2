"""Asked once, alone, before the first Turn or the first practice for two: is this hard, or are you afraid?

The answer changes what is *suggested* and nothing else. Everything stays open, sends and arrives as before: somebody
who is afraid may have to play along. So that the way through shows nothing, every answer makes the same write and leads
to the same addresses under the same title; after a few minutes the page behind it is empty of any answer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, get_args

from toward.guide import read_gates
from toward.web.page import Page
from toward.web.safe_slot import Hardness, keep_answer, read_slot

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.guide import Gates
    from toward.web.context import Context

ANSWERS: Final[tuple[Hardness, ...]] = get_args(Hardness)
SHOWN_MS: Final = 10 * 60_000
"""So long after the answer the next page still speaks to it; then whoever goes back finds nothing."""

_PATH = re.compile(r"/(?:[a-z0-9-]+/?)*", re.ASCII)


def gate(ctx: Context, place: str) -> Response | None:
    """Return the page that asks, the first time somebody comes to a door of *place* ("turn", "settle"); else None."""
    if read_slot(ctx.who).now(ctx.now_ms) is not None:
        return None
    return _ask(ctx, place, ctx.full_path.partition("?")[0])


def gates_of(ctx: Context) -> Gates:
    """Return what may be suggested now: by the answer given here, by check-ins, and by a pause that runs."""
    asked = read_slot(ctx.who).now(ctx.now_ms)
    return read_gates(
        ctx.who.life,
        ctx.now_ms,
        afraid=asked is not None and asked.answer == "afraid",
        partner_open=ctx.who.partner is not None and ctx.who.partner.open,
    )


def get(ctx: Context) -> Response:
    """Ask, or ask again: things change."""
    return _ask(ctx, ctx.typed.get("place"), _path(ctx.typed.get("to")))


def post(ctx: Context) -> Response:
    """Keep the answer and go on. Which answer it was shows nowhere in the way there."""
    answer = ctx.form.choice("answer", ANSWERS)
    keep_answer(ctx.who, answer, ctx.now_ms, for_visit=ctx.form.flag("visit"))
    return ctx.redirect("/before/next", to=_path(ctx.form.raw("to")))


def after(ctx: Context) -> Response:
    """Speak to the answer, for a few minutes: care and who to call, or a good word."""
    to = _path(ctx.query.get("to", "/"))
    asked = read_slot(ctx.who).now(ctx.now_ms)
    if asked is None or ctx.now_ms - asked.at_ms >= SHOWN_MS:
        return ctx.redirect(to)
    return ctx.render("before/next.html", afraid=asked.answer == "afraid", to=ctx.url(to))


def _ask(ctx: Context, place: str, to: str) -> Response:
    return ctx.render("before/ask.html", place=place if place in {"turn", "settle"} else "", to=to)


def _path(text: str) -> str:
    """A path of this app, or home. Where a form leads on to is not for others to choose."""
    return text if _PATH.fullmatch(text) else "/"


PAGES = [
    Page("/before", get=get, post=post),
    Page("/before/next", get=after),
]
