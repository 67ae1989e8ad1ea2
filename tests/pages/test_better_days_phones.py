"""What goes together with better days, on phones: the real model, light and dark, narrow, by keys, without scripts."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from toward.catalogue import words
from toward.journal.kinds import CheckIn, Connection, Invitation, LinePoint, LineShared, Settled
from toward.web.safe_slot import keep_answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.fixtures.house import House
    from toward.vault import Arrival

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
WEEKS = 5


def lived(house: House, mara: Arrival, lin: Arrival) -> None:
    """Five weeks: hard days, a softer word each week, and mostly easier days after it."""
    chance = random.Random(3)
    one, other = house.again(mara), house.again(lin)
    now = house.vault.now_ms()
    for session in (one, other):
        keep_answer(session, "hard", now, for_visit=False)
        session.write(LineShared(on=True), at_ms=now - 7 * WEEKS * DAY_MS)
    for back in range(7 * WEEKS, 0, -1):
        at, of_week = now - back * DAY_MS, back % 7
        felt, theirs = (3, 4, 4, 4, 4, 5, 5)[of_week], (4, 4, 4, 5, 5, 5, 5)[of_week]
        one.write(CheckIn(felt=felt + chance.choice((-1, 0, 0, 1))), at_ms=at)
        other.write(LinePoint(felt=theirs + chance.choice((-1, 0, 1))), at_ms=at)
        if of_week == 0:
            one.write(Invitation(door="come_back", words="I have not left."), at_ms=at + 2 * HOUR_MS)
        if back % 3 == 0:
            one.write(Settled(practice="hum", how="alone", minutes=3), at_ms=at + HOUR_MS)
        if back % 5 == 0:
            day = time.strftime("%Y-%m-%d", time.gmtime(at / 1000))
            one.write(Connection(source="touch", day=day, felt="close"), at_ms=at + HOUR_MS)


def worked_out(page: Page) -> None:
    """Look again until it is there, as the page says."""
    page.goto("/ours/better-days")
    until = time.monotonic() + 120
    while page.get_by_text(words("better.state.pending")).count():
        assert time.monotonic() < until, "the model did not answer"
        with page.expect_navigation():
            page.get_by_role("link", name=words("better.state.again")).click()
        page.wait_for_timeout(200)


def test_is_read_on_any_phone(
    house: House, signed_in: Callable[..., Page], axe: Callable[[Page], None], shoot: Callable[..., list[Path]]
) -> None:
    """A softer word with its picture, guesses, the line with its band: accessible, narrow, and by keys alone."""
    mara, lin = house.couple()
    lived(house, mara, lin)
    phone = signed_in(mara, still=True)
    worked_out(phone)
    softer = phone.locator("figure.chart").filter(has_text=words("better.after.softening", size="")[:20])
    expect(softer).to_have_count(1)
    expect(phone.get_by_text(words("better.what.practice_a"), exact=True)).to_be_visible()
    softer.locator("summary").focus()
    phone.keyboard.press("Enter")
    expect(softer.get_by_role("table")).to_be_visible()
    for path in ("/ours/better-days", "/ours"):
        phone.goto(path)
        for scheme in ("light", "dark"):
            phone.emulate_media(color_scheme=scheme)
            axe(phone)
        shoot(phone, path.strip("/").replace("/", "-") + "-told")
    phone.goto("/ours")
    expect(phone.get_by_text(words("ours.line.reckoned"))).to_be_visible()
    small = signed_in(mara, width=320, height=640, scripts=False)
    for path in ("/ours", "/ours/better-days"):
        small.goto(path)
        for summary in small.locator("main figure summary").all():
            summary.click()
        assert small.evaluate("document.documentElement.scrollWidth") <= 320, path
        shoot(small, path.strip("/").replace("/", "-") + "-told")


def test_is_switched_off_and_on_without_a_script(
    house: House, signed_in: Callable[..., Page], axe: Callable[[Page], None], shoot: Callable[..., list[Path]]
) -> None:
    """The page leads to the switch; off, days are points; the page for whoever has little to tell is whole, too."""
    mara, lin = house.couple()
    lived(house, mara, lin)
    page = signed_in(mara, scripts=False)
    page.goto("/settings/guide")
    page.get_by_label(words("yours.guide.reckon")).uncheck()
    page.get_by_role("button", name=words("common.button.save")).click()
    page.goto("/ours")
    expect(page.locator(".band-you")).to_have_count(0)
    expect(page.locator("circle.point-you")).to_have_count(7 * WEEKS)
    expect(page.locator("circle.ring-them")).to_have_count(7 * WEEKS)
    shoot(page, "ours-off")
    page.goto("/ours/better-days")
    expect(page.get_by_text(words("better.state.off"))).to_be_visible()
    shoot(page, "ours-better-days-off")
    page.get_by_role("link", name=words("better.state.off_link")).click()
    page.get_by_label(words("yours.guide.reckon")).check()
    page.get_by_role("button", name=words("common.button.save")).click()
    page.goto("/ours")
    expect(page.locator(".band-you")).to_have_count(1)
    solo = signed_in(house.arrive("Noor"))
    solo.goto("/ours/better-days")
    axe(solo)
    shoot(solo, "ours-better-days-few")
