"""A half of the dance as a page shows it, and the figure that two halves make.

The figure is an outline that crosses itself once. Going along it tells the dance: what one does is the other's alarm,
and what the other does then is the one's. Words are broken into lines here, because nothing in SVG breaks them; what is
too long for the figure stands whole below it.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final, NamedTuple, get_args

from toward.journal.kinds.dance import DanceHalf, DanceShared, Part

if TYPE_CHECKING:
    from collections.abc import Callable

Half = DanceHalf | DanceShared

CHOSEN: Final = {"do": "reactions", "fear": "fears"}
"""The parts that are chosen as well as written; what was chosen stands first."""
PARTS: Final[tuple[Part, ...]] = get_args(Part)
LINE: Final = 16
"""So many letters fit into half of the figure on the narrowest phone."""
LINES: Final = 3


class Told(NamedTuple):
    """One part of a half in words."""

    part: str
    words: tuple[str, ...]


class Loop(NamedTuple):
    """One side of the figure: what is done above, what is felt beneath, each in lines that fit."""

    above: tuple[str, ...]
    beneath: tuple[str, ...]


def told(half: Half, t: Callable[..., str]) -> tuple[Told, ...]:
    """Return a half in words, part by part; what was left open is left out."""
    parts = ((part, _words_of(half, part, t)) for part in PARTS)
    return tuple(Told(part, said) for part, said in parts if said)


def short(half: Half, t: Callable[..., str]) -> tuple[str, str]:
    """Return what somebody does and what lies beneath, each in one short sentence; empty where nothing was said."""
    fear = half.fear or _first(half, "fear", t)
    beneath = t("dance.figure.afraid", fear=_tidy(fear)) if fear else half.soft
    return _tidy(half.do or _first(half, "do", t)), _tidy(beneath)


def loop(half: Half, t: Callable[..., str]) -> Loop:
    """Return one side of the figure."""
    above, beneath = short(half, t)
    return Loop(fit(above), fit(beneath))


def fit(text: str) -> tuple[str, ...]:
    """Return a text in at most three lines that fit; an ellipsis ends what is longer.

    >>> fit("I ask again, and louder, and then I cry and slam the kettle down")
    ('I ask again, and', 'louder, and then', 'I cry and slam …')
    """
    return tuple(textwrap.wrap(text, LINE, max_lines=LINES, placeholder=" …", break_on_hyphens=False))


def _words_of(half: Half, part: str, t: Callable[..., str]) -> tuple[str, ...]:
    own: str = getattr(half, part)
    chosen = _chosen(half, part, t)
    return (*chosen, *([own] if own else []))


def _chosen(half: Half, part: str, t: Callable[..., str]) -> tuple[str, ...]:
    names: tuple[str, ...] = getattr(half, CHOSEN[part]) if part in CHOSEN else ()
    kind = "reaction" if part == "do" else "fear"
    said = tuple(t(f"within.{kind}.{name}.short") for name in names)
    if part == "do" and isinstance(half, DanceHalf) and half.frightens:
        return (*said, t("now.rung.coerce.name"))
    return said


def _first(half: Half, part: str, t: Callable[..., str]) -> str:
    return next(iter(_chosen(half, part, t)), "")


def _tidy(text: str) -> str:
    """One line, without the full stop that a short sentence in a picture does without."""
    return " ".join(text.split()).removesuffix(".")
