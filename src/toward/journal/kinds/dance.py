"""The dance of two: each one's half, kept alone and shared by choice, its name, and the ways out that were found.

What somebody guesses about the other has a field in the private half and none in the shared one: there is no way for it
to leave.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from toward.journal.kinds.base import Kind, Line, Space, Words
from toward.journal.kinds.within import Fear, Reaction

Part = Literal["do", "cue", "tells", "shows", "body", "soft", "fear", "long"]
"""The parts of a half, in the order in which they are found. What one does and fears can be chosen, too."""
Reactions = Annotated[tuple[Reaction, ...], Meta(max_length=8)]
Fears = Annotated[tuple[Fear, ...], Meta(max_length=5)]


class _Half(Kind, frozen=True, kw_only=True):
    """One half, from what shows to what is longed for."""

    reactions: Reactions = ()
    do: Words = ""
    cue: Words = ""
    tells: Words = ""
    shows: Words = ""
    body: Words = ""
    soft: Words = ""
    fears: Fears = ()
    fear: Words = ""
    long: Words = ""


class DanceHalf(_Half, frozen=True, kw_only=True, tag="dance_half"):
    """One's own half as it stands; each time it is kept is a version of its own, and all of them stay.

    ``guess`` is what its writer guesses about the other; ``name`` what they call the dance. ``frightens`` says that
    they frighten, force or hurt: kept for its writer alone, since that is no part of a dance.
    """

    SPACE: ClassVar[Space] = "private"
    frightens: bool = False
    guess: Words = ""
    name: Line = ""


class DanceShared(_Half, frozen=True, kw_only=True, tag="dance_shared"):
    """What its author chose to show of their half; the latest stands, the earlier ones stay."""

    SPACE: ClassVar[Space] = "shared"


class DanceTakenBack(Kind, frozen=True, kw_only=True, tag="dance_taken_back"):
    """Its author took their half out of the picture; it closes for both."""

    SPACE: ClassVar[Space] = "shared"


class DanceNamed(Kind, frozen=True, kw_only=True, tag="dance_named"):
    """What the two call it. Either may, and the latest name stands."""

    SPACE: ClassVar[Space] = "shared"
    name: Line


class DanceExit(Kind, frozen=True, kw_only=True, tag="dance_exit"):
    """A way out that one of them found and shows to both. It says nothing of when, or how often."""

    SPACE: ClassVar[Space] = "shared"
    words: Line


class DanceMoment(Kind, frozen=True, kw_only=True, tag="dance_moment"):
    """A moment tagged to the dance: it happened, or a way out was found. Nothing ever counts the first."""

    SPACE: ClassVar[Space] = "private"
    what: Literal["happened", "exit"]
    words: Line = ""
