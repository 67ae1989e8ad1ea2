"""Made-up couples that resemble studied ones: who they are and how they live.

A fit starts from ``PRIORS``, which are wide on purpose and say what the model must be able to show. Couples drawn from
them are no sample of people: a day tells half as much of the next as in diaries, and the partner's day as much as one's
own. ``POPULATION`` is where made-up couples come from where they stand for people: most are calm, some are strained. It
was chosen by matching six published figures (``python -m benchmarks.dyad_people``; docs/model.md says what it meets and
what it doesn't). Nobody's days went into it, and no fit uses it.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from toward.dyad.params import PRIORS, SIZE, Parameters, Prior, Priors, named, natural, prior_arrays
from toward.dyad.simulation import HABITS, Habits
from toward.errors import BadInput


class Population(NamedTuple):
    """Calm couples, strained couples, the share of strained ones, and how often things happen to all of them."""

    calm: Priors
    strained: Priors
    strained_share: float
    habits: Habits


def _log(middle: float, sd: float) -> Prior:
    return Prior("log", math.log(middle), sd)


#: What all of them share. ``k`` works only while two are together. Answers scatter less than the priors say, or
#: yesterday could not tell so much of today; whether a bid is met hangs less on how the other feels, which, with ``k``,
#: is most of what ties the partner's yesterday to one's own today.
_ALL: Final = PRIORS._replace(
    m=PRIORS.m._replace(mean=5.1),
    e=_log(0.4, 0.3),
    c=PRIORS.c._replace(mean=1.2),
    k=_log(0.1, 0.6),
    r=Prior("tanh", 0.05, 0.2),
    js=_log(0.9, 0.6),
    d=Prior("identity", 0.3, 0.3),
)

#: The threats are the design's two models of coupling, slowed down with the pace ``l``: what makes a low valley is
#: their ratio, which stays near the design's (calm .4 for .6, strained 3.1 for 3.4).
POPULATION: Final = Population(
    calm=_ALL._replace(l=_log(0.35, 0.4), s=_log(0.92, 0.35), gw=_log(0.15, 0.5), gp=_log(0.15, 0.5)),
    strained=_ALL._replace(l=_log(0.45, 0.4), s=_log(0.8, 0.35), gw=_log(1.4, 0.3), gp=_log(1.4, 0.3)),
    strained_share=0.15,
    habits=HABITS._replace(bids=2.3, together=0.3),
)


def population(
    n: int, *, seed: int = 0, priors: Priors | None = None, people: Population = POPULATION
) -> list[Parameters]:
    """``n`` made-up couples; the same seed gives the same couples.

    They are drawn from ``people``, or from ``priors`` where those are given: a check of a fit needs couples that are
    drawn from what the fit believes.
    """
    if n < 0:
        raise BadInput("a population has no fewer than 0 couples", field="n", reason="range")
    luck = np.random.default_rng(seed)
    z = luck.standard_normal((n, SIZE))
    if priors is not None:
        mean, sd = prior_arrays(priors)
        return [named(row) for row in natural(mean + sd * z)]
    strained = luck.random((n, 1)) < people.strained_share
    (calm_mean, calm_sd), (mean, sd) = prior_arrays(people.calm), prior_arrays(people.strained)
    return [named(row) for row in natural(np.where(strained, mean + sd * z, calm_mean + calm_sd * z))]
