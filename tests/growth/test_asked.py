"""What the child is asked: plain numbers out of one reader's own view, and no more of them than are needed."""

from __future__ import annotations

from itertools import pairwise

import msgspec
from hypothesis import given

from tests.journal.lives import DAY_MS, HOUR_MS, NOON_MS, THEM, Journal, journals
from toward.dyad.events import KINDS, journal
from toward.growth import FEWEST, WEEKS, Question, ask
from toward.growth.asked import MOST
from toward.journal.kinds import CheckIn, Invitation, LinePoint, Memory, Settled

NOW_MS = NOON_MS + 40 * DAY_MS


def checked_in(book: Journal, times: int = FEWEST) -> Journal:
    """So many days with a check-in at noon."""
    for day in range(times):
        book.write(CheckIn(felt=4 + day % 2), at_ms=NOON_MS + day * DAY_MS)
    return book


def asked(book: Journal, days: int = FEWEST, *, now_ms: int = NOW_MS, weigh: bool = True) -> Question | None:
    """The question of a book, for some days from its first on."""
    return ask(book.entries, [NOON_MS + day * DAY_MS for day in range(days)], now_ms, weigh=weigh)


def test_too_few_check_ins_are_no_question() -> None:
    """Nine are too few, whatever else there is; ten are enough."""
    book = checked_in(Journal(), FEWEST - 1)
    for day in range(20):
        book.write(LinePoint(felt=4), author=THEM, at_ms=NOON_MS + day * DAY_MS)
    assert asked(book) is None
    assert asked(checked_in(Journal())) is not None
    assert asked(checked_in(Journal()), 0) is None


def test_days_outside_the_check_ins_are_told_at_the_nearest() -> None:
    """As many days as asked, none before the first own check-in and none after the last."""
    book = checked_in(Journal())
    book.write(Settled(practice="hum", how="alone", minutes=3), at_ms=NOON_MS - DAY_MS)
    found = ask(book.entries, [NOON_MS - 5 * HOUR_MS, NOON_MS, NOON_MS + 30 * DAY_MS], NOW_MS, weigh=True)
    assert found is not None
    own = [day for day, kind in zip(found.time_days, found.kind, strict=True) if kind == "checkin"]
    assert found.days == (own[0], own[0], own[-1])


def test_what_is_old_is_left_out_and_so_is_what_is_too_much() -> None:
    """Half a year; and of a flood, which a partner's program may write, the newest rows."""
    book = checked_in(Journal())
    later_ms = NOON_MS + (WEEKS * 7 + 5) * DAY_MS
    assert asked(book, now_ms=later_ms) is None
    for n in range(MOST + 50):
        book.write(LinePoint(felt=1 + n % 7), author=THEM, at_ms=NOON_MS - 2 * DAY_MS + n * 1000)
    found = asked(book)
    assert found is not None
    assert len(found.kind) == MOST
    assert found.kind.count("checkin") == MOST
    assert found.partner.count(0) == FEWEST


def test_another_question_has_another_digest() -> None:
    """One answer more, or whether to weigh, and it is another; the same life asks the same."""
    book = checked_in(Journal())
    one, same, unweighed = asked(book), asked(book), asked(book, weigh=False)
    book.write(CheckIn(felt=1), at_ms=NOON_MS + 15 * DAY_MS)
    more = asked(book)
    assert one is not None and same is not None and unweighed is not None and more is not None  # noqa: PT018
    assert one.digest == same.digest
    assert len({one.digest, unweighed.digest, more.digest}) == 3


@given(journals())
def test_any_life_asks_in_numbers_and_the_model_s_own_words(book: Journal) -> None:
    """Whatever a life holds: in order, of the model's kinds, taken by its check; no word, name or id comes along."""
    checked_in(book)
    book.write(Memory(words="a secret that nobody may read"))
    book.write(Invitation(door="reach", words="a secret that nobody may read"))
    found = asked(book)
    assert found is not None
    assert set(found.kind) <= set(KINDS)
    assert set(found.partner) <= {0, 1, 2}
    assert all(one <= other for one, other in pairwise(found.time_days))
    assert all(one <= other for one, other in pairwise(found.days))
    assert found.time_days[0] <= found.days[0]
    made = journal(zip(found.time_days, found.partner, found.kind, found.value, strict=True))
    assert made.time_days.size == len(found.kind)
    data = msgspec.msgpack.encode(found)
    assert b"secret" not in data
    assert not any(entry.id in data or entry.author in data for entry in book.entries)
    assert msgspec.msgpack.decode(data, type=Question) == found
