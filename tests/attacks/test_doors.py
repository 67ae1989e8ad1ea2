"""The doors: sockets that outlive their person, a path that freezes the house, words taken for markup."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.live.harness import served
from tests.pages.two import Two
from tests.vault.couple import PASSPHRASE, Home
from tests.web.stand import browser, set_cookies
from toward.journal.kinds import Agreement, CheckIn, Invitation, LineShared, Memory, Moment, Named, Reached
from toward.live import Hub
from toward.live.events import Note
from toward.vault import devices, erasing, pairing, rotation
from toward.vault.ledger import Ledgers
from toward.web import app as web_app
from toward.web import live_seat, live_socket
from toward.web.app import create_app
from toward.web.cookies import TrustedPerson, pack_people
from toward.web.pages import before
from toward.web.settings import FORM_BYTES, IMPORT_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from toward.vault import Arrival

NEW = "four other quiet words"
EVIL = '"><img src=x onerror=alert(1)>{{7*7}}'


@pytest.fixture
def two(tmp_path: Path) -> Two:
    """Mara and Lin."""
    return Two(tmp_path / "data")


# -------------------------------------------------------------------------------------------------- live sockets


class Live(Home):
    """A served home with short looks at who may still be in a room."""

    address = ""

    def enter(self, arrival: Arrival) -> ClientConnection:
        """A phone in the room."""
        return connect(
            self.address.replace("http", "ws") + "/live",
            origin=Origin(self.address),
            additional_headers={"cookie": f"toward-session={arrival.token}"},
            compression=None,
        )


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    """A home behind a real server."""
    monkeypatch.setattr(live_socket, "LOOK_S", 0.1)
    home = Live(tmp_path / "data")
    with served(create_app(home.vault, hub=Hub(), now_ms=home.clock)) as address:
        home.address = address
        yield home


def hear(socket: ClientConnection, **wanted: object) -> dict[str, Any]:
    """Read until a frame has what is wanted."""
    while True:
        frame: dict[str, Any] = json.loads(socket.recv(timeout=10))
        if all(frame.get(key) == value for key, value in wanted.items()):
            return frame


def code_of(socket: ClientConnection) -> int | None:
    """Read until the socket is closed; None if it stays open."""
    try:
        while True:
            socket.recv(timeout=10)
    except TimeoutError:
        return None
    except ConnectionClosed:
        return socket.close_code


def _sign_out(mara: Arrival, _lin: Arrival) -> None:
    mara.session.sign_out()


def _remove(mara: Arrival, _lin: Arrival) -> None:
    devices.remove_device(mara.session, mara.device.id)


def _leave(mara: Arrival, _lin: Arrival) -> None:
    pairing.unpair(mara.session)


def _be_left(_mara: Arrival, lin: Arrival) -> None:
    lin.session.refresh()
    pairing.unpair(lin.session)


def _erase(mara: Arrival, _lin: Arrival) -> None:
    erasing.erase(mara.session)


def _renew(mara: Arrival, _lin: Arrival) -> None:
    rotation.someone_knows(mara.session, PASSPHRASE, NEW, mara.device.secret, "phone")


@pytest.mark.parametrize("over", [_sign_out, _remove, _leave, _be_left, _erase, _renew])
def test_a_socket_ends_with_what_it_stood_on(live: Live, over: Callable[[Arrival, Arrival], None]) -> None:
    """Signed out, removed, left, erased or with new keys: whoever sat there is gone and can't return."""
    mara, lin = live.couple()
    with live.enter(mara) as phone:
        hear(phone, them=False)
        over(mara, lin)
        assert code_of(phone) == live_socket.CLOSE_LATER
    with live.enter(mara) as phone:
        assert code_of(phone) == live_socket.CLOSE_SIGN_IN


def test_a_socket_whose_room_has_a_new_key_comes_back_into_the_same_room(live: Live) -> None:
    """Mara makes new keys; Lin's phone, who did nothing, is let go and finds Mara again."""
    mara, lin = live.couple()
    with live.enter(lin) as theirs:
        hear(theirs, them=False)
        renewed = rotation.someone_knows(
            mara.session, PASSPHRASE, "four other quiet words", mara.device.secret, "phone"
        )
        assert code_of(theirs) == live_socket.CLOSE_LATER
    with live.enter(lin) as theirs, live.enter(mara._replace(token=renewed.token)):
        hear(theirs, them=True)
        time.sleep(0.4)
        with contextlib.suppress(TimeoutError):
            theirs.recv(timeout=0.1)
        theirs.send('{"is":"probe","sent":1}')
        hear(theirs, sent=1)


