"""Quiet company on two phones: near by choice, said plainly, never said falsely, and kept nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.fixtures.browser import ARTEFACTS
from toward.catalogue import words
from toward.journal.kinds import Together
from toward.web.safe_slot import keep_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.fixtures.browser import Phones
    from tests.fixtures.house import House
    from toward.vault import Arrival

    Two = tuple[Page, Page, Arrival, Arrival]

PATH = "/settle/quiet-company"


def press(page: Page, key: str, **values: str) -> None:
    """Press the button with these words."""
    page.get_by_role("button", name=words(key, **values), exact=True).locator("visible=true").click()


def line(page: Page) -> Locator:
    """Where the page says, for the eyes, whether the other is here."""
    return page.locator("[data-near-words]")


def aloud(page: Page) -> Locator:
    """What a screen reader is told."""
    return page.locator("[data-near-said]")


def sit(page: Page) -> None:
    """Open the page and choose to be there."""
    page.goto(PATH)
    press(page, "settle.company.apart")


@pytest.fixture
def two(house: House, signed_in: Callable[..., Page]) -> Two:
    """Two phones of two people who were asked before; the second by night, and asking for less motion."""
    mara, lin = house.couple()
    for one in (mara, lin):
        keep_answer(one.session, "hard", house.vault.now_ms(), for_visit=False)
    return signed_in(mara), signed_in(lin, dark=True, still=True), mara, lin


def test_near_from_two_places_by_choice(
    two: Two, house: House, axe: Callable[[Page], None], shoot: Callable[..., object]
) -> None:
    """To open the page says nothing; to sit down is seen; to go is seen too, and leaves no trace of anybody's times."""
    one, other, mara, lin = two
    sockets: list[str] = []
    other.on("websocket", lambda socket: sockets.append(socket.url))
    sit(one)
    expect(line(one)).to_have_text(words("settle.company.away", partner="Lin"))
    expect(aloud(one)).to_have_text(words("settle.company.away", partner="Lin"))
    shoot(one, "company-0-away", whole=False)
    other.goto(PATH)
    expect(other.get_by_text(words("settle.company.apart_hint", partner="Mara"))).to_be_visible()
    shoot(other, "company-1-rest")
    assert sockets == [], "whoever only reads is in no room"
    axe(other)
    press(other, "settle.company.apart")
    expect(line(one)).to_have_text(words("settle.wait.here", partner="Lin"))
    expect(line(other)).to_have_text(words("settle.wait.here", partner="Mara"))
    expect(aloud(other)).to_have_text(words("settle.wait.here", partner="Mara"))
    expect(other.get_by_text(words("settle.company.small"))).to_be_visible()
    for key in ("settle.practice.next", "settle.company.one_place", "settle.company.apart"):
        expect(other.get_by_role("button", name=words(key), exact=True)).to_be_hidden()
    for page, name in ((one, "company-2-here"), (other, "company-2-here-still")):
        shoot(page, name, whole=False)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            axe(page)
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        stop = page.get_by_role("button", name=words("settle.breathe.stop"), exact=True).bounding_box()
        assert stop
        assert stop["y"] + stop["height"] <= 640, "the way out is on the screen"
    shoot(one, "company-3-narrow", whole=False)
    assert other.evaluate("document.getAnimations().length") == 0

    before = len(house.again(mara).entries)
    press(other, "settle.breathe.stop")
    expect(line(one)).to_have_text(words("settle.company.away", partner="Lin"))
    sit(other)
    expect(line(one)).to_have_text(words("settle.wait.back", partner="Lin"))
    other.goto("about:blank")
    expect(line(one)).to_have_text(words("settle.company.away", partner="Lin"))
    assert len(house.again(mara).entries) == before, "coming and going is kept nowhere"
    assert not [entry for who in (mara, lin) for entry in house.again(who).entries if isinstance(entry.body, Together)]
    press(one, "settle.breathe.stop")
    expect(one.locator('input[name="after"]').first).to_be_focused()
    one.locator('label:has(input[name="after"][value="5"])').click()
    press(one, "common.button.done")
    expect(one.get_by_text(words("settle.question.unsaid"))).to_be_visible()
    kept = house.again(mara).life.practices[0]
    assert (kept.practice, kept.how, kept.after) == ("quiet_company", "together", 5)
    assert not house.again(lin).life.practices, "what one said of it is theirs alone"


