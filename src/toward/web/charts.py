"""My line: from days of felt safety to a sentence, a drawing and a table.

The sentence comes first and, with the table of every day, is what a screen reader gets. Where the words lie that the
drawing needs, and its paths, is ``chart_drawing``'s.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from toward.journal.projections.level import smooth_level
from toward.journal.visibility import FeltWord, felt_word
from toward.web.chart_drawing import BAND_SD, LINE_DAYS, Drawing, draw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toward.journal.projections import DayFelt, Line, Mark
    from toward.journal.projections.level import Level
    from toward.web.chart_space import Who

WEEKS: Final = 26
WIDTH: Final = 320
SOME_DAYS: Final = 5
SURE_SD: Final = 1.0
CHANGE: Final = 0.5
MOVING: Final = 1.5
CHANGE_DAYS: Final = 21
"""Nothing is said of a direction before three weeks have passed: a bad week is a bad week."""
SentenceKey = Literal["empty", "one", "two", "unsure", "rising", "falling", "steady", "moving"]


class Sentence(NamedTuple):
    """What the line says: ``ours.line.<key>`` with the word ``ours.felt.<felt>`` and the month of ``since``."""

    key: SentenceKey
    felt: FeltWord | None = None
    since: date | None = None


class Row(NamedTuple):
    """One day of the table."""

    day: date
    mine: FeltWord | None
    theirs: FeltWord | None
    marks: tuple[str, ...]


class LineChart(NamedTuple):
    """A line to show; ``drawing`` is None where there is nothing to draw."""

    sentence: Sentence
    drawing: Drawing | None
    rows: tuple[Row, ...]
    both: bool


def line_chart(line: Line, today: date, *, weeks: int = WEEKS, width: int = WIDTH, partner: str = "") -> LineChart:
    """Return the chart of the last *weeks*, drawn *width* units wide (320 to 680); *partner* names their line."""
    begin = today.toordinal() - 7 * weeks
    mine = [day for day in line.mine if begin < day.day.toordinal() <= today.toordinal()]
    theirs = [day for day in line.theirs if begin < day.day.toordinal() <= today.toordinal()]
    marks = [mark for mark in line.marks if begin < mark.day.toordinal() <= today.toordinal()]
    levels: dict[Who, Level] = {}
    if mine:
        levels["you"] = smooth_level(mine)
    if theirs:
        levels["them"] = smooth_level(theirs)
    drawing = draw(levels, {"you": mine, "them": theirs}, marks, width, partner) if levels else None
    return LineChart(_sentence(mine, levels.get("you")), drawing, _rows(mine, theirs, marks), bool(theirs))


# ------------------------------------------------------------------------------------------ sentence


def _sentence(days: Sequence[DayFelt], level: Level | None) -> Sentence:
    if level is None:
        return Sentence("empty")
    if len(days) < LINE_DAYS:
        return Sentence("one", felt_word(days[0].mean)) if len(days) == 1 else Sentence("two")
    since, long = level.first, len(level.mean) > CHANGE_DAYS
    changed = abs(level.change) >= max(CHANGE, BAND_SD * level.change_sd)
    if long and changed and len(days) >= SOME_DAYS:
        return Sentence("rising" if level.change > 0 else "falling", since=since)
    if changed or len(days) < SOME_DAYS or level.change_sd > SURE_SD:
        return Sentence("unsure")
    if max(level.mean) - min(level.mean) >= MOVING:
        return Sentence("moving", since=since) if long else Sentence("unsure")
    return Sentence("steady", felt_word(sum(level.mean) / len(level.mean)), since)


def _rows(mine: Sequence[DayFelt], theirs: Sequence[DayFelt], marks: Sequence[Mark]) -> tuple[Row, ...]:
    my_words = {day.day: felt_word(day.mean) for day in mine}
    their_words = {day.day: felt_word(day.mean) for day in theirs}
    days = sorted({*my_words, *their_words, *(mark.day for mark in marks)})
    return tuple(
        Row(day, my_words.get(day), their_words.get(day), tuple(mark.label for mark in marks if mark.day == day))
        for day in days
    )