async def _noted(home: Home, mara: Arrival) -> int:
    seat = live_seat.seat_of(home.vault.session(mara.token))
    assert seat is not None
    assert seat.note is not None
    mara.session.sign_out()
    await seat.note(Note("c1", "breath", 2.0, "together"))
    again, _ = home.vault.sign_in(mara.device, PASSPHRASE)
    return len(again.life.together)


def test_a_room_writes_nothing_for_who_has_signed_out(tmp_path: Path) -> None:
    """The note of what two did comes at the end of a breath; the session that would write it may be over by then."""
    home = Home(tmp_path / "data")
    mara, _ = home.couple()
    assert asyncio.run(_noted(home, mara)) == 0


# ------------------------------------------------------------------------------------------------ a frozen house


def test_no_path_takes_long_to_refuse() -> None:
    """One address that another site has a signed-in browser open must not hold the whole server."""
    began = time.thread_time()
    for text in ("/" + "a" * 28 + "!", "/" + "a/" * 14 + "A", "/" + "-" * 2000 + "!", "/a" * 1000 + "//"):
        before._path(text)
    assert time.thread_time() - began < 0.2


@pytest.mark.parametrize("path", ["/", "/turn", "/settle/", "/turn/reach", f"/turn/meet/{'a' * 32}", "/a-b/c-d/e"])
def test_paths_of_this_app_are_kept(path: str) -> None:
    """Where somebody was going they get to."""
    assert before._path(path) == path


@pytest.mark.parametrize("path", ["", "a", "//", "//elsewhere", "/a//b", "/A", "https://elsewhere", "/\\a", "/a\n"])
def test_paths_of_others_lead_home(path: str) -> None:
    """And nowhere else."""
    assert before._path(path) == "/"


def sent_to(two: Two, path: str, cookie: str) -> tuple[int, int]:
    """Send a form without an end; return the answer's status and how many bytes were taken in before it."""
    taken, statuses = 0, list[int]()

    async def receive() -> dict[str, Any]:
        nonlocal taken
        taken += 65_536
        return {"type": "http.request", "body": b"y" * 65_536, "more_body": taken < 80 * 1024 * 1024}

    async def send(message: Any) -> None:  # noqa: ANN401 - any ASGI message
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    headers = {"host": "localhost", "origin": "http://localhost", "cookie": cookie,
               "content-type": "application/x-www-form-urlencoded"}  # fmt: skip
    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"",
        "scheme": "http", "root_path": "", "http_version": "1.1", "server": ("localhost", 80),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    asyncio.run(two.app(scope, receive, send))
    return statuses[0], taken


@pytest.mark.parametrize("path", ["/settings/import", "/outbox"])
@pytest.mark.parametrize("cookie", ["", "toward-session=guessed"])
def test_a_stranger_can_t_fill_the_memory(two: Two, path: str, cookie: str) -> None:
    """The pages that take large files take them from who is signed in; others are asked to, and little is read."""
    status, taken = sent_to(two, path, cookie)
    assert status == 401
    assert taken <= FORM_BYTES + 2 * 65_536


def test_who_is_signed_in_can_send_a_large_file(two: Two) -> None:
    """Up to what the page takes, and no more."""
    status, taken = sent_to(two, "/settings/import", f"toward-session={two.mara.arrival.token}")
    assert status == 413
    assert IMPORT_BYTES < taken < IMPORT_BYTES + 1024 * 1024


# -------------------------------------------------------------------------------------------- sessions and memory


def test_another_person_s_session_ends_where_somebody_signs_in_over_it(two: Two) -> None:
    """One phone between two: what the cookie of the first opened opens nothing once the second has signed in."""
    device = two.lin.arrival.device
    phone = browser(two.app, session=two.mara.arrival.token,
                    device=pack_people([TrustedPerson(device.person, device.id, device.secret, "Lin")]))  # fmt: skip
    answer = phone.post("/sign-in", data={"who": device.person.hex(), "passphrase": PASSPHRASE})
    assert answer.status_code == 303
    assert "toward-session" in set_cookies(answer)
    assert two.home.vault.session(two.mara.arrival.token) is None


def test_a_wrong_passphrase_ends_nobody_s_session(two: Two) -> None:
    """Trying to sign in is no way to sign another out."""
    device = two.lin.arrival.device
    phone = browser(two.app, session=two.mara.arrival.token,
                    device=pack_people([TrustedPerson(device.person, device.id, device.secret, "Lin")]))  # fmt: skip
    assert phone.post("/sign-in", data={"who": device.person.hex(), "passphrase": "no"}).status_code == 401
    assert two.home.vault.session(two.mara.arrival.token) is not None


