"""What can happen, as data: every kind of entry, frozen and versioned.

An entry lives in a *space*: a person's private space, which only they can open, or the couple's shared space. A kind
says in ``SPACE`` where it may live. Text limits are part of the kind, so that they hold on every way in. Nothing here
reads a clock, a key or a file.

Times are UTC milliseconds; ``tz_min`` on the entry is the writer's offset from UTC, so that "today" is the writer's
day.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

Space = Literal["private", "shared"]
Id = Annotated[bytes, Meta(min_length=16, max_length=16)]
Key = Annotated[bytes, Meta(min_length=32, max_length=32)]
Felt = Annotated[int, Meta(ge=1, le=7)]
Line = Annotated[str, Meta(max_length=200)]
Words = Annotated[str, Meta(max_length=1000)]
LongWords = Annotated[str, Meta(max_length=20_000)]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Minutes = Annotated[float, Meta(ge=0, le=24 * 60)]

BodyState = Literal["open", "revved", "shut"]
Rung = Literal["ask", "complain", "anger", "desperate", "coerce", "despair", "shut"]
Question = Literal["there", "matter", "know", "respond"]
Reply = Literal["yes_now", "yes_at", "cant_yet", "no", "own"]
Door = Literal["reach", "come_back"]
Topic = Literal["checkin", "remember"]


class Kind(Struct, frozen=True, kw_only=True, tag_field="kind"):
    """The root of all kinds. ``VERSION`` grows with each change of shape; ``codec`` holds the upcasters."""

    SPACE: ClassVar[Space]
    VERSION: ClassVar[int] = 1


# ---------------------------------------------------------------------------------------------- private


class CheckIn(Kind, frozen=True, kw_only=True, tag="checkin"):
    """How it is right now, in under twenty seconds. ``share`` offers the words to the partner, sealed until both have.

    ``seal`` is the secret half of the offer (see ``vault.offers``), or random bytes where nothing is shared: every
    check-in makes one private row and one offer of the same shape.
    """

    SPACE: ClassVar[Space] = "private"
    felt: Felt
    body: BodyState | None = None
    rung: Rung | None = None
    question: Question | None = None
    answer: Literal["yes", "partly", "no", "unsure"] | None = None
    there: bool | None = None
    moved: Literal["pressed", "pulled", "neither"] | None = None
    words: Words = ""
    share: bool = False
    seal: Key | None = None
    offer: Id | None = None


class Memory(Kind, frozen=True, kw_only=True, tag="memory"):
    """A time when they felt close, light or laughed. Sealed like a check-in when ``share`` is set."""

    SPACE: ClassVar[Space] = "private"
    words: Words
    tone: Literal["close", "light", "laughed"] = "close"
    share: bool = False
    seal: Key | None = None
    offer: Id | None = None


class Withdrawn(Kind, frozen=True, kw_only=True, tag="withdrawn"):
    """A check-in or memory offered before is no longer offered. To the other it looks as if it had never been.

    It makes an offer row of its own, so that taking something back looks like one more check-in.
    """

    SPACE: ClassVar[Space] = "private"
    entry: Id
    seal: Key | None = None
    offer: Id | None = None


class Named(Kind, frozen=True, kw_only=True, tag="named"):
    """What the person is called here; the latest wins."""

    SPACE: ClassVar[Space] = "private"
    name: Line


class Moment(Kind, frozen=True, kw_only=True, tag="moment"):
    """Something that happened, marked on one's own line."""

    SPACE: ClassVar[Space] = "private"
    label: Line
    sort: Literal["life", "hard", "good", "exit"] = "life"
    day: Day


class Settled(Kind, frozen=True, kw_only=True, tag="settled"):
    """A practice done, alone or together, with one question before and after (1 tight .. 7 at ease)."""

    SPACE: ClassVar[Space] = "private"
    practice: Line
    how: Literal["alone", "together", "one_room", "one_phone"]
    minutes: Minutes
    before: Felt | None = None
    after: Felt | None = None


class Reached(Kind, frozen=True, kw_only=True, tag="reached"):
    """The inner half of *Reach*: never leaves the writer's space. ``invitation`` is what was sent, if anything was."""

    SPACE: ClassVar[Space] = "private"
    fear: Words = ""
    offer: Words = ""
    imagined: Words = ""
    if_no: Words = ""
    ask: Words = ""
    invitation: Id | None = None


class InvitationOpened(Kind, frozen=True, kw_only=True, tag="invitation_opened"):
    """The receiver chose to open it. Private, because there are no read receipts."""

    SPACE: ClassVar[Space] = "private"
    invitation: Id


class Preferences(Kind, frozen=True, kw_only=True, tag="preferences"):
    """The person's own settings; the latest wins. ``breath`` is (in, out) in seconds."""

    SPACE: ClassVar[Space] = "private"
    breath_in_s: float = 4.0
    breath_out_s: float = 6.0
    sound: bool = True
    vibration: bool = True
    suggestions: bool = True
    country: Annotated[str, Meta(max_length=2)] = ""


class PartnerKnown(Kind, frozen=True, kw_only=True, tag="partner_known"):
    """The partner's public keys as seen at pairing.

    Later rows are checked against these and not against the database.
    """

    SPACE: ClassVar[Space] = "private"
    space: Id
    person: Id
    name: Line
    sign_key: Key
    box_key: Key


class SpaceLeft(Kind, frozen=True, kw_only=True, tag="space_left"):
    """The person has left a shared space. What the database says of it does not count any more."""

    SPACE: ClassVar[Space] = "private"
    space: Id


class Imported(Kind, frozen=True, kw_only=True, tag="imported"):
    """A shared entry of an earlier home, kept as a private keepsake: nobody can sign it again.

    Exported as what it was.
    """

    SPACE: ClassVar[Space] = "private"
    original_id: Id
    author: Id
    mine: bool
    original: bytes


# ----------------------------------------------------------------------------------------------- shared


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


Private = (
    CheckIn
    | Memory
    | Withdrawn
    | Named
    | Moment
    | Settled
    | Reached
    | InvitationOpened
    | Preferences
    | PartnerKnown
    | SpaceLeft
    | Imported
)
Shared = (
    Hello
    | KeysChanged
    | Offer
    | Released
    | Invitation
    | InvitationWithdrawn
    | Answer
    | Agreement
    | AgreementChanged
    | PauseCalled
    | PauseMoved
    | PauseReturned
    | Together
    | LineShared
    | LinePoint
)
Body = Private | Shared


class Unknown(Struct, frozen=True, kw_only=True):
    """A kind from a newer version: kept whole, shown nowhere, never lost."""

    kind: str
    version: int
    raw: bytes


class Entry(Struct, frozen=True, kw_only=True):
    """One thing that happened, opened. ``seq`` counts from 1 per author and space; ``mine`` is for the reader."""

    id: Id
    space: Id
    author: Id
    seq: int
    at_ms: int
    tz_min: int
    shared: bool
    mine: bool
    body: Body | Unknown
