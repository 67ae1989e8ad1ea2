"""Who may say how a browser came: the proxy that was named, and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests.web.stand import FakeVault, TestClient, app_of
from toward.cli import group
from toward.errors import Misconfigured
from toward.web.lan.proxy import FORWARDED, BehindProxy, addresses
from toward.web.server import Serving, check
from toward.web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from starlette.types import ASGIApp

PUBLIC = "https://home.example"
FORM = {"words": "hello", "body": "open"}
TOLD = {"x-forwarded-proto": "https", "x-forwarded-host": "home.example", "x-forwarded-for": "203.0.113.9"}


def seen_by(proxies: frozenset[str], client: tuple[str, int] | None, **headers: str) -> MutableMapping[str, Any]:
    """The scope that reaches the app behind the layer."""
    seen: list[MutableMapping[str, Any]] = []

    async def app(scope: MutableMapping[str, Any], receive: object, send: object) -> None:
        del receive, send
        seen.append(scope)

    raw = [(b"host", b"inner:8787"), *((k.replace("_", "-").encode(), v.encode()) for k, v in headers.items())]
    scope: dict[str, Any] = {"type": "http", "scheme": "http", "client": client, "headers": raw}
    layer = BehindProxy(app, proxies)

    async def nothing(*_: object) -> MutableMapping[str, Any]:
        return {}

    async def send(_: MutableMapping[str, Any]) -> None:
        return None

    anyio.run(layer, scope, nothing, send)
    return seen[0]


def client_from(address: str, app: ASGIApp) -> TestClient:
    """Somebody who connects from *address*."""
    return TestClient(app, base_url="http://inner:8787", follow_redirects=False, client=(address, 50000))


@pytest.fixture
def vault() -> FakeVault:
    """People in memory."""
    return FakeVault()


@pytest.fixture
def app(vault: FakeVault) -> ASGIApp:
    """The app, behind a proxy at 10.0.0.2 that serves one public name."""
    made = app_of(vault, Settings(hosts=frozenset({"home.example"})))
    made.add_middleware(BehindProxy, proxies=addresses(["10.0.0.2"]))
    return made


def test_the_named_proxy_carries_a_form_through(app: ASGIApp, vault: FakeVault) -> None:
    """A form of the public page is a form of this site, and cookies are Secure."""
    proxy = client_from("10.0.0.2", app)
    headers = {**TOLD, "origin": PUBLIC, "cookie": "__Host-toward-session=mara-token"}
    assert proxy.post("/note", data=FORM, headers=headers).status_code == 303
    assert vault.mara.written == [("hello", "open", None)]
    away = proxy.get("/leave", headers=TOLD).headers["set-cookie"]
    assert away.startswith("__Host-toward-away=1")
    assert "Secure" in away


@pytest.mark.parametrize("address", ["10.0.0.3", "127.0.0.1", "203.0.113.9"])
def test_nobody_else_is_believed(app: ASGIApp, vault: FakeVault, address: str) -> None:
    """The same words from elsewhere carry nothing: the host is unknown, the form not ours."""
    other = client_from(address, app)
    headers = {**TOLD, "origin": PUBLIC, "cookie": "__Host-toward-session=mara-token"}
    assert other.post("/note", data=FORM, headers=headers).status_code == 421
    assert vault.mara.written == []


def test_the_proxy_can_not_bring_a_name_that_is_not_ours(app: ASGIApp) -> None:
    """It is believed about the way in, and the list of names still holds."""
    headers = {**TOLD, "x-forwarded-host": "evil.example"}
    assert client_from("10.0.0.2", app).get("/start", headers=headers).status_code == 421


def test_hearsay_before_the_proxys_own_word_is_dropped() -> None:
    """A visitor who sends the header too stands before what the proxy appends."""
    scope = seen_by(
        frozenset({"10.0.0.2"}),
        ("10.0.0.2", 1),
        x_forwarded_proto="https, http",
        x_forwarded_host="evil.example, Home.Example:443",
    )
    assert scope["scheme"] == "http"
    assert [value for name, value in scope["headers"] if name == b"host"] == [b"home.example:443"]


@given(st.ip_addresses().map(str), st.sampled_from(["https", "http", "x"]), st.text("abc.,: ", max_size=20))
def test_without_a_name_on_the_list_nothing_changes(address: str, scheme: str, host: str) -> None:
    """From any address: the way in stays what it was, and nothing forwarded reaches the app."""
    scope = seen_by(frozenset(), (address, 1), x_forwarded_proto=scheme, x_forwarded_host=host, forwarded="for=x")
    assert scope["scheme"] == "http"
    assert scope["headers"] == [(b"host", b"inner:8787")]
    assert not {name for name, _ in scope["headers"]} & FORWARDED


def test_an_address_is_one_in_every_spelling() -> None:
    """A proxy on the same machine may arrive as an IPv4 address inside an IPv6 one."""
    for client in ("::ffff:127.0.0.1", "127.0.0.1"):
        scope = seen_by(addresses(["127.0.0.1"]), (client, 1), x_forwarded_proto="https")
        assert scope["scheme"] == "https"
    assert seen_by(addresses(["127.0.0.1"]), None, x_forwarded_proto="https")["scheme"] == "http"


def test_a_proxy_is_named_by_address() -> None:
    """A name could be made to point elsewhere."""
    with pytest.raises(Misconfigured, match="--proxy"):
        addresses(["proxy.example"])
    result = CliRunner().invoke(group, ["serve", "--proxy", "proxy.example"])
    assert result.exit_code == 1
    assert "--proxy" in result.output


def test_with_a_named_proxy_the_way_in_is_asked_each_time() -> None:
    """Without one, a public address by HTTPS counts for every request, as before."""
    assert Serving(public_url=PUBLIC).settings.https
    assert not Serving(public_url=PUBLIC, proxies=("127.0.0.1",)).settings.https
    check(Serving(public_url=PUBLIC, proxies=("127.0.0.1", "::1")))
