"""Looking along while somebody writes, on real phones: never in the way, never seen by the other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.pages.hands import fits
from toward import words as soft
from toward.catalogue import words
from toward.journal.kinds import Invitation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator, Page, Route

    from tests.fixtures.house import House
    from toward.vault import Arrival

HARSH = "You never listen, you only care about work"
WARM = "I miss you. Would you sit with me for ten minutes tonight?"
THREAT = "If you leave me I'll kill you"
FEAR = "I'm scared of what you do when you drink. You hit me."
DARK = "I don't want to live any more"
BOTH = "If you leave me I will kill myself"
BREAKS = f"<script>alert(1)</script> {HARSH} <img src=x onerror=alert(2)>"


def area(page: Page) -> Locator:
    """The ask."""
    return page.get_by_label(words("turn.ask.label"), exact=True)


def begin(page: Page) -> Page:
    """Open Reach at the ask."""
    page.goto("/turn/reach#step-7")
    return page


def marked(page: Page) -> Locator:
    """The phrases that have a line under them."""
    return page.locator(".soften-mirror mark")


def test_lines_reasons_and_a_softer_form(
    house: House,
    couple: tuple[Arrival, Arrival],
    signed_in: Callable[..., Page],
    axe: Callable[[Page], None],
    shoot: Callable[..., list[Path]],
) -> None:
    """Lines under the words, the reason on a tap, slots of one's own by keyboard alone; the other sees none of it."""
    mara, lin = begin(signed_in(couple[0])), signed_in(couple[1])
    lin.goto("/turn")
    others = lin.content()
    send = mara.get_by_role("button", name=words("turn.ask.read"))
    area(mara).press_sequentially(HARSH, delay=5)
    where = send.bounding_box()
    expect(marked(mara)).to_have_text(["You never listen", "you only care"])
    assert send.bounding_box() == where
    expect(mara.get_by_role("status").first).to_have_text(words("soften.found.clear"))
    shoot(mara, "soften-lines")
    axe(mara)

    # The lines lie exactly where the letters are, and stay with their words while others are typed.
    box = "e => { const r = e.getBoundingClientRect(); return [r.x, r.y, r.width, r.height, e.scrollHeight]; }"
    assert mara.locator(".soften-mirror").evaluate(box) == pytest.approx(area(mara).evaluate(box), abs=1)
    area(mara).press("Control+Home")
    area(mara).press_sequentially("Oh. ")
    expect(marked(mara)).to_have_text(["You never listen", "you only care"])

    area(mara).evaluate("e => { e.setSelectionRange(8, 8); e.click(); }")
    expect(mara.locator(".soften-reasons li.now")).to_contain_text("You never listen")
    slots = mara.locator(".soften-hard textarea")
    expect(slots).to_have_count(5)
    expect(mara.locator("#soften-fear-hint")).to_have_text(soft.soften(HARSH).softer.fear or "")
    shoot(mara, "soften-form")
    mara.emulate_media(color_scheme="dark")
    axe(mara)
    mara.emulate_media(color_scheme="light")
    area(mara).press("Tab")
    expect(mara.locator(".soften-hard summary")).to_be_focused()
    mara.keyboard.press("Tab")
    mara.keyboard.type("You looked at your phone while I told you of my day")
    for _ in range(4):
        mara.keyboard.press("Tab")
    mara.keyboard.type("Would you sit with me?")
    mara.keyboard.press("Tab")
    mara.keyboard.press("Enter")
    expect(area(mara)).to_have_value("You looked at your phone while I told you of my day. Would you sit with me?")
    expect(area(mara)).to_be_focused()
    expect(marked(mara)).to_have_count(0)
    mara.get_by_role("button", name=words("soften.slot.back")).click()
    expect(area(mara)).to_have_value(f"Oh. {HARSH}")
    expect(marked(mara)).to_have_count(2)
    lin.reload()
    assert lin.content() == others

    send.click()
    mara.get_by_role("button", name=words("turn.ask.send", partner="Lin")).click()
    expect(mara.get_by_role("heading", name=words("turn.thread.title_mine"))).to_be_visible()
    sent = [one.body for one in house.again(couple[1]).entries if isinstance(one.body, Invitation)]
    assert sent == [Invitation(door="reach", words=f"Oh. {HARSH}")]


def test_a_warm_word_silence_and_another_language(
    couple: tuple[Arrival, Arrival], signed_in: Callable[..., Page], shoot: Callable[..., list[Path]]
) -> None:
    """A clear message gets nothing or one warm word; what is not English is told so, and left alone."""
    page = begin(signed_in(couple[0], width=320, height=640, dark=True))
    shown = page.locator("[data-place]")
    area(page).fill(WARM)
    expect(shown).to_have_text(soft.soften(WARM).warm or "-")
    shoot(page, "soften-warm")
    fits(page)
    area(page).fill("See you at seven, I will bring bread")
    expect(shown).to_have_text("")
    area(page).fill("Tu ne m'écoutes jamais, tu ne penses qu'au travail")
    expect(shown).to_have_text(soft.soften("Tu ne m'écoutes jamais, tu ne penses qu'au travail").note or "-")
    expect(marked(page)).to_have_count(0)


