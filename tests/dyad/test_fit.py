"""A fit says what the journal says, how sure that is, and when it says little."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.dyad.couples import TRAP, TWO_VALLEYS, everything
from toward import dyad
from toward.dyad import events, params
from toward.dyad.calibration import ranks, summary
from toward.dyad.plan import plan
from toward.dyad.standing import standing
from toward.errors import BadInput

WEEKS = dyad.simulate(TWO_VALLEYS, days=21, seed=4)
FIT = dyad.fit(WEEKS.journal)


def test_the_mode_is_a_mode() -> None:
    """No small step in any direction has a higher posterior."""
    z = FIT.laplace.z
    mean, sd = params.prior_arrays(dyad.PRIORS)

    def posterior(z: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
        couple = params.named(params.natural(z))
        return dyad.log_likelihood(couple, WEEKS.journal) - 0.5 * float((((z - mean) / sd) ** 2).sum())

    best = posterior(z)
    assert best == pytest.approx(FIT.laplace.log_posterior, abs=1e-8)
    luck = np.random.default_rng(0)
    assert all(posterior(z + 0.02 * sd * luck.standard_normal(z.size)) < best + 1e-4 for _ in range(40))
    assert FIT.laplace.settled


def test_the_laplace_is_the_curvature() -> None:
    """Along an axis of the Laplace, two steps of one deviation lower the posterior by about a half."""
    mean, sd = params.prior_arrays(dyad.PRIORS)
    column = FIT.laplace.root[:, params.INDEX["m_a"]] * sd
    laid = FIT.plan

    def energy(t: float) -> float:
        from toward.dyad.filtering import plan_log_likelihood

        z = FIT.laplace.z + t * column
        return plan_log_likelihood(params.named(params.natural(z)), laid) - 0.5 * float((((z - mean) / sd) ** 2).sum())

    assert (energy(0.2) - 2 * energy(0.0) + energy(-0.2)) / 0.04 == pytest.approx(-1.0, abs=0.1)


def test_three_weeks_teach_levels_and_hardly_coupling() -> None:
    """Set points and noise are learnt, G and k are mostly the prior's voice: the fit says so."""
    shrinkage = {name: marginal.shrinkage for name, marginal in FIT.parameters.items()}
    assert shrinkage["m_a"] > 0.4
    assert shrinkage["e_a"] > 0.4
    assert shrinkage["js"] < 0.1
    assert max(shrinkage["gw_a"], shrinkage["gp_a"], shrinkage["k"], shrinkage["r"]) < 0.5


def test_sampling_agrees_with_the_laplace() -> None:
    """Means of the draws are within a deviation of the Laplace's, most far closer; a seed repeats its draws."""
    sampled = dyad.fit(WEEKS.journal, draws=400, seed=2)
    again = dyad.fit(WEEKS.journal, draws=400, seed=2)
    assert np.array_equal(sampled.draws, again.draws)
    assert 0.5 < sampled.acceptance < 0.99
    gaps = [
        abs(sampled.parameters[name].mean - FIT.parameters[name].mean) / FIT.parameters[name].sd
        for name in params.NAMES
    ]
    assert max(gaps) < 1.0
    assert float(np.mean(gaps)) < 0.3


def test_the_state_is_near_the_truth() -> None:
    """Over twelve couples, the truth is within two deviations nearly always."""
    inside = []
    for seed in range(12):
        made = dyad.simulate(TWO_VALLEYS, days=12, seed=seed)
        fit = dyad.fit(made.journal, until=12.0)
        inside += [abs(made.x[-1, i] - fit.state[i].mean) < 2 * fit.state[i].sd for i in (0, 1)]
    assert np.mean(inside) > 0.85


def test_the_state_holds_what_is_unsure_of_the_couple() -> None:
    """Its spread is the filters' own and how far they are apart; draws that no filter can follow are left out."""
    end = WEEKS.journal.time_days[-1]
    ends = [dyad.filter(params.named(draw), WEEKS.journal, until=float(end)) for draw in FIT.draws[[0, 100]]]
    mean, covariance = standing(FIT.plan, FIT.draws[[0, 100]])
    means = np.array([one.mean_now for one in ends])
    own = np.mean([one.covariance_now for one in ends], axis=0)
    assert mean == pytest.approx(means.mean(axis=0))
    assert covariance == pytest.approx(own + np.cov(means.T, bias=True))
    lost = FIT.draws[[0, 50, 100, 150]].copy()
    lost[1] = lost[3] = np.nan
    assert standing(FIT.plan, lost)[0] == pytest.approx(mean)
    assert np.isnan(standing(FIT.plan, lost[[1]])[1]).all()


