"""Arriving on real phones: the whole way with and without scripts, by touch, in light and dark, on a narrow screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.fixtures.house import PASSPHRASE
from tests.pages.hands import press
from toward.catalogue import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.fixtures.house import House

    Look = Callable[[Page, str], None]


def heads(page: Page, key: str, **values: str) -> None:
    """Expect the page's heading."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words(key, **values))


def fill_person(page: Page, name: str) -> None:
    """Type a name and a passphrase."""
    page.get_by_label(words("person.name.label")).fill(name)
    page.locator("#passphrase").fill(PASSPHRASE)
    page.locator("#passphrase-again").fill(PASSPHRASE)


@pytest.fixture
def look(axe: Callable[[Page], None], shoot: Callable[..., object]) -> Look:
    """Takes pictures of a page, and holds it to WCAG in light and dark and to 320 pixels."""

    def at(page: Page, name: str) -> None:
        shoot(page, name)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            axe(page)
        page.emulate_media(color_scheme="light", reduced_motion="no-preference")
        size = page.viewport_size
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, f"{name} scrolls sideways"
        assert size
        page.set_viewport_size(size)

    return at


def test_two_people_arrive_on_two_phones(house: House, phone: Callable[..., Page], look: Look) -> None:
    """Setup link, space, sheet, invitation opened by its QR address on the other phone, both yeses, and both see it."""
    mara = phone(house.url, still=True)
    mara.goto(f"/setup/{house.vault.new_setup_token()}")
    heads(mara, "start.welcome.title")
    look(mara, "arrive-1-welcome")
    press(mara, "start.welcome.begin")
    mara.get_by_label(words("person.name.label")).fill("Mara")
    mara.locator("#passphrase").fill("mara mara")
    expect(mara.locator("[data-meter] output")).to_have_text(words("person.strength.very_weak"))
    fill_person(mara, "Mara")
    expect(mara.locator("[data-meter] output")).to_have_text(words("person.strength.very_strong"))
    mara.get_by_text(words("person.passphrase.suggest")).click()
    look(mara, "arrive-2-person")
    press(mara, "common.button.next")
    heads(mara, "person.sheet.title")
    expect(mara.locator("ol.words li")).to_have_count(12)
    expect(mara.get_by_role("button", name=words("common.button.print"))).to_be_visible()
    look(mara, "arrive-3-sheet")
    press(mara, "person.sheet.confirm")
    look(mara, "arrive-4-pair")
    press(mara, "pair.intro.invite")
    heads(mara, "pair.code.title")
    look(mara, "arrive-5-code")
    code = mara.locator("p.code").inner_text()

    lin = phone(house.url, still=True)
    lin.goto(f"/join#{code.replace(' ', '-')}")
    heads(lin, "pair.accept.invites", partner="Mara")
    assert "#" not in lin.url
    look(lin, "arrive-6-consent")
    press(lin, "pair.accept.agree", partner="Mara")
    fill_person(lin, "Lin")
    press(lin, "common.button.next")
    press(lin, "person.sheet.confirm")
    heads(lin, "pair.confirm.waiting_title")
    look(lin, "arrive-7-waiting")

    heads(mara, "pair.confirm.title")  # by itself
    look(mara, "arrive-8-confirm")
    press(mara, "pair.confirm.yes")
    heads(mara, "pair.confirm.done", partner="Lin")
    heads(lin, "pair.confirm.done", partner="Mara")  # by itself
    look(lin, "arrive-9-done")


def test_arrives_without_scripts(house: House, phone: Callable[..., Page]) -> None:
    """The same way with plain forms and typed words."""
    mara = phone(house.url, scripts=False)
    mara.goto(f"/setup/{house.vault.new_setup_token()}")
    press(mara, "start.welcome.begin")
    fill_person(mara, "Mara")
    press(mara, "common.button.next")
    press(mara, "person.sheet.confirm")
    press(mara, "pair.intro.invite")
    code = mara.locator("p.code").inner_text()
    lin = phone(house.url, scripts=False)
    lin.goto("/join")
    lin.get_by_label(words("pair.accept.label")).fill(code)
    press(lin, "common.button.next")
    press(lin, "pair.accept.agree", partner="Mara")
    fill_person(lin, "Lin")
    press(lin, "common.button.next")
    press(lin, "person.sheet.confirm")
    press(mara, "pair.code.look_again")
    press(mara, "pair.confirm.yes")
    heads(mara, "pair.confirm.done", partner="Lin")
    press(lin, "pair.code.look_again")
    heads(lin, "pair.confirm.done", partner="Mara")


