"""The library and its practices: what is offered to whom, what is asked first, what is kept, and files of one's own."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.pages.rooms import Rooms, said
from toward.catalogue import words
from toward.guide import allowed, of_practice, read_gates
from toward.journal.kinds import CheckIn, Frightened, PutAway, Settled
from toward.practices.library import FOLDER, load_library
from toward.practices.shelf import OWN
from toward.web.library import PATHS, path_of
from toward.web.pages.practices import AIMS, address
from toward.web.safe_slot import keep_answer

if TYPE_CHECKING:
    from pathlib import Path

    from toward.vault import Arrival

LIBRARY = load_library()


class Home(Rooms):
    """Rooms in which two who arrive together have been asked whether it is hard."""

    def couple(self) -> tuple[Arrival, Arrival]:
        """Mara and Lin, who have paired and answered."""
        both = super().couple()
        for one in both:
            keep_answer(one.session, "hard", self.now_ms, for_visit=False)
        return both


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with nobody in it."""
    return Home(tmp_path)


def main(html: str) -> str:
    """The main part as a person reads it."""
    return unescape(said(html))


def test_a_couple_finds_every_practice_and_one_alone_what_one_can_do(home: Home) -> None:
    """Every practice is on one shelf for two; for one there is no word of what takes two, and no empty shelf."""
    mara, _ = home.couple()
    solo = home.arrive("Solo")
    two, one = home.phone(mara), home.phone(solo)
    for aim in AIMS:
        shelf = [practice for practice in LIBRARY.values() if practice.aim == aim]
        for phone, alone in ((two, False), (one, True)):
            page = phone.get(address(aim)).text
            for practice in shelf:
                there = not (alone and practice.company == "together")
                assert (f'href="{path_of(practice)}"' in page) == there, (practice.id, alone)
            listed = f'href="{address(aim)}"' in phone.get("/practices").text
            assert listed == any(not (alone and practice.company == "together") for practice in shelf)


def test_a_practice_tells_all_of_itself(home: Home) -> None:
    """Steps, when not, other ways, how sure it is: all of it stands on the page without a script."""
    mara, _ = home.couple()
    phone = home.phone(mara)
    for practice in LIBRARY.values():
        if practice.id not in PATHS:
            page = main(phone.get(path_of(practice)).text)
            for field, text in practice.en.texts():
                assert " ".join(text.split()) in page, (practice.id, field)
            assert words(f"practices.sure.{practice.strength}") in page


def test_one_alone_is_led_away_from_what_takes_two(home: Home) -> None:
    """Without a partner a page for two leads to one for one; all else opens, wherever its address is asked for."""
    phone = home.phone(home.arrive("Solo"))
    for practice in LIBRARY.values():
        answer = phone.get(f"/practice/{practice.id.replace('_', '-')}", follow_redirects=True)
        assert answer.status_code == 200
        shown = "data-practice" in answer.text and practice.en.title in main(answer.text)
        assert shown == (practice.company != "together" and practice.id not in PATHS), practice.id


def test_what_is_for_two_asks_first_whether_it_is_hard_or_unsafe(rooms: Rooms) -> None:
    """Somebody who has not been asked is asked, once, before a talk for two; and not before something alone."""
    mara, _ = rooms.couple()
    phone = rooms.phone(mara)
    assert words("safety.question.title") in main(phone.get("/practice/hold-me-tight").text)
    assert words("safety.before.title") not in main(phone.get("/practice/third-eye").text)
    keep_answer(rooms.again(mara), "afraid", rooms.now_ms, for_visit=False)
    assert LIBRARY["hold_me_tight"].en.title in main(phone.get("/practice/hold-me-tight").text)


def test_a_fear_is_asked_before_and_after_and_kept_in_their_words(home: Home) -> None:
    """The hand before a hard thing asks how it feels, twice; what is said afterwards follows the two answers."""
    solo = home.arrive("Solo")
    phone = home.phone(solo)
    page = main(phone.get("/settle/hand-before").text)
    assert page.count(words("practices.threat.low")) == 4  # two scales, each with the words of its ends told twice
    sent = phone.post("/settle/hand-before", data={"before": "2", "after": "5"})
    assert sent.headers["location"] == "/practices/done"
    last = home.again(solo).life.practices[0]
    assert (last.practice, last.before, last.after) == ("hand_before", 2, 5)
    assert words("practices.done.eased") in main(phone.get("/practices/done").text)
    home.now_ms += 3_600_000
    assert phone.get("/practices/done").headers["location"] == "/practices"


