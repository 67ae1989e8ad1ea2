"""One's own line of felt safety by day, the moments marked on it, and the partner's line while both agree to share."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from toward.journal.projections.days import day_of, parse_day
from toward.journal.projections.newest import Latest, When, when

if TYPE_CHECKING:
    from toward.journal.kinds import Entry, LineShared, Moment


class DayFelt(NamedTuple):
    """Felt safety on one day: the mean (1 to 7) of ``n`` check-ins."""

    day: date
    mean: float
    n: int


class Mark(NamedTuple):
    """Something that happened, marked by the reader."""

    day: date
    label: str
    sort: str
    id: bytes


class Line(NamedTuple):
    """What a line is drawn from, oldest first. ``theirs`` is empty unless both share.

    Whether the partner alone agreed is not in here: it would press.
    """

    mine: tuple[DayFelt, ...]
    theirs: tuple[DayFelt, ...]
    marks: tuple[Mark, ...]
    i_share: bool
    both_share: bool


class FeltByDay:
    """Felt points summed by day, so that a line of years stays as small as its days."""

    def __init__(self) -> None:
        self._days: dict[date, tuple[int, int]] = {}

    def take(self, entry: Entry, felt: int) -> None:
        """Fold in one point."""
        day = day_of(entry.at_ms, entry.tz_min)
        total, n = self._days.get(day, (0, 0))
        self._days[day] = (total + felt, n + 1)

    @property
    def days(self) -> tuple[DayFelt, ...]:
        """The days with a point, oldest first."""
        return tuple(DayFelt(day, total / n, n) for day, (total, n) in sorted(self._days.items()))


class Marks:
    """The moments that the reader marked."""

    def __init__(self) -> None:
        self._marks: list[tuple[date, When, Mark]] = []

    def take(self, entry: Entry, body: Moment) -> None:
        """Fold in a moment. It stands on the day it names, or on the day it was written if no calendar has that one."""
        day = parse_day(body.day) or day_of(entry.at_ms, entry.tz_min)
        self._marks.append((day, when(entry), Mark(day, body.label, body.sort, entry.id)))

    @property
    def all(self) -> tuple[Mark, ...]:
        """Every mark, oldest first."""
        return tuple(mark for _, _, mark in sorted(self._marks))


class LineSharing:
    """Whether both agree, and the partner's points."""

    def __init__(self, me: bytes) -> None:
        self._me = me
        self._agree: dict[bytes, Latest[bool]] = {}
        self._theirs = FeltByDay()

    def take(self, entry: Entry, body: LineShared) -> None:
        """Fold in that one of the two agrees, or does not any more."""
        self._agree.setdefault(entry.author, Latest()).set(when(entry), body.on)

    def take_point(self, entry: Entry, felt: int) -> None:
        """Fold in a point; one's own are in one's private space already."""
        if entry.author != self._me:
            self._theirs.take(entry, felt)

    @property
    def i_share(self) -> bool:
        """Whether the reader agrees."""
        mine = self._agree.get(self._me)
        return mine is not None and mine.value is True

    @property
    def both_share(self) -> bool:
        """Whether both agree."""
        return self.i_share and any(said.value for author, said in self._agree.items() if author != self._me)

    def line(self, mine: tuple[DayFelt, ...], marks: tuple[Mark, ...]) -> Line:
        """Return the reader's line, with the partner's if both share."""
        return Line(mine, self._theirs.days if self.both_share else (), marks, self.i_share, self.both_share)
