"""The worker that runs a room: it holds the lease, owns the ``Room`` and does what the room asks for."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final, assert_never

from toward.errors import TowardError
from toward.live import frames
from toward.live.ears import RealEars
from toward.live.events import (
    Close,
    Effect,
    Event,
    Heard,
    HeartNote,
    Joined,
    Left,
    Note,
    Send,
    Snapshot,
    Tick,
    Told,
)
from toward.live.messages import PhoneMessage, Refused, State, write
from toward.live.room import Room

if TYPE_CHECKING:
    from collections.abc import Callable

    from toward.live.broker import Lease
    from toward.live.chair import Chair
    from toward.live.heart_messages import Hearts
    from toward.live.line import Line

_log = logging.getLogger(__name__)
_keeping: set[asyncio.Task[None]] = set()
EARS: Final = RealEars()


class Holder:
    """Runs the room for devices here (``chairs``) and on other workers. The room's time is ours plus ``bias_ms``."""

    def __init__(
        self,
        lease: Lease,
        line: Line,
        chairs: dict[str, Chair],
        now_ms: Callable[[], float],
        *,
        bias_ms: float = 0.0,
        last: Snapshot | None = None,
    ) -> None:
        self.lease = lease
        self._line = line
        self._chairs = chairs
        self._now_ms = now_ms
        self.bias_ms = bias_ms
        self._room = Room(last, EARS)
        self._others: dict[str, tuple[float, frozenset[str]]] = {}
        self._beaten_ms = now_ms()
        for chair in chairs.values():
            if chair.closed is None:
                self.sit(chair)
        # Those who followed the last holder announce their devices when they hear this.
        self._snap()

    def room_ms(self) -> float:
        """Return the room's time."""
        return self._now_ms() + self.bias_ms

    def snapshot(self) -> Snapshot:
        """Return what the next holder needs."""
        return self._room.snapshot()

    @property
    def hurried(self) -> bool:
        """Whether others wait for every beat of ours; a room that is all here needs only every second one."""
        return bool(self._others)

    @property
    def idle(self) -> bool:
        """Whether the room is over."""
        return self._room.closed

    # ------------------------------------------------------------------------------------------------- devices here

    def sit(self, chair: Chair) -> None:
        """Bring a device in."""
        self._do(Joined(chair.conn, chair.seat.person))

    def rise(self, chair: Chair) -> None:
        """See a device out."""
        self._do(Left(chair.conn))

    def told(self, chair: Chair, said: PhoneMessage) -> None:
        """Take what a person did."""
        self._do(Told(chair.conn, said))

    # ----------------------------------------------------------------------------------------------- what is asked for

    def _do(self, event: Event) -> None:
        if self._room.closed:
            if not isinstance(event, Joined):
                return
            # Everybody had gone, and somebody is back before the worker let go of the room: it begins anew.
            self._room = Room(ears=EARS)
        before = self._room.rev
        effects = self._room.handle(event, self.room_ms())
        if self._others and self._room.rev != before:
            # What a phone has been told, a successor must know.
            self._snap()
        for effect in effects:
            self._perform(effect)

    def _perform(self, effect: Effect) -> None:
        match effect:
            case Send(to, message):
                self._send(to, message)
            case Close(conn, code):
                chair = self._chairs.get(conn)
                if chair is not None:
                    chair.close(code)
                else:
                    self._line.post(frames.Shut(epoch=self.lease.epoch, conn=conn, code=code))
            case Note(conn, practice, minutes, how):
                chair = self._chairs.get(conn)
                if chair is not None:
                    keep(chair, effect)
                else:
                    self._line.post(
                        frames.Keep(epoch=self.lease.epoch, conn=conn, practice=practice, minutes=minutes, how=how)
                    )
            case HeartNote(conn, record):
                chair = self._chairs.get(conn)
                if chair is not None:
                    keep(chair, effect)
                else:
                    self._line.post(frames.KeepHeart(epoch=self.lease.epoch, conn=conn, record=record))
            case _:
                assert_never(effect)

    def _send(self, to: tuple[str, ...], message: State | Refused | Hearts) -> None:
        data = write(message)
        state = isinstance(message, State)
        elsewhere = []
        for conn in to:
            chair = self._chairs.get(conn)
            if chair is None:
                elsewhere.append(conn)
            else:
                chair.put(data, state=state)
        if elsewhere and self._others:
            self._line.post(frames.Down(epoch=self.lease.epoch, to=tuple(elsewhere), data=data, state=state))

    # ---------------------------------------------------------------------------------------------- beats and others

    def beat(self) -> None:
        """Expire what is dead; while other workers have devices here, say what they need to carry on."""
        now_ms = self._now_ms()
        silent_since_ms = now_ms - frames.SILENT_BEATS * self._line.beat_ms
        for worker, (heard_ms, devices) in list(self._others.items()):
            if heard_ms < silent_since_ms:
                del self._others[worker]
                for conn in devices:
                    self._do(Left(conn))
        for chair in self._chairs.values():
            if chair.heard_ms > self._beaten_ms:
                self._do(Heard(chair.conn, now_ms - chair.heard_ms))
        self._beaten_ms = now_ms
        self._do(Tick())
        if self._others:
            self._snap()

    def _snap(self) -> None:
        self._line.post(frames.Snap(epoch=self.lease.epoch, snapshot=self._room.snapshot()))

    def hear(self, worker: str, frame: frames.AnyFrame) -> None:
        """Take what another worker says. Frames of another epoch were not meant for this holder."""
        match frame:
            case frames.Knock():
                self._snap()
            case frames.Ask(sent_ms=sent_ms):
                self._line.post(frames.Tell(worker=worker, sent_ms=sent_ms, room_ms=self.room_ms()))
            case frames.Here(epoch=self.lease.epoch, devices=devices):
                self._hear_here(worker, devices)
            case frames.Up(epoch=self.lease.epoch, conn=conn, message=message):
                self._do(Told(conn, message))
            case frames.Gone(epoch=self.lease.epoch, conn=conn):
                self._do(Left(conn))
            case _:
                return

    def _hear_here(self, worker: str, devices: tuple[frames.Announced, ...]) -> None:
        _, before = self._others.get(worker, (0.0, frozenset[str]()))
        now = frozenset(conn for conn, _, _ in devices)
        self._others[worker] = (self._now_ms(), now)
        for conn, person, quiet_ms in devices:
            self._do(Joined(conn, person, quiet_ms))
        for conn in before - now:
            self._do(Left(conn))
        if not now:
            del self._others[worker]


def keep(chair: Chair, note: Note | HeartNote) -> None:
    """Let a person's session keep what the two did. Whether that works or not, the room goes on."""
    write_note = chair.seat.note
    if write_note is None:
        return

    async def kept() -> None:
        try:
            await write_note(note)
        except TowardError as why:
            _log.warning("What two did together was not kept: %s", type(why).__name__)

    task = asyncio.create_task(kept())
    _keeping.add(task)
    task.add_done_callback(_keeping.discard)
