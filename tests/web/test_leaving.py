"""Leaving quickly, in a real browser: what it hides, also from *Back*, and the way in again."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from uvicorn import Server

from tests.web.stand import FakeVault, app_of, demo_of
from toward.catalogue import words
from toward.web.server import config, listen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from tests.fixtures.browser import Phones


@pytest.fixture
def site() -> Iterator[str]:
    """The app on a port of this machine, with a look-around inside, as uvicorn serves it."""
    vault = FakeVault()
    inner = app_of(vault, base="/look/a", demo=demo_of(vault.mara))
    server = Server(config(app_of(vault, inside={"/look/a": inner})))
    listener = listen("127.0.0.1", 0)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://localhost:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()


def by_escape(page: Page) -> None:
    """Press Escape twice."""
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")


def by_touch(page: Page) -> None:
    """Touch the link that is on every page."""
    page.locator("[data-quick-exit]").click()


def signed_in(phone: Phones, site: str, *, scripts: bool = True) -> Page:
    """A phone with Mara's session, a few pages into Toward."""
    page = phone(site, scripts=scripts)
    page.context.add_cookies([{"name": "toward-session", "value": "mara-token", "url": site}])
    page.goto("/note")
    page.goto("/ours")
    return page


def assert_empty(page: Page, site: str) -> None:
    """The window shows nothing, by name, by words or by address."""
    page.wait_for_url(f"{site}/")
    page.wait_for_function("document.querySelector('main') === null")
    assert page.title() == words("web.away.title")
    assert page.inner_text("body").strip() == ""


@pytest.mark.parametrize("leave", [by_escape, by_touch])
def test_leaving_empties_the_window_and_back(phone: Phones, site: str, leave: Callable[[Page], None]) -> None:
    """The page is replaced, *Back* finds the same empty page, and so does typing an address."""
    phone.forgive("401")
    page = signed_in(phone, site)
    leave(page)
    assert_empty(page, site)
    assert page.evaluate("history.length") == 3  # about:blank, /note, and the empty page in the place of /ours
    page.go_back()
    page.wait_for_url("**/note")
    page.wait_for_function("document.querySelector('main') === null")
    assert "Mara" not in page.content()
    assert page.inner_text("body").strip() == ""
    page.goto("/ours")
    assert page.inner_text("body").strip() == ""


def test_without_scripts_the_link_does_the_same(phone: Phones, site: str) -> None:
    """But for the entry in the history, which then holds nothing either."""
    page = signed_in(phone, site, scripts=False)
    page.locator("[data-quick-exit]").click()
    page.wait_for_url(f"{site}/")
    assert page.title() == words("web.away.title")
    page.go_back()
    assert page.inner_text("body").strip() == ""


def test_the_way_in_again_is_a_quiet_corner(phone: Phones, site: str) -> None:
    """By touch or by keyboard; nobody was signed out."""
    phone.forgive("favicon")  # the stand's home is data without a head
    page = signed_in(phone, site)
    by_escape(page)
    assert_empty(page, site)
    page.get_by_role("link", name=words("web.away.back")).click()
    page.wait_for_function("document.body.innerText.includes('Mara')")


def test_leaving_inside_the_look_around_empties_the_whole_window(phone: Phones, site: str) -> None:
    """The page around the frame goes too."""
    page = phone(site)
    page.goto("/look/a/note")
    by_touch(page)
    assert_empty(page, site)


def test_one_escape_leaves_nothing_but_a_menu(phone: Phones, site: str) -> None:
    """A single press, or two far apart, belongs to menus and dialogs."""
    page = signed_in(phone, site)
    page.keyboard.press("Escape")
    page.wait_for_timeout(1600)
    page.keyboard.press("Escape")
    page.wait_for_timeout(200)
    assert page.locator("main").count() == 1


def test_the_strict_policy_breaks_nothing(phone: Phones, site: str) -> None:
    """Styles, fonts and scripts of a page load under it (the phone fails on a complaint), and a form is let in."""
    page = signed_in(phone, site)
    page.goto("/note")
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.size > 0)")
    page.locator("textarea[name=words]").fill("hello")
    page.locator("input[name=body]").check()
    page.evaluate("document.querySelector('form').requestSubmit()")
    page.wait_for_url("**/note?kept=1")
