"""Two pictures that are kept apart: what feels close, and what has been shown. All of it private, and none counted.

A strong feeling of closeness is real and learned, and says nothing about who can be trusted; what has been shown says
nothing about how close it feels. So no kind here holds both. What the two agreed is shared and lies in ``ours``; what
did not come of it stays with whoever felt it, here.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from toward.journal.kinds.base import Day, Id, Kind, Line, Space, Words

Source = Literal["touch", "play", "meal", "message", "friends", "group", "pet", "own"]
Feeling = Literal["close", "light", "calm", "mixed", "empty", "uneasy"]
SignOf = Literal["truth", "no", "friends", "money", "phone"]


class Connection(Kind, frozen=True, kw_only=True, tag="connection"):
    """An everyday source of connection, on a day: planned, or there, and then how it felt.

    ``plan`` is the planned one that came to be.
    """

    SPACE: ClassVar[Space] = "private"
    source: Source
    day: Day
    words: Line = ""
    planned: bool = False
    felt: Feeling | None = None
    plan: Id | None = None


class NotCome(Kind, frozen=True, kw_only=True, tag="not_come"):
    """What was waited for and did not come, for whoever felt it. ``agreement`` is what it was, if it was agreed."""

    SPACE: ClassVar[Space] = "private"
    agreement: Id | None = None
    words: Words = ""
    day: Day


class Sign(Kind, frozen=True, kw_only=True, tag="sign"):
    """A sign noted: truth when it cost, a no that was respected, friends, money or phone that stay one's own.

    ``so`` is whether it was so, or was not.
    """

    SPACE: ClassVar[Space] = "private"
    of: SignOf
    so: bool
    words: Words = ""
    day: Day


class Frightened(Kind, frozen=True, kw_only=True, tag="frightened"):
    """Something that somebody did was frightening. Nothing that is kept, repaired or noted later cancels it."""

    SPACE: ClassVar[Space] = "private"
    words: Words = ""
    day: Day
