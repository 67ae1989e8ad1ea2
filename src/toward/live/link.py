"""One room as one worker sees it: a holder or a follower, and the change from one to the other.

Follower  --the lease is free-->  Holder       (at the start, or when the holder died or let go)
Holder    --the lease is lost-->  Follower
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from toward.errors import Unavailable
from toward.live.door import CLOSE_TOO_FAST
from toward.live.follower import Follower
from toward.live.frames import Wire
from toward.live.holder import Holder
from toward.live.line import Line
from toward.live.messages import Echo, Leave, Probe, Refused, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from toward.live.broker import Broker
    from toward.live.chair import Chair
    from toward.live.frames import AnyFrame

LONGEST_WAIT_MS: Final = 8000
CLOSE_DONE: Final = 1000
CLOSE_GOING_AWAY: Final = 1001


class Link:
    """A room on this worker. ``sit``, ``rise`` and ``take`` are synchronous, so what one phone does stays in order."""

    def __init__(self, key: bytes, broker: Broker, now_ms: Callable[[], float], beat_ms: float) -> None:
        self._wire = Wire(key)
        self._broker = broker
        self._now_ms = now_ms
        self._beat_ms = beat_ms
        self._line = Line(self._wire, broker, self._hear, beat_ms=beat_ms)
        self._chairs: dict[str, Chair] = {}
        self._role: Holder | Follower = Follower(self._line, self._chairs, now_ms)
        self._turning = asyncio.Lock()
        self._opened = asyncio.Event()
        self._renewed_ms = now_ms()
        self._due_ms = 0.0
        self.closed = False

    @property
    def holds(self) -> bool:
        """Whether this worker runs the room."""
        return isinstance(self._role, Holder)

    @property
    def idle(self) -> bool:
        """Whether this worker has no part in the room any longer."""
        return not self._chairs and self._role.idle

    async def open(self) -> None:
        """Take the lease, or find its holder and learn the room's time.

        Raises:
            Unavailable: neither could be done in the life of two leases, or of a few seconds where leases are long.
        """
        await self._line.open()
        until_ms = self._now_ms() + min(2000 * self._broker.lease_ttl_s, LONGEST_WAIT_MS) + self._beat_ms
        while not await self._take_over():
            if self._now_ms() > until_ms:
                raise Unavailable("Nobody runs this room, and its lease is not free")
            self._role.beat()
            try:
                async with asyncio.timeout(self._beat_ms / 4000):
                    await self._opened.wait()
            except TimeoutError:
                continue
            return

    async def aclose(self, *, release: bool = True) -> None:
        """Let go of the room. Without ``release`` the lease is left to run out, as when a worker dies."""
        self.closed = True
        async with self._turning:
            for chair in self._chairs.values():
                chair.close(CLOSE_GOING_AWAY)
            await self._line.aclose()
            if isinstance(self._role, Holder) and release:
                await self._role.lease.release()

    def sit(self, chair: Chair) -> None:
        """Bring a device in."""
        self._chairs[chair.conn] = chair
        self._role.sit(chair)

    def rise(self, chair: Chair) -> None:
        """See a device out: its connection has ended."""
        self._role.rise(chair)
        # Only now: a note of what the two did may still have been for this device's person to keep.
        self._chairs.pop(chair.conn, None)

    def take(self, chair: Chair, frame: str | bytes) -> None:
        """Take what a phone sent."""
        if chair.closed is not None:
            return
        now_ms = self._now_ms()
        said = chair.door.admit(frame, now_ms)
        chair.heard_ms = now_ms
        if said is None:
            if chair.door.barred:
                chair.close(CLOSE_TOO_FAST)
            return
        if isinstance(said, Probe):
            chair.put(write(Echo(sent=said.sent, room=self._role.room_ms())), state=False)
        elif isinstance(said, Refused):
            chair.put(write(said), state=False)
        else:
            self._role.told(chair, said)
            if isinstance(said, Leave):
                chair.close(CLOSE_DONE)

    @property
    def asks(self) -> bool:
        """Whether the next beat has to ask the broker something: a lease is renewed about three times in its life."""
        if isinstance(self._role, Holder):
            return self._now_ms() - self._renewed_ms > self._broker.lease_ttl_s * 1000 / 3 - 2 * self._beat_ms
        return self._role.holder_silent

    def due(self, now_ms: float) -> bool:
        """Whether the room has anything to do at this beat."""
        return now_ms >= self._due_ms

    def tick(self) -> None:
        """Do what time demands of the room here: expire the dead, tell the others that this worker lives."""
        self._role.beat()
        self._due_ms = self._now_ms() + self._beat_ms * (0.5 if self._role.hurried else 1.5)

    async def beat(self) -> None:
        """Keep the lease or seek it, and then ``tick``.

        Raises:
            Unavailable: the broker does not answer.
        """
        async with self._turning:
            role = self._role
            if isinstance(role, Holder):
                self._renewed_ms = self._now_ms()
                if not await role.lease.renew():
                    self._role = Follower(
                        self._line, self._chairs, self._now_ms, bias_ms=role.bias_ms, last=role.snapshot()
                    )
            elif role.holder_silent and self._chairs:
                await self._take_over()
            self.tick()

    async def _take_over(self) -> bool:
        lease = await self._broker.lease(self._wire.room, self._wire.worker)
        if lease is None:
            return False
        role = self._role
        if isinstance(role, Follower):
            bias_ms = role.bias_ms or 0.0
            self._role = Holder(lease, self._line, self._chairs, self._now_ms, bias_ms=bias_ms, last=role.last)
        return True

    def _hear(self, worker: str, frame: AnyFrame) -> None:
        role = self._role
        role.hear(worker, frame)
        if role.hurried:
            self._due_ms = 0.0
        if isinstance(role, Follower) and role.synced:
            self._opened.set()
