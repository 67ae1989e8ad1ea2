"""What somebody brought from an earlier home: read only, and theirs alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from toward.errors import Damaged
from toward.journal.kinds import Agreement, Answer, Invitation, LifeEventShown, Released, Together
from toward.journal.projections import day_of
from toward.web.page import Page
from toward.web.pages.ours import practice_title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.responses import Response

    from toward.journal.kinds import Body, Unknown
    from toward.web.context import Context

MANY: Final = 200


class Kept(NamedTuple):
    """One keepsake in words. ``who`` is "you", "them" or "both"; ``what`` a key below ``ours.keepsake``."""

    who: str
    what: str
    words: str
    day: str


def get(ctx: Context) -> Response:
    """Show them, newest first."""
    return ctx.render("ours/keepsakes.html", kept=list(_kept(ctx))[:MANY])


def _kept(ctx: Context) -> Iterator[Kept]:
    for keepsake in ctx.who.life.keepsakes:
        try:
            what, words = _said(ctx, keepsake.body)
        except Damaged:
            continue
        if words:
            who = "both" if what == "together" else "you" if keepsake.mine else "them"
            yield Kept(who, what, words, ctx.times.day(day_of(keepsake.at_ms, ctx.who.tz_min)))


def _said(ctx: Context, body: Body | Unknown) -> tuple[str, str]:
    """What a keepsake is and what it says; no words where it says nothing by itself (a name, a pause, a point)."""
    match body:
        case Invitation() | Agreement():
            return str(body.__struct_config__.tag), body.words
        case Answer():
            return "answer", body.words or ctx.t(f"ours.keepsake.reply_{body.reply}")
        case Released():
            return "released", body.said.words
        case LifeEventShown():
            return "life", body.label
        case Together():
            return "together", practice_title(ctx, body.practice)
        case _:
            return "", ""


PAGE = Page("/ours/keepsakes", get=get)
