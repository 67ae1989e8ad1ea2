"""Ours and Yours in a real browser: two phones, with and without scripts, in light and dark, and 320 px wide."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.fixtures.house import PASSPHRASE
from tests.pages.rooms import YOURS
from toward.catalogue import words
from toward.journal.kinds import (
    Agreement,
    AgreementChanged,
    CheckIn,
    LinePoint,
    LineShared,
    Memory,
    Moment,
    Settled,
    Together,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.fixtures.house import House
    from toward.vault import Arrival

DAY_MS = 86_400_000
FELT = (4, 3, 4, 5, 3, 2, 3, 3, 4, 4, 5, 4, 3, 4, 5, 5, 4, 6, 5, 4, 5, 6, 5, 5, 6, 6, 5, 6)
NEW = "seven slow herons by the lake"
OURS = ("/ours", "/ours/lines", "/ours/moments", "/ours/together", "/ours/keepsakes")


def lived(house: House, mara: Arrival, lin: Arrival) -> None:
    """Twelve weeks of both, up to today."""
    one, other = house.again(mara), house.again(lin)
    now = house.vault.now_ms()
    for session in (one, other):
        session.write(LineShared(on=True), at_ms=now - 85 * DAY_MS)
    for n, felt in enumerate(FELT):
        at = now - (84 - 3 * n) * DAY_MS
        one.write(CheckIn(felt=felt), at_ms=at)
        other.write(LinePoint(felt=max(1, felt - n % 3 + 1 if felt < 6 else 6)), at_ms=at)
    day = one.life.line.mine[9].day.isoformat()
    one.write(Moment(label="we went outside and walked", sort="exit", day=day))
    one.write(Memory(words="We got soaked in the rain and could not stop laughing.", share=True))
    other.write(Memory(words="You held my hand in the waiting room.", share=True))
    for _ in range(2):
        one.refresh()
        other.refresh()
    one.write(Settled(practice="remember", how="together", minutes=1))
    one.write(Memory(words="Sitting on the steps with tea, and nobody wanted anything."))
    for practice in ("breathe_together", "hold_hands", "hum"):
        one.write(Together(practice=practice, minutes=3), at_ms=now - 2 * DAY_MS)
    kept = one.write(Agreement(words="Phones away at supper on Friday"))
    other.refresh()
    other.write(AgreementChanged(agreement=kept.id, to="kept"))


def narrow(page: Page) -> None:
    """Nothing reaches out of a screen of 320 px."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url


def test_looks_right_in_light_and_dark_and_on_a_small_phone(
    house: House, signed_in: Callable[..., Page], axe: Callable[[Page], None], shoot: Callable[..., list[Path]]
) -> None:
    """Every page, full and empty: accessible in both schemes, and nothing to push sideways."""
    mara, lin = house.couple()
    lived(house, mara, lin)
    solo = house.arrive("Noor")
    phone = signed_in(mara, still=True)
    for path in (*OURS, *YOURS):
        phone.goto(path)
        for scheme in ("light", "dark"):
            phone.emulate_media(color_scheme=scheme)
            axe(phone)
        shoot(phone, path.strip("/").replace("/", "-"))
    small = signed_in(mara, width=320, height=640)
    for path in (*OURS, *YOURS):
        small.goto(path)
        narrow(small)
    alone = signed_in(solo)
    for path in ("/ours", "/settings/shared"):
        alone.goto(path)
        axe(alone)
        shoot(alone, path.strip("/").replace("/", "-") + "-alone")


