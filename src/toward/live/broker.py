"""How workers reach each other: publish, subscribe, and the lease that says which worker runs a room.

One process needs none of it and gets ``InProcessBroker``; several get ``nats_broker.NatsBroker``. Both keep one
contract, which ``tests/live/test_broker.py`` runs on both: a message reaches all who subscribed before it was
published, in the order of its publisher, at most once; a lease has one holder at a time, who must renew it, and a later
holder has a greater epoch.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING, Final, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Callable

BACKLOG: Final = 1024
"""A subscriber who falls this far behind loses the oldest. Whoever needs the whole asks for it again."""


class Subscription(Protocol):
    """Messages as they come. Ends when it is closed."""

    def __aiter__(self) -> Self:
        """Return itself."""
        ...

    async def __anext__(self) -> bytes:
        """Wait for the next message."""
        ...

    async def aclose(self) -> None:
        """End it; whoever waits on it stops waiting."""
        ...


class Lease(Protocol):
    """The right to run one room, for a while."""

    @property
    def epoch(self) -> int:
        """A number greater than that of every earlier holder of this room."""
        ...

    @property
    def held(self) -> bool:
        """Whether it certainly is still ours, by our own clock: false before anybody else can have it."""
        ...

    async def renew(self) -> bool:
        """Hold it for a while longer. False: it is lost, and stays lost."""
        ...

    async def release(self) -> None:
        """Give it back at once. Does nothing if it was lost."""
        ...


class Broker(Protocol):
    """What a hub needs of the world between workers."""

    @property
    def lease_ttl_s(self) -> float:
        """How long a lease lasts that is not renewed."""
        ...

    async def publish(self, subject: str, data: bytes) -> None:
        """Send to all who are subscribed now."""
        ...

    async def subscribe(self, subject: str) -> Subscription:
        """Return the messages published from now on."""
        ...

    async def lease(self, room: str, holder: str) -> Lease | None:
        """Return the lease of a room, or None while another (or an earlier lease of the same holder) has it."""
        ...

    async def aclose(self) -> None:
        """Let go of everything."""
        ...


class Mailbox:
    """A bounded queue with an end. The oldest goes when it is full."""

    def __init__(self) -> None:
        self._waiting: deque[bytes] = deque(maxlen=BACKLOG)
        self._ready = asyncio.Event()
        self._closed = False

    def put(self, data: bytes) -> None:
        """Add one message."""
        self._waiting.append(data)
        self._ready.set()

    def __aiter__(self) -> Self:
        """Return itself."""
        return self

    async def __anext__(self) -> bytes:
        """Wait for the next message."""
        while not self._waiting:
            if self._closed:
                raise StopAsyncIteration
            self._ready.clear()
            await self._ready.wait()
        return self._waiting.popleft()

    def close(self) -> None:
        """End it: what is waiting is dropped."""
        self._closed = True
        self._waiting.clear()
        self._ready.set()


class _LocalSubscription(Mailbox):
    def __init__(self, forget: Callable[[_LocalSubscription], None]) -> None:
        super().__init__()
        self._forget = forget

    async def aclose(self) -> None:
        """End it."""
        self._forget(self)
        self.close()


class _LocalLease:
    """A lease in this process's memory."""

    def __init__(self, broker: InProcessBroker, room: str, epoch: int) -> None:
        self._broker = broker
        self._room = room
        self.epoch = epoch

    @property
    def held(self) -> bool:
        """Whether it is still ours."""
        return self._broker._epoch_of(self._room) == self.epoch  # noqa: SLF001 -- the lease is a part of its broker

    async def renew(self) -> bool:
        """Hold it for a while longer."""
        return self._broker._extend(self._room, self.epoch)  # noqa: SLF001

    async def release(self) -> None:
        """Give it back."""
        self._broker._drop(self._room, self.epoch)  # noqa: SLF001


class InProcessBroker:
    """Everything in one process: the default, with one worker. Its leases are long, for nobody waits for one to end."""

    def __init__(self, *, lease_ttl_s: float = 60.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.lease_ttl_s = lease_ttl_s
        self._clock = clock
        self._subscribers: dict[str, list[_LocalSubscription]] = {}
        self._leases: dict[str, tuple[int, float]] = {}
        self._epoch = 0

    async def publish(self, subject: str, data: bytes) -> None:
        """Put it into every mailbox of this subject."""
        for subscriber in self._subscribers.get(subject, ()):
            subscriber.put(data)

    async def subscribe(self, subject: str) -> Subscription:
        """Return a new mailbox of this subject."""

        def forget(gone: _LocalSubscription) -> None:
            left = [one for one in self._subscribers.get(subject, ()) if one is not gone]
            if left:
                self._subscribers[subject] = left
            else:
                self._subscribers.pop(subject, None)

        subscription = _LocalSubscription(forget)
        self._subscribers[subject] = [*self._subscribers.get(subject, ()), subscription]
        return subscription

    async def lease(self, room: str, holder: str) -> Lease | None:  # noqa: ARG002 -- only other brokers show the holder
        """Return the lease if nobody has it."""
        if self._epoch_of(room) is not None:
            return None
        self._epoch += 1
        self._leases[room] = (self._epoch, self._clock() + self.lease_ttl_s)
        return _LocalLease(self, room, self._epoch)

    async def aclose(self) -> None:
        """Close every mailbox."""
        for subscriber in [one for many in self._subscribers.values() for one in many]:
            await subscriber.aclose()

    def _epoch_of(self, room: str) -> int | None:
        epoch, until = self._leases.get(room, (0, 0.0))
        return epoch if epoch and self._clock() < until else None

    def _extend(self, room: str, epoch: int) -> bool:
        if self._epoch_of(room) != epoch:
            return False
        self._leases[room] = (epoch, self._clock() + self.lease_ttl_s)
        return True

    def _drop(self, room: str, epoch: int) -> None:
        if self._epoch_of(room) == epoch:
            del self._leases[room]
