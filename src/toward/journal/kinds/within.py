"""Inner safety: a person's source, the six steps and the different question. All of it private for good."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from toward.journal.kinds.base import Kind, Space, Words

Fear = Literal["rejection", "domination", "abandonment", "losing_me", "losing_you"]
Reaction = Literal["anger", "comply", "withdraw", "resist", "blame", "defend", "explain", "attack"]
SourceSort = Literal["prayer", "words", "picture", "nature", "none"]


class Source(Kind, frozen=True, kw_only=True, tag="source"):
    """What gives a person strength, in their own words; the latest wins. "none" is a whole answer."""

    SPACE: ClassVar[Space] = "private"
    sort: SourceSort
    words: Words = ""


class SixSteps(Kind, frozen=True, kw_only=True, tag="six_steps"):
    """The six steps, as far as they were written down. ``eased`` is how it was at the end."""

    SPACE: ClassVar[Space] = "private"
    feel: Words = ""
    fears: Annotated[tuple[Fear, ...], Meta(max_length=5)] = ()
    reactions: Annotated[tuple[Reaction, ...], Meta(max_length=8)] = ()
    telling: Words = ""
    leaving: Words = ""
    done_to_me: Words = ""
    true: Words = ""
    act: Words = ""
    limit: Words = ""
    eased: Literal["yes", "some", "no"] | None = None


class DifferentQuestion(Kind, frozen=True, kw_only=True, tag="different_question"):
    """What if I knew I was safe? Who would I be, what would I offer you, and what me?"""

    SPACE: ClassVar[Space] = "private"
    be: Words = ""
    offer_you: Words = ""
    offer_me: Words = ""
