"""The simulator's kernel: the two, day by day, on a fixed grid with their luck given from outside.

All chance is in the arrays ``noise`` and ``luck``, so the same luck can be lived twice, once with a practice and once
without (common random numbers), and a result is a pure function of its arguments. Euler and Maruyama's rule; events
lie on the grid's points.
"""

# ruff: noqa: C901 - one pass over plain arrays is what Numba compiles; numbers are the sums' own
# An array's element has no type of its own:
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from toward.dyad.compiled import inline, kernel
from toward.dyad.plan import (
    H_A,
    K_BID,
    K_CHECKIN,
    K_CONFLICT,
    K_HEART,
    K_LIFE,
    K_MARK,
    K_MOVED,
    K_RUNG,
    K_SOFTENING,
    K_THERE,
    K_TOGETHER,
    N_A,
    S_A,
    TOGETHER,
    U_A,
    V_A,
    ease,
    happen,
)
from toward.dyad.value import (
    C_A,
    E_A,
    EASE,
    FALL,
    G_A,
    JA,
    JC,
    JS,
    JT,
    L_A,
    LIFE,
    LIFT,
    M_A,
    PSI,
    SIGMA_A,
    TOUCH,
    WARMTH,
    D,
    K,
    R,
    there_odds,
)

Array = NDArray[np.float64]


@inline
def logistic(z: float) -> float:
    """1 / (1 + exp(-z))."""
    return 1.0 / (1.0 + math.exp(-z))


@inline
def guard(aside: Array, i: int) -> float:
    """(1 - S)(1 - N) of partner ``i`` now."""
    return (1.0 - aside[S_A + i]) * (1.0 - aside[N_A + i])


@inline
def stride(x: Array, theta: Array, aside: Array, dt: float, noise: Array, rates: Array, fixed: Array) -> None:
    """Move (x_a, x_b) by one grid step, in place."""
    k = theta[K] * aside[TOGETHER]
    old_a, old_b = x[0], x[1]
    w_a = noise[0]
    w_b = theta[R] * noise[0] + math.sqrt(max(0.0, 1.0 - theta[R] * theta[R])) * noise[1]
    root = math.sqrt(dt)
    for i in range(2):
        own, other = (old_a, old_b) if i == 0 else (old_b, old_a)
        threat = theta[G_A + i] * guard(aside, i) * logistic((fixed[0] - other) / fixed[1])
        spring = fixed[6] * (max(own - fixed[5], 0.0) - max(fixed[4] - own, 0.0))
        pull = theta[L_A + i] * (theta[M_A + i] + theta[EASE] * ease(aside, i, rates[8]) - own)
        x[i] = (
            own
            + dt * (pull + k * (other - own) - threat - spring)
            + theta[SIGMA_A + i] * root * (w_a if i == 0 else w_b)
        )


@inline
def answer(  # noqa: PLR0911
    x: Array,
    theta: Array,
    aside: Array,
    who: int,
    kind: int,
    luck: Array,
    extra: Array,
    fixed: Array,
) -> float:
    """What is said or done where the journal leaves it open. ``extra``: against share, positions shown, need, cuts."""
    if kind == K_CHECKIN:
        said = math.floor(x[who] + theta[E_A + who] * luck[1] + 0.5)
        return min(7.0, max(1.0, said))
    if kind == K_BID:
        toward = logistic(theta[C_A + 1 - who] + theta[D] * (x[1 - who] - 4.0))
        if luck[0] < toward:
            return 1.0
        return -1.0 if luck[0] > 1.0 - (1.0 - toward) * extra[0] else 0.0
    if kind == K_THERE:
        gone = logistic((fixed[0] - x[1 - who]) / fixed[1])
        low = there_odds(theta, who, guard(aside, who), fixed)
        return 1.0 if luck[0] < fixed[7] + (low - fixed[7]) * gone else 0.0
    if kind == K_MARK:
        return 1.0 if luck[0] < extra[1 + who] else 0.0
    if kind == K_MOVED:
        return 1.0 if luck[0] < extra[3 + who] else 0.0
    if kind == K_HEART:
        return min(8.0, max(-8.0, theta[PSI] * (x[who] - 4.0) + luck[1]))
    if kind == K_RUNG:
        rung = 0.0
        for cut in range(6):
            if luck[0] < logistic((extra[5] * aside[U_A + who] - extra[7 + cut]) / extra[6]):
                rung += 1.0
        return rung
    return 1.0


@inline
def land(x: float, sort: int, fixed: Array) -> float:
    """The share of a jump that lands at x."""
    if sort == FALL:
        return logistic((x - fixed[12]) / fixed[14])
    room = logistic((fixed[13] - x) / fixed[14])
    return room - logistic((fixed[2] - x) / fixed[3]) if sort == WARMTH else room


@inline
def push(x: Array, theta: Array, aside: Array, who: int, kind: int, value: float, fixed: Array) -> None:
    """The jump that an event makes in x, in place."""
    if kind == K_BID:
        other = 1 - who
        if value > 0.0:
            x[who] += theta[JT] * land(x[who], WARMTH, fixed)
            x[other] += 0.5 * theta[JT] * land(x[other], WARMTH, fixed)
        else:
            x[who] -= theta[JA] * (1.0 - value) * land(x[who], FALL, fixed)
        return
    for i in range(2):
        if who not in (i, 2):
            continue
        eased = 1.0 - theta[TOUCH] * aside[V_A + 4 * i] * aside[H_A + i]
        if kind == K_CONFLICT:
            x[i] -= theta[JC] * value * eased * land(x[i], FALL, fixed)
        elif kind == K_LIFE and value < 0.0:
            x[i] += theta[LIFE] * value * eased * land(x[i], FALL, fixed)
        elif kind == K_LIFE:
            x[i] += theta[LIFE] * value * land(x[i], LIFT, fixed)
        elif kind == K_SOFTENING:
            x[i] += theta[JS] * value * land(x[i], LIFT, fixed)


@kernel
def unfold(  # noqa: PLR0913, PLR0917
    x: Array,
    theta: Array,
    dt: float,
    noise: Array,
    when: NDArray[np.int64],
    who: NDArray[np.int8],
    kind: NDArray[np.int8],
    value: Array,
    luck: Array,
    aside: Array,
    extra: Array,
    rates: Array,
    fixed: Array,
    path: Array,
) -> None:
    """Live ``noise.shape[0]`` grid steps from ``x`` [2], filling ``path`` [steps + 1, 2] and every NaN of ``value``.

    ``when`` int64[n] is the grid point of each event, in order; ``path`` holds x after the events of its point.
    """
    n = when.size
    at = 0
    steps = noise.shape[0]
    fade = np.empty(V_A)
    for state in range(V_A):
        fade[state] = math.exp(-dt / rates[state // 2])
    for point in range(steps + 1):
        if point > 0:
            stride(x, theta, aside, dt, noise[point - 1], rates, fixed)
            for state in range(V_A):
                aside[state] *= fade[state]
        while at < n and when[at] <= point:
            i, what = int(who[at]), int(kind[at])
            if math.isnan(value[at]):
                value[at] = answer(x, theta, aside, i, what, luck[at], extra, fixed)
            push(x, theta, aside, i, what, value[at], fixed)
            if what == K_TOGETHER:
                aside[TOGETHER] = value[at]
            happen(aside, i, what, value[at], rates)
            at += 1
        path[point, 0] = x[0]
        path[point, 1] = x[1]
