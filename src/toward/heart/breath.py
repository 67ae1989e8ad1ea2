"""Breaths a minute, from what breathing does to the heartbeat.

Breathing moves three things from beat to beat: the interval (respiratory sinus arrhythmia), the height of the QRS
complex or pulse, and the level that the signal rests on (Charlton 2016). None of them works for everybody. Each is
set on an even grid, band-passed from 5 to 30 a minute, and its breaths are counted from peak to peak after the small
swings between them were taken out, smallest first (the "advanced counting" of Schäfer & Kratky 2008). How much of a
minute whole breaths cover, and how alike they are, says how far a source is to be believed. In which source a body
shows its breath changes little from one minute to the next, so the rates are averaged with the eighth power of what
that was in the ten minutes around as weight: nearly the best source alone, but without jumps. Where not even the best
one is regular, there is no answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.heart.exactly import exactly

if TYPE_CHECKING:
    from collections.abc import Mapping

Floats = NDArray[np.float64]

SHORTEST_S: Final = 30.0
WINDOW_S: Final = 60.0
STEP_S: Final = 10.0
LOWEST_HZ: Final = 0.08
HIGHEST_HZ: Final = 0.5
"""5 to 30 breaths a minute."""
GRID_HZ: Final = 4.0
SMALL: Final = 0.2
"""A swing below this part of the upper quartile of swings is no breath. On made breaths, uneven in length, depth and
shape, the error is least from .2 to .3 (the paper's)."""
AROUND: Final = 30
"""Windows on either side, five minutes of them, that say how far a source is to be believed."""
_WEIGHT_POWER: Final = 8
LEAST: Final = 0.3
"""Quality (share of the window in whole breaths, times how alike they are) below which a source says nothing."""


class Breath(NamedTuple):
    """Breathing rate of one recording."""

    per_min: float
    """Median over windows; NaN where none could be judged."""
    se_per_min: float
    quality: float
    """0 to 1: mean over windows, unjudged ones counted as 0."""
    time_s: Floats
    """float64[w], middle of each window."""
    window_per_min: Floats
    """float64[w], NaN where not judged."""


def _band_passed(value: Floats) -> Floats:
    """A signal on the grid without what is slower or faster than breath (both of its ends mirrored; no phase shift)."""
    n = value.size
    f = np.fft.rfftfreq(2 * n, 1.0 / GRID_HZ)
    f[0] = 1e-9
    passed = 1.0 / (1.0 + (LOWEST_HZ / f) ** 6) / (1.0 + (f / HIGHEST_HZ) ** 8)
    return np.asarray(np.fft.irfft(np.fft.rfft(np.concatenate((value, value[::-1]))) * passed, 2 * n)[:n])


@exactly
def _without_small(turns: Floats, least: float) -> int:
    """Take the smallest swing out, with both its turns, until none is below ``least``; gives how many turns are left.

    turns: float64[2, n], where and how high each is; those that are left come first.
    """
    n: int = turns.shape[1]
    while n > 1:
        at, smallest = 0, np.inf
        for i in range(n - 1):
            swing = abs(turns[1, i + 1] - turns[1, i])
            if swing < smallest:
                at, smallest = i, swing
        if smallest >= least:
            break
        n -= 2
        for i in range(at, n):
            turns[0, i] = turns[0, i + 2]
            turns[1, i] = turns[1, i + 2]
    return n


def count_breaths(value: Floats) -> Floats:
    """Lengths in seconds of the whole breaths, peak to peak, in a band-passed signal on the grid.

    value: float64[n]. Swings from turn to turn that are below `SMALL` of the upper quartile of them are no breaths.
    """
    rising = np.diff(value) > 0.0
    at = np.flatnonzero(rising[1:] != rising[:-1]) + 1
    if at.size < 3:  # noqa: PLR2004 - a whole breath has two turns of one sort and one of the other
        return np.zeros(0)
    turns = np.array([at, value[at]])
    left = _without_small(turns, SMALL * float(np.percentile(np.abs(np.diff(turns[1])), 75)))
    return np.diff(turns[0, :left][rising[turns[0, :left].astype(np.intp) - 1]]) / GRID_HZ


def _on_grid(time_s: Floats, value: Floats, start_s: float, window_s: float) -> Floats:
    """One source in one window, far outliers cut off and its straight line taken out."""
    even = np.arange(start_s, start_s + window_s, 1.0 / GRID_HZ)
    v = np.interp(even, time_s, value)
    # A beat that is far off (ectopic, movement) must not ring through the whole window.
    middle = np.median(v)
    reach = 4.0 * 1.4826 * float(np.median(np.abs(v - middle)))
    v = np.clip(v, middle - reach, middle + reach)
    t = even - even.mean()
    return np.asarray(v - v.mean() - t * float(t @ v) / float(t @ t))


def breath(
    sources: Mapping[str, tuple[Floats, Floats]], duration_s: float, gaps: Floats, window_s: float = WINDOW_S
) -> Breath:
    """The breathing rate of a recording.

    sources: name -> (float64[n] seconds, float64[n] values), one value a beat. gaps: float64[k, 2]; a window that is
    more than a quarter gap is not judged.
    """
    window_s = min(window_s, duration_s)
    starts = np.arange(0.0, duration_s - window_s + 1e-9, STEP_S)
    if window_s < SHORTEST_S:
        starts = starts[:0]
    each = np.full((len(sources), starts.size), np.nan)
    believed = np.zeros(each.shape)
    for i, start in enumerate(starts.tolist()):
        covered = np.clip(np.minimum(gaps[:, 1], start + window_s) - np.maximum(gaps[:, 0], start), 0.0, None).sum()
        if covered <= 0.25 * window_s:
            for j, (time_s, value) in enumerate(sources.values()):
                each[j, i], believed[j, i] = _judged(time_s, value, start, window_s)
    shares = believed.max(axis=0, initial=0.0)
    weights = np.where(believed > 0.0, _around(believed) ** _WEIGHT_POWER, 0.0)
    told = shares > 0.0
    rates = np.full(starts.size, np.nan)
    rates[told] = np.average(np.where(believed > 0.0, each, 0.0)[:, told], axis=0, weights=weights[:, told])
    known = np.isfinite(rates)
    if not known.any():
        return Breath(np.nan, np.nan, 0.0, starts + 0.5 * window_s, rates)
    spread = float(np.std(rates[known])) if known.sum() > 1 else 1.0
    independent = max(1.0, float(known.sum()) * STEP_S / window_s)
    return Breath(
        float(np.median(rates[known])),
        max(spread / independent**0.5, 60.0 / window_s / 4.0 / independent**0.5),
        float(np.where(known, shares, 0.0).mean()),
        starts + 0.5 * window_s,
        rates,
    )


def _around(quality: Floats) -> Floats:
    """Mean over `AROUND` windows on either side, as far as there are any: float64[k, w] as *quality* is."""
    w = np.arange(quality.shape[1])
    total = np.pad(np.cumsum(quality, axis=1), ((0, 0), (1, 0)))
    low, high = np.maximum(w - AROUND, 0), np.minimum(w + AROUND + 1, w.size)
    return np.asarray((total[:, high] - total[:, low]) / (high - low))


def _judged(time_s: Floats, value: Floats, start: float, window_s: float) -> tuple[float, float]:
    """Rate and quality of one source in one window; NaN and 0 where it is not regular."""
    inside = (time_s >= start) & (time_s <= start + window_s)
    if int(inside.sum()) < 0.4 * window_s or not np.ptp(value[inside]) > 0.0:
        return np.nan, 0.0
    lengths = count_breaths(_band_passed(_on_grid(time_s, value, start, window_s)))
    if lengths.size < 2:  # noqa: PLR2004 - one breath is not a rhythm
        return np.nan, 0.0
    mean = float(lengths.mean())
    quality = float(lengths.sum()) / window_s / (1.0 + 5.0 * float(lengths.std()) / mean)
    return (60.0 / mean, quality) if quality >= LEAST else (np.nan, 0.0)
