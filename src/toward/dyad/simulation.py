"""Made-up couples: what they say, do and mark over some weeks, and the felt safety that nobody sees."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.dyad.events import BOTH, CODES, Journal, check
from toward.dyad.params import (
    CONSTANTS,
    INDEX,
    PRIORS,
    SIZE,
    TYPICAL,
    Constants,
    Parameters,
    Priors,
    checked,
    named,
    natural,
    prior_arrays,
)
from toward.dyad.plan import fixed_array, fresh_aside, rate_array
from toward.dyad.unfold import unfold
from toward.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

GRID_PER_DAY: Final = 48
MOST_DAYS: Final = 4000.0

_KERNEL_NAMES: Final = (
    *("m_a", "m_b", "l_a", "l_b", "s_a", "s_b", "", "", "e_a", "e_b", "c_a", "c_b"),
    *("k", "r", "jc", "jt", "ja", "js", "d", "life", "ease", "touch", "psi", "q"),
)
#: Where each of the kernel's parameters is in ``Parameters``; G_a and G_b (positions 6, 7) are made of four.
KERNEL_FROM: Final = np.array([INDEX.get(name, -1) for name in _KERNEL_NAMES])


class Habits(NamedTuple):
    """How often things happen to a made-up couple, a day. Per-partner rates are of each partner."""

    checkins: int = 2  #: set times a day, about 9 and 21 h
    bids: float = 2.5
    conflicts: float = 0.1
    softenings: float = 0.0
    practices_a: float = 0.0
    practices_b: float = 0.0
    touches: float = 0.5
    voices: float = 0.5
    harshnesses: float = 0.02
    life_events: float = 0.03
    theres: float = 0.3
    moveds: float = 0.3
    marks: float = 0.4
    rungs: float = 0.0
    hearts: float = 0.0
    answered: float = 1.0  #: share of check-ins that are answered


HABITS: Final = Habits()


class Simulation(NamedTuple):
    """One made-up couple: what a journal would hold, and the truth behind it.

    ``time_days`` float64[n + 1] and ``x`` float64[n + 1, 2] are the felt safety of a and b every half hour;
    ``ease`` float64[2, 4] the learned ease at the end, per partner and cue.
    """

    journal: Journal
    time_days: NDArray[np.float64]
    x: NDArray[np.float64]
    ease: NDArray[np.float64]
    parameters: Parameters


def kernel_theta(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The kernels' float64[..., 24] of natural parameters float64[..., P]; G_i = gW_i (1 - a_j) + gP_i a_j."""
    theta: NDArray[np.float64] = values[..., KERNEL_FROM]
    for i, own, other in ((0, "_a", "_b"), (1, "_b", "_a")):
        reach = values[..., INDEX[f"a{other}"]]
        theta[..., 6 + i] = values[..., INDEX[f"gw{own}"]] * (1.0 - reach) + values[..., INDEX[f"gp{own}"]] * reach
    return theta


def extra_array(parameters: Parameters, constants: Constants, luck: np.random.Generator | None) -> NDArray[np.float64]:
    """What ``unfold`` needs to answer marks, moves and the ladder; positions shown are drawn around the true ones."""
    shown = [parameters.a_a, parameters.a_b] * 2
    if luck is not None:
        weights = (constants.mark_weight, constants.mark_weight, constants.moved_weight, constants.moved_weight)
        shown = [
            float(luck.beta(max(a * w, 1e-3), max((1 - a) * w, 1e-3))) for a, w in zip(shown, weights, strict=True)
        ]
    return np.array([constants.against_share, *shown, parameters.need, constants.rung_width, *constants.rungs])


def simulate(
    parameters: Parameters = TYPICAL,
    *,
    days: float = 60.0,
    seed: int = 0,
    habits: Habits = HABITS,
    planned: Journal | None = None,
    start: tuple[float, float] | None = None,
    constants: Constants = CONSTANTS,
    modulators: tuple[float, float] = (0.0, 0.0),
) -> Simulation:
    """Live ``days`` days of a made-up couple; the same seed gives the same days.

    ``planned`` adds events on set days (a NaN value is answered by the two); ``start`` is x at day 0 (default: drawn
    from the population); ``modulators`` are sum b_k z_k of a and b, which scale how fast ease is learned by exp(.):
    the literature's "oxytocin" moderators, for simulation only. Times fall on a half-hour grid.

    Raises ``BadInput`` for parameters, days or habits outside their range.
    """
    values = checked(parameters)
    if not (math.isfinite(days) and 0 < days <= MOST_DAYS):
        raise BadInput(f"days = {days:g}; from 1 to {MOST_DAYS:g}", field="days", reason="range")
    if any(not math.isfinite(rate) or not 0 <= rate <= GRID_PER_DAY for rate in habits):
        raise BadInput("habits are rates from 0 to 48 a day", field="habits", reason="range")
    luck = np.random.default_rng(seed)
    steps = max(1, round(days * GRID_PER_DAY))
    noise = luck.standard_normal((steps, 2))
    x = luck.normal(constants.x_start, constants.x_start_sd, 2) if start is None else np.array(start, dtype=np.float64)
    if not np.isfinite(x).all():
        raise BadInput("start must be two finite numbers", field="start", reason="finite")
    when, who, kind, value = _happenings(luck, habits, steps)
    if planned is not None:
        when, who, kind, value = _joined(check(planned), when, who, kind, value, steps)
    chance = np.column_stack([luck.random(when.size), luck.standard_normal(when.size)])
    aside, path = fresh_aside(constants), np.empty((steps + 1, 2))
    rates = rate_array(constants)
    rates[10:] = np.exp(modulators)
    extra = extra_array(parameters, constants, luck)
    fixed = fixed_array(constants)
    unfold(x, kernel_theta(values), 1.0 / GRID_PER_DAY, noise, when, who, kind, value, chance, aside, extra, rates, fixed, path)
    answered = (kind != CODES["checkin"]) | (luck.random(when.size) < habits.answered)
    made = Journal(when[answered] / GRID_PER_DAY, who[answered], kind[answered], value[answered])
    return Simulation(made, np.arange(steps + 1) / GRID_PER_DAY, path, aside[8:16].reshape(2, 4), parameters)


