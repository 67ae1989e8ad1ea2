"""Two recordings put on one clock and compared: what is said, what is left unsaid, and why."""

from __future__ import annotations

import numpy as np
import pytest

from toward.errors import BadInput
from toward.heart import beats_from_rr
from toward.heart.recording import Beats
from toward.heart.together import Pair, compare, made_pair, pair_of_beats, whitened
from toward.heart.together.comparison import NAMES
from toward.heart.together.pairing import rate_on


def beats_of_rate(rate: np.ndarray, rate_hz: float) -> Beats:
    """Beats whose rate follows a series: the inverse of putting them on a clock."""
    times, end = [0.0], rate.size / rate_hz
    while times[-1] < end - 1:
        times.append(times[-1] + 60 / rate[int(times[-1] * rate_hz)])
    return Beats(np.array(times), np.zeros(len(times), np.int8), np.zeros((0, 2)))


def test_the_whole_answer_is_above_chance_for_a_couple() -> None:
    """From beats to a verdict: B follows A by two seconds, and it is said who leads."""
    made = made_pair(coupling=0.9, lag_s=2, duration_s=400, seed=4)
    pair = pair_of_beats(beats_of_rate(made.a, 4), beats_of_rate(made.b, 4))
    answer = compare(pair, surrogates=199)
    assert answer.verdict == "above chance"
    assert [one.name for one in answer.measures] == list(NAMES)
    first = answer.measures[0]
    assert (first.verdict, first.leads) == ("above chance", "a")
    assert first.lag_s == pytest.approx(2, abs=0.5)
    assert first.value is not None
    assert first.chance is not None
    assert first.value > 3 * first.chance
    turned = compare(pair_of_beats(beats_of_rate(made.b, 4), beats_of_rate(made.a, 4)), surrogates=199)
    assert turned.measures[0].leads == "b"
    assert turned.measures[0].value == pytest.approx(first.value, abs=0.02)


def test_the_same_seed_gives_the_same_answer() -> None:
    """To the last digit; another one moves only what is drawn."""
    pair = made_pair(coupling=0.3, duration_s=200, seed=1)
    assert compare(pair, surrogates=49, seed=3) == compare(pair, surrogates=49, seed=3)
    other = compare(pair, surrogates=49, seed=4)
    assert [m.value for m in other.measures] == [m.value for m in compare(pair, surrogates=49, seed=3).measures]


def test_nothing_is_said_of_too_little() -> None:
    """Two minutes, silence, a flat line, mostly gaps: not enough data, and no number that could be taken for one."""
    pair = made_pair(coupling=0.9, duration_s=300, seed=2)
    short = Pair(pair.a[:400], pair.b[:400], 4.0, 0.0)
    flat = pair._replace(b=np.full(pair.b.size, 60.0))
    torn = pair._replace(b=np.where(np.arange(pair.b.size) % 1200 < 600, np.nan, pair.b))
    for poor in (short, flat, torn):
        answer = compare(poor, surrogates=19)
        assert answer.verdict == "not enough data"
        assert answer.p is None
        for one in answer.measures:
            assert (one.value, one.p, one.lag_s, one.leads, one.chance) == (None,) * 5
            assert one.verdict == "not enough data"


def test_each_null_can_be_asked_for() -> None:
    """Shifts in a long enough recording are few and independent; segments and phases as many as asked."""
    pair = made_pair(coupling=0.9, duration_s=420, seed=3)
    shifted = compare(pair, against="shift", surrogates=500)
    assert {one.surrogates for one in shifted.measures[:5]} == {40, 41} - (
        {40} if shifted.measures[0].surrogates == 41 else {41}
    )
    assert shifted.measures[0].p == 1 / (shifted.measures[0].surrogates + 1)
    segments = compare(pair, against="segment", surrogates=99)
    assert {one.surrogates for one in segments.measures} == {99}
    few = compare(Pair(pair.a[:600], pair.b[:600], 4.0, 0.0), against="shift")
    assert few.measures[0].verdict == "not enough data"


def test_gaps_do_not_pass_for_likeness() -> None:
    """Two strangers whose sensors fail at the same moments stay strangers."""
    pair = made_pair(coupling=0.0, duration_s=400, seed=6)
    holes = np.arange(pair.a.size) % 400 < 40
    answer = compare(
        pair._replace(a=np.where(holes, np.nan, pair.a), b=np.where(holes, np.nan, pair.b)), surrogates=199
    )
    assert answer.verdict == "at chance"


