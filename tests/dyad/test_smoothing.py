"""Looking back: against a dense Gaussian where the model is straight, against made-up lives where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dyad.couples import TWO_VALLEYS, everything
from toward import dyad
from toward.dyad.events import CODES, chosen
from toward.dyad.plan import ADVANCE, CHECKIN, plan
from toward.dyad.simulation import kernel_theta
from toward.dyad.value import likelihood
from toward.errors import BadInput

if TYPE_CHECKING:
    from numpy.typing import NDArray

STRAIGHT = dyad.TYPICAL._replace(gw_a=0, gp_a=0, gw_b=0, gp_b=0, l_a=0.5, l_b=0.9, m_a=4.4, k=0.4)
NO_WALLS = dyad.CONSTANTS._replace(stiff=0.0)


def check_ins(days: float, seed: int) -> dyad.Journal:
    """Check-ins alone, as in life."""
    made = dyad.simulate(STRAIGHT, days=days, seed=seed).journal
    return chosen(made, made.kind == CODES["checkin"])


def expm(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """The matrix exponential: a series of a small piece, squared up."""
    small, out = matrix / 1024, np.eye(matrix.shape[0])
    term = out
    for n in range(1, 12):
        term = term @ small / n
        out = out + term
    return np.linalg.matrix_power(out, 1024)


def dense(journal: dyad.Journal, days: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean [n, 2] and covariance [2n, 2n] by one large Gaussian: every time at once, nothing carried forward or back.

    An answer counts as what the filter made of it: one independent Gaussian observation with the same effect.
    """
    p, c = STRAIGHT, NO_WALLS
    laid = plan(journal, constants=c)
    values = kernel_theta(np.array(p))
    before, gained, final = np.empty((laid.code.size, 5)), np.zeros(laid.code.size), np.empty(5)
    likelihood(values, laid.code, laid.who, laid.work, laid.fixed, before, gained, final)
    after = np.vstack([before[1:], final])
    since = np.concatenate([[0.0], np.cumsum(np.where(laid.code == ADVANCE, laid.work[:, 0], 0.0))])
    answered = np.flatnonzero(laid.code == CHECKIN)
    times = np.unique(np.round(np.concatenate([since[answered], days - journal.time_days[0], [0.0]]), 8))

    pull = np.array([[-p.l_a - p.k, p.k], [p.k, -p.l_b - p.k]])
    noise = np.array([[p.s_a**2, p.r * p.s_a * p.s_b], [p.r * p.s_a * p.s_b, p.s_b**2]])
    goal = -np.linalg.solve(pull, np.array([p.l_a * p.m_a, p.l_b * p.m_b]))
    n = times.size
    mean, cov = np.empty((n, 2)), np.empty((n, 2, n, 2))
    mean[0], cov[0, :, 0] = c.x_start, np.eye(2) * c.x_start_sd**2
    for at in range(1, n):
        dt = times[at] - times[at - 1]
        block = expm(np.block([[-pull, noise], [np.zeros((2, 2)), pull.T]]) * dt)
        step = block[2:, 2:].T
        mean[at] = goal + step @ (mean[at - 1] - goal)
        cov[at, :, at] = step @ cov[at - 1, :, at - 1] @ step.T + step @ block[:2, 2:]
        for back in range(at):
            cov[at, :, back] = step @ cov[at - 1, :, back]
            cov[back, :, at] = cov[at, :, back].T
    flat, wide = mean.ravel(), cov.reshape(2 * n, 2 * n)
    precision, pushed = np.linalg.inv(wide), np.linalg.solve(wide, flat)
    for row in answered:
        i = int(laid.who[row])
        place = 2 * int(np.argmin(abs(times - since[row]))) + i
        spread = 2 if i == 0 else 4
        told = 1 / after[row, spread] - 1 / before[row, spread]
        precision[place, place] += told
        pushed[place] += after[row, i] / after[row, spread] - before[row, i] / before[row, spread]
    covariance = np.linalg.inv(precision)
    found = (covariance @ pushed).reshape(n, 2)
    asked = [int(np.argmin(abs(times - (day - journal.time_days[0])))) for day in days]
    places = np.array([[2 * at, 2 * at + 1] for at in asked]).ravel()
    return found[asked], covariance[np.ix_(places, places)]


@pytest.mark.parametrize("seed", [1, 2])
def test_is_the_dense_gaussian_where_the_model_is_straight(seed: int) -> None:
    """No bend, no events: the means, the covariances, and how the first day goes with the last."""
    journal = check_ins(12, seed)
    days = np.array([journal.time_days[0] + 0.3, 3.0, 3.9, 8.25, journal.time_days[-1]])
    mean, covariance = dense(journal, days)
    found = dyad.smooth(STRAIGHT, journal, days, constants=NO_WALLS)
    assert found.mean == pytest.approx(mean, abs=2e-3)
    for n in range(days.size):
        assert found.covariance[n] == pytest.approx(covariance[2 * n : 2 * n + 2, 2 * n : 2 * n + 2], abs=2e-3)
    assert found.between == pytest.approx(covariance[:2, -2:], abs=1e-3)
    near = dyad.smooth(STRAIGHT, journal, days[1:3], constants=NO_WALLS)
    assert near.between == pytest.approx(covariance[2:4, 4:6], abs=2e-3)


