"""What can happen in a room, and what a room asks to be done: the vocabulary of ``room``.

Events go in with their times; effects come out in order. Neither does anything by itself.
"""

from __future__ import annotations

from enum import Enum
from typing import Literal

from msgspec import Struct

from toward.live import messages as say
from toward.live.heart_messages import Hearts, Source
from toward.live.meeting import Meeting
from toward.practices.breath import Plan

Practice = Literal["breath", "remember", "meet"]
How = Literal["together", "one_phone"]


class Activity(Enum):
    """What the two are doing."""

    REST = "rest"
    BREATH = "breath"
    REMEMBER = "remember"
    MEET = "meet"


class _Fact(Struct, frozen=True, gc=False):
    """The root of events and effects.

    A Struct is made in a fifth of a named tuple's time, and none refers to itself: the collector need not look at them.
    """


class Joined(_Fact, frozen=True):
    """A device came, or (for one that is here already) is still here; its last sign came *quiet_ms* ago."""

    conn: str
    person: bytes
    quiet_ms: float = 0.0


class Heard(_Fact, frozen=True):
    """A sign of life of a device, which came *ago_ms* ago."""

    conn: str
    ago_ms: float = 0.0


class Left(_Fact, frozen=True):
    """A device went: on purpose (``meant``), or its connection broke."""

    conn: str
    meant: bool = False


class Told(_Fact, frozen=True):
    """A device said something, already read by ``messages.read``."""

    conn: str
    message: say.PhoneMessage


class Tick(_Fact, frozen=True):
    """Time passed."""


Event = Joined | Heard | Left | Told | Tick


class Send(_Fact, frozen=True):
    """Send ``message`` to these devices and no other."""

    to: tuple[str, ...]
    message: say.State | say.Refused | Hearts


class Close(_Fact, frozen=True):
    """Close this device's connection with a WebSocket code."""

    conn: str
    code: int


class Note(_Fact, frozen=True):
    """Ask that ``conn``'s person keeps in the journal what the two did: once for both, not once for each."""

    conn: str
    practice: Practice
    minutes: float
    how: How


class HeartRecord(Struct, frozen=True, kw_only=True):
    """What was heard of one person's heart, and of the other's while both wanted that, in room time. Never stored so.

    Gaps are stretches that no interval reaches over. ``keep``: the person wants the beats themselves kept.
    """

    source: Source
    from_ms: float
    to_ms: float
    beats_ms: tuple[float, ...]
    gaps_ms: tuple[tuple[float, float], ...] = ()
    shared_ms: tuple[tuple[float, float], ...] = ()
    their_beats_ms: tuple[float, ...] = ()
    their_gaps_ms: tuple[tuple[float, float], ...] = ()
    keep: bool = False


class HeartNote(_Fact, frozen=True):
    """Ask that ``conn``'s person keeps a line about their heart, for themself alone."""

    conn: str
    record: HeartRecord


Effect = Send | Close | Note | HeartNote


class Snapshot(Struct, frozen=True, kw_only=True):
    """What of a room outlives the worker that ran it. Devices are not in it: they announce themselves again."""

    rev: int = 0
    now_ms: float = 0.0
    people: tuple[bytes, ...] = ()
    activity: Activity = Activity.REST
    plan: Plan | None = None
    opened_ms: float | None = None
    meeting: Meeting | None = None
    ready: tuple[bytes, ...] = ()
    willing: dict[bytes, say.Role] = {}
    together_ms: dict[Practice, float] = {}
