"""The hard gates: what is not suggested to somebody, whatever else speaks for it.

A gate changes suggestions only. It never changes what opens, what is sent, what arrives or what a page can do: whoever
lives with somebody who frightens them may have to play along, and must be able to.

    >>> from toward.guide.suggestions import SUGGESTIONS
    >>> allowed(SUGGESTIONS["reach"], Gates(afraid=True))
    False
    >>> allowed(SUGGESTIONS["own_care"], Gates(afraid=True))
    True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from toward.practices.library import Ask

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toward.practices.library import Practice

Place = Literal["now", "settle", "turn", "within", "ours", "safety"]


class Gates(NamedTuple):
    """What holds for one person now.

    ``afraid``: they are afraid of their partner, or controlled. ``coercing``: they frighten or force. ``despair``: they
    have lost hope. ``shut`` and ``revved``: their body. ``paused``: a pause runs. ``partner_open``: there is a partner
    here to turn to.
    """

    afraid: bool = False
    coercing: bool = False
    despair: bool = False
    shut: bool = False
    revved: bool = False
    paused: bool = False
    partner_open: bool = True


class Suggestion(NamedTuple):
    """Something that could be suggested, and what it asks of a person.

    ``long_breath``: it is done with slow, long breaths. ``partner``: it makes no sense without one.
    """

    id: str
    place: Place
    asks: frozenset[Ask] = frozenset()
    long_breath: bool = False
    partner: bool = False


_TOWARD: Final[frozenset[Ask]] = frozenset({"tenderness", "disclosure", "joint", "confront"})

WITHHELD: Final[Mapping[str, frozenset[Ask]]] = {
    # Tenderness toward, or truth told to, somebody who frightens you can cost you dearly.
    "afraid": _TOWARD,
    # The way to stop is alone. Reaching would put the work of it on whoever was frightened.
    "coercing": _TOWARD,
    # Too heavy for a practice, and not to be laid on a partner by a program.
    "despair": _TOWARD,
    # A pause means that nobody follows.
    "paused": _TOWARD,
    # First alone: words said in alarm are heard as alarm.
    "revved": _TOWARD,
    # Quiet company is good; being asked to speak or feel is too much.
    "shut": frozenset({"tenderness", "disclosure", "confront"}),
}


def withheld(gates: Gates) -> frozenset[Ask]:
    """Return what nothing suggested now may ask; ``practices.library.suitable`` takes it as ``without``."""
    asks: frozenset[Ask] = frozenset()
    for gate, closed in WITHHELD.items():
        if getattr(gates, gate):
            asks |= closed
    return asks


def allowed(suggestion: Suggestion, gates: Gates) -> bool:
    """Say whether something may be suggested."""
    if suggestion.asks & withheld(gates):
        return False
    if suggestion.long_breath and gates.shut:
        return False
    return gates.partner_open or not (suggestion.partner or "joint" in suggestion.asks)


def of_practice(practice: Practice) -> Suggestion:
    """Return a practice of the library as something that could be suggested."""
    return Suggestion(
        practice.id,
        practice.place,
        frozenset(practice.asks),
        long_breath=practice.long_breath,
        partner=practice.company == "together",
    )
