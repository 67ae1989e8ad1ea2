"""One search and one Laplace approximation: what every fit, of one model or of two, is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.dyad.dense import cholesky, inverse_root, outer_product
from toward.dyad.params import SIZE, Priors, natural, prior_arrays
from toward.dyad.posterior import curvature, data, minimise

if TYPE_CHECKING:
    from toward.dyad.plan import Plan

#: Gradient (in prior standard deviations) at which a search has settled: its energy is then within 1e-6.
SETTLED = 1e-3
MOST_GRADIENTS = 400
#: No direction of the posterior is taken to be wider than this many prior standard deviations.
WIDEST = 3.0


class Laplace(NamedTuple):
    """A normal approximation of the posterior in prior units w.

    ``w`` float64[P]; ``covariance`` float64[P, P] = ``root`` ``root``'; ``log_evidence`` of the model; ``settled``
    whether the search came to rest; ``flat`` whether a direction had to be held at ``WIDEST``.
    """

    mean: NDArray[np.float64]
    sd: NDArray[np.float64]
    w: NDArray[np.float64]
    covariance: NDArray[np.float64]
    root: NDArray[np.float64]
    log_posterior: float
    log_evidence: float
    gradients: int
    settled: bool
    flat: bool

    @property
    def z(self) -> NDArray[np.float64]:
        """The mode on the unconstrained scale, float64[P]."""
        return self.mean + self.sd * self.w

    @property
    def z_covariance(self) -> NDArray[np.float64]:
        """Covariance on the unconstrained scale, float64[P, P]."""
        return self.covariance * np.outer(self.sd, self.sd)


def approximate(laid: Plan, priors: Priors, *, near: Laplace | None = None) -> Laplace:
    """Find the mode of the posterior and its curvature; ``near`` is a fit of the same plan under another prior."""
    mean, sd = prior_arrays(priors)
    inverse = np.eye(SIZE)
    w = np.zeros(SIZE)
    if near is not None:
        untouched = near.w == 0.0
        w = np.where(untouched, 0.0, np.clip((near.z - mean) / sd, -1.0, 1.0))
        scale = near.sd / sd
        inverse = near.covariance * np.outer(scale, scale)
    arrays = data(laid)
    energy, gradients = minimise(w, mean, sd, arrays, inverse, SETTLED, MOST_GRADIENTS)
    hessian = np.empty((SIZE, SIZE))
    curvature(w, mean, sd, arrays, hessian)
    if not np.isfinite(hessian).all():
        hessian = np.eye(SIZE)
        gradients += MOST_GRADIENTS
    lower, root, covariance = np.empty_like(hessian), np.empty_like(hessian), np.empty_like(hessian)
    flat = not cholesky(hessian - np.eye(SIZE) * WIDEST**-2, lower)
    if flat:
        values, vectors = np.linalg.eigh(hessian)
        hessian = (vectors * np.maximum(values, WIDEST**-2)) @ vectors.T
    cholesky(hessian, lower)
    inverse_root(lower, root)
    outer_product(root, covariance)
    half_log_det = float(np.log(np.diag(lower)).sum())
    return Laplace(
        mean,
        sd,
        w,
        covariance,
        root,
        -energy,
        -energy - half_log_det,
        gradients % MOST_GRADIENTS,
        gradients <= MOST_GRADIENTS,
        flat,
    )


def natural_moments(
    mean: NDArray[np.float64], sd: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Means and deviations on the natural scale of independent normals on the unconstrained one, float64[P] each."""
    values = natural(mean[None, :] + np.outer(_NODES, sd))
    first = _WEIGHTS @ values
    return first, np.sqrt(np.maximum(_WEIGHTS @ (values - first) ** 2, 0.0))


def _hermite(n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gauss-Hermite nodes and weights for a standard normal, by Golub and Welsch."""
    off = np.sqrt(np.arange(1, n, dtype=np.float64))
    nodes, vectors = np.linalg.eigh(np.diag(off, 1) + np.diag(off, -1))
    return nodes, vectors[0] ** 2


_NODES, _WEIGHTS = _hermite(21)
