"""Where the two were on given days, told by the answers before *and* after: a smoother over the filter's moments.

The filter says what was known then; looking back, later answers say more. Backward from the end (H. E. Rauch, F. Tung
and C. T. Striebel, AIAA Journal 3, 1965), with x at a row, x' at the next one:

    G = Cov(x, x') P'^-1          m_s = m + G (m'_s - m')          P_s = P + G (P'_s - P') G'

Cov(x, x') = P F', where F is how the mean of x' moves with x: along dF/dt = J F, J = E f' (see ``value``), and for a
jump the slope with which it lands. An answer moves no one, so across it nothing changes.
"""

# ruff: noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917, PLR2004 - one pass over plain arrays is what Numba compiles; numbers are the sums' own

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.dyad.compiled import inline, kernel
from toward.dyad.events import BOTH, CODES, Journal, check, journal
from toward.dyad.moments import falling, wall
from toward.dyad.params import CONSTANTS, Constants, Parameters, checked
from toward.dyad.plan import ADVANCE, BID, PUSH, Plan, plan
from toward.dyad.simulation import kernel_theta
from toward.dyad.value import (
    C_A,
    FALL,
    G_A,
    G_B,
    JA,
    JT,
    L_A,
    L_B,
    LIFT,
    WARMTH,
    D,
    Five,
    K,
    advance,
    cut,
    jumped,
    landing,
    learned,
    lift,
    likelihood,
    parts,
    sound,
    threat,
    turning,
)
from toward.errors import BadInput

if TYPE_CHECKING:
    from toward.dyad.estimate import Fit

#: Couples drawn from the posterior over which a path is averaged.
MOST: Final = 12
#: A couple whose answers are less likely by more than this many e-foldings than the dozen's median counts for less.
#: Usual draws are within six; the odd one is at a hundred, and its straight way back leads out of the scale.
UNLIKELY: Final = 10.0
#: Two times this close, in days, are one.
CLOSE: Final = 1e-7

Four = tuple[float, float, float, float]
Array = NDArray[np.float64]


class Smoothed(NamedTuple):
    """The Gaussian of (x_a, x_b) on each of n days: ``mean`` [n, 2], ``covariance`` [n, 2, 2] and ``between`` [2, 2].

    ``between`` is the covariance of the first day with the last.
    """

    mean: Array
    covariance: Array
    between: Array


class Path(NamedTuple):
    """Felt safety on each of n days, what is not known of the couple in the deviations too.

    ``mean`` and ``sd`` float64[n, 2]; ``change`` and ``change_sd`` float64[2], from the first day to the last.
    """

    mean: Array
    sd: Array
    change: Array
    change_sd: Array


@inline
def times2(a: Four, b: Four) -> Four:
    """The product of two matrices [[0, 1], [2, 3]]."""
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
    )


@inline
def pulls(state: Five, theta: Array, row: Array, stage: int, fixed: Array) -> Four:
    """J = E f', as in ``value.drift``."""
    ma, mb, p, _, v = state
    _, ha1, _, _ = falling(ma, p, fixed[0], fixed[1])
    _, hb1, _, _ = falling(mb, v, fixed[0], fixed[1])
    _, wa1, _, _ = wall(ma, p, fixed[4], fixed[5], fixed[6])
    _, wb1, _, _ = wall(mb, v, fixed[4], fixed[5], fixed[6])
    k = theta[K] * row[7]
    return (
        -theta[L_A] - k - wa1,
        k - theta[G_A] * row[1 + stage] * hb1,
        k - theta[G_B] * row[4 + stage] * ha1,
        -theta[L_B] - k - wb1,
    )


