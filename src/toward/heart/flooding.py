"""Flooding: a heart that races while its variability collapses, against what is usual for this person.

No absolute threshold: 95 beats a minute are alarm in one person and climbing stairs in another. Heart rate and ln
RMSSD are followed over the last 20 s of beats, once a second, and compared with the person's own baseline, the
median of calm values and their spread (1.4826 times the median absolute deviation):

    flooded   rate above the median by 2 spreads or more and ln RMSSD below its median by 1 spread or more,
              both for 10 s without a break
    calm      rate within 1 spread and ln RMSSD not lower than half a spread, for 10 s without a break
    between   whatever was true goes on being true (hysteresis), so nobody flickers in and out

Somebody who was flooded is ready to go on after `READY_S` of calm, all told; a clock on the wall does not count,
gaps do not count, and calm that is broken by another flood starts anew. Movement also raises the rate; who knows of
it says so (``gated``), and that time counts for nothing. Sources: Levenson & Gottman 1985 on flooding; the numbers
of spreads are choices, not findings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from toward.errors import BadInput

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

HOLD_S: Final = 10.0
READY_S: Final = 180.0
WINDOW_S: Final = 20.0
LEAST_BEATS: Final = 12
RATE_UP: Final = 2.0
VARIABILITY_DOWN: Final = 1.0
RATE_CALM: Final = 1.0
VARIABILITY_CALM: Final = 0.5
LEAST_SPREAD_BPM: Final = 2.0
"""A very even baseline must not turn every breath into an alarm."""
LEAST_SPREAD_LN: Final = 0.15
BASELINE_S: Final = 60.0


class Baseline(NamedTuple):
    """What is usual for one person at rest."""

    hr_bpm: float
    hr_spread_bpm: float
    ln_rmssd: float
    ln_rmssd_spread: float


class State(NamedTuple):
    """Where somebody is now."""

    time_s: float
    hr_bpm: float
    """NaN while there are too few beats."""
    ln_rmssd: float
    flooded: bool
    ready: bool
    """Not flooded, and calm for long enough since the last time."""
    calm_s: float
    """Seconds spent calm since the last flood (or since the beginning)."""


class Window:
    """Heart rate and ln RMSSD over the last `WINDOW_S` of beats."""

    def __init__(self) -> None:
        """No beats yet."""
        self._time_s: list[float] = []
        self._joined: list[bool] = []

    def beat(self, time_s: float, *, after_gap: bool) -> None:
        """Another beat. after_gap: whether the interval before it can't be used."""
        if self._time_s and time_s <= self._time_s[-1]:
            raise BadInput(
                "A beat came before the one before it; times must rise, in seconds.", field="time_s", reason="order"
            )
        self._time_s.append(time_s)
        self._joined.append(not after_gap and len(self._time_s) > 1)

    def now(self, time_s: float) -> tuple[float, float]:
        """Heart rate and ln RMSSD at a moment; NaN with fewer than `LEAST_BEATS` beats in the window."""
        while self._time_s and self._time_s[0] < time_s - WINDOW_S:
            self._time_s.pop(0)
            self._joined.pop(0)
        many = sum(1 for t in self._time_s if t <= time_s)
        if many < LEAST_BEATS:
            return np.nan, np.nan
        rr = 1000.0 * np.diff(self._time_s[:many])
        good = np.array(self._joined[1:many])
        pairs = np.diff(rr)[good[1:] & good[:-1]]
        if good.sum() < LEAST_BEATS - 2 or not pairs.size:
            return np.nan, np.nan
        return float(60_000.0 / rr[good].mean()), float(0.5 * np.log(max(1.0, float(np.mean(pairs**2)))))


def baseline(hr_bpm: ArrayLike, ln_rmssd: ArrayLike) -> Baseline:
    """A person's own baseline from values at rest, one a second (of 20 s each): two float64[n], NaN left out.

    Raises `BadInput` with less than a minute of them.
    """
    hr, ln = np.asarray(hr_bpm, np.float64), np.asarray(ln_rmssd, np.float64)
    known = np.isfinite(hr) & np.isfinite(ln)
    if int(known.sum()) < BASELINE_S:
        raise BadInput(
            f"A baseline needs {BASELINE_S:.0f} s of clean beats at rest; {int(known.sum())} s are here.",
            field="baseline",
            reason="short",
        )
    (rate, rate_spread), (variability, variability_spread) = _middle(hr[known]), _middle(ln[known])
    return Baseline(rate, max(LEAST_SPREAD_BPM, rate_spread), variability, max(LEAST_SPREAD_LN, variability_spread))


def baseline_of_beats(time_s: ArrayLike) -> Baseline:
    """A baseline straight from beats at rest (float64[n] seconds, rising)."""
    window = Window()
    values = []
    times = np.asarray(time_s, np.float64).tolist()
    due = times[0] + WINDOW_S if times else 0.0
    for t in times:
        while t >= due:
            values.append(window.now(due))
            due += 1.0
        window.beat(t, after_gap=False)
    hr, ln = np.array(values, np.float64).reshape(-1, 2).T
    return baseline(hr, ln)


def _middle(values: Floats) -> tuple[float, float]:
    median = float(np.median(values))
    return median, 1.4826 * float(np.median(np.abs(values - median)))


class Flooding:
    """Follows one person beat by beat; see the module for when somebody is flooded, calm and ready."""

    def __init__(self, usual: Baseline) -> None:
        """usual: this person's own."""
        self.usual = usual
        self._window = Window()
        self._due_s = np.nan
        self._high_s = 0.0
        self._low_s = 0.0
        self._calm_s = 0.0
        self._flooded = False
        self._ever = False

    def beat(self, time_s: float, *, after_gap: bool = False, gated: bool = False) -> list[State]:
        """What was true at each whole second up to this beat.

        after_gap: the interval before the beat can't be used. gated: speech or movement spoils what is heard just now.
        """
        if np.isnan(self._due_s):
            self._due_s = time_s + 1.0
        states = []
        while time_s >= self._due_s:
            states.append(self._second(self._due_s, silent=after_gap or gated))
            self._due_s += 1.0
        self._window.beat(time_s, after_gap=after_gap)
        return states

    def _second(self, time_s: float, *, silent: bool) -> State:
        hr, ln = self._window.now(time_s)
        up = (hr - self.usual.hr_bpm) / self.usual.hr_spread_bpm
        down = (self.usual.ln_rmssd - ln) / self.usual.ln_rmssd_spread
        if silent or np.isnan(hr):
            self._high_s = self._low_s = 0.0
        else:
            self._high_s = self._high_s + 1.0 if up >= RATE_UP and down >= VARIABILITY_DOWN else 0.0
            calm = up <= RATE_CALM and down <= VARIABILITY_CALM
            self._low_s = self._low_s + 1.0 if calm else 0.0
            self._calm_s += 1.0 if calm else 0.0
        if self._high_s >= HOLD_S:
            self._flooded = self._ever = True
            self._calm_s = 0.0
        elif self._low_s >= HOLD_S:
            self._flooded = False
        ready = not self._flooded and (not self._ever or self._calm_s >= READY_S)
        return State(time_s, hr, ln, self._flooded, ready, self._calm_s)
