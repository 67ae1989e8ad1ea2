"""A pause: called alone, moved by either, ended by both or by nobody's asking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.journal.lives import DAY_MS, HOUR_MS, ME, NOON_MS, THEM, Journal, journals
from toward.journal.kinds import PauseCalled, PauseMoved, PauseReturned
from toward.journal.projections.pauses import LONGEST_MS, Pause

if TYPE_CHECKING:
    from toward.journal.projections.pauses import Reply


class Evening(Journal):
    """A journal of pauses, told in hours from now."""

    def call(self, until_h: float, *, author: bytes = THEM, at_h: float = 0) -> bytes:
        """Call a pause."""
        return self.write(PauseCalled(until_ms=hour(until_h)), author=author, at_ms=hour(at_h))

    def move(self, pause: bytes, until_h: float, *, author: bytes = THEM, at_h: float = 0.5) -> None:
        """Move its end."""
        self.write(PauseMoved(pause=pause, until_ms=hour(until_h)), author=author, at_ms=hour(at_h))

    def reply(self, pause: bytes, author: bytes, reply: Reply, *, at_h: float = 1) -> None:
        """Say where one is."""
        self.write(PauseReturned(pause=pause, reply=reply), author=author, at_ms=hour(at_h))

    def at(self, at_h: float) -> Pause | None:
        """Return the pause that counts at an hour."""
        return self.life().pauses.current(hour(at_h))

    def phase(self, at_h: float) -> str:
        """Return its phase, or "none"."""
        pause = self.at(at_h)
        return pause.phase if pause else "none"


def hour(hours: float) -> int:
    """Return the time so many hours after noon."""
    return NOON_MS + round(hours * HOUR_MS)


@given(journals(st.builds(PauseCalled, until_ms=st.integers(NOON_MS - DAY_MS, NOON_MS + 400 * DAY_MS))))
def test_no_pause_outlasts_a_day(journal: Journal) -> None:
    """Whatever end a program claims, a pause ends within a day of being called."""
    for hours in range(-60, 60, 7):
        pause = journal.life().pauses.current(NOON_MS + hours * HOUR_MS)
        if pause is not None:
            assert pause.until_ms <= pause.called_ms + LONGEST_MS


def test_it_runs_then_asks_then_is_over() -> None:
    """Before its end it runs; for a day it can be answered; after that nothing reminds of it."""
    evening = Evening()
    evening.call(1)
    assert [evening.phase(at_h) for at_h in (0, 0.99, 1, 24.9, 25.1)] == [
        "running",
        "running",
        "return",
        "return",
        "none",
    ]


def test_it_says_who_called_it() -> None:
    """The caller is known, the reason is not there."""
    evening = Evening()
    evening.call(1, author=ME)
    pause = evening.at(0.5)
    assert pause is not None
    assert pause.mine


@pytest.mark.parametrize("author", [ME, THEM])
def test_either_moves_it(author: bytes) -> None:
    """The last move counts, earlier or later, whoever made it and in whatever order it is read."""
    evening = Evening()
    pause = evening.call(1)
    evening.move(pause, 6, author=author, at_h=0.6)
    evening.move(pause, 2, author=THEM, at_h=0.5)
    found = evening.at(0.7)
    assert found is not None
    assert found.until_ms == hour(6)


def test_both_ready_opens_the_way_back() -> None:
    """One who is ready is not shown to the other; when both are, the way is open, for a while."""
    evening = Evening()
    pause = evening.call(1)
    evening.reply(pause, THEM, "ready", at_h=1.1)
    waiting = evening.at(1.2)
    assert waiting is not None
    assert (waiting.phase, waiting.my_reply, waiting.their_reply) == ("return", None, None)
    evening.reply(pause, ME, "ready", at_h=1.3)
    both = evening.at(1.4)
    assert both is not None
    assert (both.phase, both.my_reply, both.their_reply) == ("ready", "ready", "ready")
    assert evening.phase(1.3 + 3.1) == "none"


def test_ready_is_said_of_the_time_that_held() -> None:
    """When the end has moved since, being ready has to be said again; needing more time stays said."""
    evening = Evening()
    pause = evening.call(1)
    evening.reply(pause, ME, "ready", at_h=1.1)
    evening.reply(pause, THEM, "more_time", at_h=1.2)
    evening.move(pause, 3, at_h=1.3)
    moved = evening.at(2)
    assert moved is not None
    assert (moved.phase, moved.my_reply, moved.their_reply) == ("running", None, "more_time")


@pytest.mark.parametrize("author", [ME, THEM])
def test_not_today_ends_it(author: bytes) -> None:
    """Either may leave it for today; nobody is asked again."""
    evening = Evening()
    pause = evening.call(1)
    evening.reply(pause, author, "not_today")
    assert evening.phase(1.1) == "none"


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    """Called beside each other, the one that ends last counts, also when the time has come."""
    evening = Evening()
    long = evening.call(5, author=ME)
    evening.call(1, at_h=0.1)
    for at_h in (0.5, 6):
        counts = evening.at(at_h)
        assert counts is not None
        assert counts.id == long
    newer = evening.call(7, at_h=6)
    counts = evening.at(6.1)
    assert counts is not None
    assert counts.id == newer


def test_being_back_closes_what_was_called_before() -> None:
    """After both are ready, an older pause that would still run does not come back; a new one counts at once."""
    evening = Evening()
    evening.call(8, author=ME)
    short = evening.call(1, at_h=0.1)
    for author in (ME, THEM):
        evening.reply(short, author, "ready", at_h=1.1)
    assert evening.phase(1.2) == "ready"
    assert evening.phase(7) == "none"
    evening.call(9, at_h=7)
    assert evening.phase(7.5) == "running"


def test_what_claims_the_future_has_not_happened() -> None:
    """A pause dated next year stops nobody today."""
    evening = Evening()
    evening.call(24 * 365 + 1, at_h=24 * 365)
    assert evening.phase(0) == "none"
