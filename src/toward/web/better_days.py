"""What goes together with better days, as words and small pictures: a band on a line from harder to easier.

Numbers become words at the nearest half step, since nobody feels a tenth of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toward.growth import Effect

Size = Literal[
    "harder_more",
    "harder_step",
    "harder_half",
    "harder_little",
    "same",
    "easier_little",
    "easier_half",
    "easier_step",
    "easier_more",
]
UP_TO: Final[tuple[tuple[float, Size], ...]] = (
    (-1.25, "harder_more"),
    (-0.75, "harder_step"),
    (-0.35, "harder_half"),
    (-0.1, "harder_little"),
    (0.1, "same"),
    (0.35, "easier_little"),
    (0.75, "easier_half"),
    (1.25, "easier_step"),
)
"""Below a tenth of a step nobody feels anything."""
MOST: Final = 0.5
"""Where more than half of the starting guess's doubt is gone, most of it comes from answers."""
WIDTH: Final = 320
REACH: Final = 1.5
"""Steps to either side; what goes beyond is cut there, and its words say "more than a step"."""
SIDE: Final = 8.0


class Shown(NamedTuple):
    """One practice: the keys of its words, and where its band and its middle lie in the drawing."""

    practice: str
    size: Size
    low: Size
    high: Size
    sure: Literal["some", "most"]
    left: float
    right: float
    middle: float


def size_of(steps: float) -> Size:
    """Return the word for a difference in steps.

    >>> size_of(0.0), size_of(0.5), size_of(-2.0)
    ('same', 'easier_half', 'harder_more')
    """
    return next((size for end, size in UP_TO if steps < end), "easier_more")


def shown(effects: Iterable[Effect]) -> list[Shown]:
    """Return each effect as it is shown."""
    return [
        Shown(
            one.practice,
            size_of(one.mean),
            size_of(one.low),
            size_of(one.high),
            "most" if one.learnt >= MOST else "some",
            _across(one.low),
            _across(one.high),
            _across(one.mean),
        )
        for one in effects
    ]


def _across(steps: float) -> float:
    part = (min(max(steps, -REACH), REACH) + REACH) / (2 * REACH)
    return round(SIDE + (WIDTH - 2 * SIDE) * part, 1)
