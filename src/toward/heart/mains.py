"""Hum of the mains, taken out of an electrocardiogram where it drowns the beats, and nowhere else.

A little hum costs no beat, so a signal in which it is not the steepest thing goes through untouched, to the last bit.
Where it is, the sines at 50 and 60 Hz and their overtones that fit a second best (least squares) are taken out, second
by second, each fading into the next: no delay, no ringing of a filter, and missing samples stay missing. Seconds begin
at fixed places, so a file fed at once or in pieces gives the same samples.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from toward.heart.compiled import compiled
from toward.heart.exactly import exactly

Floats = NDArray[np.float64]

MAINS_HZ: Final = (50.0, 60.0)
OVERTONES: Final = (1, 2, 3, 5)
HALF_S: Final = 0.5
"""Whole waves of 50 and of 60 Hz."""
SUSPECT: Final = 0.6
"""The share of a second's squared rises that the two lowest tones must seem to have."""
CERTAIN: Final = 0.8
"""The share that all tones together must have."""
LOWEST_HZ: Final = 15.0
APART_HZ: Final = 1.5
"""Tones closer than this cannot be told apart in a second."""
NOTHING: Final[tuple[float, ...]] = ()


def _sines(rate_hz: float, tones_hz: list[float], samples: int) -> Floats:
    phase = 2.0 * np.pi * np.outer(np.arange(samples), tones_hz) / rate_hz
    return np.concatenate((np.cos(phase), np.sin(phase)), axis=1)


@compiled
def _rises(halves: Floats, low: Floats, found: Floats) -> None:
    """Fill ``found``, float64[2, k]: the squared rises in each row that are of the lowest tones, and all.

    halves: float64[k, n]. low: float64[4, n], four waves scaled so that their squared sums are squared rises of a row.
    """
    first, second, third, fourth = low[0], low[1], low[2], low[3]
    n = halves.shape[1]
    for k in range(halves.shape[0]):
        row = halves[k]
        start = row[0]
        a, b, c, d, total = 0.0, 0.0, 0.0, 0.0, 0.0
        for i in range(n):
            v = row[i] - start
            a += v * first[i]
            b += v * second[i]
            c += v * third[i]
            d += v * fourth[i]
        for i in range(1, n):
            rise = row[i] - row[i - 1]
            total += rise * rise
        found[0, k] = a * a + b * b + c * c + d * d
        found[1, k] = total


@exactly
def _left(second: Floats, hum: Floats) -> float:
    """The share of the squared rises in a second, missing samples left out, that is there without the hum too."""
    whole, left = 0.0, 0.0
    for i in range(1, second.size):
        rise = second[i] - second[i - 1]
        if np.isfinite(rise):
            whole += rise**2
            left += (rise - hum[i] + hum[i - 1]) ** 2
    return left / whole if whole > 0.0 else 1.0


class Mains:
    """Takes hum out of samples as they come; gives them out up to a second later."""

    def __init__(self, rate_hz: float) -> None:
        """rate_hz: samples a second, 90 or more."""
        self._half = round(HALF_S * rate_hz)
        # A tone above half the rate is seen at its mirror image. One that then falls among the beats' slow waves stays.
        mirrored = (abs(f - rate_hz * round(f / rate_hz)) for f in (n * hz for hz in MAINS_HZ for n in OVERTONES))
        tones: list[float] = []
        for f in sorted(mirrored):
            if LOWEST_HZ <= f <= 0.5 * rate_hz - APART_HZ and (not tones or f - tones[-1] >= APART_HZ):
                tones.append(f)
        sines = _sines(rate_hz, tones, 3 * self._half)
        line = np.linspace(-1.0, 2.0, 3 * self._half)[:, None]
        # The two lowest may grow or shrink, and drift, within a second.
        self._sines = np.column_stack((sines, line * _sines(rate_hz, list(MAINS_HZ), line.size)))
        self._basis = np.column_stack((self._sines, np.ones(line.size), line))[: 2 * self._half]
        self._solved: Floats | None = None
        # What a tone of size 1 adds to the squared rises of half a second.
        rises = np.sqrt(0.5 * (self._half - 1)) * 2.0 * np.sin(np.pi * np.array(MAINS_HZ) / rate_hz)
        low = _sines(rate_hz, list(MAINS_HZ), self._half) * (2.0 / self._half) * np.tile(rises, 2)
        self._low = np.ascontiguousarray(low.T)
        self._fade_in = 0.5 - 0.5 * np.cos(np.pi * (np.arange(self._half) + 0.5) / self._half)
        self._held = self._room = np.zeros(0)
        self._before: tuple[float, ...] | None = None
        """The hum of the second that began half a second before what is held; None where that is not known."""

    def feed(self, x: Floats) -> Floats:
        """The samples that are done, float64[<= n + 1 s]; x: float64[n]. They are good until the next call."""
        many = self._held.size + x.size
        # One room for all pieces: to ask for new memory takes longer than all that is done here.
        room = self._room if self._room.size >= many else np.empty(many)
        room[: self._held.size] = self._held.copy()
        room[self._held.size : many] = x
        self._room, self._held = room, room[:many]
        done = many // self._half - 1
        if done < 1:
            return np.zeros(0)
        halves = self._held[: (done + 1) * self._half].reshape(done + 1, self._half)
        rises = np.zeros((2, done + 1))
        _rises(halves, self._low, rises)
        # Where something is missing, whether there is hum beside it is for a closer look.
        rises[:, ~np.isfinite(rises[1])] = [[1.0], [0.0]]
        rises = rises[:, :-1] + rises[:, 1:]
        hums = [self._before, *(NOTHING,) * done]
        for j in np.flatnonzero(rises[0] > SUSPECT * rises[1]).tolist():
            hums[j + 1] = self._hum(halves[j : j + 2].ravel())
        out = self._without(halves[:-1], hums) if any(hums) else halves[:-1]
        self._before = hums[-1]
        self._held = self._held[done * self._half :]
        return out.ravel()

    def _without(self, halves: Floats, hums: list[tuple[float, ...] | None]) -> Floats:
        """Half seconds less the hum of both seconds that each lies in; hums: one more than there are halves."""
        out = halves.copy()
        for j, (before, after) in enumerate(pairwise(hums)):
            # Each second fades into the next; one that nothing is known of leaves its part to the other.
            if before:
                share = 1.0 if after is None else 1.0 - self._fade_in
                out[j] -= share * (self._sines[self._half : 2 * self._half] @ before)
            if after:
                out[j] -= (1.0 if before is None else self._fade_in) * (self._sines[: self._half] @ after)
        return out

    def finish(self) -> Floats:
        """What was held back, now that nothing more comes; the last hum is taken to go on to the end."""
        out, self._held = self._held, np.zeros(0)
        if self._before:
            out = out - (self._sines @ self._before)[self._half : self._half + out.size]
        return out

    def _hum(self, second: Floats) -> tuple[float, ...] | None:
        """How much of each sine is in a second; nothing where they are not most of its slope, None where it is missing.

        second: float64[2 halves].
        """
        known = np.isfinite(second)
        if 2 * np.count_nonzero(known) < known.size:
            return None
        if known.all():
            # Worked out once, and only if there is hum: it takes as long as the rest for a minute.
            solved = self._solved = np.asarray(np.linalg.pinv(self._basis)) if self._solved is None else self._solved
        else:
            solved = np.asarray(np.linalg.pinv(self._basis[known]))
        sines = (solved @ second[known])[: self._sines.shape[1]]
        if _left(second, self._sines[: second.size] @ sines) > 1.0 - CERTAIN:
            return NOTHING
        return tuple(sines.tolist())