@inline
def carried(start: Four, mid: Four, end: Four, dt: float) -> Four:
    """F of one step by Kutta's third-order rule, from J at its start, halfway and at its end."""
    h = 0.5 * dt
    b = times2(mid, (1.0 + h * start[0], h * start[1], h * start[2], 1.0 + h * start[3]))
    far = (
        1.0 + dt * (2.0 * b[0] - start[0]),
        dt * (2.0 * b[1] - start[1]),
        dt * (2.0 * b[2] - start[2]),
        1.0 + dt * (2.0 * b[3] - start[3]),
    )
    c = times2(end, far)
    w = dt / 6.0
    return (
        1.0 + w * (start[0] + 4.0 * b[0] + c[0]),
        w * (start[1] + 4.0 * b[1] + c[1]),
        w * (start[2] + 4.0 * b[2] + c[2]),
        1.0 + w * (start[3] + 4.0 * b[3] + c[3]),
    )


@inline
def halfway(start: Five, end: Five) -> Five:
    """The moments in the middle of a step, taken as the mean of its ends."""
    return (
        0.5 * (start[0] + end[0]),
        0.5 * (start[1] + end[1]),
        0.5 * (start[2] + end[2]),
        0.5 * (start[3] + end[3]),
        0.5 * (start[4] + end[4]),
    )


@inline
def lands(state: Five, i: int, jump: float, sort: int, fixed: Array) -> float:
    """The slope with which a jump of x_i lands, as in ``value.jumped``."""
    m, p = (state[0], state[2]) if i == 0 else (state[1], state[4])
    _, g1, _, _ = landing(m, p, sort, fixed)
    return 1.0 + jump * g1


@inline
def gain(state: Five, slope: Four, after: Five) -> Four:
    """G = P F' P'^-1."""
    p, c, v = state[2], state[3], state[4]
    cross = times2((p, c, c, v), (slope[0], slope[2], slope[1], slope[3]))
    pp, pc, pv = after[2] + 1e-9, after[3], after[4] + 1e-9
    scale = 1.0 / (pp * pv - pc * pc)
    return times2(cross, (pv * scale, -pc * scale, -pc * scale, pp * scale))


@inline
def looked_back(state: Five, after: Five, smooth: Five, g: Four) -> Five:
    """The smoothed Gaussian before a step, from the one after it."""
    da, db = smooth[0] - after[0], smooth[1] - after[1]
    dp, dc, dv = smooth[2] - after[2], smooth[3] - after[3], smooth[4] - after[4]
    half = times2(g, (dp, dc, dc, dv))
    return sound(
        (
            state[0] + g[0] * da + g[1] * db,
            state[1] + g[2] * da + g[3] * db,
            state[2] + half[0] * g[0] + half[1] * g[1],
            state[3] + half[0] * g[2] + half[1] * g[3],
            state[4] + half[2] * g[2] + half[3] * g[3],
        )
    )


