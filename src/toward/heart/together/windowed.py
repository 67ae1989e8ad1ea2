"""Windowed cross-correlation: how alike two series are, window by window, when one is moved against the other.

For window i (of w samples, every s samples) and lag L of -m..m samples,

    r[i, L] = corr(a[i s : i s + w], b[i s + L : i s + L + w])              L >= 0
    r[i, L] = corr(a[i s - L : i s - L + w], b[i s : i s + w])              L <  0

so a positive lag says that B does later what A did: A leads. This is the layout of the R package rMEA (Kleinbub and
Ramseyer 2021, Psychother Res 31:817; after Boker and others 2002, Psychol Methods 7:338), to the last window and the
last digit.
"""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from toward.errors import BadInput
from toward.heart.compiled import compiled
from toward.heart.surrogates import p_value, phase_surrogates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toward.heart.together.pairing import Pair

    Floats = NDArray[np.float64]

WINDOW_S: Final = 30.0
STEP_S: Final = 10.0
LAG_S: Final = 5.0
LARGEST_Z: Final = 10.0
"""Fisher's z of a perfect correlation is infinite; rMEA's bound."""
STRETCH_S: Final = 60.0
NO_MOVEMENT: Final = 1e-9
BEFORE_OVERFLOW: Final = 16
"""Factors of up to 5e8 that may be multiplied safely."""


