"""What the breath's page says of phones, people, sound and motion is true of this phone, now."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.pages.hands import press
from toward.catalogue import words
from toward.web.safe_slot import keep_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.fixtures.house import House
    from toward.vault import Arrival

    Phone = Callable[..., Page]

TOGETHER = "/settle/together"
LONG = ("Maximiliana Rosenberg", "Wilhelmina-Alexandra Wong")
CROSSED = """async () => {
    const { src } = document.querySelector("script[src$='js/settle.js']");
    const { picture } = await import(src.replace("settle", "breath"));
    const svg = document.querySelector("svg.breath");
    const draw = picture(svg);
    const names = [...svg.querySelectorAll("text")].map((text) => [text.textContent, text.getBBox()]);
    const found = [];
    for (let step = 0; step <= 20; step += 1) {
        draw({ part: "in", fraction: step / 20 });
        for (const circle of svg.querySelectorAll("circle")) {
            const [cx, cy, r] = ["cx", "cy", "r"].map((name) => circle[name].baseVal.value);
            for (const [name, { x, y, width, height }] of names) {
                const near = Math.hypot(Math.max(x - cx, 0, cx - x - width), Math.max(y - cy, 0, cy - y - height));
                const far = Math.hypot(Math.max(cx - x, x + width - cx), Math.max(cy - y, y + height - cy));
                if (near < r && r < far) found.push([name, circle.getAttribute("class"), r]);
            }
        }
    }
    const [first, second] = names.map(([, box]) => box);
    if (second && first.x + first.width >= second.x) found.push("each other");
    if (names.some(([, box]) => box.x < 0 || box.x + box.width > 320 || box.width === 0)) found.push("the edge");
    return found;
}"""
"""At 21 sizes of the breath: which names an outline passes through, and whether names touch each other or the edge."""


def on(page: Page) -> Locator:
    """Where it says on what the one breath is."""
    return page.locator("[data-one-breath]")


def test_two_phones_are_spoken_of_while_there_are_two(couple: tuple[Arrival, Arrival], signed_in: Phone) -> None:
    """Begun alone it is a breath; the other's phone makes it one on two, and when that goes it is a breath again."""
    one, other = (signed_in(person) for person in couple)
    one.goto(TOGETHER)
    expect(one.locator("[data-line]")).to_have_text(words("settle.wait.line", partner="Lin"))
    press(one, "settle.breathe.start")
    expect(one.locator("[data-left]")).to_have_text(re.compile(r"\d:\d\d"))
    expect(on(one)).to_have_text("")
    other.goto(TOGETHER)
    for page in (one, other):
        expect(on(page)).to_have_text(f"{words('settle.breathe.two_phones')} · ")
        expect(on(page)).to_be_visible()
    other.goto("about:blank")
    expect(on(one)).to_have_text("")


def test_one_phone_between_two_is_spoken_of_as_one(couple: tuple[Arrival, Arrival], signed_in: Phone) -> None:
    """There is one, and it is for both."""
    page = signed_in(couple[0])
    page.goto(TOGETHER)
    page.get_by_label(words("settle.one_phone.title")).check()
    press(page, "settle.breathe.start")
    expect(on(page)).to_have_text(f"{words('settle.breathe.one_phone')} · ")


def test_nobody_in_one_room_is_said_to_be_away(couple: tuple[Arrival, Arrival], signed_in: Phone) -> None:
    """Side by side with one phone: no line says that the other is not here."""
    page = signed_in(couple[0])
    page.goto(TOGETHER)
    line = page.locator("[data-line]")
    expect(line).to_have_text(words("settle.wait.line", partner="Lin"))
    expect(line).to_be_visible()
    page.get_by_label(words("settle.one_room.title")).check()
    expect(line).to_be_hidden()
    press(page, "settle.breathe.start")
    expect(on(page)).to_have_text("")
    expect(line).to_be_hidden()


@pytest.mark.parametrize("path", [TOGETHER, "/settle/alone"])
@pytest.mark.parametrize("still", [False, True])
def test_without_a_script_no_tones_are_promised(
    path: str, *, still: bool, couple: tuple[Arrival, Arrival], signed_in: Phone
) -> None:
    """The circles lead where they move, and counting where a device asks for less motion."""
    page = signed_in(couple[0], scripts=False, still=still)
    page.goto(path)
    main = page.locator("main")
    assert not re.search(r"\btones?\b|\bsound\b|two phones", main.inner_text(), re.IGNORECASE)
    said, unsaid = ("still", "moves") if still else ("moves", "still")
    expect(main.get_by_text(words(f"settle.breathe.picture_{said}"))).to_be_visible()
    expect(main.get_by_text(words(f"settle.breathe.picture_{unsaid}"))).to_be_hidden()


@pytest.mark.parametrize("still", [False, True])
@pytest.mark.parametrize(
    "names", [("Mara", "Lin"), ("Jo", "Wilhelmina"), ("Maximiliana Rosenberg", "Wilhelmina-Alexandra Wong")]
)
def test_no_outline_passes_through_a_name(
    house: House, signed_in: Phone, names: tuple[str, str], *, still: bool
) -> None:
    """However full the breath, for one and for two, with short names and long ones; all of a name is in its label."""
    one, other = house.couple(*names)
    for person in (one, other):
        keep_answer(person.session, "hard", house.vault.now_ms(), for_visit=False)
    page = signed_in(one, still=still)
    for path in ("/settle/alone", TOGETHER):
        page.goto(path)
        press(page, "settle.breathe.start")
        expect(page.locator("svg.breath text").first).to_be_visible()
        assert page.evaluate(CROSSED) == []
    expect(page.locator("svg.breath")).to_have_attribute("aria-label", " · ".join(names))