def test_the_state_s_band_holds_what_it_says() -> None:
    """Over 60 made-up couples of one week, who are hard to know, four in five are within the 80 % band."""
    inside = []
    for seed, couple in enumerate(dyad.population(60, seed=8, priors=dyad.PRIORS)):
        made = dyad.simulate(couple, days=7, seed=seed)
        fit = dyad.fit(made.journal, until=7.0, valleys=False)
        inside += [abs(made.x[-1, i] - fit.state[i].mean) < 1.2816 * fit.state[i].sd for i in (0, 1)]
    assert np.mean(inside) == pytest.approx(0.8, abs=0.08)


def test_a_trap_is_told_from_none() -> None:
    """Two valleys visited, and weak coupling, are told apart by the two models' evidence."""
    trapped, calm = [], []
    for seed in range(5):
        course = dyad.journal([(14.0, "both", "softening", 1.0)])
        deep = dyad.simulate(TWO_VALLEYS, days=35, seed=seed, start=TRAP, planned=course)
        mild = dyad.simulate(dyad.TYPICAL._replace(gw_a=0.3, gw_b=0.3, gp_a=0.3, gp_b=0.3), days=35, seed=seed)
        trapped.append(dyad.trap_probability(deep.journal))
        calm.append(dyad.trap_probability(mild.journal))
    assert np.median(trapped) > 0.8
    assert np.median(calm) < 0.5
    assert min(trapped) > np.median(calm)
    assert dyad.trap_probability(dyad.journal([])) == pytest.approx(0.5, abs=1e-6)


def test_relabelling_mirrors_the_fit() -> None:
    """Exchanging the names exchanges the results."""
    mirrored = dyad.fit(events.mirrored(WEEKS.journal))
    for name, marginal in FIT.parameters.items():
        other = name[:-2] + {"_a": "_b", "_b": "_a"}.get(name[-2:], name[-2:])
        assert mirrored.parameters[other].mean == pytest.approx(marginal.mean, rel=0.02, abs=0.01)
    assert mirrored.state.b.mean == pytest.approx(FIT.state.a.mean, abs=0.01)
    assert mirrored.trap_probability == pytest.approx(FIT.trap_probability, abs=0.01)


@pytest.mark.parametrize(
    ("rows", "note"),
    [
        ([], "no_answers"),
        ([(0.0, "a", "checkin", 4)], "few_answers"),
        ([(float(d), "a", "checkin", 3 + d % 3) for d in range(30)], "one_person"),
        ([(float(d), who, "checkin", 4) for d in range(20) for who in "ab"], "no_spread"),
    ],
)
def test_a_degenerate_journal_gives_a_wide_posterior_that_says_so(
    rows: list[tuple[float, str, str, float]], note: str
) -> None:
    """Too little to learn from is never confident nonsense."""
    fit = dyad.fit(dyad.journal(rows))
    assert note in fit.notes
    assert all(math.isfinite(marginal.mean) and marginal.sd > 0 for marginal in fit.parameters.values())
    assert fit.parameters["gw_a"].shrinkage < 0.3
    assert 0.02 < fit.trap_probability < 0.95
    if note == "no_answers":
        assert fit.parameters["m_a"].shrinkage == pytest.approx(0.0, abs=1e-9)
        assert fit.state.a.sd > 1.0
    if note == "one_person":
        assert fit.state.b.sd > 1.5 * fit.state.a.sd


def test_a_gap_of_a_year_is_only_a_gap() -> None:
    """After a year without an answer the two are where they usually are, and nobody is sure."""
    rows = [(d + 0.5, who, "checkin", 4 + (d + n) % 3) for d in range(14) for n, who in enumerate("ab")]
    fit = dyad.fit(dyad.journal(rows), until=379.0)
    near = dyad.fit(dyad.journal(rows))
    assert fit.state.a.sd > near.state.a.sd
    assert fit.parameters["m_a"].mean == pytest.approx(near.parameters["m_a"].mean, abs=0.02)
    later = dyad.fit(dyad.journal([*rows, *((380.0 + t, w, k, v) for t, w, k, v in rows)]))
    assert not later.notes


def test_extreme_answers_do_not_break_a_fit() -> None:
    """All sevens and ones, in turn, fit to something finite."""
    rows = [(d / 2, who, "checkin", 7 if (d + n) % 2 else 1) for d in range(40) for n, who in enumerate("ab")]
    fit = dyad.fit(dyad.journal(rows))
    assert all(math.isfinite(value) for marginal in fit.parameters.values() for value in marginal)


