"""What goes over the wire between a phone and the room: JSON text frames, each a tagged Struct.

A phone says what its person did; the room answers with the whole ``State`` as that person may see it. A state is
complete and numbered, so a lost, doubled or late one does no harm, and a phone that comes back needs nothing but the
next one.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from toward.live.heart_messages import FromHeart, Hearts
from toward.practices.breath import LONGEST_MINUTES, Plan

MAX_BYTES: Final = 1024
"""No frame from a phone is longer. The longest honest one, of half a dozen camera frames, has about three hundred."""

Role = Literal["speak", "listen", "either"]
Step = Literal["speak", "say_back", "check"]
Seconds = Annotated[float, Meta(gt=0, le=20)]


class FromPhone(Struct, frozen=True, kw_only=True, tag_field="is", forbid_unknown_fields=True):
    """The root of what a phone can say."""


class Probe(FromPhone, frozen=True, kw_only=True, tag="probe"):
    """A question to the clock, and the sign of life. Comes back as ``Echo`` with ``sent`` untouched."""

    sent: float


class Breathe(FromPhone, frozen=True, kw_only=True, tag="breathe"):
    """Begin to breathe together. When a breath runs already, that one goes on and nothing changes."""

    in_s: Seconds = 4.0
    out_s: Seconds = 6.0
    minutes: Annotated[float, Meta(gt=0, le=LONGEST_MINUTES)] = 3.0


class Thumb(FromPhone, frozen=True, kw_only=True, tag="thumb"):
    """A thumb down or lifted. ``whose`` is "them" only where one phone lies between the two."""

    down: bool
    whose: Literal["you", "them"] = "you"


class Ready(FromPhone, frozen=True, kw_only=True, tag="ready"):
    """Ready to open together. The other is told nothing until both are."""

    on: bool = True


class Meet(FromPhone, frozen=True, kw_only=True, tag="meet"):
    """Willing to meet: one speaks, the other says it back. Begins when both are willing."""

    role: Role = "either"


class Pass(FromPhone, frozen=True, kw_only=True, tag="pass"):
    """Move the meeting on from the turn named by ``round`` and ``step``; any other turn is over, and it is ignored.

    ``ok`` answers "Did I get it?" in the step ``check`` and is ignored elsewhere.
    """

    round: Annotated[int, Meta(ge=1, le=1000)]
    step: Step
    ok: bool = True


class Stop(FromPhone, frozen=True, kw_only=True, tag="stop"):
    """End the meeting (either may, at any time), or the breath (only who is in the room alone)."""

    what: Literal["meet", "breath"]


class Between(FromPhone, frozen=True, kw_only=True, tag="between"):
    """One phone between the two: this one stands for both until the other comes with their own."""

    on: bool


class Quiet(FromPhone, frozen=True, kw_only=True, tag="quiet"):
    """Here without words: near, and in nothing that is done together. The other sees that it is so."""

    on: bool = True


class Leave(FromPhone, frozen=True, kw_only=True, tag="leave"):
    """Going on purpose, which a dropped connection is not."""


PhoneMessage = Probe | Breathe | Thumb | Ready | Meet | Pass | Stop | Between | Quiet | Leave | FromHeart


class Echo(Struct, frozen=True, kw_only=True, tag_field="is", tag="echo"):
    """A probe's answer: ``room`` is the room's time in milliseconds."""

    sent: float
    room: float


class Turn(Struct, frozen=True, kw_only=True):
    """Where a meeting stands, for its receiver: ``you_speak`` is true for the one whose story it is."""

    round: int
    step: Step
    you_speak: bool
    yours: bool
    """Whether it is the receiver who moves on from here."""


class State(Struct, frozen=True, kw_only=True, tag_field="is", tag="state"):
    """Everything that one person may see of the room.

    ``them`` is whether the other is in the room now; there is no "last seen". ``them_quiet`` is whether they are here
    without words, and so no part of what goes on. ``ready``, ``willing`` and ``quiet`` are the receiver's own.
    ``opened_ms`` is when both were ready, or null.
    """

    rev: int
    them: bool
    them_quiet: bool = False
    quiet: bool = False
    one_phone: bool = False
    plan: Plan | None = None
    your_thumb: bool = False
    their_thumb: bool = False
    ready: bool = False
    opened_ms: float | None = None
    willing: bool = False
    turn: Turn | None = None


class Refused(Struct, frozen=True, kw_only=True, tag_field="is", tag="refused"):
    """One message was not taken, said to its sender only. The phone chooses the words by ``reason``."""

    reason: Literal["not_json", "unknown", "too_long", "too_fast", "bad_input", "not_yours", "not_now"]
    expected: str
    got: str


ToPhone = Echo | State | Refused | Hearts

_decoder: Final[msgspec.json.Decoder[PhoneMessage]] = msgspec.json.Decoder(PhoneMessage)
_encoder: Final = msgspec.json.Encoder()


def read(frame: bytes | str) -> PhoneMessage | Refused:
    """Return what a phone said, or the refusal to send back. Never raises on anything that a phone can send."""
    size = len(frame)
    if size > MAX_BYTES:
        return Refused(reason="too_long", expected=f"at most {MAX_BYTES} bytes", got=f"{size}")
    try:
        return _decoder.decode(frame)
    except msgspec.ValidationError as wrong:
        return Refused(reason="unknown", expected="a message of this room", got=str(wrong)[:200])
    except (msgspec.DecodeError, UnicodeError):
        return Refused(reason="not_json", expected="a JSON object", got="something else")


def write(message: ToPhone) -> bytes:
    """Return the frame for ``message``."""
    return _encoder.encode(message)
