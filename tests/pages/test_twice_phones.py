"""A hand that trembles: two taps on a button are one wish, on every page that keeps or sends something."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from toward.catalogue import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.fixtures.house import House
    from toward.vault import Arrival

COUNT = """() => {
    window.went = 0;
    addEventListener("submit", (event) => {
        window.went += event.defaultPrevented ? 0 : 1;
        event.preventDefault();
    });
}"""
"""Runs after every listener of the page: how many forms would have gone out, and none does."""


@pytest.mark.parametrize(
    ("path", "button"),
    [
        ("/remember", "remember.write.seal"),
        ("/turn/agree", "turn.agreed.keep"),
        ("/pause", "pause.call.button"),
        ("/check-in", "common.button.done"),
    ],
)
def test_two_taps_send_once(
    house: House, couple: tuple[Arrival, Arrival], signed_in: Callable[..., Page], path: str, button: str
) -> None:
    """The second tap finds the first on its way; a while later the button works again."""
    page = signed_in(couple[0])
    page.goto(house.url + path)
    for area in page.locator("main textarea[required]").all():
        area.fill("a walk by the lake")
    for group in ("felt", "tone"):
        if page.locator(f"main input[name={group}]").count():
            page.locator(f"main input[name={group}]").first.check()
    page.evaluate(COUNT)
    page.get_by_role("button", name=words(button), exact=True).dblclick()
    assert page.evaluate("went") == 1
    page.wait_for_timeout(2100)
    page.get_by_role("button", name=words(button), exact=True).click()
    assert page.evaluate("went") == 2
