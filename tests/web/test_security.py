"""Attacks on the door, one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.web.stand import FakeVault, TestClient, app_of, browser, demo_of
from toward.web.policy import Policy
from toward.web.security import UnknownHost, known_host
from toward.web.settings import FORM_BYTES, Settings

if TYPE_CHECKING:
    from starlette.applications import Starlette

FORM = {"words": "hello", "body": "open"}
NAMES = frozenset({"toward.local"})


@pytest.fixture
def vault() -> FakeVault:
    """People in memory."""
    return FakeVault()


@pytest.fixture
def app(vault: FakeVault) -> Starlette:
    """The app, known by one more name."""
    return app_of(vault, Settings(hosts=NAMES))


def csp(response: Any) -> dict[str, str]:  # noqa: ANN401 - whichever client is behind the test client
    """The content security policy by directive."""
    parts = response.headers["content-security-policy"].split("; ")
    return {part.partition(" ")[0]: part.partition(" ")[2] for part in parts}


# ------------------------------------------------------------------------------------------------- host


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8787", "127.0.0.1:1", "[::1]:8787", "toward.local:8787", "TOWARD.local", "10.0.0.7"],
)
def test_a_known_name_is_let_in(host: str) -> None:
    """Loopback, a configured name with any port, and the very address the connection came in on."""
    assert known_host(Headers({"host": host}), ("10.0.0.7", 8787), NAMES) == host.lower()


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "toward.local.",
        "toward.local@evil.example",
        "evil.example#toward.local",
        "10.0.0.8",
        "0.0.0.0",  # noqa: S104 - a name to refuse, not to bind
        "localhost:8787, evil.example",
        "localhost evil",
        "localhost;",
        "localhost:x",
        "[::2]",
        "",
    ],
)
def test_any_other_name_is_turned_away(app: Starlette, host: str) -> None:
    """A page that rebinds its own name to this machine brings that name along."""
    with pytest.raises(UnknownHost):
        known_host(Headers({"host": host}), ("10.0.0.7", 8787), NAMES)
    response = browser(app, session="mara-token").get("/", headers={"host": host})
    assert response.status_code == 421
    assert "Mara" not in response.text


def test_two_hosts_or_none_are_no_host() -> None:
    """What a proxy and a server might read differently is read by neither."""
    for raw in ([(b"host", b"localhost"), (b"host", b"evil.example")], []):
        with pytest.raises(UnknownHost):
            known_host(Headers(raw=raw), None, NAMES)


@given(st.text(st.characters(max_codepoint=255), max_size=40))
def test_no_host_writes_into_the_policy(host: str) -> None:
    """Whatever passes is made of characters that can't end a directive or a header."""
    try:
        passed = known_host(Headers(raw=[(b"host", host.encode("latin-1"))]), None, frozenset({host.lower()}))
    except UnknownHost:
        return
    assert not set(passed) & set(" ;,'\"\r\n\t@/\\")


# ----------------------------------------------------------------------------------------------- origin

REFUSED: list[dict[str, str]] = [
    {"origin": "http://evil.example"},
    {"origin": "http://evil.example", "sec-fetch-site": "same-origin"},
    {"origin": "http://localhost", "sec-fetch-site": "cross-site"},
    {"origin": "http://localhost", "sec-fetch-site": "same-site"},
    {"origin": "http://localhost", "sec-fetch-site": "none"},
    {"origin": "http://localhost:8000"},
    {"origin": "https://localhost"},
    {"origin": "http://localhost.evil.example"},
    {"origin": "null"},
    {"sec-fetch-site": "cross-site"},
    {},
]


@pytest.mark.parametrize("headers", REFUSED)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_another_site_writes_nothing(app: Starlette, vault: FakeVault, method: str, headers: dict[str, str]) -> None:
    """Not by its own origin, a sandboxed one, another port or scheme, nor by leaving the headers out."""
    client = TestClient(app, base_url="http://localhost", cookies={"toward-session": "mara-token"})
    response = client.request(method, "/note", data=FORM, headers=headers)
    assert response.status_code == 403
    assert vault.mara.written == []


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://localhost"},
        {"origin": "http://localhost", "sec-fetch-site": "same-origin"},
        {"origin": "null", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-origin"},
    ],
)
def test_our_own_page_writes(app: Starlette, vault: FakeVault, headers: dict[str, str]) -> None:
    """By either header, as far as the browser sends them."""
    client = TestClient(app, base_url="http://localhost", cookies={"toward-session": "mara-token"})
    assert client.post("/note", data=FORM, headers=headers, follow_redirects=False).status_code == 303
    assert vault.mara.written == [("hello", "open", None)]


def test_two_origins_are_none(app: Starlette, vault: FakeVault) -> None:
    """A header sent twice is read by the strictest."""
    client = TestClient(app, base_url="http://localhost", cookies={"toward-session": "mara-token"})
    headers = [("origin", "http://localhost"), ("origin", "http://evil.example")]
    response = client.post("/note", data=FORM, headers=headers)
    assert response.status_code == 403
    assert vault.mara.written == []


