"""What differs between couples (parameters, with priors) and what is taken as the same for all (constants).

Parameters live on their natural scale in ``Parameters``; priors and fits live on an unconstrained scale:

=========  ==========================  ============================
transform  natural from unconstrained  used for
=========  ==========================  ============================
identity   z                           set points, answering, psi
log        exp(z)                      rates, jumps, noises
tanh       tanh(z)                     the correlation r
logit      1 / (1 + exp(-z))           positions, the touch factor
=========  ==========================  ============================

The prior means and widths are those of the design's table (set by simulation, not by data on people: there is no
public diary of dyadic felt safety); those of touch, life events, ease, heart, need and the direct questions are weak
and are marked in ``PRIORS``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from toward.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

Transform = Literal["identity", "log", "tanh", "logit"]


class Parameters(NamedTuple):
    """One couple, on the natural scale. Names ending in ``_a`` and ``_b`` are of one partner, the rest of the two.

    Units: x is felt safety in check-in steps, t in days.
    """

    m_a: float = 4.8  #: set point, steps
    m_b: float = 4.8
    l_a: float = 0.8  #: pull back to the set point, per day
    l_b: float = 0.8
    s_a: float = 0.8  #: day-to-day noise, steps per square root of a day
    s_b: float = 0.8
    gw_a: float = 1.2  #: how strongly a partner who pulls away is felt as a threat, steps per day
    gw_b: float = 1.2
    gp_a: float = 1.2  #: how strongly a partner who presses is felt as a threat, steps per day
    gp_b: float = 1.2
    e_a: float = 0.6  #: noise of one check-in, steps
    e_b: float = 0.6
    c_a: float = 0.95  #: log odds of turning toward a bid at x = 4
    c_b: float = 0.95
    a_a: float = 0.5  #: position: 1 reaches and presses, 0 pulls away
    a_b: float = 0.5
    k: float = 0.35  #: co-regulation while together, per day
    r: float = 0.2  #: correlation of the two noises
    jc: float = 0.7  #: a usual conflict lowers both, steps
    jt: float = 0.35  #: a bid turned toward raises the asker, steps (times the hearing gate)
    ja: float = 0.35  #: a missed bid lowers the asker, steps
    js: float = 0.6  #: a softening raises both, steps
    d: float = 0.9  #: log odds of turning toward per step of own felt safety
    life: float = 0.5  #: one mark of a life event, steps
    ease: float = 0.5  #: learned ease gained since the start moves the set point, steps
    touch: float = 0.4  #: share of a threat that full learned ease of touch takes away
    psi: float = 0.15  #: loading of the heart at rest, own standard deviations per step
    q: float = 1.0  #: how much "my partner was there" says about the threat felt, days per step
    need: float = 1.0  #: unanswered need that one missed bid leaves


class Prior(NamedTuple):
    """A normal prior on the unconstrained scale of one parameter."""

    transform: Transform
    mean: float
    sd: float


class Priors(NamedTuple):
    """A prior per name: names of one partner share theirs (``m`` speaks for ``m_a`` and ``m_b``)."""

    m: Prior = Prior("identity", 4.8, 0.8)
    l: Prior = Prior("log", math.log(0.8), 0.4)  # noqa: E741 - the letter of the equation
    s: Prior = Prior("log", math.log(0.8), 0.35)
    gw: Prior = Prior("log", math.log(1.2), 0.6)
    gp: Prior = Prior("log", math.log(1.2), 0.6)
    e: Prior = Prior("log", math.log(0.6), 0.3)
    c: Prior = Prior("identity", 0.95, 0.7)
    a: Prior = Prior("logit", 0.0, 1.0)
    k: Prior = Prior("log", math.log(0.35), 0.6)
    r: Prior = Prior("tanh", 0.2, 0.2)
    jc: Prior = Prior("log", math.log(0.7), 0.5)
    jt: Prior = Prior("log", math.log(0.35), 0.5)
    ja: Prior = Prior("log", math.log(0.35), 0.5)
    js: Prior = Prior("log", math.log(0.6), 0.6)
    d: Prior = Prior("identity", 0.9, 0.4)
    # Not in the design's table; weak, and the data of a few weeks hardly move them.
    life: Prior = Prior("log", math.log(0.5), 0.5)
    ease: Prior = Prior("log", math.log(0.5), 0.5)
    touch: Prior = Prior("logit", -0.4, 0.6)
    psi: Prior = Prior("identity", 0.15, 0.05)
    q: Prior = Prior("log", 0.0, 0.3)
    need: Prior = Prior("log", 0.0, 0.4)


class Constants(NamedTuple):
    """What the model takes as the same for everybody."""

    threat_at: float = 3.5  #: a partner below this looks threatened (half point of h)
    threat_width: float = 0.4
    hears_at: float = 2.8  #: below this warmth hardly lands (half point of g)
    hears_width: float = 0.35
    softening_days: float = 3.0  #: decay of the shield S
    softening_gain: float = 0.55
    practice_days: float = 30.0  #: decay of inner safety N
    practice_gain: float = 0.035
    practice_cap: float = 0.7
    need_days: float = 0.5  #: decay of unanswered need: 12 h in a diary (1/24 in a session)
    touch_days: float = 0.125  #: how long a held hand still protects (3 h)
    learning: float = 0.06  #: step of learned ease at one contact
    ease_start: float = 0.5  #: learned ease at the first entry; 0 is a stranger
    trust_keep: float = 0.98  #: what a day leaves of old evidence for trust
    x_start: float = 4.2  #: before the first answer
    x_start_sd: float = 1.3
    there_odds: float = 2.2  #: log odds of "my partner was there" when the partner is open
    mark_weight: float = 6.0  #: Beta-binomial concentration: marks come in clusters, twenty are not twenty times one
    moved_weight: float = 12.0
    rung_width: float = 0.5
    rungs: tuple[float, ...] = (0.5, 1.0, 1.75, 2.5, 3.5, 4.5)  #: ordered cuts on u
    against_share: float = 0.25  #: of the bids that are not met, simulation only
    room_low: float = 1.5  #: falls land less the nearer x is to the scale's end (half point) ...
    room_high: float = 6.5  #: ... and so do lifts
    room_width: float = 0.35
    low: float = 1.0  #: the scale's ends, where a spring holds x
    high: float = 7.0
    stiff: float = 1.5  #: that spring, per day; 0 switches it off
    slip: float = 1e-4  #: share of check-ins that are any step at all
    step_days: float = 1.0 / 6.0  #: longest step of the filter's moment equations


NAMES: Final = Parameters._fields
SIZE: Final = len(NAMES)
INDEX: Final = {name: index for index, name in enumerate(NAMES)}
PRIORS: Final = Priors()
CONSTANTS: Final = Constants()
TYPICAL: Final = Parameters()


def _root(name: str) -> str:
    return name.removesuffix("_a").removesuffix("_b")


ROOTS: Final = tuple(_root(name) for name in NAMES)
TRANSFORMS: Final = tuple(getattr(PRIORS, root).transform for root in ROOTS)
_LOG: Final = np.array([transform == "log" for transform in TRANSFORMS])
_TANH: Final = np.array([transform == "tanh" for transform in TRANSFORMS])
_LOGIT: Final = np.array([transform == "logit" for transform in TRANSFORMS])
#: Log rates beyond this are no couple; the bound keeps every likelihood finite.
FARTHEST: Final = 6.0


def prior_arrays(priors: Priors) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Means and standard deviations, float64[P] each, in the order of ``Parameters``.

    Raises ``BadInput`` where a prior's transform is not its parameter's, or its width is not above 0.
    """
    for root, given in priors._asdict().items():
        if given.transform != getattr(PRIORS, root).transform:
            raise BadInput(
                f"the prior of {root} must be on the {getattr(PRIORS, root).transform} scale",
                field=root,
                reason="scale",
            )
        if not (math.isfinite(given.mean) and math.isfinite(given.sd) and given.sd > 0):
            raise BadInput(f"the prior of {root} needs a finite mean and a width above 0", field=root, reason="width")
    rows = [getattr(priors, root) for root in ROOTS]
    return np.array([row.mean for row in rows]), np.array([row.sd for row in rows])


