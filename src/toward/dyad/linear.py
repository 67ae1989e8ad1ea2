"""The model of two without its bend: two coupled Ornstein-Uhlenbeck states, seen at irregular times with noise.

    dx = A (x - mu) dt + dW, cov dW = Q dt;   y = x + noise, cov noise = diag(R);   x starts in its stationary law

Exact for any spacing: between times the covariance moves as e^{A dt} (P - P_inf) e^{A' dt} + P_inf, and e^{A dt} of a
2 x 2 matrix is two exponentials (or one and a turn). This is what other programs can fit too, so it is where the speed
and the optimum are compared: the tests hold the maximum on the project's made data to -422.5264.
"""

# ruff: noqa: C901, PLR2004 - one pass over plain arrays is what Numba compiles; numbers are the sums' own
# An array's element has no type of its own:
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.dyad.compiled import inline, kernel
from toward.dyad.dense import cholesky, inverse_root, outer_product
from toward.errors import BadInput

Array = NDArray[np.float64]
#: Unconstrained: log -A11, A12, A21, log -A22, mu1, mu2, log L11, L21, log L22 (Q = L L'), log R1, log R2.
FREE: Final = 11
#: Weak normal priors of those, for draws only: without any, the posterior of a pull near 0 has no end.
WEAK: Final = np.array(
    [
        [-0.2, 0.0, 0.0, -0.2, 4.0, 4.0, -0.2, 0.0, -0.2, -1.0, -1.0],
        [1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0],
    ]
)
#: Less than this, from the lowest to the highest value, is no movement.
STILL: Final = 1e-6
_LOG_TWO_PI: Final = math.log(2.0 * math.pi)


class Linear(NamedTuple):
    """``drift`` float64[2, 2] per day, ``mean`` [2], ``diffusion`` [2, 2], and ``noise`` [2], variances."""

    drift: Array
    mean: Array
    diffusion: Array
    noise: Array


class LinearFit(NamedTuple):
    """The most likely ``Linear``, its log likelihood, the Laplace covariance of ``z`` float64[11], and draws.

    ``settled`` is False where the search did not come to rest (an optimum on the edge, as when a pull back is 0).
    """

    best: Linear
    log_likelihood: float
    z: Array
    covariance: Array
    draws: Array
    settled: bool


def linear_log_likelihood(model: Linear, time_days: Array, y: Array) -> float:
    """Log likelihood of ``y`` float64[n, 2] at ``time_days`` float64[n].

    Raises ``BadInput`` where times do not increase, a value is missing, or the drift has no stationary law.
    """
    time, seen = _checked(time_days, y)
    theta = np.concatenate([np.ravel(model.drift), model.mean, [model.diffusion[0][0], model.diffusion[0][1]]])
    theta = np.concatenate([theta, [model.diffusion[1][1]], model.noise]).astype(np.float64)
    value = float(exact(theta, time, seen))
    if not math.isfinite(value):
        raise BadInput(
            "the drift has no stationary law, or a covariance is not positive", field="model", reason="range"
        )
    return value


