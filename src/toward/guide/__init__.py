"""From a life to the one next step: first the gates of safety, then the state of the body, then what helps these two.

Everything here suggests. Nothing here opens, sends, delays or hides: a person may have to play along with somebody who
frightens them, and a page that behaved differently would give them away.
"""

from __future__ import annotations

from toward.guide.gates import Gates, Suggestion, allowed, of_practice, withheld
from toward.guide.ladder import CONSEQUENCES, Consequence
from toward.guide.next_step import next_step
from toward.guide.reading import read_gates
from toward.guide.scene import Step
from toward.guide.suggestions import SUGGESTIONS
from toward.practices.library import Ask

__all__ = [
    "CONSEQUENCES",
    "SUGGESTIONS",
    "Ask",
    "Consequence",
    "Gates",
    "Step",
    "Suggestion",
    "allowed",
    "next_step",
    "of_practice",
    "read_gates",
    "withheld",
]
