"""Whose socket it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.web.stand import LIVE_KEY, SPACE, FakePartner, FakeVault, TestClient, app_of, browser, demo_of
from toward.journal.kinds import Together
from toward.live.events import Note
from toward.web.live_seat import authenticate

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

    from toward.live.seat import LiveSeat


def seat(vault: FakeVault, cookie: str = "", **options: Any) -> LiveSeat | None:  # noqa: ANN401
    """The seat that a handshake with *cookie* gets."""
    found: list[LiveSeat | None] = []

    async def live(websocket: WebSocket) -> None:
        found.append(await authenticate(websocket))
        if found[0] and found[0].note:
            await found[0].note(Note("c1", "breath", 2.0, "together"))
        await websocket.accept()
        await websocket.close()

    client: TestClient = browser(app_of(vault, live=live, **options))
    headers = {"origin": "http://localhost", "cookie": cookie}
    with client.websocket_connect("ws://localhost/live", headers=headers) as socket:
        socket.receive()
    return found[0]


def test_somebody_in_a_couple_has_a_seat() -> None:
    """With the couple's space and key; what the two did is kept by their session."""
    vault = FakeVault()
    got = seat(vault, "toward-session=mara-token")
    assert got is not None
    assert (got.person, got.space, got.key, got.name) == (b"m" * 16, SPACE, LIVE_KEY, "Mara")
    assert vault.mara.written == [Together(practice="breath", minutes=2.0)]


def test_nobody_else_has_one() -> None:
    """Not without a cookie, not alone, and not in a couple that one has left."""
    vault = FakeVault()
    assert seat(vault) is None
    assert seat(vault, "toward-session=solo-token") is None
    assert seat(vault, "toward-session=ended") is None
    vault.mara.partner = FakePartner(b"l" * 16, "Lin", open=False)
    assert seat(vault, "toward-session=mara-token") is None


def test_in_the_look_around_the_seat_is_the_invented_person_s() -> None:
    """No cookie is needed, and one is not looked at."""
    vault = FakeVault()
    got = seat(vault, "toward-session=solo-token", demo=demo_of(vault.mara))
    assert got is not None
    assert got.name == "Mara"