def fit_linear(time_days: Array, y: Array, *, draws: int = 0, seed: int = 0) -> LinearFit:
    """Maximum likelihood of all eleven parameters, no priors; ``draws`` > 0 adds adaptive Metropolis draws of ``z``.

    The draws are of the posterior under the weak priors ``WEAK``, from its own mode and Laplace; the first fifth tunes
    proposals (the first eighth their shape) and should be dropped.

    Own pulls are kept negative (each returns alone), so the optimum can lie on the edge of that. Raises ``BadInput`` as
    ``linear_log_likelihood`` does, for fewer than 12 rows, and where one of the two never moves.
    """
    time, seen = _checked(time_days, y)
    if time.size <= FREE:
        raise BadInput(f"{time.size} rows for eleven parameters; at least 12", field="time_days", reason="few")
    if (np.ptp(seen, axis=0) < STILL).any():
        raise BadInput("one of the two never moves: any noise, however small, fits", field="y", reason="still")
    z = _start(seen)
    none = np.stack([np.zeros(FREE), np.full(FREE, np.inf)])
    found, settled = climb(z, time, seen, none, 400)
    covariance, _ = _laplace(z, time, seen, none)
    out = np.empty((draws, FREE))
    if draws:
        luck = np.random.default_rng(seed)
        mode = z.copy() if settled and z.min() > WEAK[0, 0] - 3 else _start(seen)
        climb(mode, time, seen, WEAK, 400)
        root = _laplace(mode, time, seen, WEAK)[1]
        kicks, coins = luck.standard_normal((draws, FREE)), luck.random(draws)
        tuning = draws // 8
        if tuning > 40 * FREE:  # enough to learn the posterior's own shape from
            chain(mode, root, time, seen, WEAK, kicks[:tuning], coins[:tuning], out[:tuning])
            cholesky(np.cov(out[tuning // 2 : tuning].T) + 1e-6 * np.eye(FREE), root)
        else:
            tuning = 0
        chain(mode, root, time, seen, WEAK, kicks[tuning:], coins[tuning:], out[tuning:])
    return LinearFit(_linear(z), float(found), z, covariance, out, bool(settled))


def _laplace(z: Array, time: Array, y: Array, prior: Array) -> tuple[Array, Array]:
    """Covariance float64[11, 11] at the mode ``z``, and a root of it."""
    hessian, lower, root, covariance = (np.empty((FREE, FREE)) for _ in range(4))
    bend(z, time, y, prior, hessian)
    if not np.isfinite(hessian).all():  # at the edge of what can be told, as where the noise has gone
        hessian = np.zeros((FREE, FREE))
    values, vectors = np.linalg.eigh(hessian)
    # On the edge the likelihood is flat to one side: held at a deviation of 2 on the unconstrained scale.
    cholesky((vectors * np.maximum(values, 0.25)) @ vectors.T, lower)
    inverse_root(lower, root)
    outer_product(root, covariance)
    return covariance, root


def _checked(time_days: Array, y: Array) -> tuple[Array, Array]:
    time, seen = np.ascontiguousarray(time_days, dtype=np.float64), np.ascontiguousarray(y, dtype=np.float64)
    if seen.shape != (time.size, 2) or time.ndim != 1 or time.size == 0:
        raise BadInput("y must have one row of two for each time", field="y", reason="length")
    if not (np.isfinite(time).all() and np.isfinite(seen).all()):
        raise BadInput("a time or a value is missing", field="y", reason="missing")
    if (np.diff(time) <= 0).any():
        raise BadInput("times must increase", field="time_days", reason="order")
    return time, seen


def _start(y: Array) -> Array:
    spread = np.maximum(y.std(axis=0), 1e-3)
    wide, noise = np.log(0.9 * spread), np.log(0.3 * spread**2)
    return np.array([0.0, 0.0, 0.0, 0.0, *y.mean(axis=0), wide[0], 0.0, wide[1], *noise])


def _linear(z: Array) -> Linear:
    theta = np.empty(FREE)
    unpack(z, theta)
    a, q = theta[:4].reshape(2, 2), np.array([[theta[6], theta[7]], [theta[7], theta[8]]])
    return Linear(a, theta[4:6].copy(), q, theta[9:].copy())


@kernel
def unpack(z: Array, theta: Array) -> None:
    """Natural parameters (A row by row, mu, Q11, Q12, Q22, R) of the unconstrained ``z``."""
    theta[0], theta[1], theta[2], theta[3] = -math.exp(z[0]), z[1], z[2], -math.exp(z[3])
    theta[4], theta[5] = z[4], z[5]
    a, c = math.exp(z[6]), math.exp(z[8])
    theta[6], theta[7], theta[8] = a * a, a * z[7], z[7] * z[7] + c * c
    theta[9], theta[10] = math.exp(z[9]), math.exp(z[10])


@inline
def stationary(t: Array) -> tuple[float, float, float]:
    """P_inf of the Lyapunov equation A P + P A' + Q = 0 (closed form for 2 x 2); nan where there is none."""
    a, b, c, d = t[0], t[1], t[2], t[3]
    q, r, s = t[6], t[7], t[8]
    trace, det = a + d, a * d - b * c
    if not (trace < 0.0 and det > 0.0):
        return math.nan, math.nan, math.nan
    # P = -(det Q + adj(A) Q adj(A)') / (2 trace det), adj(A) = [[d, -b], [-c, a]]
    scale = -0.5 / (trace * det)
    u0, u1, v0, v1 = d * q - b * r, d * r - b * s, -c * q + a * r, -c * r + a * s
    return (
        scale * (det * q + d * u0 - b * u1),
        scale * (det * r + d * v0 - b * v1),
        scale * (det * s - c * v0 + a * v1),
    )


@kernel
def powers(rate: float, gaps: Array, out: Array, spare: Array) -> None:
    """exp(rate * gaps) into ``out``, to rounding, in loops that the compiler can spread over wide registers.

    x = k log 2 + r: adding 1.5 * 2^52 leaves k in the low bits of the sum, and shifted up they are 2^k. ``spare`` is
    scratch of the same length.
    """
    for n in range(gaps.size):
        x = min(max(rate * gaps[n], -700.0), 700.0)
        whole = x * 1.4426950408889634 + 6755399441055744.0
        spare[n] = whole
        k = whole - 6755399441055744.0
        r = (x - k * 0.6931471803691238) - k * 1.9082149292705877e-10
        q = 1.0 / 39916800.0 + r * (1.0 / 479001600.0)
        q = 1.0 / 362880.0 + r * (1.0 / 3628800.0 + r * q)
        q = 1.0 / 5040.0 + r * (1.0 / 40320.0 + r * q)
        q = 1.0 / 120.0 + r * (1.0 / 720.0 + r * q)
        q = 1.0 / 6.0 + r * (1.0 / 24.0 + r * q)
        out[n] = 1.0 + r * (1.0 + r * (0.5 + r * q))
    bits = spare.view(np.int64)
    for n in range(gaps.size):
        bits[n] = (bits[n] << 52) + 4607182418800017408
    for n in range(gaps.size):
        out[n] *= spare[n]


@kernel
def shares(half: float, bend2: float, gaps: Array, big: Array, small: Array) -> None:
    """C and S of e^{A dt} = C I + S (A - half I) for every gap: hyperbolic, circular or, in between, straight."""
    root = math.sqrt(abs(bend2))
    spare = np.empty(gaps.size)
    if root * gaps.max() < 1e-5:
        powers(half, gaps, big, spare)
        for n in range(gaps.size):
            small[n] = gaps[n] * big[n]
    elif bend2 > 0.0:
        powers(half + root, gaps, big, spare)
        powers(half - root, gaps, small, spare)
        scale = 0.5 / root
        for n in range(gaps.size):
            up, down = big[n], small[n]
            big[n] = 0.5 * (up + down)
            # Up less down cancels for a short gap, to the rounding of a sum that is as short: harmless.
            small[n] = scale * (up - down)
    else:
        powers(half, gaps, spare, small)
        for n in range(gaps.size):
            big[n] = spare[n] * math.cos(root * gaps[n])
            small[n] = spare[n] * math.sin(root * gaps[n]) / root


@kernel
def exact(t: Array, time: Array, y: Array) -> float:
    """Log likelihood; nan where the drift has no stationary law."""
    p_end, c_end, v_end = stationary(t)
    if not (p_end > 0.0 and p_end * v_end > c_end * c_end):
        return math.nan
    half = 0.5 * (t[0] + t[3])
    a, d = t[0] - half, t[3] - half
    gaps, big, small = np.empty(time.size), np.empty(time.size), np.empty(time.size)
    gaps[0] = 0.0
    for n in range(1, time.size):
        gaps[n] = time[n] - time[n - 1]
    shares(half, 0.25 * (t[0] - t[3]) * (t[0] - t[3]) + t[1] * t[2], gaps, big, small)
    ma = mb = 0.0
    p, c, v = 0.0, 0.0, 0.0
    top_a, top_b, rest_a, rest_b = p_end + t[9], v_end + t[10], t[9] - p_end, t[10] - v_end
    square_a, square_b, square_c = t[9] * t[9], t[10] * t[10], t[9] * t[10]
    total = 0.0
    product = 1.0
    for n in range(time.size):
        f0, f1, f2, f3 = big[n] + small[n] * a, small[n] * t[1], small[n] * t[2], big[n] + small[n] * d
        ma, mb = f0 * ma + f1 * mb, f2 * ma + f3 * mb
        g0, g1, g2, g3 = f0 * p + f1 * c, f0 * c + f1 * v, f2 * p + f3 * c, f2 * c + f3 * v
        x0, x1, x2 = g0 * f0 + g1 * f1, g0 * f2 + g1 * f3, g2 * f2 + g3 * f3
        s0, s1, s2 = x0 + top_a, x1 + c_end, x2 + top_b
        det = s0 * s2 - s1 * s1
        i = 1.0 / det
        ra, rb = y[n, 0] - t[4] - ma, y[n, 1] - t[5] - mb
        wa, wb = (s2 * ra - s1 * rb) * i, (s0 * rb - s1 * ra) * i
        total += ra * wa + rb * wb
        product *= det
        if product > 1e200 or product < 1e-200:
            total += math.log(product)
            product = 1.0
        ma += (x0 + p_end) * wa + s1 * wb
        mb += s1 * wa + (x2 + v_end) * wb
        # P - P S^-1 P = R - R S^-1 R for a diagonal R: no cancellation. Kept less its stationary value, as F needs it,
        # and with as few sums as can be between one division and the next: they are what the time goes to.
        p, c, v = rest_a - square_a * s2 * i, square_c * s1 * i - c_end, rest_b - square_b * s0 * i
    return -0.5 * (total + math.log(product)) - time.size * _LOG_TWO_PI


@inline
def at(z: Array, theta: Array, time: Array, y: Array, prior: Array) -> float:
    """Minus log posterior at unconstrained ``z``, for normal priors (means, deviations; inf for none)."""
    unpack(z, theta)
    value = exact(theta, time, y)
    for n in range(FREE):
        gap = (z[n] - prior[0, n]) / prior[1, n]
        value -= 0.5 * gap * gap
    return -value if math.isfinite(value) else math.inf


@kernel
def uphill(z: Array, time: Array, y: Array, prior: Array, out: Array) -> None:
    """Gradient of minus the log likelihood by central differences."""
    theta, moved = np.empty(FREE), z.copy()
    for n in range(FREE):
        moved[n] = z[n] + 1e-5
        high = at(moved, theta, time, y, prior)
        moved[n] = z[n] - 1e-5
        out[n] = (high - at(moved, theta, time, y, prior)) / 2e-5
        moved[n] = z[n]


@kernel
def climb(z: Array, time: Array, y: Array, prior: Array, most: int) -> tuple[float, bool]:
    """BFGS from ``z``, in place: the log likelihood reached, and whether it came to rest."""
    theta, g, g_new, trial = np.empty(FREE), np.empty(FREE), np.empty(FREE), np.empty(FREE)
    inverse = np.eye(FREE) * 0.05
    f = at(z, theta, time, y, prior)
    uphill(z, time, y, prior, g)
    for _ in range(most):
        if np.max(np.abs(g)) < 1e-4:
            return -f, True
        step = -(inverse @ g)
        slope = np.dot(step, g)
        if not slope < 0.0:
            inverse[:] = np.eye(FREE) * 0.05
            step = -0.05 * g
            slope = np.dot(step, g)
        length = min(1.0, 2.0 / math.sqrt(np.dot(step, step)))
        f_new = math.inf
        for _ in range(40):
            trial[:] = z + length * step
            f_new = at(trial, theta, time, y, prior)
            if f_new <= f + 1e-4 * length * slope:
                break
            length *= 0.4
        if not f_new < f:
            break
        uphill(trial, time, y, prior, g_new)
        s, dg = trial - z, g_new - g
        sy = np.dot(s, dg)
        gained = f - f_new
        z[:] = trial
        g[:] = g_new
        f = f_new
        if sy > 1e-12:
            hy = inverse @ dg
            by = (1.0 + np.dot(dg, hy) / sy) / sy
            for a in range(FREE):
                for b in range(FREE):
                    inverse[a, b] += by * s[a] * s[b] - (hy[a] * s[b] + s[a] * hy[b]) / sy
        if gained < 1e-9:
            break
    return -f, np.max(np.abs(g)) < 1e-2


@kernel
def bend(z: Array, time: Array, y: Array, prior: Array, out: Array) -> None:
    """Hessian of minus the log likelihood by differences of the gradient."""
    up, down, moved = np.empty(FREE), np.empty(FREE), z.copy()
    for n in range(FREE):
        moved[n] = z[n] + 1e-3
        uphill(moved, time, y, prior, up)
        moved[n] = z[n] - 1e-3
        uphill(moved, time, y, prior, down)
        moved[n] = z[n]
        out[n] = (up - down) / 2e-3
    out[:] = 0.5 * (out + out.T)


@kernel
def chain(z: Array, root: Array, time: Array, y: Array, prior: Array, kicks: Array, coins: Array, out: Array) -> float:
    """Metropolis with proposals 2.38 / sqrt(11) of the Laplace, their size tuned over the first tenth; share taken."""
    theta, trial = np.empty(FREE), np.empty(FREE)
    f = at(z, theta, time, y, prior)
    size = 2.38 / math.sqrt(FREE)
    taken = 0
    tuning = kicks.shape[0] // 10
    for n in range(kicks.shape[0]):
        for i in range(FREE):
            move = 0.0
            for k in range(FREE):
                move += root[i, k] * kicks[n, k]
            trial[i] = z[i] + size * move
        f_trial = at(trial, theta, time, y, prior)
        chance = math.exp(min(0.0, f - f_trial))
        if coins[n] < chance:
            z[:] = trial
            f = f_trial
            taken += 1
        if n < tuning:
            size *= math.exp((chance - 0.234) / math.sqrt(n + 1.0))
        out[n] = z
    return taken / max(1, kicks.shape[0])


def warm_linear() -> None:
    """Compile this module's kernels."""
    time = np.arange(14.0)
    fit_linear(time, np.random.default_rng(0).normal(4.0, 1.0, (14, 2)), draws=5)
