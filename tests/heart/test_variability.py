"""Rate and variability against the formulas as they are written, and against sums that can be done by hand."""

from __future__ import annotations

import math
import statistics
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.heart.made_signals import sinus_times
from toward.errors import BadInput
from toward.heart.variability import SHORTEST_S, spectrum, variability

RR = 1000.0 * np.diff(sinus_times(300.0))


def made(seed: int) -> list[float]:
    """Some hundred intervals of any length that a heart can have."""
    rng = np.random.default_rng(seed)
    return [float(rr) for rr in rng.uniform(300.0, rng.uniform(400.0, 2000.0), int(rng.integers(40, 200)))]


@given(st.integers(0, 2**32))
def test_time_figures_are_those_of_the_formulas(seed: int) -> None:
    """Each by plain Python over the definition."""
    rr = made(seed)
    assume(sum(rr) > 31_000.0)
    v = variability(rr)
    squares = [(b - a) ** 2 for a, b in pairwise(rr)]
    assert v.rmssd_ms == pytest.approx(math.sqrt(sum(squares) / len(squares)), rel=1e-9)
    assert v.hr_bpm == pytest.approx(60_000.0 / statistics.fmean(rr), rel=1e-9)
    if sum(rr) >= 60_000.0:
        assert v.sdnn_ms == pytest.approx(statistics.stdev(rr), rel=1e-9, abs=1e-9)
        wide = sum(abs(b - a) > 50.0 for a, b in pairwise(rr))
        assert v.pnn50_percent == pytest.approx(100.0 * wide / (len(rr) - 1))


@given(st.integers(0, 2**32))
def test_neighbours_count_only_when_both_are_normal_and_joined(seed: int) -> None:
    """A loop over all pairs, leaving out those that are not."""
    rr = made(seed)
    n = len(rr)
    normal, joined = np.random.default_rng(seed).random((2, n)) < 0.8
    squares = [(rr[i] - rr[i - 1]) ** 2 for i in range(1, n) if normal[i] and normal[i - 1] and joined[i]]
    v = variability(rr, normal=normal, joined=joined)
    if not np.isnan(v.rmssd_ms):
        assert v.rmssd_ms == pytest.approx(math.sqrt(sum(squares) / len(squares)), rel=1e-9)
    else:
        assert len(squares) < 10 or sum(np.array(rr)[normal]) < 28_000.0


@pytest.mark.parametrize("name", sorted(SHORTEST_S))
def test_each_figure_waits_for_its_window(name: str) -> None:
    """A little less than its window: NaN. A little more: a number."""
    ends = np.cumsum(RR) / 1000.0
    short = RR[ends < SHORTEST_S[name] - 2.5]
    long = RR[: int(np.searchsorted(ends, SHORTEST_S[name] + 2.5)) + 1]
    assert math.isnan(getattr(variability(short), name))
    assert math.isfinite(getattr(variability(long), name))


@pytest.mark.parametrize(("hz", "band"), [(0.1, "lf_ms2"), (0.25, "hf_ms2"), (0.33, "hf_ms2")])
def test_a_sway_of_one_frequency_has_its_power_in_its_band(hz: float, band: str) -> None:
    """A sine of 40 ms has 800 ms² (half its amplitude squared), all of it there."""
    times = [0.0]
    while times[-1] < 400.0:
        times.append(times[-1] + 0.8 + 0.04 * math.sin(2.0 * math.pi * hz * times[-1]))
    v = variability(1000.0 * np.diff(times))
    other = "hf_ms2" if band == "lf_ms2" else "lf_ms2"
    assert getattr(v, band) == pytest.approx(800.0, rel=0.12)
    assert getattr(v, other) < 30.0


def test_the_spectrum_holds_the_variance() -> None:
    """Its area is the variance of the intervals (Parseval), but for what windows cost."""
    ends = np.cumsum(RR) / 1000.0
    f, p = spectrum(ends, RR)
    assert p.sum() * f[1] == pytest.approx(RR.var(), rel=0.15)


def test_gaps_do_not_ring_in_the_spectrum() -> None:
    """Two halves with a gap between have the power of the whole."""
    joined = np.ones(RR.size, np.bool_)
    joined[[0, RR.size // 2]] = False
    ends = np.cumsum(RR) / 1000.0
    ends[RR.size // 2 :] += 60.0
    whole, halves = variability(RR), variability(RR, joined=joined, end_s=ends)
    assert halves.hf_ms2 == pytest.approx(whole.hf_ms2, rel=0.25)
    assert halves.lf_hf < 1.0


def test_many_short_stretches_have_no_slow_power() -> None:
    """Ten minutes in pieces of half a minute: time figures yes, frequencies no."""
    rr = np.tile(RR, 2)
    joined = np.arange(rr.size) % 30 > 0
    v = variability(rr, joined=joined)
    assert math.isfinite(v.rmssd_ms)
    assert math.isnan(v.hf_ms2)
    assert math.isnan(v.rsa_ln_ms2)


def test_standard_errors_cover_the_truth_as_often_as_they_should() -> None:
    """Of 200 hearts with a known RMSSD, about 95 % lie within two standard errors (88 to 99 % allowed)."""
    rng = np.random.default_rng(9)
    truth = 40.0 * math.sqrt(2.0)
    hits = 0
    for _ in range(200):
        v = variability(900.0 + 40.0 * rng.standard_normal(200))
        hits += abs(v.rmssd_ms - truth) < 2.0 * v.se["rmssd_ms"]
    assert 176 <= hits <= 198


def test_known_timing_noise_is_taken_off() -> None:
    """Beat times loose by 10 ms add 600 ms² to the mean squared difference; without that it is the truth."""
    rng = np.random.default_rng(3)
    times = np.concatenate(([0.0], np.cumsum(RR)))
    loose = np.diff(times + 10.0 * rng.standard_normal(times.size))
    raw, mended = variability(loose), variability(loose, timing_noise_ms2=600.0)
    truth = variability(RR).rmssd_ms
    assert abs(mended.rmssd_ms - truth) < 0.2 * abs(raw.rmssd_ms - truth)
    assert variability(loose, timing_noise_ms2=1e9).rmssd_ms == pytest.approx(0.5 * raw.rmssd_ms)


def test_a_clockwork_heart_has_no_variability_and_no_logarithm_of_it() -> None:
    """All intervals the same: RMSSD nought, ln RMSSD nothing, no division by nought."""
    v = variability([1000.0] * 200)
    assert v.rmssd_ms == v.sdnn_ms == 0.0
    assert math.isnan(v.ln_rmssd)
    assert math.isnan(v.lf_hf)
    assert v.hr_bpm == 60.0


@pytest.mark.parametrize("rr", [[0.0, 900.0], [-5.0], [float("nan")], [[900.0]]])
def test_what_is_no_interval_is_refused(rr: list[float]) -> None:
    """Nought, negative, missing, a table."""
    with pytest.raises(BadInput, match="positive"):
        variability(rr)


def test_nothing_gives_nothing() -> None:
    """No intervals, no figures, no error."""
    v = variability([])
    assert math.isnan(v.hr_bpm)
    assert v.known_s == 0.0
