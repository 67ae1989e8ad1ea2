"""What a practice leaves behind: one private entry, with how it was before and after if the person said so."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Literal

from toward.journal.kinds import Settled
from toward.practices.breath import LONGEST_MINUTES

if TYPE_CHECKING:
    from toward.journal.projections import Practised
    from toward.web.context import Context
    from toward.web.forms import Form

How = Literal["alone", "together", "one_room", "one_phone"]
Change = Literal["eased", "same", "tighter", "unsaid"]

SHORTEST_MINUTES: Final = 0.2
"""A practice left at once, with nothing said about it, was not done and is not kept."""
RECENT_MS: Final = 10 * 60_000


def keep(ctx: Context, practice: str, how: How, *, minutes: float) -> None:
    """Keep a practice that was done; *minutes* is its length where the page could not tell how long it really was."""
    before = ctx.form.maybe_integer("before", 1, 7)
    after = ctx.form.maybe_integer("after", 1, 7)
    spent = spent_minutes(ctx.form, minutes)
    if spent >= SHORTEST_MINUTES or after is not None:
        ctx.who.write(Settled(practice=practice, how=how, minutes=spent, before=before, after=after))


def spent_minutes(form: Form, given: float) -> float:
    """Return the minutes that the page counted, within what a practice can last; else *given*."""
    try:
        spent = float(form.raw("minutes"))
    except ValueError:
        return given
    return min(max(spent, 0.0), LONGEST_MINUTES) if math.isfinite(spent) else given


def just_done(ctx: Context) -> Practised | None:
    """Return the practice that the reader ended just now."""
    newest = next(iter(ctx.who.life.practices), None)
    return newest if newest is not None and ctx.now_ms - newest.at_ms < RECENT_MS else None


def change(done: Practised) -> Change:
    """Say in a word what the two answers come to. One step either way is a day's wobble, but it is what they said."""
    if done.before is None or done.after is None:
        return "unsaid"
    if done.after == done.before:
        return "same"
    return "eased" if done.after > done.before else "tighter"
