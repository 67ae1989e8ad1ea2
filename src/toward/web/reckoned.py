"""What the reader's own answers say about their days, as a page asks for it; and asking for it when they have changed.

The question is made of what this one session may read, and nobody else's session has its answer (``toward.growth``).
No page waits long: what is not there yet is there the next time.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from toward.growth import FEWEST, WEEKS, Answer, ask
from toward.journal.projections.level import Level

if TYPE_CHECKING:
    from collections.abc import Hashable

    from toward.growth import Question
    from toward.journal.projections import DayFelt
    from toward.vault import Session
    from toward.web.context import Context

WAIT_S: Final = 0.3
"""So long a page waits for what is being worked out; a worker thread waits, and nobody else."""
DAY_MS: Final = 86_400_000
NOON_MS: Final = DAY_MS // 2
_EPOCH_DAY: Final = 719_163

State = Literal["off", "few", "pending", "lost", "nothing", "told"]


class Reckoned(NamedTuple):
    """What is known. "off": the reader wants none of it; "few": too few check-ins; "pending": it is being worked out.

    "lost": it can't be worked out here; "nothing": the answers say nothing yet; "told": see ``answer``. ``first`` is
    the day on which its way begins.
    """

    state: State
    answer: Answer | None = None
    first: date | None = None

    @property
    def level(self) -> Level | None:
        """The reader's felt safety day by day, where it is told."""
        way = self.answer.way if self.answer is not None else None
        if way is None or self.first is None:
            return None
        return Level(self.first, way.mean, way.sd, way.change, way.change_sd)


def reckon(ctx: Context, *, wait_s: float = WAIT_S, whole: bool = False) -> Reckoned:
    """Return what is known now, and ask for it if it is not. *whole*: wait until practices are weighed as well."""
    growth, session = ctx.growth, ctx.who
    today = ctx.times.today.toordinal()
    days = [one for one in session.life.line.mine if today - 7 * WEEKS < one.day.toordinal() <= today]
    wanted = session.life.preferences.reckon
    if not wanted or sum(one.n for one in days) < FEWEST:
        if growth is not None:
            growth.forget(session.ledger)
        return Reckoned("few" if wanted else "off")
    if growth is None:
        return Reckoned("lost")
    weigh = _may_weigh(ctx)
    partner = session.partner
    answer = growth.told(
        session.ledger,
        _key(ctx, weigh=weigh),
        lambda: _question(ctx, days, weigh=weigh),
        standing=(partner.space, partner.open) if partner is not None else None,
        wait_s=wait_s,
        whole=whole,
    )
    if answer is None:
        return Reckoned("pending" if growth.well else "lost")
    if answer.way is None:
        return Reckoned("nothing")
    return Reckoned("pending" if whole and not answer.whole else "told", answer, days[0].day)


def hint(ctx: Context) -> str:
    """Return what the model hints at for the guide; empty while there is nothing, and for whoever is afraid."""
    answer = reckon(ctx, wait_s=0.0, whole=True).answer
    return answer.hint if answer is not None else ""


def follow(ctx: Context, writer: Session) -> None:
    """After a form of *writer*'s: ask for what it may have changed, or keep nothing of who has signed out."""
    if ctx.growth is None:
        return
    if not ctx.is_demo and (not ctx.session or ctx.vault.session(ctx.cookies.session) is None):
        ctx.growth.forget(writer.ledger)
        return
    reckon(ctx, wait_s=0.0)


def _may_weigh(ctx: Context) -> bool:
    """Whether practices are weighed: not while somebody is afraid, frightens, or has lost hope."""
    from toward.web.pages.before import gates_of

    gates = gates_of(ctx)
    return not (gates.afraid or gates.coercing or gates.despair)


def _key(ctx: Context, *, weigh: bool) -> Hashable:
    """Changes whenever the question may."""
    session = ctx.who
    newest = session.entries[-1].id if session.entries else b""
    return (len(session.entries), newest, ctx.times.today, session.tz_min, weigh)


def _question(ctx: Context, days: list[DayFelt], *, weigh: bool) -> Question | None:
    first, last = days[0].day.toordinal(), days[-1].day.toordinal()
    shift = NOON_MS - ctx.who.tz_min * 60_000
    noons = [(day - _EPOCH_DAY) * DAY_MS + shift for day in range(first, last + 1)]
    return ask(ctx.who.entries, noons, ctx.now_ms, weigh=weigh)
