"""A pause: either calls it alone, both see when it ends and nothing else, and nobody goes first on the way back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.pages.two import Two, links, says
from toward.catalogue import words
from toward.journal.kinds import CheckIn, PauseCalled, PauseMoved, PauseReturned
from toward.web.safe_slot import keep_answer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pages.two import Person
    from toward.journal.kinds import BodyState

MINUTE_MS = 60_000


@pytest.fixture
def two(tmp_path: Path) -> Two:
    """Two who have joined."""
    return Two(tmp_path)


def runs(person: Person) -> bool:
    """Whether their page shows a pause that runs."""
    return bool(links(person.get("/pause"), "/pause/move"))


def ended(two: Two) -> None:
    """Mara calls an hour, and it passes."""
    two.mara.post("/pause", when="in60")
    two.clock.pass_minutes(60)


def test_called_by_one_it_runs_for_both(two: Two) -> None:
    """Without a reason; each reads who called it and when it ends."""
    assert two.mara.post("/pause", when="in60") == "/pause"
    called = two.mara.wrote(PauseCalled)[0]
    assert called.body == PauseCalled(until_ms=called.at_ms + 60 * MINUTE_MS)
    assert runs(two.mara)
    assert runs(two.lin)
    assert says(two.lin.get("/pause"), "pause.running.they_called", partner="Mara")


def test_whoever_waits_reads_on_home_who_called(two: Two) -> None:
    """Home says at once that it is no end; whoever called need not be told."""
    two.mara.post("/pause", when="in60")
    assert says(two.lin.get("/"), "pause.running.they_called", partner="Mara")
    assert not says(two.mara.get("/"), "pause.running.they_called", partner="Lin")


@pytest.mark.parametrize("body", ["open", "revved", "shut"])
def test_home_says_that_the_time_has_come_whatever_the_body_needs_first(two: Two, body: BodyState) -> None:
    """Who is to settle first still reads that the pause they named has ended, once, and where to say how it is."""
    two.mara.session.write(CheckIn(felt=3, body=body))
    ended(two)
    home = two.mara.get("/").partition("<main")[2]
    assert home.count(words("guide.pause_return.title")) == 1
    assert words("guide.pause_return.action") in home


def test_home_presses_nobody_to_return_who_answered_or_is_afraid(two: Two) -> None:
    """Said once is said; and who is afraid of their partner is not led back to them by a program."""
    two.mara.session.write(CheckIn(felt=2, body="revved"))
    two.lin.session.write(CheckIn(felt=2, body="revved"))
    ended(two)
    two.mara.post("/pause/return", reply="ready")
    keep_answer(two.lin.session, "afraid", two.clock.now_ms, for_visit=False)
    for person in (two.mara, two.lin):
        assert words("guide.pause_return.title") not in person.get("/").partition("<main")[2]


def test_one_tap_on_its_page_is_enough(two: Two) -> None:
    """The soonest time is chosen already, so that nobody in a fight is held up by a choice; it can be moved later."""
    chosen = re.findall(r'name="when" value="([a-z0-9]+)" checked', two.mara.get("/pause"))
    assert chosen == ["in20"]


@pytest.mark.parametrize("place", ["/", "/settle", "/turn", "/within", "/ours", "/remember", "/settings"])
def test_the_menu_of_every_page_leads_to_it(two: Two, place: str) -> None:
    """Nobody has to find the first page before they can stop."""
    assert links(two.mara.get(place).partition("<main")[0], "/pause") == ["/pause"]


@pytest.mark.parametrize(
    ("fields", "minutes"),
    [
        ({"when": "in20"}, 20),
        ({"when": "in1"}, 20),
        ({"when": "in99999"}, None),
        ({"when": "own", "time": "9:00"}, 20),
        ({"when": "own", "time": "11:53"}, 180),
        ({"time": "8:50"}, 24 * 60 - 3),
        ({"when": "own", "time": "soon"}, None),
        ({"when": "own"}, None),
        ({"when": ""}, None),
    ],
)
def test_takes_any_time_within_a_day(two: Two, fields: dict[str, str], minutes: int | None) -> None:
    """What is nearer than twenty minutes is taken as twenty; what is no time asks again. It is 8:53 here."""
    answer = two.mara.client.post("/pause", data=fields)
    assert answer.status_code == (400 if minutes is None else 303)
    called = [entry.body.until_ms - entry.at_ms for entry in two.mara.wrote(PauseCalled)]  # type: ignore[union-attr]
    expected = [] if minutes is None else [minutes * MINUTE_MS]
    assert [round(one / MINUTE_MS) for one in called] == [one // MINUTE_MS for one in expected]


def test_the_button_on_another_page_asks_for_the_time(two: Two) -> None:
    """A form without a time leads to naming it."""
    assert two.mara.post("/pause") == "/pause?new=1"
    assert not two.mara.wrote(PauseCalled)


def test_calling_while_it_runs_changes_nothing(two: Two) -> None:
    """Both pressed at once: there is one pause."""
    two.mara.post("/pause", when="in60")
    two.lin.post("/pause", when="in20")
    assert not two.lin.wrote(PauseCalled)


def test_every_offered_time_is_taken_at_any_hour(two: Two) -> None:
    """Whatever the page offers, the form takes as it says: around the clock."""
    for _ in range(24):
        values = re.findall(r'name="when" value="((?:in|at)\d+)"', two.mara.get("/pause?new=1"))
        assert len(values) >= 3
        for value in values:
            number = int(value[2:])
            until = number if value.startswith("at") else two.clock.now_ms + number * MINUTE_MS
            assert 20 * MINUTE_MS <= until - two.clock.now_ms <= 24 * 60 * MINUTE_MS
        two.clock.pass_minutes(61)


# ------------------------------------------------------------------------------------------------ moving


def test_the_other_moves_it_later_and_never_nearer(two: Two) -> None:
    """Moving is no way to follow: whoever did not call it can only give it more time."""
    two.mara.post("/pause", when="in120")
    two.lin.refused("/pause/move", when="in20")
    assert says(two.lin.refused("/pause/move", when="in60"), "web.field.later")
    assert 'value="in60"' not in two.lin.get("/pause/move")
    two.lin.post("/pause/move", when="own", time="14:00")
    moved = two.lin.wrote(PauseMoved)[0].body
    assert isinstance(moved, PauseMoved)
    assert says(two.mara.get("/pause"), "pause.running.title", time="14:00")


def test_whoever_called_it_moves_it_either_way(two: Two) -> None:
    """Earlier too, if they are ready sooner."""
    two.mara.post("/pause", when="in120")
    two.mara.post("/pause/move", when="in60")
    two.clock.pass_minutes(60)
    assert says(two.lin.get("/pause"), "pause.return.question")


def test_the_minute_it_is_at_is_no_other_time(two: Two) -> None:
    """A pause of twenty minutes is not offered to be moved to the same twenty minutes."""
    two.mara.post("/pause", when="in20")
    html = two.mara.get("/pause/move")
    assert 'value="in20"' not in html
    assert 'value="in60"' in html
    two.clock.pass_minutes(1)
    assert 'value="in20"' in two.mara.get("/pause/move")


def test_there_is_nothing_to_move_without_a_pause(two: Two) -> None:
    """The page leads back; the form writes nothing."""
    assert two.mara.client.get("/pause/move").headers["location"] == "/pause"
    two.mara.refused("/pause/move", status=404, when="in60")
    assert not two.mara.wrote(PauseMoved)


# ------------------------------------------------------------------------------------------- coming back


def test_ready_shows_only_once_both_are(two: Two) -> None:
    """The one's answer changes no byte of the other's page; with the second there is a way back in."""
    ended(two)
    before = two.lin.client.get("/pause").content
    two.mara.post("/pause/return", reply="ready")
    assert two.lin.client.get("/pause").content == before
    assert says(two.mara.get("/pause"), "pause.return.not_both")
    two.lin.post("/pause/return", reply="ready")
    for person in (two.mara, two.lin):
        html = person.get("/pause")
        assert says(html, "pause.return.both_ready")
        assert links(html, "/turn/meet")


def test_more_time_names_it(two: Two) -> None:
    """It runs again for both, and the other reads that more time was needed."""
    ended(two)
    assert two.lin.post("/pause/return", reply="more_time") == "/pause/move"
    two.lin.post("/pause/move", when="in60")
    assert runs(two.mara)
    assert says(two.mara.get("/pause"), "pause.running.more_time", partner="Lin")


def test_not_today_ends_it_kindly_for_both(two: Two) -> None:
    """Nobody is left before an empty page; a new pause can be called at once."""
    ended(two)
    two.mara.post("/pause/return", reply="ready")
    two.clock.pass_minutes(1)
    two.lin.post("/pause/return", reply="not_today")
    assert says(two.mara.get("/pause"), "pause.over.they_not_today", partner="Lin")
    assert says(two.lin.get("/pause"), "pause.over.you_not_today")
    two.clock.pass_minutes(1)
    two.mara.post("/pause", when="in20")
    assert runs(two.lin)


def test_not_today_is_not_said_for_long(two: Two) -> None:
    """The next day the page is for pausing again."""
    ended(two)
    two.lin.post("/pause/return", reply="not_today")
    two.clock.pass_minutes(13 * 60)
    assert says(two.mara.get("/pause"), "pause.call.when")


def test_an_answer_before_its_time_is_none(two: Two) -> None:
    """While it runs nobody can be asked, or pressed, to be ready."""
    two.mara.post("/pause", when="in60")
    two.lin.post("/pause/return", reply="ready")
    assert not two.lin.wrote(PauseReturned)


# ------------------------------------------------------------------------------- words while a pause runs


def test_words_can_be_kept_for_after_and_can_be_sent(two: Two) -> None:
    """The page says kindly that a pause runs and puts keeping first. It forbids nothing."""
    two.mara.post("/pause", when="in60")
    html = two.lin.client.post("/turn/reach", data={"go": "read", "ask": "a walk?"}).text
    assert says(html, "turn.in_pause.body")
    assert html.index('value="keep"') < html.index('value="send"')
    assert says(two.lin.get("/turn/come-back"), "turn.in_pause.body")
    assert two.lin.post("/turn/reach", go="send", ask="a walk?").startswith("/turn/thread/")
    assert says(two.mara.get("/turn"), "turn.home.waits", partner="Lin")


def test_alone_it_is_for_oneself(two: Two) -> None:
    """No clock, no entry, and a way to settle."""
    html = two.solo.get("/pause")
    assert says(html, "pause.solo.title")
    assert links(html, "/settle")
    two.solo.post("/pause", when="in60")
    assert not two.solo.wrote(PauseCalled)


def test_a_body_that_has_shut_down_is_not_sent_to_long_breaths(two: Two) -> None:
    """It is offered to move, with company and alone; everybody else is offered to breathe."""
    two.mara.post("/pause", when="in60")
    for person in (two.mara, two.solo):
        assert links(person.get("/pause"), "/settle/alone")
        person.session.write(CheckIn(felt=3, body="shut"))
        html = person.get("/pause")
        assert links(html, "/settle/move")
        assert not links(html, "/settle/alone")
