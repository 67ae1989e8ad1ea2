"""The two valleys: where a couple comes to rest, the pass between, and what would take the trap away.

Without noise and events the two follow dx_i = l_i (m_i - x_i) + k (x_j - x_i) - G_i h(x_j) (and the spring at the
scale's ends). Each one's threat moves the other, in a circle, so two resting places and a saddle can appear together (a
saddle-node, as in Gottman and Murray's marriages).
"""

# ruff: noqa: PLR2004 - one pass over plain arrays is what Numba compiles; numbers are the sums' own
# An array's element has no type of its own:
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.dyad.compiled import kernel
from toward.dyad.params import CONSTANTS, PRIORS, Constants, Parameters, checked
from toward.dyad.plan import fixed_array
from toward.dyad.simulation import kernel_theta

if TYPE_CHECKING:
    from collections.abc import Callable

    from toward.dyad.estimate import Fit

Kind = Literal["rest", "saddle", "other"]
Both = tuple[float, float]
_SCAN: Final = np.linspace(-9.0, 12.0, 1401)


class Equilibrium(NamedTuple):
    """A point where nothing moves: ``rest`` (all near it return) or ``saddle``; ``rate`` its slowest return a day."""

    x_a: float
    x_b: float
    kind: Kind
    rate: float


class Change(NamedTuple):
    """One change that removes the trap: its size, and that size in prior standard deviations to compare by."""

    what: Literal["shield_both", "shield_a", "shield_b", "set_points", "co_regulation"]
    size: float
    effort: float


class Tipping(NamedTuple):
    """What the landscape of a couple looks like.

    ``safe``, ``saddle``, ``trap`` or None each; ``trap_from`` and ``safe_until`` the factors on both G between which
    both valleys exist (nan: none between 1/8 and 8); ``changes`` by effort, empty without a trap;
    ``distance`` of now from the saddle in steps (nan without a saddle or a now); ``in_trap`` the probability that they
    are in the trap's basin now, and ``trap_model`` that there is a trap at all (nan for bare parameters).
    """

    safe: Equilibrium | None
    saddle: Equilibrium | None
    trap: Equilibrium | None
    trap_from: float
    safe_until: float
    changes: tuple[Change, ...]
    distance: float
    in_trap: float
    trap_model: float


class Basins(NamedTuple):
    """Where the two drift from each point: ``x`` float64[n] both axes, ``trapped`` bool[n, n] by [a, b]."""

    x: NDArray[np.float64]
    trapped: NDArray[np.bool_]


def _h(x: NDArray[np.float64], c: Constants) -> NDArray[np.float64]:
    out: NDArray[np.float64] = 1.0 / (1.0 + np.exp(np.clip((x - c.threat_at) / c.threat_width, -700, 700)))
    return out