def test_a_line_that_drops_never_says_that_the_other_is_here(two: Two, phone: Phones) -> None:
    """Without a line nobody is said to be here; the other is told the truth; what flickers is not read out."""
    one, other, *_ = two
    phone.forgive("ERR_INTERNET_DISCONNECTED|WebSocket")
    for page in (one, other):
        sit(page)
    expect(line(one)).to_have_text(words("settle.wait.here", partner="Lin"))
    expect(aloud(one)).to_have_text(words("settle.wait.here", partner="Lin"))
    one.evaluate(
        """() => {
            window.heard = [];
            const region = document.querySelector("[data-near-said]");
            const hear = () => region.textContent && heard.push(region.textContent);
            new MutationObserver(hear).observe(region, { childList: true });
        }"""
    )
    one.context.set_offline(True)
    expect(line(one)).to_have_text(words("settle.company.lost"))
    expect(one.locator("form[data-company]")).to_have_attribute("data-near", "lost")
    # Who gives no sign for six seconds is not shown as here, whatever their socket says.
    expect(line(other)).to_have_text(words("settle.company.away", partner="Mara"), timeout=20_000)
    one.context.set_offline(False)
    expect(line(one)).to_have_text(words("settle.wait.here", partner="Lin"))
    expect(line(other)).to_have_text(words("settle.wait.back", partner="Mara"))
    one.wait_for_timeout(3000)
    heard = one.evaluate("heard")
    assert len(heard) == len(set(heard)) <= 2, heard


def test_who_came_to_talk_sees_that_the_other_is_here_without_words(two: Two) -> None:
    """Meet asks nothing of who is only near, and the breath's page says how they are here."""
    one, other, *_ = two
    sit(other)
    one.goto("/turn/meet")
    expect(one.get_by_text(words("turn.meet.quiet", partner="Lin"))).to_be_visible()
    expect(one.get_by_role("heading", name=words("turn.meet.who_first"))).to_be_hidden()
    expect(line(other)).to_have_text(words("settle.wait.here", partner="Mara"))
    one.goto("/settle/together")
    expect(one.locator("[data-line]")).to_have_text(words("settle.wait.quiet", partner="Lin"))
    press(one, "settle.breathe.start")
    expect(one.locator("[data-words]")).to_have_text(words("settle.breathe.in"))
    expect(other.locator("form[data-company]")).to_have_attribute("data-way", "apart")
    press(one, "settle.breathe.stop")
    expect(one.locator("[data-met]")).to_have_value("")


def test_in_one_place_it_is_as_before(two: Two, house: House) -> None:
    """Side by side needs no line: the steps, no word about presence, and kept as done in one room."""
    one, _, mara, _ = two
    sockets: list[str] = []
    one.on("websocket", lambda socket: sockets.append(socket.url))
    one.goto(PATH)
    press(one, "settle.company.one_place")
    expect(one.locator(".one-by-one li:visible")).to_have_count(1)
    expect(line(one)).to_be_hidden()
    for _ in range(3):
        press(one, "settle.practice.next")
    one.locator('label:has(input[name="after"][value="4"])').click()
    press(one, "common.button.done")
    expect(one.get_by_text(words("settle.question.unsaid"))).to_be_visible()
    assert house.again(mara).life.practices[0].how == "one_room"
    assert sockets == []


def test_without_a_script_it_is_words(house: House, signed_in: Callable[..., Page]) -> None:
    """The list of steps, the questions and the end; nothing that could not work."""
    mara, _ = house.couple()
    keep_answer(mara.session, "hard", house.vault.now_ms(), for_visit=False)
    page = signed_in(mara, scripts=False, width=320)
    page.goto(PATH)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    expect(page.locator(".one-by-one li:visible")).to_have_count(3)
    for key in ("settle.company.apart", "settle.company.one_place"):
        expect(page.get_by_role("button", name=words(key), exact=True)).to_be_hidden()
    expect(line(page)).to_be_hidden()
    page.screenshot(path=ARTEFACTS / "company-no-script.png", full_page=True)
    page.locator('label:has(input[name="after"][value="4"])').click()
    press(page, "common.button.done")
    expect(page.get_by_text(words("settle.question.unsaid"))).to_be_visible()
    assert house.again(mara).life.practices[0].how == "one_room"
