"""Couples and phones for tests of a hub, and the workers they sit on: what each phone heard, and what is waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec
from nacl.utils import random as random_bytes

from toward.live import Broker, Hub, LiveSeat, Note
from toward.live import messages as say
from toward.live.hub import steady_wall_clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from toward.live import Seated
    from toward.live.events import HeartNote

MakeBroker: TypeAlias = Callable[[], Callable[[], Coroutine[Any, Any, Broker]]]
"""For each test anew, a way to a broker for each worker."""

BEAT_S: Final = 0.1
from_room: Final = msgspec.json.Decoder(say.ToPhone)


class Couple:
    """Two people with a room key of their own."""

    def __init__(self) -> None:
        self.space, self.key = random_bytes(16), random_bytes(32)
        self.notes: list[tuple[str, Note | HeartNote]] = []

    def seat(self, name: str) -> LiveSeat:
        """A seat for one of them, with a session that keeps what they did."""

        async def keep(note: Note | HeartNote) -> None:
            self.notes.append((name, note))

        return LiveSeat(name.encode().ljust(16), self.space, self.key, name, keep)


class Phone:
    """A device that remembers the newest state."""

    def __init__(self, seated: Seated) -> None:
        self.seated = seated
        self.heard: list[say.ToPhone] = []
        self.ended = False
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        while (frame := await self.seated.next()) is not None:
            self.heard.append(from_room.decode(frame))
            self._news.set()
        self.ended = True
        self._news.set()

    @property
    def state(self) -> say.State | None:
        """The newest state."""
        return next((one for one in reversed(self.heard) if isinstance(one, say.State)), None)

    def says(self, message: say.PhoneMessage) -> None:
        """Send a message."""
        self.seated.take(msgspec.json.encode(message))

    async def until(self, wanted: Callable[[say.State], object], seconds: float = 20.0) -> say.State:
        """Wait for a state that is as wanted."""
        async with asyncio.timeout(seconds):
            while self.state is None or not wanted(self.state):
                self._news.clear()
                await self._news.wait()
        return self.state

    async def room_offset_ms(self, clock: Callable[[], float]) -> float:
        """Probe the room's time once and return how far it is from this clock."""
        sent = clock()
        self.says(say.Probe(sent=sent))
        async with asyncio.timeout(10):
            while True:
                for one in self.heard:
                    if isinstance(one, say.Echo) and one.sent == sent:
                        return one.room - (sent + clock()) / 2
                self._news.clear()
                await self._news.wait()

    def put_away(self) -> None:
        """Stop listening."""
        self._task.cancel()


@asynccontextmanager
async def phone(hub: Hub, seat: LiveSeat) -> AsyncIterator[Phone]:
    """A phone that sits down and, at the end, drops out."""
    async with hub.seat(seat) as seated:
        device = Phone(seated)
        try:
            yield device
        finally:
            device.put_away()


async def eventually(so: Callable[[], object]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(20):
        while not so():  # noqa: ASYNC110 -- what is waited for has no event
            await asyncio.sleep(0.01)


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run one test, which none here needs a minute for."""

    async def limited() -> None:
        async with asyncio.timeout(60):
            await test()

    asyncio.run(limited())


@asynccontextmanager
async def hubs(make_broker: MakeBroker, *ahead_ms: float) -> AsyncIterator[list[Hub]]:
    """Workers on one broker, each with a wall clock that is ``ahead_ms`` of the true one."""

    def clock(ahead: float) -> Callable[[], float]:
        true = steady_wall_clock()
        return lambda: true() + ahead

    made = [Hub(make_broker(), now_ms=clock(ahead), beat_s=BEAT_S) for ahead in ahead_ms]
    try:
        yield made
    finally:
        for hub in made:
            await hub.close()
