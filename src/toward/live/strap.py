"""When a strap's beats were, from packets that tell only how far apart they are.

A packet has the intervals between beats and comes up to a second after the last of them, sometimes in a bunch after a
stall. So beats are laid end to end from the first one on, and arrivals are used for two things. A chain that runs ahead
of a packet began too late, since no beat comes before it was: it is moved back, and intervals stay what they were. One
that falls far behind has lost packets: there is a gap, and the chain begins anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

UNITS_A_MS: Final = 1024 / 1000
BEHIND_MS: Final = 3500.0
"""A chain that has fallen this far behind its packets has lost some; a strap sends one a second."""
LONGEST_MS: Final = 2500.0
SHORTEST_MS: Final = 240.0
"""Between these, two beats can follow each other: 24 to 250 a minute."""


class Beat(NamedTuple):
    """One beat. ``rr_ms`` is the interval that ended with it; None after a gap, or where it can't be true."""

    at_ms: float
    rr_ms: float | None


class StrapClock:
    """Lays the beats of one strap on the phone's clock."""

    __slots__ = ("_last_ms",)

    def __init__(self) -> None:
        self._last_ms: float | None = None

    def take(self, arrived_ms: float, rr: Sequence[int]) -> list[Beat]:
        """Return the beats of a packet that came at *arrived_ms*; *rr* in 1/1024 s, oldest first.

        None of them is later than the packet. Where the chain was moved back a beat may lie before the one before it.
        """
        steps = [units / UNITS_A_MS for units in rr if units > 0]
        if not steps:
            return []
        last = self._last_ms
        if last is None or arrived_ms - last - sum(steps) > BEHIND_MS:
            return self._anew(arrived_ms, steps)
        at = min(last, arrived_ms - sum(steps))
        beats = []
        for step in steps:
            at += step
            beats.append(Beat(at, step if SHORTEST_MS <= step <= LONGEST_MS else None))
        self._last_ms = at
        return beats

    def _anew(self, arrived_ms: float, steps: list[float]) -> list[Beat]:
        """Begin with the last beat at the packet's arrival. The first interval began before anything was heard."""
        at = arrived_ms - sum(steps[1:])
        beats: list[Beat] = []
        for i, step in enumerate(steps):
            at += step if i else 0.0
            usable = i > 0 and SHORTEST_MS <= step <= LONGEST_MS
            beats.append(Beat(at, step if usable else None))
        self._last_ms = at
        return beats
