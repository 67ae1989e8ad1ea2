"""Hearts that were heard, as their person finds them again: the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from toward.journal.projections.newest import Newest, when

if TYPE_CHECKING:
    from toward.journal.kinds import Entry, HeartHeard

KEPT: Final = 50


class HeartLine(NamedTuple):
    """What is left of one session's heart. The beats themselves stay in the journal and are not folded."""

    id: bytes
    at_ms: int
    minutes: float
    heard: float
    slowed: float | None
    they_slowed: float | None
    together: str | None
    stretches: tuple[tuple[float, float], ...]
    kept: bool
    """Whether the beats themselves were kept."""


class OwnHearts:
    """The reader's newest heart lines."""

    def __init__(self) -> None:
        self._lines: Newest[HeartLine] = Newest(KEPT)

    def take(self, entry: Entry, body: HeartHeard) -> None:
        """Fold in a session's heart."""
        line = HeartLine(
            entry.id,
            entry.at_ms,
            body.minutes,
            body.heard,
            body.slowed,
            body.they_slowed,
            body.together,
            tuple(zip(body.moved_from, body.moved_to, strict=False)),
            bool(body.beats_ms),
        )
        self._lines.add(when(entry), line)

    @property
    def all(self) -> tuple[HeartLine, ...]:
        """The lines, newest first."""
        return self._lines.newest_first()
