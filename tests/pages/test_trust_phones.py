"""The two pictures and life on two real phones: two taps, no script, what the other does not see, how it looks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from toward.catalogue import words
from toward.journal.kinds import (
    Agreement,
    AgreementChanged,
    CheckIn,
    Connection,
    Frightened,
    LifeEvent,
    LifeEventShown,
    NotCome,
    Sign,
)
from toward.journal.projections import day_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.fixtures.house import House
    from toward.vault import Arrival

DAY_MS = 86_400_000
FELT = (5, 5, 4, 5, 5, 2, 2, 3, 2, 3, 4, 3, 4, 5, 4, 5, 5, 6)


def lived(house: House, mara: Arrival, lin: Arrival) -> None:
    """Some weeks of one of the two, with everything that these pages can show."""
    one, other = house.again(mara), house.again(lin)
    now = house.vault.now_ms()
    today = day_of(now, 0)
    day = today.isoformat()
    for n, felt in enumerate(FELT):
        one.write(CheckIn(felt=felt), at_ms=now - (51 - 3 * n) * DAY_MS)
    one.write(LifeEvent(label="Grandma died", sort="loss", pull="hard", day=(today - timedelta(36)).isoformat()))
    other.write(LifeEventShown(label="The new flat", sort="move", pull="both", day=(today - timedelta(9)).isoformat()))
    one.write(Connection(source="friends", day=(today + timedelta(1)).isoformat(), planned=True, words="tea with Noor"))
    one.write(Connection(source="meal", day=day, felt="close"))
    one.write(Connection(source="pet", day=day, felt="calm", words="the cat on my feet"))
    one.write(Connection(source="touch", day=day, felt="mixed"))
    kept = one.write(Agreement(words="Phones away at supper on Friday"))
    other.refresh()
    other.write(AgreementChanged(agreement=kept.id, to="kept"))
    waited = one.write(Agreement(words="Call me when it gets late", day=day))
    one.write(NotCome(agreement=waited.id, words="I lay awake.", day=day))
    one.write(Sign(of="truth", so=True, words="About the money for the car.", day=day))
    one.write(Sign(of="phone", so=False, day=day))
    one.write(Frightened(words="The door, and the plate.", day=(today - timedelta(20)).isoformat()))


def test_looks_right_full_and_empty(
    house: House, signed_in: Callable[..., Page], axe: Callable[[Page], None], shoot: Callable[..., list[Path]]
) -> None:
    """Every page of the two pictures and of life, lived in and new: accessible in both schemes, and narrow enough."""
    mara, lin = house.couple()
    lived(house, mara, lin)
    page = signed_in(mara, still=True)
    for path in ("/pictures", "/connection", "/shown", "/life"):
        page.goto(f"/ours{path}")
        shoot(page, f"ours{path}".replace("/", "-"))
        page.emulate_media(color_scheme="dark")
        axe(page)
        page.emulate_media(color_scheme="light")
    small = signed_in(mara, width=320, height=640, still=True)
    for path in ("/pictures/why", "/connection/plan", "/connection?edit=1", "/shown", "/shown?edit=1", "/shown/sign",
                 "/shown/not-come", "/shown/frightened", "/life?edit=1", "/life/new"):  # fmt: skip
        small.goto(f"/ours{path}")
        assert small.evaluate("document.documentElement.scrollWidth") <= 320, path
        axe(small)
    alone = signed_in(house.arrive("Noor"), still=True)
    for path in ("/connection", "/shown", "/life"):
        alone.goto(f"/ours{path}")
        axe(alone)


def test_two_taps_without_a_script_and_the_other_phone_stays_as_it_was(
    house: House, signed_in: Callable[..., Page]
) -> None:
    """A source, a sign and a fright are kept by two taps each; on the other's phone no page has changed."""
    mara, lin = house.couple()
    one, other = signed_in(mara, scripts=False), signed_in(lin)
    paths = ("/ours", "/ours/connection", "/ours/shown", "/ours/life", "/turn")

    def seen() -> list[str]:
        found = []
        for path in paths:
            other.goto(path)
            found.append(other.locator("main").inner_text())
        return found

    before = seen()
    one.goto("/ours")
    one.get_by_role("link", name=words("pictures.home.link")).click()
    one.get_by_role("link", name=words("pictures.home.close")).click()
    one.locator('label:has(input[value="meal"])').click()
    one.get_by_role("button", name=words("pictures.feeling.light")).click()
    expect(one.get_by_role("status")).to_have_text(words("pictures.close.noted"))
    one.goto("/ours/shown/sign")
    one.locator('label:has(input[value="no"])').click()
    one.get_by_role("button", name=words("pictures.sign.so"), exact=True).click()
    expect(one.get_by_text(words("pictures.sign.no.so"))).to_be_visible()
    one.get_by_role("link", name=words("pictures.shown.add_fright")).click()
    one.get_by_role("button", name=words("pictures.fright.button")).click()
    expect(one.get_by_role("heading", name=words("pictures.shown.fright_title"))).to_be_visible()
    assert seen() == before


def test_an_event_shown_to_both_and_taken_back(house: House, signed_in: Callable[..., Page]) -> None:
    """Marked on one phone with a tick, read on the other's line, and gone from both."""
    mara, lin = house.couple()
    one, other = signed_in(mara, scripts=False), signed_in(lin, scripts=False)
    one.goto("/ours/life")
    one.get_by_role("link", name=words("life.home.add")).click()
    one.get_by_label(words("life.new.label")).fill("The flood")
    one.locator('label:has(input[name="pull"][value="hard"])').click()
    one.get_by_label(words("life.new.share", partner="Lin")).check()
    one.get_by_role("button", name=words("common.button.save")).click()
    expect(one.get_by_role("status")).to_have_text(words("life.home.noted"))
    other.goto("/ours/life")
    expect(other.get_by_text("The flood")).to_be_visible()
    one.get_by_role("link", name=words("life.home.edit")).click()
    one.get_by_role("button", name=words("life.home.take_back")).click()
    other.reload()
    expect(other.get_by_text("The flood")).to_have_count(0)
