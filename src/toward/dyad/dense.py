"""Small dense matrices, in plain loops: a library's threads would spin for longer than these sums take."""

# An array's element has no type of its own:
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from toward.dyad.compiled import kernel

Array = NDArray[np.float64]


@kernel
def cholesky(matrix: Array, out: Array) -> bool:
    """Lower triangle L with L L' = ``matrix`` [n, n] into ``out``; False where it is not positive definite."""
    n = matrix.shape[0]
    out[:] = 0.0
    for i in range(n):
        for j in range(i + 1):
            total = matrix[i, j]
            for k in range(j):
                total -= out[i, k] * out[j, k]
            if i == j:
                if not total > 0.0:
                    return False
                out[i, i] = math.sqrt(total)
            else:
                out[i, j] = total / out[j, j]
    return True


@kernel
def inverse_root(lower: Array, out: Array) -> None:
    """The inverse transpose of ``lower`` [n, n] into ``out``: out @ out.T is the inverse of lower @ lower.T."""
    n = lower.shape[0]
    out[:] = 0.0
    for column in range(n):
        for i in range(column, n):
            total = 1.0 if i == column else 0.0
            for k in range(column, i):
                total -= lower[i, k] * out[column, k]
            out[column, i] = total / lower[i, i]


@kernel
def outer_product(root: Array, out: Array) -> None:
    """``root`` @ ``root``.T into ``out`` [n, n]."""
    n = root.shape[0]
    for i in range(n):
        for j in range(i + 1):
            total = 0.0
            for k in range(n):
                total += root[i, k] * root[j, k]
            out[i, j] = out[j, i] = total


@kernel
def times(rows: Array, root: Array, out: Array) -> None:
    """``rows`` [m, n] @ ``root``.T into ``out`` [m, n]."""
    for m in range(rows.shape[0]):
        for i in range(root.shape[0]):
            total = 0.0
            for k in range(root.shape[0]):
                total += root[i, k] * rows[m, k]
            out[m, i] = total
