"""What a live message costs the server: phones that send what phones send, and the processor time it took.

The phones are one process of raw sockets, so that they are never what is measured; the server is a process of its own,
and its processor time is read from the system.
"""

from __future__ import annotations

import asyncio
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import psutil
import uvloop

from toward.live.door import BURST, PER_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

WARM_S: Final = 0.7
MEASURE_S: Final = 3.0
TICK_S: Final = 0.004
QUIET_S: Final = 0.2
"""When nothing came for so long, all answers are here."""
REFILL_S: Final = BURST / PER_S
DEPTH: Final = 2
"""In a saturated load: so many messages of each phone are on their way at once, whatever the server answers to them."""
STALL_S: Final = 1.0
"""A pair that got nothing for so long is owed nothing any more."""

SERVER: Final = """
import sys
import uvicorn
from hashlib import blake2b
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

async def echo(websocket):
    await websocket.accept()
    while True:
        await websocket.send_text(await websocket.receive_text())

def room():
    from toward.live import Hub, LiveSeat, door
    if sys.argv[1] == "open room":
        door.PER_S = door.BURST = 1e9
    from toward.web.live_socket import LiveSocket

    async def authenticate(websocket):
        couple, _, name = websocket.cookies["who"].partition(".")
        key = blake2b(couple.encode(), digest_size=32).digest()
        return LiveSeat(name.encode().ljust(16), key[:16], key, name)

    return LiveSocket(Hub(), authenticate)

endpoint = echo if sys.argv[1] == "echo" else room()
uvicorn.run(
    Starlette(routes=[WebSocketRoute("/live", endpoint)]), port=int(sys.argv[2]), loop="uvloop", http="httptools",
    ws="websockets-sansio", ws_per_message_deflate=False, ws_ping_interval=None, access_log=False, log_config=None,
    log_level="critical",
)
"""
NODE: Final = """
const { WebSocketServer } = require("ws");
const server = new WebSocketServer({ port: Number(process.argv[2]), host: "127.0.0.1", perMessageDeflate: false });
server.on("connection", (socket) => socket.on("message", (data) => socket.send(data.toString())));
"""


def framed(text: bytes) -> bytes:
    """A client's frame. With a mask of zeros it costs the server the same and us nothing."""
    return bytes([0x81, 0x80 | len(text)]) + b"\0\0\0\0" + text


PROBE: Final = framed(b'{"is":"probe","sent":1234567.891}')
THUMBS: Final = (framed(b'{"is":"thumb","down":true}'), framed(b'{"is":"thumb","down":false}'))


class Load(NamedTuple):
    """What each phone sends: ``thumbs`` of ten messages are thumbs, the rest probes; ``each_s`` a second and phone.

    A phone's thumb goes down and up in turn, so that each one is a change, which a room tells both phones.

    ``each_s`` of None saturates: each phone has ``DEPTH`` messages on their way, and sends as many again once its pair
    has all the answers. So as many messages wait at each server's sockets at once, and as many are read in one go: what
    is read together costs less, and a server may not be the cheaper for owing fewer frames. A room's door would bar
    such phones, so that load is for an "open room", whose door lets everything in.
    """

    name: str
    each_s: float | None
    thumbs: int

    def is_for(self, kind: str) -> bool:
        """Whether this server gets this load: a room with a door the paced ones, an open one the saturated."""
        return kind != ("room" if self.each_s is None else "open room")


class Cost(NamedTuple):
    """Frames in and out in the window, the server's processor seconds, and the share of one core that it used."""

    taken: int
    given: int
    cpu_s: float
    busy: float

    @property
    def us_a_frame(self) -> float:
        """Processor time for each frame that came in or went out, in microseconds."""
        return 1e6 * self.cpu_s / max(1, self.taken + self.given)

    @property
    def us_a_message(self) -> float:
        """Processor time for each message that a phone sent, with everything sent because of it."""
        return 1e6 * self.cpu_s / max(1, self.taken)


