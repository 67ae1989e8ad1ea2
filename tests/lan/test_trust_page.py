"""The page for new phones: open to anybody, so it holds nothing; and it reads well on every kind of device."""

from __future__ import annotations

import plistlib
import re
from typing import TYPE_CHECKING

import pytest

from tests.lan.chains import ADDRESS, NAME, NOW
from tests.web.stand import TestClient
from toward.catalogue import Catalogue, words
from toward.web.lan.authority import issue
from toward.web.lan.systems import system_of, systems
from toward.web.lan.trust_page import TrustPage, TrustServer
from toward.web.server import config, listen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page
    from starlette.applications import Starlette

AUTHORITY = issue(NAME, [ADDRESS], NOW, years=1).authority
HERE = f"http://{NAME}:8788"
BROWSERS = {
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1": "apple",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 FxiOS/140.0 Safari/605.1.15": "apple",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36": "android",
    "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0": "android",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15": "mac",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0": "windows",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0": "linux",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36": "linux",
    "": "apple",
}


@pytest.fixture
def app() -> Starlette:
    """The app for new phones."""
    return TrustPage(AUTHORITY, NAME, 8787, str(ADDRESS)).app()


@pytest.fixture
def client(app: Starlette) -> TestClient:
    """A phone that has just scanned the square."""
    return TestClient(app, base_url=HERE, follow_redirects=False)


@pytest.mark.parametrize(("browser", "key"), BROWSERS.items())
def test_knows_the_device_that_asks(client: TestClient, browser: str, key: str) -> None:
    """By what its browser calls itself; whoever says nothing sees the most common phone."""
    assert system_of(browser, "en").key == key
    assert f">{systems('en')[key].name}<" in client.get("/", headers={"user-agent": browser}).text


@pytest.mark.parametrize("key", systems("en"))
def test_every_device_has_its_steps(client: TestClient, key: str) -> None:
    """Each reads whole: nothing left to fill in, the right file, a comparison, and the locked page at the end."""
    page = client.get(f"/for/{key}").text
    assert not re.search(r"\{[a-z_]+\}", page)
    file = "toward.mobileconfig" if key == "apple" else "toward.crt"
    assert f'href="/{file}"' in page
    assert any(step.say.startswith("compare") for step in systems("en")[key].step)
    assert f'href="https://{NAME}:8787/"' in page
    assert f"https://{ADDRESS}:8787/" in page


def test_sends_the_certificate(client: TestClient) -> None:
    """As the authority's own bytes, and in the form that Apple takes."""
    plain = client.get("/toward.crt")
    assert plain.content == AUTHORITY
    assert plain.headers["content-type"] == "application/x-x509-ca-cert"
    profile = client.get("/toward.mobileconfig")
    assert profile.headers["content-type"] == "application/x-apple-aspen-config"
    told = plistlib.loads(profile.content)
    assert told["PayloadType"] == "Configuration"
    (inner,) = told["PayloadContent"]
    assert inner["PayloadType"] == "com.apple.security.root"
    assert inner["PayloadContent"] == AUTHORITY
    assert len({told["PayloadUUID"], inner["PayloadUUID"]}) == 2
    assert client.get("/toward.mobileconfig").content == profile.content


@pytest.mark.parametrize("path", ["/setup/a-token", "/sign-in?x=1", "/leave", "/favicon.ico", "/live"])
def test_leads_elsewhere_without_taking_anything_along(client: TestClient, path: str) -> None:
    """A setup link that was opened on the open page by mistake is not handed on in a header."""
    answer = client.get(path)
    assert answer.status_code == 307
    assert answer.headers["location"] == f"https://{NAME}:8787/"


def test_holds_nothing_of_anybody(client: TestClient) -> None:
    """No cookie, no script, no form, no fingerprint to believe, and not what this place is."""
    for path in ("/", "/for/android", "/toward.crt", "/setup/x", "/for/nothing", "/static/0/js/exit.js"):
        answer = client.get(path, headers={"cookie": "toward-session=x; toward-away=1"})
        assert "set-cookie" not in answer.headers
        assert answer.headers["cache-control"] in {"no-store", "public, max-age=31536000, immutable"}
    page = client.get("/").text
    assert "<script" not in page
    assert "<form" not in page
    assert not re.search(r"(?:[0-9A-F]{2} ){8}", page)
    assert words("common.name") not in page.replace("toward", "")
    assert client.get("/static/0/js/exit.js").status_code == 404
    assert client.post("/").status_code in {403, 405}


def test_answers_to_its_own_name_only(app: Starlette) -> None:
    """A foreign name that leads here gets nothing."""
    assert TestClient(app, base_url="http://evil.example").get("/").status_code == 421


def test_every_label_has_its_sentence() -> None:
    """Each step's sentence exists, asks for no more than it is given, and each finger lies on a row."""
    catalogue = Catalogue.load("en")
    for system in systems("en").values():
        for step in system.step:
            assert catalogue.gaps(f"trust.step.{step.say}") <= {"label", "title", "file"}
            assert ("label" in catalogue.gaps(f"trust.step.{step.say}")) == bool(step.label)
            if step.screen is not None:
                assert step.screen.press < len(step.screen.rows)


@pytest.fixture
def served(app: Starlette) -> Iterator[str]:
    """The page on a port of loopback, as ``serve --lan`` puts it there."""
    with listen("127.0.0.1", 0) as listener:
        TrustServer(config(app), listener).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("key", systems("en"))
def test_reads_well(
    served: str, phone: Callable[..., Page], axe: Callable[[Page], None], shoot: Callable[..., object], key: str
) -> None:
    """On a phone and a narrow one, in light and dark, and nothing is drawn outside its screen."""
    page = phone(served, still=True)
    page.goto(f"/for/{key}")
    shoot(page, f"trust-{key}")
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    outside = page.evaluate(
        """[...document.querySelectorAll("svg.screen text")].filter((text) => {
            const box = text.getBoundingClientRect(), frame = text.ownerSVGElement.getBoundingClientRect();
            return box.left < frame.left + 4 || box.right > frame.right - 4 || box.bottom > frame.bottom;
        }).map((text) => text.textContent)"""
    )
    assert outside == []
    axe(page)
    page.emulate_media(color_scheme="dark")
    if key == "apple":  # the same drawings, the same colours
        axe(page)
