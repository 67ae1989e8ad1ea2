"""Runs the kernels over samples that come in pieces, keeping no more of them than the kernels look back at."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.heart import finder, fronts, qrs
from toward.heart.finder import new_finder

Floats = NDArray[np.float64]

_KEPT_S: Final = 12.0
_PIECE_S: Final = 60.0
_AHEAD: Final = 64
"""Averaged samples of nothing ahead of the first one, so that a beat right at the start has a window."""
_MOST: Final = 512
"""More beats than a piece can hold."""


class FoundBeats(NamedTuple):
    """Beats as a stream gives them out."""

    time_s: Floats
    """float64[n]"""
    kind: NDArray[np.int8]
    """int8[n], index into `toward.heart.recording.BEAT_KINDS`."""
    clarity: Floats
    """float64[n], 0 (surely noise) over .5 (can't tell) to 1 (surely a beat)."""
    likeness: Floats
    """float64[n], correlation with the shape of its like; 0 for a beat like no other."""
    height: Floats
    """float64[n], from the lowest to the highest of the beat's wave, in the signal's unit; breathing moves it."""
    level: Floats
    """float64[n], the signal ahead of the beat, in its unit; breathing moves that too."""
    contrast: Floats
    """float64[n], how steep the beat is over how steep the three quarters of a second around it are."""


def no_beats() -> FoundBeats:
    """None."""
    return FoundBeats(np.zeros(0), np.zeros(0, np.int8), *(np.zeros(0) for _ in range(5)))


class Seeker:
    """The finder of one sort of wave, and the stretch of signal it works on."""

    def __init__(self, rate_hz: float, wave: finder.Wave, step: int, taps: Floats | None = None) -> None:
        """rate_hz: samples a second. step: how many make one. taps: float64[2 r + 1], the slope of a pulse."""
        self.rate_hz = rate_hz
        self.finder = new_finder(rate_hz, wave, step)
        rate = self.finder.rate_hz
        self._taps = taps
        self._smooth = max(1, round((0.025 * rate - 1.0) / 2.0))
        self._behind = self._smooth + 1 if taps is None else taps.size // 2
        self._reach = round(wave.reach_s * rate)
        self._kept = round(_KEPT_S * rate)
        self._piece = round(_PIECE_S * rate) * step
        room = self._kept + self._piece // step + 4 * _AHEAD
        self._x = np.full(room * step, np.nan)
        self._y, self._g, self._e = np.zeros(room), np.zeros(room), np.zeros(room)
        self._bad = np.ones(room, np.bool_)
        self._base = 0
        self._n = _AHEAD * step
        self._ny = self._ng = self._ne = _AHEAD
        self._found = np.zeros((_MOST, finder.BEAT_COLUMNS))
        self.keep_waves(0, 0)

    def keep_waves(self, before: int, width: int) -> None:
        """Give with each beat ``width`` averaged samples of signal, from ``before`` ahead of its peak."""
        self._before = before
        self._waves = np.zeros((_MOST, width))

    def take(self, x: Floats) -> tuple[Floats, Floats]:
        """The beats that became known, float64[n, BEAT_COLUMNS] with their times in seconds, and their waves."""
        found, waves = [np.zeros((0, finder.BEAT_COLUMNS))], [self._waves[:0]]
        for start in range(0, x.size, self._piece):
            many = self._advance(x[start : start + self._piece])
            if many:
                rows = self._found[:many].copy()
                rows[:, finder.B_TIME] = (rows[:, finder.B_TIME] - _AHEAD * self.finder.step) / self.rate_hz
                found.append(rows)
                waves.append(self._waves[:many].copy())
        return np.concatenate(found), np.concatenate(waves)

    def _advance(self, x: Floats) -> int:
        step = self.finder.step
        if self._n - self._base * step + x.size > self._x.size - step:
            self._shift()
        base = self._base
        at = self._n - base * step
        self._x[at : at + x.size] = x
        self._n += x.size
        ny = self._n // step
        fronts.averages(self._x, self._y, self._bad, self._ny - base, ny - base, step)
        ng = max(self._ng, ny - self._behind)
        ne = max(self._ne, ng - self._reach)
        if self._taps is None:
            fronts.slopes(self._y, self._bad, self._g, self._ng - base, ng - base, self._smooth)
            fronts.sizes(self._g, self._e, self._ne - base, ne - base, self._reach)
        else:
            fronts.pulse_slopes(self._y, self._bad, self._g, self._ng - base, ng - base, self._taps)
            fronts.rises(self._g, self._e, self._ne - base, ne - base, self._reach)
        self._ny, self._ng, self._ne = ny, ng, ne
        filled = self._x[: self._n - base * step]
        return qrs.advance(
            self.finder, filled, self._y, self._g, self._e, base, ne, self._found, self._waves, self._before
        )

    def _shift(self) -> None:
        """Move what is still needed to the front."""
        step = self.finder.step
        gone = self._ne - self._kept - self._base
        for array in (self._y, self._bad, self._g, self._e):
            array[:-gone] = array[gone:].copy()
        self._x[: -gone * step] = self._x[gone * step :].copy()
        self._base += gone


def joined(parts: list[FoundBeats]) -> FoundBeats:
    """Beats of several pieces as one."""
    return FoundBeats(*(np.concatenate(column) for column in zip(no_beats(), *parts, strict=True)))


def chosen(found: FoundBeats, keep: NDArray[np.bool_]) -> FoundBeats:
    """Those of the beats that are to be kept; keep: bool[n]."""
    return FoundBeats(
        found.time_s[keep],
        found.kind[keep],
        found.clarity[keep],
        found.likeness[keep],
        found.height[keep],
        found.level[keep],
        found.contrast[keep],
    )
