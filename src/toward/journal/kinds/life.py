"""Life: what shakes people from outside, dated; private unless its author shows it. And what they put out of sight."""

from __future__ import annotations

from typing import ClassVar, Literal

from toward.journal.kinds.base import Day, Id, Kind, Line, Space

Shock = Literal["loss", "illness", "birth", "move", "work", "money", "distance", "world", "other"]
Pull = Literal["hard", "good", "both"]


class LifeEvent(Kind, frozen=True, kw_only=True, tag="life_event"):
    """Something that shook its author's life, for themself alone."""

    SPACE: ClassVar[Space] = "private"
    label: Line
    sort: Shock = "other"
    pull: Pull = "hard"
    day: Day


class LifeEventShown(Kind, frozen=True, kw_only=True, tag="life_event_shown"):
    """Something that shook its author's life, or both lives, for both to see."""

    SPACE: ClassVar[Space] = "shared"
    label: Line
    sort: Shock = "other"
    pull: Pull = "hard"
    day: Day


class LifeEventTakenBack(Kind, frozen=True, kw_only=True, tag="life_event_taken_back"):
    """Its author took it back from both lines."""

    SPACE: ClassVar[Space] = "shared"
    event: Id


class PutAway(Kind, frozen=True, kw_only=True, tag="put_away"):
    """Something of one's own that pages show no longer. It stays in the journal, and in the file one takes along."""

    SPACE: ClassVar[Space] = "private"
    entry: Id
