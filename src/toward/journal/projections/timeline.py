"""The reader's own days: what they noticed, remembered, did and marked. Nobody else's entries are in it."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from toward.journal.kinds import CheckIn, Memory, Moment, Settled
from toward.journal.projections.days import day_of, parse_day
from toward.journal.projections.newest import Newest

if TYPE_CHECKING:
    from toward.journal.kinds import Entry

KEPT: Final = 2000
SORTS: Final = {CheckIn: "checkin", Memory: "memory", Moment: "moment", Settled: "settled"}


class Item(NamedTuple):
    """One thing on one day; ``sort``: "checkin", "memory", "moment" (on the day it names) or "settled"."""

    id: bytes
    at_ms: int
    day: date
    sort: str
    body: CheckIn | Memory | Moment | Settled


class Timeline:
    """The newest items by day."""

    def __init__(self) -> None:
        self._items: Newest[Item] = Newest(KEPT)

    def take(self, entry: Entry, body: CheckIn | Memory | Moment | Settled) -> None:
        """Fold in an entry of the reader."""
        day = day_of(entry.at_ms, entry.tz_min)
        if isinstance(body, Moment):
            day = parse_day(body.day) or day
        self._items.add(
            (day, entry.at_ms, entry.id),
            Item(entry.id, entry.at_ms, day, SORTS[type(body)], body),
        )

    @property
    def items(self) -> tuple[Item, ...]:
        """Everything kept, newest day first and newest first within it."""
        return self._items.newest_first()

    @property
    def days(self) -> tuple[tuple[date, tuple[Item, ...]], ...]:
        """The items by day, newest day first."""
        return tuple((day, tuple(items)) for day, items in groupby(self.items, key=lambda item: item.day))
