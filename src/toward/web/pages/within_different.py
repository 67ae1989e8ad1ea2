"""The different question: what if I knew I was safe? Played as a film, with soft sounds, and answered for oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toward.errors import BadInput
from toward.journal.kinds import DifferentQuestion, Settled
from toward.web.page import Page
from toward.web.pages.dance import MOST
from toward.web.pages.within_six import may_reach

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context

FIELDS: Final = ("be", "offer_you", "offer_me")
PRACTICE: Final = "different_question"
MINUTES: Final = 5.0
LINE_S: Final = 12
"""So long each line of the film stays."""


def get(ctx: Context) -> Response:
    """Show the question, the film, and what was found last time."""
    return ctx.render(
        "within/different.html",
        seconds=LINE_S,
        last=ctx.who.life.inner.question,
        wishes=ctx.who.life.preferences,
        may_reach=may_reach(ctx),
    )


def post(ctx: Context) -> Response:
    """Keep the answers for their writer alone."""
    found = DifferentQuestion(**{name: ctx.form.text(name, max=MOST, required=False) for name in FIELDS})
    if found == DifferentQuestion():
        raise BadInput(field="be", reason="empty")
    if found != ctx.who.life.inner.question:
        ctx.who.write(found)
    ctx.who.write(Settled(practice=PRACTICE, how="alone", minutes=MINUTES))
    return ctx.redirect("/within/different")


PAGE = Page("/within/different", get=get, post=post)
