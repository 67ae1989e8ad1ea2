"""The socket as an attacker, a stranger or a bad network meets it, without a browser in between."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.live.harness import Harness, served
from toward.live.door import BURST, CAMERA_BURST, STRIKES
from toward.live.hub import Hub
from toward.live.seat import LiveSeat
from toward.web.live_socket import FRAME_BYTES, LiveSocket

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

    from starlette.websockets import WebSocket


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A served room."""
    with served(Harness().app) as url:
        yield url


def enter(address: str, who: str, origin: str | None = "same") -> ClientConnection:
    """Open a socket as ``<couple>.<name>``, from the app's own pages unless another origin is given."""
    return connect(
        address.replace("http", "ws") + "/live",
        origin=address if origin == "same" else origin,  # type: ignore[arg-type]
        additional_headers={"cookie": f"who={who}"},
        compression=None,
    )


def code_of(socket: ClientConnection) -> int:
    """Read until the socket is closed and return the code."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            socket.recv(timeout=5)
    assert socket.close_code is not None
    return socket.close_code


def hear(socket: ClientConnection, **wanted: object) -> dict[str, Any]:
    """Read until a frame has what is wanted."""
    while True:
        frame: dict[str, Any] = json.loads(socket.recv(timeout=5))
        if all(frame.get(key) == value for key, value in wanted.items()):
            return frame


@pytest.mark.parametrize(
    ("who", "origin", "code"),
    [
        ("", "same", 4401),
        ("c0.ada", None, 4403),
        ("c0.ada", "https://elsewhere.example", 4403),
        ("c0.ada", "null", 4403),
        ("c0.ada", "file://", 4403),
    ],
)
def test_turns_away_who_is_nobody_or_comes_from_elsewhere(
    address: str, who: str, origin: str | None, code: int
) -> None:
    """Signed in or not, a socket that another site (or no site) opened hears nothing; nobody gets 4401."""
    with enter(address, who, origin) as socket:
        assert code_of(socket) == code


def test_a_third_person_is_turned_away(address: str) -> None:
    """Two are in the room; whoever comes third is a stranger, even with the room's key."""
    with enter(address, "c1.ada") as ada, enter(address, "c1.lin"):
        hear(ada, them=True)
        with enter(address, "c1.eve") as eve:
            assert code_of(eve) == 4403
        ada.send('{"is":"thumb","down":true}')
        assert hear(ada, your_thumb=True)["them"]


def test_noise_is_answered_to_its_sender_only_and_the_room_goes_on(address: str) -> None:
    """A refusal names what was expected; the other hears nothing of it."""
    with enter(address, "c2.ada") as ada, enter(address, "c2.lin") as lin:
        hear(ada, them=True)
        rev = hear(lin, them=True)["rev"]
        for noise in ("", "[]", "{}", '{"is":"fly"}', "\x00", '{"is":"thumb"}'):
            ada.send(noise)
            assert hear(ada, **{"is": "refused"})["expected"]
        ada.send(b"\xff\xfe")
        assert hear(ada, **{"is": "refused"})["reason"] == "not_json"
        ada.send('{"is":"thumb","down":true}')
        assert hear(lin)["rev"] == rev + 1


def test_a_frame_that_is_too_long_ends_the_connection_before_it_is_read(address: str) -> None:
    """The server's own limit: a megabyte is never held for anybody."""
    with enter(address, "c3.ada") as ada:
        ada.send("x" * (FRAME_BYTES + 1))
        assert code_of(ada) == 1009


def test_a_flood_is_closed_and_the_other_is_not_disturbed(address: str) -> None:
    """After the burst and a hundred more the door shuts with 4429."""
    with enter(address, "c4.ada") as ada, enter(address, "c4.lin") as lin:
        hear(lin, them=True)
        # The door may shut while the rest is still on its way in.
        with contextlib.suppress(ConnectionClosed):
            for _ in range(BURST + STRIKES + 50):
                ada.send('{"is":"probe","sent":1}')
        assert code_of(ada) == 4429
        assert not hear(lin, them=False)["plan"]


def test_a_flood_of_camera_frames_is_closed_and_the_other_is_answered_meanwhile(address: str) -> None:
    """Four times what a camera's limit takes: the door shuts with 4429, and the other's probes all come back soon."""
    light = '{"is":"frames","local":1,"room":1,"after":[0],"red":[200],"green":[10],"blue":[9]}'
    with enter(address, "c6.ada") as ada, enter(address, "c6.lin") as lin:
        hear(lin, them=True)
        waits = []
        with contextlib.suppress(ConnectionClosed):
            for k in range(4 * (CAMERA_BURST + STRIKES)):
                ada.send(light)
                if k % 50 == 0:
                    start = time.perf_counter()
                    lin.send(json.dumps({"is": "probe", "sent": k}))
                    hear(lin, sent=k)
                    waits.append(time.perf_counter() - start)
        assert code_of(ada) == 4429
        assert len(waits) > 5
        assert sorted(waits)[len(waits) // 2] < 0.2


def test_probes_come_back_with_what_was_sent(address: str) -> None:
    """Digits and all: the phone measures with it."""
    with enter(address, "c5.ada") as ada:
        ada.send('{"is":"probe","sent":12345.678901}')
        assert hear(ada, **{"is": "echo"})["sent"] == 12345.678901


def test_a_phone_that_goes_while_it_is_answered_is_no_error() -> None:
    """The answer finds nobody; the endpoint ends in order and the seat is free."""
    frames: Iterator[dict[str, Any]] = iter(
        [
            {"type": "websocket.connect"},
            {"type": "websocket.receive", "text": '{"is":"probe","sent":1}'},
            {"type": "websocket.receive", "text": '{"is":"probe","sent":2}'},
            {"type": "websocket.disconnect", "code": 1006},
        ]
    )

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        return next(frames)

    answered = 0

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal answered
        if "echo" in message.get("text", ""):
            answered += 1
            raise OSError

    async def authenticate(_: WebSocket) -> LiveSeat:
        return LiveSeat(b"ada".ljust(16), b"k" * 16, b"k" * 32, "ada")

    headers = [(b"origin", b"http://here"), (b"host", b"here")]
    hub = Hub()

    async def visit() -> None:
        await LiveSocket(hub, authenticate)({"type": "websocket", "headers": headers}, receive, send)
        await hub.close()

    asyncio.run(visit())
    assert answered
    assert next(frames, None) is None


def test_leaving_closes_the_connection_in_order(address: str) -> None:
    """Who says that they leave is let out with 1000."""
    with enter(address, "c6.ada") as ada:
        ada.send('{"is":"leave"}')
        assert code_of(ada) == 1000


def test_a_broker_that_is_away_is_said_as_later() -> None:
    """The phone is told to try again, and nothing hangs."""
    harness = Harness("nats://127.0.0.1:9")
    assert isinstance(harness.hub, Hub)
    with served(harness.app) as url, enter(url, "c7.ada") as ada:
        assert code_of(ada) == 1013
