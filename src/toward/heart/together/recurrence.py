"""Cross-recurrence: does B come back to where A was, and how much later?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from toward.heart.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SHARE: Final = 0.1
"""How much of all pairs of moments counts as alike; sets the radius, so that strong and weak hearts are treated
alike."""
DELAY_S: Final = 2.0
"""Between the two moments that make one state: half a breath or so."""
EVEN_S: Final = 30.0
STILL: Final = 1e-3
LOOKED_AT: Final = 600
"""Moments of each that the radius is taken from, spread evenly: enough for a share of a tenth, and bounded for a long
night."""


def cross_recurrence(a: Floats, b: Floats, *, rate_hz: float, lag_s: float = 5.0) -> Floats:
    """The diagonal profile of the cross-recurrence plot, float64[2 m + 1].

    For each lag of -m..m samples, the share of moments at which B is in the state in which A was so much earlier:

        R(L) = mean over t of [ max(|x_t - y_(t+L)|, |x_(t+d) - y_(t+d+L)|) < radius ]

    x and y are *a* and *b* made even (see `even`), d is 2 s, and the radius is the one
    within which a tenth of all pairs of moments lie (Marwan and others 2007, Phys Rep 438:237; Coco and Dale 2014,
    Front Psychol 5:510). A positive lag says that A leads. Moments with a gap (NaN) are left out; NaN where none is
    left.
    """
    x, y = even(a, rate_hz=rate_hz), even(b, rate_hz=rate_hz)
    delay = max(1, round(DELAY_S * rate_hz))
    profile: Floats = recurrence_rows(x, y[None, :], delay, int(lag_s * rate_hz + 1e-9), radius_of(x, y, delay))[0]
    return profile


def even(x: Floats, *, rate_hz: float) -> Floats:
    """*x* less its mean, over its root mean square within 15 s before and after; float64 of the same shape.

    A heart has calm stretches and bursts. In calm ones every state is near every other, and two calm stretches that
    happen to meet would pass for recurrence. NaN throughout if nothing moves.
    """
    known = ~np.isnan(x)
    if not known.any() or float(np.ptp(x[known])) == 0.0:
        return np.full_like(x, np.nan)
    about = np.where(known, x - x[known].mean(), 0.0)
    around = np.ones(max(1, min(round(EVEN_S * rate_hz), x.size)))
    count = np.convolve(known.astype(np.float64), around, "same")
    spread = np.sqrt(np.convolve(about**2, around, "same") / np.maximum(count, 1.0))
    # Where a sensor stands still, there is no spread to divide by.
    floor = STILL * float(about[known].std())
    result: Floats = np.where(known, about / np.maximum(spread, floor), np.nan)
    return result


def radius_of(x: Floats, y: Floats, delay: int) -> float:
    """Within it lie a tenth of all pairs of states; NaN where there is no state without a gap."""
    states = []
    for series in (x, y):
        if series.size <= delay:
            return float("nan")
        both = np.stack((series[: series.size - delay], series[delay:]))
        both = both[:, ~np.isnan(both).any(axis=0)]
        if both.shape[1] == 0:
            return float("nan")
        states.append(both[:, np.unique(np.linspace(0, both.shape[1] - 1, LOOKED_AT).astype(np.int64))])
    apart = np.abs(states[0][:, :, None] - states[1][:, None, :]).max(axis=0)
    return float(np.quantile(apart, SHARE))


def recurrence_rows(x: Floats, rows: Floats, delay: int, lag: int, radius: float) -> Floats:
    """The profile with each partner: x float64[n], rows float64[k, n], both standard -> float64[k, 2 lag + 1]."""
    return recurrence_kernel(np.ascontiguousarray(x), np.ascontiguousarray(rows), delay, lag, radius)


@compiled
def recurrence_kernel(x: Floats, rows: Floats, delay: int, lag: int, radius: float) -> Floats:
    """NaN is nearer than no radius, so a gap recurs to nothing; what could have recurred is counted beside."""
    n = x.size
    result = np.full((rows.shape[0], 2 * lag + 1), np.nan)
    for k in range(rows.shape[0]):
        y = rows[k]
        for column in range(2 * lag + 1):
            shift = column - lag
            start = max(0, -shift)
            stop = min(n - delay, n - delay - shift)
            near = 0
            known = 0
            for t in range(start, stop):
                first = abs(x[t] - y[t + shift])
                second = abs(x[t + delay] - y[t + delay + shift])
                near += (first < radius) & (second < radius)
                known += (first == first) & (second == second)  # noqa: PLR0124 - NaN alone differs from itself
            if known > 0:
                result[k, column] = near / known
    return result
