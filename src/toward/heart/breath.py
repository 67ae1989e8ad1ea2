"""Breaths a minute, from what breathing does to the heartbeat.

Breathing moves three things from beat to beat: the interval (respiratory sinus arrhythmia), the height of the QRS
complex or pulse, and the level that the signal rests on (Charlton 2016). None of them works for everybody. Each is
set on an even grid, band-passed from 5 to 30 a minute, and its breaths are counted from peak to peak after the small
swings between them were taken out, smallest first (the "advanced counting" of Schäfer & Kratky 2008), and once more
from trough to trough: which of the two is the end of an inhalation differs from source to source, and the mean of both
is nearer than either. How much of a minute whole breaths cover, and how alike they are, says how far a source is to be
believed.

The three sway to one breath, each with a delay of its own that changes little, and with noise of its own. So what they
have in common (the first principal component of the three as complex waves, which takes delays with it) is counted as
a fourth source: on made breaths that takes a fifth of the error away. In which source a body shows its breath changes
little from one minute to the next either, so the rates are averaged with a high power of what each was believed in the
ten minutes around as weight: nearly the best source alone, but without jumps. Where not even the best one is regular,
there is no answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.heart.exactly import exactly
from toward.heart.waves import GRID_HZ, Views, alikeness, common_wave

if TYPE_CHECKING:
    from collections.abc import Mapping

Floats = NDArray[np.float64]

SHORTEST_S: Final = 30.0
WINDOW_S: Final = 60.0
STEP_S: Final = 10.0
LOWEST_HZ: Final = 0.08
HIGHEST_HZ: Final = 0.5
"""5 to 30 breaths a minute."""
SMALL: Final = 0.2
"""A swing below this part of the upper quartile of swings is no breath. On made breaths, uneven in length, depth and
shape, the error is least from .2 to .3 (the paper's)."""
AROUND: Final = 30
"""Windows on either side, five minutes of them, that say how far a source is to be believed."""
_WEIGHT_POWER: Final = 16
_PIECE: Final = 512
"""Windows at once: a day of them has no need to be in memory."""
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


def peaks_of_breaths(value: Floats) -> Floats:
    """Where each breath has its peak, in seconds from the start of a band-passed signal on the grid.

    value: float64[n]. Swings from turn to turn that are below `SMALL` of the upper quartile of them are no breaths. A
    peak lies where a parabola through its three samples has its own.
    """
    rising = np.diff(value) > 0.0
    at = np.flatnonzero(rising[1:] != rising[:-1]) + 1
    if at.size < 3:  # noqa: PLR2004 - a whole breath has two turns of one sort and one of the other
        return np.zeros(0)
    turns = np.array([at, value[at]])
    left = _without_small(turns, SMALL * float(np.percentile(np.abs(np.diff(turns[1])), 75)))
    found = turns[0, :left].astype(np.intp)
    found = found[rising[found - 1]]
    before, top, after = value[found - 1], value[found], value[found + 1]
    bend = before - 2.0 * top + after
    return np.asarray((found + 0.5 * (before - after) / np.where(bend < 0.0, bend, -np.inf)) / GRID_HZ)


def _judged(wave: Floats, start_s: float, window_s: float) -> tuple[float, float]:
    """Rate and quality of a wave from ``start_s`` on, by peaks and by troughs; NaN and 0 where neither is regular."""
    found = [_counted(peaks_of_breaths(side), start_s, window_s) for side in (wave, -wave)]
    rates = [rate for rate, quality in found if quality > 0.0]
    return (sum(rates) / len(rates), sum(quality for _, quality in found) / 2.0) if rates else (np.nan, 0.0)


def _counted(peaks: Floats, start_s: float, window_s: float) -> tuple[float, float]:
    """Rate and quality by the peaks in a window; NaN and 0 where they are not regular."""
    lengths = np.diff(peaks[(peaks >= start_s) & (peaks <= start_s + window_s)])
    if lengths.size < 2:  # noqa: PLR2004 - one breath is not a rhythm
        return np.nan, 0.0
    mean = float(lengths.mean())
    quality = float(lengths.sum()) / window_s / (1.0 + 5.0 * float(lengths.std()) / mean)
    return (60.0 / mean, quality) if quality >= LEAST else (np.nan, 0.0)


def _heard(starts: Floats, window_s: float, gaps: Floats) -> NDArray[np.bool_]:
    """Whether no more than a quarter of each window is gap."""
    covered = [
        np.clip(np.minimum(gaps[:, 1], start + window_s) - np.maximum(gaps[:, 0], start), 0.0, None).sum()
        for start in starts.tolist()
    ]
    return np.array(covered).reshape(-1) <= 0.25 * window_s


def _in_windows(views: Views, starts: Floats, heard: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Rate and quality of each source in each window, and of what they have in common: float64[k + 1, w] both."""
    k, w = len(views.times), starts.size
    rates, believed = np.full((k + 1, w), np.nan), np.zeros((k + 1, w))
    told = views.told(starts) & heard
    alike = np.zeros((w, k, k), np.complex128)
    into = starts - views.first(starts) / GRID_HZ

    def judge(row: int, column: int, wave: Floats) -> None:
        rates[row, column], believed[row, column] = _judged(wave, float(into[column]), views.window_s)

    for low in range(0, w, _PIECE):
        piece = slice(low, low + _PIECE)
        waves = views.waves(starts[piece]) * told[:, piece, None]
        alike[piece] = alikeness(waves)
        for j, i in np.argwhere(told[:, piece]).tolist():
            judge(j, low + i, waves[j, i].real)
    if k > 1:
        worth = _around(believed[:k])
        flat = alike.reshape(w, -1).T
        alike = (_around(flat.real) + 1j * _around(flat.imag)).T.reshape(w, k, k)
        for low in range(0, w, _PIECE):
            piece = slice(low, low + _PIECE)
            common = common_wave(views.waves(starts[piece]) * told[:, piece, None], alike[piece], worth[:, piece])
            for i in np.flatnonzero(told[:, piece].any(axis=0)).tolist():
                judge(k, low + i, common[i])
    return rates, believed


def breath(
    sources: Mapping[str, tuple[Floats, Floats]], duration_s: float, gaps: Floats, window_s: float = WINDOW_S
) -> Breath:
    """The breathing rate of a recording.

    sources: name -> (float64[n] seconds, float64[n] values), one value a beat. gaps: float64[k, 2]; a window that is
    more than a quarter gap is not judged.
    """
    window_s = min(window_s, duration_s)
    starts = np.arange(0.0, duration_s - window_s + 1e-9, STEP_S)
    if window_s < SHORTEST_S or not any(time_s.size for time_s, _ in sources.values()):
        starts = starts[:0]
    rates = np.full(starts.size, np.nan)
    if not starts.size:
        return Breath(np.nan, np.nan, 0.0, starts, rates)
    views = Views(sources, duration_s, window_s, (LOWEST_HZ, HIGHEST_HZ))
    each, believed = _in_windows(views, starts, _heard(starts, window_s, gaps))
    shares = believed.max(axis=0, initial=0.0)
    weights = np.where(believed > 0.0, _around(believed) ** _WEIGHT_POWER, 0.0)
    told = shares > 0.0
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
