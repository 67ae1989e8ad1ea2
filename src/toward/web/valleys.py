"""Two made-up people in a landscape with two valleys: the model of two at its smallest, to play with.

The couple is the prototype's of ``docs/model.md``, without chance: what happens in each step is what is to be expected.
Plain arithmetic, because a page needs a dozen weeks of it and no compiler; tests hold it to ``toward.dyad``, and
``static/js/valleys.js`` to it.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

HOME: Final = (5.0, 4.8)
RATE: Final = (1.0, 0.95)
THREAT: Final = (2.9, 2.7)
TOGETHER: Final = 0.35
"""The prototype's couple: where each comes back to (steps), how fast (a day), the other's threat (steps a day), and
how much each is drawn to where the other is (a day)."""
SOFTER: Final = (0.6, 0.55)
"""A softer word: what it lifts (steps), and the shield it leaves, which fades in three days."""
SITTING: Final = 0.035
MET: Final = 0.35
HAND: Final = 0.4
BAD_DAY: Final = 1.0
FADES_DAYS: Final = {"shield": 3.0, "inner": 30.0, "hand": 0.5}
STEP_DAYS: Final = 0.02
FAR: Final = (2.16, 2.07)
CLOSE: Final = (4.85, 4.73)
PASS: Final = 3.5
GRID: Final = tuple(1.2 + 0.08 * i for i in range(61))


class Two(NamedTuple):
    """How it is: felt safety of each (1 to 7), shields (0 to 1), and what goes on: reaches a day, sittings a day."""

    one: float
    other: float
    shield: float = 0.0
    inner: float = 0.0
    hand: float = 0.0
    reaches: float = 0.0
    sits: float = 0.0
    reach_days: float = 0.0
    sit_days: float = 0.0


def threat(x: float) -> float:
    """How much somebody who feels so safe looks like a threat, 0 to 1 (Gottman and Murray's ojive)."""
    return 1 / (1 + math.exp((x - 3.5) / 0.4))


def hears(x: float) -> float:
    """How much warmth somebody who feels so safe can take in, 0 to 1."""
    return 1 / (1 + math.exp((2.8 - x) / 0.35))


def meets(x: float) -> float:
    """The chance that somebody who feels so safe turns toward a reach."""
    return 1 / (1 + math.exp(-(0.95 + 0.9 * (x - 4))))


def drift(two: Two) -> tuple[float, float]:
    """Steps a day in which both move by themselves."""
    guard = (1 - two.shield) * (1 - two.hand)
    one = RATE[0] * (HOME[0] - two.one) + TOGETHER * (two.other - two.one)
    other = RATE[1] * (HOME[1] - two.other) + TOGETHER * (two.one - two.other)
    return (
        one - THREAT[0] * guard * (1 - two.inner) * threat(two.other),
        other - THREAT[1] * guard * threat(two.one),
    )


def step(two: Two) -> Two:
    """A fiftieth of a day later."""
    days = STEP_DAYS
    one, other = drift(two)
    reaches = two.reaches if two.reach_days > 0 else 0.0
    sits = two.sits if two.sit_days > 0 else 0.0
    met = meets(two.other)
    one += reaches * (met * MET * hears(two.one) - (1 - met) * MET)
    other += reaches * met * MET / 2 * hears(two.other)
    inner = min(0.7, two.inner + sits * SITTING * days)
    return two._replace(
        one=min(7.0, max(1.0, two.one + one * days)),
        other=min(7.0, max(1.0, two.other + other * days)),
        shield=two.shield * math.exp(-days / FADES_DAYS["shield"]),
        inner=inner * math.exp(-days / FADES_DAYS["inner"]),
        hand=two.hand * math.exp(-days / FADES_DAYS["hand"]),
        reach_days=max(0.0, two.reach_days - days),
        sit_days=max(0.0, two.sit_days - days),
    )


def press(two: Two) -> Two:
    """One of them reaches three times a day, for a week."""
    return two._replace(reaches=3.0, reach_days=7.0)


def soften(two: Two) -> Two:
    """One says the softer thing."""
    lift, shield = SOFTER
    return two._replace(
        one=min(7.0, two.one + lift), other=min(7.0, two.other + lift), shield=two.shield + shield * (1 - two.shield)
    )


def hold(two: Two) -> Two:
    """They hold hands."""
    return two._replace(hand=max(two.hand, HAND))


def practise(two: Two) -> Two:
    """One of them sits alone each day, for three weeks."""
    return two._replace(sits=1.0, sit_days=21.0)


def shake(two: Two) -> Two:
    """A bad day comes from outside; a held hand takes a part of it."""
    blow = BAD_DAY * (1 - two.hand)
    return two._replace(one=max(1.0, two.one - blow), other=max(1.0, two.other - blow))


ACTS: Final[dict[str, Callable[[Two], Two]]] = {
    "press": press,
    "soften": soften,
    "hold": hold,
    "practise": practise,
    "shake": shake,
}
"""What a visitor can do, by the name of its button."""


def later(two: Two, days: float) -> Two:
    """So many days on."""
    for _ in range(round(days / STEP_DAYS)):
        two = step(two)
    return two


def heights(two: Two) -> list[float]:
    """The landscape along which both feel equally safe: its height at each point of ``GRID``; they roll down."""
    found, total = [], 0.0
    slopes = [sum(drift(two._replace(one=x, other=x))) / 2 for x in GRID]
    for before, after in zip([slopes[0], *slopes], slopes, strict=False):
        total -= (before + after) / 2 * (GRID[1] - GRID[0])
        found.append(total)
    lowest = min(found)
    return [height - lowest for height in found]


class Scene(NamedTuple):
    """One picture of the series: what is done from where, and where the two are in the end."""

    key: str
    before: Two
    after: Two
    land: Two
    """For the shape of the landscape: with what was done still in force."""


def _scene(key: str, start: tuple[float, float], days: float, *acts: Callable[[Two], Two]) -> Scene:
    before = Two(*start)
    now = before
    for act in acts:
        now = act(now)
    return Scene(key, before, later(now, days), now)


def _storm(two: Two) -> Two:
    for _ in range(3):
        two = later(shake(two), 0.5)
    return two


def _storm_held(two: Two) -> Two:
    for _ in range(3):
        two = later(shake(hold(two)), 0.5)
    return two


@cache
def series() -> tuple[Scene, ...]:
    """Return the pictures for whoever reads rather than plays, in their order."""
    practised = later(practise(Two(*FAR)), 21)
    alone = Scene("practise", Two(*FAR), later(practised, 14), practised)
    return (
        _scene("far", FAR, 14),
        _scene("press", FAR, 7, press),
        _scene("soften", FAR, 14, soften),
        alone,
        _scene("shake", CLOSE, 7, shake),
        _scene("storm", CLOSE, 14, _storm),
        _scene("hand", CLOSE, 14, _storm_held),
    )
