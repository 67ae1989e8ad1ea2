"""The filter's kernel with its derivative in every parameter, carried forward beside the moments.

The same equations as in ``value``, and for each of the 24 parameters the tangent of (m_a, m_b, P_aa, P_ab, P_bb): the
moment equations' Jacobian is as closed as the moments are, so a gradient costs about three likelihoods, whatever the
number of parameters. Held to ``value`` and to finite differences by the tests.
"""

# ruff: noqa: C901, PLR0912, PLR0915, PLR2004 - one pass over plain arrays is what Numba compiles; numbers are the sums' own
# An array's element has no type of its own:
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from toward.dyad.compiled import inline, kernel
from toward.dyad.moments import falling, falling_all, logs, normal, step, wall
from toward.dyad.plan import ADVANCE, BID, CHECKIN, PUSH, THERE
from toward.dyad.value import (
    C_A,
    E_A,
    EASE,
    FALL,
    G_A,
    G_B,
    JA,
    JC,
    JS,
    JT,
    KERNEL_SIZE,
    L_A,
    L_B,
    LIFE,
    LIFT,
    M_A,
    M_B,
    PSI,
    SIGMA_A,
    SIGMA_B,
    TOUCH,
    WARMTH,
    D,
    K,
    Q,
    R,
    cut,
    landing,
    learned,
    lift,
    parts,
    sound,
    there_odds,
    threat,
    turning,
)

Array = NDArray[np.float64]


@inline
def rates(
    state: Array, tangent: Array, theta: Array, row: Array, stage: int, fixed: Array, out: Array, out_tangent: Array
) -> None:
    """Time derivative of the moments (``out`` [5]) and of their tangents (``out_tangent`` [5, 24])."""
    ma, mb, p, c, v = state[0], state[1], state[2], state[3], state[4]
    ha, ha1, ha2, ha3 = falling(ma, p, fixed[0], fixed[1])
    hb, hb1, hb2, hb3 = falling(mb, v, fixed[0], fixed[1])
    wa, wa1, wa2, wa3 = wall(ma, p, fixed[4], fixed[5], fixed[6])
    wb, wb1, wb2, wb3 = wall(mb, v, fixed[4], fixed[5], fixed[6])
    da, db = row[1 + stage], row[4 + stage]
    ga, gb = theta[G_A] * da, theta[G_B] * db
    k = theta[K] * row[7]
    la, lb = theta[L_A], theta[L_B]
    jaa, jab = -la - k - wa1, k - ga * hb1
    jbb, jba = -lb - k - wb1, k - gb * ha1
    sa, sb, r = theta[SIGMA_A], theta[SIGMA_B], theta[R]
    pull_a = theta[M_A] + theta[EASE] * row[8] - ma
    pull_b = theta[M_B] + theta[EASE] * row[9] - mb
    out[0] = la * pull_a + k * (mb - ma) - ga * hb - wa
    out[1] = lb * pull_b + k * (ma - mb) - gb * ha - wb
    out[2] = 2.0 * (jaa * p + jab * c) + sa * sa
    out[3] = jaa * c + jab * v + jba * p + jbb * c + r * sa * sb
    out[4] = 2.0 * (jba * c + jbb * v) + sb * sb
    # The Jacobian of the right-hand side, row by row.
    x02, x04 = -0.5 * wa2, -0.5 * ga * hb2
    x12, x14 = -0.5 * gb * ha2, -0.5 * wb2
    x20, x21 = -2.0 * wa2 * p, -2.0 * ga * hb2 * c
    x22, x23, x24 = 2.0 * jaa - wa3 * p, 2.0 * jab, -ga * hb3 * c
    x40, x41 = -2.0 * gb * ha2 * c, -2.0 * wb2 * v
    x42, x43, x44 = -gb * ha3 * c, 2.0 * jba, 2.0 * jbb - wb3 * v
    x30, x31 = -wa2 * c - gb * ha2 * p, -wb2 * c - ga * hb2 * v
    x32, x33 = jba - 0.5 * (wa3 * c + gb * ha3 * p), jaa + jbb
    x34 = jab - 0.5 * (wb3 * c + ga * hb3 * v)
    for n in range(KERNEL_SIZE):
        t0, t1, t2, t3, t4 = tangent[0, n], tangent[1, n], tangent[2, n], tangent[3, n], tangent[4, n]
        out_tangent[0, n] = jaa * t0 + jab * t1 + x02 * t2 + x04 * t4
        out_tangent[1, n] = jba * t0 + jbb * t1 + x12 * t2 + x14 * t4
        out_tangent[2, n] = x20 * t0 + x21 * t1 + x22 * t2 + x23 * t3 + x24 * t4
        out_tangent[3, n] = x30 * t0 + x31 * t1 + x32 * t2 + x33 * t3 + x34 * t4
        out_tangent[4, n] = x40 * t0 + x41 * t1 + x42 * t2 + x43 * t3 + x44 * t4
    # And in the parameters themselves.
    out_tangent[0, M_A] += la
    out_tangent[1, M_B] += lb
    out_tangent[0, EASE] += la * row[8]
    out_tangent[1, EASE] += lb * row[9]
    out_tangent[0, L_A] += pull_a
    out_tangent[2, L_A] -= 2.0 * p
    out_tangent[3, L_A] -= c
    out_tangent[1, L_B] += pull_b
    out_tangent[4, L_B] -= 2.0 * v
    out_tangent[3, L_B] -= c
    out_tangent[0, G_A] -= da * hb
    out_tangent[2, G_A] -= 2.0 * da * hb1 * c
    out_tangent[3, G_A] -= da * hb1 * v
    out_tangent[1, G_B] -= db * ha
    out_tangent[4, G_B] -= 2.0 * db * ha1 * c
    out_tangent[3, G_B] -= db * ha1 * p
    out_tangent[0, K] += row[7] * (mb - ma)
    out_tangent[1, K] += row[7] * (ma - mb)
    out_tangent[2, K] += 2.0 * row[7] * (c - p)
    out_tangent[4, K] += 2.0 * row[7] * (c - v)
    out_tangent[3, K] += row[7] * (p + v - 2.0 * c)
    out_tangent[2, SIGMA_A] += 2.0 * sa
    out_tangent[3, SIGMA_A] += r * sb
    out_tangent[4, SIGMA_B] += 2.0 * sb
    out_tangent[3, SIGMA_B] += r * sa
    out_tangent[3, R] += sa * sb


