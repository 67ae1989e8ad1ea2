"""What is said of a fit: the dance, forecasts, effects, the next practice, and the score against simple forecasters."""

from __future__ import annotations

import numpy as np
import pytest

from tests.dyad.couples import TRAP, TWO_VALLEYS
from toward import dyad
from toward.dyad import events, scoring
from toward.dyad.baselines import Regression, baseline_scores, steps
from toward.dyad.effects import PRACTICES
from toward.dyad.forecasts import habits_of
from toward.errors import BadInput

DANCERS = TWO_VALLEYS._replace(a_a=0.93, a_b=0.07)
MARKED = dyad.HABITS._replace(marks=1.0, moveds=0.6)
DEEP = dyad.fit(dyad.simulate(DANCERS, days=28, seed=4, start=TRAP, habits=MARKED).journal)
CALM = dyad.fit(dyad.simulate(dyad.TYPICAL, days=28, seed=2).journal)
FRIGHT = dyad.fit(dyad.journal([(0.0, "a", "checkin", 5), (1.0, "b", "frightening", 1)]))


def test_a_clear_dance_is_named() -> None:
    """A reaches, B pulls away, both threatened: the figure, who is where, and a loop that feeds itself."""
    told = dyad.dance(DEEP)
    assert told.figure == "a_reaches_b_pulls_away"
    assert (told.pursuer, told.withdrawer) == ("a", "b")
    assert sum(told.figures.values()) == pytest.approx(1.0)
    assert told.position_a > 0.5 > told.position_b
    mirrored = dyad.dance(dyad.fit(events.mirrored(DEEP.journal)))
    assert (mirrored.pursuer, mirrored.withdrawer) == ("b", "a")
    assert mirrored.gain == pytest.approx(told.gain, rel=0.02)
    assert dyad.dance(CALM).gain < 1.0


def test_a_dance_is_not_named_without_marks() -> None:
    """Too few marks, or two figures alike, and it is not clear yet."""
    few = dyad.fit(dyad.simulate(DANCERS, days=4, seed=1, start=TRAP).journal)
    assert dyad.dance(few).figure is None
    assert dyad.dance(few).why == "few_marks"
    assert dyad.dance(DEEP, least=1.01).why == "not_clear"


def test_a_forecast_holds_the_truth_and_widens() -> None:
    """Bands are ordered, widen from now, and hold most futures of the same couple."""
    told = dyad.forecast(CALM, days=10)
    for low, high in ((told.low95, told.low80), (told.low80, told.mean), (told.mean, told.high80)):
        assert (low <= high + 1e-9).all()
    width = (told.high80 - told.low80).mean(axis=1)
    assert width[-1] > width[0]
    assert told.time_days[-1] == 10.0
    assert ((told.trapped >= 0) & (told.trapped <= 1)).all()
    inside = []
    for seed in range(10):
        made = dyad.simulate(dyad.TYPICAL, days=24, seed=100 + seed)
        early = made.journal.time_days <= 21
        fit = dyad.fit(events.chosen(made.journal, early), until=21.0)
        band = dyad.forecast(fit, days=3)
        inside += [band.low80[-1, i] <= made.x[-1, i] <= band.high80[-1, i] for i in (0, 1)]
    assert np.mean(inside) > 0.5


def test_a_planned_softening_lifts_the_forecast() -> None:
    """The same luck with a softening in it is higher; after fright there is no forecast."""
    plan = dyad.journal([(1.0, "both", "softening", 1.0), (4.0, "both", "softening", 1.0)])
    with_it, without = dyad.forecast(DEEP, days=8, planned=plan), dyad.forecast(DEEP, days=8)
    assert np.array_equal(with_it.mean[:4], without.mean[:4])
    assert with_it.mean[-1].sum() > without.mean[-1].sum() + 0.3
    assert dyad.forecast(FRIGHT).why == "fear"
    assert dyad.forecast(FRIGHT).mean.shape == (0, 2)
    with pytest.raises(BadInput):
        dyad.forecast(CALM, days=1000)


def test_habits_are_the_couple_s_own() -> None:
    """Counts of the journal, with a week of the typical couple's; a question left open counts as nothing."""
    rows = [(float(day), "both", "conflict", 1.0) for day in range(29)]
    assert habits_of(dyad.journal(rows)).conflicts == pytest.approx((29 + 7 * 0.12) / 35)
    assert habits_of(dyad.journal([])).bids == dyad.HABITS.bids
    unanswered = [(float(day), "a", "bid", float("nan")) for day in range(100)]
    assert habits_of(dyad.journal([*rows, *unanswered])) == habits_of(dyad.journal(rows))


@pytest.mark.parametrize("practice", PRACTICES)
def test_an_effect_has_its_interval(practice: str) -> None:
    """Every practice has a mean inside ordered intervals, and its jump where it has one."""
    told = dyad.effect(DEEP, practice, days=2)
    assert told.low95 <= told.low80 <= told.high80 <= told.high95
    assert told.low95 - 1e-9 <= told.mean <= told.high95 + 1e-9
    assert (told.jump is not None) == (practice in {"softening", "bid_a", "bid_b"})


