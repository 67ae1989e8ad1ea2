"""Is there a trap? Two models of the same journal, compared by their evidence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from toward.dyad.laplace import Laplace, approximate
from toward.dyad.params import CONSTANTS, PRIORS, Constants, Prior, Priors
from toward.dyad.plan import Plan, plan

if TYPE_CHECKING:
    from toward.dyad.events import Journal

#: Coupling in a couple without a trap and with one: log g ~ N(log .5, .5) against N(log 2.7, .3).
CALM: Final = Prior("log", math.log(0.5), 0.5)
TRAPPED: Final = Prior("log", math.log(2.7), 0.3)


class Two(NamedTuple):
    """Both models, fitted, and the probability of the one with a trap (even odds before the data)."""

    calm: Laplace
    trapped: Laplace
    probability: float


def compare(laid: Plan, priors: Priors = PRIORS, *, near: Laplace | None = None) -> Two:
    """Fit both models to a plan."""
    calm = approximate(laid, priors._replace(gw=CALM, gp=CALM), near=near)
    trapped = approximate(laid, priors._replace(gw=TRAPPED, gp=TRAPPED), near=near)
    gap = calm.log_evidence - trapped.log_evidence
    return Two(calm, trapped, 1.0 / (1.0 + math.exp(min(max(gap, -700.0), 700.0))))


def trap_probability(journal: Journal, *, priors: Priors = PRIORS, constants: Constants = CONSTANTS) -> float:
    """Probability that the two have a trap to fall into, by Laplace evidence with even odds before the data.

    One broad prior would shrink strong traps; two models do not. Without answers it is near .5: not a finding. Over 120
    made-up couples it told strong coupling from weak with an AUC of .71 after one week, .77 after three and .84 after
    eight; of the landscape itself it tells a little less. More where both valleys were visited.
    It cannot tell a trap from a journal in which nothing varies.

    Raises ``BadInput`` as ``check`` does.
    """
    return compare(plan(journal, constants=constants), priors).probability
