"""The filter's kernel: log likelihood of a plan, and if asked the Gaussian at every row.

Between events the mean and covariance of (x_a, x_b) follow their exact moment equations under a Gaussian (assumed
density): d m = E f dt and d P = (J P + P J' + Q) dt with J = E f', both in closed form, by Kutta's third-order rule. At
an answer the evidence Z(m, P) is closed too, and the update is m + P grad log Z, P + P (hess log Z) P: the moments of
the posterior, exactly.
"""

# ruff: noqa: C901, PLR0912, PLR0915, PLR2004 - one pass over plain arrays is what Numba compiles; numbers are the sums' own
# An array's element has no type of its own:
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from toward.dyad.compiled import inline, kernel
from toward.dyad.moments import falling, falling_all, logs, normal, step, wall
from toward.dyad.plan import ADVANCE, BID, CHECKIN, PUSH, THERE

if TYPE_CHECKING:
    from numpy.typing import NDArray

# What the kernels call the couple: ``gains`` folds positions into G_i, the rest are ``Parameters`` as they are.
M_A, M_B, L_A, L_B, SIGMA_A, SIGMA_B, G_A, G_B, E_A, E_B, C_A, C_B = range(12)
K, R, JC, JT, JA, JS, D, LIFE, EASE, TOUCH, PSI, Q = range(12, 24)
KERNEL_SIZE: Final = 24

Five = tuple[float, float, float, float, float]


@inline
def drift(
    state: Five, theta: NDArray[np.float64], row: NDArray[np.float64], stage: int, fixed: NDArray[np.float64]
) -> Five:
    """Time derivative of (m_a, m_b, P_aa, P_ab, P_bb)."""
    ma, mb, p, c, v = state
    ha, ha1, _, _ = falling(ma, p, fixed[0], fixed[1])
    hb, hb1, _, _ = falling(mb, v, fixed[0], fixed[1])
    wa, wa1, _, _ = wall(ma, p, fixed[4], fixed[5], fixed[6])
    wb, wb1, _, _ = wall(mb, v, fixed[4], fixed[5], fixed[6])
    ga, gb = theta[G_A] * row[1 + stage], theta[G_B] * row[4 + stage]
    k = theta[K] * row[7]
    jaa, jab = -theta[L_A] - k - wa1, k - ga * hb1
    jbb, jba = -theta[L_B] - k - wb1, k - gb * ha1
    sa, sb = theta[SIGMA_A], theta[SIGMA_B]
    return (
        theta[L_A] * (theta[M_A] + theta[EASE] * row[8] - ma) + k * (mb - ma) - ga * hb - wa,
        theta[L_B] * (theta[M_B] + theta[EASE] * row[9] - mb) + k * (ma - mb) - gb * ha - wb,
        2.0 * (jaa * p + jab * c) + sa * sa,
        jaa * c + jab * v + jba * p + jbb * c + theta[R] * sa * sb,
        2.0 * (jba * c + jbb * v) + sb * sb,
    )


@inline
def parts(theta: NDArray[np.float64], row: NDArray[np.float64], fixed: NDArray[np.float64]) -> int:
    """Into how many steps a row must be cut for the rule to be stable: one, for all but extreme couples."""
    gain = max(theta[G_A] * row[1], theta[G_B] * row[4])
    rate = 2.0 * (max(theta[L_A], theta[L_B]) + 2.0 * theta[K] * row[7] + 0.4 * gain + fixed[6])
    return int(min(max(1.0, math.ceil(row[0] * rate / 1.8)), 60.0))


@inline
def cut(row: NDArray[np.float64], part: int, of: int, out: NDArray[np.float64]) -> None:
    """Part ``part`` of ``of`` equal parts of an ADVANCE row, its shields in between."""
    out[:] = row
    out[0] = row[0] / of
    for i in (1, 4):
        for stage in range(3):
            out[i + stage] = row[i] + (row[i + 2] - row[i]) * (part + 0.5 * stage) / of


@inline
def sound(state: Five) -> Five:
    """The moments with a covariance that is one (rounding and far tails can leave it a hair outside)."""
    ma, mb, p, c, v = state
    p, v = max(p, 1e-6), max(v, 1e-6)
    edge = 0.9999 * math.sqrt(p * v)
    return ma, mb, p, min(max(c, -edge), edge), v


