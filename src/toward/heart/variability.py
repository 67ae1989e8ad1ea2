"""Heart rate and its variability, each figure with its shortest window and its uncertainty.

    hr        60 000 / mean(RR)                                     from 10 s
    RMSSD     sqrt(mean((RR[i+1] - RR[i])**2)), neighbours only     from 30 s
    SDNN      standard deviation of NN, n - 1 below                 from 60 s
    pNN50     share of neighbours more than 50 ms apart             from 60 s
    HF, LF    power from .15 to .4 Hz and from .04 to .15 Hz        from 60 s and 120 s
    RSA       here: ln(HF), as Porges' measure is used              from 60 s

(Task Force 1996; shortest windows after Shaffer & Ginsberg 2017, Munoz 2015 and Laborde 2017.) Powers are Welch's:
NN intervals set on an even grid of 4 Hz by a cubic spline, Hann windows of at most five minutes that overlap by
half, the mean taken out of each, and no window across a gap.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.errors import BadInput
from toward.heart.exactly import exactly

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Floats = NDArray[np.float64]

SHORTEST_S: Final = {
    "hr_bpm": 10.0,
    "rmssd_ms": 30.0,
    "ln_rmssd": 30.0,
    "sdnn_ms": 60.0,
    "pnn50_percent": 60.0,
    "hf_ms2": 60.0,
    "rsa_ln_ms2": 60.0,
    "lf_ms2": 120.0,
    "lf_hf": 120.0,
}
"""The shortest window, in seconds of clean intervals, below which a figure is "warming up"."""

LEAST_PAIRS: Final = 10
"""Neighbouring intervals that RMSSD needs; half a minute of beats may be all torn apart."""
WIDE_MS: Final = 50.0
"""What pNN50 is named for."""
LF_HZ: Final = (0.04, 0.15)
HF_HZ: Final = (0.15, 0.4)
GRID_HZ: Final = 4.0
_WINDOW_S: Final = 300.0
_LAGS: Final = 8
"""Neighbours whose likeness widens a standard error (Newey & West 1987)."""


class Variability(NamedTuple):
    """Figures of one stretch of intervals; NaN where the stretch is too short for one."""

    hr_bpm: float
    rmssd_ms: float
    ln_rmssd: float
    sdnn_ms: float
    pnn50_percent: float
    lf_ms2: float
    hf_ms2: float
    lf_hf: float
    rsa_ln_ms2: float
    se: dict[str, float]
    """Standard errors of hr_bpm, rmssd_ms, ln_rmssd and sdnn_ms."""
    known_s: float
    """Seconds of clean intervals that the figures come from."""


@exactly
def _long_run(v: Floats, lags: int) -> float:
    """Variance of the mean of a series whose neighbours are alike (Bartlett weights)."""
    n = v.size
    mean = 0.0
    for i in range(n):
        mean += v[i]
    mean /= n
    total = 0.0
    for lag in range(min(lags, n - 1) + 1):
        weight = 1.0 if lag == 0 else 2.0 * (1.0 - lag / (lags + 1.0))
        part = 0.0
        for i in range(n - lag):
            part += (v[i] - mean) * (v[i + lag] - mean)
        total += weight * part
    return max(0.0, total) / (n * n)


@exactly
def _sums(
    rr: Floats, normal: NDArray[np.bool_], joined: NDArray[np.bool_], square: Floats
) -> tuple[float, int, int, float]:
    """Mean of NN, how many, how many neighbours (squared differences go to ``square``), share above 50 ms."""
    total, n, pairs, wide = 0.0, 0, 0, 0
    for i in range(rr.size):
        if normal[i]:
            total += rr[i]
            n += 1
            if i > 0 and joined[i] and normal[i - 1]:
                d = rr[i] - rr[i - 1]
                square[pairs] = d * d
                pairs += 1
                if abs(d) > WIDE_MS:
                    wide += 1
    return total / max(1, n), n, pairs, wide / max(1, pairs)


@exactly
def _on_grid(t: Floats, v: Floats, step_s: float, out: Floats) -> None:
    """Fill ``out`` with the natural cubic spline through the points, from the first time on."""
    n = t.size
    # Second derivatives at the points, by elimination down and back (the matrix is tridiagonal).
    bend = np.zeros(n)
    upper = np.zeros(n)
    for i in range(1, n - 1):
        before, after = t[i] - t[i - 1], t[i + 1] - t[i]
        pivot = 2.0 * (before + after) - before * upper[i - 1]
        upper[i] = after / pivot
        bend[i] = (6.0 * ((v[i + 1] - v[i]) / after - (v[i] - v[i - 1]) / before) - before * bend[i - 1]) / pivot
    for i in range(n - 2, 0, -1):
        bend[i] -= upper[i] * bend[i + 1]
    j = 0
    for i in range(out.size):
        at = t[0] + i * step_s
        while j < n - 2 and t[j + 1] < at:
            j += 1
        h = t[j + 1] - t[j]
        a, b = (t[j + 1] - at) / h, (at - t[j]) / h
        out[i] = a * v[j] + b * v[j + 1] + ((a**3 - a) * bend[j] + (b**3 - b) * bend[j + 1]) * h * h / 6.0


@lru_cache(maxsize=64)
def _hann(n: int) -> tuple[Floats, float]:
    """A periodic Hann window of ``n`` and the sum of its squares."""
    window = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(n) / n)
    return window, float(window @ window)


def spectrum(time_s: Floats, rr_ms: Floats) -> tuple[Floats, Floats]:
    """Frequencies (Hz) and power densities (ms²/Hz) of one gapless stretch of intervals, by Welch's method.

    time_s: float64[m], rising, when each interval ended. rr_ms: float64[m].
    """
    n = int((time_s[-1] - time_s[0]) * GRID_HZ) + 1
    even = np.empty(n)
    _on_grid(time_s, rr_ms, 1.0 / GRID_HZ, even)
    width = int(min(n, _WINDOW_S * GRID_HZ))
    window, power = _hann(width)
    frames = np.lib.stride_tricks.sliding_window_view(even, width)[:: max(1, width // 2)]
    frames = (frames - frames.mean(axis=1, keepdims=True)) * window
    density = np.mean(np.abs(np.fft.rfft(frames, axis=1)) ** 2, axis=0) * 2.0 / (GRID_HZ * power)
    return np.arange(density.size) * (GRID_HZ / width), density


def _bands(rr: Floats, end_s: Floats, normal: NDArray[np.bool_], joined: NDArray[np.bool_]) -> tuple[float, float]:
    """LF and HF power; gapless stretches weigh by their length."""
    starts = np.flatnonzero(~joined)
    ends = np.concatenate((starts[1:], [rr.size]))
    lf, hf, lf_weight, hf_weight = 0.0, 0.0, 0.0, 0.0
    for i, j in zip(starts.tolist(), ends.tolist(), strict=True):
        keep = normal[i:j]
        if int(keep.sum()) < 4:  # noqa: PLR2004 - less than a line through a few points
            continue
        t, v = end_s[i:j][keep], rr[i:j][keep]
        length = float(t[-1] - t[0])
        if length < SHORTEST_S["hf_ms2"] - LONGEST_BEAT_S:
            continue
        f, p = spectrum(t, v)
        step = f[1]
        hf += length * float(p[(f >= HF_HZ[0]) & (f < HF_HZ[1])].sum()) * step
        hf_weight += length
        if length >= SHORTEST_S["lf_ms2"] - LONGEST_BEAT_S:
            lf += length * float(p[(f >= LF_HZ[0]) & (f < LF_HZ[1])].sum()) * step
            lf_weight += length
    return (lf / lf_weight if lf_weight else np.nan), (hf / hf_weight if hf_weight else np.nan)


LONGEST_BEAT_S: Final = 2.0
"""A recording of exactly a minute (or half of one, as a watch's electrocardiogram is) has its first and last beat
inside it; so much may be missing at its ends."""


def variability(
    rr_ms: ArrayLike,
    *,
    normal: NDArray[np.bool_] | None = None,
    joined: NDArray[np.bool_] | None = None,
    end_s: Floats | None = None,
    counted: NDArray[np.bool_] | None = None,
    timing_noise_ms2: float = 0.0,
) -> Variability:
    """Rate and variability of intervals; see the module for formulas, sources and shortest windows.

    rr_ms: float64[m], milliseconds, all above 0. normal: bool[m], NN intervals (all, when not given). joined:
    bool[m], whether an interval begins where the one before ended. end_s: float64[m], when each ended (their running
    sum, when not given).
    counted: bool[m], the intervals that heart rate is taken from (all, when not given).
    timing_noise_ms2: what uncertain beat times add to the mean squared difference; it is taken off, down to a
    quarter at most.

    >>> round(variability([800, 850, 790, 840] * 12).rmssd_ms, 1)
    52.7
    """
    rr = np.ascontiguousarray(rr_ms, np.float64)
    if rr.ndim != 1 or not np.all(np.isfinite(rr)) or np.any(rr <= 0.0):
        raise BadInput("Intervals must be positive numbers of milliseconds.", field="rr_ms", reason="range")
    normal = np.ones(rr.size, np.bool_) if normal is None else normal
    joined = np.arange(rr.size) > 0 if joined is None else joined
    end_s = np.cumsum(rr) / 1000.0 if end_s is None else end_s
    square = np.empty(rr.size)
    mean, n, pairs, wide = _sums(rr, normal, joined, square)
    square = square[:pairs]
    known_s = mean * n / 1000.0
    figures = dict.fromkeys(SHORTEST_S, np.nan)
    se: dict[str, float] = {}
    counted_rr = rr if counted is None else rr[counted]
    if rr.size and float(counted_rr.sum()) >= 1000.0 * SHORTEST_S["hr_bpm"]:
        figures["hr_bpm"] = 60_000.0 / float(counted_rr.mean())
        se["hr_bpm"] = figures["hr_bpm"] ** 2 / 60_000.0 * _long_run(counted_rr, _LAGS) ** 0.5
    if known_s >= SHORTEST_S["rmssd_ms"] - LONGEST_BEAT_S and pairs >= LEAST_PAIRS:
        raw = float(square.mean())
        rmssd = max(raw - timing_noise_ms2, 0.25 * raw) ** 0.5
        figures["rmssd_ms"] = rmssd
        if rmssd > 0.0:
            figures["ln_rmssd"] = float(np.log(rmssd))
            se["rmssd_ms"] = _long_run(square, _LAGS) ** 0.5 / (2.0 * rmssd)
            se["ln_rmssd"] = se["rmssd_ms"] / rmssd
    if known_s >= SHORTEST_S["sdnn_ms"] - LONGEST_BEAT_S:
        away = (rr[normal] - mean) ** 2
        figures["sdnn_ms"] = float(away.sum() / max(1, n - 1)) ** 0.5
        if figures["sdnn_ms"] > 0.0:
            se["sdnn_ms"] = _long_run(away, _LAGS) ** 0.5 / (2.0 * figures["sdnn_ms"])
        figures["pnn50_percent"] = 100.0 * wide
        lf, hf = _bands(rr, end_s, normal, joined)
        figures["lf_ms2"], figures["hf_ms2"] = lf, hf
        if hf > 0.0:
            figures["rsa_ln_ms2"] = float(np.log(hf))
            figures["lf_hf"] = lf / hf
    return Variability(**figures, se=se, known_s=known_s)
