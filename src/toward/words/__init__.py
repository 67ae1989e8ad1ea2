"""What a message does before it goes out: which words land as attack, which open, and what may lie under them.

    >>> from toward import words
    >>> words.soften("You never listen, you only care about work").verdict
    'clear'
    >>> words.soften("I'm furious that the rent went on the card.").verdict
    'none'

Offline, explained, standard library only. It reads a text in well under a millisecond, knows English only, and is quiet
when it does not know. ``docs/words.md`` says what it was made from, how well it does and whom it may serve badly.
"""

from __future__ import annotations

from toward.words.reading import LONGEST_CHARACTERS
from toward.words.rules import DANGERS, HARSH, OPEN
from toward.words.softening import Danger, Softened, Softer, Span, Verdict, soften, strangers_view, what_to_say_of

__all__ = [
    "DANGERS",
    "HARSH",
    "LONGEST_CHARACTERS",
    "OPEN",
    "Danger",
    "Softened",
    "Softer",
    "Span",
    "Verdict",
    "soften",
    "strangers_view",
    "what_to_say_of",
]
