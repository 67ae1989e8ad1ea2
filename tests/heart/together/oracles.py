"""The same figures, written a second time from their descriptions: slow, plain, and without a line of the program."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def moving_window_ccf(a: Floats, b: Floats, rate: int, lag_s: int, window_s: int, step_s: int) -> Floats:
    """RMEA's table of windows and lags, from its manual (MEAccf, version 1.2.2), with NumPy's own correlation.

    Windows begin every *step_s* while window and largest lag fit; at lag L >= 0 the second series is read L samples
    later than the first, at L < 0 the first is read later than the second.
    """
    window, lag, step = window_s * rate, lag_s * rate, step_s * rate
    rows = []
    for number in range(math.ceil((len(a) - window - lag + 1) / step)):
        x, y = (series[number * step : number * step + window + lag] for series in (a, b))
        row = []
        for shift in range(-lag, lag + 1):
            early, late = slice(0, window), slice(abs(shift), abs(shift) + window)
            pair = (x[early], y[late]) if shift >= 0 else (x[late], y[early])
            row.append(float(np.corrcoef(*pair)[0, 1]))
        rows.append(row)
    return np.array(rows).reshape(-1, 2 * lag + 1)


def r_ccf(x: Floats, y: Floats, lag: int) -> list[float]:
    """R's ``ccf(x, y)``: over the whole length at every lag, about the whole series' means."""
    n = len(x)
    dx, dy = x - x.mean(), y - y.mean()
    size = math.sqrt((dx**2).mean() * (dy**2).mean())
    return [
        sum(dx[t + shift] * dy[t] for t in range(n) if 0 <= t + shift < n) / n / size for shift in range(-lag, lag + 1)
    ]


def susy(a: Floats, b: Floats, segment: int, lag: int) -> dict[str, float]:
    """The R package SUSY 0.1.0 without restriction of surrogates, from its description."""
    count = len(a) // segment
    cut = [(s[i * segment : (i + 1) * segment]) for s in (a, b) for i in range(count)]
    own_a, own_b = cut[:count], cut[count:]
    real, pseudo = np.zeros((2, 2 * lag + 1)), np.zeros((2, 2 * lag + 1))
    for i in range(count):
        for h in range(count):
            z = np.arctanh(np.array(r_ccf(own_a[i], own_b[h], lag)))
            where = real if i == h else pseudo
            where += np.stack((np.abs(z), z))
    real, pseudo = real / count, pseudo / (count * (count - 1))
    spread = pseudo.std(axis=1, ddof=1)
    return {
        "z": real[0].mean(),
        "z_pseudo": pseudo[0].mean(),
        "effect": (real[0].mean() - pseudo[0].mean()) / spread[0],
        "z_signed": real[1].mean(),
        "z_signed_pseudo": pseudo[1].mean(),
        "effect_signed": (real[1].mean() - pseudo[1].mean()) / spread[1],
        "spread": spread[0],
        "segments": count,
    }


def concordance(a: Floats, b: Floats, rate: int) -> float:
    """Marci's index by polyfit and corrcoef."""
    width, window = 5 * rate, 15 * rate
    place = np.arange(width) / rate
    first, second = (
        np.array([np.polyfit(place, series[i : i + width], 1)[0] for i in range(len(series) - width + 1)])
        for series in (a, b)
    )
    found = [
        np.corrcoef(first[i : i + window], second[i : i + window])[0, 1]
        for i in range(0, len(first) - window + 1, rate)
    ]
    return math.log(sum(r for r in found if r > 0) / -sum(r for r in found if r < 0))


def even(x: Floats, width: int) -> Floats:
    """Less its mean, over its root mean square of *width* samples around each (as many as there are)."""
    about = x - x.mean()
    result = []
    for t in range(len(x)):
        near = about[max(0, t - width // 2) : t - width // 2 + width]
        result.append(about[t] / math.sqrt((near**2).mean()))
    return np.array(result)


def coherence(a: Floats, b: Floats, rate: int, segment: int) -> float:
    """Welch's coherence between 0.04 and 0.4 Hz, segments scaled to one power in the band, by sums of sines."""
    frequencies = [k for k in range(segment) if 0.04 <= k * rate / segment <= 0.4]
    taper = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(segment) / segment)
    table = []
    for start in range(0, len(a) - segment + 1, segment // 2):
        rows = []
        for series in (a, b):
            piece = (series[start : start + segment] - series[start : start + segment].mean()) * taper
            row = np.array(
                [(piece * np.exp(-2j * np.pi * k * np.arange(segment) / segment)).sum() for k in frequencies]
            )
            rows.append(row / math.sqrt((np.abs(row) ** 2).mean()))
        table.append(rows)
    first, second = np.array(table).transpose(1, 0, 2)
    cross = np.abs((first.conj() * second).mean(axis=0)) ** 2
    return float((cross / (np.abs(first) ** 2).mean(axis=0) / (np.abs(second) ** 2).mean(axis=0)).mean())


def recurrence(x: Floats, y: Floats, delay: int, lag: int, radius: float) -> list[float]:
    """The share of recurring moments on each diagonal, from the whole plot."""
    n = len(x) - delay
    plot = np.array(
        [[max(abs(x[i] - y[j]), abs(x[i + delay] - y[j + delay])) < radius for j in range(n)] for i in range(n)]
    )
    return [float(np.diagonal(plot, shift).mean()) for shift in range(-lag, lag + 1)]
