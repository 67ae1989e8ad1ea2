"""Settling and remembering on real phones: two in step, one dropping out, thumbs, and everything without a script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.fixtures.browser import ARTEFACTS
from tests.pages.hands import press
from toward.catalogue import words
from toward.journal.kinds import CheckIn, Memory
from toward.web.safe_slot import keep_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.fixtures.browser import Phones
    from tests.fixtures.house import House
    from toward.vault import Arrival

    Phone = Callable[..., Page]
    Look = Callable[[Page, str], None]

RAIN = "We got soaked in the rain and could not stop laughing."
TOAST = "Toast at midnight, when the power was out."
FORM = "[data-settle]"


def pick(page: Page, name: str, value: str) -> None:
    """Choose a card or a place on the scale, as a finger does."""
    page.locator(f'label:has(input[name="{name}"][value="{value}"])').click()


def line(page: Page) -> Locator:
    """Where the page says whether the other is there."""
    return page.locator("[data-line]")


def state(page: Page, name: str) -> None:
    """Expect the form's moment: rest, running or done."""
    expect(page.locator(FORM)).to_have_attribute("data-state", name)


def breath(page: Page) -> Any:  # noqa: ANN401 - a plan as JSON
    """The page's own plan, and the breath and part that it is in on the shared clock."""
    return page.evaluate(
        """async () => {
            const { settle } = document.querySelector("[data-settle]");
            const from = document.querySelector("script[src*='settle.js']").src;
            const { phase } = await import(from.replace("settle.js", "breath.js"));
            return { started: settle.plan.started_ms, ...phase(settle.plan, settle.now()) };
        }"""
    )


@pytest.fixture
def look(axe: Callable[[Page], None], shoot: Callable[..., object]) -> Look:
    """Takes pictures of a page, and holds it to WCAG in light and dark and to 320 pixels."""

    def at(page: Page, name: str) -> None:
        shoot(page, name, whole=False)
        still = page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            axe(page)
        page.emulate_media(color_scheme="light", reduced_motion="reduce" if still else "no-preference")
        size = page.viewport_size
        assert size
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, f"{name} scrolls sideways"
        page.set_viewport_size(size)

    return at


@pytest.fixture
def two(house: House, signed_in: Phone) -> tuple[Page, Page, Arrival, Arrival]:
    """Two phones of two people who were asked before."""
    mara, lin = house.couple()
    for one in (mara, lin):
        keep_answer(one.session, "hard", house.vault.now_ms(), for_visit=False)
    return signed_in(mara), signed_in(lin), mara, lin


def test_two_breathe_in_step_and_one_drops_out(
    two: tuple[Page, Page, Arrival, Arrival], house: House, look: Look
) -> None:
    """One begins and both breathe; a phone that goes dark leaves the other's breath alone, and comes back into it."""
    one, other, mara, _ = two
    one.goto("/settle/together")
    expect(line(one)).to_have_text(words("settle.wait.line", partner="Lin"))
    other.goto("/settle/together")
    expect(line(one)).to_have_text(words("settle.wait.here", partner="Lin"))
    pick(one, "before", "2")
    press(one, "settle.breathe.start")
    for page in (one, other):
        state(page, "running")
        expect(page.locator("[data-words]")).to_have_text(words("settle.breathe.in"))
    first, second = breath(one), breath(other)
    assert first["started"] == second["started"]

    hold = one.locator("[data-hold]")
    hold.dispatch_event("pointerdown", {"pointerId": 1, "isPrimary": True})
    expect(other.locator("[data-hold-words]")).to_have_text(words("settle.hold.them", partner="Mara"))
    look(one, "settle-together-2-running")
    hold.dispatch_event("pointerup", {"pointerId": 1, "isPrimary": True})
    expect(other.locator("[data-hold-words]")).to_have_text("")
    assert breath(one)["started"] == breath(other)["started"] == first["started"], "a lifted thumb stops nothing"

    other.goto("about:blank")
    expect(line(one)).to_have_text(words("settle.wait.gone", partner="Lin"))
    alone = breath(one)
    assert alone["part"] in {"in", "out"}
    assert alone["started"] == first["started"]
    other.goto("/settle/together")
    state(other, "running")
    expect(line(one)).to_have_text(words("settle.wait.back", partner="Lin"))
    late = breath(other)
    assert late["started"] == first["started"]
    assert late["breath"] >= alone["breath"]

    press(one, "settle.breathe.stop")
    state(one, "done")
    expect(one.get_by_text(words("settle.done.with_partner", partner="Lin"))).to_be_visible()
    assert breath(other)["started"] == first["started"], "whoever stops, stops for themselves"
    pick(one, "after", "4")
    press(one, "common.button.done")
    expect(one.get_by_text(words("settle.question.eased"))).to_be_visible()
    done = house.again(mara).life.practices[0]
    assert (done.how, done.before, done.after) == ("together", 2, 4)


