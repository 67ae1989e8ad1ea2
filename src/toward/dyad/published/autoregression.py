"""VAR(1): tomorrow of both as a straight line of today of both, with errors that go together; and AR(1), each alone.

    (a, b)(t+1) = intercept + matrix (a, b)(t) + error,    error ~ N(0, noise)

Least squares is maximum likelihood given the first day. Source: Hamilton, *Time Series Analysis*, Princeton 1994,
chapter 11.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.dyad.published.regression import least_squares, series
from toward.errors import BadInput

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

EXACT = 1e-14
"""A share of the variance that is below this is rounding."""


class VarFit(NamedTuple):
    """``matrix`` float64[2, 2] (row: whose tomorrow, column: whose today), ``intercept`` [2], ``noise`` [2, 2]."""

    matrix: NDArray[np.float64]
    intercept: NDArray[np.float64]
    noise: NDArray[np.float64]
    log_likelihood: float
    steps: int
    coupled: bool

    @property
    def spectral_radius(self) -> float:
        """Largest absolute eigenvalue: below 1, disturbances die down."""
        return float(np.abs(np.linalg.eigvals(self.matrix)).max())

    @property
    def rest(self) -> NDArray[np.float64]:
        """Where the two come to rest, float64[2]; NaN where disturbances do not die down."""
        if self.spectral_radius >= 1:
            return np.full(2, np.nan)
        return np.asarray(np.linalg.solve(np.eye(2) - self.matrix, self.intercept), dtype=np.float64)

    @property
    def aic(self) -> float:
        """-2 log likelihood + 2 parameters: 6 (or 4 uncoupled) coefficients and 3 of the noise."""
        return -2 * self.log_likelihood + 2 * ((6 if self.coupled else 4) + 3)


def fit_var(a: ArrayLike, b: ArrayLike) -> VarFit:
    """Fit VAR(1) to two equally spaced series, shape (n,) each; steps with a gap are left out.

    Raises ``BadInput`` where there are too few steps or the two move as one.
    """
    return _fitted(a, b, coupled=True)


def fit_ar(a: ArrayLike, b: ArrayLike) -> VarFit:
    """Fit AR(1) to each of two series by itself, over the same steps as ``fit_var``, so that the two compare."""
    return _fitted(a, b, coupled=False)


def _fitted(a: ArrayLike, b: ArrayLike, *, coupled: bool) -> VarFit:
    one, two = series(a, b)
    if one.size < 2:  # noqa: PLR2004 - a step has two ends
        raise BadInput("one value makes no step; more answers are needed", field="values")
    steps = np.isfinite(one[1:]) & np.isfinite(two[1:]) & np.isfinite(one[:-1]) & np.isfinite(two[:-1])
    today = np.column_stack([one[:-1], two[:-1]])[steps]
    tomorrow = np.column_stack([one[1:], two[1:]])[steps]
    ones = np.ones(len(today))
    if coupled:
        lines = [least_squares(tomorrow[:, who], ones, today[:, 0], today[:, 1]) for who in (0, 1)]
        matrix: NDArray[np.float64] = np.array([line.coefficients[1:] for line in lines])
    else:
        lines = [least_squares(tomorrow[:, who], ones, today[:, who]) for who in (0, 1)]
        matrix = np.zeros((2, 2))
        np.fill_diagonal(matrix, [float(line.coefficients[1]) for line in lines])
    left = np.column_stack([line.residuals for line in lines])
    noise = left.T @ left / len(left)
    spread = np.var(tomorrow, axis=0)
    if (np.diag(noise) <= EXACT * spread).any() or np.linalg.det(noise) <= EXACT * noise[0, 0] * noise[1, 1]:
        raise BadInput(
            "tomorrow follows exactly: there is no chance in it that a model of chance could fit", field="values"
        )
    log_determinant = float(np.linalg.slogdet(noise)[1])
    log_likelihood = -0.5 * len(left) * (2 * math.log(2 * math.pi) + log_determinant + 2)
    intercept = np.array([float(line.coefficients[0]) for line in lines])
    return VarFit(matrix, intercept, noise, log_likelihood, len(left), coupled)
