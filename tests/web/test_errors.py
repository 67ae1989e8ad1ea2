"""What is said when something fails, and what is not."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec
import pytest
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.web.stand import FakeVault, TestClient, app_of, browser
from toward import errors
from toward.catalogue import Catalogue, words
from toward.errors import BadInput, TooManyAttempts, TowardError
from toward.web.context import Problem, words_key
from toward.web.error_pages import ErrorPages, WrongMethod
from toward.web.forms import TooLarge
from toward.web.security import UnknownHost
from toward.web.static_files import StaticFiles
from toward.web.templating import Templates

if TYPE_CHECKING:
    from starlette.applications import Starlette

SECRET = "my-secret-sentence"


@pytest.fixture
def app() -> Starlette:
    """The app over people in memory."""
    return app_of(FakeVault())


def tree(root: type[TowardError] = TowardError) -> list[type[TowardError]]:
    """Every class of the tree, those of the web included."""
    return [root, *(leaf for kind in root.__subclasses__() for leaf in tree(kind))]


@pytest.mark.parametrize("kind", tree(), ids=lambda kind: kind.__name__)
def test_every_error_has_words_a_status_and_one_shape(kind: type[TowardError]) -> None:
    """As a page and as data, with the same words; the data has these four fields and no other."""
    pages = ErrorPages(Templates("en", StaticFiles()))
    error = kind()
    page, data = pages.response(error), pages.response(error, as_json=True)
    title = Problem(error, pages.templates.words).title
    assert page.status_code == data.status_code == kind.status
    assert title.encode() in bytes(page.body).replace(b"&#39;", b"'")
    assert set(msgspec.json.decode(data.body)["error"]) == {"key", "title", "way_out", "field"}


def test_our_own_errors_borrow_words_from_the_tree() -> None:
    """Where a subclass has a key of its own the catalogue has it too; else it speaks with its parent's words."""
    book = Catalogue.load("en")
    for kind in tree():
        assert words_key(kind(), book) in {f"error.{above.key}" for above in kind.__mro__ if hasattr(above, "key")}
    assert {TooLarge.status, WrongMethod.status, UnknownHost.status} == {413, 405, 421}


def test_nobody_finds_out_what_is_not_there(app: Starlette) -> None:
    """An unknown address is the same page for everybody, and a known one with a wrong method says so."""
    client = browser(app, session="mara-token")
    assert client.get("/nowhere").status_code == 404
    assert words("error.not_found.title") in client.get("/nowhere").text
    assert client.get("/nowhere").text == browser(app).get("/nowhere").text
    assert client.post("/offline").status_code == 405
    assert client.get("/note/").status_code == 404


def test_a_script_is_told_the_field(app: Starlette) -> None:
    """A bad field in data that a script sent comes back as data with the field's name."""
    pages = ErrorPages(Templates("en", StaticFiles()))
    body = bytes(pages.response(BadInput(field="felt", reason="choose"), as_json=True).body)
    assert b'"field":"felt"' in body
    answer = browser(app).get("/nowhere", headers={"accept": "application/json"})
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["error"]["key"] == "not_found"


def test_too_many_attempts_say_when_to_come_back() -> None:
    """In the header that machines read, and in words."""
    pages = ErrorPages(Templates("en", StaticFiles()))
    assert pages.response(TooManyAttempts(retry_after_s=90)).headers["retry-after"] == "90"


def test_a_fault_of_ours_shows_and_logs_nothing_of_anybody(app: Starlette, caplog: pytest.LogCaptureFixture) -> None:
    """The page is friendly; the log has an id, a class and a line of ours; neither has the path or the message."""
    caplog.set_level(logging.DEBUG)
    answer = browser(app, session="mara-token").get(f"/crash/{SECRET}")
    assert answer.status_code == 500
    assert words("error.unknown.title") in answer.text
    assert "RuntimeError" not in answer.text
    lines = [record.getMessage() for record in caplog.records if record.name == "toward.web"]
    assert len(lines) == 1
    assert "RuntimeError" in lines[0]
    assert "toward.web.page:" in lines[0]
    for record in caplog.records:
        if record.name.startswith("toward"):
            assert SECRET not in record.getMessage()
            assert not record.exc_info


def test_expected_errors_are_not_logged_at_all(app: Starlette, caplog: pytest.LogCaptureFixture) -> None:
    """How often somebody mistypes is nobody's business."""
    browser(app).get("/nowhere")
    browser(app).get("/made")
    browser(app, session="mara-token").post("/note", data={"words": ""})
    assert [record for record in caplog.records if record.name.startswith("toward")] == []


def test_a_socket_that_breaks_closes_quietly(caplog: pytest.LogCaptureFixture) -> None:
    """With a code, without a trace of what was said."""

    async def live(websocket: WebSocket) -> None:
        await websocket.accept()
        raise RuntimeError(await websocket.receive_text())

    client = TestClient(app_of(FakeVault(), live=live))
    with client.websocket_connect("ws://localhost/live", headers={"origin": "http://localhost"}) as socket:
        socket.send_text(SECRET)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
    assert closed.value.code == 1011
    assert SECRET not in caplog.text


def test_the_tree_is_drawn_whole() -> None:
    """The module's drawing names every class of its own."""
    drawn = errors.__doc__ or ""
    assert all(kind.__name__ in drawn for kind in tree() if kind.__module__ == "toward.errors")
