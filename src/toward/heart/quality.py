"""How far what was found can be believed; what can't be is left out, and the stretch it lay in marked as a gap.

A finder finds beats in pure noise too. Two things tell them: noise matches no shape well, and its intervals scatter.
Over the 17
beats around each one:

    believed when the lower quartile of clarity is high  (a clear signal may have any rhythm: bigeminy, fibrillation)
             and beats stand out of what is around them   (slow waves of noise may be as like each other as beats)
    or when beats stand out far                          (a signal that fades: small beats, and silence between them)
    or when the intervals are even and clarity is fair   (a noisy signal whose beats still come like a clock's)
             and beats stand out a little                 (mains hum is even and clear, and stands out of nothing)

Intervals of noise scatter by a fifth to a third of their median; those of people, breathing included, by less than a
tenth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from toward.heart.seeking import FoundBeats, chosen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

AROUND: Final = 8
_CLEAR: Final = (0.72, 0.82)
_EVEN: Final = (0.18, 0.12)
_FAIR: Final = (0.45, 0.55)
_STANDS_OUT: Final = (1.8, 2.4)
_HUM: Final = (1.45, 1.55)
"""Hum at 50 or 60 Hz, at any rate of samples, stands out of itself by less; beats under heavy noise by more."""
_ALONE: Final = (2.4, 3.0)
_EDGE: Final = 2
"""Beats beside doubtful ones that are left out too: as many as slip past a quartile."""
BELIEVED: Final = 0.5
LEAST: Final = 0.25
"""A recording of lower quality than this is not spoken of."""
SURE: Final = 0.65
"""A pulse less clear than this still counts for the rate, but its time is too loose for variability."""


def _ramp(value: Floats, low: float, high: float) -> Floats:
    """0 at ``low``, 1 at ``high``, a straight line between (``low`` may be the larger one)."""
    return np.clip((value - low) / (high - low), 0.0, 1.0)


def belief(found: FoundBeats) -> Floats:
    """How far each beat is to be believed, by those around it: float64[n], 0 to 1."""
    n = found.time_s.size
    if n < 3:  # noqa: PLR2004 - two beats say nothing about each other
        return np.zeros(n)
    width = min(2 * AROUND + 1, n)
    clarity = np.lib.stride_tricks.sliding_window_view(found.clarity, width)
    rr = np.lib.stride_tricks.sliding_window_view(np.diff(found.time_s), width - 1)
    middle = np.median(rr, axis=1)
    uneven = np.median(np.abs(rr - middle[:, None]), axis=1) / middle
    lower = np.percentile(clarity, 25, axis=1)
    even = _ramp(uneven, *_EVEN) * _ramp(np.median(clarity, axis=1), *_FAIR)
    contrast = np.percentile(np.lib.stride_tricks.sliding_window_view(found.contrast, width), 25, axis=1)
    even *= _ramp(contrast, *_HUM)
    clear = np.maximum(_ramp(lower, *_CLEAR) * _ramp(contrast, *_STANDS_OUT), _ramp(contrast, *_ALONE))
    score = np.maximum(clear, even)
    return np.asarray(score[np.clip(np.arange(n) - width // 2, 0, score.size - 1)])


def believed(found: FoundBeats) -> tuple[FoundBeats, Floats]:
    """The beats that can be believed, and float64[k, 2], the stretches in seconds from which beats were left out."""
    doubtful = np.flatnonzero(belief(found) < BELIEVED)
    keep = np.ones(found.time_s.size, np.bool_)
    for shift in range(-_EDGE, _EDGE + 1):
        keep[np.clip(doubtful + shift, 0, keep.size - 1)] = False
    edge = np.diff(np.concatenate(([False], ~keep, [False])).astype(np.int8))
    first, last = np.flatnonzero(edge == 1), np.flatnonzero(edge == -1)
    n = found.time_s.size
    starts = np.where(first > 0, found.time_s[np.maximum(first - 1, 0)], found.time_s[first] if n else 0.0)
    ends = np.where(last < n, found.time_s[np.minimum(last, n - 1)], found.time_s[last - 1] if n else 0.0)
    return chosen(found, keep), np.column_stack((starts, ends))
