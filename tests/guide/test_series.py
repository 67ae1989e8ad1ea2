"""From a journal to the model's arrays: what each entry says, and what it does not."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.journal.lives import DAY_MS, HOUR_MS, ME, NOON_MS, THEM, Journal, journals
from toward.dyad.events import KINDS, PARTNERS
from toward.guide.rows import LONGEST_MS, MISSED_MS
from toward.guide.series import Series, series
from toward.journal.kinds import (
    AgreementChanged,
    Answer,
    CheckIn,
    Connection,
    DanceMoment,
    DifferentQuestion,
    Frightened,
    Invitation,
    InvitationWithdrawn,
    LifeEvent,
    LifeEventShown,
    LifeEventTakenBack,
    LinePoint,
    Memory,
    Moment,
    NotCome,
    Offer,
    PauseCalled,
    PauseReturned,
    Released,
    Reply,
    Said,
    Settled,
    Sign,
    SixSteps,
    Together,
)

SIGNS: tuple[tuple[Literal["truth", "no"], bool], ...] = (("truth", True), ("truth", False), ("no", True))
LATER_MS = NOON_MS + 20 * DAY_MS


def told(made: Series) -> list[tuple[str, str, float]]:
    """Who, what and how much, in order of time."""
    columns = made.journal
    return [
        (PARTNERS[who], KINDS[kind], value)
        for who, kind, value in zip(columns.partner, columns.kind, columns.value.tolist(), strict=True)
    ]


def read(book: Journal, now_ms: int = LATER_MS) -> list[tuple[str, str, float]]:
    """What a journal tells."""
    return told(series(book.entries, now_ms))


def test_a_check_in_says_what_was_asked_and_nothing_more() -> None:
    """What was left open makes no row."""
    book = Journal()
    book.write(CheckIn(felt=3))
    assert read(book) == [("a", "checkin", 3)]
    book.write(CheckIn(felt=6, there=True, moved="pulled", rung="complain"), at_ms=NOON_MS + HOUR_MS)
    assert sorted(read(book)[1:]) == [("a", "checkin", 6), ("a", "moved", 0), ("a", "rung", 2), ("a", "there", 1)]
    book.write(CheckIn(felt=6, there=False, moved="neither"), at_ms=NOON_MS + 2 * HOUR_MS)
    assert sorted(read(book)[5:]) == [("a", "checkin", 6), ("a", "there", 0)]


@pytest.mark.parametrize(
    ("replies", "value"),
    [
        (["yes_now"], 1),
        (["yes_at"], 1),
        (["own"], 1),
        (["no"], 0),
        (["cant_yet", "yes_now"], 1),
        (["cant_yet"], None),
        ([], 0),
    ],
)
@pytest.mark.parametrize("asker", [ME, THEM])
def test_an_ask_is_a_bid_of_who_asked(replies: list[Reply], value: float | None, asker: bytes) -> None:
    """A yes is toward, a no or two days of nothing is missed, a "not yet" is still open; nothing is ever "against"."""
    book = Journal()
    ask = book.write(Invitation(door="reach", words="a walk?"), author=asker)
    for place, reply in enumerate(replies, 1):
        answer = Answer(invitation=ask, reply=reply, at_ms=LATER_MS if reply != "no" else None)
        book.write(answer, author=THEM if asker == ME else ME, at_ms=NOON_MS + place * HOUR_MS)
    who = "a" if asker == ME else "b"
    assert read(book) == ([] if value is None else [(who, "bid", value)])


def test_an_ask_that_may_still_be_answered_says_nothing() -> None:
    """It is missed after two days, not after one; and one that was taken back was never there."""
    book = Journal()
    ask = book.write(Invitation(door="reach", words="a walk?"))
    assert read(book, NOON_MS + MISSED_MS - 1) == []
    assert read(book, NOON_MS + MISSED_MS) == [("a", "bid", 0)]
    made = series(book.entries, LATER_MS)
    assert made.at_ms(made.journal.time_days[0]) == NOON_MS + MISSED_MS
    book.write(InvitationWithdrawn(invitation=ask), author=THEM)
    assert read(book) == [("a", "bid", 0)]
    book.write(InvitationWithdrawn(invitation=ask))
    assert read(book) == []


def test_what_passes_between_two() -> None:
    """Coming back softens, a pause is a conflict, coming back as promised is kept; so are agreements."""
    book = Journal()
    book.write(PauseCalled(until_ms=LATER_MS), author=THEM)
    for reply in ("more_time", "ready"):
        book.write(PauseReturned(pause=bytes(16), reply=reply), author=THEM, at_ms=NOON_MS + HOUR_MS)
    book.write(Invitation(door="come_back", words="I have not left"), at_ms=NOON_MS + 2 * HOUR_MS)
    outcomes: tuple[Literal["kept", "moved", "repaired", "let_go"], ...] = ("kept", "moved", "repaired", "let_go")
    for hours, to in enumerate(outcomes, 3):
        book.write(AgreementChanged(agreement=bytes(16), to=to), at_ms=NOON_MS + hours * HOUR_MS)
    assert read(book) == [
        ("both", "conflict", 1),
        ("b", "kept", 1),
        ("a", "softening", 1),
        ("both", "kept", 1),
        ("both", "repaired", 1),
    ]


def test_a_session_of_both_is_one_of_both() -> None:
    """Both phones and one's own note of it make one row; the same alone, or on another day, is another."""
    book = Journal()
    for minutes, author in ((0, ME), (1, THEM)):
        book.write(Together(practice="breath", minutes=5), author=author, at_ms=NOON_MS + minutes * 60_000)
    book.write(Settled(practice="breath", how="together", minutes=5), at_ms=NOON_MS + 120_000)
    assert read(book) == [("both", "practice", 1)]
    book.write(Settled(practice="breath", how="alone", minutes=5), at_ms=NOON_MS + 180_000)
    book.write(Together(practice="breath", minutes=5), at_ms=NOON_MS + DAY_MS)
    book.write(Settled(practice="hands", how="together", minutes=5), at_ms=NOON_MS + DAY_MS + 1)
    assert read(book)[1:] == [("a", "practice", 1), ("both", "practice", 1), ("a", "practice", 1)]


