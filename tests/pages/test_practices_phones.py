"""Practices in a real browser: a step at a time with a timer, the list without a script, and how it all looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from toward.catalogue import words
from toward.practices.library import load_library

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.fixtures.house import House
    from toward.vault import Arrival

    Look = Callable[[Page, str], None]

LIBRARY = load_library()


@pytest.fixture
def look(axe: Callable[[Page], None], shoot: Callable[..., object]) -> Look:
    """Takes pictures, and holds a page to WCAG in light and dark and to 320 pixels."""

    def at(page: Page, name: str) -> None:
        shoot(page, name)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            axe(page)
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, f"{name} scrolls sideways"
        page.set_viewport_size({"width": 390, "height": 844})

    return at


def test_a_talk_runs_by_the_clock_and_waits_where_it_says_so(
    couple: tuple[Arrival, Arrival], signed_in: Callable[..., Page], look: Look
) -> None:
    """Begin, one step on the screen with whose turn it is; a timed one goes by itself, a waiting one stays."""
    page = signed_in(couple[0], still=True)
    page.clock.install()
    page.goto("/practices")
    page.get_by_role("link", name=words("practices.aim.turn.title")).click()
    look(page, "practices-turn")
    page.get_by_role("link", name=LIBRARY["talk_turns"].en.title).click()
    look(page, "practice-talk-turns")
    steps = LIBRARY["talk_turns"].en.steps
    page.get_by_role("button", name=words("settle.breathe.start")).click()
    expect(page.get_by_text(steps[0].text)).to_be_visible()
    expect(page.get_by_text(steps[1].text)).to_be_hidden()
    page.clock.run_for((steps[0].seconds + 1) * 1000)
    expect(page.get_by_text(steps[1].text)).to_be_visible()
    expect(page.get_by_text(words("practices.page.one"), exact=True).locator("visible=true")).to_have_count(1)
    look(page, "practice-talk-turns-running")
    for _ in steps[1:]:
        page.get_by_role("button", name=words("settle.practice.next")).click()
    page.get_by_role("button", name=words("common.button.done")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words("practices.done.title"))

    page.goto("/practice/hold-me-tight")
    slow = LIBRARY["hold_me_tight"].en.steps[0]
    page.get_by_role("button", name=words("settle.breathe.start")).click()
    page.clock.run_for((slow.seconds + 30) * 1000)
    expect(page.get_by_text(slow.text)).to_be_visible()
    expect(page.get_by_text(words("practices.page.waits"))).to_be_visible()


def test_a_hand_before_a_hard_thing_without_a_script(
    couple: tuple[Arrival, Arrival], house: House, signed_in: Callable[..., Page], look: Look
) -> None:
    """All of it stands there as a list; before and after are one form, and the words follow the two answers."""
    page = signed_in(couple[0], scripts=False)
    page.goto("/settle")
    page.get_by_role("link", name=words("practices.home.link")).click()
    page.get_by_role("link", name=words("practices.aim.settle_together.title")).click()
    page.get_by_role("link", name=LIBRARY["hand_before"].en.title).click()
    for step in LIBRARY["hand_before"].en.steps:
        expect(page.get_by_text(step.text)).to_be_visible()
    page.locator('label:has(input[name="before"][value="2"])').click()
    page.locator('label:has(input[name="after"][value="6"])').click()
    page.get_by_role("button", name=words("common.button.done")).click()
    expect(page.get_by_text(words("practices.done.eased"))).to_be_visible()
    last = house.again(couple[0]).life.practices[0]
    assert (last.practice, last.before, last.after) == ("hand_before", 2, 6)
    seen = signed_in(couple[1], still=True)
    seen.goto("/practices")
    look(seen, "practices")


def test_a_note_to_hum_along_starts_and_ends(couple: tuple[Arrival, Arrival], signed_in: Callable[..., Page]) -> None:
    """The browser's own sound is asked for a low note when humming begins, and the note ends with the practice."""
    page = signed_in(couple[0], still=True)
    page.add_init_script(
        """window.notes = [];
        const make = AudioContext.prototype.createOscillator;
        AudioContext.prototype.createOscillator = function () {
            const tone = make.call(this);
            window.notes.push(tone);
            tone.onended = () => { tone.over = true; };
            return tone;
        };"""
    )
    page.goto("/settle/hum")
    page.get_by_role("button", name=words("settle.breathe.start")).click()
    page.wait_for_function("() => window.notes.some((tone) => Math.abs(tone.frequency.value - 146.83) < 0.1)")
    page.get_by_role("button", name=words("settle.breathe.stop")).click()
    page.wait_for_function("() => window.notes.some((tone) => tone.over)")
