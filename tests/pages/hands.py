"""What a person's thumb does on any page, and what their eye looks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from toward.catalogue import words

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def pressable(page: Page, key: str, **values: str) -> Locator:
    """The buttons and links one can see that carry the words under *key*."""
    said = words(key, **values)
    button = page.get_by_role("button", name=said, exact=True)
    return button.or_(page.get_by_role("link", name=said, exact=True)).locator("visible=true")


def press(page: Page, key: str, **values: str) -> None:
    """Press the only button or link with the words under *key*."""
    pressable(page, key, **values).click()


def press_first(page: Page, key: str, **values: str) -> None:
    """Press the first of several that carry the same words."""
    pressable(page, key, **values).first.click()


def heading(page: Page, key: str, **values: str) -> None:
    """Expect a visible heading."""
    expect(page.get_by_role("heading", name=words(key, **values))).to_be_visible()


def fits(page: Page) -> None:
    """No page is wider than its screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url