def test_opened_words_go_from_memory_though_nobody_asks(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """After half an hour without a request, on a server that nobody visits."""
    monkeypatch.setattr(web_app, "SWEEP_S", 0.02)
    assert len(two.home.vault.ledgers) > 0
    with browser(two.app):
        time.sleep(0.2)
        assert len(two.home.vault.ledgers) > 0
        two.clock.pass_minutes(31)
        until = time.monotonic() + 10
        while len(two.home.vault.ledgers) and time.monotonic() < until:
            time.sleep(0.02)
        assert len(two.home.vault.ledgers) == 0


def test_a_ledger_in_use_stays() -> None:
    """Half an hour counts from the last use."""
    ledgers = Ledgers(idle_ms=1000)
    kept = ledgers.of(b"one", b"p", 0)
    ledgers.of(b"two", b"q", 900)
    ledgers.sweep(1000)
    assert ledgers.of(b"one", b"p", 1000) is kept
    ledgers.sweep(1950)
    assert len(ledgers) == 1


# ------------------------------------------------------------------------------------------------ words as markup


def test_no_words_are_taken_for_markup(two: Two) -> None:
    """Names, words and labels with markup and template marks in them, of both, on every page that shows any."""
    for one in (two.mara, two.lin):
        session = one.session
        session.write(Named(name=EVIL[:40]))
        session.refresh()
        session.write(LineShared(on=True))
    for one in (two.mara, two.lin):
        session = one.session
        session.write(CheckIn(felt=3, words=EVIL, share=True))
        session.write(Memory(words=EVIL, share=True))
        session.write(Moment(label=EVIL, sort="exit", day="2025-10-09"))
        session.write(Reached(ask=EVIL, fear=EVIL, if_no=EVIL))
        session.write(Agreement(words=EVIL, day="2025-10-10"))
        one.post("/check-in", felt="5", words=EVIL, share="1")
        session.refresh()
    asked = two.mara.session.write(Invitation(door="reach", words=EVIL)).id.hex()
    two.lin.post(f"/turn/open/{asked}")
    two.lin.post(f"/turn/answer/{asked}", reply="own", words=EVIL)
    paths = [
        "/", "/check-in", "/check-in/kept", "/turn", "/turn/reach", f"/turn/thread/{asked}", "/turn/agree", "/ours",
        "/ours/moments", "/ours/together", "/ours/lines", "/remember", "/remember/open", "/moments", "/settings",
        "/settings/name", "/settings/shared", "/settings/devices", "/settings/leave", "/settings/erase", "/pair",
        "/pause", "/turn/meet", "/settle/together", "/lock",
    ]  # fmt: skip
    shown = 0
    for one in (two.mara, two.lin):
        for path in paths:
            html = one.client.get(path, follow_redirects=True).text
            assert "<img" not in html, path
            assert "alert(1)>" not in html, path
            shown += html.count("&lt;img src=x")
    assert shown > 20


@pytest.mark.parametrize(
    "to",
    ["//elsewhere.example", "/\\elsewhere.example", "/\t/elsewhere.example", "https://elsewhere.example", "/ /x",
     "\\\\x", "/%0d%0aset-cookie:a=b", "/\r\nset-cookie: a=b", "javascript:alert(1)", "/.//elsewhere.example", "///x"],
)  # fmt: skip
def test_signing_in_leads_to_no_other_place(two: Two, to: str) -> None:
    """What was carried through signing in is a path here, or it is dropped."""
    device = two.lin.arrival.device
    phone = browser(two.app, device=pack_people([TrustedPerson(device.person, device.id, device.secret, "Lin")]))
    fields = {"who": device.person.hex(), "passphrase": PASSPHRASE, "carry-to": to, "carry-for": device.person.hex()}
    answer = phone.post("/sign-in", data=fields)
    assert answer.status_code == 303
    where = answer.headers["location"]
    assert where.startswith("/")
    assert not where.startswith(("//", "/\\"))
    assert "\n" not in where
    assert "a" not in answer.cookies
    assert str(answer.url.join(where).host) == "localhost"


@pytest.mark.parametrize("path", ["../app.py", "..%2fapp.py", "%2e%2e/server.py", "/etc/passwd", "css/../../app.py"])
def test_no_file_outside_the_folder_is_sent(two: Two, path: str) -> None:
    """Static files are those of the list."""
    for start in ("/static/x/", "/static/x//"):
        assert browser(two.app).get(start + path).status_code == 404