def drift_of(
    parameters: Parameters, constants: Constants = CONSTANTS, shields: Both = (0.0, 0.0)
) -> Callable[[NDArray[np.float64], NDArray[np.float64]], tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """The drift (steps a day) of (x_a, x_b) as a function of arrays; ``shields`` is 1 - (1 - S)(1 - N) of each."""
    theta = kernel_theta(checked(parameters))
    c = constants

    def side(i: int, own: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
        spring = c.stiff * (np.maximum(own - c.high, 0.0) - np.maximum(c.low - own, 0.0))
        pull = theta[2 + i] * (theta[i] - own) + theta[12] * (other - own)
        out: NDArray[np.float64] = pull - theta[6 + i] * (1.0 - shields[i]) * _h(other, c) - spring
        return out

    return lambda a, b: (side(0, a, b), side(1, b, a))


def equilibria(
    parameters: Parameters, *, constants: Constants = CONSTANTS, shields: Both = (0.0, 0.0)
) -> tuple[Equilibrium, ...]:
    """Every resting place and saddle, highest first.

    Given x_b, a's balance has one solution (it is monotone in x_a, piecewise linear); what is left is one function of
    x_b, scanned for sign changes that are then halved to rounding. The tests find the same points by Newton's method.
    """
    theta, c = kernel_theta(checked(parameters)), constants
    rate = theta[2] + theta[12]

    def answer(b: NDArray[np.float64]) -> NDArray[np.float64]:
        force = theta[2] * theta[0] + theta[12] * b - theta[6] * (1.0 - shields[0]) * _h(b, c)
        free = force / rate
        high, low = (force + c.stiff * c.high) / (rate + c.stiff), (force + c.stiff * c.low) / (rate + c.stiff)
        return np.where(free > c.high, high, np.where(free < c.low, low, free))

    drift = drift_of(parameters, constants, shields)

    def left(b: NDArray[np.float64]) -> NDArray[np.float64]:
        return drift(answer(b), b)[1]

    values = left(_SCAN)
    at = np.flatnonzero(np.sign(values[:-1]) * np.sign(values[1:]) <= 0)
    at = at[~((values[at] == 0) & (at > 0))] if at.size else at
    low, high = _SCAN[at], _SCAN[at + 1]
    falling = values[at] > 0
    for _ in range(60):
        middle = 0.5 * (low + high)
        above = (left(middle) > 0) == falling
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    b = 0.5 * (low + high)
    points = [_kind(parameters, constants, shields, x, y) for x, y in zip(answer(b), b, strict=True)]
    return tuple(sorted(points, key=lambda point: -point.x_a - point.x_b))


def jacobian(
    parameters: Parameters, x_a: float, x_b: float, constants: Constants = CONSTANTS, shields: Both = (0.0, 0.0)
) -> NDArray[np.float64]:
    """Derivative of the drift, float64[2, 2], per day."""
    theta, c = kernel_theta(checked(parameters)), constants
    k = theta[12]
    out = np.empty((2, 2))
    for i, own, other in ((0, x_a, x_b), (1, x_b, x_a)):
        h = float(_h(np.array(other), c))
        spring = c.stiff if own > c.high or own < c.low else 0.0
        out[i, i] = -theta[2 + i] - k - spring
        out[i, 1 - i] = k + theta[6 + i] * (1.0 - shields[i]) * h * (1.0 - h) / c.threat_width
    return out


def _kind(p: Parameters, c: Constants, shields: Both, x_a: float, x_b: float) -> Equilibrium:
    rates = np.linalg.eigvals(jacobian(p, x_a, x_b, c, shields)).real
    kind: Kind = "rest" if rates.max() < 0 else "saddle" if rates.min() < 0 else "other"
    return Equilibrium(float(x_a), float(x_b), kind, float(-rates.max()))


def _valleys(points: tuple[Equilibrium, ...]) -> tuple[Equilibrium | None, Equilibrium | None, Equilibrium | None]:
    """Safe, saddle and trap of a set of points; a single rest is the trap where both look threatened there."""
    rests = [point for point in points if point.kind == "rest"]
    saddles = [point for point in points if point.kind == "saddle"]
    if len(rests) > 1:
        return rests[0], saddles[0] if saddles else None, rests[-1]
    if not rests:
        return None, None, None
    low = rests[0].x_a + rests[0].x_b < 2 * CONSTANTS.threat_at
    return (None, None, rests[0]) if low else (rests[0], None, None)


def _scaled(p: Parameters, factor: float) -> Parameters:
    return p._replace(gw_a=p.gw_a * factor, gw_b=p.gw_b * factor, gp_a=p.gp_a * factor, gp_b=p.gp_b * factor)


def _edge(happens: Callable[[float], bool], low: float, high: float) -> float:
    """Where ``happens`` turns true between ``low`` (false) and ``high`` (true); nan where it does not."""
    if happens(low) or not happens(high):
        return math.nan
    for _ in range(30):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if happens(middle) else (middle, high)
    return high


def _changes(p: Parameters, c: Constants) -> tuple[Change, ...]:
    def gone(points: tuple[Equilibrium, ...]) -> bool:
        return _valleys(points)[2] is None

    def shielded(a: float, b: float) -> Callable[[float], bool]:
        return lambda s: gone(equilibria(p, constants=c, shields=(s * a, s * b)))

    both = _edge(shielded(1, 1), 0.0, 1.0)
    one, other = _edge(shielded(1, 0), 0.0, 1.0), _edge(shielded(0, 1), 0.0, 1.0)
    lifted = _edge(lambda d: gone(equilibria(p._replace(m_a=p.m_a + d, m_b=p.m_b + d), constants=c)), 0.0, 4.0)
    closer = _edge(lambda f: gone(equilibria(p._replace(k=p.k * math.exp(f)), constants=c)), 0.0, 4.0)
    wide = PRIORS.gw.sd
    found = [
        Change("shield_both", both, -math.log1p(-min(both, 1 - 1e-9)) / wide),
        Change("shield_a", one, -math.log1p(-min(one, 1 - 1e-9)) / wide),
        Change("shield_b", other, -math.log1p(-min(other, 1 - 1e-9)) / wide),
        Change("set_points", lifted, lifted / PRIORS.m.sd),
        Change("co_regulation", math.exp(closer), closer / PRIORS.k.sd),
    ]
    return tuple(sorted((change for change in found if math.isfinite(change.size)), key=lambda change: change.effort))


def tipping(couple: Fit | Parameters, *, constants: Constants = CONSTANTS) -> Tipping:
    """The valleys of a couple, how near the tipping point is, and the smallest change that removes the trap.

    With a ``Fit``, the valleys are those of the most probable couple, and the probabilities run over its draws. What it
    cannot tell: after a few weeks G is mostly the prior's voice, and so are the valleys; look at ``trap_model`` first.
    """
    from toward.dyad.estimate import Fit

    p = couple.mode if isinstance(couple, Fit) else couple
    safe, saddle, trap = _valleys(equilibria(p, constants=constants))
    trap_from = _edge(
        lambda f: _valleys(equilibria(_scaled(p, math.exp(f)), constants=constants))[2] is not None, -2.08, 2.08
    )
    safe_until = _edge(
        lambda f: _valleys(equilibria(_scaled(p, math.exp(f)), constants=constants))[0] is None, -2.08, 2.08
    )
    changes = _changes(p, constants) if trap is not None else ()
    distance = in_trap = model = math.nan
    if isinstance(couple, Fit):
        model = couple.trap_probability
        in_trap = float(trapped_now(couple, constants).mean())
        if saddle is not None:
            distance = math.hypot(couple.state.a.mean - saddle.x_a, couple.state.b.mean - saddle.x_b)
    edges = (math.exp(trap_from), math.exp(safe_until))
    return Tipping(safe, saddle, trap, *edges, changes, distance, in_trap, model)


def trapped_now(fit: Fit, constants: Constants = CONSTANTS) -> NDArray[np.bool_]:
    """For each draw of the posterior, whether the two would now drift into the trap, bool[n]."""
    root = np.linalg.cholesky(fit.covariance_now + 1e-12 * np.eye(2))
    luck = np.random.default_rng(0).standard_normal((fit.draws.shape[0], 2))
    x = np.array([fit.state.a.mean, fit.state.b.mean]) + luck @ root.T
    out = np.empty(x.shape[0], dtype=np.bool_)
    settle(np.ascontiguousarray(x), np.ascontiguousarray(kernel_theta(fit.draws)), fixed_array(constants), out)
    return out


def basins(parameters: Parameters, *, points: int = 61, constants: Constants = CONSTANTS) -> Basins:
    """Colour the plane by where the two drift from each point (a rest where both look threatened is the trap)."""
    x = np.linspace(constants.low, constants.high, points)
    grid = np.stack(np.meshgrid(x, x, indexing="ij"), axis=-1).reshape(-1, 2)
    theta = np.repeat(kernel_theta(checked(parameters))[None, :], grid.shape[0], axis=0)
    out = np.empty(grid.shape[0], dtype=np.bool_)
    settle(grid, theta, fixed_array(constants), out)
    return Basins(x, out.reshape(points, points))


@kernel
def settle(
    x: NDArray[np.float64], theta: NDArray[np.float64], fixed: NDArray[np.float64], out: NDArray[np.bool_]
) -> None:
    """Follow the drift from each row of ``x`` [n, 2] for up to 90 days; whether both end up threatened.

    Whoever rises lifts the other, and whoever falls lowers the other: where both fall, both go on falling, so nobody
    needs to be followed further once both fall below the threat, or both rise above it.
    """
    for n in range(x.shape[0]):
        a, b = x[n, 0], x[n, 1]
        for _ in range(900):
            ha = 1.0 / (1.0 + math.exp((a - fixed[0]) / fixed[1]))
            hb = 1.0 / (1.0 + math.exp((b - fixed[0]) / fixed[1]))
            k = theta[n, 12]
            wall_a = fixed[6] * (max(a - fixed[5], 0.0) - max(fixed[4] - a, 0.0))
            wall_b = fixed[6] * (max(b - fixed[5], 0.0) - max(fixed[4] - b, 0.0))
            da = theta[n, 2] * (theta[n, 0] - a) + k * (b - a) - theta[n, 6] * hb - wall_a
            db = theta[n, 3] * (theta[n, 1] - b) + k * (a - b) - theta[n, 7] * ha - wall_b
            a += 0.1 * da
            b += 0.1 * db
            low = a + b < 2.0 * fixed[0]
            if abs(da) + abs(db) < 1e-4 or (low and max(da, db) <= 0.0) or (not low and min(da, db) >= 0.0):
                break
        out[n] = a + b < 2.0 * fixed[0]
