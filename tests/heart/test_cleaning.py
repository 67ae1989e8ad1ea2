"""Missed, extra and early beats, put into intervals that had none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.heart.made_signals import sinus_times
from toward.errors import BadInput
from toward.heart.camera import CameraStream
from toward.heart.cleaning import clean, intervals, usual
from toward.heart.gaps import Silence, between, merged
from toward.heart.recording import ECTOPIC, EXTRA, INTERPOLATED, NORMAL, Beats, beats_from_rr

TIMES = sinus_times(180.0)


def beats(times: np.ndarray, gaps: list[tuple[float, float]] | None = None) -> Beats:
    """Uncleaned beats at these times."""
    return Beats(times, np.zeros(times.size, np.int8), np.array(gaps or [], np.float64).reshape(-1, 2))


def test_a_clean_heart_stays_as_it_is() -> None:
    """Breathing is no artefact, not even a strong one."""
    for sway in (0.0, 0.05, 0.1, 0.15):
        cleaned = clean(beats(sinus_times(180.0, sway=sway)))
        assert (cleaned.kind == NORMAL).all(), sway


@settings(max_examples=30)
@given(st.sets(st.integers(10, TIMES.size - 10), min_size=1, max_size=6))
def test_missed_beats_are_put_back(missing: set[int]) -> None:
    """Single ones and pairs, each within a tenth of a beat of where it was, marked as nobody's sighting."""
    lonely = {k for k in missing if not ({k - 1, k - 2, k + 1, k + 2} & missing)}
    kept = np.delete(TIMES, sorted(lonely))
    cleaned = clean(beats(kept))
    added = cleaned.time_s[cleaned.kind == INTERPOLATED]
    assert added.size == len(lonely)
    for k in lonely:
        assert np.abs(added - TIMES[k]).min() < 0.1


@settings(max_examples=30)
@given(st.sets(st.integers(10, TIMES.size - 10), min_size=1, max_size=6), st.floats(0.33, 0.67))
def test_extra_stamps_are_marked_and_stepped_over(places: set[int], part: float) -> None:
    """The intervals are those without them (one in each neighbourhood; many at once are an uneven rhythm).

    Further to a side, what is left of the interval may be as long as a quick one.
    """
    lonely = sorted(k for k in places if not ({k - i for i in range(1, 18)} & places))
    extra = TIMES[lonely] + part * (TIMES[np.array(lonely) + 1] - TIMES[lonely])
    cleaned = clean(beats(np.sort(np.concatenate((TIMES, extra)))))
    np.testing.assert_array_equal(cleaned.time_s[cleaned.kind == EXTRA], np.sort(extra))
    np.testing.assert_allclose(intervals(cleaned).rr_ms, 1000.0 * np.diff(TIMES))


def test_an_early_beat_is_called_ectopic_and_counts_for_no_nn_interval() -> None:
    """Its two intervals stay, but between normal beats there are two fewer."""
    times = TIMES.copy()
    times[50] -= 0.3
    cleaned = clean(beats(times))
    assert np.flatnonzero(cleaned.kind == ECTOPIC).tolist() == [50]
    found = intervals(cleaned)
    assert found.rr_ms.size == times.size - 1
    assert np.flatnonzero(~found.normal).tolist() == [49, 50]


def test_no_interval_reaches_over_a_gap_and_nothing_is_put_into_one() -> None:
    """Whether the gap is said or is a silence of more than three seconds."""
    for gaps in ([(TIMES[80], TIMES[82])], []):
        times = np.concatenate((TIMES[:81], TIMES[82:] + (0.0 if gaps else 5.0)))
        cleaned = clean(beats(times, gaps))
        assert not (cleaned.kind == INTERPOLATED).any()
        assert len(cleaned.gaps) == 1
        found = intervals(cleaned)
        assert found.rr_ms.size == times.size - 2
        assert not found.joined[80]
        assert found.joined[1:80].all()
        assert found.rr_ms.max() < 1300.0


def test_what_was_known_already_is_kept() -> None:
    """A kind that the shape of a beat told is not taken back."""
    kind = np.zeros(TIMES.size, np.int8)
    kind[30] = ECTOPIC
    assert clean(Beats(TIMES, kind, np.zeros((0, 2)))).kind[30] == ECTOPIC


