"""Turn and Pause on real phones: two of them, one without scripts, a narrow one, by day and by night."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.pages.hands import fits, heading, press
from toward.catalogue import words
from toward.journal.kinds import Answer, Invitation, PauseMoved, Reached

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.fixtures.house import House
    from toward.vault import Arrival

ASK = "Would you sit with me for ten minutes after supper?"


def now_ms() -> int:
    """The house's clock."""
    return time.time_ns() // 1_000_000


def choose(page: Page, key: str, **values: str) -> None:
    """Choose the card with the words under *key*."""
    page.get_by_role("radio", name=re.compile(re.escape(words(key, **values)))).first.check()


def walk_to_the_ask(page: Page) -> None:
    """Through the inner steps to the ask, by the page's own buttons."""
    page.goto("/turn/reach")
    heading(page, "turn.pause.title")
    press(page, "turn.pause.ready")
    page.get_by_label(words("turn.fear.label")).fill("I am too much")
    press(page, "turn.fear.thanked")
    press(page, "turn.hard_or_unsafe.hard")
    page.get_by_label(words("turn.different.label")).fill("a cup of tea")
    press(page, "common.button.next")
    page.get_by_label(words("turn.imagine.label")).fill("you look up and smile")
    press(page, "common.button.next")
    page.get_by_label(words("turn.if_no.label")).fill("a long bath")
    press(page, "common.button.next")
    page.get_by_label(words("turn.ask.label")).fill(ASK)


def test_from_a_fear_to_an_answer(
    house: House,
    couple: tuple[Arrival, Arrival],
    signed_in: Callable[..., Page],
    axe: Callable[[Page], None],
    shoot: Callable[..., list[Path]],
) -> None:
    """One reaches; the other opens it when they can, which nothing shows, and says yes and when."""
    mara, lin = signed_in(couple[0]), signed_in(couple[1], width=320, height=640)
    walk_to_the_ask(mara)
    mara.go_back()
    expect(mara.get_by_label(words("turn.if_no.label"))).to_have_value("a long bath")
    shoot(mara, "turn-reach")
    mara.go_forward()
    axe(mara)
    press(mara, "turn.ask.read")
    expect(mara.locator("[data-echo]")).to_have_text(ASK)
    shoot(mara, "turn-read")
    assert not any(isinstance(entry.body, Reached) for entry in house.again(couple[0]).entries)
    press(mara, "turn.ask.send", partner="Lin")
    heading(mara, "turn.thread.title_mine")
    shoot(mara, "turn-sent")
    mara.goto("/turn")
    before = mara.content()

    lin.goto("/turn")
    shoot(lin, "turn-waits")
    fits(lin)
    press(lin, "turn.home.waits_open")
    axe(lin)
    shoot(lin, "turn-open")
    press(lin, "turn.open.yes")
    expect(lin.get_by_text(ASK)).to_be_visible()
    mara.reload()
    assert mara.content() == before
    expect(lin.get_by_label(words("turn.when.time"), exact=True)).to_be_hidden()
    choose(lin, "turn.answer.yes_at_first")
    lin.get_by_label(words("turn.when.day"), exact=True).select_option(words("common.tomorrow"))
    lin.get_by_label(words("turn.when.time"), exact=True).fill("20:15")
    fits(lin)
    axe(lin)
    shoot(lin, "turn-answer")
    press(lin, "turn.answer.send")
    heading(lin, "turn.thread.title_theirs", partner="Mara")
    mara.reload()
    expect(mara.get_by_text(words("turn.answered.yes_at", partner="Lin", time="20:15 tomorrow"))).to_be_visible()


def test_an_agreement_made_by_one_and_kept_by_the_other(
    house: House,
    couple: tuple[Arrival, Arrival],
    signed_in: Callable[..., Page],
    axe: Callable[[Page], None],
    shoot: Callable[..., list[Path]],
) -> None:
    """It grows out of the thread and stays part of it, on both phones."""
    mara, lin = signed_in(couple[0]), signed_in(couple[1], width=320, height=640)
    mara.goto("/turn")
    axe(mara)
    shoot(mara, "turn-empty")
    sent = couple[0].session.write(Invitation(door="reach", words=ASK))
    house.again(couple[1]).write(Answer(invitation=sent.id, reply="yes_at", at_ms=now_ms() + 7_200_000))
    mara.reload()
    mara.get_by_role("link", name=re.compile(ASK[:20])).click()
    press(mara, "turn.thread.agree")
    mara.get_by_label(words("turn.agreed.label")).fill("ten minutes on the sofa")
    mara.get_by_label(words("turn.agreed.day")).select_option(words("common.tomorrow"))
    shoot(mara, "turn-agree")
    press(mara, "turn.agreed.keep")
    heading(mara, "turn.thread.title_mine")
    axe(mara)
    shoot(mara, "turn-thread")

    lin.goto("/turn")
    axe(lin)
    shoot(lin, "turn-home")
    fits(lin)
    lin.get_by_role("link", name=re.compile("ten minutes on the sofa")).first.click()
    axe(lin)
    shoot(lin, "turn-agreement")
    press(lin, "turn.agreed.kept")
    mara.goto("/turn")
    expect(mara.get_by_text(words("turn.agreed.was_kept"))).to_be_visible()


