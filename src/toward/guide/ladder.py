"""The ladder of protest: what follows from the rung on which somebody finds themselves.

Only two rungs change what is suggested by themselves: the one that frightens other people and the one that endangers
oneself. The others say something about the body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toward.journal.kinds import Rung

Consequence = Literal["none", "settle", "stop", "crisis", "move"]

CONSEQUENCES: Final[Mapping[Rung, Consequence]] = {
    "ask": "none",
    "complain": "none",
    "anger": "settle",
    "desperate": "settle",
    "coerce": "stop",
    "despair": "crisis",
    "shut": "move",
}
"""In the order of the ladder. "stop": settle alone, and who helps to stop. "crisis": care, and who to call."""
