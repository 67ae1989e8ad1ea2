"""Least squares: as R reports it, with gaps left out, and honest where nothing can be told."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toward.dyad.published.regression import detrended, gaussian_log_likelihood, least_squares, series
from toward.errors import BadInput


def made(count: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """A line with noise."""
    random = np.random.default_rng(seed)
    x = random.normal(size=count)
    return x, 2 + 0.5 * x + random.normal(size=count) / 3


def test_agrees_with_the_textbook() -> None:
    """Coefficients and errors of a line in closed form."""
    x, y = made(50)
    line = least_squares(y, np.ones(50), x)
    slope = np.cov(x, y)[0, 1] / np.var(x, ddof=1)
    assert line.coefficients == pytest.approx([y.mean() - slope * x.mean(), slope])
    spread = line.sum_squares / 48
    assert line.standard_errors[1] == pytest.approx(math.sqrt(spread / ((x - x.mean()) ** 2).sum()))
    assert line.log_likelihood == pytest.approx(
        sum(
            -0.5 * (math.log(2 * math.pi * line.sum_squares / 50) + r * r / (line.sum_squares / 50))
            for r in line.residuals
        )
    )


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 29), max_size=10))
def test_a_row_with_a_gap_is_as_if_it_were_not_there(seed: int, gaps: list[int]) -> None:
    """Whichever value of it is missing."""
    x, y = made(30, seed)
    holed_x, holed_y = x.copy(), y.copy()
    holed_x[gaps[::2]], holed_y[gaps[1::2]] = np.nan, np.nan
    keep = np.setdiff1d(np.arange(30), gaps)
    holed, plain = least_squares(holed_y, np.ones(30), holed_x), least_squares(y[keep], np.ones(keep.size), x[keep])
    assert holed.coefficients == pytest.approx(plain.coefficients)
    assert holed.complete == keep.size


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ([np.zeros(10)], "do not move"),
        ([np.arange(10.0), 3 * np.arange(10.0)], "move as one"),
        ([np.full(10, np.nan)], "0 complete rows"),
        ([np.arange(10.0) ** power for power in range(10)], "can't settle 10"),
    ],
)
def test_says_what_cannot_be_told(columns: list[np.ndarray], told: str) -> None:
    """Instead of a number that rounding made."""
    with pytest.raises(BadInput, match=told):
        least_squares(np.arange(10.0) % 3, *columns)


def test_a_perfect_fit_is_no_small_likelihood() -> None:
    """Infinite, as density of no spread is; and R2 of nothing at all is not a number."""
    assert gaussian_log_likelihood(0, 10) == math.inf
    assert math.isnan(least_squares(np.zeros(5), np.ones(5)).adjusted_r2)
    assert least_squares(np.ones(5), np.ones(5)).adjusted_r2 == pytest.approx(1)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (([1.0, 2.0], [1.0]), "series 2 has 1 values and the first has 2"),
        (([[1.0], [2.0]],), "2 dimensions"),
        (([1.0, np.inf],), "infinite"),
    ],
)
def test_series_are_of_one_length_and_finite(values: tuple[list[float], ...], told: str) -> None:
    """And the sentence says which is not."""
    with pytest.raises(BadInput, match=told):
        series(*values)


def test_detrending_leaves_no_line() -> None:
    """Neither level nor slope, and gaps stay where they were."""
    values = np.asarray(3 + 0.2 * np.arange(40) + np.sin(np.arange(40)), dtype=np.float64)
    values[7] = np.nan
    left = detrended(values)
    assert np.isnan(left[7])
    assert np.isnan(left).sum() == 1
    whole = np.isfinite(left)
    assert np.polyfit(np.arange(40)[whole], left[whole], 1) == pytest.approx([0, 0], abs=1e-12)
