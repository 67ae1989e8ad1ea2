"""Each figure of two hearts against a second way to compute it, and what it does with gaps, silence and lags."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.heart.together import oracles
from toward.errors import BadInput
from toward.heart.together import (
    coherence,
    concordance_index,
    cross_recurrence,
    made_pair,
    phase_synchrony,
    stretches_together,
    susy,
    windowed,
    windowed_correlation,
)
from toward.heart.together import concordance as concordance_module
from toward.heart.together import recurrence as recurrence_module
from toward.heart.together import segments as segments_module
from toward.heart.together.profile import lag_profile
from toward.heart.together.spectral import coherence_rows, phase_rows


def two(n: int, seed: int = 1, coupling: float = 0.6) -> tuple[np.ndarray, np.ndarray]:
    """Two series of noise that share some of it."""
    drawn = np.random.default_rng(seed)
    a = drawn.normal(size=n)
    return a, coupling * a + drawn.normal(size=n)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 4), st.integers(0, 4), st.integers(5, 12), st.integers(1, 7), st.integers(0, 60), st.integers(0, 999)
)
def test_the_matrix_is_that_of_rmea(rate: int, lag: int, window: int, step: int, more: int, seed: int) -> None:
    """Window by window and lag by lag within 1e-12, for any rate, window, step, lag and length."""
    a, b = two((window + lag) * rate + more, seed)
    ours = windowed_correlation(a, b, rate_hz=rate, window_s=window, step_s=step, lag_s=lag)
    theirs = oracles.moving_window_ccf(a, b, rate, lag, window, step)
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max(initial=0.0) < 1e-12


def test_the_matrix_stands_large_offsets() -> None:
    """Heart rates in any unit: a thousand million more changes nothing that nine digits can show."""
    a, b = two(400)
    plain = windowed_correlation(a, b, rate_hz=4)
    assert np.abs(windowed_correlation(a * 3 - 7, b + 1e6, rate_hz=4) - plain).max() < 1e-9


def test_a_positive_lag_says_that_the_first_leads() -> None:
    """B does three seconds later what A did; the peak of every figure with a lag is there."""
    pair = made_pair(coupling=0.95, lag_s=3, duration_s=300, seed=2)
    a, b = np.diff(pair.a), np.diff(pair.b)
    profile = np.tanh(windowed.profiles(a, b[None], windowed.grid(4.0))[0])
    assert (int(np.argmax(profile)) - 20) / 4 == 3
    assert (int(np.argmax(cross_recurrence(a, b, rate_hz=4))) - 20) / 4 == 3
    by_segments = segments_module.susy_rows(a, b[None], rate_hz=4)[1]
    assert (int(np.argmax(by_segments)) - 20) / 4 == 3


@pytest.mark.parametrize("holes", [False, True])
def test_partners_by_the_thousand_are_scored_as_one_is(*, holes: bool) -> None:
    """The quick sums give the mean Fisher z of the exact matrix, gaps and still windows left out."""
    a, b = two(500)
    a[200:260] = a[200]
    if holes:
        b[330:340] = np.nan
    at = windowed.grid(4.0, 10, 3, 2)
    exact = windowed.fisher_z(windowed_correlation(a, b, rate_hz=4, window_s=10, step_s=3, lag_s=2))
    assert np.isnan(exact).any()
    rows = np.stack((b, np.roll(b, 7)))
    quick = windowed.profiles(a, rows, at)
    assert np.abs(quick[0] - np.nanmean(exact, axis=0)).max() < 1e-9
    runs = np.lib.stride_tricks.sliding_window_view(exact, 3, axis=0).mean(axis=-1)
    assert windowed.tops(a, rows, at, 3)[0] == pytest.approx(np.nanmax(runs), abs=1e-9)


def test_partners_that_do_not_move_have_no_score() -> None:
    """Silence is not likeness."""
    a, b = two(300)
    for still in (np.zeros(300), np.full(300, np.nan)):
        assert np.isnan(windowed.profiles(a, still[None], windowed.grid(4.0))).all()
        assert np.isnan(windowed.tops(a, still[None], windowed.grid(4.0), 2)).all()
    assert np.isnan(cross_recurrence(a, np.zeros(300), rate_hz=4)).all()
    assert np.isnan(cross_recurrence(a[:5], b[:5], rate_hz=4)).all()
    assert np.isnan(concordance_index(a, np.full(300, np.nan), rate_hz=4))
    assert np.isnan(concordance_index(a[:10], b[:10], rate_hz=4))
    assert np.isnan(phase_synchrony(a, np.full(300, np.nan), rate_hz=4))
    assert np.isnan(coherence(a[:50], b[:50], rate_hz=4))
    assert np.isnan(susy(a, np.zeros(300), rate_hz=4).effect)


def test_a_twin_is_as_alike_as_can_be() -> None:
    """Of a series with itself: r 1 at no lag, coherence 1, phases locked, all slopes agree."""
    a, _ = two(800)
    assert np.allclose(windowed_correlation(a, a, rate_hz=4)[:, 20], 1)
    assert windowed.profiles(a, a[None], windowed.grid(4.0))[0, 20] == pytest.approx(10, abs=0.01)
    assert coherence(a, a, rate_hz=4) == pytest.approx(1)
    assert phase_synchrony(a, a, rate_hz=4) == pytest.approx(1)
    assert concordance_index(a, a, rate_hz=4) == np.inf
    assert concordance_index(a, -a, rate_hz=4) == -np.inf
    assert phase_synchrony(a, -a, rate_hz=4) == pytest.approx(1)


def test_coherence_is_welchs() -> None:
    """By sums of sines over each segment; one burst that meets another does not outweigh the rest."""
    a, b = two(600)
    expected = oracles.coherence(a, b, 4, 160)
    assert coherence(a, b, rate_hz=4) == pytest.approx(expected, abs=1e-12)
    first, second = two(1280, coupling=0)
    burst = np.where((np.arange(1280) >= 480) & (np.arange(1280) < 560), 50 * np.sin(np.arange(1280) / 4), 0.0)
    assert coherence(first + burst, second + burst, rate_hz=4) < 0.3  # without the scaling it would be above .7


def test_coherence_leaves_segments_with_gaps_out() -> None:
    """A hole takes its segments with it; too few left, and there is none."""
    a, b = two(1200)
    b[0:100] = np.nan
    assert coherence(a, b, rate_hz=4) == pytest.approx(coherence(a[160:], b[160:], rate_hz=4), abs=1e-12)
    b[300:1100] = np.nan
    assert np.isnan(coherence(a, b, rate_hz=4))


def test_phase_synchrony_is_that_of_the_analytic_signal() -> None:
    """The same from an explicit sum of sines: band, analytic signal, angle, mean of differences."""
    a, b = two(240)
    times, turns = np.arange(240) / 4, []
    for series in (a, b):
        analytic = np.zeros(240, complex)
        for k in range(1, 120):
            if 0.04 <= k / 60 <= 0.15:
                weight = (series * np.exp(-2j * np.pi * k / 60 * times)).sum() * 2 / 240
                analytic += weight * np.exp(2j * np.pi * k / 60 * times)
        turns.append(np.angle(analytic))
    expected = abs(np.exp(1j * (turns[0] - turns[1])).mean())
    assert phase_synchrony(a, b, rate_hz=4) == pytest.approx(expected, abs=1e-12)


def test_phase_synchrony_counts_no_gap() -> None:
    """What is bridged for the transform is not counted."""
    a, b = two(800, coupling=3)
    whole = phase_synchrony(a, b, rate_hz=4)
    b[100:120] = np.nan
    assert phase_synchrony(a, b, rate_hz=4) == pytest.approx(whole, abs=0.05)


def test_recurrence_is_the_diagonals_of_the_plot() -> None:
    """Against the whole plot, drawn point by point; and the radius holds a tenth of all pairs."""
    a, b = two(150)
    x, y = (recurrence_module.even(one, rate_hz=4) for one in (a, b))
    assert np.allclose(x, oracles.even(a, 120))
    radius = recurrence_module.radius_of(x, y, 8)
    assert np.allclose(cross_recurrence(a, b, rate_hz=4, lag_s=3), oracles.recurrence(x, y, 8, 12, radius))
    n = 150 - 8
    near = sum(max(abs(x[i] - y[j]), abs(x[i + 8] - y[j + 8])) < radius for i in range(n) for j in range(n))
    assert near / n**2 == pytest.approx(0.1, abs=0.001)


def test_concordance_is_marcis() -> None:
    """Against slopes by polyfit and correlations by corrcoef."""
    a, b = two(400, coupling=0.8)
    assert concordance_index(a, b, rate_hz=4) == pytest.approx(oracles.concordance(a, b, 4), abs=1e-9)
    assert concordance_index(a, b, rate_hz=4) > 0


def test_susy_is_that_of_r() -> None:
    """Every figure of the package, from its own description of them."""
    a, b = two(333)
    expected = oracles.susy(a, b, 40, 12)
    found = susy(a, b, rate_hz=4, segment_s=10, lag_s=3)._asdict()
    assert found == pytest.approx(expected, abs=1e-10)
    scores, profile = segments_module.susy_rows(a, b[None], rate_hz=4, segment_s=10, lag_s=3)
    assert scores[0] == pytest.approx(expected["z"], abs=1e-10)
    assert profile.mean() == pytest.approx(expected["z"], abs=1e-10)


def test_susy_leaves_segments_with_gaps_out() -> None:
    """A gap takes its segment with it, in both."""
    a, b = two(320)
    keep = np.r_[0:80, 120:320]
    expected = susy(a[keep], b[keep], rate_hz=4, segment_s=10, lag_s=3)
    b[85] = np.nan
    found = susy(a, b, rate_hz=4, segment_s=10, lag_s=3)
    assert found == pytest.approx(expected)
    assert found.segments == 7


def test_refuses_what_can_not_be_compared() -> None:
    """Lengths that differ, windows of no samples, bands without a frequency."""
    a, b = two(100)
    with pytest.raises(BadInput):
        windowed_correlation(a, b[1:], rate_hz=4)
    with pytest.raises(BadInput):
        windowed_correlation(a, b, rate_hz=0.1)
    with pytest.raises(BadInput):
        coherence(a, b, rate_hz=4, band_hz=(3, 4))
    with pytest.raises(BadInput):
        phase_synchrony(a[:10], b[:10], rate_hz=4, band_hz=(0.04, 0.05))
    with pytest.raises(BadInput):
        susy(a, b, rate_hz=4, segment_s=5, lag_s=3)


def test_says_when_they_moved_together() -> None:
    """Coupled in the second half alone: the stretch is there, give or take its own minute; strangers have none."""
    apart, along = (made_pair(coupling=c, duration_s=480, seed=s) for c, s in ((0.0, 3), (0.9, 4)))
    b = np.where(np.arange(apart.a.size) < 960, apart.b, along.b)
    a = np.where(np.arange(apart.a.size) < 960, apart.a, along.a)
    found = stretches_together(apart._replace(a=a, b=b), surrogates=199, alpha=0.01)
    assert found
    assert found[0].from_s >= 180
    assert found[-1].to_s >= 440
    strangers = [made_pair(coupling=0.0, duration_s=240, seed=s) for s in range(10)]
    # One in twenty is given a stretch by chance: four or more of ten once in a thousand runs.
    assert sum(bool(stretches_together(one, surrogates=99)) for one in strangers) < 4
    assert stretches_together(apart._replace(a=apart.a[:150], b=apart.b[:150])) == ()


def test_the_band_of_the_picture_is_the_chance_of_the_answer() -> None:
    """A peak outside the band and "above chance" are the same thing; nothing to draw where nothing moves."""
    pair = made_pair(coupling=0.8, lag_s=-2, duration_s=300, seed=5)
    profile = lag_profile(pair, surrogates=199)
    assert profile is not None
    assert profile.lag_s[int(np.argmax(profile.r))] == -2
    assert profile.r.max() > profile.high[0] == -profile.low[0]
    assert lag_profile(pair._replace(a=np.zeros(pair.a.size))) is None
    assert lag_profile(pair._replace(a=pair.a[:50], b=pair.b[:50])) is None
    assert lag_profile(pair._replace(a=np.where(np.arange(pair.a.size) % 80 == 0, np.nan, pair.a))) is None


def test_loops_say_the_same_uncompiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every compiled loop, run by Python itself on a small case: compiling changes no meaning."""
    plain = {
        (windowed, name): getattr(windowed, name).py_func
        for name in ("matrix_kernel", "window_sizes", "correlations", "profile_kernel", "tops_kernel")
    } | {
        (recurrence_module, "recurrence_kernel"): recurrence_module.recurrence_kernel.py_func,  # type: ignore[attr-defined]
        (concordance_module, "concordance_kernel"): concordance_module.concordance_kernel.py_func,  # type: ignore[attr-defined]
        (segments_module, "correlate"): segments_module.correlate.py_func,  # type: ignore[attr-defined]
        (segments_module, "cross_kernel"): segments_module.cross_kernel.py_func,  # type: ignore[attr-defined]
        (segments_module, "rows_kernel"): segments_module.rows_kernel.py_func,  # type: ignore[attr-defined]
    }
    a, b = two(90)
    b[40] = np.nan
    still = np.zeros(90)

    def everything() -> list[np.ndarray]:
        at = windowed.Grid(20, 4, 2)
        rows = np.stack((b, still, -a, np.linspace(0, 1, 90)))
        return [
            windowed_correlation(a, b, rate_hz=1, window_s=20, step_s=4, lag_s=2),
            windowed_correlation(a, still, rate_hz=1, window_s=20, step_s=4, lag_s=2),
            windowed.profiles(a, rows, at),
            windowed.tops(a, rows, at, 2),
            cross_recurrence(a, b, rate_hz=1),
            np.array([concordance_index(a, row, rate_hz=1) for row in (b, still, a, -a)]),
            np.array(susy(a, b, rate_hz=1, segment_s=10, lag_s=3)),
            segments_module.susy_rows(a, rows, rate_hz=1, segment_s=10, lag_s=3)[0],
        ]

    compiled = everything()
    for (module, name), function in plain.items():
        monkeypatch.setattr(module, name, function)
    for one, other in zip(everything(), compiled, strict=True):
        assert np.allclose(one, other, rtol=1e-9, atol=1e-9, equal_nan=True)


def test_rows_are_scored_one_by_one() -> None:
    """A block of partners gives what each gives alone, gaps and all."""
    a, b = two(700)
    rows = np.stack((b, np.roll(b, 50), b))
    rows[2, 100:130] = np.nan
    for many, one in ((coherence_rows, coherence), (phase_rows, phase_synchrony)):
        assert np.allclose(many(a, rows, rate_hz=4), [one(a, row, rate_hz=4) for row in rows])
