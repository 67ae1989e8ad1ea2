"""The posterior as kernels: minus log density with its gradient on the unconstrained scale, and what walks on it.

Coordinates are w = (z - prior mean) / prior sd, in which the prior is a standard normal and the posterior is never far
from round: quasi-Newton steps start well and a fit of a few weeks takes some thirty gradients. Everything runs without
the interpreter's lock.
"""

# ruff: noqa: C901, PLR0912, PLR2004 - one pass over plain arrays is what Numba compiles; numbers are the sums' own
# An array's element has no type of its own:
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from toward.dyad.compiled import inline, kernel
from toward.dyad.gradient import likelihood_gradient
from toward.dyad.params import INDEX, SIZE, TRANSFORMS, Constants
from toward.dyad.simulation import KERNEL_FROM
from toward.dyad.value import KERNEL_SIZE

if TYPE_CHECKING:
    from toward.dyad.plan import Plan

Array = NDArray[np.float64]
Data = tuple[NDArray[np.int8], NDArray[np.int8], Array, Array, Array, Array, Array]

_KINDS: Final = np.array([("identity", "log", "tanh", "logit").index(name) for name in TRANSFORMS])
_FROM: Final = KERNEL_FROM
_GW, _GP, _A, _NEED = INDEX["gw_a"], INDEX["gp_a"], INDEX["a_a"], INDEX["need"]
#: The longest step of a search, in prior standard deviations.
_FAR: Final = 2.0


def data(laid: Plan) -> Data:
    """What the kernels read of a plan."""
    c: Constants = laid.constants
    side = np.array([c.mark_weight, c.moved_weight, c.rung_width, *c.rungs])
    return laid.code, laid.who, laid.work, laid.fixed, laid.marks, laid.rungs, side


@inline
def marked(a: float, weight: float, reached: float, pulled: float) -> tuple[float, float]:
    """Beta-binomial log probability of marks in their order, and its derivative in the position ``a``."""
    total = slope = 0.0
    for n in range(int(reached)):
        total += math.log(a * weight + n)
        slope += weight / (a * weight + n)
    for n in range(int(pulled)):
        total += math.log((1.0 - a) * weight + n)
        slope -= weight / ((1.0 - a) * weight + n)
    for n in range(int(reached + pulled)):
        total -= math.log(weight + n)
    return total, slope


@inline
def climbed(need: float, rung: int, u: float, side: Array) -> tuple[float, float]:
    """Log probability of one rung of the ladder, and its derivative in ``need``."""
    above, above1, here, here1 = 0.0, 0.0, 1.0, 0.0
    if rung < 6:
        above = 1.0 / (1.0 + math.exp((side[3 + rung] - need * u) / side[2]))
        above1 = above * (1.0 - above) * u / side[2]
    if rung > 0:
        here = 1.0 / (1.0 + math.exp((side[2 + rung] - need * u) / side[2]))
        here1 = here * (1.0 - here) * u / side[2]
    p = here - above + 1e-9
    return math.log(p), (here1 - above1) / p


@kernel
def energy_gradient(w: Array, mean: Array, sd: Array, data: Data, out: Array) -> float:
    """Minus log posterior (less constants) at ``w`` [P], and its gradient into ``out`` [P]."""
    code, who, work, fixed, marks, rungs, side = data
    natural, slope = np.empty(SIZE), np.empty(SIZE)
    for n in range(SIZE):
        z = mean[n] + sd[n] * w[n]
        if _KINDS[n] == 1:
            natural[n] = slope[n] = math.exp(z)
        elif _KINDS[n] == 2:
            natural[n] = math.tanh(z)
            slope[n] = 1.0 - natural[n] * natural[n]
        elif _KINDS[n] == 3:
            natural[n] = 1.0 / (1.0 + math.exp(-z))
            slope[n] = natural[n] * (1.0 - natural[n])
        else:
            natural[n] = z
            slope[n] = 1.0
        slope[n] *= sd[n]
    theta, gradient = np.empty(KERNEL_SIZE), np.empty(KERNEL_SIZE)
    for n in range(KERNEL_SIZE):
        theta[n] = natural[_FROM[n]]
    for i in range(2):
        reach = natural[_A + 1 - i]
        theta[6 + i] = natural[_GW + i] * (1.0 - reach) + natural[_GP + i] * reach
    state, tangent = np.empty(5), np.empty((5, KERNEL_SIZE))
    total = likelihood_gradient(theta, code, who, work, fixed, gradient, state, tangent)
    out[:] = 0.0
    for n in range(KERNEL_SIZE):
        if n in (6, 7):
            continue
        out[_FROM[n]] = gradient[n]
    for i in range(2):
        reach = natural[_A + 1 - i]
        for at, by in ((_GW + i, 1.0 - reach), (_GP + i, reach), (_A + 1 - i, natural[_GP + i] - natural[_GW + i])):
            out[at] += gradient[6 + i] * by
        for row in range(2):
            gain, by = marked(natural[_A + i], side[row], marks[2 * row + i, 0], marks[2 * row + i, 1])
            total += gain
            out[_A + i] += by
    for row in range(rungs.shape[0]):
        gain, by = climbed(natural[_NEED], int(rungs[row, 0]), rungs[row, 1], side)
        total += gain
        out[_NEED] += by
    for n in range(SIZE):
        total -= 0.5 * w[n] * w[n]
        out[n] = w[n] - out[n] * slope[n]
    return -total if math.isfinite(total) else math.inf


