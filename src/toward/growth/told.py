"""What the child answers: numbers about the reader's own days, and nothing about the other's."""

from __future__ import annotations

from typing import Final

import msgspec

LEARNT: Final = 0.25
"""Share of the starting guess's doubt that answers must have taken away before an effect is more than the guess.

The starting guess alone puts most practices on the good side. A quarter is where the picture of ``toward dyad show``
draws the line too; below it the guess speaks at least three times as loudly as the answers.
"""
FELT: Final = 0.1
"""Steps. Less than a tenth of one nobody feels."""


class Way(msgspec.Struct, frozen=True, array_like=True):
    """The reader's felt safety on the asked days, in steps, with standard deviations, and the change over all."""

    mean: tuple[float, ...]
    sd: tuple[float, ...]
    change: float
    change_sd: float


class Effect(msgspec.Struct, frozen=True, array_like=True):
    """The reader's next two days with a practice less those without it, in steps.

    ``low`` to ``high`` holds four in five; ``learnt`` is above ``LEARNT`` and 1 where it is all from answers.
    """

    practice: str
    mean: float
    low: float
    high: float
    learnt: float

    @property
    def helps(self) -> bool:
        """Whether it goes together with easier days, clear of none and large enough to feel."""
        return self.mean >= FELT and self.low > 0


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """``way`` is None where the fit says nothing; ``effects`` are of practices of which something is learnt, by name.

    ``guesses`` are the others that were done: the starting guess still speaks for them, so no number is given. ``hint``
    is the practice to suggest next, if one helps. ``whole`` is False for what comes before that: a quick line from
    where the last fit came to rest, then the fit's own. ``start`` is where this fit did, for the reader's next
    question; it is for no page.
    """

    way: Way | None
    effects: tuple[Effect, ...] = ()
    guesses: tuple[str, ...] = ()
    hint: str = ""
    whole: bool = True
    start: tuple[float, ...] = ()
