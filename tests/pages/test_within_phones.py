"""Within on real phones: the steps, the film with its sound, the source; without scripts; by day and by night."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.pages.hands import press_first
from toward.catalogue import words
from toward.journal.kinds import SixSteps, Source
from toward.web.safe_slot import keep_answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.fixtures.house import House
    from toward.vault import Arrival

NOTES = """
window.notes = [];
window.AudioContext = class {
  currentTime = 0; destination = {};
  resume() {}
  createGain() { return { context: this, gain: this.#curve(), connect() { return this; } }; }
  createPeriodicWave() { return {}; }
  createOscillator() {
    return { frequency: this.#curve((pitch) => window.notes.push(pitch)), setPeriodicWave() {}, connect: (to) => to,
             start() {}, stop() {} };
  }
  #curve(note = () => {}) {
    return { setValueAtTime: note, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} };
  }
};
"""


@pytest.fixture
def mara(house: House) -> Arrival:
    """Mara, alone, who was asked before."""
    arrived = house.arrive("Mara")
    keep_answer(arrived.session, "hard", time.time_ns() // 1_000_000, for_visit=False)
    return arrived


def look(page: Page, axe: Callable[[Page], None], shoot: Callable[..., list[Path]], name: str) -> None:
    """Hold a page to WCAG by day and by night and to a narrow screen, and draw it."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        axe(page)
    shoot(page, f"within-{name}")
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
    page.set_viewport_size({"width": 390, "height": 844})


def six(page: Page) -> None:
    """Through the steps by their own buttons."""
    press_first(page, "within.six.begin")
    page.get_by_label(words("within.six.feel"), exact=True).fill("a stone")
    press_first(page, "common.button.next")
    press_first(page, "within.six.learn")
    expect(page.get_by_text(words("within.six.not_their_day"))).to_be_visible()
    page.get_by_label(words("within.six.telling")).fill("nobody would notice")
    press_first(page, "common.button.next")
    page.get_by_label(words("within.six.true")).fill("I am tired, not small")
    press_first(page, "common.button.next")
    page.get_by_label(words("within.six.act"), exact=True).fill("call Ana")
    press_first(page, "common.button.next")


def test_a_source_and_six_steps(
    house: House,
    mara: Arrival,
    signed_in: Callable[..., Page],
    axe: Callable[[Page], None],
    shoot: Callable[..., list[Path]],
) -> None:
    """From Now in one tap; not eased leads back to the third step with everything there; then it is kept."""
    page = signed_in(mara, still=True)
    page.goto("/")
    press_first(page, "now.home.no_source")
    look(page, axe, shoot, "choose")
    page.get_by_role("radio", name=words("within.source.nature")).check()
    page.get_by_label(words("within.source.label"), exact=True).fill("the old oak by the river")
    press_first(page, "common.button.save")
    expect(page.get_by_text("the old oak by the river")).to_be_visible()
    look(page, axe, shoot, "source")
    press_first(page, "within.source.done")
    page.goto("/within")
    look(page, axe, shoot, "home")
    six(page)
    expect(page.get_by_text(words("within.six.eased_no_body"))).to_be_hidden()
    page.get_by_role("radio", name=words("within.six.eased_no")).check()
    look(page, axe, shoot, "eased")
    press_first(page, "within.six.eased_back")
    expect(page.get_by_label(words("within.six.telling"))).to_have_value("nobody would notice")
    page.get_by_text(words("within.six.know")).click()
    look(page, axe, shoot, "ask")
    page.goto("/within/six#step-6")
    page.go_back()
    for _ in range(3):
        press_first(page, "common.button.next")
    page.get_by_role("radio", name=words("within.six.eased_some")).check()
    press_first(page, "within.six.keep")
    expect(page.get_by_text("call Ana")).to_be_visible()
    look(page, axe, shoot, "done")
    assert [one.body for one in house.again(mara).entries if isinstance(one.body, SixSteps)] == [
        SixSteps(
            feel="a stone", telling="nobody would notice", true="I am tired, not small", act="call Ana", eased="some"
        )
    ]


def test_the_film_plays_with_soft_notes(
    mara: Arrival, signed_in: Callable[..., Page], axe: Callable[[Page], None], shoot: Callable[..., list[Path]]
) -> None:
    """Line by line, two notes each, on by a touch; silent where sound is not wanted; then the three answers."""
    film = [re.compile(re.escape(line)) for line in _film()]
    page = signed_in(mara)
    page.add_init_script(NOTES)
    page.goto("/within/different")
    look(page, axe, shoot, "different")
    expect(page.get_by_text(film[0])).to_be_hidden()
    press_first(page, "within.different.begin")
    expect(page.get_by_text(film[0])).to_be_visible()
    assert len(page.evaluate("notes")) == 2
    shoot(page, "within-film")
    page.get_by_text(film[0]).click()
    expect(page.get_by_text(film[1])).to_be_visible()
    expect(page.get_by_text(film[0])).to_be_hidden()
    assert len(page.evaluate("notes")) == 4
    for line in film[1:]:
        page.get_by_text(line).click()
    expect(page.locator("[data-film]")).to_have_attribute("data-state", "done")
    expect(page.get_by_label(words("within.different.be"))).to_be_focused()
    page.reload()
    page.get_by_label(words("within.different.sound"), exact=True).uncheck()
    press_first(page, "within.different.begin")
    expect(page.get_by_text(film[0])).to_be_visible()
    assert page.evaluate("notes") == []


def test_all_of_it_without_scripts(
    house: House,
    mara: Arrival,
    signed_in: Callable[..., Page],
    axe: Callable[[Page], None],
    shoot: Callable[..., list[Path]],
) -> None:
    """The steps move by the page's own links, the film is a list, and the source opens Turn."""
    house.again(mara).write(Source(sort="prayer", words="be with me"))
    page = signed_in(mara, scripts=False, width=320, height=640)
    page.goto("/within")
    six(page)
    press_first(page, "within.six.keep")
    expect(page.get_by_text("call Ana")).to_be_visible()
    page.goto("/within/different")
    for line in _film():
        expect(page.get_by_text(line)).to_be_visible()
    page.get_by_label(words("within.different.be")).fill("softer")
    press_first(page, "within.different.keep")
    expect(page.get_by_text("softer", exact=True)).to_be_visible()
    page.goto("/turn")
    expect(page.get_by_text("be with me")).to_be_hidden()
    page.get_by_text(words("within.source.fold")).click()
    expect(page.get_by_text("be with me")).to_be_visible()
    looker = signed_in(mara)
    looker.goto("/within/fears")
    look(looker, axe, shoot, "fears")


def _film() -> tuple[str, ...]:
    from toward.catalogue import Catalogue

    return Catalogue.load("en").words_list("within.different.film")
