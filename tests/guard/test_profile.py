"""What a browser keeps on its disk after *Leave quickly*: every file of its profile is searched."""

from __future__ import annotations

import contextlib
import gzip
import os
import shutil
import sqlite3
import zlib
from typing import TYPE_CHECKING, Final

import pytest

from tests.fixtures.browser import CHROMIUMS, QUIET
from toward.catalogue import words
from toward.journal.kinds import CheckIn, Invitation, Preferences
from toward.web.safe_slot import keep_answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page, Playwright

    from tests.fixtures.house import House

SAID: Final = "quillfeather"
THEIRS: Final = "marzipanlantern"
TYPED: Final = "umbrellasparrow"
PLANNED: Final = "cinnamonharbour"
PRIVATE: Final = (SAID, THEIRS, TYPED, PLANNED)
TELLING: Final = (
    "Mara",
    words("turn.open.title", partner="Lin"),
    words("within.care.intro"),
    words("now.checkin.title"),
)
"""A name and the headings of pages that were open. The Safety panel's own words are not here: they are in the copy
of the offline page that every phone keeps, and tell nothing of anybody."""


@pytest.fixture(scope="module")
def playing() -> Iterator[Playwright]:
    """Playwright without a browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright


def opened(playing: Playwright, profile: Path) -> BrowserContext:
    """A browser that keeps its profile in a folder, as a phone does."""
    program = os.environ.get("TOWARD_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    flags = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else list(QUIET)
    return playing.chromium.launch_persistent_context(profile, executable_path=program, args=flags)


def forms(text: str) -> list[bytes]:
    """A text as a browser may have written it."""
    return [text.encode(), text.encode("utf-16-le")]


def contents(profile: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file of a profile, and what is packed in it where that can be told."""
    for path in sorted(profile.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        yield path, data
        for start in _starts(data, b"\x1f\x8b\x08"):
            try:
                yield path, zlib.decompressobj(31).decompress(data[start:], 4_000_000)
            except zlib.error:
                continue


def _starts(data: bytes, mark: bytes) -> Iterator[int]:
    at = data.find(mark)
    while at >= 0:
        yield at
        at = data.find(mark, at + 1)


def found(profile: Path, text: str) -> list[str]:
    """The files in which a text stands."""
    return sorted(
        {
            str(path.relative_to(profile))
            for path, data in contents(profile)
            if any(form in data for form in forms(text))
        }
    )


def walk(house: House, page: Page) -> str:
    """Read, type and tick private things on many pages, one of them left without sending; return the last address."""
    mara, lin = house.couple()
    keep_answer(mara.session, "hard", house.vault.now_ms(), for_visit=False)
    house.again(lin).write(Invitation(door="reach", words=THEIRS))
    house.again(mara).write(Preferences(country="GB"))
    house.again(mara).write(CheckIn(felt=3, words=SAID, share=True))
    house.again(lin).write(CheckIn(felt=5, words=THEIRS, share=True))
    house.sign_in(page, mara)
    thread = house.again(mara).life.invitations.waiting[0].hex()
    page.goto(house.url)
    page.goto(f"{house.url}/turn/open/{thread}")
    page.get_by_role("button", name=words("turn.open.yes")).click()
    page.get_by_text(THEIRS).first.wait_for()
    page.goto(f"{house.url}/check-in")
    page.locator("details:not(header details)").evaluate_all("all => all.forEach(one => { one.open = true; })")
    page.locator("textarea[name=words]").fill(TYPED)
    page.goto(f"{house.url}/before")
    page.goto(f"{house.url}/within/care")
    page.locator(".menu > summary").click()
    page.locator("[data-safety] > summary").click()
    page.get_by_text(words("safety.check.title")).click()
    page.locator("label:has(input[name=own-2][value=y])").click()
    page.locator("textarea[name=own-plan]").fill(PLANNED)
    return f"{house.url}/within/care"


def leave(page: Page) -> None:
    """One key, pressed twice; then what is there is nothing."""
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_function("document.querySelector('main') === null && document.readyState === 'complete'")


def titles(house: House) -> set[str]:
    """What a browser's own list calls the pages."""
    database = sqlite3.connect(f"file:{house.folder.parent / 'profile' / 'Default' / 'History'}?mode=ro", uri=True)
    with contextlib.closing(database):
        return {title for (title,) in database.execute("SELECT title FROM urls WHERE url LIKE ?", (f"{house.url}%",))}


def test_no_private_word_and_no_telling_title_is_on_the_browsers_disk(playing: Playwright, house: House) -> None:
    """After leaving: no word, no name, no heading; *Back* shows nothing; only the addresses and one title."""
    profile = house.folder.parent / "profile"
    browser = opened(playing, profile)
    page = browser.pages[0]
    left = walk(house, page)
    leave(page)
    assert page.evaluate("location.pathname") == "/"
    for _ in range(3):
        page.go_back()
        assert page.inner_text("body").strip() == ""
    assert left not in page.evaluate("[location.href, document.referrer].join()")
    browser.close()
    for word in (*PRIVATE, *TELLING):
        assert found(profile, word) == [], word
    assert titles(house) <= {words("common.name"), words("web.away.title"), ""}
    # What can't be prevented, and is said on the page and in docs/safety.md; it also shows that the search works.
    assert any(name.endswith("History") for name in found(profile, house.url.removeprefix("http://")))
    assert any(name.endswith("History") for name in found(profile, "/within/care"))


def test_what_was_typed_and_not_sent_is_not_kept_for_a_later_day(playing: Playwright, house: House) -> None:
    """A browser that is closed without leaving has written down no word of any form, to bring it back."""
    profile = house.folder.parent / "profile"
    browser = opened(playing, profile)
    page = browser.pages[0]
    walk(house, page)
    page.goto(f"{house.url}/within")
    browser.close()
    for word in PRIVATE:
        assert found(profile, word) == [], word


def test_the_search_finds_what_a_browser_does_keep(tmp_path: Path) -> None:
    """In plain letters, in wide ones, and inside what was packed."""
    for name, data in (
        ("plain", f"..{SAID}..".encode()),
        ("wide", f"{SAID}".encode("utf-16-le")),
        ("packed", b"head" + gzip.compress(f"<p>{SAID}</p>".encode()) + b"tail"),
        ("other", b"nothing"),
    ):
        (tmp_path / name).write_bytes(data)
    assert found(tmp_path, SAID) == ["packed", "plain", "wide"]
