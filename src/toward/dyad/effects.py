"""What goes together with a practice: the week with it against the same week without it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from toward.dyad.estimate import Marginal
from toward.dyad.events import Journal, journal
from toward.dyad.forecasts import futures
from toward.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from toward.dyad.estimate import Fit

PRACTICES: Final = (
    "softening",
    "touch",
    "bid_a",
    "bid_b",
    "practice_a",
    "practice_b",
    "practice_both",
)
_PARTNER: Final = {"a": "a", "b": "b", "both": "both"}
#: Which parameters a practice works through; their shrinkage says how much of its effect is learnt.
_THROUGH: Final = {
    "softening": ("js",),
    "touch": ("touch", "ease"),
    "bid_a": ("jt", "ja", "c_b", "d"),
    "bid_b": ("jt", "ja", "c_a", "d"),
    "practice_a": ("gw_a", "gp_a"),
    "practice_b": ("gw_b", "gp_b"),
    "practice_both": ("gw_a", "gp_a", "gw_b", "gp_b"),
}


class Effect(NamedTuple):
    """What the coming days are with a practice, less what they are without it, in steps of felt safety.

    Mean over the days and the two, with 80 and 95 % intervals of what is not known; ``a`` and ``b`` the mean of each;
    ``jump`` the posterior of the practice's own parameter (None where it has no jump); ``shrinkage`` how much of it is
    learnt (0: the prior's voice).
    """

    practice: str
    mean: float
    low80: float
    high80: float
    low95: float
    high95: float
    shrinkage: float
    a: float
    b: float
    jump: Marginal | None


def planned(practice: str, days: float) -> Journal:
    """The journal of a practice from now on: an inner practice every day, everything else once, in half an hour.

    Raises ``BadInput`` for a practice that the model does not know.
    """
    if practice not in PRACTICES:
        raise BadInput(
            f"{practice!r} is no practice; one of {', '.join(PRACTICES)}", field="practice", reason="unknown"
        )
    kind, _, who = practice.partition("_")
    soon = 1.0 / 24.0
    if kind == "practice":
        return journal([(soon + day, _PARTNER[who], "practice", 1.0) for day in range(math.ceil(days - soon))])
    if kind == "bid":
        return journal([(soon, who, "bid", math.nan)])
    if kind == "touch":
        return journal([(soon + day, "both", "touch", 1.0) for day in range(math.ceil(days - soon))])
    return journal([(soon, "both", kind, 1.0)])


def all_differences(
    fit: Fit, practices: Iterable[str], *, days: float = 7.0, seed: int = 0, most: int = 200
) -> dict[str, NDArray[np.float64]]:
    """For each practice and draw of the posterior, each partner's mean difference over the days, float64[draws, 2].

    Every practice is held against one and the same week without any of them.
    """
    without = futures(fit, days=days, seed=seed, most=most)
    found = {}
    for practice in practices:
        with_it = futures(fit, days=days, planned=planned(practice, days), seed=seed, most=most)
        found[practice] = (with_it - without).mean(axis=1)
    return found


def learnt(fit: Fit, practice: str) -> float:
    """How much of what a practice works through is learnt: 0 is still the starting guess."""
    return float(np.mean([fit.parameters[name].shrinkage for name in _THROUGH[practice]]))


def effect(fit: Fit, practice: str, *, days: float = 7.0, seed: int = 0) -> Effect:
    """What a practice goes together with over ``days`` days, under common random numbers.

    Practices: ``softening`` (once), ``touch`` (daily), ``bid_a``, ``bid_b`` (once more), ``practice_a``,
    ``practice_b``, ``practice_both`` (daily). The interval is of single weeks: parameters, state and luck.

    It is no causal claim unless offers were randomised: say "goes together with". After six weeks most of the prior's
    variance usually remains, so always show the interval. Raises ``BadInput`` for an unknown practice or days.
    """
    return all_effects(fit, (practice,), days=days, seed=seed)[practice]


def all_effects(
    fit: Fit, practices: Iterable[str] = PRACTICES, *, days: float = 7.0, seed: int = 0
) -> dict[str, Effect]:
    """``effect`` of several practices, each against one and the same week without any of them."""
    gaps = all_differences(fit, practices, days=days, seed=seed)
    return {practice: _effect(fit, practice, gap) for practice, gap in gaps.items()}


def _effect(fit: Fit, practice: str, gaps: NDArray[np.float64]) -> Effect:
    both = gaps.mean(axis=1)
    low95, low80, high80, high95 = (float(q) for q in np.quantile(both, [0.025, 0.1, 0.9, 0.975]))
    through = _THROUGH[practice]
    jump = fit.parameters[through[0]] if through[0] in {"js", "jt"} else None
    a, b = gaps.mean(axis=0)
    return Effect(
        practice, float(both.mean()), low80, high80, low95, high95, learnt(fit, practice), float(a), float(b), jump
    )
