"""The ladder of protest, in plain words and about oneself only: which rung is nearest today?

Two rungs need more than a word: the one that frightens other people says so and where to get help to stop; the one
without hope says who to call. Whatever the rung, it is a check-in of one's own and offered to nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from toward.guide import CONSEQUENCES
from toward.guide.suggestions import PATHS
from toward.journal.kinds import CheckIn, Rung
from toward.web.line_sharing import after_check_in
from toward.web.page import Page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from toward.guide.ladder import Consequence
    from toward.web.context import Context

RUNGS: Final[tuple[Rung, ...]] = get_args(Rung)
SHOWN_MS: Final = 3_600_000
NEXT: Final[Mapping[Consequence, str]] = {
    "none": "within",
    "settle": "settle_alone",
    "stop": "settle_alone",
    "crisis": "own_care",
    "move": "move",
}
"""The step that each rung leads to."""
AT_ONCE: Final[frozenset[Consequence]] = frozenset({"stop", "crisis"})
"""Where help comes before anything is kept."""


def get(ctx: Context) -> Response:
    """Show the ladder."""
    return ctx.render("ladder/choose.html", rungs=RUNGS)


def post(ctx: Context) -> Response:
    """Keep the rung with how safe it feels. Where a number to call is needed, nobody has to fill in a scale first."""
    rung = ctx.form.choice("rung", RUNGS)
    if CONSEQUENCES[rung] in AT_ONCE and ctx.form.maybe_integer("felt", 1, 7) is None:
        return _lead_on(ctx, rung)
    felt = ctx.form.integer("felt", 1, 7)
    ctx.who.write(CheckIn(felt=felt, rung=rung))
    after_check_in(ctx.who, felt)
    return ctx.redirect("/ladder/next")


def after(ctx: Context) -> Response:
    """Say the word that belongs to the rung, and what could come next; an hour later the page is the ladder again."""
    latest = ctx.who.life.checkins.latest
    if latest is None or latest.body.rung is None or ctx.now_ms - latest.at_ms >= SHOWN_MS:
        return ctx.redirect("/ladder")
    return _lead_on(ctx, latest.body.rung)


def _lead_on(ctx: Context, rung: Rung) -> Response:
    consequence = CONSEQUENCES[rung]
    step = NEXT[consequence]
    return ctx.render("ladder/next.html", rung=rung, consequence=consequence, step=step, href=ctx.url(PATHS[step]))


PAGES = [
    Page("/ladder", get=get, post=post),
    Page("/ladder/next", get=after),
]