def test_offline_the_breath_goes_on(two: tuple[Page, Page, Arrival, Arrival], phone: Phones) -> None:
    """Without a line the page says so and breathes on; when it is back, it is in the same breath."""
    one, other, *_ = two
    phone.forgive("ERR_INTERNET_DISCONNECTED|WebSocket")
    for page in (one, other):
        page.goto("/settle/together")
    expect(line(one)).to_have_text(words("settle.wait.here", partner="Lin"))
    press(other, "settle.breathe.start")
    state(one, "running")
    began = breath(one)["started"]
    one.context.set_offline(True)
    one.evaluate("dispatchEvent(new Event('pageshow'))")
    expect(line(one)).to_have_text(words("settle.wait.lost"))
    left = one.locator("[data-left]")
    expect(left).not_to_have_text(left.inner_text())
    assert breath(one)["started"] == began
    one.context.set_offline(False)
    expect(line(one)).to_have_text(words("settle.wait.here", partner="Lin"))
    assert breath(one)["started"] == breath(other)["started"] == began


def test_one_phone_between_two(two: tuple[Page, Page, Arrival, Arrival]) -> None:
    """One phone between the two has two places to hold. A breath that nobody joined outlives a reload, not a stop."""
    one, *_ = two
    said: list[str] = []
    one.on("websocket", lambda socket: socket.on("framesent", lambda frame: said.append(str(frame))))
    one.goto("/settle/together")
    one.get_by_label(words("settle.one_phone.title")).check()
    press(one, "settle.breathe.start")
    state(one, "running")
    expect(one.locator("[data-hold-them]")).to_be_visible()
    expect(one.locator(".real-hands")).to_be_hidden()
    one.reload()
    state(one, "running")
    press(one, "settle.breathe.stop")
    state(one, "done")
    told = [frame for frame in said if "probe" not in frame]
    assert ["stop" in told[-2], "leave" in told[-1]] == [True, True], told


def test_one_room_asks_for_real_hands(two: tuple[Page, Page, Arrival, Arrival], house: House) -> None:
    """Thumbs give way to hands, and it is kept as done in one room."""
    one, _, mara, _ = two
    one.goto("/settle/together")
    one.get_by_label(words("settle.one_room.title")).check()
    press(one, "settle.breathe.start")
    expect(one.locator(".real-hands")).to_be_visible()
    expect(one.locator("[data-hold]")).to_be_hidden()
    press(one, "settle.breathe.stop")
    pick(one, "after", "5")
    press(one, "common.button.done")
    expect(one).to_have_url(re.compile(r"/settle/done$"))
    assert house.again(mara).life.practices[0].how == "one_room"


def test_alone_with_and_without_motion(house: House, signed_in: Phone, look: Look) -> None:
    """One person chooses a pace, breathes, stops when they like; under reduced motion a ring fills instead."""
    solo = house.arrive("Mara")
    page = signed_in(solo, still=True)
    page.goto("/settle")
    page.get_by_role("link", name=re.compile("^" + words("settle.breathe.start") + "|Breathe alone")).click()
    look(page, "settle-alone-1-rest")
    page.get_by_text(words("settle.breathe.choices")).click()
    page.get_by_label(words("settle.breathe.pace")).select_option("5-7")
    press(page, "settle.breathe.start")
    expect(page.locator("[data-words]")).to_have_text(words("settle.breathe.in"))
    expect(page.locator(".breath-ring")).to_have_attribute("stroke-dasharray", re.compile(r"[1-9]\d"))
    press(page, "settle.breathe.stop")
    expect(page.locator('input[name="after"]').first).to_be_focused()
    pick(page, "after", "3")
    press(page, "common.button.done")
    expect(page.get_by_text(words("settle.question.unsaid"))).to_be_visible()
    life = house.again(solo).life
    assert life.preferences.breath_in_s == 5
    assert (life.practices[0].how, life.practices[0].after) == ("alone", 3)


def test_shut_down_finds_movement(house: House, signed_in: Phone, look: Look) -> None:
    """After a check-in that said "shut down" there are no long breaths; a practice goes step by step."""
    solo = house.arrive("Mara")
    house.again(solo).write(CheckIn(felt=2, body="shut"))
    page = signed_in(solo)
    page.goto("/settle")
    expect(page.get_by_text(words("settle.shut.intro"))).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Breathe alone"))).to_be_hidden()
    pick(page, "body", "open")
    expect(page.get_by_role("link", name=re.compile("Breathe alone"))).to_be_visible()
    look(page, "settle-1-home")
    page.get_by_role("link", name=re.compile("Move a little")).click()
    press(page, "settle.breathe.start")
    steps = page.locator(".one-by-one li")
    expect(steps.nth(0)).to_be_visible()
    expect(steps.nth(1)).to_be_hidden()
    look(page, "settle-move-2-step")
    press(page, "settle.practice.next")
    expect(steps.nth(1)).to_be_visible()
    for _ in range(3):
        press(page, "settle.practice.next")
    expect(page.locator('input[name="after"]').first).to_be_focused()
    pick(page, "after", "5")
    press(page, "common.button.done")
    expect(page).to_have_url(re.compile(r"/settle/done$"))
    assert house.again(solo).life.practices[0].practice == "move"


