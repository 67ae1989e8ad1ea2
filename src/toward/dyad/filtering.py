"""Where the two were and are, given what they answered and a couple's parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.dyad.params import CONSTANTS, Constants, Parameters, checked
from toward.dyad.plan import Plan, plan
from toward.dyad.posterior import climbed, marked
from toward.dyad.simulation import kernel_theta
from toward.dyad.value import likelihood

if TYPE_CHECKING:
    from toward.dyad.events import Journal


class Filtered(NamedTuple):
    """The filter's Gaussian at every entry that tells or moves something (n of them), and at the end.

    ``row`` int64[n] of the journal; ``time_days`` float64[n]; ``mean`` float64[n, 2] and ``covariance``
    float64[n, 2, 2] of (x_a, x_b) just before the entry, so a one-step forecast; ``log_evidence`` float64[n] of the
    entry; ``mean_now``, ``covariance_now`` after the last one (or on day ``until``); ``log_likelihood`` of it all.
    """

    row: NDArray[np.int64]
    time_days: NDArray[np.float64]
    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]
    log_evidence: NDArray[np.float64]
    mean_now: NDArray[np.float64]
    covariance_now: NDArray[np.float64]
    log_likelihood: float


def filter(  # noqa: A001 - the field's own word
    parameters: Parameters, journal: Journal, *, until: float | None = None, constants: Constants = CONSTANTS
) -> Filtered:
    """Run the assumed-density filter (see ``value``) and keep what it knew before each entry.

    It cannot see two valleys at once: where the truth has two humps (near the saddle), it has one broad Gaussian.

    Raises ``BadInput`` as ``check`` does, and for parameters outside their range.
    """
    values = checked(parameters)
    laid = plan(journal, until=until, constants=constants)
    rows = laid.code.size
    before, gained, final = np.empty((rows, 5)), np.zeros(rows), np.empty(5)
    total = likelihood(kernel_theta(values), laid.code, laid.who, laid.work, laid.fixed, before, gained, final)
    at = np.flatnonzero(laid.source >= 0)
    source = laid.source[at]
    return Filtered(
        source,
        np.asarray(journal.time_days, dtype=np.float64)[source],
        before[at][:, :2],
        before[at][:, [2, 3, 3, 4]].reshape(-1, 2, 2),
        gained[at],
        final[:2].copy(),
        final[[2, 3, 3, 4]].reshape(2, 2),
        total + beside(parameters, laid),
    )


def log_likelihood(parameters: Parameters, journal: Journal, *, constants: Constants = CONSTANTS) -> float:
    """Log probability (density, for the heart) of every answer in a journal, given a couple.

    How often people reach out, and what happened to them, is taken as given: only answers count. Raises as ``filter``.
    """
    return plan_log_likelihood(parameters, plan(journal, constants=constants))


def plan_log_likelihood(parameters: Parameters, laid: Plan) -> float:
    """``log_likelihood`` of a journal that is laid out already."""
    none, final = np.empty((0, 5)), np.empty(5)
    theta = kernel_theta(checked(parameters))
    total = likelihood(theta, laid.code, laid.who, laid.work, laid.fixed, none, none[:, 0], final)
    return total + beside(parameters, laid)


def beside(parameters: Parameters, laid: Plan) -> float:
    """Log probability of marks, moves and ladder answers, which tell of the couple and not of x."""
    c = laid.constants
    side = np.array([c.mark_weight, c.moved_weight, c.rung_width, *c.rungs])
    total = 0.0
    for row, (reached, pulled) in enumerate(laid.marks):
        position = (parameters.a_a, parameters.a_b)[row % 2]
        if reached + pulled:
            total += marked(position, side[row // 2], reached, pulled)[0]
    return total + sum(climbed(parameters.need, int(rung), u, side)[0] for rung, u in laid.rungs)
