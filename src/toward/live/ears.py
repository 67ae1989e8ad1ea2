"""What turns packets of a strap or a camera into beats. What is heavy is imported once somebody switches it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from toward.live.heart_messages import Beats
from toward.live.strap import StrapClock

if TYPE_CHECKING:
    from toward.live.heart_messages import Frames, Source
    from toward.live.strap import Beat


class Ear(Protocol):
    """Hears one heart. Packets come in order; beats come out in order, stamped in the phone's own milliseconds."""

    def take(self, packet: Beats | Frames) -> list[Beat]:
        """Return the beats that this packet decides."""


class Ears(Protocol):
    """Where ears come from. A room is given its own, so that it knows no library."""

    def ready(self, source: Source) -> bool:
        """Whether an ear for this source can be had at once."""

    def open(self, source: Source) -> Ear:
        """Return a new ear that has heard nothing; only where ``ready``."""


class StrapEar:
    """Hears a strap."""

    def __init__(self) -> None:
        self._clock = StrapClock()

    def take(self, packet: Beats | Frames) -> list[Beat]:
        """Return the packet's beats; none while the strap says that it does not touch the skin."""
        if not isinstance(packet, Beats) or packet.contact is False:
            return []
        return self._clock.take(packet.local, packet.rr)


class RealEars:
    """The ears of a running worker."""

    def ready(self, source: Source) -> bool:
        """A strap's ear needs nothing."""
        return source == "strap"

    def open(self, source: Source) -> Ear:
        """Return a new ear."""
        del source
        return StrapEar()
