"""Offline on real phones: the kept page, a check-in that waits sealed and arrives, and nothing readable left behind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from nacl import bindings
from playwright.sync_api import expect

from tests.fixtures.browser import QUIET, program
from tests.vault.grep_disk import find_bytes
from toward.catalogue import words
from toward.journal.kinds import CheckIn, Memory
from toward.vault import outbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.fixtures.browser import Phones
    from tests.fixtures.house import House
    from toward.vault import Arrival

PLANTED = "The Lighthouse-Marigold evening"
READY = "navigator.serviceWorker.ready.then(() => true)"


def let_in(page: Page, house: House) -> Page:
    """Open home until the worker stands between the page and the house."""
    page.goto(house.url)
    page.evaluate(READY)
    page.goto(house.url)
    assert page.evaluate("navigator.serviceWorker.controller !== null")
    return page


@pytest.fixture
def mara(house: House) -> Arrival:
    """Somebody who lives here."""
    return house.arrive("Mara")


@pytest.fixture
def page(house: House, mara: Arrival, signed_in: Callable[..., Page], phone: Phones) -> Page:
    """Her phone, with the worker in."""
    phone.forgive("ERR_INTERNET_DISCONNECTED|Failed to load resource|FetchEvent")
    return let_in(signed_in(mara, worker=True, still=True), house)


def check_in(page: Page, felt: int, text: str) -> None:
    """Fill in the form of the kept page and send it."""
    page.locator(f"[data-check-in] input[name=felt][value='{felt}']").check()
    page.locator("[data-check-in] textarea").fill(text)
    page.get_by_role("button", name=words("phone.offline.keep")).click()
    expect(page.get_by_text(words("phone.offline.kept"))).to_be_visible()


def kept(house: House, person: Arrival) -> list[tuple[int, str]]:
    """The check-ins that have arrived."""
    bodies = (entry.body for entry in house.again(person).entries)
    return [(body.felt, body.words) for body in bodies if isinstance(body, CheckIn)]


def waiting(page: Page) -> int:
    """How many notes the browser still holds."""
    found: int = page.evaluate(
        """() => new Promise((resolve) => {
            const open = indexedDB.open("toward");
            open.onsuccess = () => {
                const count = open.result.transaction("notes").objectStore("notes").count();
                count.onsuccess = () => { open.result.close(); resolve(count.result); };
            };
        })"""
    )
    return found


def test_a_check_in_made_offline_arrives_once_and_in_order(
    house: House, mara: Arrival, page: Page, axe: Callable[[Page], None], shoot: Callable[..., list[Path]]
) -> None:
    """Two are made while there is no line, wait for a session that has ended, and are there after signing in again."""
    page.context.set_offline(True)
    page.goto(f"{house.url}/turn")
    expect(page.get_by_role("heading", name=words("error.offline.title"))).to_be_visible()
    axe(page)
    shoot(page, "pwa-offline")
    page.set_viewport_size({"width": 320, "height": 640})
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    check_in(page, 3, "first")
    shoot(page, "pwa-kept")
    page.goto(f"{house.url}/settle")
    check_in(page, 5, "second")
    assert waiting(page) == 2
    house.again(mara).sign_out()
    page.context.set_offline(False)
    page.goto(f"{house.url}/within")
    expect(page.locator("input[type=password]").first).to_be_visible()
    assert (waiting(page), kept(house, mara) if house.vault.session(mara.token) else []) == (2, [])
    again, token = house.vault.sign_in(mara.device, "a quiet lamp at the window")
    mara = mara._replace(session=again, token=token)
    house.sign_in(page, mara)
    with page.expect_response("**/outbox"):
        page.goto(f"{house.url}/within")
    page.wait_for_load_state("networkidle")
    assert waiting(page) == 0
    assert kept(house, mara) == [(3, "first"), (5, "second")]


def test_a_form_that_could_not_be_sent_is_kept_or_held(house: House, mara: Arrival, page: Page) -> None:
    """The full check-in is kept by the worker; any other form stays on the page with what was typed."""
    page.goto(f"{house.url}/settings/name")
    page.get_by_role("textbox").fill("Marah")
    page.context.set_offline(True)
    page.get_by_role("button", name=words("common.button.save")).click()
    expect(page.get_by_text(words("phone.offline.not_sent"))).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_value("Marah")
    page.context.set_offline(False)
    page.get_by_role("button", name=words("common.button.save")).click()
    expect(page.get_by_text(words("yours.home.saved"), exact=True)).to_be_visible()
    page.goto(f"{house.url}/check-in")
    page.locator("input[name=felt][value='2']").check()
    page.context.set_offline(True)
    page.get_by_role("button", name=words("common.button.done")).click()
    expect(page.get_by_text(words("phone.offline.kept"))).to_be_visible()
    page.context.set_offline(False)
    with page.expect_response("**/outbox"):
        page.get_by_role("link", name=words("web.error.retry")).click()
    assert kept(house, mara) == [(2, "")]


def test_a_form_that_nobody_answered_stays_with_what_was_typed(house: House, mara: Arrival, page: Page) -> None:
    """The phone has a line and the house is not there: the page stays, says so, and the second press sends it once."""
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'onLine', { get: () => true })")
    page.goto(f"{house.url}/remember")
    page.get_by_label(words("remember.write.label")).fill(PLANTED)
    page.locator("input[name=tone]").first.check()
    page.context.set_offline(True)
    page.get_by_role("button", name=words("remember.write.keep")).click()
    expect(page.get_by_text(words("phone.offline.not_sent"))).to_be_visible()
    expect(page.get_by_label(words("remember.write.label"))).to_have_value(PLANTED)
    page.context.set_offline(False)
    page.get_by_role("button", name=words("remember.write.keep")).click()
    page.wait_for_url(lambda url: not url.endswith("/remember"))
    told = [entry.body.words for entry in house.again(mara).entries if isinstance(entry.body, Memory)]
    assert told == [PLANTED]


def test_what_can_be_done_once_can_be_pressed_again_if_it_did_not_go_out(house: House, page: Page) -> None:
    """A form that is sent once is not shut by a press that nobody answered."""
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'onLine', { get: () => true })")
    page.goto(f"{house.url}/settings/known")
    fill = page.locator("main input[type=password]")
    for field, text in zip(fill.all(), ("not mine", *["sturdy copper lantern seven"] * 2), strict=True):
        field.fill(text)
    page.context.set_offline(True)
    page.get_by_role("button", name=words("yours.known.button")).click()
    expect(page.get_by_text(words("phone.offline.not_sent"))).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name=words("yours.known.button")).click()
    expect(page.get_by_text(words("error.wrong_passphrase.title"))).to_be_visible()


def test_a_file_is_saved_through_the_worker(house: House, page: Page) -> None:
    """An answer that is a file is still one when the worker stands between."""
    page.goto(f"{house.url}/settings/export")
    with page.expect_download() as saved:
        page.get_by_role("button", name=words("yours.export.button")).click()
    assert saved.value.suggested_filename.endswith(".json")


def test_nobody_checks_in_for_somebody_who_has_locked(house: House, page: Page) -> None:
    """After locking, the kept page says that there is no line and offers nothing to write."""
    page.goto(f"{house.url}/lock")
    page.get_by_role("button", name=words("common.menu.lock")).click()
    page.wait_for_url(lambda url: not url.endswith("/lock"))
    page.wait_for_load_state()
    page.context.set_offline(True)
    page.goto(house.url)
    expect(page.get_by_role("heading", name=words("error.offline.title"))).to_be_visible()
    expect(page.locator("[data-check-in]")).to_be_hidden()


def test_a_browser_left_quickly_shows_nothing_offline(house: House, page: Page) -> None:
    """The kept page is empty and nameless while the hour lasts."""
    page.locator("[data-quick-exit]").click()
    page.wait_for_url(f"{house.url}/")
    page.context.set_offline(True)
    page.goto(f"{house.url}/turn")
    for part in ("header", "main"):
        expect(page.locator(part).first).to_be_hidden()
    assert page.title().strip("\u200b") == ""


def test_the_two_halves_of_the_seal_agree(page: Page, mara: Arrival) -> None:
    """TweetNaCl and libsodium make the same box of the same keys, and what a browser seals opens here."""
    for name in ("vendor/tweetnacl/nacl-fast.min.js", "js/outbox.js"):
        page.add_script_tag(url=f"/static/now/{name}")
    once, theirs, nonce = bytes(range(32)), bytes(range(1, 33)), bytes(range(2, 26))
    public = bindings.crypto_scalarmult_base(theirs)
    for text in ("", "a", "Łódź – 😀" * 200):
        made = page.evaluate(
            "([m, n, p, s]) => [...nacl.box(new TextEncoder().encode(m), ...[n, p, s].map((b) => Uint8Array.from(b)))]",
            [text, list(nonce), list(public), list(once)],
        )
        assert bytes(made) == bindings.crypto_box(text.encode(), nonce, public, once)
    pair = mara.session.keyring.box
    note = '{"id":"%s","at_ms":5,"tz_min":-60,"form":{"felt":"4","words":"Łódź 😀"}}' % ("a" * 32)
    sealed = bytes(page.evaluate("([key, note]) => [...outbox.seal(key, note)]", [pair.public.hex(), note]))
    assert len(sealed) == 4096 + outbox.PUBLIC_BYTES + outbox.NONCE_BYTES + 16
    assert outbox.open_note(pair, sealed).form["words"] == "Łódź 😀"


def test_the_kept_page_needs_only_what_is_kept(house: House, page: Page) -> None:
    """Offline, every file that the page asks for comes out of the allow-list, and nothing else is in it."""
    page.context.set_offline(True)
    missing: list[str] = []
    page.on("requestfailed", lambda request: missing.append(request.url))
    page.goto(f"{house.url}/turn")
    page.wait_for_load_state("networkidle")
    assert [url for url in missing if "/static/" in url] == []
    stored = page.evaluate(
        """async () => (await Promise.all((await caches.keys()).map(async (name) =>
            (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname)))).flat()"""
    )
    assert "/offline" in stored
    assert all(re.match(r"/static/[0-9a-f]{12}/", path) for path in stored if path != "/offline")
    text = page.evaluate("async () => (await (await caches.match('/offline')).text())")
    assert "Mara" not in text
    assert "toward-outbox" not in text


def test_nothing_of_a_check_in_is_readable_in_the_profile(
    house: House, mara: Arrival, chromium: Browser, tmp_path: Path
) -> None:
    """A whole browser profile, searched after an offline check-in and a quick exit: the words are nowhere in it."""
    profile = tmp_path / "profile"

    def start() -> BrowserContext:
        return chromium.browser_type.launch_persistent_context(
            profile, executable_path=program(), args=[*QUIET, "--no-sandbox"], base_url=house.url
        )

    context = start()
    page = context.pages[0]
    house.sign_in(page, mara)
    let_in(page, house)
    context.set_offline(True)
    page.goto(f"{house.url}/turn")
    check_in(page, 6, PLANTED)
    context.close()
    context = start()  # the phone was restarted; still no line
    page = context.pages[0]
    context.set_offline(True)
    page.goto(f"{house.url}/turn")
    assert waiting(page) == 1
    page.locator("[data-quick-exit]").click()
    context.close()
    assert find_bytes(profile, [mara.session.person.hex()]), "the search itself finds what is there to be found"
    assert find_bytes(profile, [PLANTED]) == []
    context = start()
    page = context.pages[0]
    house.sign_in(page, mara)
    # Either page may be the one that sends what was kept.
    with page.expect_response("**/outbox"):
        page.goto(f"{house.url}/back")
        page.goto(f"{house.url}/within")
    assert kept(house, mara) == [(6, PLANTED)]
    context.close()
