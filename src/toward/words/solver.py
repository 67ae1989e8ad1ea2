"""Logistic regression with a ridge, for training: Newton's method, each step solved by conjugate gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # SciPy has no types

    Vector = NDArray[np.float64]


def fit(x: csr_matrix, yes: Vector, weights: Vector, ridge: float, steepest: float = 1e-8) -> tuple[Vector, float]:
    """Return the weights and bias that minimise weighted log loss + ridge/2 |weights|^2 (the bias is free).

    It ends where no slope is left above *steepest*.

    Newton steps; each solves (X'HX + ridge) d = -g by conjugate gradients with the diagonal as preconditioner.
    """
    import numpy as np

    x = x.tocsr()
    turned = x.T.tocsr()
    squared = turned.multiply(turned).tocsr()
    ridges = np.append(np.full(x.shape[1], ridge), 1e-6)
    found = np.zeros(x.shape[1] + 1)
    for _ in range(25):
        chance = 1 / (1 + np.exp(-(x @ found[:-1] + found[-1])))
        miss = weights * (chance - yes)
        gradient = np.append(turned @ miss, miss.sum()) + ridges * found
        if np.abs(gradient).max() < steepest:
            break
        curve = weights * chance * (1 - chance)
        diagonal = np.append(squared @ curve, curve.sum()) + ridges
        found = found + _conjugate_gradients(x, turned, curve, ridges, diagonal, -gradient)
    return found[:-1], float(found[-1])


def _conjugate_gradients(
    x: csr_matrix, turned: csr_matrix, curve: Vector, ridges: Vector, diagonal: Vector, aim: Vector
) -> Vector:
    import numpy as np

    found, pushed = np.zeros_like(aim), np.empty_like(aim)
    rest = aim.copy()
    eased = rest / diagonal
    along = eased.copy()
    energy = rest @ eased
    small = max(1e-12, min(1e-2, float(np.sqrt(aim @ aim)))) * float(np.sqrt(aim @ aim))
    for _ in range(300):
        seen = curve * (x @ along[:-1] + along[-1])
        pushed[:-1] = turned @ seen
        pushed[-1] = seen.sum()
        pushed += ridges * along
        step = energy / (along @ pushed)
        found += step * along
        rest -= step * pushed
        if np.sqrt(rest @ rest) < small:
            break
        eased = rest / diagonal
        energy, before = rest @ eased, energy
        along = eased + energy / before * along
    return found
