"""The dance folded: versions stay, the picture needs both, taking back closes it, nothing counts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.journal.lives import ME, NOON_MS, THEM, Journal
from toward.journal.kinds import (
    DanceExit,
    DanceHalf,
    DanceMoment,
    DanceNamed,
    DanceShared,
    DanceTakenBack,
    PauseWords,
    PauseWordsAgreed,
    Source,
)
from toward.journal.projections.dance import told_once


def test_every_version_stays_and_the_newest_stands() -> None:
    """By time, whatever came first."""
    journal = Journal()
    for hour in (2, 1, 3):
        journal.write(DanceHalf(do=f"version {hour}"), at_ms=NOON_MS + hour)
    own = journal.life().dance
    assert [one.half.do for one in own.versions] == ["version 3", "version 2", "version 1"]
    assert own.half is own.versions[0]


def test_shared_by_each_for_themself_and_taken_back_for_good() -> None:
    """Taking back hides every version before it, and brings none of them back; a later one is shown again."""
    journal = Journal()
    journal.write(DanceShared(do="first"), author=THEM, at_ms=NOON_MS)
    journal.write(DanceShared(do="second"), author=THEM, at_ms=NOON_MS + 1)
    ours = journal.life().couple.dance
    assert ours.mine is None
    assert ours.theirs is not None
    assert ours.theirs.half.do == "second"
    journal.write(DanceTakenBack(), author=THEM, at_ms=NOON_MS + 2)
    assert journal.life().couple.dance.theirs is None
    journal.write(DanceShared(do="third"), author=THEM, at_ms=NOON_MS + 3)
    assert [one.half.do for one in journal.life().couple.dance.shown(mine=False)] == ["third"]


def test_the_latest_name_stands_whoever_gave_it() -> None:
    """An empty one takes no name away."""
    journal = Journal()
    journal.write(DanceNamed(name="the storm"), at_ms=NOON_MS)
    journal.write(DanceNamed(name="the tide"), author=THEM, at_ms=NOON_MS + 1)
    journal.write(DanceNamed(name=""), at_ms=NOON_MS + 2)
    assert journal.life().couple.dance.name == "the tide"


@given(st.integers(0, 30))
def test_that_it_happened_changes_nothing_that_could_be_shown(times: int) -> None:
    """However often it was tagged, the life is the same: there is nothing to count."""
    journal = Journal()
    journal.write(DanceMoment(what="exit", words="tea"), at_ms=NOON_MS)
    before = journal.life().dance.exits
    for number in range(times):
        journal.write(DanceMoment(what="happened"), at_ms=NOON_MS + number)
    life = journal.life()
    assert life.dance.exits == before
    assert life.timeline.days == ()
    assert life.line.marks == ()


def test_ways_out_of_both_are_told_once() -> None:
    """What both can read stands, however often it helped."""
    journal = Journal()
    journal.write(DanceExit(words="we said Storm"), author=THEM, at_ms=NOON_MS)
    for number in range(3):
        journal.write(DanceMoment(what="exit", words="We said  storm"), at_ms=NOON_MS + number)
    journal.write(DanceMoment(what="exit", words=""), at_ms=NOON_MS)
    life = journal.life()
    ways = told_once((*life.dance.exits, *life.couple.dance.exits))
    assert [(way.words, way.shown) for way in ways] == [("we said Storm", True)]


def test_words_for_a_pause_take_two() -> None:
    """Nobody agrees to their own; a newer proposal leaves what stands until the other agrees to it."""
    journal = Journal()
    first = journal.write(PauseWords(words="red balloon"), at_ms=NOON_MS)
    journal.write(PauseWordsAgreed(proposal=first), author=ME, at_ms=NOON_MS + 1)
    assert journal.life().couple.pause_words.agreed == ""
    journal.write(PauseWordsAgreed(proposal=first), author=THEM, at_ms=NOON_MS + 2)
    second = journal.write(PauseWords(words="tea"), author=THEM, at_ms=NOON_MS + 3)
    words = journal.life().couple.pause_words
    assert words.agreed == "red balloon"
    assert words.open is not None
    assert (words.open.words, words.open.mine) == ("tea", False)
    journal.write(PauseWordsAgreed(proposal=second), at_ms=NOON_MS + 4)
    words = journal.life().couple.pause_words
    assert (words.agreed, words.open) == ("tea", None)


def test_no_source_is_a_whole_answer() -> None:
    """It is remembered as chosen, and shown nowhere."""
    journal = Journal()
    journal.write(Source(sort="nature", words="the old oak"), at_ms=NOON_MS)
    assert journal.life().inner.source == Source(sort="nature", words="the old oak")
    journal.write(Source(sort="none"), at_ms=NOON_MS + 1)
    assert journal.life().inner.source is None
    assert journal.life().inner.chosen == Source(sort="none")
