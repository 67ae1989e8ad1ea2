"""Where the two may go from here, with what is not known of them, of chance and of their days, all in the band."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.dyad.events import BOTH, CODES, Journal, present, span_days
from toward.dyad.params import named
from toward.dyad.plan import rate_array
from toward.dyad.simulation import GRID_PER_DAY, HABITS, Habits, extra_array, kernel_theta, live, schedule
from toward.errors import BadInput

if TYPE_CHECKING:
    from toward.dyad.estimate import Fit

MOST_DAYS: Final = 365.0
#: Days of journal that speak as loudly about habits as the typical couple's do.
HABIT_DAYS: Final = 7.0
_RATES: Final = {
    "bid": "bids",
    "conflict": "conflicts",
    "softening": "softenings",
    "touch": "touches",
    "voice": "voices",
    "harshness": "harshnesses",
    "life_event": "life_events",
}


class Forecast(NamedTuple):
    """Felt safety over the coming days, every six hours.

    ``time_days`` float64[n] from now; ``mean``, ``low80``, ``high80``, ``low95``, ``high95`` float64[n, 2] of a and b;
    ``trapped`` float64[n], the share of futures in which both look threatened. After an act that frightened there is
    no forecast: arrays of no rows, and ``why`` is ``fear``.
    """

    time_days: NDArray[np.float64]
    mean: NDArray[np.float64]
    low80: NDArray[np.float64]
    high80: NDArray[np.float64]
    low95: NDArray[np.float64]
    high95: NDArray[np.float64]
    trapped: NDArray[np.float64]
    why: str


def frightened(journal: Journal) -> bool:
    """Whether the journal holds an act that frightened."""
    return bool(((journal.kind == CODES["frightening"]) & (journal.value > 0)).any())


def habits_of(journal: Journal, typical: Habits = HABITS) -> Habits:
    """How often things happen to this couple, a day: their own count, and the typical couple's for a week of days."""
    journal = present(journal)
    days = span_days(journal)
    rates = {}
    for kind, habit in _RATES.items():
        count = float((journal.kind == CODES[kind]).sum()) / (2.0 if kind == "bid" else 1.0)
        rates[habit] = (count + HABIT_DAYS * getattr(typical, habit)) / (days + HABIT_DAYS)
    for who, habit in ((0, "practices_a"), (1, "practices_b")):
        own = (journal.kind == CODES["practice"]) & ((journal.partner == who) | (journal.partner == BOTH))
        rates[habit] = float(own.sum()) / (days + HABIT_DAYS)
    quiet = {"checkins": 0, "theres": 0.0, "moveds": 0.0, "marks": 0.0, "rungs": 0.0, "hearts": 0.0}
    return typical._replace(**rates, **quiet)  # type: ignore[arg-type]


def futures(
    fit: Fit,
    *,
    days: float,
    planned: Journal | None = None,
    habits: Habits | None = None,
    seed: int = 0,
    most: int = 200,
) -> NDArray[np.float64]:
    """Lives from now, one per draw of the posterior: float64[draws, steps + 1, 2], on the half-hour grid.

    The same seed gives the same luck whatever is planned (common random numbers).
    """
    if not (math.isfinite(days) and 0 < days <= MOST_DAYS):
        raise BadInput(f"days = {days:g}; from above 0 to {MOST_DAYS:g}", field="days", reason="range")
    steps = max(1, round(days * GRID_PER_DAY))
    usual = habits_of(fit.journal) if habits is None else habits
    constants = fit.plan.constants
    rates = rate_array(constants)
    root = np.linalg.cholesky(fit.covariance_now + 1e-12 * np.eye(2))
    now = np.array([fit.state.a.mean, fit.state.b.mean])
    draws = fit.draws[np.linspace(0, fit.draws.shape[0] - 1, min(most, fit.draws.shape[0])).astype(np.int64)]
    thetas = kernel_theta(draws)
    lives = np.empty((draws.shape[0], steps + 1, 2))
    for n, theta in enumerate(thetas):
        luck = np.random.default_rng((seed, n))
        x = now + root @ luck.standard_normal(2)
        noise = luck.standard_normal((steps, 2))
        events = schedule(luck, usual, steps, planned)
        extra = extra_array(named(draws[n]), constants, None)
        lives[n] = live(x, theta, events, noise, fit.plan.aside.copy(), extra, rates, constants)
    return lives


def forecast(
    fit: Fit, *, days: float = 14.0, planned: Journal | None = None, habits: Habits | None = None, seed: int = 0
) -> Forecast:
    """Forecast both over ``days`` days (up to a year), with ``planned`` practices (times from now) in it.

    Chance events go on as often as in the journal (``habits`` to say otherwise). The band holds what is not known of
    the parameters, of now, of luck and of events; it is of felt safety itself, not of the next check-in's noise.

    What it cannot tell: that a planned practice will be done, and anything that never happened before. Raises
    ``BadInput`` for days or plans outside their range.
    """
    if frightened(fit.journal):
        none = np.empty((0, 2))
        return Forecast(np.empty(0), none, none, none, none, none, np.empty(0), "fear")
    lives = futures(fit, days=days, planned=planned, habits=habits, seed=seed)[:, :: GRID_PER_DAY // 4]
    low95, low80, high80, high95 = np.quantile(lives, [0.025, 0.1, 0.9, 0.975], axis=0)
    at = fit.plan.constants.threat_at
    return Forecast(
        np.arange(lives.shape[1]) / 4.0,
        lives.mean(axis=0),
        low80,
        high80,
        low95,
        high95,
        (lives.max(axis=2) < at).mean(axis=0),
        "",
    )
