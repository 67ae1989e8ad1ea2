"""Simple forecasters of the next check-in, which the model must beat to be shown.

Each is a Bayesian regression with conjugate (normal, inverse gamma) priors, updated answer by answer, whose Student
forecast is cut into the seven steps: so all are scored as probabilities of what was answered.

=============  =====================================================================================
random walk    the last answer of the same partner
AR(1)          a constant and the last answer
APIM           a constant, the last answer and the partner's last answer (Kenny's actor and partner)
climatology    how often each step was answered so far
=============  =====================================================================================
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIDDLE: Final = 4.2
SPREAD: Final = 1.3


class Regression:
    """A conjugate regression: ``predict`` the seven steps from a design row, then ``learn`` the answer.

    ``loose`` gives each coefficient's prior mean and deviation (in units of the noise); the noise variance has an
    inverse gamma (2, .8) prior, about that of a check-in's changes.
    """

    def __init__(self, loose: list[tuple[float, float]]) -> None:
        self.precision = np.diag([sd**-2 for _, sd in loose])
        self.shift = self.precision @ np.array([mean for mean, _ in loose])
        self.square = float(np.array([mean for mean, _ in loose]) @ self.shift)
        self.shape = 2.0
        self.scale = 0.8

    def predict(self, row: NDArray[np.float64], offset: float = 0.0) -> NDArray[np.float64]:
        """Probabilities of the steps 1 to 7, float64[7]."""
        coefficients = np.linalg.solve(self.precision, self.shift)
        rest = max(0.5 * (self.square - float(self.shift @ coefficients)), 0.0)
        variance = (self.scale + rest) / self.shape * (1.0 + float(row @ np.linalg.solve(self.precision, row)))
        return steps(offset + float(row @ coefficients), math.sqrt(variance), 2.0 * self.shape)

    def learn(self, row: NDArray[np.float64], y: float) -> None:
        """Take one answer in."""
        self.precision = self.precision + np.outer(row, row)
        self.shift = self.shift + row * y
        self.square += y * y
        self.shape += 0.5


def steps(mean: float, width: float, freedom: float) -> NDArray[np.float64]:
    """Probabilities of clip(round(y), 1, 7) for a Student y, float64[7]."""
    from scipy.special import stdtr  # type: ignore[import-untyped]

    below = stdtr(freedom, (np.arange(1.5, 7.0) - mean) / width)
    return np.maximum(np.diff(np.concatenate([[0.0], below, [1.0]])), 1e-12)


def baseline_scores(y: NDArray[np.float64], who: NDArray[np.int8]) -> dict[str, NDArray[np.float64]]:
    """Log probability of every answer ``y`` float64[n] (of partner ``who``, in order of time) under each baseline."""
    names = ("random_walk", "ar1", "apim", "climatology")
    out = {name: np.empty(y.size) for name in names}
    walk = [Regression([(0.0, 1e-3)]) for _ in range(2)]
    ar1 = [Regression([(0.5 * MIDDLE, 3.0), (0.5, 0.5)]) for _ in range(2)]
    apim = [Regression([(0.4 * MIDDLE, 3.0), (0.5, 0.5), (0.1, 0.3)]) for _ in range(2)]
    seen = np.full((2, 7), 0.3)
    last = np.full(2, MIDDLE)
    fresh = [True, True]
    for n, (answer, i) in enumerate(zip(y, who, strict=True)):
        rows = (np.zeros(1), np.array([1.0, last[i]]), np.array([1.0, last[i], last[1 - i]]))
        first = steps(MIDDLE, SPREAD, 6.0)
        step = int(answer) - 1
        for name, model, row in zip(names, (walk[i], ar1[i], apim[i]), rows, strict=False):
            offset = last[i] if name == "random_walk" else 0.0
            out[name][n] = math.log((first if fresh[i] else model.predict(row, offset))[step])
            if not fresh[i]:
                model.learn(row, answer - offset)
        out["climatology"][n] = math.log(seen[i, step] / seen[i].sum())
        seen[i, step] += 1.0
        last[i] = answer
        fresh[i] = False
    return out
