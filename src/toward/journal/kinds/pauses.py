"""What makes a pause easier: words for it, agreed in calm, a plan of one's own, and the way back in."""

from __future__ import annotations

from typing import ClassVar

from toward.journal.kinds.base import Id, Kind, Line, Space, Words


class PauseWords(Kind, frozen=True, kw_only=True, tag="pause_words"):
    """Words to call a pause by, proposed by one of the two."""

    SPACE: ClassVar[Space] = "shared"
    words: Line


class PauseWordsAgreed(Kind, frozen=True, kw_only=True, tag="pause_words_agreed"):
    """The other says that these words are good. They are the two's from then on, until others are agreed."""

    SPACE: ClassVar[Space] = "shared"
    proposal: Id


class PausePlan(Kind, frozen=True, kw_only=True, tag="pause_plan"):
    """What helps its writer when they leave, and when they wait; the latest wins."""

    SPACE: ClassVar[Space] = "private"
    leaving: Words = ""
    waiting: Words = ""


class WayBack(Kind, frozen=True, kw_only=True, tag="way_back"):
    """Notes for the way back in, for its writer alone."""

    SPACE: ClassVar[Space] = "private"
    did: Words = ""
    like: Words = ""
    missed: Words = ""
    next: Words = ""