class Grid(NamedTuple):
    """Window, step and largest lag in samples."""

    window: int
    step: int
    lag: int

    def windows(self, n: int) -> int:
        """How many windows *n* samples hold: each needs its own length and room for the largest lag."""
        return max(0, -(-(n - self.window - self.lag + 1) // self.step))


def grid(rate_hz: float, window_s: float = WINDOW_S, step_s: float = STEP_S, lag_s: float = LAG_S) -> Grid:
    """The same in samples, rounded down. Raises ``BadInput`` where that leaves a window of fewer than four."""
    found = Grid(int(window_s * rate_hz + 1e-9), int(step_s * rate_hz + 1e-9), int(lag_s * rate_hz + 1e-9))
    if found.window < 4 or found.step < 1 or found.lag < 0:  # noqa: PLR2004 - three points lie on many lines
        raise BadInput("The window holds too few samples: make it longer.", field="window_s", reason="short")
    return found


def windowed_correlation(
    a: Floats,
    b: Floats,
    *,
    rate_hz: float,
    window_s: float = WINDOW_S,
    step_s: float = STEP_S,
    lag_s: float = LAG_S,
) -> Floats:
    """Pearson's r for each window and lag: float64[windows, 2 m + 1], lags -m..m; see the module's formula.

    a, b: float64[n] in any unit, at *rate_hz*. A window that touches a gap (NaN), or in which either doesn't move, is
    NaN: half a window is not compared as if it were a whole one. Raises ``BadInput`` for series of different lengths.
    """
    if a.shape != b.shape or a.ndim != 1:
        raise BadInput("The two series must be equally long.", field="b", reason="length")
    at = grid(rate_hz, window_s, step_s, lag_s)
    return matrix_kernel(
        np.ascontiguousarray(a), np.ascontiguousarray(b), at.window, at.step, at.lag, at.windows(a.size)
    )


@compiled
def matrix_kernel(a: Floats, b: Floats, window: int, step: int, lag: int, windows: int) -> Floats:
    """Two passes, mean first: exact to the last few bits."""
    result = np.full((windows, 2 * lag + 1), np.nan)
    for i in range(windows):
        for column in range(2 * lag + 1):
            shift = column - lag
            at_a = i * step - min(shift, 0)
            at_b = i * step + max(shift, 0)
            mean_a = 0.0
            mean_b = 0.0
            for t in range(window):
                mean_a += a[at_a + t]
                mean_b += b[at_b + t]
            mean_a /= window
            mean_b /= window
            aa = 0.0
            bb = 0.0
            ab = 0.0
            for t in range(window):
                da = a[at_a + t] - mean_a
                db = b[at_b + t] - mean_b
                aa += da * da
                bb += db * db
                ab += da * db
            if aa > 0.0 and bb > 0.0:
                result[i, column] = min(max(ab / (np.sqrt(aa) * np.sqrt(bb)), -1.0), 1.0)
    return result


def fisher_z(r: Floats) -> Floats:
    """``atanh(r)``, within +-10. Source: Fisher 1915; the bound is rMEA's."""
    with np.errstate(divide="ignore"):
        bounded: Floats = np.clip(np.arctanh(np.clip(r, -1.0, 1.0)), -LARGEST_Z, LARGEST_Z)
    return bounded


# ------------------------------------------------------------------ the same for a thousand made partners


def profiles(a: Floats, rows: Floats, at: Grid) -> Floats:
    """Mean Fisher z over windows for each partner and lag: float64[k, 2 m + 1].

    a: float64[n], rows: float64[k, n]. Windows with a gap or without any movement are left out; NaN where none is
    left.
    """
    return profile_kernel(*_ready(a, rows), at.window, at.step, at.lag, at.windows(a.size), gcd(at.window, at.step))


def tops(a: Floats, rows: Floats, at: Grid, run: int) -> Floats:
    """The largest mean Fisher z of *run* neighbouring windows, at any lag and any time: float64[k]."""
    scaled = _ready(a, rows)
    return tops_kernel(*scaled, at.window, at.step, at.lag, at.windows(a.size), gcd(at.window, at.step), run)


def _ready(a: Floats, rows: Floats) -> tuple[Floats, Floats]:
    """Both about zero and of one size, so that sums of squares lose nothing that matters."""
    return _scaled(a), _scaled(rows)


def _scaled(x: Floats) -> Floats:
    one = x if x.ndim == 1 else x[0]  # all of one kind: what is right for the first is right enough for the rest
    known = one[~np.isnan(one)]
    if known.size == 0:
        return np.ascontiguousarray(x)
    return np.ascontiguousarray((x - known.mean()) / max(float(known.std()), 1e-300))


@compiled
def window_sizes(x: Floats, window: int, clean: Floats, sums: Floats, inverse: Floats) -> None:
    """Zeros for the gaps of *x*; and for the window that begins at each sample, what a correlation needs of it.

    That is its sum, and one over the root of its sum of squares about the mean: NaN where it has a gap or doesn't
    move.
    """
    n = x.size
    total = np.zeros(n + 1)
    squares = np.zeros(n + 1)
    holes = np.zeros(n + 1)
    for t in range(n):
        value = x[t]
        hole = 0.0
        if np.isnan(value):
            value = 0.0
            hole = 1.0
        clean[t] = value
        total[t + 1] = total[t] + value
        squares[t + 1] = squares[t] + value * value
        holes[t + 1] = holes[t] + hole
    for t in range(n - window + 1):
        sums[t] = total[t + window] - total[t]
        about = squares[t + window] - squares[t] - sums[t] * sums[t] / window
        # What is left of rounding in a window that doesn't move is no movement.
        if about > NO_MOVEMENT and holes[t + window] == holes[t]:
            inverse[t] = 1.0 / np.sqrt(about)
        else:
            inverse[t] = np.nan


@compiled
def correlations(  # noqa: PLR0913, PLR0917 - a loop is given all that it needs
    clean_a: Floats,
    sums_a: Floats,
    inverse_a: Floats,
    clean_b: Floats,
    sums_b: Floats,
    inverse_b: Floats,
    window: int,
    step: int,
    lag: int,
    block: int,
    r: Floats,
) -> None:
    """r of every lag and window, float64[2 lag + 1, windows], from products summed in blocks that windows share."""
    windows = r.shape[1]
    per_window = window // block
    per_step = step // block
    count = (windows - 1) * per_step + per_window
    blocks = np.empty(max(count, 1))
    for row in range(2 * lag + 1):
        shift = row - lag
        off_a = -min(shift, 0)
        off_b = max(shift, 0)
        for q in range(count):
            # Slices, as an index that can't be below zero is what lets the compiler use vector registers.
            piece_a = clean_a[q * block + off_a : (q + 1) * block + off_a]
            piece_b = clean_b[q * block + off_b : (q + 1) * block + off_b]
            product = 0.0
            for t in range(piece_a.size):
                product += piece_a[t] * piece_b[t]
            blocks[q] = product
        for i in range(windows):
            product = 0.0
            for q in range(i * per_step, i * per_step + per_window):
                product += blocks[q]
            at_a = i * step + off_a
            at_b = i * step + off_b
            r[row, i] = (product - sums_a[at_a] * sums_b[at_b] / window) * inverse_a[at_a] * inverse_b[at_b]


@compiled
def profile_kernel(a: Floats, rows: Floats, window: int, step: int, lag: int, windows: int, block: int) -> Floats:
    """See `profiles`. The sum of logarithms is the logarithm of the product, taken before it could overflow."""
    n = a.size
    clean_a, sums_a, inverse_a = np.empty(n), np.empty(n), np.empty(n)
    clean_b, sums_b, inverse_b = np.empty(n), np.empty(n), np.empty(n)
    window_sizes(a, window, clean_a, sums_a, inverse_a)
    r = np.empty((2 * lag + 1, windows))
    result = np.full((rows.shape[0], 2 * lag + 1), np.nan)
    edge = 1.0 - 4.1e-9  # tanh 10
    for k in range(rows.shape[0]):
        window_sizes(rows[k], window, clean_b, sums_b, inverse_b)
        correlations(clean_a, sums_a, inverse_a, clean_b, sums_b, inverse_b, window, step, lag, block, r)
        for row in range(2 * lag + 1):
            total = 0.0
            seen = 0
            up = 1.0
            down = 1.0
            for i in range(windows):
                value = r[row, i]
                if not np.isnan(value):
                    value = min(max(value, -edge), edge)
                    up *= 1.0 + value
                    down *= 1.0 - value
                    seen += 1
                if i % BEFORE_OVERFLOW == BEFORE_OVERFLOW - 1:
                    total += np.log(up / down)
                    up = 1.0
                    down = 1.0
            if seen > 0:
                result[k, row] = 0.5 * (total + np.log(up / down)) / seen
    return result


@compiled
def tops_kernel(
    a: Floats, rows: Floats, window: int, step: int, lag: int, windows: int, block: int, run: int
) -> Floats:
    """See `tops`."""
    n = a.size
    clean_a, sums_a, inverse_a = np.empty(n), np.empty(n), np.empty(n)
    clean_b, sums_b, inverse_b = np.empty(n), np.empty(n), np.empty(n)
    window_sizes(a, window, clean_a, sums_a, inverse_a)
    r = np.empty((2 * lag + 1, windows))
    result = np.full(rows.shape[0], np.nan)
    edge = 1.0 - 4.1e-9  # tanh 10
    for k in range(rows.shape[0]):
        window_sizes(rows[k], window, clean_b, sums_b, inverse_b)
        correlations(clean_a, sums_a, inverse_a, clean_b, sums_b, inverse_b, window, step, lag, block, r)
        for row in range(2 * lag + 1):
            for i in range(windows):
                value = r[row, i]
                if not np.isnan(value):
                    value = min(max(value, -edge), edge)
                    r[row, i] = 0.5 * np.log((1.0 + value) / (1.0 - value))
            for i in range(windows - run + 1):
                mean = 0.0
                for j in range(i, i + run):
                    mean += r[row, j]
                mean /= run
                if not np.isnan(mean) and (np.isnan(result[k]) or mean > result[k]):
                    result[k] = mean
    return result


# --------------------------------------------------------------------------------- when, and not only whether


class Stretch(NamedTuple):
    """A time in which two hearts moved together more than they would by chance at any time of the whole."""

    from_s: float
    """From the start of the pair."""
    to_s: float
    p: float
    """That chance would give one this strong anywhere in the recording."""


def stretches_together(
    pair: Pair, *, surrogates: int = 1000, seed: int = 0, alpha: float = 0.05, stretch_s: float = STRETCH_S
) -> tuple[Stretch, ...]:
    """When the two moved together above chance: stretches of a minute or more, in order, those that touch made one.

    For each run of windows that spans *stretch_s*, the mean Fisher z of the change in heart rate, at the best lag
    within +-5 s, is compared with the largest such mean anywhere in each of *surrogates* series with B's spectrum and
    random phases. So *alpha* is the chance that a pair with nothing in common is given any stretch at all. Source of
    the correction: Nichols and Holmes 2002, Hum Brain Mapp 15:1. Empty if the recording is too short. Raises
    ``BadInput`` as `grid` does.
    """
    a, b = np.diff(pair.a), np.diff(pair.b)
    at = grid(pair.rate_hz)
    windows = at.windows(a.size)
    run = max(1, round((stretch_s - WINDOW_S) / STEP_S) + 1)
    if windows < run:
        return ()
    z = fisher_z(windowed_correlation(a, b, rate_hz=pair.rate_hz))
    strength = _best_runs(z, run)
    chance = np.concatenate([tops(a, rows, at, run) for rows in phase_surrogates(b, surrogates, seed=seed)])
    found: list[Stretch] = []
    for i, value in enumerate(strength):
        p = p_value(float(value), chance)
        if not p <= alpha:
            continue
        from_s, to_s = i * STEP_S, (i + run - 1) * STEP_S + WINDOW_S
        if found and found[-1].to_s >= from_s:
            found[-1] = Stretch(found[-1].from_s, to_s, min(found[-1].p, p))
        else:
            found.append(Stretch(from_s, to_s, p))
    return tuple(found)


def _best_runs(z: Floats, run: int) -> Floats:
    """float64[windows - run + 1]: the mean over *run* windows, at whichever lag it is largest."""
    runs = np.lib.stride_tricks.sliding_window_view(z, run, axis=0).mean(axis=-1)
    known = ~np.isnan(runs).all(axis=1)
    best = np.full(runs.shape[0], np.nan)
    best[known] = np.nanmax(runs[known], axis=1)
    return best
