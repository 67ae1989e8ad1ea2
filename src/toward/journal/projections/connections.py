"""Everyday sources of connection: what is planned, and what was there with how it felt. Nothing is added up."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from toward.journal.kinds.trust import Feeling, Source
from toward.journal.projections.days import day_of, parse_day
from toward.journal.projections.newest import Newest, When, when

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from toward.journal.kinds import Connection, Entry

KEPT: Final = 1000
WARM: Final = frozenset({"close", "light", "calm"})


class Noted(NamedTuple):
    """One source on one day. ``felt`` is None for one that is planned, or of which nothing was said."""

    id: bytes
    at_ms: int
    day: date
    source: Source
    felt: Feeling | None
    words: str


class Connections:
    """The reader's sources of connection; *away* holds the ids of what they put out of sight."""

    def __init__(self, away: AbstractSet[bytes]) -> None:
        self._away = away
        self._there: Newest[Noted] = Newest(KEPT)
        self._plans: Newest[Noted] = Newest(KEPT)
        self._came: set[bytes] = set()

    def take(self, entry: Entry, body: Connection) -> None:
        """Fold in a source, planned or there."""
        day = parse_day(body.day) or day_of(entry.at_ms, entry.tz_min)
        noted = Noted(entry.id, entry.at_ms, day, body.source, body.felt, body.words)
        at: When = (day, *when(entry))
        if body.planned:
            self._plans.add(at, noted)
        else:
            self._there.add(at, noted)
            if body.plan is not None:
                self._came.add(body.plan)

    @property
    def there(self) -> tuple[Noted, ...]:
        """What was there, newest day first."""
        return tuple(one for one in self._there.newest_first() if one.id not in self._away)

    @property
    def planned(self) -> tuple[Noted, ...]:
        """What is planned and has neither come nor been let go, nearest day first. A day that passed says nothing."""
        gone = self._came | self._away
        return tuple(one for one in reversed(self._plans.newest_first()) if one.id not in gone)

    def plan(self, id_: bytes) -> Noted | None:
        """Return one that is still planned."""
        return next((one for one in self.planned if one.id == id_), None)
