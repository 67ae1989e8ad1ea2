"""Fit the model of two to a journal: the most probable couple, how sure that is, and where the two are now."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.dyad.dense import times
from toward.dyad.events import CODES, A, B, Journal, check, counts, present
from toward.dyad.evidence import compare
from toward.dyad.laplace import Laplace, Start, approximate, check_start, natural_moments
from toward.dyad.params import CONSTANTS, NAMES, PRIORS, SIZE, Constants, Parameters, Priors, named, natural
from toward.dyad.plan import Plan, plan
from toward.dyad.posterior import data, wander
from toward.dyad.standing import standing
from toward.errors import BadInput

MOST_DRAWS: Final = 200_000
#: Hamiltonian steps of a draw and their first length, in Laplace standard deviations.
LEAPS: Final = 3
STRIDE: Final = 0.5
FEW_ANSWERS: Final = 10


class Marginal(NamedTuple):
    """One parameter on its natural scale. ``shrinkage`` = 1 - posterior / prior variance on the unconstrained scale.

    0: still the prior's voice; 1: all data. A little below 0 is possible where the posterior is not normal.
    """

    mean: float
    sd: float
    shrinkage: float


class State(NamedTuple):
    """Felt safety at the end of the journal, in steps; ``sd`` holds what is not known of the parameters too."""

    mean: float
    sd: float


class States(NamedTuple):
    """The two, now."""

    a: State
    b: State


class Fit(NamedTuple):
    """What a journal says about a couple.

    ``parameters`` name to ``Marginal``; ``state`` now; ``covariance_now`` float64[2, 2]; ``trap_probability`` (see
    there); ``notes`` why this fit says little, if it does: ``no_answers``, ``few_answers``, ``one_person``,
    ``no_spread`` (all answers of someone are equal), ``not_settled``, ``flat``; ``mode`` the most probable couple;
    ``draws`` float64[n, P] of the posterior on the natural scale (from the sampler, or from the Laplace);
    ``log_evidence``; ``gradients`` used; ``acceptance`` of the sampler (nan without).
    """

    parameters: dict[str, Marginal]
    state: States
    covariance_now: NDArray[np.float64]
    trap_probability: float
    notes: tuple[str, ...]
    mode: Parameters
    draws: NDArray[np.float64]
    log_evidence: float
    gradients: int
    acceptance: float
    laplace: Laplace
    plan: Plan
    journal: Journal
    priors: Priors


def fit(
    journal: Journal,
    *,
    priors: Priors = PRIORS,
    draws: int = 0,
    seed: int = 0,
    until: float | None = None,
    valleys: bool = True,
    start: Start | None = None,
    constants: Constants = CONSTANTS,
) -> Fit:
    """Fit by the mode of the posterior and its Laplace approximation; ``draws`` > 0 samples the posterior as well.

    The state is that of day ``until`` (default: the last entry). With sampling, means and deviations are those of the
    draws: Hamiltonian Monte Carlo preconditioned by the Laplace; the first fifth again as many tune it and are dropped.
    The same journal and seed give the same fit. Without ``valleys`` it is not asked whether there is a low one:
    ``trap_probability`` is nan then, and the fit takes half the time.

    ``start`` is ``fit.laplace.start`` of an earlier fit, from which the search goes on: after one more answer it takes
    some five gradients instead of twenty. A posterior can have two modes, and the one told is that to which the
    priors' mean leads. So a start counts only where it can't lead elsewhere: where it explains the journal better than
    that mean, the search settles within one of the start's own deviations, and there is a curvature. Else the fit is
    to the last bit the one without a start. For a line alone ``again`` is quicker still.

    It cannot tell cause from what goes together, nor coupling (g, k, r) after a few weeks: look at ``shrinkage``.

    Raises ``BadInput`` as ``check`` does, for priors or draws outside their range, and for a start that is none.
    """
    if not 0 <= draws <= MOST_DRAWS:
        raise BadInput(f"draws = {draws}; from 0 to {MOST_DRAWS}", field="draws", reason="range")
    begin = check_start(start) if start is not None else None
    entries = check(journal)
    laid = plan(entries, until=until, constants=constants)
    found = approximate(laid, priors, start=begin)
    trapped = compare(laid, priors, near=found).probability if valleys else float("nan")
    z, acceptance = _draws(laid, found, draws, seed)
    spread = z.std(axis=0, ddof=1) if draws else np.sqrt(np.diag(found.z_covariance))
    mean, sd = (natural(z).mean(axis=0), natural(z).std(axis=0, ddof=1)) if draws else natural_moments(found.z, spread)
    shrinkage = 1.0 - (spread / found.sd) ** 2
    at, now = standing(laid, natural(z))
    return Fit(
        {n: Marginal(float(m), float(s), float(k)) for n, m, s, k in zip(NAMES, mean, sd, shrinkage, strict=True)},
        States(*(State(float(at[i]), float(np.sqrt(now[i, i]))) for i in (A, B))),
        now,
        trapped,
        notes(entries, found),
        named(natural(found.z)),
        natural(z),
        found.log_evidence,
        found.gradients,
        acceptance,
        found,
        laid,
        entries,
        priors,
    )


def _draws(laid: Plan, found: Laplace, draws: int, seed: int) -> tuple[NDArray[np.float64], float]:
    """Draws on the unconstrained scale, float64[n, P]: from the sampler, or 200 from the Laplace itself."""
    if not draws:
        return mirrored_draws(found, seed), float("nan")
    luck = np.random.default_rng(seed)
    root = found.root
    tuning = draws // 4 + 10
    kicks, coins = luck.standard_normal((tuning + draws, SIZE)), luck.random((tuning + draws, 2))
    out = np.empty_like(kicks)
    taken = wander(found.w, root, found.mean, found.sd, data(laid), kicks, coins, STRIDE, LEAPS, out)
    return found.mean + out[tuning:] * found.sd, float(taken)


def mirrored_draws(found: Laplace, seed: int = 0) -> NDArray[np.float64]:
    """Two hundred draws of a Laplace on the unconstrained scale, float64[200, P]: each with its mirror image."""
    kicks = np.empty((100, SIZE))
    times(np.random.default_rng(seed).standard_normal((100, SIZE)), found.root, kicks)
    return found.z + np.concatenate([kicks, -kicks]) * found.sd


def notes(entries: Journal, found: Laplace | None = None) -> tuple[str, ...]:
    """Why a fit of this journal would say little: see ``Fit.notes``."""
    said: list[str] = []
    answers = counts(entries, "checkin")
    if sum(answers) == 0:
        said.append("no_answers")
    elif sum(answers) < FEW_ANSWERS:
        said.append("few_answers")
    if sum(answers) and min(answers) == 0:
        said.append("one_person")
    known = present(entries)
    for who in (A, B):
        own = known.value[(known.kind == CODES["checkin"]) & (known.partner == who)]
        if own.size >= FEW_ANSWERS // 2 and np.ptp(own) == 0 and "no_spread" not in said:
            said.append("no_spread")
    if found is not None and not found.settled:
        said.append("not_settled")
    if found is not None and found.flat:
        said.append("flat")
    return tuple(said)
