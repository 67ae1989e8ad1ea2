"""One evening, from the terminal to an answered invitation: two people on two phones, nothing made behind their backs.

The server is started as the README says, by its command; everything else is done with fingers in two browsers.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.fixtures.browser import Phones

PASSPHRASE = "a quiet lamp at the window"
BOAT = "The boat on the lake, and how we laughed at the ducks."
ASK = "Would you come for a walk on Thursday?"
RAIN = "You sang in the kitchen while it rained."


@pytest.fixture
def setup_link(tmp_path: Path) -> Iterator[str]:
    """What the terminal prints when Toward starts for the first time."""
    with subprocess.Popen(
        [sys.executable, "-m", "toward", "serve", "--port", "0", "--data", str(tmp_path / "data")],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as server:
        assert server.stdout is not None
        links = (re.search(r"http://\S+/setup/\S+", line) for line in server.stdout)
        yield next(found.group() for found in links if found)
        server.terminate()


def press(page: Page, name: str) -> None:
    """Press the button or follow the link of this name."""
    page.get_by_role("button", name=name, exact=True).or_(page.get_by_role("link", name=name, exact=True)).first.click()


def come_in(page: Page, name: str) -> None:
    """Give a name and a passphrase, and take the recovery sheet."""
    page.get_by_label("Your name here").fill(name)
    page.get_by_label("A passphrase", exact=True).fill(PASSPHRASE)
    page.get_by_label("Once more").fill(PASSPHRASE)
    press(page, "Next")
    expect(page.get_by_role("heading", name="Your recovery sheet")).to_be_visible()
    press(page, "I have them")


def pass_the_question(page: Page) -> None:
    """Answer the question that is asked once, alone: it is hard."""
    page.locator("[name=answer][value=hard]").check(force=True)
    press(page, "Go on")
    press(page, "Go on")


def recall(page: Page, words: str) -> None:
    """Put a memory in, sealed."""
    page.get_by_label("What happened?").fill(words)
    press(page, "Seal it, to open together")


@pytest.fixture
def two_phones(setup_link: str, phone: Phones, shoot: Callable[..., object]) -> tuple[Page, Page]:
    """Mara and Lin, each with a person of their own, joined by six words."""
    home, _, _ = setup_link.partition("/setup/")
    stranger = phone(home)
    stranger.goto("/")
    expect(stranger.get_by_role("heading", name="This place is private")).to_be_visible()
    mara, lin = phone(home), phone(home, dark=True)
    mara.goto(setup_link)
    shoot(mara, "evening-start")
    press(mara, "Start ours")
    come_in(mara, "Mara")
    press(mara, "Invite my partner")
    words = mara.locator("[data-code], .code").first.inner_text()
    lin.goto(f"/join#{words.replace(' ', '-')}")
    press(lin, "Yes, join Mara")
    come_in(lin, "Lin")
    expect(mara.get_by_role("heading", name="Is this the right person?")).to_be_visible()
    press(mara, "Yes, join")
    for page, other in ((mara, "Lin"), (lin, "Mara")):
        expect(page.get_by_role("heading", name=f"You and {other} have a shared space.")).to_be_visible()
    return mara, lin


def test_two_people_have_their_evening(two_phones: tuple[Page, Page], shoot: Callable[..., object]) -> None:
    """A memory opened together, a breath on one clock, words that open when both have spoken, an ask and its answer."""
    mara, lin = two_phones
    remember(mara, lin)
    shoot(lin, "evening-two-moments")
    enough(mara)
    enough(lin)
    breathe(mara, lin)
    shoot(mara, "evening-breath", whole=False)
    check_in(mara, lin)
    shoot(mara, "evening-now")
    reach(mara)
    open_and_answer(mara, lin, shoot)


def remember(mara: Page, lin: Page) -> None:
    """Each recalls; sealed, then opened at one moment on both phones."""
    for page, words in ((mara, BOAT), (lin, RAIN)):
        press(page, "Start with a good memory")
        pass_the_question(page)
        recall(page, words)
        expect(page.get_by_role("heading", name="Yours is sealed")).to_be_visible()
        assert (RAIN if page is mara else BOAT) not in page.content()
    for page in (mara, lin):
        page.goto("/remember")
        expect(page.get_by_role("heading", name="Two moments")).to_be_visible()
        assert (RAIN if page is mara else BOAT) not in page.locator("main").inner_text()
    for page in (mara, lin):
        press(page, "Open them together")
    for page in (mara, lin):
        expect(page.get_by_text(BOAT)).to_be_visible()
        expect(page.get_by_text(RAIN)).to_be_visible()


def enough(page: Page) -> None:
    """End the minute that follows, when one likes."""
    press(page, "Stop")
    press(page, "That is enough today.")
    expect(page.get_by_role("heading", name="That is enough today.")).to_be_visible()


def breathe(mara: Page, lin: Page) -> None:
    """One plan on both; one goes away and comes back, and the other's breath goes on meanwhile."""
    for page in (mara, lin):
        page.goto("/settle/together")
    press(mara, "Begin")
    for page in (mara, lin):
        expect(page.locator("[data-settle]")).to_have_attribute("data-state", "running")
    lin.goto("/settle")
    expect(mara.locator("[data-settle]")).to_have_attribute("data-state", "running")
    lin.goto("/settle/together")
    expect(lin.locator("[data-settle]")).to_have_attribute("data-state", "running")


def check_in(mara: Page, lin: Page) -> None:
    """Shared by both: open as words at the first one's next look."""
    for page, felt in ((mara, 3), (lin, 5)):
        page.goto("/check-in")
        page.locator(f"[name=felt][value='{felt}']").check(force=True)
        page.get_by_label("Share this with").check()
        press(page, "Done")
    mara.goto("/")
    expect(mara.get_by_text("You both answered").first).to_be_visible()


def reach(mara: Page) -> None:
    """Inward first, then one small ask."""
    mara.goto("/turn/reach")
    for _ in range(12):
        if mara.locator("[name=ask]").is_visible():
            break
        mara.locator("main button:visible, main a.button:visible").first.click()
    mara.locator("[name=ask]").fill(ASK)
    for _ in range(4):
        send = mara.get_by_role("button", name=re.compile("^Send"))
        if send.count() and send.first.is_visible():
            send.first.click()
            break
        mara.locator("main button:visible").first.click()


def open_and_answer(mara: Page, lin: Page, shoot: Callable[..., object]) -> None:
    """Only the receiver opens it; that changes no byte of the sender's page; the answer does."""
    mara.goto("/turn")
    unopened = mara.content()
    lin.goto("/")
    assert ASK not in lin.content()
    lin.goto("/turn/open")
    assert ASK not in lin.locator("main").inner_text()
    shoot(lin, "evening-can-i-take-it-in")
    lin.locator("main button:visible, main a.button:visible").first.click()
    expect(lin.get_by_text(ASK).first).to_be_visible()
    mara.goto("/turn")
    assert mara.content() == unopened
    shoot(lin, "evening-answers")