@inline
def advance(state: Five, theta: NDArray[np.float64], row: NDArray[np.float64], fixed: NDArray[np.float64]) -> Five:
    """One step of Kutta's third-order rule."""
    dt = row[0]
    a0, a1, a2, a3, a4 = drift(state, theta, row, 0, fixed)
    s0, s1, s2, s3, s4 = state
    h = 0.5 * dt
    mid = (s0 + h * a0, s1 + h * a1, s2 + h * a2, s3 + h * a3, s4 + h * a4)
    b0, b1, b2, b3, b4 = drift(mid, theta, row, 1, fixed)
    end = (
        s0 + dt * (2.0 * b0 - a0),
        s1 + dt * (2.0 * b1 - a1),
        max(s2 + dt * (2.0 * b2 - a2), 1e-9),
        s3 + dt * (2.0 * b3 - a3),
        max(s4 + dt * (2.0 * b4 - a4), 1e-9),
    )
    c0, c1, c2, c3, c4 = drift(end, theta, row, 2, fixed)
    w = dt / 6.0
    return (
        s0 + w * (a0 + 4.0 * b0 + c0),
        s1 + w * (a1 + 4.0 * b1 + c1),
        s2 + w * (a2 + 4.0 * b2 + c2),
        s3 + w * (a3 + 4.0 * b3 + c3),
        s4 + w * (a4 + 4.0 * b4 + c4),
    )


@inline
def turning(tau: float, w: float, toward: bool) -> tuple[float, float, float, float, float]:  # noqa: FBT001 - an outcome
    """Log of E sigma(tau + noise), noise ~ N(0, w), or of its complement, and four derivatives in tau."""
    if toward:
        z0, z1, z2, z3, z4 = falling_all(-tau, w, 0.0, 1.0)
        return logs(z0, -z1, z2, -z3, z4)
    z0, z1, z2, z3, z4 = falling_all(tau, w, 0.0, 1.0)
    return logs(z0, z1, z2, z3, z4)


@inline
def learned(state: Five, i: int, slope: float, l1: float, l2: float) -> Five:
    """The Gaussian after an answer about x_i whose log evidence has derivatives ``l1``, ``l2`` in slope * x_i."""
    ma, mb, p, c, v = state
    g1, g2 = slope * l1, slope * slope * l2
    if i == 0:
        return ma + p * g1, mb + c * g1, p + p * p * g2, c + c * p * g2, v + c * c * g2
    return ma + c * g1, mb + v * g1, p + c * c * g2, c + c * v * g2, v + v * v * g2


#: How a jump lands: warmth through the hearing gate, a lift, a fall; all less near the end they go toward.
WARMTH, LIFT, FALL = 0, 1, 2


