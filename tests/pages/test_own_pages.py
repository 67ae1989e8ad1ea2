"""The ladder, Within and moments: pages for one."""

from __future__ import annotations

import re

import pytest

from tests.pages.rooms import HOUR_MS, Rooms, said
from toward.catalogue import countries, helplines, words
from toward.journal.kinds import Preferences, Settled
from toward.web.pages.ladder import RUNGS


@pytest.mark.parametrize("rung", RUNGS)
def test_each_rung_has_its_word_and_its_way(rooms: Rooms, rung: str) -> None:
    """It is kept as a check-in that is offered to nobody, and answered with what belongs to it."""
    mara, _ = rooms.couple()
    phone = rooms.phone(mara)
    assert phone.post("/ladder", data={"rung": rung, "felt": "2"}).headers["location"] == "/ladder/next"
    latest = rooms.again(mara).life.checkins.latest
    assert latest is not None
    assert (latest.body.rung, latest.body.felt, latest.body.share) == (rung, 2, False)
    page = said(phone.get("/ladder/next").text)
    assert words(f"now.rung.{rung}.next") in page
    assert (words("now.rung.coerce.help") in page) == (rung == "coerce")
    assert (words("safety.despair.body") in page) == (rung == "despair")
    rooms.now_ms += HOUR_MS
    assert phone.get("/ladder/next").headers["location"] == "/ladder"


@pytest.mark.parametrize("missing", [{"rung": "ask"}, {"felt": "3"}, {"rung": "up", "felt": "3"}])
def test_a_rung_and_a_number_are_both_asked(rooms: Rooms, missing: dict[str, str]) -> None:
    """One alone is not kept; the other stays chosen."""
    mara = rooms.arrive("Mara")
    again = rooms.phone(mara).post("/ladder", data=missing)
    assert again.status_code == 400
    assert rooms.again(mara).life.checkins.latest is None
    if missing.get("rung") == "ask":
        assert 'value="ask" checked' in again.text


@pytest.mark.parametrize("rung", ["coerce", "despair"])
def test_help_is_there_without_a_number(rooms: Rooms, rung: str) -> None:
    """Who is at the end of their strength is not held up by a scale: lines at once, nothing kept that was not said."""
    mara = rooms.arrive("Mara")
    phone = rooms.phone(mara)
    asked = phone.get("/ladder").text.partition("<main")[2].partition("</main>")[0]
    assert not [tag for tag in re.findall(r'<input[^>]+name="felt"[^>]*>', asked) if "required" in tag]
    answer = phone.post("/ladder", data={"rung": rung})
    assert answer.status_code == 200
    assert words(f"now.rung.{rung}.next") in said(answer.text)
    assert "tel:" in answer.text.partition("<main")[2]
    assert rooms.again(mara).life.checkins.latest is None


@pytest.mark.parametrize(("rung", "whom"), [("coerce", "hurting"), ("despair", "crisis")])
@pytest.mark.parametrize("country", ["", "GB", "DE", "US", "FR"])
def test_where_a_number_is_needed_the_emergency_comes_first(rooms: Rooms, rung: str, whom: str, country: str) -> None:
    """The chosen country's lines are there at once, emergency first; without one each country has its fold."""
    mara = rooms.arrive("Mara")
    rooms.again(mara).write(Preferences(country=country))
    rooms.phone(mara).post("/ladder", data={"rung": rung, "felt": "1"})
    main = rooms.phone(mara).get("/ladder/next").text.partition("<main")[2]
    found = re.findall(r'href="tel:(\d+)"', main)
    if country in countries():
        outside = re.findall(r'href="tel:(\d+)"', main.partition("<details")[0])
        assert outside == [line.dial for line in helplines(country) if line.for_whom in {"emergency", whom}]
    else:
        assert words("safety.panel.emergency") in main
    for other in countries():
        for line in helplines(other):
            if line.for_whom == whom and line.number:
                assert line.dial in found


def test_says_so_where_no_such_number_was_read(rooms: Rooms) -> None:
    """A gap is told, and another way is named."""
    mara = rooms.arrive("Mara")
    rooms.again(mara).write(Preferences(country="DE"))
    rooms.phone(mara).post("/ladder", data={"rung": "coerce", "felt": "1"})
    assert words("safety.lines.none_for") in rooms.phone(mara).get("/ladder/next").text


def test_having_frightened_somebody_is_not_over_with_the_next_check_in(rooms: Rooms) -> None:
    """Home keeps to settling and to who helps to stop, and suggests no reaching out."""
    mara, _ = rooms.couple()
    rooms.phone(mara).post("/ladder", data={"rung": "coerce", "felt": "2"})
    rooms.now_ms += 4 * HOUR_MS
    rooms.phone(mara).post("/check-in", data={"felt": "6", "body": "open"})
    home = rooms.phone(mara).get("/").text
    assert words("now.rung.coerce.help_link") in home
    assert 'class="button primary" href="/settle/alone"' in home


@pytest.mark.parametrize(
    ("path", "practice"), [("/within/three-breaths", "three_breaths"), ("/within/care", "own_care")]
)
def test_a_practice_done_is_kept_for_oneself(rooms: Rooms, path: str, practice: str) -> None:
    """All its steps are on the page, and doing it writes one private entry."""
    mara, lin = rooms.couple()
    phone = rooms.phone(mara)
    assert phone.get(path).status_code == 200
    assert phone.post(path).headers["location"] == "/within/kept"
    assert phone.get("/within/kept").status_code == 200
    entry = rooms.again(mara).entries[-1]
    assert isinstance(entry.body, Settled)
    assert (entry.body.practice, entry.body.how, entry.shared) == (practice, "alone", False)
    assert not rooms.again(lin).life.practices


@pytest.mark.parametrize("path", ["/within/hum", "/within/nothing", "/within/..%2f", "/within/three--breaths"])
def test_what_does_not_belong_here_is_not_here(rooms: Rooms, path: str) -> None:
    """Practices of other places, and no practices, are not found."""
    assert rooms.phone(rooms.arrive("Mara")).get(path).status_code == 404


def test_a_moment_stands_on_its_day(rooms: Rooms) -> None:
    """It is on the line of its author, on the day that it names, and listed."""
    mara = rooms.arrive("Mara")
    phone = rooms.phone(mara)
    sent = phone.post("/moments", data={"label": " New  job ", "sort": "life", "day": "2025-11-02"})
    assert sent.headers["location"] == "/moments"
    (mark,) = rooms.again(mara).life.line.marks
    assert (mark.label, mark.sort, mark.day.isoformat()) == ("New job", "life", "2025-11-02")
    assert "New job" in said(phone.get("/moments").text)
    assert "2 November" in said(phone.get("/moments").text)


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": ""},
        {"label": "x" * 81},
        {"day": "2999-01-01"},
        {"day": "2025-02-30"},
        {"day": "yesterday"},
        {"day": ""},
        {"sort": "bad"},
    ],
)
def test_a_moment_that_does_not_fit_is_shown_again(rooms: Rooms, wrong: dict[str, str]) -> None:
    """Nothing is written; the field says what it takes."""
    mara = rooms.arrive("Mara")
    again = rooms.phone(mara).post("/moments", data={"label": "x", "sort": "good", "day": "2025-11-02", **wrong})
    assert again.status_code == 400
    assert 'class="error"' in again.text
    assert not rooms.again(mara).life.line.marks
