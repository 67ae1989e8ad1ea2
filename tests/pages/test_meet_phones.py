"""Meet in a browser: two phones that lead through the same turn, or one that lies between two people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.pages.hands import fits, heading, press
from toward.catalogue import words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.fixtures.browser import Phones
    from toward.vault import Arrival


def tap(page: Page, key: str, **values: str) -> None:
    """Press on a phone that two look at: nobody is faster than a double tap, which counts once."""
    page.wait_for_timeout(450)
    press(page, key, **values)


def test_two_phones_lead_through_meeting(
    couple: tuple[Arrival, Arrival],
    signed_in: Callable[..., Page],
    axe: Callable[[Page], None],
    shoot: Callable[..., list[Path]],
) -> None:
    """Both choose, one speaks, the other says it back, was it got?, and they swap; one stops and both are done."""
    mara, lin = signed_in(couple[0]), signed_in(couple[1], dark=True)
    mara.goto("/turn/meet")
    expect(mara.get_by_text(words("turn.meet.not_here", partner="Lin"))).to_be_visible()
    shoot(mara, "meet-guide")
    lin.goto("/turn/meet")
    heading(mara, "turn.meet.who_first")
    press(mara, "turn.meet.me")
    heading(mara, "turn.meet.willing", partner="Lin")
    press(lin, "turn.meet.either")
    heading(mara, "turn.meet.speak")
    heading(lin, "turn.meet.listen")
    axe(mara)
    shoot(mara, "meet-speak")
    press(mara, "turn.meet.spoken")
    press(lin, "turn.meet.said_back")
    heading(lin, "turn.meet.asks_if")
    shoot(lin, "meet-check")
    press(mara, "turn.meet.got_more")
    press(lin, "turn.meet.said_back")
    press(mara, "turn.meet.got_yes")
    heading(lin, "turn.meet.speak")
    heading(mara, "turn.meet.listen")
    press(lin, "turn.meet.stop")
    heading(lin, "turn.agreed.new")
    heading(mara, "turn.meet.done")


def test_one_phone_between_two_names_whose_turn_it_is(
    couple: tuple[Arrival, Arrival],
    signed_in: Callable[..., Page],
    axe: Callable[[Page], None],
    shoot: Callable[..., list[Path]],
) -> None:
    """Laid between them it leads by name through both turns; a double tap skips nobody; stopped at any time."""
    page = signed_in(couple[0])
    page.goto("/turn/meet")
    shoot(page, "meet-one-0-guide")
    press(page, "turn.meet.one_phone")
    heading(page, "turn.meet.who_first")
    expect(page.get_by_text(words("turn.meet.one_lay"))).to_be_visible()
    expect(page.get_by_role("heading", name=words("turn.meet.who_first"))).to_be_focused()
    axe(page)
    shoot(page, "meet-one-1-first", whole=False)
    page.wait_for_timeout(450)
    page.get_by_role("button", name="Lin", exact=True).click()
    heading(page, "turn.meet.one_speak", speaker="Lin")
    for guide in page.locator("[data-guide]").all():
        expect(guide).to_be_hidden()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        axe(page)
    page.set_viewport_size({"width": 320, "height": 640})
    fits(page)
    stop = page.get_by_role("link", name=words("turn.meet.stop"), exact=True).bounding_box()
    assert stop
    assert stop["y"] + stop["height"] <= 640, "the way out is on the screen"
    shoot(page, "meet-one-2-speak", whole=False)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(450)
    page.get_by_role("button", name=words("turn.meet.one_spoken", speaker="Lin"), exact=True).dblclick()
    heading(page, "turn.meet.one_back", listener="Mara")
    tap(page, "turn.meet.one_said_back", listener="Mara")
    heading(page, "turn.meet.one_check", speaker="Lin", listener="Mara")
    shoot(page, "meet-one-3-check", whole=False)
    tap(page, "turn.meet.one_more")
    heading(page, "turn.meet.one_back", listener="Mara")
    tap(page, "turn.meet.one_said_back", listener="Mara")
    tap(page, "turn.meet.one_yes")
    heading(page, "turn.meet.one_speak", speaker="Mara")
    expect(page.get_by_text(words("turn.meet.both_spoke")).locator("visible=true")).to_have_count(0)
    tap(page, "turn.meet.one_spoken", speaker="Mara")
    tap(page, "turn.meet.one_said_back", listener="Lin")
    tap(page, "turn.meet.one_yes")
    heading(page, "turn.meet.one_speak", speaker="Lin")
    expect(page.get_by_text(words("turn.meet.both_spoke")).locator("visible=true")).to_have_count(1)
    press(page, "turn.meet.stop")
    heading(page, "turn.agreed.new")
    page.goto("/turn/meet")
    expect(page.get_by_text(words("turn.meet.not_here", partner="Lin"))).to_be_visible()


def test_one_phone_comes_back_into_its_turn_and_gives_way_to_two(
    couple: tuple[Arrival, Arrival], signed_in: Callable[..., Page], phone: Phones
) -> None:
    """A dropped line and a page loaded anew keep the turn; when the other comes with their own, both phones lead."""
    phone.forgive("ERR_INTERNET_DISCONNECTED|WebSocket")
    page = signed_in(couple[0])
    page.goto("/turn/meet")
    press(page, "turn.meet.one_phone")
    tap(page, "turn.meet.two_phones")
    expect(page.get_by_text(words("turn.meet.not_here", partner="Lin"))).to_be_visible()
    tap(page, "turn.meet.one_phone")
    page.wait_for_timeout(450)
    page.get_by_role("button", name="Mara", exact=True).click()
    tap(page, "turn.meet.one_spoken", speaker="Mara")
    heading(page, "turn.meet.one_back", listener="Lin")
    page.context.set_offline(True)
    expect(page.get_by_text(words("turn.meet.lost"))).to_be_visible()
    expect(page.locator("[data-guide]").first).to_be_visible()
    page.context.set_offline(False)
    heading(page, "turn.meet.one_back", listener="Lin")
    page.reload()
    expect(page.get_by_text(words("turn.meet.without", partner="Lin"))).to_be_visible()
    press(page, "turn.meet.one_phone")
    heading(page, "turn.meet.one_back", listener="Lin")
    lin = signed_in(couple[1], dark=True)
    lin.goto("/turn/meet")
    heading(lin, "turn.meet.say_back")
    heading(page, "turn.meet.hear_back", partner="Lin")
    expect(page.get_by_text(words("turn.meet.without", partner="Lin"))).to_be_hidden()
    press(lin, "turn.meet.said_back")
    heading(page, "turn.meet.got_it", partner="Lin")
    press(lin, "turn.meet.stop")
    heading(page, "turn.meet.done")