def test_a_no_and_coming_back_by_night(
    couple: tuple[Arrival, Arrival],
    signed_in: Callable[..., Page],
    axe: Callable[[Page], None],
    shoot: Callable[..., list[Path]],
) -> None:
    """A no leads to one's own care; the one who went quiet says when they can talk."""
    sent = couple[0].session.write(Invitation(door="reach", words=ASK))
    couple[0].session.write(Reached(ask=ASK, if_no="a long bath", invitation=sent.id))
    lin = signed_in(couple[1], dark=True)
    lin.goto(f"/turn/open/{sent.id.hex()}")
    press(lin, "turn.open.yes")
    choose(lin, "turn.answer.no")
    press(lin, "turn.answer.send")
    mara = signed_in(couple[0], dark=True)
    mara.goto(f"/turn/thread/{sent.id.hex()}")
    press(mara, "turn.thread.care")
    expect(mara.get_by_text("a long bath")).to_be_visible()
    axe(mara)
    shoot(mara, "turn-care")

    lin.goto("/turn/come-back")
    choose(lin, "turn.when.hour")
    axe(lin)
    shoot(lin, "turn-come-back")
    press(lin, "turn.come_back.send", partner="Mara")
    mara.goto("/turn/open")
    press(mara, "turn.open.yes")
    expect(mara.get_by_text(words("turn.come_back.body"))).to_be_visible()
    axe(mara)
    shoot(mara, "turn-answer-back")


def test_a_pause_called_by_one_moved_by_the_other_and_back(
    house: House,
    couple: tuple[Arrival, Arrival],
    signed_in: Callable[..., Page],
    axe: Callable[[Page], None],
    shoot: Callable[..., list[Path]],
) -> None:
    """Called with one choice; moved later; when its time has come both are ready and find the way back in."""
    mara, lin = signed_in(couple[0]), signed_in(couple[1], width=320, height=640, dark=True)
    mara.goto("/pause")
    fits(mara)
    axe(mara)
    shoot(mara, "pause-call")
    choose(mara, "turn.when.hour")
    press(mara, "pause.call.button")
    expect(mara.get_by_text(words("pause.running.now"))).to_be_visible()
    axe(mara)
    shoot(mara, "pause-running")
    lin.goto("/pause")
    fits(lin)
    press(lin, "pause.running.change")
    axe(lin)
    shoot(lin, "pause-move")
    choose(lin, "turn.when.hours_2")
    press(lin, "pause.move.button")
    until = lin.locator("[data-until]").get_attribute("data-until")
    mara.reload()
    expect(mara.locator("[data-until]")).to_have_attribute("data-until", until or "")

    caller = house.again(couple[0])
    pause = caller.life.pauses.current(now_ms())
    assert pause is not None
    caller.write(PauseMoved(pause=pause.id, until_ms=now_ms() - 1000))
    for person in (mara, lin):
        person.goto("/pause")
        heading(person, "pause.return.question")
    axe(mara)
    shoot(mara, "pause-return")
    press(mara, "pause.return.ready")
    heading(mara, "pause.return.not_both")
    press(lin, "pause.return.ready")
    heading(lin, "pause.return.both_ready")
    axe(lin)
    shoot(lin, "pause-ready")
    mara.reload()
    press(mara, "pause.return.meet")
    heading(mara, "turn.meet.title")


def test_all_of_it_without_scripts(couple: tuple[Arrival, Arrival], signed_in: Callable[..., Page]) -> None:
    """Reach with the server's last look, changed once; the answer; Meet as a written guide; a pause; coming back."""
    mara, lin = signed_in(couple[0], scripts=False), signed_in(couple[1], scripts=False, width=320, height=640)
    walk_to_the_ask(mara)
    press(mara, "turn.ask.read")
    expect(mara.locator("[data-echo]")).to_have_text(ASK)
    press(mara, "turn.ask.change")
    expect(mara.get_by_label(words("turn.ask.label"))).to_have_value(ASK)
    press(mara, "turn.ask.read")
    press(mara, "turn.ask.send", partner="Lin")
    lin.goto("/turn/open")
    press(lin, "turn.open.yes")
    choose(lin, "turn.answer.yes_now")
    press(lin, "turn.answer.send")
    heading(lin, "turn.meet.title")
    fits(lin)
    press(lin, "turn.meet.stop")
    heading(lin, "turn.agreed.new")
    press(lin, "turn.agreed.enough")
    lin.goto("/turn/come-back")
    choose(lin, "turn.when.own")
    lin.get_by_label(words("turn.when.day"), exact=True).select_option(words("common.tomorrow"))
    lin.get_by_label(words("turn.when.time"), exact=True).fill("09:30")
    fits(lin)
    press(lin, "turn.come_back.send", partner="Mara")
    heading(lin, "turn.thread.title_mine_back")
    lin.goto("/pause")
    choose(lin, "turn.when.minutes_20")
    press(lin, "pause.call.button")
    mara.goto("/pause")
    expect(mara.get_by_text(words("pause.running.now"))).to_be_visible()


def test_unsafe_opens_in_place_and_is_told_to_nobody(
    couple: tuple[Arrival, Arrival],
    signed_in: Callable[..., Page],
    axe: Callable[[Page], None],
    shoot: Callable[..., list[Path]],
) -> None:
    """No request, no address, no entry: care and where help is, and still the way on."""
    mara = signed_in(couple[0])
    mara.goto("/turn/reach#step-3")
    requests: list[str] = []
    mara.on("request", lambda request: requests.append(request.url))
    address = mara.url
    mara.get_by_text(words("turn.hard_or_unsafe.unsafe")).click()
    expect(mara.get_by_text(words("turn.hard_or_unsafe.unsafe_next"))).to_be_visible()
    axe(mara)
    shoot(mara, "turn-unsafe")
    assert mara.url == address
    assert not [url for url in requests if "/static/" not in url]
    mara.get_by_role("link", name=words("common.button.next"), exact=True).locator("visible=true").click()
    heading(mara, "turn.different.title")
