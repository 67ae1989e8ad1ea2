"""Order that does not depend on arrival: the newest of many, and the last of one.

Both are functions of the *set* of what they were given, which is what makes every fold indifferent to the mixing of
authors. Ties in time are broken by id.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from toward.journal.kinds import Entry

T = TypeVar("T")
When = tuple[Any, ...]
"""Something to sort by that ends in an id, so that no two are the same."""


def when(entry: Entry) -> When:
    """Return the place of an entry in time."""
    return entry.at_ms, entry.id


class Newest(Generic[T]):
    """The newest ``limit`` things, whatever the order in which they came."""

    __slots__ = ("_heap", "_limit", "_sorted")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._heap: list[tuple[When, T]] = []
        self._sorted: tuple[T, ...] | None = None

    def add(self, at: When, thing: T) -> None:
        """Add a thing; the oldest goes if there are too many. Ids are unique, so two things never tie."""
        if len(self._heap) < self._limit:
            heapq.heappush(self._heap, (at, thing))
        else:
            heapq.heappushpop(self._heap, (at, thing))
        self._sorted = None

    def newest_first(self) -> tuple[T, ...]:
        """Return what is kept, newest first."""
        if self._sorted is None:
            self._sorted = tuple(thing for _, thing in sorted(self._heap, key=_place, reverse=True))
        return self._sorted

    def __len__(self) -> int:
        """Count what is kept."""
        return len(self._heap)


def _place(pair: tuple[When, object]) -> When:
    return pair[0]


class Latest(Generic[T]):
    """The value that was set last in time."""

    __slots__ = ("at", "value")

    def __init__(self) -> None:
        self.at: When | None = None
        self.value: T | None = None

    def set(self, at: When, value: T) -> None:
        """Take the value if it is newer than the one held."""
        if self.at is None or at > self.at:
            self.at, self.value = at, value
