"""Whether a body is at its limit, as one person's heart tells it, and when it has been calm for long enough again.

What is usual for the person is learnt from the first clean minute of the session. A pause is suggested once in a
session and no more: somebody who did not want it then need not say so again. Whoever floods a second time was told.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from toward.heart.flooding import BASELINE_S, WINDOW_S, Flooding, Window, baseline

if TYPE_CHECKING:
    from toward.live.heart_messages import Care


class Watch:
    """Watches one heart from its first beat."""

    def __init__(self) -> None:
        """Nothing heard yet."""
        self._window = Window()
        self._due_s: float | None = None
        self._rates: list[float] = []
        self._variabilities: list[float] = []
        self._flooding: Flooding | None = None
        self._told: Care | None = None

    def beat(self, time_s: float, *, after_gap: bool) -> Care | None:
        """Take the next beat, and return what is to be told the person now, if anything is."""
        if self._flooding is None:
            self._learn(time_s, after_gap=after_gap)
            return None
        news: Care | None = None
        for state in self._flooding.beat(time_s, after_gap=after_gap):
            now: Care = "flooded" if state.flooded else "ready" if state.ready else "calming"
            if self._follows(now):
                news = self._told = now
        return news

    def _follows(self, now: Care) -> bool:
        """From flooded to calming to ready, each once; nothing is told before the first and after the last."""
        after: dict[Care | None, Care | None] = {None: "flooded", "flooded": "calming", "calming": "ready"}
        return after.get(self._told) == now

    def _learn(self, time_s: float, *, after_gap: bool) -> None:
        if self._due_s is None:
            self._due_s = time_s + WINDOW_S
        while time_s >= self._due_s:
            rate, variability = self._window.now(self._due_s)
            if isfinite(rate) and isfinite(variability):
                self._rates.append(rate)
                self._variabilities.append(variability)
            self._due_s += 1.0
        self._window.beat(time_s, after_gap=after_gap)
        if len(self._rates) >= BASELINE_S:
            self._flooding = Flooding(baseline(self._rates, self._variabilities))