@inline
def forward(state: Array, tangent: Array, theta: Array, row: Array, fixed: Array, room: Array, moved: Array) -> None:
    """One step of Kutta's rule for moments and tangents, in place; ``room`` [4, 5, 24], ``moved`` [4, 5]: scratch."""
    dt = row[0]
    rates(state, tangent, theta, row, 0, fixed, moved[0], room[0])
    for i in range(5):
        moved[3, i] = state[i] + 0.5 * dt * moved[0, i]
        for n in range(KERNEL_SIZE):
            room[3, i, n] = tangent[i, n] + 0.5 * dt * room[0, i, n]
    rates(moved[3], room[3], theta, row, 1, fixed, moved[1], room[1])
    for i in range(5):
        moved[3, i] = state[i] + dt * (2.0 * moved[1, i] - moved[0, i])
        for n in range(KERNEL_SIZE):
            room[3, i, n] = tangent[i, n] + dt * (2.0 * room[1, i, n] - room[0, i, n])
    moved[3, 2] = max(moved[3, 2], 1e-9)
    moved[3, 4] = max(moved[3, 4], 1e-9)
    rates(moved[3], room[3], theta, row, 2, fixed, moved[2], room[2])
    w = dt / 6.0
    for i in range(5):
        state[i] += w * (moved[0, i] + 4.0 * moved[1, i] + moved[2, i])
        for n in range(KERNEL_SIZE):
            tangent[i, n] += w * (room[0, i, n] + 4.0 * room[1, i, n] + room[2, i, n])


