"""A pause in full: words for it agreed in calm, help for who leaves and for who waits, and a way back in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pages.two import Two, links, says
from toward.catalogue import Catalogue, words
from toward.journal.kinds import CheckIn, PausePlan, PauseWords, PauseWordsAgreed, WayBack
from toward.practices.library import load_library
from toward.vault import portable
from toward.web.library import path_of

if TYPE_CHECKING:
    from pathlib import Path

    from toward.practices.library import State


@pytest.fixture
def two(tmp_path: Path) -> Two:
    """Two who have joined, and one alone."""
    return Two(tmp_path)


def ended(two: Two) -> None:
    """Mara calls an hour, and it passes."""
    two.mara.post("/pause", when="in60")
    two.clock.pass_minutes(60)


# ------------------------------------------------------------------------------------------- words for it


def test_words_take_two_and_are_there_to_say_when_it_is_called(two: Two) -> None:
    """Proposed by one, they count when the other agrees; then both see them where a pause is called."""
    two.mara.post("/pause/words", do="propose", words=" red   balloon ")
    assert not says(two.lin.get("/pause"), "pause.call.words", words="red balloon")
    assert says(two.lin.get("/pause/words"), "pause.words.theirs_open", partner="Mara", words="red balloon")
    two.mara.post("/pause/words", do="agree")
    assert not two.mara.wrote(PauseWordsAgreed)
    two.lin.post("/pause/words", do="agree")
    for person in (two.mara, two.lin):
        assert says(person.get("/pause"), "pause.call.words", words="red balloon")
    two.mara.post("/pause", when="in60")
    assert "red balloon" in two.mara.get("/pause")
    two.clock.pass_minutes(90)


def test_typing_the_others_words_is_agreeing(two: Two) -> None:
    """Nobody is left with two proposals of one text; what stands already is not proposed again."""
    two.mara.post("/pause/words", do="propose", words="tea time")
    two.lin.post("/pause/words", do="propose", words="tea time")
    two.lin.post("/pause/words", do="propose", words="tea time")
    assert two.lin.wrote(PauseWords) == []
    assert says(two.mara.get("/pause/words"), "pause.words.agreed", words="tea time")


def test_in_a_pause_nothing_is_agreed_on(two: Two) -> None:
    """It would be a message about it."""
    two.mara.post("/pause/words", do="propose", words="tea time")
    two.clock.pass_minutes(1)
    two.mara.post("/pause", when="in60")
    two.lin.post("/pause/words", do="agree")
    two.lin.post("/pause/words", do="propose", words="no")
    assert not two.lin.wrote(PauseWords, PauseWordsAgreed)
    assert says(two.lin.get("/pause/words"), "pause.words.in_pause")


def test_a_plan_is_ones_own_and_shown_to_whom_it_fits(two: Two) -> None:
    """What helps when leaving is shown to who leaves, when waiting to who waits; nobody else reads either."""
    for person in (two.mara, two.lin):
        name = person.session.name
        person.post("/pause/words", do="plan", leaving=f"{name} walks", waiting=f"{name} sings")
        person.post("/pause/words", do="plan", leaving=f"{name} walks", waiting=f"{name} sings")
        assert len(person.wrote(PausePlan)) == 1
    two.mara.post("/pause", when="in60")
    assert "Mara walks" in two.mara.get("/pause")
    assert "Mara sings" not in two.mara.get("/pause")
    assert "Lin sings" in two.lin.get("/pause")
    assert "Mara walks" not in two.lin.get("/pause") + portable.export(two.lin.session).decode()


# ----------------------------------------------------------------------------------------- while it runs


def test_who_leaves_and_who_waits_each_hear_what_fits(two: Two) -> None:
    """Neither reads the other's words; neither page asks where anybody is, or offers a message."""
    two.mara.post("/pause", when="in60")
    for person, leaves in ((two.mara, True), (two.lin, False)):
        html = person.get("/pause")
        for part in ("", "_title", "_feel"):
            assert says(html, f"pause.running.leave{part}") is leaves
            assert says(html, f"pause.running.wait{part}") is not leaves
        assert says(html, "pause.running.replay")
        assert "<textarea" not in html[html.index("<main") :]
        assert not links(html[html.index("<main") :], "/turn/come-back")


