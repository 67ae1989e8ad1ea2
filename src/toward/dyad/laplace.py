"""One search and one Laplace approximation: what every fit, of one model or of two, is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.dyad.dense import cholesky, inverse_root, outer_product
from toward.dyad.params import SIZE, Priors, natural, prior_arrays
from toward.dyad.posterior import curvature, data, energy_gradient, minimise
from toward.errors import BadInput

if TYPE_CHECKING:
    from toward.dyad.plan import Plan
    from toward.dyad.posterior import Data

#: Gradient (in prior standard deviations) at which a search has settled: its energy is then within 1e-6.
SETTLED = 1e-3
MOST_GRADIENTS = 400
#: No direction of the posterior is taken to be wider than this many prior standard deviations.
WIDEST = 3.0
#: Farther than this from its start, in the start's own deviations, a search is held to have found another couple.
NEAR = 1.0


class Start(NamedTuple):
    """Where an earlier fit came to rest: float64[P] and float64[P, P], both on the unconstrained scale.

    It is a guess to search from and no data: what a fit says does not hang on it.
    """

    z: NDArray[np.float64]
    covariance: NDArray[np.float64]


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

    @property
    def start(self) -> Start:
        """From where to search when there is one more answer."""
        return Start(self.z, self.z_covariance)


def check_start(start: Start) -> Start:
    """Return a start as arrays. Raises ``BadInput`` for a wrong shape, or values from which no search can begin."""
    try:
        z, covariance = (np.array(part, dtype=np.float64) for part in start)
    except (TypeError, ValueError) as error:
        message = "a start is z [P] and covariance [P, P]"
        raise BadInput(message, field="start", reason="shape") from error
    if z.shape != (SIZE,) or covariance.shape != (SIZE, SIZE):
        raise BadInput(
            f"a start is z [{SIZE}] and covariance [{SIZE}, {SIZE}]; got {z.shape} and {covariance.shape}",
            field="start",
            reason="shape",
        )
    if not (np.isfinite(z).all() and np.isfinite(covariance).all()):
        raise BadInput("a start's numbers must be finite", field="start", reason="finite")
    if not np.allclose(covariance, covariance.T) or not cholesky(covariance, np.empty_like(covariance)):
        raise BadInput("a start's covariance must be one", field="start", reason="covariance")
    return Start(z, covariance)


def _warm(
    start: Start, mean: NDArray[np.float64], sd: NDArray[np.float64], arrays: Data
) -> tuple[NDArray[np.float64], float, int, NDArray[np.float64]] | None:
    """Search from a start: the mode, its energy, the gradients it took, and the covariance as the search improved it.

    None where the start is not to be trusted.

    A posterior can have two modes. The prior's mean leads to the one that a fit tells; a start is followed only while
    it can't lead elsewhere: it explains the journal better than the prior's mean, and the search stays close to it.
    """
    w, there = (start.z - mean) / sd, np.empty(SIZE)
    inverse = start.covariance / np.outer(sd, sd)
    lower = np.empty_like(inverse)
    begun = energy_gradient(w, mean, sd, arrays, there)
    if not begun < energy_gradient(np.zeros(SIZE), mean, sd, arrays, np.empty(SIZE)):
        return None
    untouched = there == w  # by this journal: it is the prior's, exactly, and goes with nothing
    w[untouched] = 0.0
    inverse[untouched] = inverse[:, untouched] = 0.0
    inverse[untouched, untouched] = 1.0
    begin = w.copy()
    if not cholesky(inverse, lower):
        return None
    energy, gradients = minimise(w, mean, sd, arrays, inverse, SETTLED, MOST_GRADIENTS)
    if gradients > MOST_GRADIENTS or float((np.linalg.solve(lower, w - begin) ** 2).sum()) > NEAR**2:
        return None
    return w, energy, gradients + 2, inverse


def approximate(laid: Plan, priors: Priors, *, near: Laplace | None = None, start: Start | None = None) -> Laplace:
    """Find the mode of the posterior and its curvature.

    ``near`` is a fit of the same plan under another prior; ``start`` comes from a fit of nearly the same journal, and
    is left where it is no help.
    """
    mean, sd = prior_arrays(priors)
    arrays = data(laid)
    warm = _warm(start, mean, sd, arrays) if start is not None else None
    if warm is not None:
        found = _laplace(mean, sd, arrays, *warm[:3])
        if not found.flat:
            return found
    inverse = np.eye(SIZE)
    w = np.zeros(SIZE)
    if near is not None:
        untouched = near.w == 0.0
        w = np.where(untouched, 0.0, np.clip((near.z - mean) / sd, -1.0, 1.0))
        scale = near.sd / sd
        inverse = near.covariance * np.outer(scale, scale)
    return _laplace(mean, sd, arrays, w, *minimise(w, mean, sd, arrays, inverse, SETTLED, MOST_GRADIENTS))


def resume(laid: Plan, priors: Priors, start: Start) -> Laplace | None:
    """As ``approximate`` from a start, with the start's own curvature as far as the search has improved it.

    The curvature itself costs four times the search, and one more answer hardly bends it. None where the start is not
    to be trusted.
    """
    mean, sd = prior_arrays(priors)
    warm = _warm(start, mean, sd, data(laid))
    if warm is None:
        return None
    w, energy, gradients, inverse = warm
    precision: NDArray[np.float64] = np.linalg.inv(0.5 * (inverse + inverse.T)).astype(np.float64)
    found = _shaped(mean, sd, w, energy, gradients, 0.5 * (precision + precision.T))
    return None if found.flat else found


def _laplace(
    mean: NDArray[np.float64],
    sd: NDArray[np.float64],
    arrays: Data,
    w: NDArray[np.float64],
    energy: float,
    gradients: int,
) -> Laplace:
    """The normal approximation at a mode that a search has found."""
    hessian = np.empty((SIZE, SIZE))
    curvature(w, mean, sd, arrays, hessian)
    if not np.isfinite(hessian).all():
        hessian = np.eye(SIZE)
        gradients += MOST_GRADIENTS
    return _shaped(mean, sd, w, energy, gradients, hessian)


def _shaped(
    mean: NDArray[np.float64],
    sd: NDArray[np.float64],
    w: NDArray[np.float64],
    energy: float,
    gradients: int,
    hessian: NDArray[np.float64],
) -> Laplace:
    """The normal approximation with a curvature that is known."""
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