def test_uses_the_suggested_passphrase(house: House, phone: Callable[..., Page]) -> None:
    """One press fills both fields in the open, and a double press makes one person whose sheet is seen."""
    page = phone(house.url)
    page.goto(f"/setup/{house.vault.new_setup_token()}")
    page.goto("/start/new")
    page.get_by_label(words("person.name.label")).fill("Mara")
    page.get_by_text(words("person.passphrase.suggest")).click()
    press(page, "person.passphrase.use")
    expect(page.locator("#passphrase")).to_have_attribute("type", "text")
    expect(page.locator("#passphrase")).to_have_value(re.compile(r"^[a-z]+( [a-z]+){3}$"))
    page.get_by_role("button", name=words("common.button.next"), exact=True).dblclick()
    heads(page, "person.sheet.title")
    assert len(house.vault.people()) == 1


def test_shares_one_phone(house: House, signed_in: Callable[..., Page], look: Look) -> None:
    """Handing over and back on one phone, and two people at its door afterwards."""
    page = signed_in(house.arrive("Mara"), still=True)
    page.goto("/pair/one-phone")
    look(page, "arrive-one-phone")
    press(page, "pair.one_phone.second_person")
    press(page, "pair.accept.agree", partner="Mara")
    fill_person(page, "Lin")
    press(page, "common.button.next")
    press(page, "person.sheet.confirm")
    press(page, "pair.one_phone.give_back", partner="Mara")
    look(page, "arrive-sign-in")
    page.get_by_role("radio", name="Mara").check()
    page.get_by_label(words("person.sign_in.passphrase")).fill(PASSPHRASE)
    press(page, "person.sign_in.button")
    press(page, "pair.confirm.yes")
    heads(page, "pair.confirm.done", partner="Lin")


def test_the_other_doors_read_well(
    house: House, signed_in: Callable[..., Page], phone: Callable[..., Page], look: Look
) -> None:
    """A second device, the sheet, leaving, and what a stranger sees."""
    phone.forgive("status of 401")  # type: ignore[attr-defined]  # how a closed door answers
    mara, _ = house.couple()
    old = signed_in(mara, still=True)
    old.goto("/settings/device")
    press(old, "person.second.show")
    look(old, "arrive-add-device")
    code = old.locator("p.code").inner_text()
    new = phone(house.url, still=True)
    new.goto("/")
    look(new, "arrive-closed")
    new.goto("/recover")
    look(new, "arrive-recover")
    new.goto(f"/device#{code.replace(' ', '-')}")
    expect(new.get_by_label(words("pair.accept.label"))).to_have_value(code)
    look(new, "arrive-take-device")
    press(new, "common.button.next")
    new.get_by_label(words("person.sign_in.passphrase")).fill(PASSPHRASE)
    press(new, "person.sign_in.button")
    new.goto("/settings/leave")
    look(new, "arrive-leave")
    press(new, "pair.unpair.button")
    heads(new, "pair.unpair.closed")
    look(new, "arrive-left")


def test_prints_only_the_sheet(house: House, phone: Callable[..., Page], shoot: Callable[..., object]) -> None:
    """On paper there are the words and what they are for; no buttons."""
    page = phone(house.url)
    page.goto(f"/setup/{house.vault.new_setup_token()}")
    page.goto("/start/new")
    fill_person(page, "Mara")
    press(page, "common.button.next")
    heads(page, "person.sheet.title")
    page.emulate_media(media="print")
    expect(page.locator("ol.words li").first).to_be_visible()
    expect(page.get_by_role("button", name=words("person.sheet.confirm"))).to_be_hidden()
    expect(page.get_by_role("link", name=words("common.leave.button"))).to_be_hidden()
    shoot(page, "arrive-print")