@pytest.mark.parametrize("body", ["open", "revved", "shut"])
def test_practices_fit_the_body_and_ask_nothing_toward_the_other(two: Two, body: State) -> None:
    """Chosen on the page and kept nowhere; no long breath for whoever shut down."""
    two.mara.post("/pause", when="in60")
    entries = len(two.lin.session.entries)
    html = two.lin.get(f"/pause?body={body}")
    main = html[html.index("<main") :]
    offered = [one for one in load_library().values() if f'href="{path_of(one)}"' in main]
    assert offered
    for practice in offered:
        assert practice.fits(body, alone=True) or practice.id == "breathe_alone"
        assert not set(practice.asks) & {"tenderness", "disclosure", "joint", "confront"}
        assert not (body == "shut" and practice.long_breath)
    assert len(two.lin.session.entries) == entries
    assert f"/pause?body={body}#more" in html


def test_a_body_noticed_a_while_ago_counts_until_another_is_chosen(two: Two) -> None:
    """Somebody who checked in need not say it again."""
    two.solo.session.write(CheckIn(felt=3, body="shut"))
    assert links(two.solo.get("/pause"), "/settle/move")
    assert links(two.solo.get("/pause?body=revved"), "/settle/alone")
    assert two.solo.client.get("/pause?body=x").status_code == 200


# ---------------------------------------------------------------------------------------------- the way back


def test_both_ready_leads_to_the_way_back(two: Two) -> None:
    """Four steps in their order; the other's page of it is no different for what one notes."""
    ended(two)
    for person in (two.mara, two.lin):
        person.post("/pause/return", reply="ready")
    assert links(two.lin.get("/pause"), "/pause/back") == ["/pause/back"]
    html = two.mara.get("/pause/back")
    places = [html.index(words(f"pause.back.{name}_title")) for name in ("did", "like", "missed", "next")]
    assert places == sorted(places)
    before = two.lin.client.get("/pause/back").text
    notes = {"did": "I left without a word", "like": "alone", "missed": "you were scared", "next": "say the words"}
    assert two.mara.post("/pause/back", **notes) == "/pause/back/done"
    assert two.mara.wrote(WayBack)[0].body == WayBack(**notes)
    assert two.lin.client.get("/pause/back").text == before
    assert "I left without a word" not in portable.export(two.lin.session).decode()


def test_it_works_when_one_of_them_has_it_open(two: Two) -> None:
    """Ready alone, one can begin with one phone; and so can somebody whose partner is not here at all."""
    ended(two)
    two.mara.post("/pause/return", reply="ready")
    html = two.mara.get("/pause")
    assert says(html, "pause.return.one_phone")
    assert links(html, "/pause/back")
    assert links(two.solo.get("/pause"), "/pause/back")
    assert says(two.solo.get("/pause/back"), "pause.back.solo")
    assert two.solo.post("/pause/back") == "/pause/back/done"
    assert not two.solo.wrote(WayBack)
    assert not links(two.solo.get("/pause/back/done"), "/turn/agree")
    assert links(two.mara.get("/pause/back/done"), "/turn/agree")


def test_the_way_back_says_when_it_is_not_for_two() -> None:
    """Where somebody was frightened or hurt, it points to who helps."""
    assert "Safety" in Catalogue.load("en").words("pause.back.unsafe")


def test_what_is_too_long_comes_back(two: Two) -> None:
    """Notes, plan and words."""
    assert "y" * 1001 in two.solo.refused("/pause/back", did="y" * 1001, next="tea")
    assert "y" * 501 in two.solo.refused("/pause/words", do="plan", leaving="y" * 501)
    two.mara.refused("/pause/words", do="propose", words="y" * 61)
    two.mara.refused("/pause/words", do="propose", words=" ")
