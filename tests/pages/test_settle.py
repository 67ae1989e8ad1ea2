"""Settling: what is offered, what is kept, and that it shows nothing of anybody's answers."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from tests.pages.rooms import Rooms
from toward.catalogue import words
from toward.journal.kinds import CheckIn, Invitation, Preferences
from toward.practices.breath import Plan
from toward.practices.library import load_library
from toward.vault import pairing
from toward.web.pages import breathe
from toward.web.safe_slot import keep_answer

if TYPE_CHECKING:
    from pathlib import Path

    from toward.journal.projections import Practised
    from toward.vault import Arrival


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


def ways(html: str) -> dict[str, str]:
    """The practices of the list: title by classes."""
    found = re.findall(r'<li class="([^"]*)"><a class="way" href="[^"]*"><b>([^<]*)</b>', html)
    return {unescape(title): classes for classes, title in found}


def newest(home: Home, who: Arrival) -> Practised | None:
    """What they practised last."""
    return next(iter(home.again(who).life.practices), None)


def titles(*names: str) -> set[str]:
    """Titles of practices."""
    return {load_library()[name].en.title for name in names}


def test_someone_alone_is_offered_what_one_can_do(home: Home) -> None:
    """Nothing for two is in the list of a person without a partner, and what suits both is."""
    html = home.phone(home.arrive("Solo")).get("/settle").text
    assert set(ways(html)) == titles("breathe_alone", "hum", "look_around", "move")
    assert words("settle.home.together") not in html


def test_who_has_shut_down_is_offered_no_long_breaths(home: Home) -> None:
    """No practice with long breaths carries the class of that state, and the chosen card is theirs from today."""
    mara, _ = home.couple()
    home.again(mara).write(CheckIn(felt=3, body="shut"))
    html = home.phone(mara).get("/settle").text
    shut = {title for title, classes in ways(html).items() if "suits-shut" in classes}
    assert shut == titles("hum", "look_around", "move", "quiet_company")
    assert re.search(r'value="shut" checked', html)
    assert words("settle.shut.intro") in html


def test_the_list_shows_nothing_of_what_was_answered_alone(home: Home) -> None:
    """Afraid or not, the page is the same to the letter: a partner may be looking."""
    mara, _ = home.couple()
    before = home.phone(mara).get("/settle").text
    keep_answer(home.again(mara), "afraid", home.now_ms, for_visit=False)
    assert home.phone(mara).get("/settle").text == before


def test_a_breath_alone_is_kept_with_both_answers(home: Home) -> None:
    """What was felt before and after, and for how long, is one private entry; the page after says what they said."""
    solo = home.arrive("Solo")
    phone = home.phone(solo)
    assert phone.get("/settle/alone").status_code == 200
    sent = phone.post("/settle/alone", data={"before": "2", "after": "4", "minutes": "2.5"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/settle/done")
    done = newest(home, solo)
    assert done is not None
    assert (done.practice, done.how, done.minutes, done.before, done.after) == ("breathe_alone", "alone", 2.5, 2, 4)
    assert words("settle.question.eased") in unescape(phone.get("/settle/done").text)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"before": "4", "after": "4"}, "same"),
        ({"before": "4", "after": "2"}, "tighter"),
        ({"after": "2"}, "unsaid"),
        ({}, "unsaid"),
    ],
)
def test_says_only_what_they_said(home: Home, answers: dict[str, str], said: str) -> None:
    """The line after a practice follows the two answers; without both it says nothing about how it is."""
    solo = home.arrive("Solo")
    phone = home.phone(solo)
    phone.post("/settle/hum", data=answers)
    html = unescape(phone.get("/settle/done").text)
    for change in ("eased", "same", "tighter", "unsaid"):
        assert (words(f"settle.question.{change}") in html) == (change == said)


def test_the_page_after_is_gone_a_little_later(home: Home) -> None:
    """Whoever comes back another time is not told about it again."""
    solo = home.arrive("Solo")
    phone = home.phone(solo)
    assert phone.get("/settle/done").headers["location"] == "/settle"
    phone.post("/settle/hum", data={})
    home.now_ms += 11 * 60_000
    assert phone.get("/settle/done").headers["location"] == "/settle"


@pytest.mark.parametrize(
    ("sent", "minutes"),
    [("", 3), ("nan", 3), ("inf", 3), ("-5", None), ("999", 60), ("0.0", None), ("x", 3)],
)
def test_minutes_stay_within_what_a_practice_can_last(home: Home, sent: str, minutes: float | None) -> None:
    """The page's own count is taken within bounds; nonsense becomes the plan's length; nothing done is not kept."""
    solo = home.arrive("Solo")
    home.phone(solo).post("/settle/move", data={"minutes": sent})
    done = newest(home, solo)
    assert (None if done is None else done.minutes) == minutes


def test_an_answer_outside_the_scale_is_shown_again(home: Home) -> None:
    """The page comes again with what was chosen, and nothing is kept."""
    solo = home.arrive("Solo")
    answer = home.phone(solo).post("/settle/alone", data={"before": "3", "after": "9", "minutes": "2"})
    assert answer.status_code == 400
    assert re.search(r'name="before" value="3" checked', answer.text)
    assert newest(home, solo) is None


@pytest.mark.parametrize(
    ("sent", "how"),
    [
        ({"met": "1"}, "together"),
        ({"met": ""}, "alone"),
        ({}, "alone"),
        ({"met": "1", "one_room": "on"}, "one_room"),
        ({"one_phone": "on", "one_room": "on"}, "one_phone"),
    ],
)
def test_a_breath_for_two_is_kept_as_what_it_was(home: Home, sent: dict[str, str], how: str) -> None:
    """Waiting for somebody who did not come was a breath alone."""
    mara, lin = home.couple()
    home.phone(mara).post("/settle/together", data={"minutes": "3", **sent})
    done = newest(home, mara)
    assert done is not None
    assert (done.practice, done.how) == ("breathe_together", how)
    assert newest(home, lin) is None


def test_asks_alone_before_the_first_breath_for_two(home: Home) -> None:
    """Somebody who was never asked meets the question first, at the same address; then no more."""
    mara, lin = home.arrive("Mara"), home.arrive("Lin")
    pairing.accept(lin.session, pairing.invite(mara.session).words)
    pairing.confirm(mara.session)
    phone = home.phone(mara)
    for path in ("/settle/together", "/settle/hold-hands", "/settle/quiet-company"):
        html = phone.get(path).text
        assert 'name="answer"' in html
        assert 'name="after"' not in html
    phone.post("/before", data={"answer": "afraid", "place": "settle", "to": "/settle/together"})
    assert 'data-socket="/live"' in phone.get("/settle/together").text


def test_without_a_partner_the_pages_for_two_lead_on(home: Home) -> None:
    """Nobody meets a closed door: they are led to what they can do."""
    solo = home.phone(home.arrive("Solo"))
    assert solo.get("/settle/together").headers["location"] == "/pair"
    assert solo.get("/settle/hold-hands").headers["location"] == "/settle"
    mara, _ = home.couple()
    pairing.unpair(home.again(mara))
    left = home.phone(mara)
    assert left.get("/settle/together").headers["location"] == "/settle/alone"
    assert left.get("/settle/quiet-company").headers["location"] == "/settle"
    assert words("settle.home.together") not in left.get("/settle").text


def test_breathes_next_time_as_this_time(home: Home) -> None:
    """What was chosen is remembered; a page without a script chooses nothing."""
    solo = home.arrive("Solo")
    phone = home.phone(solo)
    phone.post("/settle/alone", data={"minutes": "1", "pace": "5-7", "length": "3"})
    assert home.again(solo).life.preferences == Preferences()
    phone.post("/settle/alone", data={"minutes": "1", "pace": "5-7", "chosen": "1", "sound": "on"})
    wishes = home.again(solo).life.preferences
    assert (wishes.breath_in_s, wishes.breath_out_s, wishes.sound, wishes.vibration) == (5, 7, True, False)
    html = phone.get("/settle/alone").text
    assert 'data-in-s="5.0" data-out-s="7.0"' in html
    assert '<option value="5-7" selected>' in html
    wrote = len(home.again(solo).entries)
    phone.post("/settle/alone", data={"minutes": "1", "pace": "5-7", "chosen": "1", "sound": "on"})
    assert len(home.again(solo).entries) == wrote + 1


@pytest.mark.parametrize("pace", ["6-4", "1-1", "60-60", "4", "a-b", "nan-nan", "4-6-8"])
def test_a_pace_that_does_not_settle_is_refused(home: Home, pace: str) -> None:
    """It is said at its field, and neither the pace nor the practice is kept."""
    solo = home.arrive("Solo")
    answer = home.phone(solo).post("/settle/alone", data={"minutes": "1", "pace": pace, "chosen": "1"})
    assert answer.status_code == 400
    assert 'id="pace-error"' in answer.text
    assert home.again(solo).life.preferences == Preferences()
    assert newest(home, solo) is None


@pytest.mark.parametrize("pace", breathe.PACES)
def test_every_pace_on_offer_settles(pace: breathe.Pace) -> None:
    """Each makes a plan, which refuses what nobody should breathe."""
    assert Plan(started_ms=0, in_s=pace.in_s, out_s=pace.out_s).out_s >= pace.in_s


def test_breathing_says_when_it_does_not_fit(home: Home) -> None:
    """After a check-in that said "shut down" the breath is there as ever, with something better beside it."""
    solo = home.arrive("Solo")
    phone = home.phone(solo)
    assert words("settle.breathe.shut") not in phone.get("/settle/alone").text
    home.again(solo).write(CheckIn(felt=2, body="shut"))
    html = phone.get("/settle/alone").text
    assert words("settle.breathe.shut") in html
    assert 'href="/settle/move"' in html
    assert "data-start" in html


@pytest.mark.parametrize("name", [p.id for p in load_library().values() if p.place == "settle"])
def test_every_practice_of_this_place_has_its_page(home: Home, name: str) -> None:
    """Every step stands on it as words, and it can be ended without a script."""
    mara, _ = home.couple()
    path = {"breathe_alone": "alone", "breathe_together": "together"}.get(name, name.replace("_", "-"))
    html = unescape(home.phone(mara).get(f"/settle/{path}").text)
    for step in load_library()[name].en.steps:
        assert step.text in html
    for care in load_library()[name].en.care:
        assert care in html


@pytest.mark.parametrize("path", ["meet", "own-care", "breathe-alone", "nothing", "MOVE"])
def test_has_no_page_for_what_belongs_elsewhere(home: Home, path: str) -> None:
    """Practices of other places, and names of none, are not here."""
    assert home.phone(home.arrive("Solo")).get(f"/settle/{path}").status_code == 404


@pytest.mark.parametrize(
    ("sent", "how"),
    [({}, "one_room"), ({"met": "1"}, "one_room"), ({"apart": "1"}, "alone"), ({"apart": "1", "met": "1"}, "together")],
)
def test_keeps_quiet_company_as_it_came_to_be(home: Home, sent: dict[str, str], how: str) -> None:
    """In one place; or from two, and then together only if the other came. It is the author's alone."""
    mara, lin = home.couple()
    home.phone(mara).post("/settle/quiet-company", data={"minutes": "4", "after": "5", **sent})
    assert [(one.how, one.minutes) for one in home.again(mara).life.practices] == [(how, 4)]
    assert not home.again(lin).life.practices