@pytest.mark.parametrize("headers", [*REFUSED, {"sec-fetch-site": "same-origin"}])
def test_another_site_opens_no_socket(vault: FakeVault, headers: dict[str, str]) -> None:
    """A socket must say where it comes from; there is no form of silence that passes."""

    async def live(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.close()

    app = app_of(vault, live=live)
    client = TestClient(app, base_url="http://localhost", cookies={"toward-session": "mara-token"})
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect("ws://localhost/live", headers=headers),
    ):
        pass
    assert refused.value.code == 4403
    with client.websocket_connect("ws://localhost/live", headers={"origin": "http://localhost"}) as socket:
        assert socket.receive()["type"] == "websocket.close"


def test_behind_a_proxy_the_origin_is_https(vault: FakeVault) -> None:
    """Where people arrive by HTTPS, a plain page of the same name is another site."""
    app = app_of(vault, Settings(hosts=NAMES, https=True))
    plain = TestClient(app, base_url="http://toward.local", cookies={"__Host-toward-session": "mara-token"})
    assert plain.post("/note", data=FORM, headers={"origin": "http://toward.local"}).status_code == 403
    answer = plain.post("/note", data=FORM, headers={"origin": "https://toward.local"}, follow_redirects=False)
    assert answer.status_code == 303
    assert "wss://toward.local" in csp(answer)["connect-src"]


# ---------------------------------------------------------------------------------------------- headers


@pytest.mark.parametrize("path", ["/", "/note", "/nowhere", "/sign-in", "/crash/x", "/offline"])
def test_every_answer_is_strict_and_kept_by_nobody(app: Starlette, path: str) -> None:
    """Pages, redirects and errors carry the same headers."""
    response = browser(app, session="mara-token").get(path)
    policy = csp(response)
    assert policy.pop("connect-src") == "'self' ws://localhost"
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-src": "'none'",
        "frame-ancestors": "'none'",
    }
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "DENY"
    assert response.headers["referrer-policy"] == "same-origin"
    assert response.headers["cross-origin-opener-policy"] == "same-origin"
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in response.headers["permissions-policy"]
    assert "bluetooth=()" in response.headers["permissions-policy"]
    assert "server" not in response.headers


def test_only_a_page_that_hears_hearts_may_ask_for_a_strap_and_the_camera() -> None:
    """Both are this site's own there, nothing else is loosened, and the microphone stays shut."""
    usual, hearts = Policy("http://localhost"), Policy("http://localhost")
    hearts.hears_hearts = True
    before, after = (dict(one.headers()) for one in (usual, hearts))
    loosened = set(after[b"permissions-policy"].split(b", ")) - set(before[b"permissions-policy"].split(b", "))
    assert loosened == {b"bluetooth=(self)", b"camera=(self)"}
    assert b"microphone=()" in after[b"permissions-policy"]
    assert {name for name in before if before[name] != after[name]} == {b"permissions-policy"}


def test_a_page_can_not_loosen_its_headers() -> None:
    """What a page sends by these names is replaced, whatever its case."""
    names = {name for name, _ in Policy("http://localhost").headers()}
    assert all(name == name.lower() for name in names)
    assert {b"content-security-policy", b"cache-control", b"x-frame-options"} <= names


def test_only_the_look_around_is_framed_and_only_by_ourselves(vault: FakeVault) -> None:
    """The page that shows it may frame this site; the app inside may be framed by it; nothing else changes."""
    inner = app_of(vault, base="/look/a", demo=demo_of(vault.mara))
    client = browser(app_of(vault, inside={"/look/a": inner}))
    assert csp(client.get("/look"))["frame-src"] == "'self'"
    assert csp(client.get("/look"))["frame-ancestors"] == "'none'"
    framed = client.get("/look/a/note")
    assert framed.status_code == 200
    assert csp(framed)["frame-ancestors"] == "'self'"
    assert framed.headers["x-frame-options"] == "SAMEORIGIN"
    assert csp(framed)["frame-src"] == "'none'"
    assert csp(client.get("/sign-in"))["frame-ancestors"] == "'none'"


# ----------------------------------------------------------------------------------------------- limits


def test_a_form_has_a_limit_and_an_import_a_larger_one(app: Starlette, vault: FakeVault) -> None:
    """Too much is refused with its own error, whether it is announced or not."""
    client = browser(app, session="mara-token")
    assert client.post("/note", data={"words": "x" * FORM_BYTES, "body": "open"}).status_code == 413

    def unannounced() -> Any:  # noqa: ANN401 - a generator of bytes
        yield b"words="
        for _ in range(FORM_BYTES // 1000 + 1):
            yield b"x" * 1000

    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/note", content=unannounced(), headers=headers).status_code == 413
    assert vault.mara.written == []
    big = {"file": ("life.json", b"x" * (FORM_BYTES * 2))}
    assert client.post("/import", files=big, data={"label": "mine"}).json() == {
        "bytes": FORM_BYTES * 2,
        "label": "mine",
    }


def test_methods_that_nothing_here_takes(app: Starlette) -> None:
    """TRACE and friends reach no page."""
    for method in ("TRACE", "OPTIONS", "PUT", "CONNECT"):
        assert browser(app, session="mara-token").request(method, "/note").status_code == 405
