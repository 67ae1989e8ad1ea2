"""Least squares as the published models use it: rows with a gap left out, fit judged as ``lm`` in R judges it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.errors import BadInput

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


class Regression(NamedTuple):
    """One ordinary regression of n complete rows on p columns."""

    coefficients: NDArray[np.float64]
    standard_errors: NDArray[np.float64]
    residuals: NDArray[np.float64]
    fitted: NDArray[np.float64]
    rows: NDArray[np.bool_]
    sum_squares: float

    @property
    def complete(self) -> int:
        """Number of rows without a gap."""
        return self.residuals.size

    @property
    def log_likelihood(self) -> float:
        """Gaussian, at the maximum: -(n / 2) (log(2 pi S / n) + 1)."""
        return gaussian_log_likelihood(self.sum_squares, self.complete)

    @property
    def adjusted_r2(self) -> float:
        """1 - (1 - R2) n / (n - p), with R2 about zero and not about the mean.

        That is what ``lm`` in R reports for a formula without an intercept, even where other columns add up to one.
        """
        return _adjusted(self.fitted, self.sum_squares, self.coefficients.size)


def explained(response: NDArray[np.float64], *columns: NDArray[np.float64]) -> float:
    """Return adjusted R2 as ``least_squares`` would, also where the columns' shares in it can't be told apart."""
    design = np.column_stack(columns)
    rows = np.isfinite(response) & np.isfinite(design).all(axis=1)
    fitted = design[rows] @ np.linalg.lstsq(design[rows], response[rows], rcond=None)[0]
    return _adjusted(fitted, float(((response[rows] - fitted) ** 2).sum()), design.shape[1])


def _adjusted(fitted: NDArray[np.float64], sum_squares: float, columns: int) -> float:
    total = float(fitted @ fitted) + sum_squares
    return 1 - sum_squares / total * fitted.size / (fitted.size - columns) if total > 0 else math.nan


def gaussian_log_likelihood(sum_squares: float, count: int) -> float:
    """Return the log likelihood of residuals at their maximum-likelihood variance; infinite for a perfect fit."""
    if sum_squares <= 0:
        return math.inf
    return -0.5 * count * (math.log(2 * math.pi * sum_squares / count) + 1)


def series(*values: ArrayLike) -> list[NDArray[np.float64]]:
    """Return float arrays of one length, or say which is not one."""
    arrays = [np.asarray(value, dtype=np.float64) for value in values]
    for place, array in enumerate(arrays):
        if array.ndim != 1:
            raise BadInput(f"series {place + 1} has {array.ndim} dimensions; give one number per time", field="values")
        if array.size != arrays[0].size:
            raise BadInput(
                f"series {place + 1} has {array.size} values and the first has {arrays[0].size}: "
                "give both partners one value per time, NaN where an answer is missing",
                field="values",
            )
        if np.isinf(array).any():
            raise BadInput(f"series {place + 1} holds an infinite value; a gap is NaN", field="values")
    return arrays


def least_squares(response: NDArray[np.float64], *columns: NDArray[np.float64]) -> Regression:
    """Regress ``response`` (n,) on ``columns`` (n,) each; rows with a NaN are left out.

    Raises ``BadInput`` where there are not more complete rows than columns, or a column says nothing that the others
    do not say (all answers equal, both partners the same): R would return NA or a number that rounding made.
    """
    design = np.column_stack(columns)
    rows = np.isfinite(response) & np.isfinite(design).all(axis=1)
    y, x = response[rows], design[rows]
    if y.size <= x.shape[1]:
        raise BadInput(
            f"{y.size} complete rows can't settle {x.shape[1]} coefficients; more answers are needed", field="values"
        )
    scale = np.sqrt((x * x).sum(axis=0))
    if (scale == 0).any() or np.linalg.cond(x / scale) > 1e10:  # noqa: PLR2004 - where doubles lose every digit
        raise BadInput(
            "the series do not move enough, or move as one: their influences can't be told apart",
            field="values",
            reason="entangled",
        )
    orthogonal, upper = np.linalg.qr(x)
    coefficients = np.linalg.solve(upper, orthogonal.T @ y)
    fitted = x @ coefficients
    residuals = y - fitted
    sum_squares = float(residuals @ residuals)
    inverse = np.linalg.inv(upper)
    variance = sum_squares / (y.size - x.shape[1])
    return Regression(
        coefficients, np.sqrt(variance * (inverse * inverse).sum(axis=1)), residuals, fitted, rows, sum_squares
    )


def detrended(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what is left of a series once its straight line over time is taken out; gaps stay gaps."""
    time = np.arange(1, values.size + 1, dtype=np.float64)
    line = least_squares(values, np.ones_like(time), time).coefficients
    left: NDArray[np.float64] = values - line[0] - line[1] * time
    return left
