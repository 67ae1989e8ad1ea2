"""The next practice: hard rules first, then what helps this couple, and what it is worth to learn."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from toward.dyad.effects import PRACTICES, all_differences
from toward.dyad.forecasts import frightened
from toward.dyad.params import INDEX
from toward.dyad.plan import N_A

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toward.dyad.estimate import Fit

JOINT: Final = frozenset({"softening", "touch", "practice_both"})
#: A partner less likely than this to turn toward a bid now is one who rarely answers.
RARELY: Final = 0.35
#: Inner safety that some days of practice alone bring; below it, own safety comes first.
STEADY: Final = 0.15
WEEKS: Final = 5.0


class Gates(NamedTuple):
    """What is known from elsewhere and outranks the model. ``veto`` names practices that either does not want."""

    fear: bool = False
    flooded_a: bool = False
    flooded_b: bool = False
    veto: frozenset[str] = frozenset()


class Choice(NamedTuple):
    """The practice for one partner, or None, and the rule or reason behind it.

    ``why``: ``fear`` (nothing), ``flooded`` (alone), ``own_safety``, ``light_invitation`` (the other rarely answers),
    ``helps``, or ``nothing_left`` (all vetoed). ``values`` are what each open practice is expected to bring in steps
    over the week, with what is learnt by trying it; empty where a rule decided.
    """

    practice: str | None
    why: str
    values: Mapping[str, float]


def next_practice(
    fit: Fit, *, who: Literal["a", "b"] = "a", gates: Gates | None = None, days: float = 7.0, seed: int = 0
) -> Choice:
    """Choose for partner ``who``: the knowledge gradient (Frazier and Powell 2008) under hard rules.

    Rules, in order: fear or an act that frightened: nothing. Flooded (told by the gates, or more likely than not below
    the hearing gate now), oneself: practise alone; the other: practise alone as well, and nothing that asks them.
    A partner who rarely answers now: own safety first, then one light invitation. Vetoes hold everywhere.

    It cannot know what was never tried: where effects are the prior's voice, so is the choice.
    """
    gate = Gates() if gates is None else gates
    i = 0 if who == "a" else 1
    other = "b" if who == "a" else "a"
    alone, invite = f"practice_{who}", f"bid_{who}"
    if gate.fear or frightened(fit.journal):
        return Choice(None, "fear", {})
    if _flooded(fit, 0, gate.flooded_a) or _flooded(fit, 1, gate.flooded_b):
        return _ruled(alone, "flooded", gate)
    if _answers(fit, 1 - i) < RARELY:
        steady = fit.plan.aside[N_A + i] >= STEADY
        return _ruled(invite if steady else alone, "light_invitation" if steady else "own_safety", gate)
    able = [name for name in PRACTICES if name not in gate.veto and not name.endswith(f"_{other}")]
    if not able:
        return Choice(None, "nothing_left", {})
    gaps = {name: gap.mean(axis=1) for name, gap in all_differences(fit, able, days=days, seed=seed, most=60).items()}
    noise = _noise(fit, days)
    values = _worth(gaps, noise)
    return Choice(max(values, key=lambda name: values[name]), "helps", values)


def _ruled(practice: str, why: str, gate: Gates) -> Choice:
    return Choice(None, "nothing_left", {}) if practice in gate.veto else Choice(practice, why, {})


def _flooded(fit: Fit, i: int, told: bool) -> bool:  # noqa: FBT001 - a gate's own answer
    return told or fit.state[i].mean < fit.plan.constants.hears_at


def _answers(fit: Fit, i: int) -> float:
    """Mean probability over the posterior that partner ``i`` turns toward a bid now."""
    c, d = fit.draws[:, INDEX["c_a"] + i], fit.draws[:, INDEX["d"]]
    state = fit.state[i]
    # The logistic of a normal, by the probit approximation.
    wide = np.sqrt(1.0 + math.pi / 8.0 * (d * state.sd) ** 2)
    return float(np.mean(1.0 / (1.0 + np.exp(-(c + d * (state.mean - 4.0)) / wide))))


def _noise(fit: Fit, days: float) -> float:
    """Deviation of a week's mean felt safety that is luck alone."""
    p = fit.mode
    return math.sqrt(0.5 * (p.s_a**2 / (2 * p.l_a) + p.s_b**2 / (2 * p.l_b)) * min(1.0, 2.0 / (p.l_a * days)))


def _worth(gaps: Mapping[str, NDArray[np.float64]], noise: float) -> dict[str, float]:
    """Expected gain of each, plus what trying it once is worth over the coming weeks."""
    means = {name: float(gap.mean()) for name, gap in gaps.items()}
    worth = {}
    for name, gap in gaps.items():
        spread = float(gap.var(ddof=1))
        moved = spread / math.sqrt(spread + noise**2) if spread > 0 else 0.0
        best = max((mean for other, mean in means.items() if other != name), default=means[name])
        z = -abs(means[name] - best) / moved if moved > 0 else -math.inf
        learnt = moved * (z * 0.5 * math.erfc(-z / math.sqrt(2)) + math.exp(-0.5 * z * z) / math.sqrt(2 * math.pi))
        worth[name] = means[name] + (WEEKS * learnt if moved > 0 and math.isfinite(z) else 0.0)
    return worth
