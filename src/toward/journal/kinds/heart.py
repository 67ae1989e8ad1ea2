"""What is left of a heart that was heard in a live session: a line about it, for its own person alone."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from toward.journal.kinds.base import Kind, Minutes, Space

Verdict = Literal["above", "chance", "little"]
Change = Annotated[float, Meta(ge=-200, le=200)]


class HeartHeard(Kind, frozen=True, kw_only=True, tag="heart"):
    """One session's heart. Figures are None where too little was heard to say them.

    ``heard``: the share of the time that could be trusted. ``slowed`` and ``they_slowed``: beats a minute from the
    first minute to the last, the other's only if both wanted both hearts seen. ``together``: whether the two moved
    together more than chance would have it, and when: each of ``moved_from`` has its ``moved_to``, in minutes from the
    start. ``beats_ms``: the beats themselves since the first one, kept only where the person asked for that.
    """

    SPACE: ClassVar[Space] = "private"
    source: Literal["strap", "camera"]
    minutes: Minutes
    heard: Annotated[float, Meta(ge=0, le=1)]
    slowed: Change | None = None
    they_slowed: Change | None = None
    together: Verdict | None = None
    moved_from: tuple[Minutes, ...] = ()
    moved_to: tuple[Minutes, ...] = ()
    beats_ms: tuple[Annotated[int, Meta(ge=0, le=24 * 3_600_000)], ...] = ()