@kernel
def minimise(
    w: Array, mean: Array, sd: Array, data: Data, inverse: Array, tolerance: float, most: int
) -> tuple[float, int]:
    """BFGS from ``w``, in place; ``inverse`` [P, P] is the first guess of the inverse Hessian and is improved in place.

    Returns the energy reached and how many gradients it took; more than ``most`` means it did not settle.
    """
    g, trial, g_trial = np.empty(SIZE), np.empty(SIZE), np.empty(SIZE)
    f = energy_gradient(w, mean, sd, data, g)
    used = 1
    while used < most and np.max(np.abs(g)) > tolerance:
        direction = -inverse @ g
        downhill = np.dot(direction, g)
        if not downhill < 0.0:
            inverse[:] = np.eye(SIZE)
            direction = -g
            downhill = np.dot(direction, g)
        length = min(1.0, _FAR / math.sqrt(np.dot(direction, direction)))
        found = False
        f_trial = f
        for _ in range(30):
            trial[:] = w + length * direction
            f_trial = energy_gradient(trial, mean, sd, data, g_trial)
            used += 1
            if f_trial <= f + 1e-4 * length * downhill:
                found = True
                break
            bend = f_trial - f - length * downhill
            best = -0.5 * downhill * length * length / bend if math.isfinite(bend) and bend > 0.0 else 0.0
            length = min(max(best, 0.1 * length), 0.5 * length)
        if not found:
            break
        s, y = trial - w, g_trial - g
        sy = np.dot(s, y)
        w[:] = trial
        g[:] = g_trial
        f = f_trial
        if sy > 1e-10:
            hy = inverse @ y
            by = (1.0 + np.dot(y, hy) / sy) / sy
            for a in range(SIZE):
                for b in range(SIZE):
                    inverse[a, b] += by * s[a] * s[b] - (hy[a] * s[b] + s[a] * hy[b]) / sy
    settled = np.max(np.abs(g)) <= 10.0 * tolerance
    return f, used if settled else most + used


@kernel
def curvature(w: Array, mean: Array, sd: Array, data: Data, out: Array) -> None:
    """Hessian of the energy at ``w`` into ``out`` [P, P], by differences of the exact gradient.

    A parameter that the data do not touch sits exactly at its prior mean with no gradient: its row is the prior's, and
    costs nothing. Not so a position, which has none either while pressing and pulling away are felt alike, and yet goes
    with both.
    """
    here, there, moved = np.empty(SIZE), np.empty(SIZE), w.copy()
    energy_gradient(w, mean, sd, data, here)
    h = 1e-5
    for n in range(SIZE):
        if w[n] == 0.0 and here[n] == 0.0 and not _A <= n <= _A + 1:
            out[n] = 0.0
            out[n, n] = 1.0
            continue
        moved[n] = w[n] + h
        energy_gradient(moved, mean, sd, data, there)
        moved[n] = w[n]
        out[n] = (there - here) / h
    for a in range(SIZE):
        for b in range(a):
            out[a, b] = out[b, a] = 0.5 * (out[a, b] + out[b, a])


@kernel
def wander(  # noqa: PLR0913, PLR0917
    w: Array,
    root: Array,
    mean: Array,
    sd: Array,
    data: Data,
    kicks: Array,
    coins: Array,
    stride: float,
    leaps: int,
    out: Array,
) -> float:
    """Hamiltonian Monte Carlo from ``w`` in the Laplace's own coordinates (``root`` @ ``root``.T is its covariance).

    One draw per row of ``kicks`` [n, P] (standard normals) and of ``coins`` [n, 2] (uniforms) into ``out`` [n, P]; the
    share accepted. The first fifth of the rows tunes the stride and should be dropped.
    """
    here, g = w.copy(), np.empty(SIZE)
    f = energy_gradient(here, mean, sd, data, g)
    slope = g @ root
    taken = 0.0
    for n in range(kicks.shape[0]):
        move = kicks[n].copy()
        start = f + 0.5 * np.dot(move, move)
        there, slope_there, f_there = here.copy(), slope.copy(), f
        h = stride * (0.8 + 0.4 * coins[n, 1])
        for _ in range(leaps):
            move -= 0.5 * h * slope_there
            there += h * (root @ move)
            f_there = energy_gradient(there, mean, sd, data, g)
            if not math.isfinite(f_there):
                break
            slope_there = g @ root
            move -= 0.5 * h * slope_there
        chance = math.exp(min(0.0, start - f_there - 0.5 * np.dot(move, move))) if math.isfinite(f_there) else 0.0
        if coins[n, 0] < chance:
            here, slope, f = there, slope_there, f_there
        taken += chance
        if n < kicks.shape[0] // 5:
            stride *= math.exp(0.1 * (chance - 0.8))
        out[n] = here
    return taken / max(1, kicks.shape[0])
