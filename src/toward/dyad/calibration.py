"""Is the fit honest? Simulation-based calibration (Talts et al. 2018): where truth falls among the posterior's draws.

Couples are drawn from the priors, live some weeks, and are fitted. If the posterior is right, the rank of each true
parameter among its draws is uniform, and an 80 % interval holds the truth in 80 of 100 couples.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.dyad.estimate import fit
from toward.dyad.params import NAMES, PRIORS, Priors
from toward.dyad.people import population
from toward.dyad.simulation import HABITS, Habits, simulate

if TYPE_CHECKING:
    from collections.abc import Iterator

BINS: Final = 10
SHARES: Final = (0.5, 0.8, 0.95)
SURE: Final = 0.05


class Calibration(NamedTuple):
    """``ranks`` float64[couples, P + 2] in 0..1, of the parameters and then of x_a and x_b now.

    Per column, in the order of ``names``: ``p`` of a chi-square test of uniformity in ten bins, ``p_holm`` after Holm's
    correction, ``apart`` the greatest distance of the ranks' distribution from the diagonal, and ``coverage`` [., 3]
    how often the middle 50, 80 and 95 % held the truth. ``band`` is the distance that no column passes in 95 of 100
    honest calibrations (Dvoretzky, Kiefer, Wolfowitz and Massart, all columns together).
    """

    names: tuple[str, ...]
    ranks: NDArray[np.float64]
    p: NDArray[np.float64]
    p_holm: NDArray[np.float64]
    apart: NDArray[np.float64]
    coverage: NDArray[np.float64]
    band: float


def ranks(
    couples: int,
    *,
    days: float = 21.0,
    draws: int = 200,
    seed: int = 0,
    priors: Priors = PRIORS,
    believed: Priors | None = None,
    habits: Habits = HABITS,
) -> Iterator[NDArray[np.float64]]:
    """One row of ranks per couple, as each is done: float64[P + 2] in 0..1. ``draws`` = 0 ranks in the Laplace.

    Couples are drawn from ``priors``. A fit that has ``believed`` something else is not calibrated, and shows it.
    """
    for n, truth in enumerate(population(couples, seed=seed, priors=priors)):
        made = simulate(truth, days=days, seed=seed + 1_000_003 * (n + 1), habits=habits)
        end = float(made.time_days[-1])
        fitted = fit(made.journal, priors=priors if believed is None else believed, draws=draws, seed=n, until=end)
        luck = np.random.default_rng((seed, n))
        below = (fitted.draws < np.array(truth)).sum(axis=0)
        same = (fitted.draws == np.array(truth)).sum(axis=0)
        states = [
            fitted.state[i].mean + fitted.state[i].sd * luck.standard_normal(fitted.draws.shape[0]) for i in (0, 1)
        ]
        state = [float((draw < made.x[-1, i]).sum()) for i, draw in enumerate(states)]
        rank = np.concatenate([below + luck.random(below.size) * (same + 1), np.array(state) + luck.random(2)])
        yield rank / (fitted.draws.shape[0] + 1)


def summary(rows: NDArray[np.float64]) -> Calibration:
    """Test the ranks float64[couples, P + 2] of ``ranks`` for uniformity."""
    from scipy.special import chdtrc  # type: ignore[import-untyped]

    couples, columns = rows.shape
    counts = np.stack([np.histogram(column, bins=BINS, range=(0, 1))[0] for column in rows.T])
    chi = ((counts - couples / BINS) ** 2 / (couples / BINS)).sum(axis=1)
    p = chdtrc(BINS - 1, chi)
    order = np.argsort(p)
    holm = np.empty_like(p)
    holm[order] = np.minimum(1.0, np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1)))
    ordered, steps = np.sort(rows, axis=0), np.arange(couples + 1)[:, None] / couples
    apart = np.maximum(steps[1:] - ordered, ordered - steps[:-1]).max(axis=0)
    coverage = np.stack([(abs(rows - 0.5) < share / 2).mean(axis=0) for share in SHARES], axis=1)
    band = math.sqrt(math.log(2 * columns / SURE) / (2 * couples))
    return Calibration((*NAMES, "x_a", "x_b"), rows, p, holm, apart, coverage, band)
