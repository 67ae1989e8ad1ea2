"""On the home screen: the manifest, the plain name and icon, and the worker's allow-list."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tests.web.stand import FakeVault, app_of, browser, demo_of, set_cookies
from toward.catalogue import words
from toward.web.app import create_app
from toward.web.pages.worker import KEPT
from toward.web.static_files import FOLDER, StaticFiles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest
    from playwright.sync_api import Page
    from starlette.testclient import TestClient

    from tests.fixtures.house import House
    from tests.pages.rooms import Rooms


def manifest_of(phone: TestClient, page: str = "/settings/install") -> dict[str, object]:
    """The manifest that a page of this browser names."""
    found = re.search(r'<link rel="manifest" href="([^"]+)"', phone.get(page).text)
    assert found
    answer = phone.get(found[1])
    assert answer.headers["content-type"].startswith("application/manifest+json")
    made: dict[str, object] = answer.json()
    return made


def test_a_phone_can_install_it(rooms: Rooms) -> None:
    """Name, start, scope, a window of its own, and both sizes of icon that a phone asks for, each there."""
    phone = rooms.phone(rooms.arrive("Mara"))
    made = manifest_of(phone)
    assert (made["name"], made["start_url"], made["scope"], made["display"]) == ("Toward", "/", "/", "standalone")
    icons = made["icons"]
    assert isinstance(icons, list)
    assert {icon["sizes"] for icon in icons} == {"192x192", "512x512"}
    assert {phone.get(icon["src"]).headers["content-type"] for icon in icons} == {"image/png"}


def test_the_plain_name_is_this_browsers_and_names_nothing(rooms: Rooms) -> None:
    """Chosen once, every page of this browser has the plain title, icon and manifest; another browser does not."""
    mara = rooms.arrive("Mara")
    phone = rooms.phone(mara)
    assert phone.post("/settings/install", data={"name": "plain"}).status_code == 303
    text = phone.get("/").text
    assert f"<title>{words('phone.plain.name')}</title>" in text
    head = text[: text.index("</head>")]
    assert "icon-180" not in head
    assert "neutral-180" in head
    made = manifest_of(phone)
    assert not re.search("toward|pause", json.dumps(made), re.IGNORECASE)
    assert made["id"] != manifest_of(rooms.phone(mara))["id"]
    assert "<title>Toward</title>" in rooms.phone(mara).get("/").text
    phone.post("/settings/install", data={"name": "own"})
    assert "<title>Toward</title>" in phone.get("/").text
    assert phone.post("/settings/install", data={"name": "other"}).status_code == 400


def test_the_worker_keeps_an_allow_list_and_one_page(rooms: Rooms) -> None:
    """Every address on the list answers with a file that may be kept for good; the page is the same for everybody."""
    phone = rooms.phone(rooms.arrive("Mara"))
    script = phone.get("/worker.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["cache-control"] == "no-store"
    kept = json.loads(re.match(r"self\.kept = (\{.*\});\n", script.text)[1])  # type: ignore[index]
    for path in (*kept["files"], *kept["scripts"]):
        assert phone.get(path).headers["cache-control"].endswith("immutable")
    assert kept["page"] == "/offline"
    page = phone.get("/offline").text
    assert "Mara" not in page
    assert "toward-outbox" not in page


def test_the_allow_list_is_what_the_page_needs() -> None:
    """Each file on it is named by the kept page or by a file on the list, and each file they name is on it."""
    page = browser(create_app(FakeVault())).get("/offline").text  # type: ignore[arg-type]
    named = set(re.findall(r"/static/[0-9a-f]{12}/([^\"]+)", page))
    files = StaticFiles().files
    for path in sorted(named | set(KEPT)):
        if path.endswith((".css", ".js")):
            text = files[path].decode()
            inside = re.findall(r"url\([\"']?([^\"')]+)|import [^;]*?[\"']([^\"']+)[\"']", text)
            for found in filter(None, (one or other for one, other in inside)):
                full = (FOLDER / path).parent.joinpath(found).resolve()
                if full.is_relative_to(FOLDER):
                    named.add(full.relative_to(FOLDER).as_posix())
    italics = {path for path in named if path.endswith("-italic.woff2")}  # the page has none
    assert named - italics == set(KEPT)


def test_the_look_around_installs_nothing() -> None:
    """An invented person's page names no manifest, no worker and nobody to seal to; nor does a page of nobody."""
    fake = FakeVault()
    app = app_of(fake, base="/look/a", demo=demo_of(fake.mara))
    for path in ("/look/a/note", "/look/a/nowhere"):
        page = browser(app).get(path).text
        assert "manifest" not in page, path
        assert "offline.js" not in page, path
        assert "toward-outbox" not in page, path
    assert "toward-outbox" not in browser(app_of(fake)).get("/sign-in").text


def test_the_choice_is_kept_like_the_other_cookies() -> None:
    """For this browser, out of the reach of scripts."""
    app = create_app(FakeVault())  # type: ignore[arg-type]
    answer = browser(app, session="mara-token").post("/settings/install", data={"name": "plain"})
    line = set_cookies(answer)["toward-plain"]
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line


def test_a_new_worker_waits_for_a_page_with_nothing_typed(
    house: House, signed_in: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While something is typed a new version only waits; it takes over as the next page opens, and reloads nothing."""
    page = signed_in(house.arrive("Mara"), worker=True)
    page.goto(f"{house.url}/settings/name")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(f"{house.url}/settings/name")
    page.get_by_role("textbox").fill("half a na")
    monkeypatch.setattr(StaticFiles, "fingerprint", property(lambda _: "0123456789ab"))
    page.evaluate(
        """async () => {
            const found = await (await navigator.serviceWorker.getRegistration()).update();
            const fresh = found.installing;
            if (fresh) await new Promise((done) => { fresh.onstatechange = done; });
        }"""
    )
    waits = "navigator.serviceWorker.getRegistration().then((found) => found.waiting !== null)"
    assert page.get_by_role("textbox").input_value() == "half a na"
    assert page.evaluate(waits)
    page.goto(f"{house.url}/settings")
    left = page.evaluate(
        """async () => {
            for (let tries = 0; tries < 300 && (await caches.keys()).length > 1; tries += 1) {
                await new Promise((done) => { setTimeout(done, 50); });
            }
            return caches.keys();
        }"""
    )
    assert left == ["toward-0123456789ab"]
    assert not page.evaluate(waits)


def test_the_page_about_the_home_screen(
    house: House,
    signed_in: Callable[..., Page],
    axe: Callable[[Page], None],
    shoot: Callable[..., list[Path]],
) -> None:
    """Both names with their icons, by day and night, on the smallest phone."""
    page = signed_in(house.arrive("Mara"), still=True)
    page.goto(f"{house.url}/settings/install")
    axe(page)
    page.emulate_media(color_scheme="dark")
    axe(page)
    page.emulate_media(color_scheme="light")
    shoot(page, "pwa-install")
    page.set_viewport_size({"width": 320, "height": 640})
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