def test_a_yes_to_being_near_leads_there_and_not_to_words(home: Home) -> None:
    """Who asked to be near without words is not met with "one speaks": on neither phone."""
    mara, lin = home.couple()
    home.phone(mara).post("/settle/quiet-company", data={"do": "ask"})
    (asked,) = home.again(lin).life.invitations.waiting
    home.phone(lin).post(f"/turn/open/{asked.hex()}")
    answer = home.phone(lin).post(f"/turn/answer/{asked.hex()}", data={"reply": "yes_now"})
    assert answer.headers["location"] == "/settle/quiet-company"
    for one in (mara, lin):
        html = home.phone(one).get(f"/turn/thread/{asked.hex()}").text
        assert words("turn.thread.near") in html
        assert "/turn/meet" not in html


def test_asks_for_quiet_company_once(home: Home) -> None:
    """It is an invitation like any other; a second is not offered, and not sent, before it had its half day."""
    mara, lin = home.couple()
    phone = home.phone(mara)

    def sent() -> list[Any]:
        return [entry.body for entry in home.again(lin).entries if isinstance(entry.body, Invitation)]

    assert words("settle.shut.company_ask", partner="Lin") in phone.get("/settle/quiet-company").text
    answer = phone.post("/settle/quiet-company", data={"do": "ask"})
    assert answer.headers["location"] == "/settle/quiet-company?asked=1"
    assert [one.words for one in sent()] == [words("settle.shut.company_said")]
    assert words("settle.shut.company_asked", partner="Lin") in phone.get("/settle/quiet-company?asked=1").text
    phone.post("/settle/quiet-company", data={"do": "ask"})
    assert len(sent()) == 1
    assert words("settle.shut.company_ask", partner="Lin") not in phone.get("/settle/quiet-company").text
    home.now_ms += 13 * 3_600_000
    assert words("settle.shut.company_ask", partner="Lin") in phone.get("/settle/quiet-company").text
