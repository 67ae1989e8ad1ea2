"""Home, the check-in and the pages for one on real phones: looked at, walked through, with and without scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.pages.hands import press_first
from toward.catalogue import words
from toward.journal.kinds import CheckIn, Invitation, Moment, PauseCalled, Preferences

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.fixtures.house import House

SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_every_page_is_accessible_and_fits_the_smallest_phone(
    house: House,
    signed_in: Callable[..., Page],
    axe: Callable[[Page], None],
    shoot: Callable[..., list[Path]],
) -> None:
    """No breach of WCAG 2.2 AA, by night neither, and nothing to scroll sideways at 320 px."""
    mara, lin = house.couple()
    page = signed_in(mara, still=True)

    def look(path: str, name: str, *, night: bool = False) -> None:
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(house.url + path)
        axe(page)
        if night:
            page.emulate_media(color_scheme="dark")
            axe(page)
            page.emulate_media(color_scheme="light")
        shoot(page, f"now-{name}")
        page.set_viewport_size({"width": 320, "height": 640})
        assert not page.evaluate(SIDEWAYS), path

    look("/", "home-first")
    look("/check-in", "check-in", night=True)
    look("/ladder", "ladder")
    look("/within", "within")
    look("/within/three-breaths", "three-breaths")
    look("/within/care", "care")
    look("/before", "before")
    house.again(mara).write(Moment(label="We moved house", sort="life", day="2025-11-02"))
    look("/moments", "moments")
    house.again(lin).write(Invitation(door="reach", words="Would you sit with me tonight?"))
    house.again(lin).write(CheckIn(felt=3, body="revved", words="A long day. I miss you.", share=True))
    house.again(mara).write(CheckIn(felt=5, body="open", words="Tired, and glad you are here.", share=True))
    house.again(lin)
    look("/", "home-opened", night=True)
    look("/check-in/kept", "kept")
    house.again(mara).write(Preferences(country="DE"))
    for rung in ("coerce", "despair"):
        house.again(mara).write(CheckIn(felt=2, rung=rung))
        look("/ladder/next", f"rung-{rung}", night=rung == "coerce")
    page.goto(f"{house.url}/before")
    page.locator("input[name=answer][value=afraid]").check()
    press_first(page, "safety.before.go_on")
    axe(page)
    page.set_viewport_size({"width": 390, "height": 844})
    shoot(page, "now-afraid")
    house.again(mara).write(PauseCalled(until_ms=house.vault.now_ms() + 3_600_000))
    look("/", "paused", night=True)


def test_two_phones_share_a_check_in(house: House, signed_in: Callable[..., Page]) -> None:
    """One taps and shares, the other sees nothing of it until they have too; then each has the other's words."""
    mara, lin = house.couple()
    hers, theirs = signed_in(mara), signed_in(lin)
    for page, felt, text in ((hers, "3", "I missed you"), (theirs, "6", "Me too")):
        page.goto(house.url)
        expect(page.get_by_text(words("now.home.nothing_to_open"))).to_be_visible()
        page.locator(f"input[name=felt][value='{felt}']").check()
        page.get_by_text(words("now.checkin.more")).click()
        page.get_by_label(words("now.checkin.words")).fill(text)
        page.get_by_label(words("now.share.label", partner="Lin" if page is hers else "Mara")).check()
        press_first(page, "common.button.done")
        expect(page.get_by_role("heading", level=1)).to_have_text(words("now.checkin.done"))
    hers.goto(house.url)
    expect(hers.get_by_text("Me too")).to_be_visible()
    theirs.reload()
    expect(theirs.get_by_text("I missed you")).to_be_visible()


def test_the_whole_way_without_scripts(house: House, signed_in: Callable[..., Page]) -> None:
    """Alone and without a script: a check-in, the ladder, a practice, a moment, an answer in private."""
    page = signed_in(house.arrive("Mara"), scripts=False)
    page.goto(house.url)
    page.locator("input[name=felt][value='4']").check()
    press_first(page, "common.button.done")
    expect(page.get_by_role("heading", level=1)).to_have_text(words("now.checkin.done"))
    page.goto(f"{house.url}/ladder")
    page.locator("input[name=rung][value=shut]").check()
    page.locator("input[name=felt][value='2']").check()
    press_first(page, "common.button.save")
    expect(page.get_by_role("heading", level=1)).to_have_text(words("now.rung.shut.next"))
    page.goto(f"{house.url}/within")
    press_first(page, "within.three_breaths.title")
    expect(page.locator(".practice li").last).to_be_visible()
    press_first(page, "common.button.done")
    expect(page.get_by_role("heading", level=1)).to_have_text(words("within.three_breaths.done"))
    page.goto(f"{house.url}/moments")
    page.get_by_label(words("ours.line.mark_label")).fill("We moved house")
    press_first(page, "common.button.save")
    expect(page.locator(".marks")).to_contain_text("We moved house")
    page.goto(f"{house.url}/before")
    page.locator("input[name=answer][value=unsaid]").check()
    press_first(page, "safety.before.go_on")
    expect(page.get_by_role("heading", level=1)).to_have_text(words("safety.before.thanks"))
    press_first(page, "safety.before.go_on")
    expect(page).to_have_url(f"{house.url}/")


def test_a_practice_comes_a_step_at_a_time(house: House, signed_in: Callable[..., Page]) -> None:
    """With scripts one step is there at a time, each as long as it lasts, and then it can be kept."""
    page = signed_in(house.arrive("Mara"), still=True)
    page.clock.install()
    page.goto(f"{house.url}/within/three-breaths")
    steps, done = page.locator(".practice li"), page.get_by_role("button", name=words("common.button.done"))
    expect(steps.first).to_be_hidden()
    expect(done).to_be_hidden()
    press_first(page, "within.three_breaths.start")
    for shown in range(3):
        for n in range(3):
            expect(steps.nth(n)).to_be_visible(visible=n == shown)
        expect(done).to_be_hidden()
        page.clock.run_for(20_000)
    expect(done).to_be_focused()
    done.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words("within.three_breaths.done"))


def test_safety_opens_by_keyboard_and_asks_nobody(
    house: House, signed_in: Callable[..., Page], axe: Callable[[Page], None], shoot: Callable[..., list[Path]]
) -> None:
    """The panel and every fold in it open without a pointer; no request is made and the address stays."""
    mara = house.arrive("Mara")
    mara.session.write(Preferences(country="GB"))
    page = signed_in(mara, still=True)
    page.goto(house.url)
    page.evaluate("document.fonts.ready.then(() => true)")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator(".menu > summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text(words("safety.question.afraid_body"))).to_be_visible()
    shoot(page, "now-safety", whole=False)
    folds = page.locator("[data-safety] details > summary")
    for n in range(folds.count()):
        folds.nth(n).focus()
        if folds.nth(n).locator("xpath=..").get_attribute("open") is None:
            page.keyboard.press("Enter")
    expect(page.get_by_text("Samaritans", exact=True)).to_be_visible()
    axe(page)
    assert asked == []
    assert re.fullmatch(rf"{re.escape(house.url)}/", page.url)
