"""The filter against brute force, particles, differences, and against itself under symmetries."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dyad.couples import TWO_VALLEYS, everything
from toward import dyad
from toward.dyad import events, params
from toward.dyad.filtering import plan_log_likelihood
from toward.dyad.gradient import likelihood_gradient
from toward.dyad.plan import plan
from toward.dyad.posterior import data, energy_gradient
from toward.dyad.simulation import kernel_theta
from toward.dyad.value import KERNEL_SIZE, likelihood
from toward.errors import BadInput

if TYPE_CHECKING:
    from numpy.typing import NDArray

WHOLE = everything()
SHORT = dyad.journal(
    [
        (0.0, "a", "checkin", 4),
        (0.1, "b", "checkin", 5),
        (0.4, "a", "bid", 1),
        (0.5, "both", "conflict", 1),
        (0.6, "b", "bid", 0),
        (0.9, "a", "checkin", 3),
        (1.0, "b", "checkin", 3),
        (1.2, "both", "softening", 1),
        (1.4, "a", "there", 1),
        (1.6, "b", "heart", 0.4),
        (1.9, "a", "checkin", 5),
        (2.0, "b", "checkin", 4),
    ]
)


def logistic(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 / (1 + exp(-z))."""
    out: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-z))
    return out


def grid_log_likelihood(  # noqa: C901, PLR0915 - one plain pass, apart from the code it judges
    p: dyad.Parameters, journal: dyad.Journal, spacing: float = 0.15, dt: float = 0.05
) -> float:
    """Brute force on a grid of (x_a, x_b), for r = 0: every path, no Gaussian. Written apart from the kernels."""
    c = dyad.CONSTANTS
    x = np.arange(-1.0, 9.0 + spacing / 2, spacing)
    n = x.size
    prior = np.exp(-0.5 * ((x - c.x_start) / c.x_start_sd) ** 2)
    mass = np.outer(prior, prior)
    mass /= mass.sum()
    a, b = (axis.ravel() for axis in np.meshgrid(x, x, indexing="ij"))
    gain = [p.gw_a * (1 - p.a_b) + p.gp_a * p.a_b, p.gw_b * (1 - p.a_a) + p.gp_b * p.a_a]
    shield, learnt = np.zeros(2), [np.full(4, c.ease_start) for _ in range(2)]
    total, now = 0.0, float(journal.time_days[0])

    def spread(mass: NDArray[np.float64], step: float) -> NDArray[np.float64]:
        rows = []
        for i, own, other, m, pull, s in ((0, a, b, p.m_a, p.l_a, p.s_a), (1, b, a, p.m_b, p.l_b, p.s_b)):
            spring = c.stiff * (np.maximum(own - c.high, 0) - np.maximum(c.low - own, 0))
            ease = p.ease * (learnt[i].mean() - c.ease_start)
            threat = gain[i] * (1 - shield[i]) * logistic((c.threat_at - other) / c.threat_width)
            to = own + step * (pull * (m + ease - own) + p.k * (other - own) - threat - spring)
            weight = np.exp(-0.5 * ((x[:, None] - to[None, :]) ** 2) / (s * s * step))
            rows.append(weight / weight.sum(axis=0))
        out: NDArray[np.float64] = (rows[0] * mass.ravel()) @ rows[1].T
        return out

    def shifted(mass: NDArray[np.float64], i: int, jump: NDArray[np.float64]) -> NDArray[np.float64]:
        at = np.clip((x + jump - x[0]) / spacing, 0, n - 1.000001)
        low = at.astype(int)
        move = np.zeros((n, n))
        move[low, np.arange(n)] += 1 - (at - low)
        move[low + 1, np.arange(n)] += at - low
        return move @ mass if i == 0 else mass @ move.T

    def seen(mass: NDArray[np.float64], i: int, chance: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        mass = mass * (chance[:, None] if i == 0 else chance[None, :])
        return mass / mass.sum(), math.log(mass.sum())

    from scipy.special import ndtr  # type: ignore[import-untyped, unused-ignore]

    for time, who, code, y in zip(*journal, strict=True):
        kind = dyad.KINDS[code]
        gap = float(time) - now
        for _ in range(max(0, round(gap / dt))):
            mass = spread(mass, gap / round(gap / dt))
            shield *= math.exp(-gap / round(gap / dt) / c.softening_days)
        now = float(time)
        i = int(who)
        if kind == "checkin":
            e = (p.e_a, p.e_b)[i]
            upper = np.ones(n) if y == 7 else ndtr((y + 0.5 - x) / e)
            lower = np.zeros(n) if y == 1 else ndtr((y - 0.5 - x) / e)
            mass, gained = seen(mass, i, (1 - c.slip) * (upper - lower) + c.slip / 7)
            total += gained
        elif kind == "bid":
            odds = (p.c_a, p.c_b)[1 - i] + p.d * (x - 4)
            mass, gained = seen(mass, 1 - i, logistic(odds) if y > 0 else logistic(-odds))
            total += gained
            room = logistic((c.room_high - x) / c.room_width) - logistic((c.hears_at - x) / c.hears_width)
            if y > 0:
                mass = shifted(mass, i, p.jt * room)
                mass = shifted(mass, 1 - i, 0.5 * p.jt * room)
            else:
                mass = shifted(mass, i, -p.ja * (1 - y) * logistic((x - c.room_low) / c.room_width))
            learnt[i][1] += c.learning * (y - learnt[i][1])
        elif kind == "conflict":
            for j in (0, 1):
                mass = shifted(mass, j, -p.jc * y * logistic((x - c.room_low) / c.room_width))
        elif kind == "softening":
            for j in (0, 1):
                mass = shifted(mass, j, p.js * y * logistic((c.room_high - x) / c.room_width))
            shield = np.minimum(1.0, shield + c.softening_gain * y)
        elif kind == "there":
            gone = logistic((c.threat_at - x) / c.threat_width)
            high = logistic(np.array(c.there_odds))
            low = logistic(np.array(c.there_odds - p.q * gain[i] * (1 - shield[i])))
            chance = high + (low - high) * gone
            mass, gained = seen(mass, 1 - i, chance if y > 0 else 1 - chance)
            total += gained
        else:
            off = y - p.psi * (x - 4)
            mass, gained = seen(mass, i, np.exp(-0.5 * off * off) / math.sqrt(2 * math.pi))
            total += gained
    return total


@pytest.mark.parametrize(("g", "within"), [(0.5, 0.05), (1.2, 0.08), (2.8, 0.15)])
def test_the_filter_is_near_brute_force(g: float, within: float) -> None:
    """On a short journal the log likelihood is near a grid that assumes nothing; a strong bend costs a little."""
    p = TWO_VALLEYS._replace(gw_a=g, gp_a=g, gw_b=g, gp_b=g, r=0.0)
    assert dyad.log_likelihood(p, SHORT) == pytest.approx(grid_log_likelihood(p, SHORT), abs=within)


def test_the_filter_is_near_particles() -> None:
    """Two weeks of check-ins, with correlated noise: within .5 of 6,000 particles, whose own noise is about .1."""
    p = TWO_VALLEYS
    habits = dyad.HABITS._replace(
        bids=0.0, conflicts=0.0, touches=0.0, voices=0.0, harshnesses=0.0, life_events=0.0, theres=0.0
    )
    journal = dyad.simulate(p, days=14, seed=5, habits=habits._replace(moveds=0.0, marks=0.0)).journal
    c, luck, n = dyad.CONSTANTS, np.random.default_rng(1), 6000
    x = luck.normal(c.x_start, c.x_start_sd, (n, 2))
    from scipy.special import ndtr  # type: ignore[import-untyped, unused-ignore]

    now, total = float(journal.time_days[0]), 0.0
    for time, who, _, y in zip(*journal, strict=True):
        steps = max(0, round((time - now) * 48))
        for _ in range(steps):
            dt = (time - now) / steps
            w = luck.standard_normal((n, 2))
            w[:, 1] = p.r * w[:, 0] + math.sqrt(1 - p.r**2) * w[:, 1]
            h = logistic((c.threat_at - x) / c.threat_width)
            spring = c.stiff * (np.maximum(x - c.high, 0) - np.maximum(c.low - x, 0))
            pull = np.array([p.l_a, p.l_b]) * (np.array([p.m_a, p.m_b]) - x) + p.k * (x[:, ::-1] - x)
            x = x + dt * (pull - np.array([2.9, 2.7]) * h[:, ::-1] - spring) + math.sqrt(dt) * 0.8 * w
        now = float(time)
        upper = ndtr((y + 0.5 - x[:, who]) / p.e_a) if y < 7 else np.ones(n)
        lower = ndtr((y - 0.5 - x[:, who]) / p.e_a) if y > 1 else np.zeros(n)
        weight: NDArray[np.float64] = (1 - c.slip) * (upper - lower) + c.slip / 7
        total += math.log(weight.mean())
        points = (luck.random() + np.arange(n)) / n
        x = x[np.searchsorted(np.cumsum(weight / weight.sum()), points).clip(0, n - 1)]
    assert dyad.log_likelihood(p, journal) == pytest.approx(total, abs=0.5)


def test_the_gradient_is_that_of_the_value() -> None:
    """Forward gradients agree with central differences of the value in all 24 kernel parameters."""
    laid = plan(WHOLE)
    theta = kernel_theta(params.checked(TWO_VALLEYS)) * np.exp(np.random.default_rng(2).normal(0, 0.15, KERNEL_SIZE))
    none, final = np.empty((0, 5)), np.empty(5)
    gradient, state, tangent = np.empty(KERNEL_SIZE), np.empty(5), np.empty((5, KERNEL_SIZE))

    def value(theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total = likelihood(theta, laid.code, laid.who, laid.work, laid.fixed, none, none[:, 0], final)
        return total, final.copy()

    total = likelihood_gradient(theta, laid.code, laid.who, laid.work, laid.fixed, gradient, state, tangent)
    assert total == pytest.approx(value(theta)[0], abs=1e-10)
    for n in range(KERNEL_SIZE):
        h = np.zeros(KERNEL_SIZE)
        h[n] = 1e-5
        (up, end_up), (down, end_down) = value(theta + h), value(theta - h)
        assert gradient[n] == pytest.approx((up - down) / 2e-5, abs=2e-4, rel=1e-5)
        assert tangent[:, n] == pytest.approx((end_up - end_down) / 2e-5, abs=1e-5)
    assert np.abs(gradient).min() > 0


def test_the_energy_is_the_posterior() -> None:
    """Energy is minus log likelihood and log prior, and its gradient its slope, on the unconstrained scale."""
    laid = plan(WHOLE)
    mean, sd = params.prior_arrays(dyad.PRIORS)
    w = np.random.default_rng(4).normal(0, 0.4, params.SIZE)
    out = np.empty(params.SIZE)

    def energy(w: NDArray[np.float64]) -> float:
        return energy_gradient(w, mean, sd, data(laid), np.empty(params.SIZE))

    value = energy_gradient(w, mean, sd, data(laid), out)
    couple = params.named(params.natural(mean + sd * w))
    assert value == pytest.approx(0.5 * w @ w - plan_log_likelihood(couple, laid), abs=1e-9)
    slopes = [(energy(w + h) - energy(w - h)) / 2e-5 for h in 1e-5 * np.eye(params.SIZE)]
    assert out == pytest.approx(np.array(slopes), abs=1e-4)


def test_relabelling_mirrors_the_likelihood() -> None:
    """Names are names: exchanging them in journal and parameters changes nothing."""
    p = TWO_VALLEYS._replace(a_a=0.8, c_b=0.3)
    mirrored = dyad.filter(params.mirrored(p), events.mirrored(WHOLE))
    here = dyad.filter(p, WHOLE)
    assert mirrored.log_likelihood == pytest.approx(here.log_likelihood, abs=1e-9)
    assert mirrored.mean == pytest.approx(here.mean[:, ::-1], abs=1e-9)


@settings(max_examples=20)
@given(st.floats(-5000, 5000))
def test_a_shift_in_time_changes_nothing(days: float) -> None:
    """Days may be counted from anywhere."""
    moved = WHOLE._replace(time_days=WHOLE.time_days + days)
    assert dyad.log_likelihood(TWO_VALLEYS, moved) == pytest.approx(dyad.log_likelihood(TWO_VALLEYS, WHOLE), abs=1e-6)


@settings(max_examples=20)
@given(st.lists(st.floats(0.0, 6.0), max_size=30, unique=True))
def test_splitting_an_interval_changes_nothing_beyond_tolerance(cuts: list[float]) -> None:
    """Entries that say nothing cut the time between others; the result stays within .02."""
    rows = list(zip(*(column.tolist() for column in WHOLE), strict=True))
    rows += [(time, "both", "kept", 1.0) for time in cuts if time not in WHOLE.time_days]
    inside = [row for row in rows if WHOLE.time_days[0] <= row[0] <= WHOLE.time_days[-1]]
    split = dyad.log_likelihood(TWO_VALLEYS, dyad.journal(inside))
    assert split == pytest.approx(dyad.log_likelihood(TWO_VALLEYS, WHOLE), abs=0.02)


@settings(max_examples=20)
@given(st.lists(st.tuples(st.floats(0.0, 6.0), st.sampled_from(["checkin", "bid", "there", "heart"])), max_size=8))
def test_missing_answers_are_skipped(opened: list[tuple[float, str]]) -> None:
    """An open answer is as if it had not been asked."""
    rows = list(zip(*(column.tolist() for column in WHOLE), strict=True))
    taken = {(row[0], row[1], row[2]) for row in rows}
    for time, kind in opened:
        key = (time, 0, dyad.KINDS.index(kind))
        if key not in taken and WHOLE.time_days[0] <= time <= WHOLE.time_days[-1]:
            taken.add(key)
            rows.append((*key, math.nan))
    with_open = dyad.filter(TWO_VALLEYS, dyad.journal(rows))
    without = dyad.filter(TWO_VALLEYS, WHOLE)
    assert with_open.log_likelihood == without.log_likelihood
    assert with_open.time_days.tolist() == without.time_days.tolist()


def test_log_evidence_adds_up() -> None:
    """The rows' evidence and what lies beside the filter is the log likelihood, and going on adds nothing."""
    here = dyad.filter(TWO_VALLEYS, WHOLE)
    plain = WHOLE._replace(
        value=np.where(np.isin(WHOLE.kind, [events.CODES[k] for k in ("mark", "moved", "rung")]), np.nan, WHOLE.value)
    )
    assert dyad.filter(TWO_VALLEYS, plain).log_evidence.sum() == pytest.approx(dyad.log_likelihood(TWO_VALLEYS, plain))
    later = dyad.filter(TWO_VALLEYS, WHOLE, until=40.0)
    assert later.log_likelihood == pytest.approx(here.log_likelihood, abs=1e-12)
    assert np.trace(later.covariance_now) > np.trace(here.covariance_now)
    with pytest.raises(BadInput):
        dyad.filter(TWO_VALLEYS, WHOLE, until=1.0)


def test_extreme_couples_keep_a_likelihood() -> None:
    """Rates far outside the priors still give a finite number and a covariance that is one."""
    for factor in (6.0, 20.0):
        p = TWO_VALLEYS._replace(gw_a=2 * factor, gp_b=3 * factor, l_a=factor, k=factor, s_a=4.0)
        here = dyad.filter(p, WHOLE)
        assert math.isfinite(here.log_likelihood)
        assert (np.linalg.eigvalsh(here.covariance) > 0).all()
