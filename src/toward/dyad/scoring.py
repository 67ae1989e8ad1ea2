"""Does the model forecast this couple better than something simple? Always asked, always answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from toward.dyad.baselines import baseline_scores
from toward.dyad.dense import times
from toward.dyad.events import CODES, Journal, check, chosen, present
from toward.dyad.laplace import approximate
from toward.dyad.params import CONSTANTS, PRIORS, SIZE, Constants, Prior, Priors, natural
from toward.dyad.plan import Plan, plan
from toward.dyad.simulation import kernel_theta
from toward.dyad.value import likelihood

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Fits are renewed after these many answers, then every ``EVERY``, and later whenever there are a fifth more.
RENEWED: Final = (0, 6, 12, 20, 32)
EVERY: Final = 20
DRAWS: Final = 12
ENOUGH: Final = 40
_STRAIGHT: Final = Prior("log", -5.0, 0.1)


class Score(NamedTuple):
    """Mean log probability of an answer, told one step ahead (natural log; higher is better), nan without answers.

    ``answers`` counts them; ``best`` names the best of the baselines; ``shown`` is what a couple should be shown:
    ``model``, unless after 40 answers the best baseline is ahead.
    """

    model: float
    random_walk: float
    ar1: float
    apim: float
    climatology: float
    linear: float
    answers: int
    best: str
    shown: str


def score(
    journal: Journal, *, priors: Priors = PRIORS, seed: int = 0, linear: bool = True, constants: Constants = CONSTANTS
) -> Score:
    """Score the model and the baselines on every check-in, each told from what came before it.

    The model's parameters are fitted to earlier entries only, anew after 6, 12, 20, 32 answers and then every 20 (or
    every fifth of them, once there are more than a hundred), and its forecast is a mixture over draws of the Laplace.
    ``linear`` is the coupled Ornstein-Uhlenbeck model: no bend, no events, check-ins alone.

    It says nothing of causes: a good score is a good forecast. Raises ``BadInput`` as ``check`` does.
    """
    entries = present(check(journal))
    asked = np.flatnonzero(entries.kind == CODES["checkin"])
    y, who = entries.value[asked], entries.partner[asked]
    if not asked.size:
        nothing = float("nan")
        return Score(nothing, nothing, nothing, nothing, nothing, nothing, 0, "climatology", "model")
    means = {name: float(values.mean()) for name, values in baseline_scores(y, who).items()}
    own = float(one_step(entries, priors, seed, constants).mean())
    line = float("nan")
    if linear:
        alone = chosen(entries, asked)
        straight = priors._replace(gw=_STRAIGHT, gp=_STRAIGHT)
        line = float(one_step(alone, straight, seed, constants).mean())
    best = max(means, key=lambda name: means[name])
    shown = best if asked.size >= ENOUGH and means[best] > own else "model"
    return Score(own, **means, linear=line, answers=int(asked.size), best=best, shown=shown)


def one_step(
    entries: Journal, priors: Priors = PRIORS, seed: int = 0, constants: Constants = CONSTANTS
) -> NDArray[np.float64]:
    """Log probability of each check-in of a journal without open answers, given all earlier entries, float64[n]."""
    asked = np.flatnonzero(entries.kind == CODES["checkin"])
    stops = list(RENEWED)
    while stops[-1] < asked.size:
        stops.append(stops[-1] + max(EVERY, stops[-1] // 5))
    stops = [stop for stop in stops if stop < asked.size]
    whole = plan(entries, constants=constants)
    luck = np.random.default_rng(seed)
    out = np.empty(asked.size)
    for start, stop in zip(stops, [*stops[1:], asked.size], strict=True):
        cut = int(asked[start])
        before = chosen(entries, slice(cut))
        draws = _couples(plan(before, constants=constants), priors, luck)
        until = int(asked[stop - 1]) + 1
        gained = np.stack([_gained(theta, whole, until, asked[start:stop]) for theta in draws])
        # Draws that told the answers of this stretch well weigh more in its later answers.
        ahead = np.cumsum(gained, axis=1) - gained
        peak = ahead.max(axis=0)
        weights = np.exp(ahead - peak)
        out[start:stop] = np.log((weights * np.exp(gained)).sum(axis=0) / weights.sum(axis=0))
    return out


def _couples(laid: Plan, priors: Priors, luck: np.random.Generator) -> NDArray[np.float64]:
    """Kernel parameters of some draws of the posterior, float64[draws, 24]."""
    found = approximate(laid, priors)
    kicks, half = np.empty((DRAWS // 2, SIZE)), luck.standard_normal((DRAWS // 2, SIZE))
    times(half, found.root, kicks)
    z = found.z + np.concatenate([kicks, -kicks]) * found.sd
    return kernel_theta(natural(z))


def _gained(theta: NDArray[np.float64], laid: Plan, until: int, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Log evidence of some rows of the journal, under one couple."""
    last = int(np.searchsorted(np.maximum.accumulate(laid.source), until - 1, side="left")) + 1
    before, gained, final = np.empty((last, 5)), np.zeros(last), np.empty(5)
    likelihood(theta, laid.code[:last], laid.who[:last], laid.work[:last], laid.fixed, before, gained, final)
    at = np.full(int(laid.source.max()) + 1, -1)
    known = laid.source[:last] >= 0
    at[laid.source[:last][known]] = np.flatnonzero(known)
    told: NDArray[np.float64] = gained[at[rows]]
    return told
