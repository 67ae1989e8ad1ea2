"""The linear special case: the known optimum, and a plain Kalman filter as its oracle."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toward import dyad
from toward.errors import BadInput

if TYPE_CHECKING:
    from numpy.typing import NDArray

Array = "NDArray[np.float64]"
DATA = Path(__file__).resolve().parents[2] / "../shared/data/couples/linear_ou_200.npz"
TRUE = dyad.Linear(
    np.array([[-0.9, 0.35], [0.25, -0.7]]),
    np.array([4.8, 4.4]),
    np.array([[0.81, 0.225], [0.225, 0.7025]]),
    np.array([0.25, 0.36]),
)


def kalman(model: dyad.Linear, time: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """A textbook filter with the matrix exponential and the Lyapunov equation from SciPy."""
    from scipy.linalg import expm, solve_continuous_lyapunov  # type: ignore[import-untyped, unused-ignore]

    end = solve_continuous_lyapunov(model.drift, -model.diffusion)
    m, p, total, noise = model.mean.copy(), end.copy(), 0.0, np.diag(model.noise)
    for n in range(time.size):
        if n:
            f = expm(model.drift * (time[n] - time[n - 1]))
            m, p = model.mean + f @ (m - model.mean), f @ (p - end) @ f.T + end
        s, gap = p + noise, y[n] - m
        total -= 0.5 * (math.log(np.linalg.det(2 * np.pi * s)) + gap @ np.linalg.solve(s, gap))
        gain = p @ np.linalg.inv(s)
        m, p = m + gain @ gap, p - gain @ s @ gain.T
    return total


def made(n: int = 60, seed: int = 0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Irregular times and values of about the right size."""
    luck = np.random.default_rng(seed)
    return np.cumsum(luck.exponential(0.4, n) + 1e-3), luck.normal(4.5, 1.0, (n, 2))


@settings(max_examples=30)
@given(st.floats(-2.0, -0.05), st.floats(-1.5, 1.5), st.floats(-1.5, 1.5), st.floats(-2.0, -0.05), st.integers(0, 5))
def test_it_is_the_kalman_filter(a: float, b: float, c: float, d: float, seed: int) -> None:
    """Real, equal or complex rates: the closed form is SciPy's matrix exponential, and instability is refused."""
    model = TRUE._replace(drift=np.array([[a, b], [c, d]]))
    time, y = made(25, seed)
    if a * d - b * c <= 1e-3:
        return
    assert dyad.linear_log_likelihood(model, time, y) == pytest.approx(kalman(model, time, y), abs=1e-6, rel=1e-8)


def test_a_drift_without_rest_is_refused() -> None:
    """No stationary law, no likelihood."""
    time, y = made()
    with pytest.raises(BadInput, match="stationary"):
        dyad.linear_log_likelihood(TRUE._replace(drift=np.array([[-0.1, 1.0], [1.0, -0.1]])), time, y)


def test_the_known_optimum() -> None:
    """On the project's made data the maximum is -422.5264, which two other engines found."""
    if not DATA.exists():
        if os.environ.get("CI"):
            pytest.fail("the shared data are missing")
        pytest.skip("the shared data are not here")
    table = np.load(DATA)
    fit = dyad.fit_linear(table["t"], table["y"])
    assert fit.log_likelihood == pytest.approx(-422.5264, abs=1e-3)
    assert kalman(fit.best, table["t"], table["y"]) == pytest.approx(fit.log_likelihood, abs=1e-6)


def test_a_fit_is_better_than_the_truth_and_draws_lie_around_it() -> None:
    """On data of a known process, the optimum beats the truth, and the posterior holds the truth."""
    luck, time = np.random.default_rng(3), np.cumsum(np.random.default_rng(4).exponential(0.3, 250))
    from scipy.linalg import expm, solve_continuous_lyapunov  # type: ignore[import-untyped, unused-ignore]

    end = solve_continuous_lyapunov(TRUE.drift, -TRUE.diffusion)
    x, y = np.zeros(2), np.empty((250, 2))
    for n in range(250):
        f = expm(TRUE.drift * (time[n] - time[n - 1])) if n else np.zeros((2, 2))
        x = f @ x + np.linalg.cholesky(end - f @ end @ f.T + 1e-12 * np.eye(2)) @ luck.standard_normal(2)
        y[n] = TRUE.mean + x + np.sqrt(TRUE.noise) * luck.standard_normal(2)
    fit = dyad.fit_linear(time, y, draws=4000, seed=1)
    assert fit.log_likelihood > dyad.linear_log_likelihood(TRUE, time, y)
    z = np.array([math.log(0.9), 0.35, 0.25, math.log(0.7), 4.8, 4.4])
    draws = fit.draws[400:, :6]
    assert (np.abs(draws.mean(axis=0) - z) < 3 * draws.std(axis=0)).all()
    assert np.array_equal(
        dyad.fit_linear(time, y, draws=50, seed=1).draws, dyad.fit_linear(time, y, draws=50, seed=1).draws
    )


def test_wrong_series_are_refused() -> None:
    """Missing values, times that do not increase, wrong shapes, too few rows, and who never moves."""
    time, y = made(20)
    for bad_time, bad_y in (
        (time[::-1].copy(), y),
        (time, y[:, :1]),
        (time, np.where(y > 5, np.nan, y)),
        (time[:0], y[:0]),
        (time[:8], y[:8]),
        (time, np.full((20, 2), 4.5)),
        (time, np.column_stack([y[:, 0], np.full(20, 4.5)])),
    ):
        with pytest.raises(BadInput):
            dyad.fit_linear(bad_time, bad_y)


@pytest.mark.parametrize("period", [2, 3, 4])
@pytest.mark.parametrize("apart", [1.0, 1e-5])
def test_what_repeats_exactly_has_a_fit_of_some_kind(period: int, apart: float) -> None:
    """A series without any chance in it has no best noise; the search ends, and nothing breaks."""
    steps = np.arange(60)
    y = np.column_stack([4 + apart * (steps % period), 5 - apart * (steps % 2)])
    fit = dyad.fit_linear(steps.astype(np.float64), y, draws=5)
    assert np.isfinite(fit.covariance).all()
    assert math.isfinite(fit.log_likelihood)