def test_a_talk_keeps_that_it_was_and_asks_nothing_else(home: Home) -> None:
    """No scale where none fits, and no word of how it went."""
    mara, lin = home.couple()
    phone = home.phone(mara)
    assert 'type="radio" name="before"' not in phone.get("/practice/talk-turns").text
    phone.post("/practice/talk-turns", data={"minutes": "22"})
    last = home.again(mara).life.practices[0]
    assert (last.practice, last.how, last.before) == ("talk_turns", "one_room", None)
    assert words("practices.done.said") in main(phone.get("/practices/done").text)
    assert not any(isinstance(one.body, Settled) for one in home.again(lin).entries)


def test_a_body_that_it_does_not_fit_is_told_so_and_stopped_by_nothing(home: Home) -> None:
    """Shut down or revved up, a talk says that it asks for a calm body, and is there all the same."""
    mara, _ = home.couple()
    phone = home.phone(mara)
    for state in ("revved", "shut"):
        home.again(mara).write(CheckIn(felt=3, body=state))
        page = phone.get("/practice/hold-me-tight").text
        assert words(f"practices.page.not_fit_{state}") in main(page)
        assert "data-start" in page
    assert "not_fit" not in phone.get("/practice/walk").text
    assert words("practices.page.fit_link") not in main(phone.get("/practice/walk").text)


def test_the_library_is_the_same_for_somebody_afraid(home: Home) -> None:
    """It is a menu: whoever looks over a shoulder sees nothing of what was answered alone."""
    mara, _ = home.couple()
    phone = home.phone(mara)
    paths = ["/practices", *map(address, AIMS), "/practice/hold-me-tight"]
    before = [phone.get(path).text for path in paths]
    keep_answer(home.again(mara), "afraid", home.now_ms, for_visit=False)
    assert [phone.get(path).text for path in paths] == before


def test_something_frightening_closes_the_gate_for_two_weeks(home: Home) -> None:
    """After it nothing asks for tenderness, telling or two; put out of sight or weeks later it holds no more."""
    mara, _ = home.couple()
    session = home.again(mara)
    session.write(Frightened(day="2025-11-24"))
    for days, holds in ((0, True), (13, True), (15, False)):
        gates = read_gates(session.life, home.now_ms + days * 86_400_000, afraid=False, partner_open=True)
        assert gates.afraid == holds
        for practice in LIBRARY.values():
            if holds and practice.asks:
                assert not allowed(of_practice(practice), gates)
    session.write(PutAway(entry=session.life.shown.frightening[0].id))
    assert not read_gates(session.life, home.now_ms, afraid=False, partner_open=True).afraid


@pytest.mark.parametrize("path", ["/practices/nothing", "/practice/nothing", "/practices/settle_alone"])
def test_has_no_page_for_what_is_not_there(home: Home, path: str) -> None:
    """An unknown shelf or practice is not there."""
    assert home.phone(home.arrive("Solo")).get(path).status_code == 404


def test_a_dropped_file_is_there_at_the_next_look_and_a_wrong_one_breaks_nothing(home: Home, tmp_path: Path) -> None:
    """It stands on its shelf, is done and told by its name; the page lives with a file that is none."""
    home.vault.folder = tmp_path
    mara, _ = home.couple()
    phone = home.phone(mara)
    page = phone.get("/practices/play").text
    folder = tmp_path / OWN
    folder.mkdir()
    walk = (FOLDER / "walk.toml").read_text("utf-8").replace('id = "walk"', 'id = "our_swim"')
    (folder / "our_swim.toml").write_text(walk.replace('title = "A walk"', 'title = "Our swim"'), "utf-8")
    (folder / "broken.toml").write_text("id =", "utf-8")
    assert "Our swim" not in page
    assert "Our swim" in phone.get("/practices/play").text
    phone.post("/practice/our-swim", data={"before": "3", "after": "4"})
    assert home.again(mara).life.practices[0].practice == "our_swim"
    (folder / "our_swim.toml").unlink()
    assert phone.get("/practice/our-swim").status_code == 404