def test_without_a_script(house: House, signed_in: Phone) -> None:
    """All of it by plain forms: the list, a breath that moves by style, both questions, a moment, and the end."""
    mara, lin = house.couple()
    keep_answer(mara.session, "hard", house.vault.now_ms(), for_visit=False)
    page = signed_in(mara, scripts=False)
    page.goto("/settle")
    pick(page, "body", "shut")
    expect(page.get_by_role("link", name=re.compile("Breathe together"))).to_be_hidden()
    for path in ("/settle/together", "/settle/alone", "/settle/hum"):
        page.goto(path)
        expect(page.get_by_role("button", name=words("settle.breathe.start"), exact=True)).to_be_hidden()
        pick(page, "before", "3")
        pick(page, "after", "3")
        if path == "/settle/alone":
            page.screenshot(path=ARTEFACTS / "settle-alone-no-script.png", full_page=True)
        press(page, "common.button.done")
        expect(page.get_by_text(words("settle.question.same"))).to_be_visible()
    page.goto("/remember")
    page.get_by_label(words("remember.write.label")).fill(RAIN)
    press(page, "remember.write.seal")
    expect(page.get_by_role("heading", level=1)).to_have_text(words("remember.sealed.title"))
    house.again(lin).write(Memory(words=TOAST, share=True))
    press(page, "remember.sealed.look")
    expect(page.get_by_text(TOAST)).to_be_hidden()
    press(page, "remember.open.now")
    expect(page.get_by_text(TOAST)).to_be_visible()
    press(page, "remember.open.end")
    expect(page.get_by_role("heading", level=1)).to_have_text(words("remember.open.end"))


def test_two_remember_and_open_at_the_same_moment(
    two: tuple[Page, Page, Arrival, Arrival], house: House, look: Look
) -> None:
    """Each seals one; both press; both open at once; a breath; enough."""
    one, other, mara, lin = two
    for page, text in ((one, RAIN), (other, TOAST)):
        page.goto("/remember")
        page.get_by_label(words("remember.write.label")).fill(text)
        if page is one:
            look(page, "remember-1-write")
        pick(page, "tone", "laughed")
        press(page, "remember.write.seal")
        if page is one:
            expect(page.get_by_role("heading", level=1)).to_have_text(words("remember.sealed.title"))
            look(page, "remember-2-sealed")
    for page in (one, other):  # both learn of it by themselves, because both are looking
        expect(page.get_by_role("heading", level=1)).to_have_text(words("remember.open.title"))
        expect(page.get_by_text(RAIN)).to_be_hidden()
        expect(page.get_by_text(TOAST)).to_be_hidden()
    expect(line(one)).to_have_text(words("settle.wait.here", partner="Lin"))
    look(one, "remember-3-ready")
    press(one, "remember.open.together")
    expect(one.locator("[data-ready]")).to_have_attribute("aria-pressed", "true")
    expect(one.get_by_text(TOAST)).to_be_hidden()
    press(other, "remember.open.together")
    for page in (one, other):
        expect(page.get_by_text(RAIN)).to_be_visible()
        expect(page.get_by_text(TOAST)).to_be_visible()
        state(page, "running")
    assert breath(one)["started"] == breath(other)["started"]
    expect(one.locator("[data-words]")).to_have_text(words("settle.breathe.in"))
    look(one, "remember-4-open")
    for page, who in ((one, mara), (other, lin)):
        press(page, "settle.breathe.stop")
        press(page, "remember.open.end")
        expect(page.get_by_role("heading", level=1)).to_have_text(words("remember.open.end"))
        assert house.again(who).life.practices[0].how == "together"
    one.goto("/remember")
    one.get_by_text(words("remember.earlier.pairs")).click()
    expect(one.get_by_text(TOAST)).to_be_visible()


def test_remembering_alone(house: House, signed_in: Phone) -> None:
    """One person: a moment, kept, a minute, enough."""
    page = signed_in(house.arrive("Mara"))
    page.goto("/remember")
    page.get_by_label(words("remember.write.label")).fill(RAIN)
    press(page, "remember.write.keep")
    name = page.locator("svg.breath text")
    expect(name).to_be_hidden()  # at rest the picture is too small for words that can be read
    press(page, "settle.breathe.start")
    state(page, "running")
    expect(name).to_be_visible()
    box = name.bounding_box()
    assert box is not None
    assert box["height"] >= 13
    expect(page.locator("[data-left]")).to_have_text(words("settle.breathe.left", time="1:00"))
    assert breath(page)["left_s"] > 60, "the minute is still ahead, after three seconds to sit down"
    press(page, "settle.breathe.stop")
    expect(page.locator("[data-spent]")).to_have_value("0.0")
    press(page, "remember.open.end")
    expect(page.get_by_role("heading", level=1)).to_have_text(words("remember.open.end"))