def test_two_phones_agree_on_both_lines_without_a_script(house: House, signed_in: Callable[..., Page]) -> None:
    """Each says yes on their own phone; a check-in of one is on the other's picture; one says stop."""
    mara, lin = house.couple()
    phones = [signed_in(one, scripts=False) for one in (mara, lin)]
    for phone in phones:
        phone.goto("/ours")
        phone.get_by_role("link", name=words("ours.share.title")).click()
        phone.get_by_role("button", name=words("ours.share.on")).click()
    phones[0].goto("/check-in")
    phones[0].locator("input[name=felt][value='2']").check(force=True)
    phones[0].locator("main form").get_by_role("button").first.click()
    phones[1].goto("/ours")
    expect(phones[1].locator(".chart text.text-them")).to_have_text("Mara")
    phones[1].get_by_role("link", name=words("ours.share.title")).click()
    phones[1].get_by_role("button", name=words("ours.share.off")).click()
    phones[0].goto("/ours")
    expect(phones[0].get_by_text(words("ours.share.never_compare"))).to_have_count(0)


def test_everything_is_taken_along_to_another_space(
    house: House, signed_in: Callable[..., Page], phone: Callable[..., Page], tmp_path: Path
) -> None:
    """Saved with one phone, brought in with another, and told in words; a diary is no file of ours."""
    phone.forgive("status of 400")  # type: ignore[attr-defined]  # the diary is refused
    mara, _ = house.couple()
    house.again(mara).write(CheckIn(felt=4, words="warm bread"))
    page = signed_in(mara)
    page.goto("/settings")
    page.get_by_role("link", name=words("yours.export.link")).click()
    with page.expect_download() as coming:
        page.get_by_role("button", name=words("yours.export.button")).click()
    assert re.fullmatch(r"toward-\d{4}-\d\d-\d\d\.json", coming.value.suggested_filename)
    saved = tmp_path / "mine.json"
    coming.value.save_as(saved)
    assert "warm bread" in {one["body"].get("words") for one in json.loads(saved.read_text("utf-8"))["entries"]}
    diary = tmp_path / "diary.json"
    diary.write_text("dear diary", "utf-8")
    other = signed_in(house.arrive("Noor"), scripts=False)
    other.goto("/settings/import")
    other.get_by_label(words("yours.import.label")).set_input_files(diary)
    other.get_by_role("button", name=words("yours.import.button")).click()
    expect(other.locator("#file-error")).to_have_text(words("web.field.file"))
    other.get_by_label(words("yours.import.label")).set_input_files(saved)
    other.get_by_role("button", name=words("yours.import.button")).click()
    expect(other.get_by_role("status")).to_have_text(words("yours.import.done", n=4))


def test_someone_knows_it_and_then_it_is_deleted(
    house: House, signed_in: Callable[..., Page], phone: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    """New keys on this phone, the meter at work, a new sheet; then the space goes, and nothing of it opens."""
    phone.forgive("status of 4")  # type: ignore[attr-defined]  # a wrong name is refused
    mara = house.arrive("Mara")
    page = signed_in(mara)
    page.goto("/settings/known")
    page.get_by_label(words("yours.passphrase.old")).fill(PASSPHRASE)
    page.get_by_label(words("yours.passphrase.new")).fill(NEW)
    expect(page.locator("[data-meter]")).to_be_visible()
    page.get_by_label(words("person.passphrase.again")).fill(NEW)
    page.get_by_role("button", name=words("yours.known.button")).click()
    expect(page.locator("ol.words li")).to_have_count(12)
    axe(page)
    page.get_by_role("button", name=words("person.sheet.confirm")).click()
    expect(page.get_by_text(words("yours.home.signed_in", name="Mara"))).to_be_visible()
    page.get_by_role("link", name=words("yours.erase.link")).click()
    box = page.get_by_label(words("yours.erase.type", name="Mara"))
    passphrase = page.get_by_label(words("person.sign_in.passphrase"))
    box.fill("Lin")
    passphrase.fill(NEW)
    page.get_by_role("button", name=words("yours.erase.button")).click()
    expect(page.locator("#name-error")).to_be_visible()
    expect(page.get_by_text(words("yours.erase.not_done"))).to_be_visible()
    box.fill("Mara")
    passphrase.fill(NEW)
    page.get_by_role("button", name=words("yours.erase.button")).click()
    expect(page.get_by_role("heading", name=words("yours.erase.gone"))).to_be_visible()
    axe(page)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text(words("start.closed.title"))
    assert house.vault.people() == []
