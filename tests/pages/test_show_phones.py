"""What is typed in the dark can be looked at: by touch and by keyboard, and it is dark again when it goes off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from toward.catalogue import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.fixtures.house import House

    Phone = Callable[..., Page]

PLACES = (
    ("/sign-in", "passphrase"),
    ("/recover", "passphrase"),
    ("/settings/erase", "passphrase-now"),
    ("/settings/sheet", "passphrase-now"),
    ("/settings/passphrase", "passphrase"),
)


def button(page: Page) -> Locator:
    """The button that shows, or hides, what was typed."""
    return page.locator("[data-show]")


def at(house: House, signed_in: Phone, path: str, **wishes: object) -> Page:
    """Mara's phone at a page; her session is over where it asks her to sign in."""
    mara = house.arrive("Mara")
    page = signed_in(mara, **wishes)
    if path == "/sign-in":
        house.again(mara).sign_out()
    page.goto(path)
    return page


@pytest.mark.parametrize(("path", "field"), PLACES)
def test_a_passphrase_can_be_shown_by_keyboard_and_goes_off_dark(
    house: House, signed_in: Phone, phone: Phone, path: str, field: str
) -> None:
    """A real button after the field, which says what it does next; the space bar presses it, and sending hides."""
    phone.forgive("status of 40")  # type: ignore[attr-defined]  # how a slip is answered
    page = at(house, signed_in, path)
    box = page.locator(f"#{field}")
    box.fill("a slip of mine")
    expect(button(page)).to_have_accessible_name(words("person.passphrase.show"))
    button(page).focus()
    page.keyboard.press("Space")
    expect(box).to_have_attribute("type", "text")
    expect(button(page)).to_have_accessible_name(words("person.passphrase.hide"))
    expect(button(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(box).to_have_attribute("type", "password")
    button(page).click()
    expect(box).to_have_attribute("type", "text")
    page.evaluate("document.addEventListener('submit', (event) => { event.preventDefault(); })")
    button(page).evaluate("(one) => one.form.dispatchEvent(new SubmitEvent('submit', { cancelable: true }))")
    expect(box).to_have_attribute("type", "password")
    expect(box).to_have_value("a slip of mine")


def test_a_press_on_show_sends_nothing(house: House, signed_in: Phone) -> None:
    """It is no second way to open."""
    page = at(house, signed_in, "/sign-in")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.locator("#passphrase").fill("a slip of mine")
    button(page).click()
    expect(page.locator("#passphrase")).to_have_attribute("type", "text")
    assert "POST" not in sent


@pytest.mark.parametrize(("path", "field"), PLACES)
def test_without_a_script_there_is_no_button_that_does_nothing(
    house: House, signed_in: Phone, phone: Phone, path: str, field: str
) -> None:
    """The field is there, dark, and the button is not."""
    phone.forgive("status of 40")  # type: ignore[attr-defined]
    page = at(house, signed_in, path, scripts=False)
    expect(page.locator(f"#{field}")).to_have_attribute("type", "password")
    expect(button(page)).to_be_hidden()
