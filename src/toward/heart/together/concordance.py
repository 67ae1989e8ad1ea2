"""Marci's concordance index: do two people's slopes agree more often than they disagree?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from toward.heart.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SLOPE_S: Final = 5.0
WINDOW_S: Final = 15.0
STEP_S: Final = 1.0


def concordance_index(a: Floats, b: Floats, *, rate_hz: float) -> float:
    """The concordance index of a session; above 0 the slopes agree more than they disagree.

        CI = ln( sum of positive r_i / |sum of negative r_i| )

    r_i: Pearson's correlation, in running windows of 15 s, one a second, between the slopes of A and of B, which are
    those of the straight line through each 5 s (Marci, Ham, Moran and Orr 2007, J Nerv Ment Dis 195:103). Made there
    for skin conductance; here for heart rate. The slopes are differences already, so it takes the series as they are.

    a, b: float64[n] at *rate_hz*, in any unit. Slopes and windows that touch a gap (NaN) are left out. +inf or -inf
    if all agree or disagree; NaN if no window is left. Below 1 Hz, a slope is taken from three samples and a window
    from five at least.
    """
    return float(concordance_rows(slopes(a, rate_hz=rate_hz), slopes(b, rate_hz=rate_hz)[None, :], rate_hz=rate_hz)[0])


def slopes(x: Floats, *, rate_hz: float) -> Floats:
    """Least-squares slope of each 5 s, in units of *x* a second: float64[n - w + 1]; NaN where the 5 s touch a gap.

    slope_t = sum_j (j - mean j) x_(t+j) / sum_j (j - mean j)^2 * rate
    """
    width = max(3, round(SLOPE_S * rate_hz))
    if x.size < width:
        return np.zeros(0)
    place = np.arange(width) - (width - 1) / 2
    result: Floats = np.lib.stride_tricks.sliding_window_view(x, width) @ (place / (place**2).sum() * rate_hz)
    return result


def concordance_rows(slopes_a: Floats, rows: Floats, *, rate_hz: float) -> Floats:
    """The index of one person's slopes, float64[n], with each of *rows*, float64[k, n]: float64[k]."""
    width = max(5, round(WINDOW_S * rate_hz))
    step = max(1, round(STEP_S * rate_hz))
    return concordance_kernel(np.ascontiguousarray(slopes_a), np.ascontiguousarray(rows), width, step)


@compiled
def concordance_kernel(a: Floats, rows: Floats, width: int, step: int) -> Floats:
    """Correlations window by window, summed by sign."""
    result = np.full(rows.shape[0], np.nan)
    for k in range(rows.shape[0]):
        b = rows[k]
        agree = 0.0
        differ = 0.0
        for start in range(0, a.size - width + 1, step):
            sum_a = 0.0
            sum_b = 0.0
            for t in range(start, start + width):
                sum_a += a[t]
                sum_b += b[t]
            mean_a = sum_a / width
            mean_b = sum_b / width
            aa = 0.0
            bb = 0.0
            ab = 0.0
            for t in range(start, start + width):
                aa += (a[t] - mean_a) * (a[t] - mean_a)
                bb += (b[t] - mean_b) * (b[t] - mean_b)
                ab += (a[t] - mean_a) * (b[t] - mean_b)
            if aa > 0.0 and bb > 0.0:
                r = ab / np.sqrt(aa * bb)
                if r > 0.0:
                    agree += r
                else:
                    differ -= r
        if agree > 0.0 and differ > 0.0:
            result[k] = np.log(agree / differ)
        elif agree > 0.0:
            result[k] = np.inf
        elif differ > 0.0:
            result[k] = -np.inf
    return result
