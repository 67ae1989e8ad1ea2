"""The dance, to play with, on a phone: the script lives as Python does, and words say what happens and why."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from toward.catalogue import words
from toward.web.valleys import ACTS, FAR, Two, heights, later

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.fixtures.house import House

LIVE = """async (acts) => {
    const { ACTS, FAR, heights, start, step } = await import(document.querySelector("script[src*=valleys]").src);
    let two = start(FAR);
    const seen = [];
    for (const act of acts) {
        two = ACTS[act](two);
        for (let i = 0; i < 60; i += 1) two = step(two);
        seen.push([two.one, two.other, two.shield, two.inner, two.hand, ...heights(two).slice(0, 40)]);
    }
    return seen;
}"""


def press(page: Page, act: str) -> None:
    """Press the button of an act."""
    page.get_by_role("button", name=words(f"play.act.{act}"), exact=True).click()


def test_is_played_on_a_phone(
    house: House, signed_in: Callable[..., Page], shoot: Callable[..., list[Path]], axe: Callable[[Page], None]
) -> None:
    """They begin far apart, pressing changes nothing for the better, one softer word brings them home."""
    page = signed_in(house.arrive("Mara"))
    page.goto("/ours/play")
    where, why = page.locator("[data-where]"), page.locator("[data-why]")
    expect(where).to_have_text(words("play.where.far"))
    rng = random.Random(4)
    acts = [rng.choice(list(ACTS)) for _ in range(12)]
    two = Two(*FAR)
    for act, seen in zip(acts, page.evaluate(LIVE, acts), strict=True):
        two = later(ACTS[act](two), 1.2)
        assert seen[:5] == pytest.approx([two.one, two.other, two.shield, two.inner, two.hand], abs=1e-9)
        assert seen[5:] == pytest.approx(heights(two)[:40], abs=1e-9)

    press(page, "press")
    expect(why).to_have_text(words("play.why.press_far"))
    expect(where).to_have_text(words("play.where.far"))
    press(page, "far")
    press(page, "soften")
    expect(why).to_have_text(words("play.why.soften"))
    expect(where).to_have_text(words("play.where.close"), timeout=20_000)
    axe(page)
    shoot(page, "play")


def test_is_a_series_of_pictures_without_a_script(
    house: House, phone: Callable[..., Page], shoot: Callable[..., list[Path]]
) -> None:
    """Seven pictures with a sentence each, and nothing to press that does nothing."""
    page = house.sign_in(phone(house.url, scripts=False, dark=True), house.arrive("Mara"))
    page.goto("/ours/play")
    expect(page.locator(".series li")).to_have_count(7)
    expect(page.locator(".series li").nth(2)).to_contain_text(words("play.scene.soften"))
    expect(page.locator("[data-act]").first).to_be_hidden()
    shoot(page, "play-without-script")


def test_stands_still_for_those_who_want_no_motion(house: House, phone: Callable[..., Page]) -> None:
    """A press shows at once what a week makes of it, and no frame is asked for."""
    page = house.sign_in(phone(house.url, still=True), house.arrive("Mara"))
    page.goto("/ours/play")
    expect(page.locator("[data-where]")).to_have_text(words("play.where.far"))
    press(page, "soften")
    expect(page.locator("[data-where]")).to_have_text(words("play.where.close"))
    one = page.locator("[data-one]").get_attribute("transform")
    page.wait_for_timeout(300)
    assert page.locator("[data-one]").get_attribute("transform") == one
