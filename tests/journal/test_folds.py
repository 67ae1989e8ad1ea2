"""Each fold, by what a person gets from it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.journal.lives import (
    DAY_MS,
    HOUR_MS,
    ME,
    NOON_MS,
    THEM,
    Journal,
    journals,
    seen,
)
from toward.errors import Damaged
from toward.journal import codec, kinds
from toward.journal.kinds import CheckIn, Said
from toward.journal.opened import Opened
from toward.journal.projections import Life, day_of, parse_day
from toward.journal.projections.newest import Newest

TODAY = day_of(NOON_MS, 0)


OFFER = b"an offer's row id"[:16]


def opened(mine_id: bytes, *, at_ms: int = NOON_MS, topic: kinds.Topic = "checkin", words: str = "theirs") -> Opened:
    """Make an exchange that opened."""
    said = Said(topic=topic, words=words)
    return Opened(mine_id=mine_id, theirs_id=b"o" * 16, topic=topic, mine=said, theirs=said, at_ms=at_ms)


# ---------------------------------------------------------------------------------------- order, days


@given(st.lists(st.integers(), unique=True), st.integers(1, 10))
def test_newest_keeps_the_newest(numbers: list[int], limit: int) -> None:
    """Whatever the order of arrival, the kept are the largest, largest first."""
    kept: Newest[int] = Newest(limit)
    for number in numbers:
        kept.add((number,), number)
    assert list(kept.newest_first()) == sorted(numbers, reverse=True)[:limit]
    assert len(kept) == min(limit, len(numbers))


def test_a_day_is_the_writers_day() -> None:
    """Half an hour before midnight in UTC is tomorrow in the east and today in the west."""
    late_ms = TODAY.toordinal() - date(1970, 1, 1).toordinal()
    late_ms = late_ms * DAY_MS + DAY_MS - HOUR_MS // 2
    assert day_of(late_ms, 60) == TODAY + timedelta(days=1)
    assert day_of(late_ms, -60) == TODAY


def test_a_day_that_no_calendar_has_is_none() -> None:
    """The pattern lets it through; the page must not fail."""
    assert parse_day("2023-02-31") is None
    assert parse_day("2023-02-28") == date(2023, 2, 28)
    assert parse_day(None) is None


# ------------------------------------------------------------------------------------------- check-ins


@given(journals())
def test_check_ins_agree_with_a_plain_search(journal: Journal) -> None:
    """The latest, today's and the line are what one finds by looking through everything."""
    own = [entry for entry in journal.entries if isinstance(entry.body, CheckIn) and entry.author == ME]
    own.sort(key=lambda entry: (entry.at_ms, entry.id), reverse=True)
    life = journal.life()
    assert [answer.id for answer in life.checkins.own] == [entry.id for entry in own]
    today = [entry.id for entry in own if day_of(entry.at_ms, entry.tz_min) == TODAY]
    assert [answer.id for answer in life.checkins.today(NOON_MS, 0)] == today
    felt = defaultdict(list)
    for entry in own:
        assert isinstance(entry.body, CheckIn)
        felt[day_of(entry.at_ms, entry.tz_min)].append(entry.body.felt)
    assert [(day.day, day.mean, day.n) for day in life.line.mine] == [
        (day, sum(values) / len(values), len(values)) for day, values in sorted(felt.items())
    ]


def test_an_answer_is_offered_until_it_is_taken_back_or_opens() -> None:
    """Offered, withdrawn and opened exclude each other; what has opened can't be taken back."""
    journal = Journal()
    kept = journal.write(CheckIn(felt=4))
    back = journal.write(CheckIn(felt=4, share=True, offer=OFFER))
    open_ = journal.write(CheckIn(felt=4, share=True, offer=OFFER))
    carried = journal.write(CheckIn(felt=4, share=True))  # out of a file: offered in another home, if at all
    wait = journal.write(CheckIn(felt=4, share=True, offer=OFFER))
    for answer in (back, open_):
        journal.write(kinds.Withdrawn(entry=answer))
    life = journal.life()
    life.take_opened(opened(open_))
    found = {answer.id: answer for answer in life.checkins.own}
    assert {id_: (one.offered, one.withdrawn, one.opened is not None) for id_, one in found.items()} == {
        kept: (False, False, False),
        carried: (False, False, False),
        back: (False, True, False),
        open_: (False, False, True),
        wait: (True, False, False),
    }


def test_an_answer_opens_once() -> None:
    """Of two claims the earlier stands, in either order."""
    first, second = opened(b"a" * 16, at_ms=1, words="first"), opened(b"a" * 16, at_ms=2, words="second")
    for order in ((first, second), (second, first)):
        life = Life(ME)
        for one in order:
            life.take_opened(one)
        assert life.checkins.opened == (first,)