def test_moments_stand_at_noon_of_their_day() -> None:
    """The writer's noon; "something happened" has no sign and is left out; a day that no calendar has is skipped."""
    book = Journal()
    for sort in ("hard", "good", "life", "exit"):
        book.write(Moment(label="x", sort=sort, day="2023-12-10"), tz_min=60)
    book.write(Moment(label="x", sort="hard", day="2023-02-31"))
    book.write(Moment(label="x", sort="hard", day="1923-02-01"))
    made = series(book.entries, LATER_MS)
    assert sorted(told(made)) == [("a", "life_event", -1), ("a", "life_event", 1), ("a", "softening", 1)]
    assert {made.at_ms(time) // 1000 for time in made.journal.time_days} == {1_702_206_000}


def test_what_shakes_has_a_sign_or_says_nothing() -> None:
    """Hard or good, of whose it is; both is no sign; what was taken back by its author is not there."""
    book = Journal()
    book.write(LifeEvent(label="x", pull="hard", day="2023-12-10"))
    book.write(LifeEvent(label="x", pull="both", day="2023-12-11"))
    shown = book.write(LifeEventShown(label="x", pull="good", day="2023-12-12"), author=THEM)
    assert read(book) == [("a", "life_event", -1), ("b", "life_event", 1)]
    book.write(LifeEventTakenBack(event=shown))
    assert len(read(book)) == 2
    book.write(LifeEventTakenBack(event=shown), author=THEM)
    assert read(book) == [("a", "life_event", -1)]


def test_what_is_kept_apart_tells_of_the_other() -> None:
    """What frightened, what was agreed and did not come, truth when it cost; and how contact felt."""
    book = Journal()
    day = "2023-12-10"
    book.write(Frightened(day=day))
    for agreement in (bytes(16), None):
        book.write(NotCome(agreement=agreement, day=day))
    for of, so in SIGNS:
        book.write(Sign(of=of, so=so, day=day))
    assert sorted(read(book)) == [("b", "broken", 1), ("b", "frightening", 1), ("b", "truthful", 1)]
    touches = Journal()
    touches.write(Connection(source="touch", day=day, felt="uneasy"))
    touches.write(Connection(source="message", day=day, felt="calm"))
    touches.write(Connection(source="meal", day=day, felt="calm"))
    touches.write(Connection(source="touch", day="2023-12-12", planned=True))
    assert sorted(read(touches)) == [("a", "message", 1), ("a", "touch", -1)]


def test_inner_work_is_practice_and_the_dance_is_not_counted() -> None:
    """A way out softens; that it happened says nothing."""
    book = Journal()
    book.write(SixSteps())
    book.write(DifferentQuestion(), at_ms=NOON_MS + HOUR_MS)
    book.write(DanceMoment(what="happened"), at_ms=NOON_MS + 2 * HOUR_MS)
    book.write(DanceMoment(what="exit"), at_ms=NOON_MS + 3 * HOUR_MS)
    assert read(book) == [("a", "practice", 1), ("a", "practice", 1), ("a", "softening", 1)]


def test_own_check_ins_outweigh_the_shared_line() -> None:
    """The line repeats them. Where only shared entries are given, the line speaks for both."""
    book = Journal()
    book.write(CheckIn(felt=2))
    for author, felt in ((ME, 2), (THEM, 5)):
        book.write(LinePoint(felt=felt), author=author)
    assert read(book) == [("a", "checkin", 2), ("b", "checkin", 5)]
    shared = [entry for entry in book.entries if entry.shared]
    assert told(series(shared, LATER_MS)) == [("a", "checkin", 2), ("b", "checkin", 5)]


def test_opened_words_stand_where_they_were_written() -> None:
    """A word is its step; unknown times are left out; the line's own point of that hour is not repeated."""
    book = Journal()
    offer = book.write(Offer(publics=b"", slots=b"", box=b""), author=THEM, at_ms=NOON_MS - DAY_MS)
    felt = Said(topic="checkin", words="", felt="unsafe")
    book.write(Released(offer=offer, answers=bytes(16), said=felt), author=THEM)
    book.write(Released(offer=b"?" * 16, answers=bytes(16), said=felt), author=THEM)
    book.write(Released(offer=offer, answers=bytes(16), said=Said(topic="remember", words="")), author=THEM)
    made = series(book.entries, LATER_MS)
    assert told(made) == [("b", "checkin", 2)]
    assert made.at_ms(made.journal.time_days[0]) == NOON_MS - DAY_MS
    book.write(LinePoint(felt=1), author=THEM, at_ms=NOON_MS - DAY_MS)
    assert read(book) == [("b", "checkin", 1)]


def test_two_at_once_are_both_kept() -> None:
    """A millisecond apart, because the model wants one row a partner, kind and time; the same twice is once."""
    book = Journal()
    for felt in (3, 5, 5):
        book.write(CheckIn(felt=felt))
    assert read(book) == [("a", "checkin", 3), ("a", "checkin", 5)]


def test_far_times_and_memories_say_nothing() -> None:
    """What lies ahead, what is very old, and kinds that the model does not know."""
    book = Journal()
    book.write(CheckIn(felt=3), at_ms=LATER_MS + 2 * DAY_MS)
    book.write(CheckIn(felt=3), at_ms=LATER_MS - LONGEST_MS - 1)
    book.write(LinePoint(felt=3), at_ms=-(2**63), author=THEM)
    book.write(Memory(words="we laughed"))
    made = series(book.entries, LATER_MS)
    assert made.journal.time_days.size == 0
    assert made.origin_ms == LATER_MS // DAY_MS * DAY_MS


@given(st.data(), journals())
def test_any_journal_makes_a_series_whatever_its_order(data: st.DataObject, book: Journal) -> None:
    """Arbitrary legal journals give a checked journal, and the order in which entries are given makes no difference."""
    one = series(book.entries, LATER_MS)
    other = series(data.draw(st.permutations(book.entries)), LATER_MS)
    assert told(one) == told(other)
    assert one.journal.time_days.tolist() == other.journal.time_days.tolist()
    assert (np.diff(one.journal.time_days) >= 0).all()