def test_ends_where_the_filter_ends() -> None:
    """On the last day nothing comes after: bids, jumps, walls and all, it is the filter's, and ahead of it too."""
    journal = everything()
    for later in (0.0, 1.5):
        end = float(journal.time_days[-1]) + later
        found = dyad.smooth(TWO_VALLEYS, journal, np.array([1.0, end]))
        then = dyad.filter(TWO_VALLEYS, journal, until=end)
        assert found.mean[-1] == pytest.approx(then.mean_now, abs=5e-3)
        assert found.covariance[-1] == pytest.approx(then.covariance_now, abs=5e-3)


def test_looking_back_is_nearer_to_the_truth_and_its_band_holds() -> None:
    """Over made-up lives with everything in them: nearer than the filter, and four in five within the band."""
    habits = dyad.HABITS._replace(softenings=0.2, practices_a=0.5)
    errors: dict[str, list[float]] = {"back": [], "then": []}
    within = []
    for seed in range(24):
        made = dyad.simulate(TWO_VALLEYS, days=14, seed=seed, habits=habits)
        days = np.arange(1.5, 13.0)
        truth = made.x[np.rint(days * 48).astype(int)]
        back = dyad.smooth(TWO_VALLEYS, made.journal, days)
        for n, day in enumerate(days):
            known = chosen(made.journal, made.journal.time_days <= day)
            errors["then"] += ((dyad.filter(TWO_VALLEYS, known, until=float(day)).mean_now - truth[n]) ** 2).tolist()
        errors["back"] += ((back.mean - truth) ** 2).ravel().tolist()
        sd = np.sqrt(back.covariance[:, [0, 1], [0, 1]])
        within += (abs(back.mean - truth) < 1.2816 * sd).ravel().tolist()
    assert np.mean(errors["back"]) < 0.95 * np.mean(errors["then"])
    assert 0.74 < np.mean(within) < 0.87


def test_a_path_holds_what_is_not_known_of_the_couple() -> None:
    """Wider than for the most probable couple alone, near it in the middle, and the same each time."""
    made = dyad.simulate(dyad.TYPICAL, days=14, seed=3)
    fit = dyad.fit(made.journal)
    days = np.arange(1.0, 14.0)
    path, one = dyad.path(fit, days), dyad.smooth(fit.mode, made.journal, days)
    alone = np.sqrt(one.covariance[:, [0, 1], [0, 1]])
    assert path.sd.mean() > alone.mean()
    assert abs(path.mean - one.mean).max() < 0.5
    assert path.change == pytest.approx(path.mean[-1] - path.mean[0], abs=1e-9)
    again = dyad.path(fit, days)
    assert (again.mean == path.mean).all()
    assert dyad.path(fit, days[:1]).change_sd == pytest.approx([0, 0], abs=1e-6)


@settings(max_examples=40)
@given(st.lists(st.floats(0, 30), min_size=1, max_size=12), st.integers(0, 3), st.booleans())
def test_any_days_are_told(days: list[float], seed: int, drawn: bool) -> None:  # noqa: FBT001 - of two couples
    """Twice the same day, days between entries and after them all: finite, in order, and a covariance that is one."""
    journal = everything(seed=seed)
    asked = np.sort(np.array(days)) + journal.time_days[0]
    couple = dyad.population(1, seed=seed)[0] if drawn else TWO_VALLEYS
    found = dyad.smooth(couple, journal, asked)
    assert np.isfinite(found.mean).all()
    assert (np.linalg.eigvalsh(found.covariance) > 0).all()


@pytest.mark.parametrize("days", [[], [2.0, 1.0], [float("nan")], [-5.0]])
def test_days_that_can_t_be_told_are_refused(days: list[float]) -> None:
    """None, out of order, no number, or before there was anything."""
    with pytest.raises(BadInput) as caught:
        dyad.smooth(TWO_VALLEYS, everything(), np.array(days))
    assert caught.value.field == "days"


def test_a_couple_that_the_answers_speak_against_does_not_bend_the_line() -> None:
    """Two of twelve under whom such answers are not to be expected, or that no filter can follow: as if not there."""
    journal = dyad.simulate(TWO_VALLEYS, days=21, seed=2).journal
    fit = dyad.fit(journal, valleys=False)
    days = np.arange(1.0, 21.0)
    kept = fit.draws[[*range(5), *range(100, 105)]]
    strange = np.array(TWO_VALLEYS._replace(m_a=9.0, m_b=-3.0, e_a=0.05, e_b=0.05, s_a=0.1, s_b=0.1))
    plain = dyad.path(fit._replace(draws=kept), days)
    for odd in (strange, np.full(strange.size, np.nan)):
        bent = dyad.path(fit._replace(draws=np.vstack([kept[:5], odd, kept[5:], odd])), days)
        assert bent.mean == pytest.approx(plain.mean, abs=1e-3)
        assert bent.sd == pytest.approx(plain.sd, abs=1e-3)
