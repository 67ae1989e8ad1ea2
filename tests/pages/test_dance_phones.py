"""Our dance on real phones: found step by step on two of them, one without scripts; looked at by day and by night."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.pages.hands import press
from toward.catalogue import words
from toward.journal.kinds import DanceExit, DanceHalf, DanceMoment, DanceNamed, DanceShared
from toward.web.safe_slot import keep_answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.fixtures.house import House
    from toward.vault import Arrival

MINE = DanceShared(
    reactions=("explain", "anger"),
    do="I ask again, louder",
    cue="when you look at your phone, it drops in me",
    soft="lonely",
    fears=("rejection",),
    fear="I don't matter to you",
    long="one evening that is ours",
)
THEIRS = DanceShared(
    do="I go quiet and leave the room, and then I stay away for hours",
    shows="my back",
    fear="I can't get it right",
    long="to be enough",
)


def fits(page: Page) -> None:
    """No page is wider than its screen, at 320 px either."""
    was = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url
    assert page.evaluate(
        "[...document.querySelectorAll('.dance text')].every((t) => parseFloat(getComputedStyle(t).fontSize) *"
        " t.closest('svg').getBoundingClientRect().width / t.closest('svg').viewBox.baseVal.width >= 13)"
    ), "the figure's words are too small"
    assert was
    page.set_viewport_size(was)


def look(page: Page, axe: Callable[[Page], None]) -> None:
    """Hold a page to WCAG by day and by night, and to a narrow screen."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        axe(page)
    fits(page)


def find_half(page: Page, do: str, fear: str) -> None:
    """Go through the eight steps by their own buttons, and keep the half."""
    page.goto("/ours/dance")
    press(page, "dance.home.begin")
    page.get_by_label(re.compile(words("within.reaction.explain.short"))).check()
    page.get_by_label(words("dance.half.do"), exact=True).fill(do)
    for _ in range(5):
        press(page, "common.button.next")
    page.get_by_label(words("dance.half.fear"), exact=True).fill(fear)
    press(page, "common.button.next")
    press(page, "common.button.next")
    page.get_by_label(words("dance.half.guess"), exact=True).fill("a guess of mine")
    page.get_by_label(words("dance.half.name"), exact=True).fill("the storm")


def test_two_halves_become_one_picture(
    couple: tuple[Arrival, Arrival],
    signed_in: Callable[..., Page],
    axe: Callable[[Page], None],
    shoot: Callable[..., list[Path]],
) -> None:
    """Mara finds her half and shows it; Lin, without scripts and by night, reads it, finds theirs and shows it."""
    mara, lin = signed_in(couple[0]), signed_in(couple[1], width=320, height=640, dark=True, scripts=False)
    mara.goto("/ours/dance")
    shoot(mara, "dance-begin")
    find_half(mara, "I ask again, louder", "I don't matter to you")
    axe(mara)
    shoot(mara, "dance-own")
    mara.goto("/ours/dance/half#step-1")
    expect(mara.get_by_label(words("dance.half.do"), exact=True)).to_be_visible()
    find_half(mara, "I ask again, louder", "I don't matter to you")
    press(mara, "dance.half.keep")
    shoot(mara, "dance-kept")
    look(mara, axe)
    press(mara, "dance.home.share", partner="Lin")
    expect(mara.get_by_text("a guess of mine")).to_have_count(0)
    look(mara, axe)
    shoot(mara, "dance-share")
    press(mara, "dance.share.button", partner="Lin")
    expect(mara.get_by_text(words("dance.home.shared", partner="Lin"))).to_be_visible()
    shoot(mara, "dance-shared")

    lin.goto("/ours/dance")
    press(lin, "dance.home.read_theirs")
    expect(lin.get_by_text("I ask again, louder")).to_be_visible()
    lin.goto("/ours/dance")
    find_half(lin, "I go quiet and leave the room", "I can't get it right")
    press(lin, "dance.half.keep")
    press(lin, "dance.home.share", partner="Mara")
    press(lin, "dance.share.button", partner="Mara")
    expect(lin.get_by_role("heading", name="“the storm”", exact=True)).to_be_visible()
    mara.reload()
    expect(mara.get_by_text(words("dance.picture.against", name="the storm"))).to_be_visible()


def test_the_picture_and_its_ways_out(
    house: House,
    couple: tuple[Arrival, Arrival],
    signed_in: Callable[..., Page],
    axe: Callable[[Page], None],
    shoot: Callable[..., list[Path]],
) -> None:
    """Long words are cut in the figure and whole below it; a moment takes two taps."""
    mara, lin = couple
    mara.session.write(DanceHalf(**{name: getattr(MINE, name) for name in MINE.__struct_fields__}, guess="cold"))
    mara.session.write(MINE)
    mara.session.write(DanceNamed(name="the storm"))
    house.again(lin).write(THEIRS)
    house.again(lin).write(DanceExit(words="one of us said its name"))
    page = signed_in(mara)
    page.goto("/ours/dance")
    look(page, axe)
    shoot(page, "dance-picture")
    page.set_viewport_size({"width": 320, "height": 640})
    shoot(page, "dance-picture")
    page.set_viewport_size({"width": 1200, "height": 900})
    shoot(page, "dance-picture")
    page.set_viewport_size({"width": 390, "height": 844})
    inside = page.evaluate(
        "[...document.querySelectorAll('svg.dance text')].map((t) => t.getBBox())"
        ".every((box) => box.x >= 0 && box.x + box.width <= 320)"
    )
    assert inside, "words run out of the figure"
    page.get_by_text(words("dance.picture.theirs", partner="Lin")).click()
    expect(page.get_by_text(THEIRS.do, exact=True)).to_be_visible()
    press(page, "dance.exit.button")
    look(page, axe)
    shoot(page, "dance-exit")
    press_name = page.get_by_role("button", name="one of us said its name")
    press_name.click()
    expect(page.get_by_role("heading", name="“the storm”")).to_be_visible()
    press(page, "dance.exit.happened")
    expect(page.get_by_role("heading", name=words("dance.happened.title"))).to_be_visible()
    look(page, axe)
    shoot(page, "dance-happened")
    tagged = [entry.body for entry in house.again(mara).entries if isinstance(entry.body, DanceMoment)]
    assert tagged == [DanceMoment(what="exit", words="one of us said its name"), DanceMoment(what="happened")]


def test_what_is_no_part_of_a_dance(
    house: House,
    signed_in: Callable[..., Page],
    axe: Callable[[Page], None],
    shoot: Callable[..., list[Path]],
) -> None:
    """The refusal is looked at as somebody hurt, ashamed or frightened sees it; the words are still in the form."""
    alone = house.arrive("Solo")
    keep_answer(alone.session, "hard", time.time_ns() // 1_000_000, for_visit=False)
    page = signed_in(alone, still=True)
    page.goto("/ours/dance")
    shoot(page, "dance-solo")
    page.goto("/ours/dance/half")
    shoot(page, "dance-step-1")
    page.get_by_label(words("dance.half.do"), exact=True).fill("I go quiet when you hit me")
    press(page, "dance.half.pause")
    expect(page.get_by_role("heading", name=words("dance.refused.title"))).to_be_visible()
    look(page, axe)
    shoot(page, "dance-refused")
    press(page, "dance.refused.change")
    expect(page.get_by_label(words("dance.half.do"), exact=True)).to_have_value("I go quiet when you hit me")
    page.get_by_label(words("dance.half.do"), exact=True).fill("I go quiet")
    press(page, "dance.half.pause")
    expect(page.locator("svg.dance.one")).to_be_visible()
    look(page, axe)
    shoot(page, "dance-solo-half")
