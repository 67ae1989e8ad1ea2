"""What turns packets of a strap or a camera into beats. What is heavy is imported once somebody switches it on."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Protocol

from toward.errors import BadInput
from toward.live.heart_messages import Beats, Frames
from toward.live.strap import LONGEST_MS, SHORTEST_MS, Beat, StrapClock

if TYPE_CHECKING:
    from toward.live.heart_messages import Source
    from toward.live.watch import Watch

_log = logging.getLogger(__name__)


class Ear(Protocol):
    """Hears one heart. Packets come in order; beats come out in order, stamped in the phone's own milliseconds."""

    def take(self, packet: Beats | Frames) -> list[Beat]:
        """Return the beats that this packet decides."""


class Ears(Protocol):
    """Where ears come from. A room is given its own, so that it knows no library."""

    def ready(self, source: Source) -> bool:
        """Whether an ear for this source can be had at once; if not, it is being made ready."""

    def open(self, source: Source) -> Ear:
        """Return a new ear that has heard nothing; only where ``ready``."""

    def watch(self) -> Watch | None:
        """Return somebody to watch over a heart; None while that can't be had yet."""


class StrapEar:
    """Hears a strap."""

    def __init__(self) -> None:
        self._clock = StrapClock()

    def take(self, packet: Beats | Frames) -> list[Beat]:
        """Return the packet's beats; none while the strap says that it does not touch the skin."""
        if not isinstance(packet, Beats) or packet.contact is False:
            return []
        return self._clock.take(packet.local, packet.rr)


class CameraEar:
    """Hears the pulse in a camera's frames. Frames that can't be true end what was heard, and it begins anew."""

    def __init__(self) -> None:
        self._anew()

    def _anew(self) -> None:
        from toward.heart.camera import CameraStream

        self._stream = CameraStream()
        self._from_ms: float | None = None
        self._newest_ms = float("-inf")
        self._last_ms: float | None = None
        self._gaps = 0

    def take(self, packet: Beats | Frames) -> list[Beat]:
        """Return the beats that these frames decide."""
        if not isinstance(packet, Frames) or not packet.after:
            return []
        stamps = [packet.local + after for after in packet.after]
        if stamps[0] < self._newest_ms:
            self._anew()
        if self._from_ms is None:
            self._from_ms = stamps[0]
        try:
            found = self._stream.feed([at / 1000 for at in stamps], packet.red, packet.green)
        except BadInput:
            self._anew()
            return []
        self._newest_ms = stamps[-1]
        beats = []
        for at_s, kind in zip(found.time_s.tolist(), found.kind.tolist(), strict=True):
            at_ms = self._from_ms + 1000 * at_s
            rr_ms = None if self._last_ms is None or kind else at_ms - self._last_ms
            usable = rr_ms is not None and SHORTEST_MS <= rr_ms <= LONGEST_MS and not self._gap_in(at_ms)
            beats.append(Beat(at_ms, rr_ms if usable else None))
            self._last_ms = at_ms
        return beats

    def _gap_in(self, to_ms: float) -> bool:
        """Whether frames are missing between the last beat and this one."""
        if self._from_ms is None or self._last_ms is None:
            return False
        gaps = self._stream.gaps
        last_s, to_s = (self._last_ms - self._from_ms) / 1000, (to_ms - self._from_ms) / 1000
        return any(start < to_s and end > last_s for start, end in gaps[-8:].tolist())


class RealEars:
    """The ears of a running worker."""

    def __init__(self) -> None:
        self._warm = threading.Event()
        self._begun = False

    def ready(self, source: Source) -> bool:
        """A strap's ear needs nothing; a camera's needs NumPy and a compiled finder, as does the line at the end."""
        if not self._begun:
            self._begun = True
            threading.Thread(target=self._make_ready, name="hearts", daemon=True).start()
        return source == "strap" or self._warm.is_set()

    def _make_ready(self) -> None:
        try:
            ear = CameraEar()
            for second in range(8):
                after = tuple(range(0, 1000, 33))
                light = tuple(200.0 + (at % 700) / 100 for at in after)
                ear.take(Frames(local=1000.0 * second, room=0, after=after, red=light, green=light, blue=light))
            self._warm.set()
            from toward.live.heart_told import warm

            warm()
        except Exception:  # noqa: BLE001 -- a thread that ends in silence would leave a camera waiting for good
            _log.exception("Hearts can't be heard here")
            self._begun = False

    def open(self, source: Source) -> Ear:
        """Return a new ear."""
        return CameraEar() if source == "camera" else StrapEar()

    def watch(self) -> Watch | None:
        """Return a new watch, once NumPy is there."""
        if not self._warm.is_set():
            return None
        from toward.live.watch import Watch

        return Watch()