def natural(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Natural scale of unconstrained ``z`` [..., P]."""
    out = z.copy()
    out[..., _LOG] = np.exp(z[..., _LOG])
    out[..., _TANH] = np.tanh(z[..., _TANH])
    out[..., _LOGIT] = 1.0 / (1.0 + np.exp(-z[..., _LOGIT]))
    return out


def slope(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Derivative of ``natural`` at ``z`` [..., P]."""
    out = np.ones_like(z)
    out[..., _LOG] = np.exp(z[..., _LOG])
    out[..., _TANH] = 1.0 - np.tanh(z[..., _TANH]) ** 2
    p = 1.0 / (1.0 + np.exp(-z[..., _LOGIT]))
    out[..., _LOGIT] = p * (1.0 - p)
    return out


def unconstrained(parameters: Parameters) -> NDArray[np.float64]:
    """Unconstrained float64[P] of a couple. Raises ``BadInput`` where a value is outside its parameter's range."""
    values = np.array(parameters, dtype=np.float64)
    for name, transform, value in zip(NAMES, TRANSFORMS, values, strict=True):
        allowed = {"identity": True, "log": value > 0, "tanh": abs(value) < 1, "logit": 0 < value < 1}[transform]
        if not (math.isfinite(value) and allowed):
            raise BadInput(f"{name} = {value:g} is outside its range", field=name, reason="range")
    out = values.copy()
    out[_LOG] = np.log(values[_LOG])
    out[_TANH] = np.arctanh(values[_TANH])
    out[_LOGIT] = np.log(values[_LOGIT] / (1.0 - values[_LOGIT]))
    return out


def checked(parameters: Parameters) -> NDArray[np.float64]:
    """Natural float64[P] of a couple for a kernel; rates and gains may be exactly 0 here (a part switched off).

    Raises ``BadInput`` for a value that is not finite or has the wrong sign.
    """
    values = np.array(parameters, dtype=np.float64)
    low = np.where(_LOG | _LOGIT, 0.0, np.where(_TANH, -1.0, -np.inf))
    high = np.where(_LOGIT | _TANH, 1.0, np.inf)
    wrong = ~(np.isfinite(values) & (values >= low) & (values <= high))
    for name in ("e_a", "e_b"):
        wrong[INDEX[name]] |= values[INDEX[name]] <= 0
    if wrong.any():
        name = NAMES[int(np.argmax(wrong))]
        raise BadInput(f"{name} = {values[INDEX[name]]:g} is outside its range", field=name, reason="range")
    return values


def named(values: NDArray[np.float64]) -> Parameters:
    """A natural float64[P] as ``Parameters``."""
    return Parameters(*(float(value) for value in values))


def mirrored(parameters: Parameters) -> Parameters:
    """The same couple with the partners' names exchanged."""
    other = {"_a": "_b", "_b": "_a"}
    return Parameters(**{name: getattr(parameters, name[:-2] + other.get(name[-2:], name[-2:])) for name in NAMES})


def replaced(priors: Priors, changes: Mapping[str, Prior]) -> Priors:
    """``priors`` with some exchanged by name."""
    return priors._replace(**changes)
