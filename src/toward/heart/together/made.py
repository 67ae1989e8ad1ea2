"""Made hearts: two series whose coupling is known, to see what each way of asking finds and what it doesn't."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toward.errors import BadInput
from toward.heart.together.pairing import RATE_HZ, Pair

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def made_pair(
    *, coupling: float, lag_s: float = 0.0, duration_s: float = 300.0, rate_hz: float = RATE_HZ, seed: int = 0
) -> Pair:
    """Two made hearts of which B follows A.

    Each is a slow wave of about 10 s, breathing of about 4 s and a slow wander around 70 beats a minute, all with
    random phases that drift. B holds ``coupling * A(t - lag_s) + sqrt(1 - coupling^2) * something of its own``:
    coupling, 0 to 1, is the correlation at that lag; at 0 the two know nothing of each other. Raises ``BadInput`` for
    a coupling outside 0 to 1.
    """
    if not 0.0 <= coupling <= 1.0:
        raise BadInput("A coupling lies between 0 and 1.", field="coupling", reason="range")
    drawn = np.random.default_rng(seed)
    n, shift = round(duration_s * rate_hz), round(lag_s * rate_hz)
    first, own = (_heart(n + abs(shift), rate_hz, drawn) for _ in range(2))
    a = first[shift : shift + n] if shift >= 0 else first[:n]
    led = first[:n] if shift >= 0 else first[-shift : -shift + n]
    b = coupling * led + np.sqrt(1 - coupling**2) * own[:n]
    return Pair(70 + 4 * a, 66 + 5 * b, rate_hz, 0.0)


def _heart(n: int, rate_hz: float, drawn: np.random.Generator) -> Floats:
    """float64[n] of about unit variance: two drifting rhythms and a slow wander."""
    total = np.zeros(n)
    for weight, frequency_hz in ((0.7, 0.1), (0.6, 0.25)):
        drift = np.cumsum(drawn.normal(0, 0.6 / np.sqrt(rate_hz), n))
        total += weight * np.sqrt(2) * np.cos(2 * np.pi * frequency_hz * np.arange(n) / rate_hz + drift)
    wander = np.cumsum(drawn.normal(0, 1, n))
    wander -= np.linspace(wander[0], wander[-1], n)
    total += 0.4 * wander / max(float(wander.std()), 1e-9)
    return total
