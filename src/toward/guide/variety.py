"""How suggestions take turns, without remembering what was shown: a wheel of eight days.

Nobody writes down what a page suggested: looking at a page must leave no row. So whatever may come of itself has a
place on a wheel, and comes up on that day alone: never twice within a week. One of the eight days is quiet. What did a
person good the last time has a second place, half a turn on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toward.journal.projections import Life

WHEEL: Final = 8
QUIET: Final = 7
DAY_MS: Final = 86_400_000
WEEK_MS: Final = 7 * DAY_MS


def day_of(at_ms: int, tz_min: int) -> int:
    """The number of a person's day."""
    return (at_ms + tz_min * 60_000) // DAY_MS


def spoke(life: Life, day: int) -> int:
    """Where a person's wheel stands on a day; people's wheels are not in step."""
    return (day + sum(life.me)) % WHEEL


def loves(life: Life, practice: str) -> bool:
    """Whether somebody felt more at ease after a practice than before, the last time they said both."""
    for one in life.practices:
        if one.practice == practice and one.before is not None and one.after is not None:
            return one.after > one.before
    return False


def has_turn(life: Life, day: int, name: str, among: Sequence[str], *, loved: bool = False) -> bool:
    """Whether it is the turn of one of several, which share the seven days that are not quiet."""
    place = among.index(name) % QUIET
    now = spoke(life, day)
    return now == place or (loved and now != QUIET and now == (place + WHEEL // 2) % WHEEL)
