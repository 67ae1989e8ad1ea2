"""The marriage equations of Gottman, Murray and colleagues, estimated as they first did it.

Each partner's next value is what they would do alone, plus a push from the other:

    a(t+1) = intercept + inertia a(t) + I(b(t))        I(z) = negative z for z < 0, positive z for z > 0

What each does alone is read off the moments in which the other is neutral; what remains is the influence, a straight
line through zero on each side. Where the two null clines cross, the couple can rest.

Source: Gottman, Murray, Swanson, Tyson and Swanson, *The Mathematics of Marriage*, MIT Press 2002; the estimates of
the R package dyad (Tara Madhyastha) come back. *Do not read more into it*: the famous predictions of divorce made
with it were never cross-validated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from toward.dyad.published.regression import series
from toward.errors import BadInput

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

NEUTRAL = 0.6
"""Codes from 0 up to this count as neutral: it is what a speaker scores who merely talks (Gottman's SPAFF weights)."""
FEWEST = 4
"""A slope needs at least this many moments on its side of neutral; otherwise it is NaN."""


class Alone(NamedTuple):
    """What one partner does while the other is neutral; ``rest`` is where that would lead."""

    inertia: float
    intercept: float
    rest: float


class Influence(NamedTuple):
    """How a partner's state pushes the other: slope while it is below and above neutral, NaN where too few moments."""

    negative: float
    positive: float


class Rest(NamedTuple):
    """A state in which both influenced null clines cross."""

    a: float
    b: float


class GottmanFit(NamedTuple):
    """Estimates of both partners. ``on_a`` is the influence that *b* has on *a*."""

    a: Alone
    b: Alone
    on_a: Influence
    on_b: Influence
    rests: tuple[Rest, ...]


def fit_gottman(a: ArrayLike, b: ArrayLike, *, neutral: float = NEUTRAL) -> GottmanFit:
    """Estimate both partners' equations from two equally spaced series of coded affect, shape (n,) each.

    Values are rounded to whole codes first, as the published estimates were; gaps (NaN) are left out pair by pair.
    Raises ``BadInput`` where a partner is never neutral, or does not move while the other is.

    >>> import numpy as np
    >>> noise = np.random.default_rng(1)
    >>> a, b = np.cumsum(noise.normal(size=(2, 300)), axis=1) / 2
    >>> 0.5 < fit_gottman(a, b).a.inertia < 1.1
    True
    """
    codes_a, codes_b = (_codes(values, neutral) for values in series(a, b))
    alone_a, alone_b = _alone(codes_a, codes_b, "a"), _alone(codes_b, codes_a, "b")
    on_a, on_b = _influence(codes_a, codes_b, alone_a), _influence(codes_b, codes_a, alone_b)
    return GottmanFit(alone_a, alone_b, on_a, on_b, _rests(alone_a, alone_b, on_a, on_b))


def _codes(values: NDArray[np.float64], neutral: float) -> NDArray[np.float64]:
    plain = np.where((values >= 0) & (values <= neutral), 0.0, values)
    return np.round(plain).astype(np.float64)


def _alone(own: NDArray[np.float64], other: NDArray[np.float64], name: str) -> Alone:
    pairs = (other[:-1] == 0) & np.isfinite(own[:-1]) & np.isfinite(own[1:])
    now, following = own[:-1][pairs], own[1:][pairs]
    if now.size < FEWEST or np.ptp(now) == 0:
        raise BadInput(
            f"partner {name} moves too little while the other is neutral to tell what {name} does alone", field="values"
        )
    centred = now - now.mean()
    inertia = float(centred @ following / (centred @ centred))
    intercept = float(following.mean() - inertia * now.mean())
    return Alone(inertia, intercept, intercept / (1 - inertia) if inertia != 1 else float("nan"))


def _influence(own: NDArray[np.float64], other: NDArray[np.float64], alone: Alone) -> Influence:
    push = own[1:] - alone.inertia * own[:-1] - alone.intercept
    state = other[:-1]

    def slope(side: NDArray[np.bool_]) -> float:
        here = side & np.isfinite(push)
        return float(state[here] @ push[here] / (state[here] @ state[here])) if here.sum() >= FEWEST else float("nan")

    return Influence(slope(state < 0), slope(state > 0))


def _rests(alone_a: Alone, alone_b: Alone, on_a: Influence, on_b: Influence) -> tuple[Rest, ...]:
    """Solve the two straight null clines in each quadrant; keep the crossings that lie in their own."""
    found = []
    for sign_a, push_b in ((-1, on_b.negative), (1, on_b.positive)):
        for sign_b, push_a in ((-1, on_a.negative), (1, on_a.positive)):
            matrix = np.array([[1 - alone_a.inertia, -push_a], [-push_b, 1 - alone_b.inertia]])
            if not np.isfinite(matrix).all() or np.linalg.det(matrix) == 0:
                continue
            a, b = np.linalg.solve(matrix, [alone_a.intercept, alone_b.intercept])
            if a * sign_a > 0 and b * sign_b > 0:
                found.append(Rest(float(a), float(b)))
    return tuple(found)
