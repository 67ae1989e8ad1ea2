"""All live rooms of one worker: the thin shell between sockets, room machines and the broker."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from toward.errors import Unavailable
from toward.live.broker import InProcessBroker
from toward.live.chair import Chair
from toward.live.link import Link

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from toward.live.broker import Broker
    from toward.live.seat import LiveSeat

_log = logging.getLogger(__name__)

BEAT_S: Final = 1.0
AT_ONCE: Final = 32
"""So many rooms have their beat at the same time."""


def steady_wall_clock() -> Callable[[], float]:
    """Return a clock that begins at the wall's UTC milliseconds and is never set: a room's time must not jump."""
    began_ms = time.time() * 1000 - time.monotonic() * 1000
    return lambda: began_ms + time.monotonic() * 1000


class Seated:
    """A device in its room: give it what the phone sends, and ask it for what to send to the phone."""

    __slots__ = ("_chair", "_link")

    def __init__(self, chair: Chair, link: Link) -> None:
        self._chair = chair
        self._link = link

    def take(self, frame: str | bytes) -> None:
        """Take one frame from the phone. Nothing that a phone can send raises."""
        self._link.take(self._chair, frame)

    def send_with(self, straight: Callable[[bytes], bool]) -> None:
        """Send each frame by *straight* as soon as there is one, while somebody waits for ``next``.

        It returns false for a frame that it can't take now, which then waits for ``next``; whoever gave *straight*
        calls ``wake`` once it takes frames again.
        """
        self._chair.straight = straight

    def wake(self) -> None:
        """Let whoever waits for ``next`` look again."""
        self._chair.wake()

    async def next(self) -> bytes | None:
        """Wait for the next frame for the phone; None when the connection is to be closed with ``close_code``."""
        return await self._chair.next()

    def let_go(self, code: int) -> None:
        """End the connection: its person may not sit here any longer."""
        self._chair.close(code)

    @property
    def close_code(self) -> int:
        """The WebSocket code to close with."""
        return self._chair.closed or 1000


class Hub:
    """The rooms of this worker. It begins with the first device, and ``close`` lets go of every room.

    ``broker`` is a broker or the way to one, such as ``lambda: NatsBroker.connect(url)``: an app is made before there
    is a loop to connect in. The hub closes it.
    """

    def __init__(
        self,
        broker: Broker | Callable[[], Awaitable[Broker]] | None = None,
        *,
        now_ms: Callable[[], float] | None = None,
        beat_s: float = BEAT_S,
    ) -> None:
        self._given = broker or InProcessBroker()
        self._broker: asyncio.Future[Broker] | None = None
        self._now_ms = now_ms or steady_wall_clock()
        self._beat_s = beat_s
        self._worker = secrets.token_hex(8)
        self._links: dict[bytes, asyncio.Task[Link]] = {}
        self._open: dict[bytes, Link] = {}
        self._counter = 0
        self._beating: asyncio.Task[None] | None = None

    async def close(self, *, release: bool = True) -> None:
        """Let go of every room and of the broker, so that other workers can take the rooms.

        Without ``release`` leases are left to run out, as when a worker dies.
        """
        if self._beating is not None:
            self._beating.cancel()
            self._beating = None
        tasks, self._links, self._open = list(self._links.values()), {}, {}
        for task in tasks:
            if _opened(task):
                await task.result().aclose(release=release)
            else:
                task.cancel()
        if self._broker is not None and self._broker.done() and not self._broker.cancelled():
            broker, self._broker = self._broker, None
            if broker.exception() is None:
                await broker.result().aclose()

    async def _connected(self) -> Broker:
        """Return the broker, connecting to it first if need be; a connection that failed is tried anew."""
        if self._broker is None or (self._broker.done() and self._broker.exception() is not None):
            self._broker = asyncio.ensure_future(self._connect())
        return await asyncio.shield(self._broker)

    async def _connect(self) -> Broker:
        return await self._given() if callable(self._given) else self._given

    @asynccontextmanager
    async def seat(self, seat: LiveSeat) -> AsyncIterator[Seated]:
        """Seat a device for as long as its connection lasts.

        Raises:
            Unavailable: the room can't be reached now.
        """
        if self._beating is None:
            self._beating = asyncio.create_task(self._beat())
        link = await self._link(seat)
        while link.closed:
            # It was let go of as idle, just before this device could sit down.
            link = await self._link(seat)
        self._counter += 1
        chair = Chair(f"{self._worker}.{self._counter}", seat, self._now_ms())
        link.sit(chair)
        try:
            yield Seated(chair, link)
        finally:
            link.rise(chair)

    async def _link(self, seat: LiveSeat) -> Link:
        """Return this worker's link to the room; whoever comes first opens it and the others wait for the same one."""
        key = seat.space + seat.key
        task = self._links.get(key)
        if task is None or task.cancelled() or (task.done() and task.exception() is not None):
            task = self._links[key] = asyncio.create_task(self._open_link(key, seat.key))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise Unavailable("This worker is going away") from None
            raise

    async def _open_link(self, key: bytes, room_key: bytes) -> Link:
        link = Link(room_key, await self._connected(), self._now_ms, self._beat_s * 1000)
        try:
            await link.open()
        except BaseException:
            self._links.pop(key, None)
            await link.aclose()
            raise
        self._open[key] = link
        return link

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._beat_s)
            await self.beat()

    async def beat(self) -> None:
        """Let every room do what time demands, and let go of those that are over."""
        now_ms = self._now_ms()
        due = [(key, link) for key, link in self._open.items() if link.due(now_ms)]
        for at in range(0, len(due), AT_ONCE):
            some = due[at : at + AT_ONCE]
            asking = []
            for _, link in some:
                if link.asks:
                    asking.append(self._beat_one(link))
                else:
                    link.tick()
            # Also a breath of air between them: a probe that waits for hundreds of rooms measures the wait.
            await asyncio.gather(*asking, asyncio.sleep(0))
            for key, link in some:
                if link.idle and self._open.get(key) is link:
                    del self._open[key], self._links[key]
                    await link.aclose()

    async def _beat_one(self, link: Link) -> None:
        try:
            await link.beat()
        except Unavailable as why:
            _log.warning("A room's beat was missed: %s", type(why).__name__)


def _opened(task: asyncio.Task[Link]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None
