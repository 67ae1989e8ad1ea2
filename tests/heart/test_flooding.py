"""Flooding, calm and readiness, for hearts whose rate and variability are set."""

from __future__ import annotations

import numpy as np
import pytest

from toward.errors import BadInput
from toward.heart.flooding import HOLD_S, READY_S, Flooding, State, Window, baseline, baseline_of_beats


def heart(*stretches: tuple[float, float, float], seed: int = 0) -> np.ndarray:
    """Beats of stretches of (seconds, beats a minute, RMSSD in ms), one after the other."""
    rng = np.random.default_rng(seed)
    times = [0.0]
    end = 0.0
    for seconds, bpm, rmssd_ms in stretches:
        end += seconds
        while times[-1] < end:
            times.append(times[-1] + 60.0 / bpm + rmssd_ms / 1000.0 / np.sqrt(2.0) * rng.standard_normal())
    return np.array(times)


REST = (300.0, 65.0, 45.0)
FLOOD = (60.0, 105.0, 8.0)
USUAL = baseline_of_beats(heart(REST))


def followed(times: np.ndarray, **how: bool) -> list[State]:
    """Every second of a heart."""
    watch = Flooding(USUAL)
    return [state for t in times.tolist() for state in watch.beat(t, **how)]


def test_a_baseline_is_the_persons_own_median_and_spread() -> None:
    """As set, and robust: a tenth of wild values moves it little."""
    assert USUAL.hr_bpm == pytest.approx(65.0, abs=1.0)
    assert USUAL.ln_rmssd == pytest.approx(np.log(45.0), abs=0.2)
    hr = np.concatenate((np.full(90, 65.0), np.full(10, 150.0)))
    assert baseline(hr, np.full(100, 3.8)).hr_bpm == 65.0
    assert baseline(hr, np.full(100, 3.8)).hr_spread_bpm == 2.0


def test_less_than_a_minute_is_no_baseline() -> None:
    """And no beats at all are none either."""
    with pytest.raises(BadInput, match="baseline needs"):
        baseline_of_beats(heart((50.0, 65.0, 45.0)))
    with pytest.raises(BadInput, match="baseline needs"):
        baseline_of_beats([])


def test_rest_is_never_flooding() -> None:
    """Eight hearts at rest for ten minutes each: no alarm."""
    for seed in range(8):
        assert not any(s.flooded for s in followed(heart((600.0, 65.0, 45.0), seed=seed + 10)))


def test_rate_up_and_variability_down_is_flooding_after_the_hold() -> None:
    """Not before ten seconds of it, and within forty."""
    states = followed(heart(REST, FLOOD, seed=1))
    first = next(s.time_s for s in states if s.flooded)
    assert 300.0 + HOLD_S <= first <= 340.0


@pytest.mark.parametrize("stretch", [(120.0, 105.0, 45.0), (120.0, 65.0, 8.0), (5.0, 105.0, 8.0)])
def test_one_of_the_two_or_a_moment_of_both_is_not(stretch: tuple[float, float, float]) -> None:
    """A quick heart that still sways (joy, stairs), a steady slow one, a start."""
    states = followed(heart(REST, stretch, (60.0, 65.0, 45.0), seed=2))
    assert not any(s.flooded for s in states)


def test_there_is_no_flicker() -> None:
    """Between the two marks whatever was true goes on: over one flood the state changes twice, not more."""
    hovering = [(20.0, 65.0 + 2.2 * k, 25.0) for k in (3, 1, 3, 1, 3, 1)]
    states = followed(heart(REST, FLOOD, *hovering, (240.0, 65.0, 45.0), seed=3))
    flooded = np.array([s.flooded for s in states])
    assert np.abs(np.diff(flooded.astype(int))).sum() == 2


def test_ready_is_time_spent_calm_not_time_gone_by() -> None:
    """Half of the calm, another flood, and calm again: the count starts anew after the second."""
    calm = (READY_S / 2.0, 65.0, 45.0)
    states = followed(heart(REST, FLOOD, calm, FLOOD, (600.0, 65.0, 45.0), seed=4))
    second = 300.0 + 60.0 + READY_S / 2.0 + 60.0
    assert all(s.ready for s in states if s.time_s < 300.0)
    assert not any(s.ready for s in states if second - 20.0 < s.time_s < second + READY_S)
    assert any(s.ready for s in states if s.time_s > second + READY_S)
    ready = next(s for s in states if s.time_s > second and s.ready)
    assert ready.calm_s >= READY_S


def test_gaps_and_movement_count_for_nothing() -> None:
    """While somebody speaks or moves, nothing is said either way, and calm does not grow."""
    assert not any(s.flooded for s in followed(heart(REST, FLOOD, seed=5), gated=True))
    assert followed(heart(REST), gated=True)[-1].calm_s == 0.0
    assert followed(heart(REST), after_gap=True)[-1].calm_s == 0.0


def test_few_beats_are_not_judged() -> None:
    """A strap that gives a beat every five seconds gives no rate."""
    assert all(np.isnan(s.hr_bpm) for s in followed(np.arange(0.0, 100.0, 5.0)))


def test_intervals_over_gaps_are_left_out_of_the_window() -> None:
    """The rate is that of the good ones; with too few of them there is none."""
    window = Window()
    for k in range(20):
        window.beat(float(k) if k < 10 else k + 3.0, after_gap=k == 10)
    assert window.now(22.0)[0] == pytest.approx(60.0)
    torn = Window()
    for k in range(20):
        torn.beat(float(k), after_gap=k % 2 == 0)
    assert np.isnan(torn.now(19.0)[0])


def test_beats_that_go_back_are_refused() -> None:
    """Times must rise."""
    watch = Flooding(USUAL)
    watch.beat(2.0)
    with pytest.raises(BadInput, match="before"):
        watch.beat(1.0)
