"""What one person writes for themself alone: the first kinds of the private space."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from toward.journal.kinds.base import (
    BodyState,
    Day,
    Felt,
    Id,
    Key,
    Kind,
    Line,
    Minutes,
    Question,
    Rung,
    Space,
    Words,
)


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
    """The person's own settings; the latest wins. ``breath`` is (in, out) in seconds.

    ``reckon``: whether anything is worked out from their answers. It came with version 2.
    """

    SPACE: ClassVar[Space] = "private"
    VERSION: ClassVar[int] = 2
    breath_in_s: float = 4.0
    breath_out_s: float = 6.0
    sound: bool = True
    vibration: bool = True
    suggestions: bool = True
    reckon: bool = True
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
