"""What both can open: the first kinds of the shared space, each signed by its author."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import Struct

from toward.journal.kinds.base import (
    BodyState,
    Day,
    Door,
    Felt,
    Id,
    Key,
    Kind,
    Line,
    Minutes,
    Reply,
    Space,
    Topic,
    Words,
)


class Hello(Kind, frozen=True, kw_only=True, tag="hello"):
    """The name by which the other calls its author; the latest wins."""

    SPACE: ClassVar[Space] = "shared"
    name: Line


class KeysChanged(Kind, frozen=True, kw_only=True, tag="keys_changed"):
    """New public keys, signed with the old one. Later rows of this author must be signed with the new one."""

    SPACE: ClassVar[Space] = "shared"
    sign_key: Key
    box_key: Key


class Offer(Kind, frozen=True, kw_only=True, tag="offer"):
    """One half of a sealed exchange.

    Real or empty, kept or shared: to all but its author every offer looks the same.
    """

    SPACE: ClassVar[Space] = "shared"
    publics: bytes
    slots: bytes
    box: bytes


class Released(Kind, frozen=True, kw_only=True, tag="released"):
    """The earlier answer, released by its author's own session once the later one is there."""

    SPACE: ClassVar[Space] = "shared"
    offer: Id
    answers: Id
    said: Said


class Said(Struct, frozen=True, kw_only=True):
    """What opens when both have answered: words, never numbers."""

    topic: Topic
    words: Words
    felt: Literal["unsafe", "guarded", "between", "easy", "safe"] | None = None
    body: BodyState | None = None
    tone: Literal["close", "light", "laughed"] | None = None


class Invitation(Kind, frozen=True, kw_only=True, tag="invitation"):
    """One small ask that can be refused (*reach*), or "I went quiet, I have not left" (*come back*)."""

    SPACE: ClassVar[Space] = "shared"
    door: Door
    words: Words
    talk_at_ms: int | None = None


class InvitationWithdrawn(Kind, frozen=True, kw_only=True, tag="invitation_withdrawn"):
    """Its author took it back."""

    SPACE: ClassVar[Space] = "shared"
    invitation: Id


class Answer(Kind, frozen=True, kw_only=True, tag="answer"):
    """A dignified answer. ``at_ms`` is the time named by "yes, at" and "can't yet, back by"."""

    SPACE: ClassVar[Space] = "shared"
    invitation: Id
    reply: Reply
    words: Words = ""
    at_ms: int | None = None


class Agreement(Kind, frozen=True, kw_only=True, tag="agreement"):
    """What the two agreed out of an invitation: a small action, with a day if they like."""

    SPACE: ClassVar[Space] = "shared"
    invitation: Id | None = None
    words: Words
    day: Day | None = None


class AgreementChanged(Kind, frozen=True, kw_only=True, tag="agreement_changed"):
    """Kept, moved or repaired. What was missed stays with whoever felt it: there is no word for it here."""

    SPACE: ClassVar[Space] = "shared"
    agreement: Id
    to: Literal["kept", "moved", "repaired", "let_go"]
    day: Day | None = None


class PauseCalled(Kind, frozen=True, kw_only=True, tag="pause"):
    """Either calls it, alone, without a reason, and names the time of return."""

    SPACE: ClassVar[Space] = "shared"
    until_ms: int


class PauseMoved(Kind, frozen=True, kw_only=True, tag="pause_moved"):
    """Either may move the time of return."""

    SPACE: ClassVar[Space] = "shared"
    pause: Id
    until_ms: int


class PauseReturned(Kind, frozen=True, kw_only=True, tag="pause_returned"):
    """Where one of the two is when the time has come."""

    SPACE: ClassVar[Space] = "shared"
    pause: Id
    reply: Literal["ready", "more_time", "not_today"]


class Together(Kind, frozen=True, kw_only=True, tag="together"):
    """A practice that the two did at the same time."""

    SPACE: ClassVar[Space] = "shared"
    practice: Line
    minutes: Minutes


class LineShared(Kind, frozen=True, kw_only=True, tag="line_shared"):
    """Whether its author agrees that both see both lines. The latest of each counts; it takes two."""

    SPACE: ClassVar[Space] = "shared"
    on: bool


class LinePoint(Kind, frozen=True, kw_only=True, tag="line_point"):
    """One point of its author's line, written only while both agree."""

    SPACE: ClassVar[Space] = "shared"
    felt: Felt
