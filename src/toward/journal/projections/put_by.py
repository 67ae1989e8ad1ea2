"""Suggestions that their reader put by: when last, and how often, so that a guide can let them rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from toward.journal.kinds import Entry, StepPutBy

DAY_MS: Final = 86_400_000
RESTS_DAYS: Final = (7, 30, 180)
"""How long a suggestion rests after the first, the second and each later time it was put by."""


class PutBy(NamedTuple):
    """One suggestion: when it was last put by, and how often."""

    at_ms: int
    times: int


class AllPutBy:
    """Everything put by, by the guide's name for it."""

    def __init__(self) -> None:
        self._at: dict[str, dict[bytes, int]] = {}

    def take(self, entry: Entry, body: StepPutBy) -> None:
        """Fold in one."""
        self._at.setdefault(body.step, {})[entry.id] = entry.at_ms

    def of(self, step: str) -> PutBy | None:
        """What is known of one; None if it never was put by."""
        found = self._at.get(step)
        return PutBy(max(found.values()), len(found)) if found else None

    def rests(self, step: str, now_ms: int) -> bool:
        """Whether it is still to be let rest."""
        found = self.of(step)
        if found is None:
            return False
        return now_ms - found.at_ms < RESTS_DAYS[min(found.times, len(RESTS_DAYS)) - 1] * DAY_MS
