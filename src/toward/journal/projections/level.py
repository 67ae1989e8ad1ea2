"""The level under scattered check-ins, with how sure it is: a local level smoother.

The level of a day is the level of the day before plus a small step; a day's mean check-in is the level plus noise:

    x[t] = x[t-1] + w,  w ~ N(0, q)          y[t] = x[t] + e,  e ~ N(0, r)

With q and r given this is the Kalman filter and the Rauch-Tung-Striebel smoother (J. Durbin and S. J. Koopman, *Time
Series Analysis by State Space Methods*, 2nd ed. 2012, chapter 2; H. E. Rauch, F. Tung and C. T. Striebel, AIAA Journal
3, 1965). How restless a life is (q) and how scattered its check-ins are (r) nobody knows, so both are averaged over a
small grid, each pair weighted by how well it explains the days (Bayes' rule), with mild priors for when there are few.

Several check-ins of a day count as one: they share the day's mood and are no independent evidence. Check-ins are
bounded whole numbers and this treats them as Gaussian; near the ends the band is cut by whoever draws it.
"""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toward.journal.projections.line import DayFelt

START_MEAN: Final = 4.0
START_VAR: Final = 4.0
STEP_VARS: Final = (0.01, 0.03, 0.1, 0.3)
NOISE_VARS: Final = (0.25, 0.5, 1.0, 2.0)
TYPICAL_STEP_VAR: Final = 0.05
TYPICAL_NOISE_VAR: Final = 0.7
STEP_SPREAD: Final = 1.0
NOISE_SPREAD: Final = 0.6
"""The priors are log-normal: the typical value, and the spread of its logarithm."""


class Level(NamedTuple):
    """The level of each day from ``first`` on with its standard deviation, and the change from first day to last."""

    first: date
    mean: tuple[float, ...]
    sd: tuple[float, ...]
    change: float
    change_sd: float


class Smoothed(NamedTuple):
    """The smoother for one pair of variances; ``log_weight`` is how well it explains the days."""

    mean: list[float]
    var: list[float]
    change_var: float
    log_weight: float


def smooth_level(days: Sequence[DayFelt]) -> Level:
    """Return the level from the first day to the last; *days* are in order, with at least one.

    Days in between that have no check-in get a level too, less sure the further they are from one that has.
    """
    first = days[0].day
    seen: list[float | None] = [None] * ((days[-1].day - first).days + 1)
    for day in days:
        seen[(day.day - first).days] = day.mean
    runs = [smooth(seen, step_var, noise_var) for step_var in STEP_VARS for noise_var in NOISE_VARS]
    top = max(run.log_weight for run in runs)
    weights = [math.exp(run.log_weight - top) for run in runs]
    total = math.fsum(weights)
    weights = [weight / total for weight in weights]
    means, sds = [], []
    for day_number in range(len(seen)):
        mean, var = _mixture([(run.mean[day_number], run.var[day_number]) for run in runs], weights)
        means.append(mean)
        sds.append(math.sqrt(var))
    change, change_var = _mixture([(run.mean[-1] - run.mean[0], run.change_var) for run in runs], weights)
    return Level(first, tuple(means), tuple(sds), change, math.sqrt(change_var))


def smooth(seen: Sequence[float | None], step_var: float, noise_var: float) -> Smoothed:
    """Return the level of each day given all of them (None: no check-in), for known variances.

    >>> [round(var, 3) for var in smooth([4.0], 0.1, 1.0).var]
    [0.8]
    """
    mean, var = START_MEAN, START_VAR
    log_weight = _log_prior(step_var, TYPICAL_STEP_VAR, STEP_SPREAD)
    log_weight += _log_prior(noise_var, TYPICAL_NOISE_VAR, NOISE_SPREAD)
    means, variances = [], []
    for day_number, felt in enumerate(seen):
        if day_number:
            var += step_var
        if felt is not None:
            spread = var + noise_var
            off = felt - mean
            log_weight -= 0.5 * (math.log(2 * math.pi * spread) + off * off / spread)
            gain = var / spread
            mean += gain * off
            var *= 1 - gain
        means.append(mean)
        variances.append(var)
    # Backwards. The product of the gains carries the covariance of the first day and the last.
    shared = variances[-1]
    last_var = variances[-1]
    for day_number in range(len(seen) - 2, -1, -1):
        back = variances[day_number] / (variances[day_number] + step_var)
        means[day_number] += back * (means[day_number + 1] - means[day_number])
        variances[day_number] += back * back * (variances[day_number + 1] - variances[day_number] - step_var)
        shared *= back
    return Smoothed(means, variances, max(variances[0] + last_var - 2 * shared, 0.0), log_weight)


def _log_prior(value: float, typical: float, spread: float) -> float:
    return -0.5 * (math.log(value / typical) / spread) ** 2


def _mixture(parts: Sequence[tuple[float, float]], weights: Sequence[float]) -> tuple[float, float]:
    """Mean and variance of a mixture of parts given as mean and variance."""
    mean = math.fsum(weight * part for weight, (part, _) in zip(weights, parts, strict=True))
    var = math.fsum(weight * (v + (m - mean) ** 2) for weight, (m, v) in zip(weights, parts, strict=True))
    return mean, var
