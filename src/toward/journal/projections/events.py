"""Life events: the reader's own and those that one of the two showed to both. Each is a mark on one's own line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from toward.journal.kinds.life import Pull, Shock
from toward.journal.projections.days import day_of, parse_day
from toward.journal.projections.line import Mark
from toward.journal.projections.newest import Newest, When, when

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toward.journal.kinds import Entry, LifeEvent, LifeEventShown

KEPT: Final = 1000
MARKED: Final = {"hard": "hard", "good": "good", "both": "life"}
"""What a life event is called among the marks of a line, which know hard, good and neither."""


class Event(NamedTuple):
    """Something that shook. ``shown`` is whether both see it, ``mine`` whether the reader wrote it."""

    id: bytes
    at_ms: int
    day: date
    label: str
    sort: Shock
    pull: Pull
    shown: bool
    mine: bool

    @property
    def mark(self) -> Mark:
        """The event as a mark."""
        return Mark(self.day, self.label, MARKED[self.pull], self.id)


class Events:
    """The life events of one space, private or shared."""

    def __init__(self, away: set[bytes] | None = None) -> None:
        self._away = away if away is not None else set()
        self._taken_back: set[tuple[bytes, bytes]] = set()
        self._events: Newest[tuple[bytes, Event]] = Newest(KEPT)

    def take(self, entry: Entry, body: LifeEvent | LifeEventShown) -> None:
        """Fold in an event. It stands on the day it names, or on the day it was written if no calendar has that one."""
        day = parse_day(body.day) or day_of(entry.at_ms, entry.tz_min)
        event = Event(entry.id, entry.at_ms, day, body.label, body.sort, body.pull, entry.shared, entry.mine)
        at: When = (day, *when(entry))
        self._events.add(at, (entry.author, event))

    def take_back(self, author: bytes, event: bytes) -> None:
        """Fold in that an event was taken back; only its author can."""
        self._taken_back.add((author, event))

    @property
    def all(self) -> tuple[Event, ...]:
        """The events that are still there, newest day first."""
        return tuple(
            event
            for author, event in self._events.newest_first()
            if event.id not in self._away and (author, event.id) not in self._taken_back
        )


def newest_first(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return events of several spaces, newest day first."""
    return tuple(sorted(events, key=lambda one: (one.day, one.at_ms, one.id), reverse=True))
