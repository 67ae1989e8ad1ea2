"""What works on this device: found by the browser, told to nobody; and bringing another phone home."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from playwright.sync_api import expect

from tests.web.stand import FakeVault, browser
from toward.catalogue import words
from toward.web.app import create_app
from toward.web.lan.trust_page import TrustServer
from toward.web.pages.diagnosis import BY_HAND, CHECKS, THREE_WAYS
from toward.web.server import config, listen
from toward.web.settings import Settings, Trust

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.fixtures.house import House
    from toward.vault import Vault

TRUST = Trust(url="http://10.1.2.3:8788/", fingerprint="AB " * 31 + "AB", thumbprint="CD " * 19 + "CD")


@pytest.fixture
def vault() -> FakeVault:
    """People in memory."""
    return FakeVault()


@pytest.mark.parametrize("path", ["/diagnosis", "/trust"])
def test_a_stranger_sees_nothing(vault: FakeVault, path: str) -> None:
    """Neither what this is nor that it could be trusted."""
    app = create_app(cast("Vault", vault), settings=Settings(trust=TRUST))
    page = browser(app).get(path)
    assert words("start.closed.title") in page.text
    assert TRUST.fingerprint not in page.text
    for cookies in ({"session": "mara-token"}, {"setup": "setup-token"}):
        assert words("start.closed.title") not in browser(app, **cookies).get(path).text


def test_another_phone_is_brought_home(vault: FakeVault) -> None:
    """The address as a square and in letters, and the digits to compare."""
    client = browser(create_app(cast("Vault", vault), settings=Settings(trust=TRUST)), session="mara-token")
    page = client.get("/trust").text
    assert TRUST.url in page
    assert TRUST.fingerprint in page
    assert TRUST.thumbprint in page
    assert 'href="/trust"' in client.get("/diagnosis").text


def test_without_certificates_of_its_own_there_is_nothing_to_trust(vault: FakeVault) -> None:
    """On plain localhost, or with somebody's own certificate, no page asks for trust."""
    client = browser(create_app(cast("Vault", vault)), session="mara-token")
    assert client.get("/trust").status_code == 404
    assert "/trust" not in client.get("/diagnosis").text


def test_finds_what_the_browser_can_do(
    house: House, signed_in: Callable[..., Page], shoot: Callable[..., object], axe: Callable[[Page], None]
) -> None:
    """Exactly one state each, the right one where the test knows it, and not one request after the page is there."""
    page = signed_in(house.arrive("Mara"), still=True)
    sent: list[str] = []
    page.goto("/diagnosis")
    page.on("request", lambda request: sent.append(request.url))
    expect(page.locator("[data-check] .state b:visible")).to_have_count(len(CHECKS))
    found = {
        row.get_attribute("data-check"): row.locator(".state b:visible").get_attribute("data-state")
        for row in page.locator("[data-check]").all()
    }
    assert found["secure"] == "yes"  # loopback counts as a locked line
    assert found["install"] == "can"
    assert found["sound"] == "yes"
    page.get_by_role("button", name=words("diagnosis.sound.name")).click()
    shoot(page, "diagnosis")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        axe(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert [url for url in sent if "/static/" not in url] == []


def test_says_no_where_there_is_nothing(house: House, signed_in: Callable[..., Page]) -> None:
    """A browser without any of it gets told what to do instead."""
    page = signed_in(house.arrive("Mara"))
    page.add_init_script(
        """for (const [owner, name] of [[Navigator.prototype, "wakeLock"], [Navigator.prototype, "vibrate"],
            [Navigator.prototype, "mediaDevices"], [Navigator.prototype, "bluetooth"], [window, "AudioContext"],
            [Navigator.prototype, "serviceWorker"], [window, "PushManager"]]) delete owner[name];
        Object.defineProperty(window, "isSecureContext", { value: false });"""
    )
    page.goto("/diagnosis")
    for check in CHECKS:
        row = page.locator(f"[data-check={check}]")
        expect(row.get_by_text(words(f"diagnosis.{check}.no"))).to_be_visible()
        expect(row.locator("[data-state]:visible")).to_have_count(2)
        expect(row.get_by_role("button")).to_have_count(0)


def test_without_scripts_it_says_that_it_can_not_look(house: House, signed_in: Callable[..., Page]) -> None:
    """And claims nothing about this device."""
    page = signed_in(house.arrive("Mara"), scripts=False)
    page.goto("/diagnosis")
    expect(page.get_by_text(words("diagnosis.no_script"))).to_be_visible()
    expect(page.locator("[data-state]:visible")).to_have_count(0)
    expect(page.get_by_text(words("diagnosis.wake.what"))).to_be_visible()


def test_every_check_has_its_words() -> None:
    """What it is for, and both outcomes."""
    for check in CHECKS:
        for part in ("name", "what", "yes", "no"):
            assert words(f"diagnosis.{check}.{part}")
    assert set(CHECKS) >= BY_HAND | THREE_WAYS


def test_a_trusted_phone_shows_the_way(
    vault: FakeVault, phone: Callable[..., Page], shoot: Callable[..., object], axe: Callable[[Page], None]
) -> None:
    """Readable at arm's length and on a narrow phone."""
    app = create_app(cast("Vault", vault), settings=Settings(trust=TRUST))
    with listen("127.0.0.1", 0) as listener:
        TrustServer(config(app), listener).start()
        page = phone(f"http://127.0.0.1:{listener.getsockname()[1]}", still=True)
        page.context.add_cookies([{"name": "toward-setup", "value": "setup-token", "domain": "127.0.0.1", "path": "/"}])
        page.goto("/trust")
        expect(page.get_by_text(TRUST.fingerprint)).to_be_visible()
        shoot(page, "trust-bring")
        axe(page)
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