@inline
def update(  # noqa: PLR0913, PLR0917
    state: Array,
    tangent: Array,
    i: int,
    slope: float,
    l1: float,
    l2: float,
    dl1: Array,
    dl2: Array,
    dslope: int,
) -> None:
    """Moments and tangents after an answer about x_i; ``dl1``, ``dl2`` are the tangents of ``l1``, ``l2``.

    ``dslope`` is the parameter that is the slope itself, or -1.
    """
    own, other = (2, 4) if i == 0 else (4, 2)
    j = 1 - i
    g1, g2 = slope * l1, slope * slope * l2
    p, c = state[own], state[3]
    for n in range(KERNEL_SIZE):
        h1, h2 = slope * dl1[n], slope * slope * dl2[n]
        if n == dslope:
            h1 += l1
            h2 += 2.0 * slope * l2
        dp, dc = tangent[own, n], tangent[3, n]
        tangent[i, n] += dp * g1 + p * h1
        tangent[j, n] += dc * g1 + c * h1
        tangent[other, n] += 2.0 * c * dc * g2 + c * c * h2
        tangent[3, n] += (dc * p + c * dp) * g2 + c * p * h2
        tangent[own, n] += 2.0 * p * dp * g2 + p * p * h2
    five = learned((state[0], state[1], state[2], state[3], state[4]), i, slope, l1, l2)
    state[0], state[1], state[2], state[3], state[4] = five


@inline
def jump_on(state: Array, tangent: Array, i: int, jump: float, djump: Array, sort: int, fixed: Array) -> None:
    """Moments and tangents after ``jump`` gamma(x_i); ``djump`` [24] is the jump's own derivative, cleared here."""
    own = 2 if i == 0 else 4
    g, g1, g2, g3 = landing(state[i], state[own], sort, fixed)
    rho = 1.0 + jump * g1
    p, c = state[own], state[3]
    for n in range(KERNEL_SIZE):
        dm, dp = tangent[i, n], tangent[own, n]
        drho = jump * (g2 * dm + 0.5 * g3 * dp) + g1 * djump[n]
        tangent[i, n] = rho * dm + 0.5 * jump * g2 * dp + g * djump[n]
        tangent[own, n] = rho * rho * dp + 2.0 * p * rho * drho
        tangent[3, n] = rho * tangent[3, n] + c * drho
        djump[n] = 0.0
    state[i] += jump * g
    state[own] = p * rho * rho
    state[3] = c * rho