def test_a_softening_goes_together_with_better_weeks() -> None:
    """In the trap a softening is worth more than one more bid, and what is not learnt says so."""
    softening, bid = dyad.effect(DEEP, "softening"), dyad.effect(DEEP, "bid_a")
    assert softening == dyad.effect(DEEP, "softening")
    assert softening.mean > 0.3 > bid.mean
    assert softening.shrinkage < 0.1
    with pytest.raises(BadInput, match="softening"):
        dyad.effect(DEEP, "winning")


def test_rules_come_before_what_helps() -> None:
    """Fear: nothing. Flooded: alone. Rarely answered: own safety, then one light invitation. Vetoes hold."""
    gates = dyad.Gates
    assert dyad.next_practice(FRIGHT) == dyad.next_practice(CALM, gates=gates(fear=True))
    assert dyad.next_practice(FRIGHT).practice is None
    assert dyad.next_practice(CALM, who="b", gates=gates(flooded_a=True))[:2] == ("practice_b", "flooded")
    assert dyad.next_practice(DEEP)[:2] == ("practice_a", "flooded")
    assert dyad.next_practice(CALM, gates=gates(flooded_b=True, veto=frozenset({"practice_a"}))).practice is None
    quiet = CALM._replace(draws=CALM.draws.copy())
    quiet.draws[:, dyad.Parameters._fields.index("c_b")] = -4.0
    assert dyad.next_practice(quiet)[:2] == ("practice_a", "own_safety")
    quiet.plan.aside[2] = 0.3
    assert dyad.next_practice(quiet)[:2] == ("bid_a", "light_invitation")
    quiet.plan.aside[2] = 0.0


def test_what_helps_is_chosen_among_what_is_open() -> None:
    """Nothing that is the other's alone, nothing vetoed, and the most valuable of the rest."""
    told = dyad.next_practice(CALM)
    assert told.why == "helps"
    assert not any(name.endswith("_b") for name in told.values)
    assert told.practice == max(told.values, key=lambda name: told.values[name])
    without = dyad.next_practice(CALM, gates=dyad.Gates(veto=frozenset({str(told.practice)})))
    assert without.practice != told.practice
    assert dyad.next_practice(CALM, gates=dyad.Gates(veto=frozenset(PRACTICES))).why == "nothing_left"


def test_baselines_are_probabilities_and_learn() -> None:
    """Seven steps add up to one; a regression finds the line it is shown; climatology counts."""
    assert steps(4.0, 1.0, 5.0).sum() == pytest.approx(1.0)
    line, luck = Regression([(0.0, 10.0), (0.0, 10.0)]), np.random.default_rng(1)
    for _ in range(300):
        x = float(luck.uniform(-2, 2))
        line.learn(np.array([1.0, x]), 4.0 + 0.8 * x + 0.1 * luck.standard_normal())
    assert int(np.argmax(line.predict(np.array([1.0, 1.2])))) + 1 == 5
    y, who = np.array([4.0] * 30), np.zeros(30, np.int8)
    told = baseline_scores(y, who)
    assert all(values.size == 30 for values in told.values())
    assert told["climatology"][-1] > told["climatology"][0]


def test_the_model_forecasts_its_own_couples_better_than_simple_ones() -> None:
    """Per answer: ahead of random walk, AR(1), APIM and a straight coupled process, on couples from the prior."""
    told = []
    for n, p in enumerate(dyad.population(10, seed=5, priors=dyad.PRIORS)):
        told.append(dyad.score(dyad.simulate(p, days=28, seed=100 + n).journal)[:6])
    model, walk, ar1, apim, _, linear = np.mean(told, axis=0)
    assert model - walk == pytest.approx(0.265, abs=0.1)
    assert model - ar1 == pytest.approx(0.205, abs=0.1)
    assert model - apim == pytest.approx(0.146, abs=0.1)
    assert model - linear > 0.02


def test_the_baseline_is_shown_where_it_is_better() -> None:
    """A score without answers is none; forty answers of somebody who repeats the last one are not the model's."""
    assert np.isnan(dyad.score(dyad.journal([])).model)
    rows = [(d / 2, "a", "checkin", 1 + 6 * (d // 30 % 2)) for d in range(90)]
    told = dyad.score(dyad.journal(rows), linear=False)
    assert told.shown in {"model", told.best}
    assert (told.shown == "model") == (told.model >= getattr(told, told.best))


def test_one_step_uses_the_past_only() -> None:
    """Later answers do not change the forecast of earlier ones."""
    j = dyad.simulate(TWO_VALLEYS, days=10, seed=3).journal
    cut = events.chosen(j, slice(j.value.size // 2))
    whole, half = scoring.one_step(j), scoring.one_step(cut)
    same = min(half.size, 32)
    assert whole[:same] == pytest.approx(half[:same], abs=1e-9)
