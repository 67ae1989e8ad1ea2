"""Made-up couples beside studied ones: six figures, in bands that leave room for so few couples."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import dyad_people as measured
from toward import dyad
from toward.errors import BadInput


def test_days_are_like_diaries() -> None:
    """46 to 62 % two-humped people; own day before about .45, the partner's about .09; couples of the priors fail."""
    told = measured.days(measured.people(300, seed=4), seed=4_000)
    assert told.coefficient == pytest.approx(0.5, abs=0.1)
    assert told.actor == pytest.approx(0.43, abs=0.06)
    assert told.partner == pytest.approx(0.1, abs=0.045)
    wide = measured.days(measured.people(300, seed=4, priors=dyad.PRIORS), seed=4_000)
    assert wide.actor < 0.35
    assert wide.partner > 0.145


def test_a_course_of_softer_words_has_the_shape_of_trials() -> None:
    """Before to after .7 to .9 deviations, about .66 half a year on, some 30 % without; waiting does part of it."""
    told = measured.course(measured.people(600, seed=4), seed=4_000)
    assert told.couples > 50
    assert told.at_once == pytest.approx(0.8, abs=0.25)
    assert told.later == pytest.approx(0.66, abs=0.25)
    assert told.without == pytest.approx(0.33, abs=0.13)
    assert 0.1 < told.over_waiting < told.at_once


def test_two_humps_are_told_from_one() -> None:
    """Two heaps across the middle count by both measures, one heap by neither, two on one side not on a slider."""
    luck = np.random.default_rng(1)
    one, two = luck.normal(4.0, 0.8, 150), np.append(luck.normal(2.5, 0.4, 75), luck.normal(5.5, 0.4, 75))
    assert measured.two_humps(two)
    assert measured.tops_on_both_sides(two)
    assert not measured.two_humps(one)
    assert not measured.tops_on_both_sides(two + 4.0)
    assert not measured.tops_on_both_sides(np.full(100, 4.0))


def test_the_population_is_a_pure_function() -> None:
    """The same seed, the same couples; strained ones only where their share says so; no fewer than none."""
    assert dyad.population(3, seed=1) == dyad.population(3, seed=1)
    threats = [
        np.median([p.gw_a for p in dyad.population(60, people=dyad.POPULATION._replace(strained_share=share))])
        for share in (0.0, 1.0)
    ]
    assert threats[0] < 0.3
    assert threats[1] > 1.0
    assert dyad.population(0) == []
    with pytest.raises(BadInput):
        dyad.population(-1)


def test_two_who_are_apart_settle_each_other_less() -> None:
    """The share of time together is told on day 0, changes nothing else that chance brings, and scales ``k``."""
    close = dyad.TYPICAL._replace(k=2.0, gw_a=0.0, gw_b=0.0, gp_a=0.0, gp_b=0.0)
    gaps = []
    for share in (1.0, 0.1):
        habits = dyad.HABITS._replace(together=share)
        lives = [dyad.simulate(close, days=20, seed=seed, habits=habits) for seed in range(10)]
        assert all(
            (dyad.check(life.journal).kind == dyad.KINDS.index("together")).sum() == (share < 1) for life in lives
        )
        gaps.append(np.mean([np.abs(np.diff(life.x[480:], axis=1)).mean() for life in lives]))
    assert gaps[0] < 0.7 * gaps[1]
