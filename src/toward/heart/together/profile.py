"""How alike two hearts are at each lag, and how alike strangers would be: for a picture."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.heart.surrogates import phase_surrogates
from toward.heart.together.pairing import Pair, is_flat
from toward.heart.together.windowed import grid, profiles

Floats = NDArray[np.float64]


class LagProfile(NamedTuple):
    """Mean windowed correlation of the change in heart rate, over lags."""

    lag_s: Floats
    """float64[m], rising; above 0 the first leads."""
    r: Floats
    """float64[m], tanh of the mean Fisher z over windows."""
    low: Floats
    """float64[m]: 19 of 20 strangers stay above this at every lag at once ..."""
    high: Floats
    """... and below this."""


def lag_profile(pair: Pair, *, surrogates: int = 1000, seed: int = 0, alpha: float = 0.05) -> LagProfile | None:
    """The profile that `compare` looks for a peak in, with the band that 1 - *alpha* of strangers never leave.

    The band is as wide at each lag, as the farthest lag of each surrogate makes it: leaving it anywhere is what
    "above chance" means there. None where there is too little to compare.
    """
    if is_flat(pair.a) or is_flat(pair.b):
        return None
    a, b = np.diff(pair.a), np.diff(pair.b)
    at = grid(pair.rate_hz)
    if at.windows(a.size) < 1:
        return None
    own = profiles(a, b[None, :], at)[0]
    chance = np.concatenate([profiles(a, rows, at) for rows in phase_surrogates(b, surrogates, seed=seed)])
    if np.isnan(own).any() or np.isnan(chance).any():
        return None
    edge = float(np.tanh(np.quantile(np.abs(chance).max(axis=1), 1 - alpha)))
    lag_s = np.arange(-at.lag, at.lag + 1) / pair.rate_hz
    return LagProfile(lag_s, np.tanh(own), np.full(own.size, -edge), np.full(own.size, edge))
