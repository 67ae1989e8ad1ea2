"""Answers that may be shared, sealed until both have answered: what check-ins and memories have in common."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from toward.journal.kinds import CheckIn, Memory
from toward.journal.opened import Opened
from toward.journal.projections.days import day_of
from toward.journal.projections.newest import Newest, when

if TYPE_CHECKING:
    from toward.journal.kinds import Entry, Topic

B = TypeVar("B", CheckIn, Memory)


class Answer(NamedTuple, Generic[B]):
    """One's own answer, and what became of it. What has opened can't be taken back any more."""

    id: bytes
    at_ms: int
    day: date
    body: B
    withdrawn: bool
    opened: Opened | None

    @property
    def offered(self) -> bool:
        """Whether it is offered here and still sealed; what came in with a file has no offer here."""
        return self.body.share and self.body.offer is not None and not self.withdrawn and self.opened is None


class Sealed(Generic[B]):
    """The newest answers to one topic, and every exchange on it that has opened."""

    topic: Topic

    def __init__(self, topic: Topic, limit: int) -> None:
        self.topic = topic
        self._answers: Newest[tuple[bytes, int, date, B]] = Newest(limit)
        self._withdrawn: set[bytes] = set()
        self._opened: dict[bytes, Opened] = {}

    def take(self, entry: Entry, body: B) -> None:
        """Fold in an answer of the reader."""
        self._answers.add(when(entry), (entry.id, entry.at_ms, day_of(entry.at_ms, entry.tz_min), body))

    def take_withdrawn(self, answer: bytes) -> None:
        """Fold in that an answer was taken back."""
        self._withdrawn.add(answer)

    def take_opened(self, opened: Opened) -> None:
        """Fold in an exchange. One answer opens once: of two claims the earlier stands."""
        held = self._opened.get(opened.mine_id)
        if held is None or (opened.at_ms, opened.theirs_id) < (held.at_ms, held.theirs_id):
            self._opened[opened.mine_id] = opened

    def _view(self, kept: tuple[bytes, int, date, B]) -> Answer[B]:
        answer, at_ms, day, body = kept
        opened = self._opened.get(answer)
        return Answer(answer, at_ms, day, body, answer in self._withdrawn and opened is None, opened)

    @property
    def own(self) -> tuple[Answer[B], ...]:
        """One's own answers, newest first."""
        return tuple(self._view(kept) for kept in self._answers.newest_first())

    @property
    def latest(self) -> Answer[B] | None:
        """One's newest answer."""
        kept = self._answers.newest_first()
        return self._view(kept[0]) if kept else None

    @property
    def opened(self) -> tuple[Opened, ...]:
        """Every exchange that has opened, newest first."""
        return tuple(sorted(self._opened.values(), key=lambda one: (one.at_ms, one.mine_id), reverse=True))

    def on(self, day: date) -> tuple[Answer[B], ...]:
        """Return the answers of one day, newest first."""
        return tuple(self._view(kept) for kept in self._answers.newest_first() if kept[2] == day)
