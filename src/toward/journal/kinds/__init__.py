"""What can happen, as data: every kind of entry, frozen and versioned.

An entry lives in a *space*: a person's private space, which only they can open, or the couple's shared space. A kind
says in ``SPACE`` where it may live. Text limits are part of the kind, so that they hold on every way in. Nothing here
reads a clock, a key or a file.

Times are UTC milliseconds; ``tz_min`` on the entry is the writer's offset from UTC, so that "today" is the writer's
day.
"""

from __future__ import annotations

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
    LongWords,
    Minutes,
    Question,
    Reply,
    Rung,
    Space,
    Topic,
    Words,
)
from toward.journal.kinds.dance import (
    DanceExit,
    DanceHalf,
    DanceMoment,
    DanceNamed,
    DanceShared,
    DanceTakenBack,
)
from toward.journal.kinds.guide import StepPutBy
from toward.journal.kinds.heart import HeartHeard
from toward.journal.kinds.life import LifeEvent, LifeEventShown, LifeEventTakenBack, PutAway
from toward.journal.kinds.ours import (
    Agreement,
    AgreementChanged,
    Answer,
    Hello,
    Invitation,
    InvitationWithdrawn,
    KeysChanged,
    LinePoint,
    LineShared,
    Offer,
    PauseCalled,
    PauseMoved,
    PauseReturned,
    Released,
    Said,
    Together,
)
from toward.journal.kinds.own import (
    CheckIn,
    Imported,
    InvitationOpened,
    Memory,
    Moment,
    Named,
    PartnerKnown,
    Preferences,
    Reached,
    Settled,
    SpaceLeft,
    Withdrawn,
)
from toward.journal.kinds.pauses import PausePlan, PauseWords, PauseWordsAgreed, WayBack
from toward.journal.kinds.trust import Connection, Frightened, NotCome, Sign
from toward.journal.kinds.within import DifferentQuestion, Fear, Reaction, SixSteps, Source, SourceSort

__all__ = [
    "Agreement",
    "AgreementChanged",
    "Answer",
    "Body",
    "BodyState",
    "CheckIn",
    "Connection",
    "DanceExit",
    "DanceHalf",
    "DanceMoment",
    "DanceNamed",
    "DanceShared",
    "DanceTakenBack",
    "Day",
    "DifferentQuestion",
    "Door",
    "Entry",
    "Fear",
    "Felt",
    "Frightened",
    "HeartHeard",
    "Hello",
    "Id",
    "Imported",
    "Invitation",
    "InvitationOpened",
    "InvitationWithdrawn",
    "Key",
    "KeysChanged",
    "Kind",
    "LifeEvent",
    "LifeEventShown",
    "LifeEventTakenBack",
    "Line",
    "LinePoint",
    "LineShared",
    "LongWords",
    "Memory",
    "Minutes",
    "Moment",
    "Named",
    "NotCome",
    "Offer",
    "PartnerKnown",
    "PauseCalled",
    "PauseMoved",
    "PausePlan",
    "PauseReturned",
    "PauseWords",
    "PauseWordsAgreed",
    "Preferences",
    "Private",
    "PutAway",
    "Question",
    "Reached",
    "Reaction",
    "Released",
    "Reply",
    "Rung",
    "Said",
    "Settled",
    "Shared",
    "Sign",
    "SixSteps",
    "Source",
    "SourceSort",
    "Space",
    "SpaceLeft",
    "StepPutBy",
    "Together",
    "Topic",
    "Unknown",
    "WayBack",
    "Withdrawn",
    "Words",
]

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
    | Connection
    | NotCome
    | Sign
    | Frightened
    | LifeEvent
    | PutAway
    | DanceHalf
    | DanceMoment
    | Source
    | SixSteps
    | DifferentQuestion
    | PausePlan
    | WayBack
    | HeartHeard
    | StepPutBy
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
    | LifeEventShown
    | LifeEventTakenBack
    | DanceShared
    | DanceTakenBack
    | DanceNamed
    | DanceExit
    | PauseWords
    | PauseWordsAgreed
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
