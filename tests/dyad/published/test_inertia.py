"""Inertia-coordination: the numbers of the rties vignette come back, and made series are found again."""

from __future__ import annotations

import numpy as np
import pytest

from tests.dyad.published.recordings import dials
from toward.dyad.published.inertia import fit_inertia, found_lag
from toward.errors import BadInput


def test_vignette_numbers_come_back() -> None:
    """Mean adjusted R2 of 80 couples with each part and both, and couple 2 to five digits."""
    fits = {couple: fit_inertia(a, b) for couple, (a, b) in dials().items()}
    assert len(fits) == 80
    assert np.mean([fit.r2_inertia_only for fit in fits.values()]) == pytest.approx(0.472638, abs=6e-7)
    assert np.mean([fit.r2_coordination_only for fit in fits.values()]) == pytest.approx(0.135969, abs=6e-7)
    assert np.mean([fit.r2 for fit in fits.values()]) == pytest.approx(0.496223, abs=6e-7)
    two = fits[2]
    assert two.lag == 5
    assert two.a == pytest.approx((-0.00518, 0.10804, -0.22004), abs=6e-6)
    assert two.b == pytest.approx((0.00637, 0.26794, 0.16868), abs=6e-6)


def made(count: int, lag: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """b follows a after ``lag`` steps."""
    random = np.random.default_rng(seed)
    a, b = np.zeros(count), np.zeros(count)
    for t in range(1, count):
        a[t] = 0.6 * a[t - 1] + random.normal()
        b[t] = 0.3 * b[t - 1] + 0.8 * (a[t - lag] if t >= lag else 0) + random.normal() * 0.3
    return a, b


def test_influence_backwards_in_time_is_found() -> None:
    """With a lag of -1, both series' own and crossed weights."""
    fit = fit_inertia(*made(5000, 1), lag=-1)
    assert fit.a == pytest.approx((0, 0.6, 0), abs=0.06)
    assert fit.b == pytest.approx((0, 0.3, 0.8), abs=0.06)
    assert fit.r2 > max(fit.r2_inertia_only, fit.r2_coordination_only)


@pytest.mark.parametrize("lag", [2, 7])
def test_the_lag_of_who_follows_is_found(lag: int) -> None:
    """a earlier than b: a(t - lag) goes with b(t)."""
    a, b = made(2000, lag)
    assert found_lag(a, b) == -lag
    assert found_lag(b, a) == lag
    a[5] = np.nan
    assert found_lag(a, b) == -lag
    assert fit_inertia(a, b).lag == -lag


def test_at_once_counts_as_one_step() -> None:
    """Where they go together most at the same moment."""
    a, _ = made(300, 1)
    assert found_lag(a, a + 0.01 * np.arange(300)) == 1


def test_exchanging_the_partners_exchanges_the_result() -> None:
    """Nobody is first."""
    a, b = made(300, 3)
    one, two = fit_inertia(a, b, lag=-2), fit_inertia(b, a, lag=-2)
    assert one.a == pytest.approx(two.b)
    assert one.r2 == pytest.approx(two.r2)


@pytest.mark.parametrize("lag", [0, 30, -30])
def test_a_lag_that_is_none_is_refused(lag: int) -> None:
    """Zero, or as long as the series."""
    with pytest.raises(BadInput, match="a lag of"):
        fit_inertia(*made(30, 1), lag=lag)


@pytest.mark.parametrize(
    ("a", "b"), [(np.arange(2.0), np.arange(2.0)), (np.full(9, np.nan), np.full(9, np.nan)), (np.ones(9), np.ones(9))]
)
def test_no_lag_where_nothing_moves(a: np.ndarray, b: np.ndarray) -> None:
    """Too short, all missing, all equal."""
    with pytest.raises(BadInput, match="no lag can be found"):
        found_lag(a, b)


def test_one_recording_for_both_is_not_told_apart() -> None:
    """Its equations are NaN and no number is made up; what it explains is still there."""
    a, _ = made(200, 1)
    fit = fit_inertia(a, a, lag=-1)
    assert np.isnan([*fit.a, *fit.b]).all()
    assert fit.r2 == pytest.approx(fit.r2_inertia_only, abs=0.01)
    with pytest.raises(BadInput, match="complete rows"):
        fit_inertia(a[:5], a[:5], lag=-3)