def test_questions_take_turns() -> None:
    """Each is asked once before any is asked again, and then the one longest ago."""
    journal = Journal()
    asked = []
    for hour in range(8):
        question = journal.life().checkins.next_question
        asked.append(question)
        journal.write(CheckIn(felt=4, question=question), at_ms=NOON_MS + hour * HOUR_MS)
    assert sorted(asked[:4]) == sorted(["there", "matter", "know", "respond"])
    assert asked[4:] == asked[:4]


# -------------------------------------------------------------------------------------------- memories


def test_moments_open_in_pairs() -> None:
    """A moment that opened is a pair and waits no more; one's own stay one's own."""
    journal = Journal()
    first = journal.write(kinds.Memory(words="rain", share=True, offer=OFFER))
    second = journal.write(kinds.Memory(words="toast", share=True, offer=OFFER), at_ms=NOON_MS + 1)
    life = journal.life()
    sealed = life.memories.sealed
    assert sealed is not None
    assert sealed.id == second
    life.take_opened(opened(second, topic="remember"))
    sealed = life.memories.sealed
    assert sealed is not None
    assert sealed.id == first
    assert [pair.mine_id for pair in life.memories.pairs] == [second]
    assert not life.checkins.opened


# ------------------------------------------------------------------------------------------- timeline


def test_days_hold_what_happened_on_them() -> None:
    """Newest day first; a moment stands on the day it names, or on the day it was written if that is no day."""
    journal = Journal()
    journal.write(CheckIn(felt=4), at_ms=NOON_MS - DAY_MS)
    journal.write(kinds.Settled(practice="hum", how="alone", minutes=2))
    journal.write(kinds.Moment(label="moved", day=(TODAY - timedelta(days=1)).isoformat()))
    journal.write(kinds.Moment(label="never", day="2023-02-31"))
    days = journal.life().timeline.days
    assert [(day, [item.sort for item in items]) for day, items in days] == [
        (TODAY, ["moment", "settled"]),
        (TODAY - timedelta(days=1), ["moment", "checkin"]),
    ]


# ----------------------------------------------------------------------------------------- invitations


@given(journals())
def test_what_waits_shows_nothing_of_itself(journal: Journal) -> None:
    """No word of an invitation that the reader has not opened or answered is in anything they can see."""
    secret = "the unopened words"
    waiting = journal.write(kinds.Invitation(door="reach", words=secret, talk_at_ms=7), author=THEM)
    assume(all(getattr(entry.body, "invitation", None) != waiting for entry in journal.entries))
    life = journal.life()
    assert secret not in repr(seen(life))
    assert life.invitations.thread(waiting) is None


def test_an_invitation_and_all_that_comes_of_it_is_one_thing() -> None:
    """Opened, answered twice, agreed and kept: one thread for both, with the inner half only for its author."""
    journal = Journal()
    sent = journal.write(kinds.Invitation(door="reach", words="walk?"))
    journal.write(kinds.Reached(if_no="a bath", invitation=sent))
    later = journal.write(kinds.Answer(invitation=sent, reply="yes_now"), author=THEM, at_ms=NOON_MS + HOUR_MS)
    journal.write(kinds.Answer(invitation=sent, reply="cant_yet"), author=THEM)
    agreed = journal.write(kinds.Agreement(invitation=sent, words="Sunday", day="2023-12-10"), author=THEM)
    journal.write(kinds.AgreementChanged(agreement=agreed, to="moved", day="2023-12-17"))
    journal.write(kinds.AgreementChanged(agreement=agreed, to="kept"), author=THEM, at_ms=NOON_MS + DAY_MS)
    (thread,) = journal.life().invitations.threads
    assert thread.mine
    assert [answer.body.reply for answer in thread.answers] == ["cant_yet", "yes_now"]
    assert thread.answer is not None
    assert thread.answer.id == later
    assert thread.reached is not None
    assert thread.reached.if_no == "a bath"
    (agreement,) = thread.agreements
    assert (agreement.state, agreement.day, agreement.open) == ("kept", date(2023, 12, 17), False)
    assert [change.mine for change in agreement.changes] == [True, False]


def test_the_receiver_opens_and_need_not_answer() -> None:
    """It waits, is opened, and then stands to be answered; after that it waits nowhere."""
    journal = Journal()
    sent = journal.write(kinds.Invitation(door="come_back", words="still here"), author=THEM)
    assert journal.life().invitations.waiting == (sent,)
    assert not journal.life().invitations.threads
    journal.write(kinds.InvitationOpened(invitation=sent))
    life = journal.life()
    assert not life.invitations.waiting
    assert [thread.body.words for thread in life.invitations.to_answer] == ["still here"]
    journal.write(kinds.Answer(invitation=sent, reply="own", words="good"))
    life = journal.life()
    assert not life.invitations.to_answer
    assert len(life.invitations.threads) == 1