@kernel
def backward(
    theta: Array,
    code: NDArray[np.int8],
    who: NDArray[np.int8],
    work: Array,
    fixed: Array,
    before: Array,
    final: Array,
    first: int,
    last: int,
    out: Array,
    between: Array,
) -> None:
    """Smooth a plan whose filter's moments are ``before`` [rows, 5] and ``final`` [5], into ``out`` [rows + 1, 5].

    ``between`` [2, 2] receives the covariance of x before row ``first`` with x before row ``last``.
    """
    rows = code.size
    spare = np.empty(work.shape[1])
    smooth = (final[0], final[1], final[2], final[3], final[4])
    for n in range(5):
        out[rows, n] = smooth[n]
    passed = ahead = (1.0, 0.0, 0.0, 1.0)
    later, flows = smooth, False
    for at in range(rows - 1, -1, -1):
        row = work[at]
        what = code[at]
        state = (before[at, 0], before[at, 1], before[at, 2], before[at, 3], before[at, 4])
        moved = False
        slope = (1.0, 0.0, 0.0, 1.0)
        after = state
        if what == ADVANCE:
            moved = True
            pieces = parts(theta, row, fixed)
            if pieces == 1:
                # The filter was here: its own moments, and J where the next row begins if nothing lies between.
                after = later
                if not (
                    flows and row[3] == work[at + 1, 1] and row[6] == work[at + 1, 4] and row[7] == work[at + 1, 7]
                ):
                    ahead = pulls(after, theta, row, 2, fixed)
                here = pulls(state, theta, row, 0, fixed)
                slope = carried(here, pulls(halfway(state, after), theta, row, 1, fixed), ahead, row[0])
                ahead = here
            flows = pieces == 1
            for part in range(pieces if pieces > 1 else 0):
                cut(row, part, pieces, spare)
                end = sound(advance(after, theta, spare, fixed))
                here, mid = pulls(after, theta, spare, 0, fixed), pulls(halfway(after, end), theta, spare, 1, fixed)
                slope = times2(carried(here, mid, pulls(end, theta, spare, 2, fixed), spare[0]), slope)
                after = end
        elif what == PUSH:
            moved = True
            for j in range(2):
                fall, rise = -threat(row, theta, j), lift(row, theta, j)
                steep = lands(after, j, fall, FALL, fixed)
                after = jumped(after, j, fall, FALL, fixed)
                steep *= lands(after, j, rise, LIFT, fixed)
                after = jumped(after, j, rise, LIFT, fixed)
                slope = (slope[0] * steep, 0.0, 0.0, slope[3]) if j == 0 else (slope[0], 0.0, 0.0, slope[3] * steep)
        elif what == BID:
            moved = True
            i = int(who[at])
            j = 1 - i
            m, p = (state[0], state[2]) if j == 0 else (state[1], state[4])
            _, l1, l2, _, _ = turning(theta[C_A + j] + theta[D] * (m - 4.0), theta[D] * theta[D] * p, row[0] > 0.5)
            state = learned(state, j, theta[D], l1, l2)
            if row[0] > 0.5:
                asker = lands(state, i, theta[JT], WARMTH, fixed)
                after = jumped(state, i, theta[JT], WARMTH, fixed)
                other = lands(after, j, 0.5 * theta[JT], WARMTH, fixed)
                after = jumped(after, j, 0.5 * theta[JT], WARMTH, fixed)
            else:
                hurt = -theta[JA] * (1.0 - row[1])
                asker, other = lands(state, i, hurt, FALL, fixed), 1.0
                after = jumped(state, i, hurt, FALL, fixed)
            slope = (asker, 0.0, 0.0, other) if i == 0 else (other, 0.0, 0.0, asker)
        if moved:
            g = gain(state, slope, after)
            smooth = looked_back(state, after, smooth, g)
            if first <= at < last:
                passed = times2(g, passed)
        flows = flows and what == ADVANCE
        later = (before[at, 0], before[at, 1], before[at, 2], before[at, 3], before[at, 4])
        for n in range(5):
            out[at, n] = smooth[n]
    p, c, v = out[last, 2], out[last, 3], out[last, 4]
    cross = times2(passed, (p, c, c, v))
    between[0, 0], between[0, 1], between[1, 0], between[1, 1] = cross


def smooth(parameters: Parameters, journal: Journal, days: Array, *, constants: Constants = CONSTANTS) -> Smoothed:
    """Say where the two were on ``days`` float64[n] (of the journal's time, in order), given a couple and all answers.

    Days after the last entry are told ahead; days before the first one can't be. At an entry's own time it is what
    holds after it. Raises ``BadInput`` as ``check`` does, or for days that are not in order or begin too early.
    """
    values = kernel_theta(checked(parameters))
    laid, at = _marked(journal, days, constants)
    mean, covariance, between, _ = _one(values, laid, at)
    return Smoothed(mean, covariance, between)


def path(fit: Fit, days: Array, *, most: int = MOST) -> Path:
    """Say where the two were on ``days``, over ``most`` couples drawn from a fit's posterior. Raises as ``smooth``."""
    return over(fit.draws, fit.journal, days, fit.plan.constants, most=most)


