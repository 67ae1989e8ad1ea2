"""The self-check on real phones: opened, ticked, kept and shown again, looked at, with scripts and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.fixtures.house import PASSPHRASE
from toward.catalogue import words
from toward.journal.kinds import Preferences
from toward.web.safe_slot import read_slot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page, Request

    from tests.fixtures.house import House

SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
PLAN = "Ana knows. The bag is at work."


def open_check(page: Page) -> None:
    """Open the menu, Safety and the check, as a thumb would."""
    page.locator(".menu > summary").click()
    page.locator("[data-safety] > summary").click()
    page.get_by_text(words("safety.check.title")).click()


def tick(page: Page, name: str, value: str) -> None:
    """Answer one question."""
    page.locator(f"label:has(input[name={name}][value={value}])").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_ticking_asks_nobody_and_says_what_it_may_mean(
    house: House,
    signed_in: Callable[..., Page],
    scripts: bool,  # noqa: FBT001
) -> None:
    """No request, no address, no title: style alone brings up the answer; both possibilities are there all along."""
    page = signed_in(house.arrive("Mara"), scripts=scripts)
    page.goto(house.url)
    was = (page.url, page.title())
    asked: list[Request] = []
    page.on("request", lambda request: None if "favicon" in request.url else asked.append(request))
    open_check(page)
    yes, no = page.get_by_text(words("safety.check.said_yes")), page.get_by_text(words("safety.check.said_no"))
    expect(yes).to_be_hidden()
    expect(no).to_be_hidden()
    tick(page, "own-1", "n")
    expect(no).to_be_visible()
    tick(page, "own-7", "y")
    expect(yes).to_be_visible()
    expect(no).to_be_hidden()
    expect(page.get_by_text(words("safety.check.past"), exact=True)).to_be_visible()
    expect(page.get_by_text(words("safety.check.unsafe"), exact=True)).to_be_visible()
    assert (page.url, page.title()) == was
    assert asked == []


@pytest.mark.parametrize("scripts", [True, False])
def test_kept_and_shown_again(house: House, signed_in: Callable[..., Page], scripts: bool) -> None:  # noqa: FBT001
    """One press keeps; the passphrase shows; one press forgets. The other phone's home is as it was."""
    mara, lin = house.couple()
    page, other = signed_in(mara, scripts=scripts), signed_in(lin)
    other.goto(house.url)
    was = other.locator("main").inner_text()
    page.goto(house.url)
    open_check(page)
    tick(page, "own-2", "y")
    page.locator("textarea[name=own-plan]").fill(PLAN)
    page.get_by_role("button", name=words("safety.check.keep")).click()
    expect(page.get_by_text(words("safety.check.kept"))).to_be_visible()
    assert read_slot(house.again(mara)).check is not None
    page.goto(house.url)
    open_check(page)
    page.get_by_role("button", name=words("safety.check.see")).click()
    page.locator("main input[type=password]").fill(PASSPHRASE)
    page.get_by_role("button", name=words("safety.check.open")).click()
    expect(page.get_by_text(PLAN)).to_be_visible()
    page.get_by_role("button", name=words("safety.check.forget")).click()
    expect(page.locator("main")).not_to_contain_text(PLAN)
    assert read_slot(house.again(mara)).check is None
    other.reload()
    assert other.locator("main").inner_text() == was


def test_closing_the_menu_empties_it_and_sending_has_one_size(house: House, signed_in: Callable[..., Page]) -> None:
    """Whoever opens it next finds it blank; an answer before a door is as long as a check with a plan."""
    page = signed_in(house.arrive("Mara"))
    page.goto(house.url)
    open_check(page)
    tick(page, "own-2", "y")
    page.locator("textarea[name=own-plan]").fill(PLAN)
    page.locator(".menu > summary").click()
    expect(page.locator("input[name=own-2]:checked")).to_have_count(0)
    assert page.locator("textarea[name=own-plan]").input_value() == ""
    sizes: list[int] = []
    page.on("request", lambda one: sizes.append(len(one.post_data_buffer or b"")) if one.method == "POST" else None)
    page.goto(f"{house.url}/before")
    page.locator("label:has(input[name=answer][value=unsaid])").click()
    page.get_by_role("button", name=words("safety.before.go_on")).click()
    page.wait_for_url("**/before/next*")
    page.goto(house.url)
    open_check(page)
    tick(page, "own-9", "y")
    page.locator("textarea[name=own-plan]").fill("Zwei Zeilen,\nmit Ümlauten und 漢字.")
    page.get_by_role("button", name=words("safety.check.keep")).click()
    page.wait_for_url("**/before/next*")
    assert len(sizes) == 2
    assert sizes[0] == sizes[1] == 8192


def test_it_reads_well_by_day_and_by_night(
    house: House,
    signed_in: Callable[..., Page],
    axe: Callable[[Page], None],
    shoot: Callable[..., list[Path]],
) -> None:
    """No breach of WCAG 2.2 AA, nothing to scroll sideways at 320 px, on the check and on what follows it."""
    mara = house.arrive("Mara")
    house.again(mara).write(Preferences(country="GB"))
    page = signed_in(mara, still=True)

    def look(name: str) -> None:
        axe(page)
        page.emulate_media(color_scheme="dark")
        axe(page)
        page.emulate_media(color_scheme="light")
        shoot(page, f"guard-{name}")
        page.set_viewport_size({"width": 320, "height": 640})
        assert not page.evaluate(SIDEWAYS), name
        page.set_viewport_size({"width": 390, "height": 844})

    page.goto(house.url)
    open_check(page)
    tick(page, "own-2", "y")
    tick(page, "own-1", "n")
    page.set_viewport_size({"width": 390, "height": 4200})
    shoot(page, "guard-check")
    page.set_viewport_size({"width": 390, "height": 844})
    look("check-first")
    page.locator("textarea[name=own-plan]").fill(PLAN)
    page.get_by_role("button", name=words("safety.check.keep")).click()
    look("kept")
    page.goto(house.url)
    open_check(page)
    page.get_by_role("button", name=words("safety.check.see")).click()
    look("open")
    page.locator("main input[type=password]").fill(PASSPHRASE)
    page.get_by_role("button", name=words("safety.check.open")).click()
    look("shown")