def test_taken_back_before_it_was_opened_it_was_never_there() -> None:
    """Unless the reader had opened it: then it stays, marked as taken back."""
    journal = Journal()
    unopened = journal.write(kinds.Invitation(door="reach", words="a"), author=THEM)
    opened_ = journal.write(kinds.Invitation(door="reach", words="b"), author=THEM)
    journal.write(kinds.InvitationOpened(invitation=opened_))
    for invitation in (unopened, opened_):
        journal.write(kinds.InvitationWithdrawn(invitation=invitation), author=THEM)
    life = journal.life()
    assert not life.invitations.waiting
    assert not life.invitations.to_answer
    assert [(thread.id, thread.withdrawn) for thread in life.invitations.threads] == [(opened_, True)]


def test_nobody_withdraws_or_answers_for_the_other() -> None:
    """A withdrawal counts from its author, an answer from the other."""
    journal = Journal()
    mine = journal.write(kinds.Invitation(door="reach", words="a"))
    journal.write(kinds.InvitationWithdrawn(invitation=mine), author=THEM)
    journal.write(kinds.Answer(invitation=mine, reply="yes_now"))
    (thread,) = journal.life().invitations.threads
    assert not thread.withdrawn
    assert not thread.answers


def test_the_author_sees_the_same_whether_it_was_opened_or_not() -> None:
    """There are no read receipts: opening is private to the reader and changes nothing for the author."""
    journal = Journal()
    journal.write(kinds.Invitation(door="reach", words="a"))
    assert kinds.InvitationOpened.SPACE == "private"
    (thread,) = journal.life().invitations.threads
    assert "opened" not in thread._fields


# ------------------------------------------------------------------------------------------ agreements


def test_what_is_ahead_comes_by_day() -> None:
    """Open agreements with a day come first, by day; one without a day after them."""
    journal = Journal()
    none = journal.write(kinds.Agreement(words="a"))
    late = journal.write(kinds.Agreement(words="b", day="2023-12-20"))
    soon = journal.write(kinds.Agreement(words="c", day="2023-12-12"))
    gone = journal.write(kinds.Agreement(words="d", day="2023-12-11"))
    journal.write(kinds.AgreementChanged(agreement=gone, to="let_go"))
    assert [agreed.id for agreed in journal.life().agreements.open] == [soon, late, none]


# ---------------------------------------------------------------------------------- together, sharing


def test_a_session_that_both_wrote_is_one() -> None:
    """Two rows of the two authors close together are one session; two of one author are two."""
    journal = Journal()
    for author, minutes in ((ME, 0), (THEM, 1), (ME, 2), (ME, 200)):
        together = kinds.Together(practice="breath", minutes=5)
        journal.write(together, author=author, at_ms=NOON_MS + minutes * 60_000)
    assert [session.at_ms - NOON_MS for session in journal.life().together] == [200 * 60_000, 2 * 60_000, 0]


@pytest.mark.parametrize(("mine", "theirs", "both"), [(True, True, True), (True, False, False), (False, True, False)])
def test_their_line_needs_both(mine: bool, theirs: bool, both: bool) -> None:  # noqa: FBT001
    """The partner's points show only while both agree; that they alone agreed shows nowhere."""
    journal = Journal()
    journal.write(kinds.LineShared(on=not mine))
    journal.write(kinds.LineShared(on=theirs), author=THEM)
    journal.write(kinds.LinePoint(felt=5), author=THEM)
    journal.write(kinds.LineShared(on=mine), at_ms=NOON_MS + 1)
    line = journal.life().line
    assert (line.i_share, line.both_share) == (mine, both)
    assert [day.mean for day in line.theirs] == ([5.0] if both else [])


def test_one_agreement_looks_like_none() -> None:
    """A reader who has not agreed can't tell whether the partner has."""
    asked, silent = Journal(), Journal()
    for journal in (asked, silent):
        journal.write(CheckIn(felt=3))
    asked.write(kinds.LineShared(on=True), author=THEM)
    assert asked.life().line == silent.life().line


def test_a_keepsake_reads_as_what_it_was() -> None:
    """It comes back whole; one that does not read says so when it is looked at, not before."""
    journal = Journal()
    for original in (codec.encode(5, 60, kinds.Hello(name="Mo")), b"noise"):
        journal.write(kinds.Imported(original_id=b"i" * 16, author=THEM, mine=False, original=original))
    damaged, good = journal.life().keepsakes
    assert good.body == kinds.Hello(name="Mo")
    with pytest.raises(Damaged):
        _ = damaged.body
