"""Actor-partner interdependence: what goes with one's own standing, and what with the partner's.

    outcome = intercept + actor own + partner other's

Across couples of exchangeable partners (``fit_apim``), with errors that go together within a couple; or from one day to
the next in one couple (``fit_daily``). Across couples, sums and differences of the two partners have independent
errors, so maximum likelihood comes apart into two plain regressions: nothing is iterated. Source: Kenny, Kashy and
Cook, *Dyadic Data Analysis*, Guilford 2006. *Goes with* is all it says: neither effect is a cause.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from toward.dyad.published.regression import least_squares, series
from toward.errors import BadInput

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


class ApimFit(NamedTuple):
    """Effects with standard errors.

    ``alike`` is the plain correlation of the two partners' outcomes; ``rows`` the couples (or days) that were whole.
    """

    intercept: float
    actor: float
    partner: float
    actor_error: float
    partner_error: float
    alike: float
    rows: int


def fit_apim(outcome_a: ArrayLike, outcome_b: ArrayLike, predictor_a: ArrayLike, predictor_b: ArrayLike) -> ApimFit:
    """Fit one actor and one partner effect to n couples, shape (n,) each; couples with a gap are left out.

    Raises ``BadInput`` where partners do not differ, or couples do not.
    """
    y_a, y_b, x_a, x_b = series(outcome_a, outcome_b, predictor_a, predictor_b)
    ones = np.ones_like(y_a)
    between = least_squares((y_a + y_b) / 2, ones, (x_a + x_b) / 2)
    within = least_squares(y_a - y_b, x_a - x_b)
    intercept, together = (float(value) for value in between.coefficients)
    apart = float(within.coefficients[0])
    error = math.hypot(between.standard_errors[1], within.standard_errors[0]) / 2
    return ApimFit(
        intercept,
        (together + apart) / 2,
        (together - apart) / 2,
        error,
        error,
        float(np.corrcoef(y_a[between.rows], y_b[between.rows])[0, 1]),
        between.complete,
    )


def fit_daily(a: ArrayLike, b: ArrayLike) -> ApimFit:
    """Fit one actor and one partner effect from each day to the next to two daily series, shape (n,) each.

    Both partners share the effects, each has their own usual level. Raises ``BadInput`` for fewer than four whole days.
    """
    one, two = series(a, b)
    if one.size < 2:  # noqa: PLR2004 - a day and the next
        raise BadInput("one day has no next day; more answers are needed", field="values")
    n = one.size - 1
    first = np.repeat([1.0, 0.0], n)
    now, other = np.concatenate([one[:-1], two[:-1]]), np.concatenate([two[:-1], one[:-1]])
    line = least_squares(np.concatenate([one[1:], two[1:]]), now, other, first, 1 - first)
    both = np.isfinite(one) & np.isfinite(two)
    alike = float(np.corrcoef(one[both], two[both])[0, 1]) if both.sum() > 1 else math.nan
    actor, partner, level_a, level_b = (float(value) for value in line.coefficients)
    return ApimFit(
        (level_a + level_b) / 2,
        actor,
        partner,
        float(line.standard_errors[0]),
        float(line.standard_errors[1]),
        alike,
        line.complete,
    )
