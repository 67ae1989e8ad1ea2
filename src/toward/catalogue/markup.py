"""The two marks that a text may carry, as data: ``*emphasis*`` and a line break.

The marks are read before the gaps are filled. A partner who calls themself ``*Lin*`` stays ``*Lin*``: nobody's own
words are ever taken for markup.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_EMPHASIS = re.compile(r"\*([^*\n]+)\*")


class Span(NamedTuple):
    """A run of text, emphasised or not."""

    text: str
    strong: bool


def spans(text: str) -> tuple[tuple[Span, ...], ...]:
    """Split *text* into lines of spans; neighbouring spans differ in emphasis and none is empty.

    >>> spans("You are *not* alone.")
    ((Span(text='You are ', strong=False), Span(text='not', strong=True), Span(text=' alone.', strong=False)),)
    """
    return tuple(_line(line) for line in text.split("\n"))


def plain(text: str) -> str:
    """Return *text* without its marks of emphasis.

    >>> plain("You are *not* alone.")
    'You are not alone.'
    """
    return _EMPHASIS.sub(r"\1", text)


def _line(line: str) -> tuple[Span, ...]:
    pieces = _EMPHASIS.split(line)  # odd pieces are what stood between the stars
    return tuple(Span(piece, strong=bool(place % 2)) for place, piece in enumerate(pieces) if piece)