@kernel
def likelihood_gradient(
    theta: Array,
    code: NDArray[np.int8],
    who: NDArray[np.int8],
    work: Array,
    fixed: Array,
    gradient: Array,
    state: Array,
    tangent: Array,
) -> float:
    """Log likelihood of a plan, its ``gradient`` [24], and at the end the moments [5] and their ``tangent`` [5, 24]."""
    state[0] = state[1] = fixed[10]
    state[2] = state[4] = fixed[11] * fixed[11]
    state[3] = 0.0
    tangent[:] = 0.0
    gradient[:] = 0.0
    room, moved = np.empty((4, 5, KERNEL_SIZE)), np.empty((4, 5))
    dtau, dw, dl1, dl2 = np.empty(KERNEL_SIZE), np.empty(KERNEL_SIZE), np.empty(KERNEL_SIZE), np.empty(KERNEL_SIZE)
    total = 0.0
    spare, djump = np.empty(work.shape[1]), np.zeros(KERNEL_SIZE)
    for at in range(code.size):
        row = work[at]
        what = code[at]
        if what == ADVANCE:
            pieces = parts(theta, row, fixed)
            for part in range(pieces):
                if pieces > 1:
                    cut(row, part, pieces, spare)
                    forward(state, tangent, theta, spare, fixed, room, moved)
                else:
                    forward(state, tangent, theta, row, fixed, room, moved)
                five = sound((state[0], state[1], state[2], state[3], state[4]))
                state[0], state[1], state[2], state[3], state[4] = five
            continue
        i = int(who[at])
        if what == PUSH:
            for j in range(2):
                if row[j] > 0.0 or row[4 + j] > 0.0:
                    eased = 1.0 - theta[TOUCH] * row[2 + j]
                    djump[JC] = -row[j] * eased
                    djump[LIFE] = -row[4 + j] * eased
                    djump[TOUCH] = (theta[JC] * row[j] + theta[LIFE] * row[4 + j]) * row[2 + j]
                    jump_on(state, tangent, j, -threat(row, theta, j), djump, FALL, fixed)
                if row[6 + j] > 0.0 or row[8 + j] > 0.0:
                    djump[LIFE] = row[6 + j]
                    djump[JS] = row[8 + j]
                    jump_on(state, tangent, j, lift(row, theta, j), djump, LIFT, fixed)
            continue
        j = 1 - i if what in (BID, THERE) else i
        own = 2 if j == 0 else 4
        m, p = state[j], state[own]
        slope, dslope = 1.0, -1
        low = fall = h0 = h1 = h2 = 0.0
        if what == CHECKIN:
            noise = theta[E_A + i] * theta[E_A + i]
            l0, l1, l2, l3, l4 = step(m, p + noise, row[0], fixed[9])
        elif what == BID:
            slope, dslope = theta[D], D
            l0, l1, l2, l3, l4 = turning(theta[C_A + j] + slope * (m - 4.0), slope * slope * p, row[0] > 0.5)
        elif what == THERE:
            low = there_odds(theta, i, row[1], fixed)
            h0, h1, h2, h3, h4 = falling_all(m, p, fixed[0], fixed[1])
            sign = 1.0 if row[0] > 0.5 else -1.0
            base = fixed[7] if row[0] > 0.5 else 1.0 - fixed[7]
            fall = sign * (low - fixed[7])
            l0, l1, l2, l3, l4 = logs(base + fall * h0, fall * h1, fall * h2, fall * h3, fall * h4)
            h0 *= sign
            h1 *= sign
            h2 *= sign
        else:
            slope, dslope = theta[PSI], PSI
            l0, l1, l2, l3, l4 = normal(slope * (m - 4.0), slope * slope * p + 1.0, row[0])
        for n in range(KERNEL_SIZE):
            dtau[n] = slope * tangent[j, n]
            dw[n] = slope * slope * tangent[own, n]
        if what == CHECKIN:
            dw[E_A + i] += 2.0 * theta[E_A + i]
        elif dslope >= 0:
            dtau[dslope] += m - 4.0
            dw[dslope] += 2.0 * slope * p
            if what == BID:
                dtau[C_A + j] += 1.0
        a1, a2 = 0.5 * (l3 + 2.0 * l1 * l2), 0.5 * (l4 + 2.0 * l2 * l2 + 2.0 * l1 * l3)
        half = 0.5 * (l2 + l1 * l1)
        for n in range(KERNEL_SIZE):
            gradient[n] += l1 * dtau[n] + half * dw[n]
            dl1[n] = l2 * dtau[n] + a1 * dw[n]
            dl2[n] = l3 * dtau[n] + a2 * dw[n]
        if what == THERE:
            inverse = 1.0 / math.exp(l0)
            by = h0 * inverse
            by1 = h1 * inverse - l1 * by
            by2 = h2 * inverse - (l2 + l1 * l1) * by - 2.0 * l1 * by1
            for n, dlow in (
                (G_A + i, -low * (1.0 - low) * theta[Q] * row[1]),
                (Q, -low * (1.0 - low) * theta[G_A + i] * row[1]),
            ):
                gradient[n] += by * dlow
                dl1[n] += by1 * dlow
                dl2[n] += by2 * dlow
        total += l0
        update(state, tangent, j, slope, l1, l2, dl1, dl2, dslope)
        if what == BID:
            if row[0] > 0.5:
                djump[JT] = 1.0
                jump_on(state, tangent, i, theta[JT], djump, WARMTH, fixed)
                djump[JT] = 0.5
                jump_on(state, tangent, j, 0.5 * theta[JT], djump, WARMTH, fixed)
            else:
                djump[JA] = row[1] - 1.0
                jump_on(state, tangent, i, -theta[JA] * (1.0 - row[1]), djump, FALL, fixed)
    return total