class Phone(asyncio.Protocol):
    """One raw connection that says what a phone says and counts the frames it gets."""

    def __init__(self, who: str, port: int, turn: int) -> None:
        self.frames = 0
        self.refused = 0
        self.open = asyncio.get_running_loop().create_future()
        self._buffer = b""
        self._upgraded = False
        self._turn = turn
        self._down = False
        self._hello = (
            f"GET /live HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\norigin: http://127.0.0.1:{port}\r\n"
            "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n"
            f"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\ncookie: who={who}\r\n\r\n"
        ).encode()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        # uvloop's transports are asyncio's in all but their class.
        self.transport = cast("asyncio.Transport", transport)
        transport.write(self._hello)

    def say(self, thumbs: int) -> bool:
        """Send the next message, a thumb in so many of ten; return whether it was one."""
        self._turn += 7
        if self._turn % 10 >= thumbs:
            self.transport.write(PROBE)
            return False
        self.transport.write(THUMBS[self._down])
        self._down = not self._down
        return True

    def data_received(self, data: bytes) -> None:
        """Count whole frames; the server's are short and unmasked."""
        self._buffer += data
        self.refused += data.count(b'"refused"')
        if not self._upgraded:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            assert head.startswith(b"HTTP/1.1 101"), head
            self._upgraded, self._buffer = True, rest
            self.open.set_result(None)
        at, buffer = 0, self._buffer
        while len(buffer) - at >= 2:
            length, head = buffer[at + 1], 2
            if length == 126:
                length, head = int.from_bytes(buffer[at + 2 : at + 4]), 4
            if len(buffer) - at < head + length:
                break
            self.frames += buffer[at] & 15 == 1
            at += head + length
        self._buffer = buffer[at:]


class Target(NamedTuple):
    """A server with its phones on it."""

    process: psutil.Process
    phones: list[Phone]
    kib_each: float
    answers: int
    """Frames that go out for one thumb: a room tells both phones."""

    @property
    def given(self) -> int:
        """Frames that came from the server so far."""
        return sum(phone.frames for phone in self.phones)


async def _fill(process: psutil.Process, port: int, pairs: int, answers: int) -> Target:
    loop = asyncio.get_running_loop()
    rss = process.memory_info().rss
    phones: list[Phone] = []
    for pair in range(pairs):
        for name in ("ada", "lin"):
            made = partial(Phone, f"{pair}.{name}", port, len(phones))
            _, phone = await loop.create_connection(made, "127.0.0.1", port)
            await asyncio.wait_for(phone.open, 20)
            phones.append(phone)
    await asyncio.sleep(1)
    return Target(process, phones, (process.memory_info().rss - rss) / 1024 / len(phones), answers)


async def _take_turns(
    servers: Mapping[str, tuple[psutil.Process, int]], loads: Sequence[Load], pairs: int, rounds: int
) -> tuple[dict[str, float], dict[tuple[str, str], Cost]]:
    targets: dict[str, Target] = {}
    best: dict[tuple[str, str], Cost] = {}
    for load in loads:
        for _ in range(rounds):
            for kind, server in servers.items():
                if not load.is_for(kind):
                    continue
                # Only now: a room closes the door behind phones that say nothing for long.
                if kind not in targets:
                    targets[kind] = await _fill(*server, pairs, 2 if "room" in kind else 1)
                target = targets[kind]
                cost = await _measure(target, load)
                while sum(phone.refused for phone in target.phones):
                    # The machine was so busy that messages piled up, and the room refused some: no measure of anything.
                    await asyncio.sleep(REFILL_S)
                    for phone in target.phones:
                        phone.refused = 0
                    cost = await _measure(target, load)
                key = kind, load.name
                best[key] = min(best.get(key, cost), cost, key=lambda found: found.us_a_frame)
    return {kind: target.kib_each for kind, target in targets.items()}, best