Columns = tuple[NDArray[np.int64], NDArray[np.int8], NDArray[np.int8], NDArray[np.float64]]


def _happenings(luck: np.random.Generator, habits: Habits, steps: int) -> Columns:
    """When what happens, in order of time, on the grid, each partner and kind at most once a point."""
    days = steps / GRID_PER_DAY
    streams = []
    for kind, partner, value, times in _streams(luck, habits, days):
        at = np.unique(np.clip(np.rint(times * GRID_PER_DAY), 0, steps).astype(np.int64))
        streams.append((at, np.full(at.size, partner), np.full(at.size, kind), np.full(at.size, value)))
    when, who, what, value_of = (np.concatenate(column) for column in zip(*streams, strict=True))
    order = np.argsort(when, kind="stable")
    return when[order], who[order].astype(np.int8), what[order].astype(np.int8), value_of[order]


def _streams(
    luck: np.random.Generator, habits: Habits, days: float
) -> Iterator[tuple[int, int, float, NDArray[np.float64]]]:
    """Kind, partner, value (NaN: the two will answer) and times of each stream of events."""
    whole = np.arange(math.ceil(days))
    for partner in (0, 1):
        hours = (np.arange(habits.checkins) + 0.5) / max(habits.checkins, 1) * 0.75 + 0.25
        times = (whole[:, None] + hours + luck.normal(0, 0.04, (whole.size, habits.checkins))).ravel()
        yield CODES["checkin"], partner, math.nan, times[(times > 0) & (times < days)]
        for kind, rate in (
            ("bid", habits.bids),
            ("practice", habits.practices_b if partner else habits.practices_a),
            ("there", habits.theres),
            ("moved", habits.moveds),
            ("mark", habits.marks),
            ("rung", habits.rungs),
            ("heart", habits.hearts),
        ):
            value = 1.0 if kind == "practice" else math.nan
            yield CODES[kind], partner, value, luck.uniform(0, days, luck.poisson(rate * days))
    for kind, rate in (
        ("conflict", habits.conflicts),
        ("softening", habits.softenings),
        ("touch", habits.touches),
        ("voice", habits.voices),
        ("harshness", habits.harshnesses),
    ):
        yield CODES[kind], BOTH, 1.0, luck.uniform(0, days, luck.poisson(rate * days))
    for mark in (-2.0, -1.0, 1.0):
        yield CODES["life_event"], BOTH, mark, luck.uniform(0, days, luck.poisson(habits.life_events / 3 * days))


def _joined(  # noqa: PLR0913, PLR0917
    planned: Journal,
    when: NDArray[np.int64],
    who: NDArray[np.int8],
    kind: NDArray[np.int8],
    value: NDArray[np.float64],
    steps: int,
) -> Columns:
    """Chance and plan in one order; what is planned comes first at its point and replaces what chance had there."""
    points = np.rint(planned.time_days * GRID_PER_DAY).astype(np.int64)
    if points.size and (points.min() < 0 or points.max() > steps):
        raise BadInput("what is planned must lie between day 0 and the last day", field="planned", reason="range")
    given = {
        (int(p), int(w), int(k)): float(v)
        for p, w, k, v in zip(points, planned.partner, planned.kind, planned.value, strict=True)
    }
    for p, w, k, v in zip(when, who, kind, value, strict=True):
        given.setdefault((int(p), int(w), int(k)), float(v))
    keys = sorted(given, key=lambda key: key[0])
    table = np.array(keys, dtype=np.int64).reshape(-1, 3)
    return (
        table[:, 0],
        table[:, 1].astype(np.int8),
        table[:, 2].astype(np.int8),
        np.array([given[key] for key in keys], dtype=np.float64),
    )


def population(n: int, *, seed: int = 0, priors: Priors = PRIORS) -> list[Parameters]:
    """``n`` made-up couples drawn from the priors; the same seed gives the same couples."""
    if n < 0:
        raise BadInput("a population has no fewer than 0 couples", field="n", reason="range")
    mean, sd = prior_arrays(priors)
    z = mean + sd * np.random.default_rng(seed).standard_normal((n, SIZE))
    return [named(row) for row in natural(z)]