def test_many_answers_are_a_matter_of_time_only() -> None:
    """A hundred thousand answers have a likelihood; a journal of many years fits in the same code."""
    rows = [(n / 20, "ab"[n % 2], "checkin", 3 + n % 4) for n in range(100_000)]
    assert math.isfinite(dyad.log_likelihood(dyad.TYPICAL, dyad.journal(rows)))


def test_wrong_requests_are_refused() -> None:
    """Draws, priors and parameters outside their range say so."""
    with pytest.raises(BadInput):
        dyad.fit(WEEKS.journal, draws=-1)
    with pytest.raises(BadInput, match="scale"):
        dyad.fit(WEEKS.journal, priors=dyad.PRIORS._replace(m=dyad.Prior("log", 0.0, 1.0)))
    with pytest.raises(BadInput, match="width"):
        dyad.fit(WEEKS.journal, priors=dyad.PRIORS._replace(m=dyad.Prior("identity", 4.0, 0.0)))
    with pytest.raises(BadInput, match="m_a"):
        dyad.log_likelihood(dyad.TYPICAL._replace(m_a=math.nan), WEEKS.journal)
    with pytest.raises(BadInput, match="l_a"):
        dyad.log_likelihood(dyad.TYPICAL._replace(l_a=-1.0), WEEKS.journal)
    with pytest.raises(BadInput, match="e_a"):
        dyad.log_likelihood(dyad.TYPICAL._replace(e_a=0.0), WEEKS.journal)
    with pytest.raises(BadInput, match="r"):
        params.unconstrained(dyad.TYPICAL._replace(r=1.0))


def test_scales_go_there_and_back() -> None:
    """Natural and unconstrained scales are inverse, and the slope is the derivative."""
    z = np.random.default_rng(1).normal(0, 1, params.SIZE)
    assert params.unconstrained(params.named(params.natural(z))) == pytest.approx(z, abs=1e-9)
    h = 1e-6
    assert params.slope(z) == pytest.approx((params.natural(z + h) - params.natural(z - h)) / (2 * h), rel=1e-5)


def test_small_calibration() -> None:
    """Sixteen couples from the priors: ranks are not piled up, and intervals hold about what they promise."""
    told = summary(np.stack(list(ranks(16, days=14.0, draws=0, seed=5))))
    assert told.p_holm.min() > 0.01
    assert told.apart.max() < told.band
    assert told.coverage.mean(axis=0) == pytest.approx([0.5, 0.8, 0.95], abs=0.1)


def test_calibration_can_fail() -> None:
    """A fit that believes the wrong thing, or is too sure of the right one, is found out."""
    wrong = dyad.PRIORS._replace(m=dyad.Prior("identity", 3.0, 0.3))
    told = summary(np.stack(list(ranks(16, days=7.0, draws=0, seed=5, believed=wrong))))
    at = told.names.index("m_a")
    assert told.p_holm[at] < 0.01
    assert told.apart[at] > told.band
    assert told.coverage[at, 1] < 0.6
    even = np.tile((np.arange(60) + 0.5)[:, None] / 60, (1, 31))
    sure = even.copy()
    sure[:, 2] = np.where(even[:, 2] < 0.5, even[:, 2] ** 3, 1 - (1 - even[:, 2]) ** 3)
    assert summary(even).p_holm.min() == pytest.approx(1.0)
    assert np.flatnonzero(summary(sure).p_holm < 0.05).tolist() == [2]
    assert np.flatnonzero(summary(sure).apart > summary(sure).band).tolist() == [2]
    assert summary(sure).coverage[2, 1] < 0.6


def test_the_plan_keeps_what_is_known() -> None:
    """Shields, ease and need at the end follow from the events alone."""
    c = dyad.CONSTANTS
    laid = plan(
        dyad.journal(
            [
                (0.0, "a", "bid", 0.0),
                (0.0, "both", "softening", 1.0),
                (1.0, "b", "practice", 1.0),
                (1.0, "a", "bid", -1.0),
                (1.0, "both", "touch", 1.0),
            ]
        ),
        until=2.0,
    )
    decay = math.exp(-2.0 / c.softening_days)
    assert laid.aside[0] == pytest.approx(c.softening_gain * decay)
    assert laid.aside[3] == pytest.approx(c.practice_gain * math.exp(-1 / c.practice_days))
    assert laid.aside[4] == pytest.approx(2.0 * math.exp(-1 / c.need_days))
    message = c.ease_start * (1 - c.learning)
    assert laid.aside[9] == pytest.approx(message + c.learning * (-1 - message))
    assert laid.aside[8] == pytest.approx(c.ease_start + c.learning * (1 - c.ease_start))
    assert everything().time_days.size > 50
