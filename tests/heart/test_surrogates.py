"""Surrogates keep what they promise to keep, destroy the rest, and give the chance that they say."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toward.errors import BadInput
from toward.heart import surrogates
from toward.heart.surrogates import (
    amplitude_adjusted,
    bridged,
    circular_shifts,
    p_value,
    phase_surrogates,
    quick_length,
    re_pairings,
    segment_shuffles,
    shifts_of,
)
from toward.heart.together import Pair, compare, made_pair


def series(n: int, seed: int = 0) -> np.ndarray:
    """A slow series: each value leans on the one before."""
    drawn = np.random.default_rng(seed)
    x = drawn.normal(size=n)
    for t in range(1, n):
        x[t] += 0.8 * x[t - 1]
    return x


def all_of(blocks: object) -> np.ndarray:
    """Every row of all blocks."""
    return np.concatenate(list(blocks))  # type: ignore[call-overload]  # blocks are what the functions yield


@settings(max_examples=20, deadline=None)
@given(st.integers(3, 60), st.integers(0, 99))
def test_phase_surrogates_keep_the_spectrum(n: int, seed: int) -> None:
    """Every amplitude, the mean and so the variance are the series' own, for even and odd lengths."""
    x = series(n, seed)
    rows = all_of(phase_surrogates(x, 5, seed=seed))
    assert rows.shape == (5, n)
    assert np.allclose(np.abs(np.fft.rfft(rows)), np.abs(np.fft.rfft(x)))
    assert np.allclose(rows.mean(axis=1), x.mean())


def test_phase_surrogates_keep_gaps_where_they_are() -> None:
    """What nobody heard is not made up."""
    x = series(50)
    x[[0, 20, 21, 49]] = np.nan
    for make in (phase_surrogates, amplitude_adjusted):
        rows = all_of(make(x, 4, seed=1))
        assert (np.isnan(rows) == np.isnan(x)).all()


def test_amplitude_adjusted_keep_every_value() -> None:
    """Ties, spikes and all; and about the spectrum, which a plain shuffle would flatten."""
    x = np.round(series(400) * 2)
    rows = all_of(amplitude_adjusted(x, 20, seed=3))
    assert (np.sort(rows, axis=1) == np.sort(x)).all()
    lean = [float(np.corrcoef(row[1:], row[:-1])[0, 1]) for row in rows]
    assert np.mean(lean) == pytest.approx(np.corrcoef(x[1:], x[:-1])[0, 1], abs=0.08)


def test_circular_shifts_turn_the_series() -> None:
    """Row by row the series turned round, never nearer than asked, in even steps, thinned evenly."""
    x = np.arange(20.0)
    rows = all_of(circular_shifts(x, 100, apart=3))
    assert [int(row[0]) for row in rows] == [(20 - s) % 20 for s in shifts_of(20, 100, apart=3)]
    assert shifts_of(20, 100, apart=3).tolist() == [3, 6, 9, 12, 15]
    assert shifts_of(100, 3, apart=1).tolist() == [1, 50, 99]
    assert (np.sort(rows, axis=1) == x).all()


def test_segment_shuffles_keep_segments_whole() -> None:
    """Each segment is somewhere; what is left over stays at the end."""
    x = np.arange(23.0)
    for row in all_of(segment_shuffles(x, 10, segment=5, seed=2)):
        assert sorted(row[:20].reshape(4, 5)[:, 0].tolist()) == [0, 5, 10, 15]
        assert (np.diff(row[:20].reshape(4, 5)) == 1).all()
        assert row[20:].tolist() == [20, 21, 22]


def test_quick_lengths_cost_a_hundredth_at_most() -> None:
    """The next length of small factors where it is near, and the length itself where it isn't."""
    assert [quick_length(n) for n in (2400, 2399, 239, 1, 7 * 11 * 13)] == [2400, 2376, 239, 1, 1000]


def test_re_pairings_pair_nobody_with_their_own() -> None:
    """Every row is an order without a fixed point, and all such orders of four come up."""
    rows = re_pairings(4, 300, seed=1)
    assert (np.sort(rows, axis=1) == np.arange(4)).all()
    assert not (rows == np.arange(4)).any()
    assert len({tuple(row) for row in rows.tolist()}) == 9