def over(draws: Array, entries: Journal, days: Array, constants: Constants, *, most: int = MOST) -> Path:
    """As ``path``, over couples drawn as a fit's are: float64[n, P] on the natural scale."""
    laid, at = _marked(entries, days, constants)
    half = draws.shape[0] // 2
    # A fit's own draws come in pairs, each the mirror of the other around the mode: whole pairs leave the mean true.
    each = np.linspace(0, max(half - 1, 0), max(1, min(most // 2, half))).astype(np.int64)
    thetas = kernel_theta(draws[np.concatenate([each, each + half])])
    means, variances, changes, change_variances, told = [], [], [], [], []
    for theta in thetas:
        mean, covariance, between, likely = _one(theta, laid, at)
        told.append(likely)
        variance = covariance[:, [0, 1], [0, 1]]
        means.append(mean)
        variances.append(variance)
        changes.append(mean[-1] - mean[0])
        # One day alone has not changed, whatever rounding leaves.
        apart = variance[0] + variance[-1] - 2.0 * np.diag(between)
        change_variances.append(np.maximum(apart, 0.0))
    share = _shares(np.array(told))
    mean, sd = _mixed(share, np.array(means), np.array(variances))
    change, change_sd = _mixed(share, np.array(changes), np.array(change_variances))
    return Path(mean, sd, change, change_sd)


def _shares(told: Array) -> Array:
    """What each couple counts for, float64[n] with a sum of 1, by the log likelihood of the answers under it."""
    known = np.where(np.isfinite(told), told, -np.inf)
    middle = np.median(known)
    if not np.isfinite(middle):
        return np.full(told.size, 1.0 / told.size)
    share: Array = np.exp(np.minimum(known - middle + UNLIKELY, 0.0))
    share /= share.sum()
    return share


def _mixed(share: Array, means: Array, variances: Array) -> tuple[Array, Array]:
    """Mean and deviation of a mixture, over the first axis; what counts for nothing may be nan."""
    here = share > 0.0
    share, means, variances = share[here], means[here], variances[here]
    mean = np.tensordot(share, means, 1)
    return mean, np.sqrt(np.tensordot(share, variances + (means - mean) ** 2, 1))


def _marked(entries: Journal, days: Array, constants: Constants) -> tuple[Plan, NDArray[np.int64]]:
    """Lay out a journal with a row's edge at every asked day, and the row before which each of them lies.

    What is kept of an agreement tells the filter nothing, so it can mark a time.
    """
    known = check(entries)
    if days.ndim != 1 or not days.size or not np.isfinite(days).all() or (np.diff(days) < 0).any():
        raise BadInput("days must be finite numbers in order, at least one", field="days", reason="order")
    begin = float(known.time_days[0]) if known.time_days.size else float(days[0])
    if days[0] < begin - CLOSE:
        raise BadInput(f"day {days[0]:g} is before the first entry", field="days", reason="early")
    marks = [(max(float(day), begin), BOTH, "kept", 1.0) for day in np.unique(days)]
    kept = known.kind != CODES["kept"]
    rows = [(*row,) for row in zip(*(column[kept].tolist() for column in known), strict=True)]
    laid = plan(journal([*rows, *marks]), constants=constants)
    steps = np.where(laid.code == ADVANCE, laid.work[:, 0], 0.0)
    since = begin + np.concatenate([[0.0], np.cumsum(steps)])
    edges = np.append(np.flatnonzero(laid.code == ADVANCE), laid.code.size)
    return laid, edges[np.minimum(np.searchsorted(since[edges], days - CLOSE), edges.size - 1)]


def _one(theta: Array, laid: Plan, at: NDArray[np.int64]) -> tuple[Array, Array, Array, float]:
    rows = laid.code.size
    before, gained, final = np.empty((rows, 5)), np.zeros(rows), np.empty(5)
    # An empty plan would switch the keeping off: then there is nothing to keep.
    told = likelihood(theta, laid.code, laid.who, laid.work, laid.fixed, before, gained, final)
    out, between = np.empty((rows + 1, 5)), np.empty((2, 2))
    first, last = int(at[0]), int(at[-1])
    backward(theta, laid.code, laid.who, laid.work, laid.fixed, before, final, first, last, out, between)
    found = out[at]
    return found[:, :2], found[:, [2, 3, 3, 4]].reshape(-1, 2, 2), between, told
