"""Made-up couples: what they say, do and mark over some weeks, and the felt safety that nobody sees."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.dyad.events import BOTH, CODES, KINDS, PARTNERS, Journal, check
from toward.dyad.params import (
    CONSTANTS,
    INDEX,
    TYPICAL,
    Constants,
    Parameters,
    checked,
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
    bids: float = 3.0
    conflicts: float = 0.12
    softenings: float = 0.0
    practices_a: float = 0.0
    practices_b: float = 0.0
    touches: float = 0.5
    voices: float = 0.5
    harshnesses: float = 0.02
    life_events: float = 0.05
    theres: float = 0.3
    moveds: float = 0.3
    marks: float = 0.4
    rungs: float = 0.0
    hearts: float = 0.0
    answered: float = 1.0  #: share of check-ins that are answered
    together: float = 1.0  #: share of the time that the two are together; below 1 it is told on day 0


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
    steps = max(1, round(days * GRID_PER_DAY))
    luck = np.random.default_rng(seed)
    chance = schedule(luck, habits, steps, planned)
    x = luck.normal(constants.x_start, constants.x_start_sd, 2) if start is None else np.array(start, dtype=np.float64)
    if not np.isfinite(x).all():
        raise BadInput("start must be two finite numbers", field="start", reason="finite")
    rates = rate_array(constants)
    rates[10:] = np.exp(modulators)
    aside = fresh_aside(constants)
    extra = extra_array(parameters, constants, luck)
    path = live(x, kernel_theta(values), chance, luck.standard_normal((steps, 2)), aside, extra, rates, constants)
    answered = (chance.kind != CODES["checkin"]) | (luck.random(chance.when.size) < habits.answered)
    made = Journal(
        chance.when[answered] / GRID_PER_DAY, chance.who[answered], chance.kind[answered], chance.value[answered]
    )
    return Simulation(made, np.arange(steps + 1) / GRID_PER_DAY, path, aside[8:16].reshape(2, 4), parameters)


class Schedule(NamedTuple):
    """Events on the grid, in order of time: ``when`` int64[n] points, and ``luck`` float64[n, 2] of each event."""

    when: NDArray[np.int64]
    who: NDArray[np.int8]
    kind: NDArray[np.int8]
    value: NDArray[np.float64]
    luck: NDArray[np.float64]


def live(
    x: NDArray[np.float64],
    theta: NDArray[np.float64],
    events: Schedule,
    noise: NDArray[np.float64],
    aside: NDArray[np.float64],
    extra: NDArray[np.float64],
    rates: NDArray[np.float64],
    constants: Constants,
) -> NDArray[np.float64]:
    """Unfold one life (see ``unfold``); the path float64[steps + 1, 2]. Changes ``x``, ``aside`` and open values."""
    path, fixed = np.empty((noise.shape[0] + 1, 2)), fixed_array(constants)
    when, who, kind, value, luck = events
    unfold(x, theta, 1.0 / GRID_PER_DAY, noise, when, who, kind, value, luck, aside, extra, rates, fixed, path)
    return path


def schedule(luck: np.random.Generator, habits: Habits, steps: int, planned: Journal | None = None) -> Schedule:
    """When what happens, on the grid, each partner and kind at most once a point.

    What is planned comes first at its point and replaces what chance had there. The luck of a chance event does not
    depend on the plan, so two plans can be compared under the same luck.
    """
    kind, partner, value, times = zip(*_streams(luck, habits, steps / GRID_PER_DAY), strict=True)
    stream = np.repeat(np.arange(len(times)), [one.size for one in times])
    points = np.clip(np.rint(np.concatenate(times) * GRID_PER_DAY), 0, steps).astype(np.int64)
    places = np.sort(stream * (steps + 1) + points)
    stream, when = np.divmod(places[np.diff(places, prepend=-1) > 0], steps + 1)
    who, kinds, values = np.array(partner)[stream], np.array(kind)[stream], np.array(value)[stream]
    lots = np.column_stack([luck.random(when.size), luck.standard_normal(when.size)])
    own = luck.spawn(1)[0]
    if planned is not None:
        plan = check(planned)
        points = np.rint(plan.time_days * GRID_PER_DAY).astype(np.int64)
        if points.size and (points.min() < 0 or points.max() > steps):
            raise BadInput("what is planned must lie between day 0 and the last day", field="planned", reason="range")
        when, who = np.concatenate([points, when]), np.concatenate([plan.partner, who])
        kinds, values = np.concatenate([plan.kind, kinds]), np.concatenate([plan.value, values])
        lots = np.concatenate([np.column_stack([own.random(points.size), own.standard_normal(points.size)]), lots])
    # A life event has several streams, one a mark: the first at a point stands.
    places = (when * len(PARTNERS) + who) * len(KINDS) + kinds
    if (np.diff(np.sort(places)) == 0).any():
        first = np.sort(np.unique(places, return_index=True)[1])
        when, who, kinds, values, lots = when[first], who[first], kinds[first], values[first], lots[first]
    order = np.argsort(when, kind="stable")
    return Schedule(
        when[order],
        who[order].astype(np.int8),
        kinds[order].astype(np.int8),
        values[order].astype(np.float64),
        lots[order],
    )


def _streams(
    luck: np.random.Generator, habits: Habits, days: float
) -> Iterator[tuple[int, int, float, NDArray[np.float64]]]:
    """Kind, partner, value (NaN: the two will answer) and times of each stream of events."""
    whole = np.arange(math.ceil(days))
    if habits.together < 1.0:
        yield CODES["together"], BOTH, habits.together, np.zeros(1)
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