def test_the_same_seed_gives_the_same_surrogates() -> None:
    """And another one others."""
    x = series(64)
    for make in (
        lambda seed: all_of(phase_surrogates(x, 6, seed=seed)),
        lambda seed: all_of(amplitude_adjusted(x, 6, seed=seed)),
        lambda seed: all_of(segment_shuffles(x, 6, segment=8, seed=seed)),
        lambda seed: re_pairings(9, 6, seed=seed),
    ):
        assert (make(4) == make(4)).all()
        assert (make(4) != make(5)).any()


def test_blocks_stay_small() -> None:
    """A long night is not multiplied by a thousand in memory."""
    sizes = [block.size for block in phase_surrogates(series(40_000), 100, seed=0)]
    assert max(sizes) <= 500_000
    assert sum(sizes) == 40_000 * 100


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-5, 5), min_size=1, max_size=30), st.floats(-5, 5))
def test_p_is_the_rank_among_all(chance: list[float], own: float) -> None:
    """(k + 1) / (n + 1): what a count of all values not smaller, the pair's own included, gives."""
    everyone = [own, *chance]
    assert p_value(own, np.array(chance)) == sum(v >= own for v in everyone) / len(everyone)


def test_p_of_nothing_is_nothing() -> None:
    """Gaps are left out of the count; with nothing left there is no chance to speak of."""
    assert p_value(1.0, np.array([np.nan, 0.0, 2.0])) == 2 / 3
    assert np.isnan(p_value(1.0, np.array([np.nan])))
    assert np.isnan(p_value(np.nan, np.array([1.0])))


def test_refuses_what_has_no_surrogates() -> None:
    """One segment, two dyads, two samples, nothing but gaps."""
    with pytest.raises(BadInput):
        next(segment_shuffles(series(9), 1, segment=5, seed=0))
    with pytest.raises(BadInput):
        next(segment_shuffles(series(9), 1, segment=0, seed=0))
    with pytest.raises(BadInput):
        re_pairings(2, 1, seed=0)
    with pytest.raises(BadInput):
        next(phase_surrogates(series(2), 1, seed=0))
    with pytest.raises(BadInput):
        next(amplitude_adjusted(np.full(9, np.nan), 1, seed=0))


def test_bridges_are_straight() -> None:
    """Between what is known, and level beyond it."""
    nan = np.nan
    assert bridged(np.array([nan, 1, nan, 3, nan])).tolist() == [1, 1, 2, 3, 3]
    assert bridged(np.array([nan, nan])).tolist() == [0, 0]


def test_strangers_are_called_together_one_time_in_twenty() -> None:
    """A known null: slow series that know nothing of each other. Every figure errs at its own alpha.

    100 pairs; the count of p <= .1 is binomial(100, .1): between 2 and 21 but for one run in a thousand.
    """
    hits: dict[str, int] = {}
    for i in range(100):
        pair = Pair(series(240, 2 * i) + 70, series(240, 2 * i + 1) + 70, 1.0, 0.0)
        for measure in compare(pair, surrogates=39, seed=i).measures:
            assert measure.p is not None
            hits[measure.name] = hits.get(measure.name, 0) + (measure.p <= 0.1)
    assert len(hits) == 6
    assert all(2 <= count <= 21 for count in hits.values()), hits


def test_couples_are_found() -> None:
    """Power: made hearts coupled at .8 with no lag, of five minutes, are above chance by every figure."""
    verdicts = [
        measure.verdict
        for measure in compare(made_pair(coupling=0.85, duration_s=300, seed=8), surrogates=199).measures
    ]
    assert verdicts == ["above chance"] * 6


def test_examples_in_the_docstrings_hold() -> None:
    """What the documentation shows is what happens."""
    from toward import heart
    from toward.heart import recording, together
    from toward.heart.formats import tables, units

    for module in (surrogates, together, units, tables, recording, heart):
        assert doctest.testmod(module).failed == 0
