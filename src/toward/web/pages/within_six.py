"""The six steps, five to ten minutes with oneself, on one page; and what they came to.

Nothing of it is ever shown to anybody else. Step three says what is no work on oneself: being frightened or belittled
is not the other's bad day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

from toward.guide.gates import allowed
from toward.guide.suggestions import SUGGESTIONS
from toward.journal.kinds import Settled, SixSteps
from toward.web.page import Page
from toward.web.pages.before import gates_of
from toward.web.pages.dance import FEARS, MOST, REACTIONS
from toward.web.ticked import ticked, ticked_again

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context

FIELDS: Final = ("feel", "telling", "leaving", "done_to_me", "true", "act", "limit")
Eased = Literal["yes", "some", "no"]
EASED: Final[tuple[Eased, ...]] = get_args(Eased)
PRACTICE: Final = "six_steps"
MINUTES: Final = 7.0
SHOWN_MS: Final = 3_600_000
"""So long after it the last page still says what was found; then whoever goes back finds Within."""


def get(ctx: Context) -> Response:
    """Show the steps; after a form that was not taken, with everything that was typed."""
    return ctx.render(
        "within/six.html",
        source=ctx.who.life.inner.source,
        fears=FEARS,
        reactions=REACTIONS,
        eased=EASED,
        known_fears=ticked_again(ctx.typed, "fears", FEARS),
        known_reactions=ticked_again(ctx.typed, "reactions", REACTIONS),
    )


def post(ctx: Context) -> Response:
    """Keep what was written, or just that it was done."""
    form = ctx.form
    steps = SixSteps(
        fears=ticked(form, "fears", FEARS),
        reactions=ticked(form, "reactions", REACTIONS),
        eased=form.maybe("eased", EASED),
        **{name: form.text(name, max=MOST, required=False) for name in FIELDS},
    )
    if steps != SixSteps():
        ctx.who.write(steps)
    ctx.who.write(Settled(practice=PRACTICE, how="alone", minutes=MINUTES))
    return ctx.redirect("/within/six/done" if steps != SixSteps() else "/within/kept")


def done(ctx: Context) -> Response:
    """Say what they wanted to do; an ask is offered where nothing speaks against it."""
    last = ctx.who.life.inner.steps
    newest = ctx.who.life.practices[0].at_ms if ctx.who.life.practices else 0
    if last is None or ctx.now_ms - newest > SHOWN_MS:
        return ctx.redirect("/within")
    return ctx.render("within/six_done.html", last=last, may_reach=may_reach(ctx))


def may_reach(ctx: Context) -> bool:
    """Say whether turning toward the other may be suggested now."""
    return allowed(SUGGESTIONS["reach"], gates_of(ctx))


PAGES = [
    Page("/within/six", get=get, post=post),
    Page("/within/six/done", get=done),
]