def test_an_uneven_rhythm_is_not_mended() -> None:
    """Where intervals scatter by a third (fibrillation), nothing says what was missed."""
    rng = np.random.default_rng(4)
    times = np.cumsum(rng.uniform(0.4, 1.3, 200))
    kinds = clean(beats(times)).kind
    assert not np.isin(kinds, (INTERPOLATED, EXTRA)).any()


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_beats_are_left_alone(n: int) -> None:
    """Nothing to compare them with."""
    cleaned = clean(beats(TIMES[:n]))
    assert cleaned.time_s.size == n
    assert intervals(cleaned).rr_ms.size == max(0, n - 1)


def test_stamps_that_are_no_stamps_are_refused() -> None:
    """Backwards, missing, without kinds, gaps without ends."""
    with pytest.raises(BadInput, match="backwards"):
        clean(beats(TIMES[::-1]))
    with pytest.raises(BadInput, match="no time"):
        clean(beats(np.where(TIMES > 50.0, np.nan, TIMES)))
    with pytest.raises(BadInput, match="one kind"):
        clean(Beats(TIMES, np.zeros(3, np.int8), np.zeros((0, 2))))
    with pytest.raises(BadInput, match="pairs"):
        clean(Beats(TIMES, np.zeros(TIMES.size, np.int8), np.zeros((1, 3))))


def test_intervals_with_unknown_ones_among_them_have_gaps_there() -> None:
    """NaN, nought and negative numbers stand for nobody listening."""
    made = beats_from_rr([900.0, np.nan, 910.0, 0.0, 905.0])
    assert len(made.gaps) == 2
    np.testing.assert_allclose(intervals(made).rr_ms, [900.0, 910.0, 905.0])
    with pytest.raises(BadInput, match="no intervals"):
        beats_from_rr([])


def test_what_is_usual_is_the_median_of_the_neighbourhood() -> None:
    """Against a loop over the definition."""
    rr = np.random.default_rng(2).uniform(0.7, 1.1, 60)
    middle, limit = usual(rr)
    for k in range(8, 52):
        near = rr[k - 8 : k + 9]
        median = sorted(near)[8]
        spread = 1.4826 * sorted(abs(near - median))[8]
        assert middle[k] == median
        assert limit[k] == pytest.approx(min(max(4.0 * spread, 0.2 * median), 0.35 * median))
    assert usual(np.zeros(0))[0].size == 0


def test_missing_and_flat_stretches_are_found_in_any_pieces() -> None:
    """Short ones are not: 50 ms without samples hides no beat."""
    x = np.random.default_rng(0).standard_normal(5000)
    x[1000:1050] = np.nan
    x[2000:2003] = np.nan
    x[3000:3300] = 1.0
    for size in (13, 700, 5000):
        silence = Silence(100.0)
        for start in range(0, 5000, size):
            silence.feed(x[start : start + size])
        silence.feed(x[:0])
        silence.finish()
        silence.finish()
        np.testing.assert_allclose(silence.gaps, [[10.0, 10.5], [30.0, 33.0]])


def test_a_missing_stretch_beside_a_flat_one_is_one_gap() -> None:
    """They touch, so they are the same silence."""
    x = np.concatenate((np.arange(100.0), np.full(100, np.nan), np.zeros(200), np.arange(50.0)))
    silence = Silence(100.0)
    silence.feed(x)
    silence.finish()
    assert len(silence.gaps) == 1


def test_gaps_break_the_intervals_they_touch() -> None:
    """A gap inside one interval, one over several beats, one before all, one after all."""
    times = np.arange(10.0)
    assert between(times, np.array([[3.2, 3.6]]), 3.0).nonzero()[0].tolist() == [3]
    assert between(times, np.array([[3.2, 5.6]]), 3.0).nonzero()[0].tolist() == [3, 4, 5]
    assert not between(times, np.array([[-3.0, -1.0], [20.0, 21.0]]), 3.0).any()
    np.testing.assert_array_equal(merged(np.array([[5.0, 6.0], [1.0, 2.0], [1.5, 3.0]])), [[1.0, 3.0], [5.0, 6.0]])


def test_beats_years_apart_are_refused() -> None:
    """A clock of another kind got in; nothing has room for those years."""
    beats = Beats(np.array([0.0, 0.8, 1.6, 1.7e9]), np.zeros(4, np.int8), np.zeros((0, 2)))
    with pytest.raises(BadInput):
        clean(beats)
    with pytest.raises(BadInput):
        CameraStream().feed([0.0, 0.03, 1.7e9], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0])
