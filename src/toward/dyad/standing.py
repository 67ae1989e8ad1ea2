"""Where the two are now, with what is not known of the couple in it: one filter each for some draws of the posterior.

A straight line through the most probable couple would be quicker, but its band holds less than it says: where a set
point, a pace and a noise are unsure together, the filter's answer bends with them. Over 500 made-up couples of three
weeks, the 80 % band of the line held 77.6 %, that of 24 draws 79.6 %, and that of 200 draws 79.3 %.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from toward.dyad.simulation import kernel_theta
from toward.dyad.value import likelihood

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toward.dyad.plan import Plan

#: Draws of each half of the posterior's: those of a Laplace come in pairs, one on each side of the mode.
OF_EACH_HALF: Final = 12


def standing(laid: Plan, draws: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean float64[2] and covariance float64[2, 2] at a plan's end, over ``draws`` float64[n, P] on the natural scale.

    The covariance is the mean of the filters' own and how far they are apart. Draws that no filter can follow are left
    out; if that leaves none, both are nan.
    """
    half = (draws.shape[0] + 1) // 2
    at = np.linspace(0, half - 1, min(OF_EACH_HALF, half)).astype(np.int64)
    none, ends = np.empty((0, 5)), np.empty((2 * at.size, 5))
    thetas = kernel_theta(draws[np.concatenate([at, draws.shape[0] - half + at])])
    for theta, end in zip(thetas, ends, strict=True):
        likelihood(theta, laid.code, laid.who, laid.work, laid.fixed, none, none[:, 0], end)
    ends = ends[np.isfinite(ends).all(axis=1)]
    if not ends.size:
        return np.full(2, np.nan), np.full((2, 2), np.nan)
    mean, own = ends[:, :2].mean(axis=0), ends[:, [2, 3, 3, 4]].mean(axis=0).reshape(2, 2)
    apart = ends[:, :2] - mean
    return mean, own + apart.T @ apart / ends.shape[0]
