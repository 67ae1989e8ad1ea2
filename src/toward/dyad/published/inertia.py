"""Inertia-coordination: each partner's value from their own and their partner's value a lag away.

    own(t) = intercept + inertia own(t + lag) + coordination partner(t + lag)

Straight lines over time are taken out of both series first. The lag is either chosen, or found for each couple at the
largest absolute cross-correlation of the two. Source: Butler and Barnard's R package rties ("Tools for Modeling
Interpersonal Dynamics"); Reed, Randall, Post and Butler, *International Journal of Psychophysiology* 88 (2013) 263-271.

**A warning about the lag that is found.** rties shifts by the lag as the cross-correlation names it, so a positive one
looks *ahead*: the present is then regressed on the future, and inertia reads like a forecast of the past. It is kept
as the only way to the published numbers; ``lag`` as a negative number looks back. For influence in time, choose a lag.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from toward.dyad.published.regression import detrended, explained, least_squares, series
from toward.errors import BadInput

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


class Coordination(NamedTuple):
    """One partner's equation."""

    intercept: float
    inertia: float
    coordination: float


class InertiaFit(NamedTuple):
    """Both partners' equations, the lag in steps (negative: earlier), and adjusted R2 with and without each part.

    Where the two series are one and the same (one recording that stands for both), what each part does can't be told:
    the equations are NaN, and only R2 is given.
    """

    a: Coordination
    b: Coordination
    lag: int
    r2: float
    r2_inertia_only: float
    r2_coordination_only: float


def fit_inertia(a: ArrayLike, b: ArrayLike, *, lag: int | None = None) -> InertiaFit:
    """Fit both partners' equations at once to two equally spaced series, shape (n,) each.

    ``lag`` in steps, negative to look back; if not given, ``found_lag`` of the two. Raises ``BadInput`` where the lag
    leaves too few pairs.
    """
    own_a, own_b = (detrended(values) for values in series(a, b))
    shift = found_lag(own_a, own_b) if lag is None else lag
    if shift == 0 or abs(shift) >= own_a.size:
        raise BadInput(f"a lag of {shift} steps; it must be at least 1 and shorter than the series", field="lag")
    then_a, then_b = _shifted(own_a, shift), _shifted(own_b, shift)
    one, nothing = np.ones_like(own_a), np.zeros_like(own_a)
    first, second = np.concatenate([one, nothing]), np.concatenate([nothing, one])
    response = np.concatenate([own_a, own_b])
    inertia = [np.concatenate([then_a, nothing]), np.concatenate([nothing, then_b])]
    coordination = [np.concatenate([then_b, nothing]), np.concatenate([nothing, then_a])]

    parts = (first, second, *inertia, *coordination)
    try:
        weights = least_squares(response, *parts).coefficients
    except BadInput as error:
        if error.reason != "entangled":
            raise
        weights = np.full(len(parts), np.nan)
    start_a, start_b, inertia_a, inertia_b, coordination_a, coordination_b = (float(weight) for weight in weights)
    return InertiaFit(
        Coordination(start_a, inertia_a, coordination_a),
        Coordination(start_b, inertia_b, coordination_b),
        shift,
        explained(response, *parts),
        explained(response, first, second, *inertia),
        explained(response, first, second, *coordination),
    )


def found_lag(a: NDArray[np.float64], b: NDArray[np.float64]) -> int:
    """Return the lag k at which a(t + k) and b(t) correlate most, in either direction; 1 where that is at once.

    Moments in which either is missing are dropped and the rest closed up, and 10 (log10 n - log10 2) lags are tried
    on each side, as ``ccf`` in R does. Raises ``BadInput`` where a series does not move.
    """
    both = np.isfinite(a) & np.isfinite(b)
    one, two = a[both] - a[both].mean() if both.any() else a[both], b[both] - b[both].mean() if both.any() else b[both]
    size = math.sqrt(float(one @ one) * float(two @ two))
    most = math.floor(10 * (math.log10(one.size) - math.log10(2))) if one.size else 0
    if most < 1 or size == 0:
        raise BadInput("the series are too short or do not move; no lag can be found", field="values")
    lags = range(-most, most + 1)
    products = [one[k:] @ two[: one.size - k] if k >= 0 else one[:k] @ two[-k:] for k in lags]
    return lags[int(np.argmax(np.abs(products)))] or 1


def _shifted(values: NDArray[np.float64], shift: int) -> NDArray[np.float64]:
    """Return the value ``shift`` steps later at each time; NaN where there is none."""
    out = np.full_like(values, np.nan)
    if shift > 0:
        out[:-shift] = values[shift:]
    else:
        out[-shift:] = values[:shift]
    return out
