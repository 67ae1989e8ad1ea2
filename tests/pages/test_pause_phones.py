"""A pause in full on two real phones: agreed on in calm, left and waited through, and the way back; without scripts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.pages.hands import press_first
from toward.catalogue import Catalogue, words
from toward.journal.kinds import PauseCalled, PauseMoved, PauseReturned, Source, WayBack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.fixtures.house import House
    from toward.vault import Arrival


def now_ms() -> int:
    """The house's clock."""
    return time.time_ns() // 1_000_000


def look(page: Page, axe: Callable[[Page], None], shoot: Callable[..., list[Path]], name: str) -> None:
    """Hold a page to WCAG by day and by night and to a narrow screen, and draw it."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        axe(page)
    shoot(page, f"pause-{name}")
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
    page.set_viewport_size({"width": 390, "height": 844})


def test_agreed_on_in_calm_and_gone_through_by_both(
    house: House,
    couple: tuple[Arrival, Arrival],
    signed_in: Callable[..., Page],
    axe: Callable[[Page], None],
    shoot: Callable[..., list[Path]],
) -> None:
    """Mara proposes words, Lin agrees; Mara leaves, Lin waits; both find what fits, and the way back in."""
    mara, lin = signed_in(couple[0], still=True), signed_in(couple[1], still=True)
    mara.goto("/pause/words")
    mara.get_by_label(words("pause.words.label"), exact=True).fill("red balloon")
    press_first(mara, "pause.words.propose", partner="Lin")
    mara.get_by_label(words("pause.words.leaving"), exact=True).fill("a walk round the block")
    press_first(mara, "pause.words.keep")
    look(mara, axe, shoot, "words-mine")
    lin.goto("/pause/words")
    look(lin, axe, shoot, "words-theirs")
    press_first(lin, "pause.words.agree")
    expect(lin.get_by_text(words("pause.words.agreed", words="red balloon"))).to_be_visible()

    couple[0].session.write(Source(sort="words", words="I am held"))
    house.again(couple[0]).write(PauseCalled(until_ms=now_ms() + 3_600_000))
    mara.goto("/pause")
    expect(mara.get_by_text("red balloon")).to_be_visible()
    expect(mara.get_by_text("a walk round the block")).to_be_visible()
    look(mara, axe, shoot, "leaves")
    lin.goto("/pause")
    lin.get_by_text(words("pause.running.more")).click()
    press_first(lin, "now.body.shut.name")
    expect(lin.get_by_role("link", name=words("now.body.shut.name"), exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    look(lin, axe, shoot, "waits")

    session = house.again(couple[0])
    pause = session.life.pauses.current(now_ms())
    assert pause is not None
    session.write(PauseMoved(pause=pause.id, until_ms=now_ms() - 1000))
    for one in couple:
        house.again(one).write(PauseReturned(pause=pause.id, reply="ready"))
    mara.goto("/pause")
    look(mara, axe, shoot, "both-ready")
    press_first(mara, "pause.return.back")
    look(mara, axe, shoot, "back")
    press_first(mara, "pause.back.go")
    mara.get_by_label(words("pause.back.note"), exact=True).locator("visible=true").fill("I left without a word")
    look(mara, axe, shoot, "back-did")
    for _ in range(3):
        press_first(mara, "common.button.next")
    expect(mara.get_by_text(Catalogue.load("en").words_list("pause.back.next_say")[0])).to_be_visible()
    press_first(mara, "pause.back.enough")
    look(mara, axe, shoot, "back-done")
    noted = [one.body for one in house.again(couple[0]).entries if isinstance(one.body, WayBack)]
    assert noted == [WayBack(did="I left without a word")]


def test_with_one_phone_and_without_scripts(
    house: House,
    couple: tuple[Arrival, Arrival],
    signed_in: Callable[..., Page],
    axe: Callable[[Page], None],
    shoot: Callable[..., list[Path]],
) -> None:
    """The time has come; only Mara has it open, and begins with the one phone there is. Solo has a pause, too."""
    session = couple[0].session
    called = session.write(PauseCalled(until_ms=now_ms() + 3_600_000))
    house.again(couple[0]).write(PauseMoved(pause=called.id, until_ms=now_ms() - 1000))
    mara = signed_in(couple[0], scripts=False, width=320, height=640)
    mara.goto("/pause")
    press_first(mara, "pause.return.ready")
    press_first(mara, "pause.return.back")
    press_first(mara, "pause.back.go")
    for _ in range(3):
        press_first(mara, "common.button.next")
    press_first(mara, "pause.back.enough")
    expect(mara.get_by_role("heading", name=words("pause.back.done_title"))).to_be_visible()
    alone = house.arrive("Solo")
    solo = signed_in(alone, still=True)
    solo.goto("/pause?body=revved")
    look(solo, axe, shoot, "solo")
    solo.goto("/pause/words")
    look(solo, axe, shoot, "solo-plan")