async def _measure(target: Target, load: Load) -> Cost:
    await _send_for(WARM_S, target, load)
    given, began_s, began_cpu_s = target.given, time.perf_counter(), _cpu_s(target.process)
    sent = await _send_for(MEASURE_S, target, load)
    spent_s, cpu_s = time.perf_counter() - began_s, _cpu_s(target.process) - began_cpu_s
    return Cost(sent, target.given - given, cpu_s, cpu_s / spent_s)


async def _send_for(seconds: float, target: Target, load: Load) -> int:
    """Put the load on for so long, and wait for all answers: what is counted is what the server has read."""
    send = _paced(target, load, load.each_s) if load.each_s else _saturating(target, load)
    sent = 0
    began = time.perf_counter()
    while (now := time.perf_counter() - began) < seconds:
        sent += send(now)
        await asyncio.sleep(TICK_S if load.each_s else 0)
    given = -1
    while given != target.given:
        given = target.given
        await asyncio.sleep(QUIET_S)
    return sent


def _paced(target: Target, load: Load, each_s: float) -> Callable[[float], int]:
    """Send what is due, phone after phone."""
    phones = target.phones
    sent = 0

    def send(now_s: float) -> int:
        nonlocal sent
        before = sent
        due = int(now_s * each_s * len(phones))
        while sent < due:
            phones[sent % len(phones)].say(load.thumbs)
            sent += 1
        return sent - before

    return send


def _saturating(target: Target, load: Load) -> Callable[[float], int]:
    """Keep every pair waiting: a probe is owed one frame, a thumb as many as this server answers."""
    pairs = list(zip(target.phones[::2], target.phones[1::2], strict=True))
    owed = [0] * len(pairs)
    moved_s = [0.0] * len(pairs)

    def send(now_s: float) -> int:
        sent = 0
        for index, pair in enumerate(pairs):
            got = pair[0].frames + pair[1].frames
            if got < owed[index] and now_s - moved_s[index] < STALL_S:
                continue
            thumbs = sum(phone.say(load.thumbs) for phone in pair for _ in range(DEPTH))
            owed[index] = got + 2 * DEPTH + thumbs * (target.answers - 1)
            moved_s[index] = now_s
            sent += 2 * DEPTH
        return sent

    return send


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


@contextmanager
def _running(command: Sequence[str], port: int, cwd: str | None = None) -> Iterator[psutil.Process]:
    server = subprocess.Popen(command, cwd=cwd)
    try:
        for _ in range(200):
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield psutil.Process(server.pid)
    finally:
        server.send_signal(signal.SIGKILL)
        server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def compare(
    kinds: Sequence[str], loads: Sequence[Load], pairs: int, rounds: int
) -> tuple[dict[str, float], dict[tuple[str, str], Cost]]:
    """Return KiB a connection for each server, and for each server and load the best of *rounds*.

    The servers ("room", "open room", "echo", "node") run side by side and are measured in turn, so that a busy machine
    slows all of them; what other programs add is not part of a message's cost, hence the best.

    Raises:
        FileNotFoundError: "node" is asked for and Node or its package ``ws`` can't be had.
    """
    with ExitStack() as stack:
        servers = {}
        for kind in kinds:
            port = _free_port()
            command: Sequence[str] = [sys.executable, "-c", SERVER, kind, str(port)]
            folder = None
            if kind == "node":
                folder = stack.enter_context(tempfile.TemporaryDirectory())
                _get_ws(folder)
                command = ["node", "echo.cjs", str(port)]
            servers[kind] = stack.enter_context(_running(command, port, folder)), port
        return uvloop.run(_take_turns(servers, loads, pairs, rounds))


def _get_ws(folder: str) -> None:
    if not (shutil.which("npm") and shutil.which("node")):
        raise FileNotFoundError("node")
    got = subprocess.run(
        ["npm", "install", "--silent", "--no-audit", "--no-fund", "ws@8"],
        cwd=folder,
        check=False,
        capture_output=True,
        timeout=60,
    )
    if got.returncode:
        raise FileNotFoundError("ws")
    (Path(folder) / "echo.cjs").write_text(NODE, encoding="utf-8")
