"""Practices done: alone, from one's own space, and together, from the shared one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from toward.journal.projections.newest import Newest, when

if TYPE_CHECKING:
    from toward.journal.kinds import Entry, Settled, Together

KEPT: Final = 500
SAME_MS: Final = 5 * 60_000
"""Both phones may write the session they shared; two rows of the two authors this close are one session."""


class Practised(NamedTuple):
    """One practice that the reader did, with what they felt before and after."""

    id: bytes
    at_ms: int
    practice: str
    how: Literal["alone", "together", "one_room", "one_phone"]
    minutes: float
    before: int | None
    after: int | None


class Session(NamedTuple):
    """One practice that the two did at the same time."""

    id: bytes
    at_ms: int
    practice: str
    minutes: float


class OwnPractices:
    """The reader's newest practices."""

    def __init__(self) -> None:
        self._done: Newest[Practised] = Newest(KEPT)

    def take(self, entry: Entry, body: Settled) -> None:
        """Fold in a practice."""
        done = Practised(entry.id, entry.at_ms, body.practice, body.how, body.minutes, body.before, body.after)
        self._done.add(when(entry), done)

    @property
    def all(self) -> tuple[Practised, ...]:
        """The practices, newest first."""
        return self._done.newest_first()


class Sessions:
    """The newest practices of the two."""

    def __init__(self) -> None:
        self._done: Newest[tuple[bytes, Session]] = Newest(KEPT)

    def take(self, entry: Entry, body: Together) -> None:
        """Fold in a session as one of the two wrote it."""
        session = Session(entry.id, entry.at_ms, body.practice, body.minutes)
        self._done.add(when(entry), (entry.author, session))

    @property
    def all(self) -> tuple[Session, ...]:
        """The sessions, newest first; what both wrote is one, told as by whoever wrote first."""
        single: list[tuple[bytes, Session]] = []
        written_once: dict[str, tuple[bytes, Session]] = {}
        for author, session in reversed(self._done.newest_first()):
            other = written_once.pop(session.practice, None)
            if other is None or other[0] == author or session.at_ms - other[1].at_ms > SAME_MS:
                written_once[session.practice] = (author, session)
                single.append((author, session))
        return tuple(session for _, session in reversed(single))