def test_danger_leads_to_people_and_not_to_softer_words(
    couple: tuple[Arrival, Arrival],
    signed_in: Callable[..., Page],
    axe: Callable[[Page], None],
    shoot: Callable[..., list[Path]],
) -> None:
    """Who helps is there; no line, no slot, then or later in this writing; sending stays, and nobody is told."""
    page, lin = signed_in(couple[0], width=320, height=640), signed_in(couple[1])
    lin.goto("/turn")
    others = lin.content()
    for kind, text in (("self_harm", DARK), ("self_harm", BOTH), ("fear", FEAR), ("threat", THREAT)):
        page.goto("/turn")
        area(begin(page)).fill(f"{text}. {HARSH}.")
        expect(page.get_by_role("heading", name=words(f"soften.{kind}.title"))).to_be_visible()
        expect(marked(page)).to_have_count(0)
        expect(page.locator(".soften-hard")).to_have_count(0)
        expect(page.locator("[data-place] .lines").first).to_be_attached()
        page.locator("[data-place]").scroll_into_view_if_needed()
        shoot(page, f"soften-{kind}")
        fits(page)
        if kind != "self_harm":
            axe(page)
        page.emulate_media(color_scheme="dark")
        with page.expect_response("**/soften"):
            area(page).fill(HARSH)
        expect(page.locator("[data-place]")).to_have_text("")
        expect(marked(page)).to_have_count(0)
    lin.reload()
    assert lin.content() == others
    area(page).fill(THREAT)
    page.get_by_role("button", name=words("turn.ask.read")).click()
    page.get_by_role("button", name=words("turn.ask.send", partner="Lin")).click()
    expect(page.get_by_role("heading", name=words("turn.thread.title_mine"))).to_be_visible()


def test_what_tries_to_break_the_page_stays_text(
    couple: tuple[Arrival, Arrival], signed_in: Callable[..., Page]
) -> None:
    """Tags, emoji, right to left and ten thousand letters are words like others."""
    page = begin(signed_in(couple[0]))
    area(page).fill(BREAKS)
    expect(marked(page).first).to_have_text("You never listen")
    assert page.locator(".soften-mirror").text_content() == BREAKS
    area(page).fill(f"\U0001f600\U0001f468‍\U0001f469‍\U0001f467 {HARSH}")
    expect(marked(page)).to_have_text(["You never listen", "you only care"])
    area(page).fill("אתה אף פעם לא מקשיב לי ואני כל כך עצוב")
    expect(marked(page)).to_have_count(0)
    with page.expect_response("**/soften"):
        area(page).evaluate(
            "(e, t) => { e.value = t; e.dispatchEvent(new Event('input')); }", "You never listen. " * 600
        )
    expect(marked(page).first).to_have_text("You never listen")
    fits(page)
    assert page.locator("main img, main script").count() == 0


def test_asks_when_hands_rest_and_never_after_sending(
    couple: tuple[Arrival, Arrival], signed_in: Callable[..., Page]
) -> None:
    """A question that was overtaken is dropped, an answer that comes late changes nothing, and sending ends it."""
    page = begin(signed_in(couple[0]))
    asked: list[str] = []
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route.request.post_data or "")
        waiting.append(route)

    page.route("**/soften", hold)
    with page.expect_request("**/soften"):
        area(page).press_sequentially(HARSH, delay=5)
    page.wait_for_timeout(200)
    assert len(asked) == 1
    assert len(asked[0]) % 4096 == 0
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/soften")):
        area(page).press("End")
        area(page).press_sequentially("!")
    page.wait_for_timeout(200)
    page.get_by_role("button", name=words("turn.ask.keep")).first.click()
    expect(page).to_have_url(re.compile("done=kept"))
    page.wait_for_timeout(900)
    assert len(asked) == 1
    assert marked(page).count() == 0


def test_without_a_script_a_second_button_looks_along(
    house: House,
    couple: tuple[Arrival, Arrival],
    signed_in: Callable[..., Page],
    shoot: Callable[..., list[Path]],
) -> None:
    """The same reasons and slots, everything typed kept, one's own words put in and taken back, nothing sent."""
    page = begin(signed_in(couple[0], scripts=False))
    page.get_by_label(words("turn.ask.label"), exact=True).fill(HARSH)
    page.locator("[data-look]").click()
    assert page.url.endswith("/turn/reach#step-7")
    expect(area(page)).to_have_value(HARSH)
    expect(page.locator(".soften-reasons q").first).to_have_text("You never listen")
    page.get_by_label(words("soften.slot.feel")).fill("I felt alone")
    shoot(page, "soften-plain")
    page.get_by_role("button", name=words("soften.slot.use")).click()
    expect(area(page)).to_have_value("I felt alone.")
    page.get_by_role("button", name=words("soften.slot.back")).click()
    expect(area(page)).to_have_value(HARSH)
    area(page).fill(THREAT)
    page.locator("[data-look]").click()
    expect(page.get_by_role("heading", name=words("soften.threat.title"))).to_be_visible()
    area(page).fill(HARSH)
    page.locator("[data-look]").click()
    expect(page.locator(".soften-hard")).to_have_count(0)
    assert not [one for one in house.again(couple[1]).entries if isinstance(one.body, Invitation)]
