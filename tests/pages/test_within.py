"""Within: private for good, whole alone, and nothing that counts days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pages.two import Two, links, says
from toward.catalogue import words
from toward.journal.kinds import DifferentQuestion, Settled, SixSteps, Source
from toward.vault import portable
from toward.web.safe_slot import keep_answer

if TYPE_CHECKING:
    from pathlib import Path

STEPS = {
    "feel": "a stone in my belly",
    "telling": "nobody would notice",
    "leaving": "I scroll until three",
    "done_to_me": "they laughed at me before our friends",
    "true": "I am tired, not small",
    "act": "call Ana",
    "limit": "I leave the table when I am laughed at",
}


@pytest.fixture
def two(tmp_path: Path) -> Two:
    """Two who have joined, and one alone."""
    return Two(tmp_path)


def test_a_source_is_named_once_and_met_in_one_tap_from_now(two: Two) -> None:
    """Asked for the first time; then it is there; it can change, and none is a whole answer."""
    assert links(two.solo.get("/"), "/within/source")
    assert says(two.solo.get("/within/source"), "within.source.choose_title")
    two.solo.refused("/within/source/choose", sort="nature", words=" ")
    assert two.solo.post("/within/source/choose", sort="nature", words="the old oak") == "/within/source"
    assert "the old oak" in two.solo.get("/within/source")
    two.solo.post("/within/source/choose", sort="nature", words="the old oak")
    assert len(two.solo.wrote(Source)) == 1
    two.clock.pass_minutes(1)
    two.solo.post("/within/source/choose", sort="none", words="left over")
    assert two.solo.wrote(Source)[-1].body == Source(sort="none")
    assert says(two.solo.get("/within/source"), "within.source.meet_none")


def test_it_opens_pause_and_turn_folded(two: Two) -> None:
    """Nobody who glances at the page reads it; without a source there is nothing to fold."""
    two.mara.post("/pause", when="in60")
    assert not says(two.mara.get("/turn"), "within.source.fold")
    two.mara.post("/within/source/choose", sort="words", words="I am held")
    for path in ("/turn", "/turn/reach", "/pause"):
        html = two.mara.get(path)
        fold = html[html.index(words("within.source.fold")) :]
        assert "I am held" in fold[: fold.index("</details>")]
        assert "I am held" not in two.lin.get(path)


def test_days_that_were_left_out_are_not_shown(two: Two) -> None:
    """After a day, or after sixty, the pages of Within are the same to the byte."""
    two.solo.post("/within/source/choose", sort="words", words="I am held")
    two.solo.post("/within/source")
    two.solo.post("/within/six", **STEPS)
    two.clock.pass_minutes(24 * 60)
    paths = ("/within", "/within/source", "/within/six", "/within/different", "/within/fears")
    before = [two.solo.client.get(path).text for path in paths]
    two.clock.pass_minutes(60 * 24 * 60)
    assert [two.solo.client.get(path).text for path in paths] == before


def test_the_six_steps_are_kept_whole_and_lead_on(two: Two) -> None:
    """What was found is shown after it, and next time; an ask is offered after, and back to step three before."""
    page = two.solo.get("/within/six")
    assert says(page, "within.six.not_their_day")
    assert links(page, "#step-3")
    sent = {**STEPS, "fears": ["rejection", "losing_me"], "reactions": "withdraw", "eased": "some"}
    answer = two.solo.client.post("/within/six", data=sent)
    assert answer.headers["location"] == "/within/six/done"
    assert two.solo.wrote(SixSteps)[0].body == SixSteps(
        **STEPS, fears=("rejection", "losing_me"), reactions=("withdraw",), eased="some"
    )
    html = two.solo.get("/within/six/done")
    assert all(STEPS[name] in html for name in ("true", "act", "limit"))
    assert STEPS["telling"] not in html
    assert STEPS["act"] in two.solo.get("/within")
    two.clock.pass_minutes(61)
    assert two.solo.client.get("/within/six/done").headers["location"] == "/within"


def test_an_ask_is_not_offered_to_somebody_afraid_or_after_no_ease(two: Two) -> None:
    """Everything stays open; only the offer goes."""
    for person in (two.mara, two.lin):
        person.post("/within/six", act="rest", eased="yes")
    assert links(two.mara.get("/within/six/done"), "/turn/reach")
    assert links(two.mara.get("/within/different"), "/turn/reach")
    keep_answer(two.mara.session, "afraid", two.clock.now_ms, for_visit=False)
    assert not links(two.mara.get("/within/six/done"), "/turn/reach")
    assert not links(two.mara.get("/within/different"), "/turn/reach")
    two.clock.pass_minutes(1)
    two.lin.post("/within/six", act="rest", eased="no")
    html = two.lin.get("/within/six/done")
    assert not links(html, "/turn/reach")
    assert links(html, "/within/care")


def test_with_nothing_written_it_was_done_all_the_same(two: Two) -> None:
    """No empty row of words; and what is too long comes back with its ticks."""
    assert two.solo.post("/within/six") == "/within/kept"
    assert not two.solo.wrote(SixSteps)
    assert [one.body.practice for one in two.solo.wrote(Settled)] == ["six_steps"]  # type: ignore[union-attr]
    html = two.solo.refused("/within/six", fields={**STEPS, "true": "x" * 1001, "fears": "losing_you", "eased": "no"})
    assert all(text in html for name, text in STEPS.items() if name != "true")
    assert html.count(" checked") == 2


def test_the_different_question_is_answered_for_oneself(two: Two) -> None:
    """Its film is a list without a script; what was found is there the next time."""
    html = two.solo.get("/within/different")
    assert html.count("data-seconds") == 8
    assert says(html, "within.different.unsafe")
    two.solo.refused("/within/different", be=" ")
    two.solo.post("/within/different", be="softer", offer_you="the true reason", offer_me="an early night")
    assert two.solo.wrote(DifferentQuestion)[0].body == DifferentQuestion(
        be="softer", offer_you="the true reason", offer_me="an early night"
    )
    assert "the true reason" in two.solo.get("/within/different")


def test_nothing_of_it_reaches_the_other(two: Two) -> None:
    """Pages, entries and file of Lin are the same to the byte, whatever Mara does here."""
    paths = ("/", "/within", "/turn", "/pause", "/ours", "/settings/shared")

    def lins() -> tuple[object, ...]:
        session = two.lin.session
        pages = [two.lin.client.get(path, follow_redirects=True).text for path in paths]
        return pages, len(session.entries), portable.export(session)

    before = lins()
    two.mara.post("/within/source/choose", sort="prayer", words="be with me")
    two.mara.post("/within/source")
    two.mara.post("/within/six", **STEPS)
    two.mara.post("/within/different", be="softer")
    assert lins() == before


def test_words_to_recognise_are_no_label(two: Two) -> None:
    """Five fears and eight reactions, about oneself, and a word on what they are not for."""
    html = two.solo.get("/within/fears")
    assert html.count("<dt>") == 13
    assert says(html, "within.know.own")
