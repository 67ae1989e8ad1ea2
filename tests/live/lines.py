"""Bad lines between a phone and the house: a TCP way that is late, lossy, one-sided or dead without a word.

Pages come as over a good line, so that a test need not wait for them; what is bad is the live connection.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

Delay: TypeAlias = Callable[[random.Random], float]
"""Seconds by which one piece of a stream is late."""

RETRANSMIT_S: Final = 0.2
"""What a TCP waits at least before it sends a lost piece again (Linux); each further loss doubles it."""


def wifi_s(rng: random.Random) -> float:
    """A Wi-Fi at home: 1.5 ms, most often a few more, and one time in ten a burst of dozens."""
    return (1.5 + rng.expovariate(1 / 2.0) + (rng.expovariate(1 / 40.0) if rng.random() < 0.1 else 0.0)) / 1000


def lossy(share: float) -> Delay:
    """Of the pieces *share* get lost, and what got lost comes again late: that is what loss looks like over TCP."""

    def late_s(rng: random.Random) -> float:
        wait_s, again_s = wifi_s(rng), RETRANSMIT_S
        while rng.random() < share:
            wait_s += again_s
            again_s *= 2
        return wait_s

    return late_s


def late(seconds: float) -> Delay:
    """Every piece as late as this, and a Wi-Fi on top."""
    return lambda rng: seconds + wifi_s(rng)


class Line:
    """One way to a house, with its own address for the phone that takes it."""

    def __init__(self, address: str, there: Delay, back: Delay, seed: int) -> None:
        self._target = urlsplit(address)
        self._there, self._back = there, back
        self._rng = random.Random(seed)
        self._dead: set[asyncio.Task[None]] = set()
        self._carrying: set[asyncio.Task[None]] = set()
        self._ends: set[asyncio.StreamWriter] = set()
        self.loop = asyncio.new_event_loop()
        self.address = ""
        self.opened = 0
        """Live connections so far."""

    async def open(self) -> asyncio.Server:
        """Listen for the phone."""
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return server

    def freeze(self) -> None:
        """Let what is open carry nothing from now on, neither bytes nor an end, as when a phone changed networks."""

        def kill() -> None:
            self._dead |= self._carrying

        self.loop.call_soon_threadsafe(kill)

    async def end(self, server: asyncio.Server) -> None:
        """Cut everything that is still open. What a dead line holds would otherwise keep its socket for good."""
        server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for end in self._ends:
            end.transport.abort()
        # What was aborted is closed by the loop itself, a turn later.
        await asyncio.sleep(0)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # At the end all of it is cancelled at once, which asyncio's streams of 3.11 take for an error.
        with suppress(asyncio.CancelledError):
            await self._carry_both(reader, writer)

    async def _carry_both(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.add(writer)
        far_reader, far_writer = await asyncio.open_connection(self._target.hostname, self._target.port)
        mine = asyncio.current_task()
        assert mine is not None
        self._ends.add(far_writer)
        first = await reader.read(65536)
        live = b"upgrade: websocket" in first.lower()
        self.opened += live
        self._carrying.add(mine)
        far_writer.write(first)
        there, back = (self._there, self._back) if live else (wifi_s, wifi_s)
        ways = (self._pump(reader, far_writer, there, mine), self._pump(far_reader, writer, back, mine))
        await asyncio.gather(*ways, return_exceptions=True)
        self._carrying.discard(mine)
        for end in (writer, far_writer):
            end.close()
            with suppress(OSError):
                await end.wait_closed()
        self._ends -= {writer, far_writer}

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: Delay, connection: asyncio.Task[None]
    ) -> None:
        """Pass bytes on, each piece late by its own wait but never before an earlier one."""
        due_s = 0.0
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def deliver() -> None:
            while True:
                at_s, data = await waiting.get()
                await asyncio.sleep(max(0.0, at_s - self.loop.time()))
                if connection in self._dead:
                    continue
                writer.write(data)
                if not data:
                    writer.close()
                    return

        delivering = asyncio.create_task(deliver())
        while True:
            data = await reader.read(65536)
            due_s = max(due_s, self.loop.time() + delay(self._rng))
            waiting.put_nowait((due_s, data))
            if not data:
                break
        await delivering


@contextmanager
def line_to(address: str, *, there: Delay = wifi_s, back: Delay = wifi_s, seed: int = 0) -> Iterator[Line]:
    """A line to *address*, late by *there* and *back*: a Wi-Fi unless said otherwise."""
    line = Line(address, there, back, seed)
    # Playwright has a loop running in this thread, so this one gets its own.
    thread = threading.Thread(target=line.loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(line.open(), line.loop).result(5)
    try:
        yield line
    finally:
        asyncio.run_coroutine_threadsafe(line.end(server), line.loop).result(5)
        line.loop.call_soon_threadsafe(line.loop.stop)
        thread.join()
        line.loop.close()
