"""Who is in a room right now, by which devices, and whose thumbs are down. Nothing here remembers anybody who went."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

SILENT_MS: Final = 6000
"""Whoever gave no sign for so long is not shown as here. Phones probe every two seconds, so three are missed. On a line
that loses one piece in ten, TCP is so late once in fifty hours; where it loses one in five, twice in three hours."""
EXPIRES_MS: Final = 16_000
"""A connection that gave no sign for this long is dead, whatever its socket says. Until then a bad line may come back,
and nothing that was said over it is lost."""
MAX_DEVICES: Final = 6
NOBODY: Final = b""
"""Stands for the other where one phone lies between the two and the other never came with their own."""


class Arrival(Enum):
    """What a device's coming means."""

    NEW = "new"
    KNOWN = "known"
    STRANGER = "stranger"


class Seen(Struct, frozen=True, gc=False):
    """What one person sees: the other here, and here without words; themselves so; their own thumb, and the other's."""

    them: bool
    them_quiet: bool
    quiet: bool
    your_thumb: bool
    their_thumb: bool


class Device:
    """One connection of one person. ``their_thumb`` counts only on a phone that lies between the two.

    Who is ``quiet`` is near and takes part in nothing: no breath and no meeting counts them in. A ``silent`` one gave
    no sign for a while: nobody sees it, nor what it said last, but it may come back.
    """

    __slots__ = ("person", "quiet", "seen_ms", "silent", "their_thumb", "thumb")

    def __init__(self, person: bytes, seen_ms: float) -> None:
        """Sit down with both thumbs lifted."""
        self.person = person
        self.seen_ms = seen_ms
        self.thumb = False
        self.their_thumb = False
        self.quiet = False
        self.silent = False

    @property
    def takes_part(self) -> bool:
        """Whether what goes on counts it in."""
        return not (self.quiet or self.silent)


class Presence:
    """The devices of at most two people, in the order in which they came."""

    def __init__(self, people: Iterable[bytes] = ()) -> None:
        """Begin empty; ``people`` are those who may come, as far as is known."""
        self.people = list(people)
        self.devices: dict[str, Device] = {}
        self.conns: dict[bytes, tuple[str, ...]] = {}
        """Whose devices these are: who comes and goes is rare, and every change in the room is told to all of them."""
        self.one_phone: str | None = None

    @property
    def both(self) -> bool:
        """Whether both are here: each by a device, or both at one phone."""
        return self.one_phone is not None or len(self.conns) > 1

    @property
    def both_take_part(self) -> bool:
        """Whether both are here for what goes on, and not only near."""
        return self.one_phone is not None or len({one.person for one in self.devices.values() if one.takes_part}) > 1

    def other_takes_part(self, person: bytes) -> bool:
        """Whether the other is here, by a device of their own or at this phone, for what goes on."""
        return self.one_phone is not None or any(
            one.person != person and one.takes_part for one in self.devices.values()
        )

    def quiet(self, person: bytes) -> bool:
        """Whether ``person`` is here without words, by every device that they have here."""
        own = [one.quiet for one in self.devices.values() if one.person == person]
        return bool(own) and all(own)

    def other(self, person: bytes) -> bytes:
        """Return the one who is not ``person``."""
        return next((one for one in self.people if one != person), NOBODY)

    def has(self, person: bytes) -> bool:
        """Whether ``person`` is here by a device of their own."""
        return person in self.conns

    def hear(self, conn: str, at_ms: float) -> bool:
        """Take a sign of life of a device that is here; return whether it is one that was silent."""
        device = self.devices[conn]
        if at_ms <= device.seen_ms:
            return False
        device.seen_ms = at_ms
        was_silent, device.silent = device.silent, False
        return was_silent

    def fall_silent(self, now_ms: float) -> bool:
        """Take those that gave no sign for a while for silent; return whether there are new ones."""
        silent = [one for one in self.devices.values() if not one.silent and now_ms - one.seen_ms > SILENT_MS]
        for device in silent:
            device.silent = True
        return bool(silent)

    def arrive(self, conn: str, person: bytes, seen_ms: float) -> Arrival:
        """Seat a device, unless it is here. A third person is a stranger and is not seated."""
        here = self.devices.get(conn)
        if here is not None:
            return Arrival.KNOWN if here.person == person else Arrival.STRANGER
        if person not in self.people:
            if len(self.people) > 1:
                return Arrival.STRANGER
            self.people.append(person)
        if self.one_phone is not None and self.devices[self.one_phone].person != person:
            self.unlay()
        self.devices[conn] = Device(person, seen_ms)
        self.conns[person] = (*self.conns.get(person, ()), conn)
        return Arrival.NEW

    def remove(self, conn: str) -> None:
        """Take a device away, and its thumbs with it."""
        if self.one_phone == conn:
            self.unlay()
        person = self.devices.pop(conn).person
        left = tuple(one for one in self.conns.pop(person) if one != conn)
        if left:
            self.conns[person] = left

    def lay(self, conn: str) -> None:
        """Lay this phone between the two."""
        self.one_phone = conn

    def unlay(self) -> None:
        """No phone lies between the two any longer."""
        if self.one_phone is not None:
            self.devices[self.one_phone].their_thumb = False
            self.one_phone = None

    def crowded_out(self, person: bytes) -> str | None:
        """Return the longest silent device of a person who has one too many.

        A phone that reconnects again and again leaves dead connections behind; a person can only crowd out their own.
        """
        own = self.conns[person]
        return min(own, key=lambda conn: self.devices[conn].seen_ms) if len(own) > MAX_DEVICES else None

    def expired(self, now_ms: float) -> list[str]:
        """Return the devices that gave no sign for too long."""
        return [conn for conn, device in self.devices.items() if now_ms - device.seen_ms > EXPIRES_MS]

    def seen_by(self, person: bytes) -> Seen:
        """Return what ``person`` sees of who is here and whose thumbs are down. One pass: each state is made of it."""
        here = them = yours = theirs = False
        quiet = them_quiet = True
        for device in self.devices.values():
            if device.silent:
                continue
            if device.person == person:
                here = True
                quiet = quiet and device.quiet
                yours = yours or device.thumb
                theirs = theirs or device.their_thumb
            else:
                them = True
                them_quiet = them_quiet and device.quiet
                yours = yours or device.their_thumb
                theirs = theirs or device.thumb
        one_phone = self.one_phone is not None
        return Seen(them or one_phone, them and them_quiet and not one_phone, here and quiet, yours, theirs)