@inline
def landing(m: float, p: float, sort: int, fixed: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """The share of a jump that lands, E gamma(x) for x ~ N(m, p), and three derivatives in m."""
    if sort == FALL:
        e0, e1, e2, e3 = falling(m, p, fixed[12], fixed[14])
        return 1.0 - e0, -e1, -e2, -e3
    e0, e1, e2, e3 = falling(m, p, fixed[13], fixed[14])
    if sort == WARMTH:
        h0, h1, h2, h3 = falling(m, p, fixed[2], fixed[3])
        return e0 - h0, e1 - h1, e2 - h2, e3 - h3
    return e0, e1, e2, e3


@inline
def jumped(state: Five, i: int, jump: float, sort: int, fixed: NDArray[np.float64]) -> Five:
    """The Gaussian after ``jump`` gamma(x_i), linearised in the statistical sense."""
    ma, mb, p, c, v = state
    if i == 0:
        g, g1, _, _ = landing(ma, p, sort, fixed)
        rho = 1.0 + jump * g1
        return ma + jump * g, mb, p * rho * rho, c * rho, v
    g, g1, _, _ = landing(mb, v, sort, fixed)
    rho = 1.0 + jump * g1
    return ma, mb + jump * g, p, c * rho, v * rho * rho


@inline
def there_odds(theta: NDArray[np.float64], i: int, shield: float, fixed: NDArray[np.float64]) -> float:
    """Probability of "my partner was there" when the partner is gone: the lower, the more their going costs."""
    return 1.0 / (1.0 + math.exp(theta[Q] * theta[G_A + i] * shield - fixed[8]))


@inline
def threat(row: NDArray[np.float64], theta: NDArray[np.float64], i: int) -> float:
    """The fall of x_i at a conflict or a bad life event, eased by a held hand."""
    return (theta[JC] * row[i] + theta[LIFE] * row[4 + i]) * (1.0 - theta[TOUCH] * row[2 + i])


@inline
def lift(row: NDArray[np.float64], theta: NDArray[np.float64], i: int) -> float:
    """The rise of x_i at a softening or a good life event."""
    return theta[LIFE] * row[6 + i] + theta[JS] * row[8 + i]


@kernel
def likelihood(
    theta: NDArray[np.float64],
    code: NDArray[np.int8],
    who: NDArray[np.int8],
    work: NDArray[np.float64],
    fixed: NDArray[np.float64],
    before: NDArray[np.float64],
    gained: NDArray[np.float64],
    final: NDArray[np.float64],
) -> float:
    """Log likelihood of a plan.

    ``before`` float64[rows, 5] receives the Gaussian before each row and ``gained`` float64[rows] the row's log
    evidence; give them with no rows to skip that. ``final`` float64[5] receives the Gaussian at the end.
    """
    state = (fixed[10], fixed[10], fixed[11] * fixed[11], 0.0, fixed[11] * fixed[11])
    total = 0.0
    spare = np.empty(work.shape[1])
    keep = before.shape[0] > 0
    for at in range(code.size):
        row = work[at]
        what = code[at]
        if keep:
            before[at, 0], before[at, 1], before[at, 2], before[at, 3], before[at, 4] = state
        if what == ADVANCE:
            pieces = parts(theta, row, fixed)
            if pieces == 1:
                state = sound(advance(state, theta, row, fixed))
                continue
            for part in range(pieces):
                cut(row, part, pieces, spare)
                state = sound(advance(state, theta, spare, fixed))
            continue
        i = int(who[at])
        gain = 0.0
        if what == PUSH:
            for j in range(2):
                state = jumped(state, j, -threat(row, theta, j), FALL, fixed)
                state = jumped(state, j, lift(row, theta, j), LIFT, fixed)
        elif what == CHECKIN:
            noise = theta[E_A + i] * theta[E_A + i]
            m, p = (state[0], state[2]) if i == 0 else (state[1], state[4])
            gain, l1, l2, _, _ = step(m, p + noise, row[0], fixed[9])
            state = learned(state, i, 1.0, l1, l2)
        elif what == BID:
            j = 1 - i
            m, p = (state[0], state[2]) if j == 0 else (state[1], state[4])
            gain, l1, l2, _, _ = turning(theta[C_A + j] + theta[D] * (m - 4.0), theta[D] * theta[D] * p, row[0] > 0.5)
            state = learned(state, j, theta[D], l1, l2)
            if row[0] > 0.5:
                state = jumped(state, i, theta[JT], WARMTH, fixed)
                state = jumped(state, j, 0.5 * theta[JT], WARMTH, fixed)
            else:
                state = jumped(state, i, -theta[JA] * (1.0 - row[1]), FALL, fixed)
        elif what == THERE:
            j = 1 - i
            m, p = (state[0], state[2]) if j == 0 else (state[1], state[4])
            low = there_odds(theta, i, row[1], fixed)
            h0, h1, h2, h3, h4 = falling_all(m, p, fixed[0], fixed[1])
            base = fixed[7] if row[0] > 0.5 else 1.0 - fixed[7]
            fall = low - fixed[7] if row[0] > 0.5 else fixed[7] - low
            gain, l1, l2, _, _ = logs(base + fall * h0, fall * h1, fall * h2, fall * h3, fall * h4)
            state = learned(state, j, 1.0, l1, l2)
        else:
            m, p = (state[0], state[2]) if i == 0 else (state[1], state[4])
            psi = theta[PSI]
            gain, l1, l2, _, _ = normal(psi * (m - 4.0), psi * psi * p + 1.0, row[0])
            state = learned(state, i, psi, l1, l2)
        total += gain
        if keep:
            gained[at] = gain
    final[0], final[1], final[2], final[3], final[4] = state
    return total
