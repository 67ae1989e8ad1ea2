"""Breaths a minute, from what breathing does to the heartbeat.

Breathing moves three things from beat to beat: the interval (respiratory sinus arrhythmia), the height of the QRS
complex or pulse, and the level that the signal rests on (Charlton 2016). None of them works for everybody. Each is
set on an even grid, band-passed from 5 to 30 a minute, and its breaths are counted by their peaks and troughs, small
ones left out (Schäfer & Kratky 2008). How much of a minute whole breaths cover, and how alike they are, says how far
a source is to be believed; the rates are averaged with the eighth power of that as weight, which is nearly the best
source alone, but does not jump. Where not even the best one is regular, there is no answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SHORTEST_S: Final = 30.0
WINDOW_S: Final = 60.0
STEP_S: Final = 10.0
LOWEST_HZ: Final = 0.08
HIGHEST_HZ: Final = 0.5
"""5 to 30 breaths a minute."""
GRID_HZ: Final = 4.0
SMALL: Final = 0.1
"""A peak below this part of the upper quartile of peaks is no breath."""
_WEIGHT_POWER: Final = 8
LEAST: Final = 0.3
"""Quality (share of the window in whole breaths, times how alike they are) below which a window says nothing."""


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


def count_breaths(value: Floats) -> Floats:
    """Lengths in seconds of the whole breaths, peak to peak with a trough between, in a band-passed signal on the grid.

    value: float64[n]. Peaks lower than `SMALL` of the upper quartile of all peaks do not count.
    """
    rising = np.diff(value) > 0.0
    peaks = np.flatnonzero(rising[:-1] & ~rising[1:]) + 1
    troughs = np.flatnonzero(~rising[:-1] & rising[1:]) + 1
    if peaks.size < 2:  # noqa: PLR2004 - a breath lies between two
        return np.zeros(0)
    peaks = peaks[value[peaks] > SMALL * np.percentile(value[peaks], 75)]
    troughs = troughs[value[troughs] < 0.0]
    between = np.searchsorted(troughs, peaks[1:]) - np.searchsorted(troughs, peaks[:-1])
    return np.diff(peaks)[between > 0] / GRID_HZ


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
    rates = np.full(starts.size, np.nan)
    shares = np.zeros(starts.size)
    for i, start in enumerate(starts.tolist()):
        covered = np.clip(np.minimum(gaps[:, 1], start + window_s) - np.maximum(gaps[:, 0], start), 0.0, None).sum()
        if covered <= 0.25 * window_s:
            rates[i], shares[i] = _judged(sources, start, window_s)
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


def _judged(sources: Mapping[str, tuple[Floats, Floats]], start: float, window_s: float) -> tuple[float, float]:
    """Rate and quality in one window; NaN and 0 where no source is regular."""
    rates, qualities = [], []
    for time_s, value in sources.values():
        inside = (time_s >= start) & (time_s <= start + window_s)
        if int(inside.sum()) < 0.4 * window_s or not np.ptp(value[inside]) > 0.0:
            continue
        lengths = count_breaths(_band_passed(_on_grid(time_s, value, start, window_s)))
        if lengths.size < 2:  # noqa: PLR2004 - one breath is not a rhythm
            continue
        mean = float(lengths.mean())
        rates.append(60.0 / mean)
        covered = float(lengths.sum()) / window_s
        qualities.append(covered / (1.0 + 5.0 * float(lengths.std()) / mean))
    if not qualities or max(qualities) < LEAST:
        return np.nan, 0.0
    weights = np.array(qualities) ** _WEIGHT_POWER
    return float(np.average(rates, weights=weights)), max(qualities)