def test_the_total_is_corrected_for_asking_six_times() -> None:
    """Holm's smallest: six times the smallest p, and no more than one."""
    answer = compare(made_pair(coupling=0.0, duration_s=200, seed=9), surrogates=99)
    smallest = min(one.p for one in answer.measures if one.p is not None)
    assert answer.p == pytest.approx(min(1.0, 6 * smallest))


def test_progress_is_told() -> None:
    """Once for each figure."""
    seen: list[tuple[int, int]] = []
    compare(made_pair(coupling=0, duration_s=150, seed=1), surrogates=19, progress=lambda *at: seen.append(at))
    assert seen == [(i, 6) for i in range(1, 7)]


def test_refuses_what_can_not_be_asked() -> None:
    """Too few surrogates for one in twenty, an alpha that is none, a coupling that is none."""
    pair = made_pair(coupling=0, duration_s=150, seed=1)
    with pytest.raises(BadInput):
        compare(pair, surrogates=18)
    with pytest.raises(BadInput):
        compare(pair, alpha=0)
    with pytest.raises(BadInput):
        made_pair(coupling=1.5)


def test_rates_are_read_from_intervals() -> None:
    """At the middle of an interval the rate is 60 / RR; between, a straight line; beyond the beats, nothing."""
    beats = beats_from_rr([1000, 500, 1000])
    found = rate_on(beats, np.array([-0.1, 0.5, 0.875, 1.25, 2.4, 2.6]))
    assert found[1:5].tolist() == pytest.approx([60, 90, 120, 60])
    assert np.isnan(found[[0, 5]]).all()


def test_rates_have_gaps_where_nobody_heard() -> None:
    """No value is held or drawn over a gap, a long silence or a run of early beats."""
    beats = beats_from_rr([1000] * 5 + [np.nan] + [1000] * 5)
    rate = rate_on(beats, np.arange(0.5, 11, 1))
    assert np.isnan(rate).tolist() == [False] * 5 + [True] + [False] * 5
    early = Beats(np.arange(12.0), np.array([0] * 4 + [1] * 4 + [0] * 4, np.int8), np.zeros((0, 2)))
    assert np.isnan(rate_on(early, np.array([2.5, 5.5, 9.5]))).tolist() == [False, True, False]
    one = Beats(np.arange(12.0), np.array([0] * 5 + [1] + [0] * 6, np.int8), np.zeros((0, 2)))
    assert rate_on(one, np.array([5.5])).tolist() == [60.0]
    all_early = early._replace(kind=np.ones(12, np.int8))
    assert np.isnan(rate_on(all_early, np.array([5.0]))).all()


def test_two_clocks_become_one() -> None:
    """B began ten seconds later; the pair covers what both cover."""
    a, b = beats_from_rr([1000] * 60), beats_from_rr([800] * 60)
    pair = pair_of_beats(a, b, b_later_s=10)
    assert pair.start_s == 10
    assert pair.duration_s == pytest.approx(48.25)
    assert np.nanmedian(pair.b) == pytest.approx(75)
    with pytest.raises(BadInput):
        pair_of_beats(a, b, b_later_s=100)
    with pytest.raises(BadInput):
        pair_of_beats(a, b, rate_hz=0)
    with pytest.raises(BadInput):
        pair_of_beats(a, b._replace(time_s=b.time_s[:1], kind=b.kind[:1]))


def test_whitening_takes_the_past_out() -> None:
    """An autoregression leaves its noise; differencing leaves steps; gaps stay gaps; too little stays unknown."""
    drawn = np.random.default_rng(1)
    noise = drawn.normal(size=2000)
    x = noise.copy()
    for t in range(2, 2000):
        x[t] += 1.2 * x[t - 1] - 0.5 * x[t - 2]
    left = whitened(x, "autoregression", rate_hz=4)
    assert np.corrcoef(left[20:], noise[20:])[0, 1] > 0.99
    assert whitened(np.array([1.0, 4.0, 9.0])).tolist() == [3, 5]
    assert whitened(np.array([1.0, np.nan, 3.0]), "none")[[0, 2]].tolist() == [-1, 1]
    assert np.isnan(whitened(np.full(5, np.nan), "none")).all()
    assert np.isnan(whitened(np.arange(20.0), "autoregression")).all()
    x[::3] = np.nan
    assert np.isnan(whitened(x, "autoregression")).all()


def test_other_whitenings_find_the_couple_too() -> None:
    """The answer doesn't hang on the default."""
    pair = made_pair(coupling=0.9, duration_s=300, seed=7)
    for how in ("difference", "autoregression", "none"):
        assert compare(pair, whitening=how, surrogates=199).verdict == "above chance"
