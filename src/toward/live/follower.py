"""A worker that passes a room's messages on to the holder, and is ready to take its place.

It knows the room's time as well as a phone does, by the same estimate, and answers its phones' probes itself. When it
takes over it goes on from there: the room's time does not jump, so neither does a breath.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.live import frames
from toward.live.clock import PROBES, Clock, Sample
from toward.live.events import HeartNote, Note, Snapshot
from toward.live.holder import keep
from toward.live.presence import EXPIRES_MS
from toward.live.room import CLOSE_EXPIRED

if TYPE_CHECKING:
    from collections.abc import Callable

    from toward.live.chair import Chair
    from toward.live.line import Line
    from toward.live.messages import PhoneMessage


class Follower:
    """Follows whoever holds the lease. Until ``synced`` it knows neither the holder nor the time."""

    def __init__(
        self,
        line: Line,
        chairs: dict[str, Chair],
        now_ms: Callable[[], float],
        *,
        bias_ms: float | None = None,
        last: Snapshot | None = None,
    ) -> None:
        """Begin to follow. One who held the room until now knows its time (``bias_ms``) and its ``last`` snapshot."""
        self._line = line
        self._chairs = chairs
        self._now_ms = now_ms
        self._clock = Clock()
        self._epoch = 0
        self._heard_ms = now_ms()
        self.last = last
        if bias_ms is not None:
            self._clock.take(Sample(self._heard_ms, self._heard_ms + bias_ms, self._heard_ms))
            self._clock.restart()
        self._line.post(frames.Knock())

    @property
    def synced(self) -> bool:
        """Whether there is a holder, and its time is known."""
        return self._epoch > 0 and self._clock.known

    @property
    def bias_ms(self) -> float | None:
        """What to add to our time to get the room's, if that is known."""
        return self._clock.offset_ms(self._now_ms()) if self._clock.known else None

    def room_ms(self) -> float:
        """Return the room's time."""
        return self._clock.room_ms(self._now_ms())

    @property
    def holder_silent(self) -> bool:
        """Whether the holder missed so many beats that it is taken for dead."""
        return self._now_ms() - self._heard_ms > frames.SILENT_BEATS * self._line.beat_ms

    @property
    def hurried(self) -> bool:
        """The holder waits for every beat of ours."""
        return True

    @property
    def idle(self) -> bool:
        """Whether no device here is in the room."""
        return not self._chairs

    def sit(self, chair: Chair) -> None:  # noqa: ARG002 -- all devices are announced together
        """Bring a device in."""
        self._say_here()

    def rise(self, chair: Chair) -> None:
        """See a device out."""
        self._line.post(frames.Gone(epoch=self._epoch, conn=chair.conn))

    def told(self, chair: Chair, said: PhoneMessage) -> None:
        """Pass on what a person did."""
        self._line.post(frames.Up(epoch=self._epoch, conn=chair.conn, message=said))

    def beat(self) -> None:
        """Say who is here, and keep in step with the holder's time; find the holder if there is none.

        Connections that fell silent are closed here, for the holder hears of them only through us.
        """
        for chair in self._chairs.values():
            if self._now_ms() - chair.heard_ms > EXPIRES_MS:
                chair.close(CLOSE_EXPIRED)
        if self._epoch:
            self._say_here()
        else:
            self._line.post(frames.Knock())
        self._line.post(frames.Ask(sent_ms=self._now_ms()))

    def _say_here(self) -> None:
        now_ms = self._now_ms()
        devices = tuple(
            (chair.conn, chair.seat.person, now_ms - chair.heard_ms)
            for chair in self._chairs.values()
            if chair.closed is None
        )
        self._line.post(frames.Here(epoch=self._epoch, devices=devices))

    def hear(self, worker: str, frame: frames.AnyFrame) -> None:  # noqa: ARG002 -- the epoch says whether it is the holder
        """Take what the holder says. A holder of an earlier epoch does not know yet that it lost the room."""
        match frame:
            case frames.Snap(epoch=epoch, snapshot=snapshot):
                self._hear_snap(epoch, snapshot)
            case frames.Tell(worker=self._line.worker, sent_ms=sent_ms, room_ms=room_ms):
                self._clock.take(Sample(sent_ms, room_ms, self._now_ms()))
            case frames.Down(epoch=self._epoch, to=to, data=data, state=state):
                for conn in to:
                    if conn in self._chairs:
                        self._chairs[conn].put(data, state=state)
            case frames.Shut(epoch=self._epoch, conn=conn, code=code):
                if conn in self._chairs:
                    self._chairs[conn].close(code)
            case frames.Keep(epoch=self._epoch) | frames.KeepHeart(epoch=self._epoch):
                self._hear_keep(frame)
            case _:
                return

    def _hear_keep(self, frame: frames.Keep | frames.KeepHeart) -> None:
        chair = self._chairs.get(frame.conn)
        if chair is None:
            return
        if isinstance(frame, frames.Keep):
            keep(chair, Note(frame.conn, frame.practice, frame.minutes, frame.how))
        else:
            keep(chair, HeartNote(frame.conn, frame.record))

    def _hear_snap(self, epoch: int, snapshot: Snapshot) -> None:
        # A broker that lost its memory counts epochs anew, so after a silence any holder is believed.
        if epoch < self._epoch and not self.holder_silent:
            return
        self._heard_ms = self._now_ms()
        self.last = snapshot
        if epoch != self._epoch:
            self._epoch = epoch
            for _ in range(PROBES):
                self._line.post(frames.Ask(sent_ms=self._now_ms()))
            self._say_here()
