"""What a phone and the room say to each other about hearts.

A phone sends what its strap or its camera gave and understands none of it; the room answers with beats, and with how
well they are heard. Each packet carries the phone's own stamp, which intervals are made of, and the room's time of the
same moment, by which two hearts are drawn on one clock.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Source = Literal["strap", "camera"]
Signal = Literal["warming", "steady", "faint", "lost"]
"""warming: too little was heard yet for more than the beat. faint: much of it can't be trusted. lost: nothing."""
Care = Literal["flooded", "calming", "ready"]
"""The body is at its limit; it has come down and needs more time; it has been calm long enough to go on."""

LONGEST_PACKET = 32
Stamp = Annotated[float, Meta(ge=-1e15, le=1e15)]
Light = Annotated[float, Meta(ge=0, le=255)]
Lights = Annotated[tuple[Light, ...], Meta(max_length=LONGEST_PACKET)]


class Wish(Struct, frozen=True, kw_only=True, tag_field="is", forbid_unknown_fields=True, tag="heart"):
    """What a person wants with their heart; the latest counts, and saying it again changes nothing.

    ``source`` None: no heart any longer. ``together``: both hearts may be drawn for both, if the other wants it too.
    ``keep``: the beats themselves stay in one's own journal, and not only a line about them.
    """

    source: Source | None
    together: bool = False
    keep: bool = False


class Packet(Struct, frozen=True, kw_only=True, tag_field="is", forbid_unknown_fields=True):
    """The root of what sensors give. ``local``: the phone's stamp in ms of its own clock; ``room``: the room's then."""

    local: Stamp
    room: Stamp


class Beats(Packet, frozen=True, kw_only=True, tag="beats"):
    """A strap's packet, stamped when it came: intervals between beats, oldest first, in 1/1024 s (0x2A37).

    ``contact`` is what the strap says of the skin; None where it does not say.
    """

    rr: Annotated[tuple[Annotated[int, Meta(ge=0, le=65535)], ...], Meta(max_length=LONGEST_PACKET)] = ()
    contact: bool | None = None


class Frames(Packet, frozen=True, kw_only=True, tag="frames"):
    """Mean colours of camera frames, 0 to 255, all equally many; stamped at the first. ``after`` are ms since then."""

    after: Annotated[tuple[Annotated[float, Meta(ge=0, le=10_000)], ...], Meta(max_length=LONGEST_PACKET)]
    red: Lights
    green: Lights
    blue: Lights


FromHeart = Wish | Beats | Frames


class Heard(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """News of one heart: beats since the last news, in room time, and the rate around each (None: not known there)."""

    signal: Signal
    at: tuple[float, ...] = ()
    rate: tuple[float | None, ...] = ()
    warm: float = 1.0
    """How much of the first half minute has been heard, 0 to 1."""


class Hearts(Struct, frozen=True, kw_only=True, tag_field="is", tag="hearts", omit_defaults=True):
    """News of hearts, to one phone. What is absent has no news. ``them`` comes only while both want it, or once did.

    ``care`` and ``told`` are about the receiver alone. ``told``: a heart was switched off and what there was is kept.
    """

    you: Heard | None = None
    them: Heard | None = None
    care: Care | None = None
