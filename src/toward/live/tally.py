"""How long the two were at something together, as long as the room counts it; and what of it is worth a note."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toward.live.events import Practice

WORTH_KEEPING_MS: Final = 30_000
"""Less time together than this is not kept as something that the two did."""


class Tally:
    """Milliseconds for each practice."""

    def __init__(self, spent_ms: Mapping[Practice, float]) -> None:
        """Carry on from what was counted so far."""
        self.spent_ms = dict(spent_ms)

    def add(self, practice: Practice, from_ms: float, to_ms: float) -> None:
        """Count a stretch of time; one that ends before it began is none."""
        if to_ms > from_ms:
            self.spent_ms[practice] = self.spent_ms.get(practice, 0.0) + to_ms - from_ms

    def take(self, practices: tuple[Practice, ...]) -> list[tuple[Practice, float]]:
        """Return the minutes of each of *practices* that lasted, and count all of these anew."""
        spent = [(practice, self.spent_ms.pop(practice, 0.0)) for practice in practices]
        return [(practice, round(ms / 60_000, 1)) for practice, ms in spent if ms >= WORTH_KEEPING_MS]
