"""The coupled damped oscillator: each partner's acceleration from both partners' place and speed.

    a'' = frequency a + damping a' + partner_frequency b + partner_damping b'        (and the same for b)

Derivatives are estimated from the series by generalised local linear approximation: a window of ``embedding`` values,
``delay`` steps apart, is fitted with a parabola. Straight lines are taken out first; moments in which either is
missing are dropped and the rest closed up. Sources: Boker and Nesselroade, *Multivariate Behavioral Research* 37 (2002)
127-160; Boker, Deboeck, Edler and Keel (2010); the R package rties, whose numbers come back.

**A warning.** The window is chosen for the largest R2, and a wider window smooths more: R2 and the period grow with
it, whatever the people do. White noise gives a handsome R2 as well (tested). Compare couples at one window only.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from toward.dyad.published.regression import detrended, least_squares, series
from toward.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

ORDER = 2


class Oscillation(NamedTuple):
    """One partner's equation. ``frequency`` is negative where they swing; damping is negative where swings die down."""

    frequency: float
    damping: float
    partner_frequency: float
    partner_damping: float

    @property
    def period(self) -> float:
        """Steps from peak to peak, taken alone: 2 pi / sqrt(-frequency); NaN where they do not swing."""
        return 2 * math.pi / math.sqrt(-self.frequency) if self.frequency < 0 else math.nan


class OscillatorFit(NamedTuple):
    """Both partners' equations, the window they were seen through, and adjusted R2 with and without coupling."""

    a: Oscillation
    b: Oscillation
    delay: int
    embedding: int
    r2: float
    r2_uncoupled: float


def fit_oscillator(
    a: ArrayLike,
    b: ArrayLike,
    *,
    delays: Sequence[int] = (4, 5),
    embeddings: Sequence[int] = (3, 4, 5),
    step: float = 1.0,
) -> OscillatorFit:
    """Fit both partners' equations to two equally spaced series, shape (n,) each, ``step`` apart.

    Of all windows of ``delays`` and ``embeddings`` the one with the largest adjusted R2 is kept. Raises ``BadInput``
    where a window is no window, or none leaves enough moments.
    """
    lines = [detrended(values) for values in series(a, b)]
    whole = np.isfinite(lines[0]) & np.isfinite(lines[1])
    own_a, own_b = lines[0][whole], lines[1][whole]
    windows = [(delay, embedding) for embedding in embeddings for delay in delays]
    if not windows or min(delays) < 1 or min(embeddings) <= ORDER or not step > 0:
        raise BadInput("a window needs a delay of 1 or more and at least 3 values", field="embeddings")
    fits = [
        _through(own_a, own_b, delay, embedding, step)
        for delay, embedding in windows
        if own_a.size - (embedding - 1) * delay > 2 * ORDER
    ]
    if not fits:
        raise BadInput(f"{own_a.size} moments are too few for these windows", field="values")
    return max(fits, key=lambda fit: fit.r2)


def derivatives(values: NDArray[np.float64], delay: int, embedding: int, step: float = 1.0) -> NDArray[np.float64]:
    """Estimate place, speed and acceleration of ``values`` (n,) as an array (n - (embedding - 1) delay, 3).

    A parabola c0 + c1 s + c2 s^2 / 2 is fitted to each window, centred on its middle.
    """
    offsets = (np.arange(embedding) - (embedding - 1) / 2) * delay * step
    shape = np.column_stack([offsets**power / math.factorial(power) for power in range(ORDER + 1)])
    count = values.size - (embedding - 1) * delay
    window = np.column_stack([values[k * delay : k * delay + count] for k in range(embedding)])
    return window @ np.linalg.pinv(shape).T


def _through(
    own_a: NDArray[np.float64], own_b: NDArray[np.float64], delay: int, embedding: int, step: float
) -> OscillatorFit:
    one, two = (derivatives(values, delay, embedding, step) for values in (own_a, own_b))
    response = np.concatenate([one[:, 2], two[:, 2]])
    nothing = np.zeros(len(one))

    def of_a(column: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.concatenate([column, nothing])

    def of_b(column: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.concatenate([nothing, column])

    alone = [of_a(one[:, 0]), of_a(one[:, 1]), of_b(two[:, 0]), of_b(two[:, 1])]
    coupling = [of_a(two[:, 0]), of_a(two[:, 1]), of_b(one[:, 0]), of_b(one[:, 1])]
    coupled = least_squares(response, *alone, *coupling)
    c = [float(value) for value in coupled.coefficients]
    return OscillatorFit(
        Oscillation(c[0], c[1], c[4], c[5]),
        Oscillation(c[2], c[3], c[6], c[7]),
        delay,
        embedding,
        coupled.adjusted_r2,
        least_squares(response, *alone).adjusted_r2,
    )
