"""From samples to slopes: what happens to a signal before beats are looked for in it.

Every value depends on the samples around its own place and on nothing else, so pieces give what the whole would.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toward.heart.exactly import exactly

Floats = NDArray[np.float64]


@exactly
def averages(x: Floats, y: Floats, bad: NDArray[np.bool_], start: int, stop: int, step: int) -> None:
    """Fill ``y[start:stop]``: means of ``step`` samples; one that holds a NaN is bad and repeats the last."""
    for k in range(start, stop):
        total = 0.0
        for i in range(k * step, k * step + step):
            total += x[i]
        bad[k] = not np.isfinite(total)
        if bad[k]:
            y[k] = y[k - 1] if k > 0 else 0.0
        else:
            y[k] = total / step


@exactly
def slopes(y: Floats, bad: NDArray[np.bool_], g: Floats, start: int, stop: int, smooth: int) -> None:
    """Fill ``g[start:stop]``: central difference of the mean over ``2 * smooth + 1`` samples, 0 beside missing ones."""
    reach = smooth + 1
    n = 2.0 * (2 * smooth + 1)
    first = max(start, reach)
    g[start:stop] = 0.0
    # Place by place within neighbour by neighbour: many places fit into one vector register, and no sum is reordered.
    into = g[first:stop]
    for i in range(-smooth, smooth + 1):
        left, right = y[first + i - 1 : stop + i - 1], y[first + i + 1 : stop + i + 1]
        for k in range(into.size):
            into[k] += right[k] - left[k]
    spoiled = start - reach - 1
    for i in range(max(0, start - reach), min(start + reach, bad.size)):
        if bad[i]:
            spoiled = i
    for k in range(first, stop):
        if bad[k + reach]:
            spoiled = k + reach
        g[k] = 0.0 if spoiled >= k - reach else g[k] / n


@exactly
def sizes(g: Floats, e: Floats, start: int, stop: int, reach: int) -> None:
    """Fill ``e[start:stop]``: mean size of the slope over ``2 * reach + 1`` samples."""
    e[start:stop] = 0.0
    for i in range(-reach, reach + 1):
        first = max(start, -i)
        into, beside = e[first:stop], g[first + i : stop + i]
        for k in range(into.size):
            into[k] += abs(beside[k])
    e[start:stop] /= 2 * reach + 1


@exactly
def pulse_slopes(y: Floats, bad: NDArray[np.bool_], g: Floats, start: int, stop: int, taps: Floats) -> None:
    """Fill ``g[start:stop]`` with the slope that ``taps`` (float64[2 r + 1]) take, 0 where a sample is missing."""
    reach = taps.size // 2
    spoiled = -1
    for i in range(max(0, start - reach), min(start + reach, bad.size)):
        if bad[i]:
            spoiled = i
    for k in range(start, stop):
        if bad[k + reach]:
            spoiled = k + reach
        total = 0.0
        if k >= reach and (spoiled < 0 or spoiled < k - reach):
            for i in range(taps.size):
                total += taps[i] * y[k - reach + i]
        g[k] = total


@exactly
def rises(g: Floats, e: Floats, start: int, stop: int, reach: int) -> None:
    """Fill ``e[start:stop]``: mean over ``2 * reach + 1`` samples of the slope where it rises."""
    for k in range(start, stop):
        total = 0.0
        for i in range(max(0, k - reach), k + reach + 1):
            total += max(0.0, g[i])
        e[k] = total / (2 * reach + 1)
