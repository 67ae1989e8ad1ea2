"""My line: from days of felt safety to a sentence, a drawing and a table.

The sentence comes first and, with the table of every day, is what a screen reader gets. Where the words lie that the
drawing needs, and its paths, is ``chart_drawing``'s.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from toward.journal.projections.level import Level, smooth_level
from toward.journal.visibility import FeltWord, felt_word
from toward.web.chart_drawing import BAND_SD, LINE_DAYS, Drawing, draw

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from toward.journal.projections import DayFelt, Line, Mark
    from toward.web.chart_space import Who

WEEKS: Final = 26
WIDTH: Final = 320
SOME_DAYS: Final = 5
SURE_SD: Final = 1.0
CHANGE: Final = 0.5
MOVING: Final = 1.5
CHANGE_DAYS: Final = 21
"""Nothing is said of a direction before three weeks have passed: a bad week is a bad week."""
SentenceKey = Literal[
    "empty", "older", "one", "two", "unsure", "rising", "falling", "steady", "moving", "plain", "past", "past_empty"
]


class Sentence(NamedTuple):
    """What the line says: ``ours.line.<key>`` with ``ours.felt.<felt>``, and month and year of ``since``."""

    key: SentenceKey
    felt: FeltWord | None = None
    since: date | None = None


class Row(NamedTuple):
    """One day of the table. ``likely`` are the ends of one's own band there."""

    day: date
    mine: FeltWord | None
    theirs: FeltWord | None
    marks: tuple[str, ...]
    likely: tuple[FeltWord, FeltWord] | None = None


class LineChart(NamedTuple):
    """A line to show; ``drawing`` is None where there is nothing to draw."""

    sentence: Sentence
    drawing: Drawing | None
    rows: tuple[Row, ...]
    both: bool

    @property
    def banded(self) -> bool:
        """Whether a band is drawn."""
        return self.drawing is not None and any(one.band for one in self.drawing.series)


def line_chart(
    line: Line,
    today: date,
    *,
    weeks: int = WEEKS,
    width: int = WIDTH,
    partner: str = "",
    level: Level | None = None,
    plain: bool = False,
    past: bool = False,
) -> LineChart:
    """Return the chart of the last *weeks*, drawn *width* units wide (320 to 680); *partner* names their line.

    *past*: they ended long ago, so nothing is said of where things are going.

    *level* is one's own as the model of two tells it, for the same days; without it days are smoothed by themselves.
    It is drawn and stands in the table; where things are going is said of the smoothed days, since the model's way
    follows each day, and two days tell no direction. *plain*: days as they were told and nothing worked out from them.
    """
    begin = today.toordinal() - 7 * weeks
    mine = [day for day in line.mine if begin < day.day.toordinal() <= today.toordinal()]
    theirs = [day for day in line.theirs if begin < day.day.toordinal() <= today.toordinal()]
    marks = [mark for mark in line.marks if begin < mark.day.toordinal() <= today.toordinal()]
    through: Callable[[Sequence[DayFelt]], Level] = told_level if plain else smooth_level
    levels: dict[Who, Level] = {}
    smooth = through(mine) if mine else None
    if smooth is not None:
        levels["you"] = level if level is not None and not plain and _spans(level, mine) else smooth
    if theirs:
        levels["them"] = through(theirs)
    drawing = draw(levels, {"you": mine, "them": theirs}, marks, width, partner, plain=plain) if levels else None
    sentence = _sentence(mine, smooth, plain=plain)
    if past:
        sentence = Sentence("past" if mine else "past_empty", since=mine[0].day if mine else date.fromordinal(begin))
    elif len(mine) < LINE_DAYS and any(day.day.toordinal() <= begin for day in line.mine):
        sentence = Sentence("older")  # who comes back after long has more than one can see here
    band = None if plain or len(mine) < LINE_DAYS else levels.get("you")
    return LineChart(sentence, drawing, _rows(mine, theirs, marks, band), bool(theirs))


def _spans(level: Level, days: Sequence[DayFelt]) -> bool:
    return level.first == days[0].day and len(level.mean) == (days[-1].day - days[0].day).days + 1


def told_level(days: Sequence[DayFelt]) -> Level:
    """Return straight lines between days as they were told, of which nothing is claimed: for where marks stand."""
    means = [days[0].mean]
    for one, other in pairwise(days):
        span = (other.day - one.day).days
        means += [one.mean + (other.mean - one.mean) * n / span for n in range(1, span + 1)]
    return Level(days[0].day, tuple(means), (0.0,) * len(means), means[-1] - means[0], 0.0)


# ------------------------------------------------------------------------------------------ sentence


def _sentence(days: Sequence[DayFelt], level: Level | None, *, plain: bool) -> Sentence:
    if level is None:
        return Sentence("empty")
    if len(days) < LINE_DAYS:
        return Sentence("one", felt_word(days[0].mean)) if len(days) == 1 else Sentence("two")
    return Sentence("plain") if plain else _direction(days, level)


def _direction(days: Sequence[DayFelt], level: Level) -> Sentence:
    since, long = level.first, len(level.mean) > CHANGE_DAYS
    changed = abs(level.change) >= max(CHANGE, BAND_SD * level.change_sd)
    if long and changed and len(days) >= SOME_DAYS:
        return Sentence("rising" if level.change > 0 else "falling", since=since)
    if changed or len(days) < SOME_DAYS or level.change_sd > SURE_SD:
        return Sentence("unsure")
    if max(level.mean) - min(level.mean) >= MOVING:
        return Sentence("moving", since=since) if long else Sentence("unsure")
    return Sentence("steady", felt_word(sum(level.mean) / len(level.mean)), since)


def _rows(
    mine: Sequence[DayFelt], theirs: Sequence[DayFelt], marks: Sequence[Mark], band: Level | None
) -> tuple[Row, ...]:
    my_words = {day.day: felt_word(day.mean) for day in mine}
    their_words = {day.day: felt_word(day.mean) for day in theirs}
    days = sorted({*my_words, *their_words, *(mark.day for mark in marks)})
    return tuple(
        Row(
            day,
            my_words.get(day),
            their_words.get(day),
            tuple(mark.label for mark in marks if mark.day == day),
            _likely(band, day) if band is not None and day in my_words else None,
        )
        for day in days
    )


def _likely(band: Level, day: date) -> tuple[FeltWord, FeltWord]:
    at = (day - band.first).days
    low, high = (band.mean[at] + sign * BAND_SD * band.sd[at] for sign in (-1, 1))
    return felt_word(low), felt_word(high)
