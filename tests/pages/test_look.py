"""The look-around: two invented phones, for guests only, that belong together and to nobody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from starlette.websockets import WebSocketDisconnect

from tests.web.stand import browser
from toward.catalogue import words
from toward.journal.kinds import CheckIn, Released
from toward.vault import Kdf, Session, Vault
from toward.web import look_server
from toward.web.app import create_app
from toward.web.look_around import BASES, ForGuests, Invented, LookAround
from toward.web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page
    from starlette.testclient import TestClient

    from tests.fixtures.house import House

SETTINGS = Settings(look_around=True)
DAYS_MS = 80 * 86_400_000


@pytest.fixture(scope="module")
def look() -> LookAround:
    """One look-around for all tests here."""
    return LookAround(SETTINGS)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Vault]:
    """A real home with one person in it, beside the look-around."""
    vault = Vault.open(tmp_path, url=":memory:", kdf=Kdf.TRIVIAL)
    yield vault
    vault.close()


@pytest.fixture
def guest(look: LookAround, home: Vault) -> TestClient:
    """A browser that has opened the setup link."""
    client = stranger_of(look, home)
    client.cookies.set("toward-setup", home.new_setup_token())
    return client


def stranger_of(look: LookAround, home: Vault) -> TestClient:
    """A browser without anything, at a home that has the look-around in it."""
    inside = {base: ForGuests(app, home) for base, app in look.apps().items()}
    return browser(create_app(home, settings=SETTINGS, inside=inside))


def person(invented: Invented, place: int) -> Session:
    """One of the two, reading on to now."""
    return Session(invented.vault, invented.people[place])


def test_invents_twelve_weeks_that_opened_as_they_would_have(look: LookAround) -> None:
    """Both have their own entries and the other's shared ones; what both answered opened, on its own day."""
    invented = look.invented()
    mara, lin = person(invented, 0), person(invented, 1)
    assert (mara.name, lin.name) == ("Mara", "Lin")
    assert mara.partner is not None
    assert mara.partner.open
    for one in (mara, lin):
        times = [entry.at_ms for entry in one.entries if isinstance(entry.body, CheckIn)]
        assert len(times) > 40
        assert max(times) - min(times) > DAYS_MS
        assert all(entry.mine for entry in one.entries if not entry.shared)
    released = [entry.at_ms for entry in mara.entries if isinstance(entry.body, Released)]
    assert len(released) > 5
    assert max(released) - min(released) > DAYS_MS / 2


def test_is_there_for_guests_only(look: LookAround, home: Vault) -> None:
    """Without the link or a session there is nothing, by page or by socket; with either there is."""
    client = stranger_of(look, home)
    for base in BASES:
        assert client.get(f"{base}/pair").status_code == 404
        with pytest.raises(WebSocketDisconnect), client.websocket_connect(f"ws://localhost{base}/live"):
            pass
    client.cookies.set("toward-setup", "guessed")
    assert client.get("/look/a/pair").status_code == 404
    client.cookies.set("toward-setup", home.new_setup_token())
    assert client.get("/look/a/pair").status_code == 200
    mara = home.create_person("Mia", "a quiet lamp at the window", setup=home.new_setup_token())
    inhabitant = stranger_of(look, home)
    inhabitant.cookies.set("toward-session", mara.token)
    assert inhabitant.get("/look").status_code == 200
    assert inhabitant.get("/look/b/pair").status_code == 200


def test_says_on_every_page_that_it_is_invented(guest: TestClient) -> None:
    """The frame around both phones says it, and so does each page inside them; nobody's real name is there."""
    around = guest.get("/look")
    assert words("start.look.hint") in around.text
    assert "frame-src 'self'" in around.headers["content-security-policy"]
    for base, partner in zip(BASES, ("Lin", "Mara"), strict=True):
        for path in ("/pair", "/settings/leave", "/lock"):
            page = guest.get(base + path)
            assert words("common.note.invented") in page.text
            assert "frame-ancestors 'self'" in page.headers["content-security-policy"]
        assert words("pair.confirm.done", partner=partner) in guest.get(f"{base}/pair").text


def test_every_address_inside_stays_inside(guest: TestClient) -> None:
    """A link or a form on an invented phone leads to that phone, except for styles and scripts."""
    for base in BASES:
        html = guest.get(f"{base}/pair").text
        for address in re.findall(r'(?:href|action)="(/[^"]*)"', html):
            assert address.startswith((f"{base}/", "/static/")), address


def test_nobody_can_be_signed_out_there(guest: TestClient) -> None:
    """Locking an invented phone leaves it open for the next who looks."""
    guest.post("/look/a/lock/now")
    assert guest.get("/look/a/pair").status_code == 200


def test_is_not_offered_where_it_is_not(home: Vault) -> None:
    """With several workers there is none: the first page does not offer it, and its address is not found."""
    client = browser(create_app(home))
    client.cookies.set("toward-setup", home.new_setup_token())
    assert words("start.welcome.look") not in client.get("/start").text
    assert client.get("/look").status_code == 404


def test_the_demo_shows_both_phones_to_whoever_comes(look: LookAround) -> None:
    """It has no door, no way to start a home, and nothing but the two."""
    client = browser(look_server.build(look))
    page = client.get("/").text
    assert page.count("<iframe") == 2
    assert words("start.look.begin") not in page
    assert client.get("/look/a/pair").status_code == 200
    assert client.get("/start").status_code == 404


def test_shows_two_phones_side_by_side_or_one_at_a_time(
    house: House, phone: Callable[..., Page], axe: Callable[[Page], None], shoot: Callable[..., object]
) -> None:
    """Beside each other where there is room; on a phone one, with a switch that needs no script."""
    token = house.vault.new_setup_token()
    wide = phone(house.url, width=1280, height=900, still=True)
    wide.goto(f"/setup/{token}")
    wide.goto("/look", timeout=60_000)  # the first visit writes twelve weeks
    for place, partner in (("a", "Lin"), ("b", "Mara")):
        inside = wide.frame_locator(f".phone-{place} iframe")
        expect(inside.get_by_text(words("common.note.invented"))).to_be_visible()
        inside.get_by_role("link", name=words("common.name")).wait_for()
        assert partner in wide.frames[1 + "ab".index(place)].content()
    shoot(wide, "look-around", whole=False)
    axe(wide)
    small = phone(house.url, scripts=False)
    small.goto(f"/setup/{token}")
    small.goto("/look")
    expect(small.locator(".phone-a iframe")).to_be_visible()
    expect(small.locator(".phone-b iframe")).to_be_hidden()
    small.locator(".switch").get_by_text("Lin").click()
    expect(small.locator(".phone-b iframe")).to_be_visible()
    expect(small.locator(".phone-a iframe")).to_be_hidden()
    shown = phone(house.url, width=320, height=700)
    shown.goto(f"/setup/{token}")
    shown.goto("/look")
    assert shown.evaluate("document.documentElement.scrollWidth") <= 320
    shown.set_viewport_size({"width": 390, "height": 844})
    shoot(shown, "look-around", whole=False)


def test_both_phones_breathe_in_step(house: House, phone: Callable[..., Page], shoot: Callable[..., object]) -> None:
    """Untouched: one breath, over the look-around's own sockets, with the same circles on both."""
    page = phone(house.url, width=1280, height=950)
    page.goto(f"/setup/{house.vault.new_setup_token()}")
    page.goto("/look", timeout=60_000)
    for place in "ab":
        stage = page.frame_locator(f".phone-{place} iframe").locator("[data-settle]")
        expect(stage).to_have_attribute("data-state", "running")
    shoot(page, "look-around-breath", whole=False)
