"""Gottman-Murray with influence whose shape is estimated: none, two slopes that meet in a bend, or steps (ojive).

For each partner by themselves, with the other's state z:

    own(t+1) = intercept + inertia own(t) + I(z(t))

    none      I(z) = 0
    bilinear  I(z) = below z  for z <= threshold,  above z  for z > threshold
    ojive     I(z) = low      for z <= lower threshold,  high for z > upper threshold,  0 between

Thresholds are tried at every value of z that leaves at least a tenth of the moments on each side; the least sum of
squares wins. Source: Madhyastha, Hamaker and Gottman, "Investigating spousal influence using moment-to-moment affect
data from marital conflict", *Journal of Family Psychology* 25 (2011) 292-300; the estimates of their R package dyad
come back. As there, AIC does not charge for a threshold: do not take a small difference for a finding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from toward.dyad.published.regression import gaussian_log_likelihood, least_squares, series
from toward.errors import BadInput

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Shape = Literal["none", "bilinear", "ojive", "step"]
SHAPES: tuple[Shape, ...] = ("none", "bilinear", "ojive", "step")
MOST = 1000
"""Where the other's state takes more values than this, thresholds are tried at as many of them, evenly chosen."""
DEGENERATE = 1e-10


class OneSide(NamedTuple):
    """One partner's equation.

    ``influence`` holds nothing, (below, above), (low, high) or (low,); ``thresholds`` the values of the other's state
    between them. ``aic`` counts coefficients and the variance, not thresholds.
    """

    intercept: float
    inertia: float
    influence: tuple[float, ...]
    thresholds: tuple[float, ...]
    sum_squares: float
    moments: int

    @property
    def log_likelihood(self) -> float:
        """Gaussian, one variance."""
        return gaussian_log_likelihood(self.sum_squares, self.moments)

    @property
    def aic(self) -> float:
        """-2 log likelihood + 2 (coefficients + 1)."""
        return -2 * self.log_likelihood + 2 * (len(self.influence) + 3)


class ThresholdFit(NamedTuple):
    """Both partners' equations, with the shape of the influence."""

    shape: Shape
    a: OneSide
    b: OneSide


def fit_threshold(a: ArrayLike, b: ArrayLike, shape: Shape, *, least: int | None = None) -> ThresholdFit:
    """Estimate both partners' equations from two equally spaced series, shape (n,) each.

    ``least`` is how many moments each regime must hold (a tenth of them, if not said). ``step`` is an ojive with one
    threshold. Raises ``BadInput`` where no threshold leaves enough on each side.
    """
    if shape not in SHAPES:
        raise BadInput(f"no shape {shape!r}; one of {', '.join(SHAPES)}", field="shape")
    one, two = series(a, b)
    return ThresholdFit(shape, _one_side(one, two, shape, least), _one_side(two, one, shape, least))


def _one_side(own: NDArray[np.float64], other: NDArray[np.float64], shape: Shape, least: int | None) -> OneSide:
    whole = np.isfinite(own[1:]) & np.isfinite(own[:-1]) & np.isfinite(other[:-1])
    following, now, state = own[1:][whole], own[:-1][whole], other[:-1][whole]
    columns = [np.ones_like(now), now]
    thresholds: tuple[float, ...] = ()
    if shape != "none":
        least_squares(following, *columns)  # says so where the partner does not move at all
        fewest = max(round(following.size / 10) if least is None else least, 1)
        thresholds = _search(following, np.column_stack(columns), state, shape, fewest)
        columns += _bent(state, shape, thresholds)
    line = least_squares(following, *columns)
    intercept, inertia, *influence = (float(value) for value in line.coefficients)
    return OneSide(intercept, inertia, tuple(influence), thresholds, line.sum_squares, line.complete)


def _search(
    following: NDArray[np.float64], base: NDArray[np.float64], state: NDArray[np.float64], shape: Shape, fewest: int
) -> tuple[float, ...]:
    """Find the thresholds that explain most, all at once.

    Sorted by the other's state, both influence columns are cut from one weight (the state itself, or 1), below a place
    and above another, so every sum a regression needs is a cumulative sum read at that place. ``base`` is taken out
    first (Frisch and Waugh).
    """
    order = np.argsort(state, kind="stable")
    ordered = state[order]
    places = np.flatnonzero(np.diff(ordered) > 0)
    places = places[(places + 1 >= fewest) & (ordered.size - places - 1 >= fewest)]
    if places.size > MOST:
        places = places[np.linspace(0, places.size - 1, MOST).astype(np.intp)]
    basis = np.linalg.qr(base[order])[0]
    left = following[order] - basis @ (basis.T @ following[order])
    weight = ordered if shape == "bilinear" else np.ones_like(ordered)
    squares, along, toward = (
        np.cumsum(column, axis=0) for column in (weight * weight, weight[:, None] * basis, weight * left)
    )
    below = (squares[places] - (along[places] ** 2).sum(axis=1), toward[places])
    rest = along[-1] - along[places]
    above = (squares[-1] - squares[places] - (rest**2).sum(axis=1), toward[-1] - toward[places])
    with np.errstate(divide="ignore", invalid="ignore"):
        if shape == "step":
            gain = below[1] ** 2 / below[0]
        elif shape == "bilinear":
            gain = _explained(below, above, -(along[places] * rest).sum(axis=1))
        else:
            gain = _explained((below[0][:, None], below[1][:, None]), above, -along[places] @ rest.T)
            gain[places[None, :] - places[:, None] < fewest] = -np.inf
    gain = np.where(np.isfinite(gain), gain, -np.inf)
    if gain.size == 0 or np.isneginf(gain.max()):
        raise BadInput(
            f"no threshold leaves {fewest} of {state.size} moments on each side; more answers are needed",
            field="values",
        )
    chosen = np.unravel_index(int(np.argmax(gain)), gain.shape)
    return tuple(float(ordered[places[index]]) for index in chosen)


def _explained(
    one: tuple[NDArray[np.float64], NDArray[np.float64]],
    two: tuple[NDArray[np.float64], NDArray[np.float64]],
    both: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the sum of squares that two columns explain; each as (its square, its product with what is left)."""
    (uu, uy), (vv, vy) = one, two
    determinant = uu * vv - both * both
    gain: NDArray[np.float64] = (vv * uy * uy - 2 * both * uy * vy + uu * vy * vy) / determinant
    return np.where(determinant > DEGENERATE * uu * vv, gain, -np.inf)


def _bent(state: NDArray[np.float64], shape: Shape, thresholds: tuple[float, ...]) -> list[NDArray[np.float64]]:
    below = (state <= thresholds[0]).astype(np.float64)
    if shape == "bilinear":
        return [state * below, state * (1 - below)]
    if shape == "step":
        return [below]
    return [below, (state > thresholds[1]).astype(np.float64)]
