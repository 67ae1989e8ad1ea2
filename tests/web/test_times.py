"""Times and days in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toward.catalogue import Catalogue
from toward.web.times import Times

ENGLISH = Catalogue.load("en")
NOON_MS = int(datetime(2026, 3, 4, 12, tzinfo=UTC).timestamp() * 1000)


@given(st.integers(0, 4_000_000_000_000), st.integers(-14 * 60, 14 * 60))
def test_tells_the_clock_and_the_day_of_the_reader(at_ms: int, tz_min: int) -> None:
    """What a calendar and a clock of that place say, whatever the hour."""
    there = datetime.fromtimestamp(at_ms / 1000, timezone(timedelta(minutes=tz_min)))
    times = Times(ENGLISH, at_ms, tz_min)
    assert times.clock(at_ms) == f"{there.hour}:{there.minute:02d}"
    assert times.today == there.date()
    assert times.at(at_ms) == times.clock(at_ms)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 3, 4), "Today"),
        (date(2026, 3, 5), "Tomorrow"),
        (date(2026, 3, 3), "Yesterday"),
        (date(2026, 12, 31), "31 December"),
        (date(2025, 1, 1), "1 January 2025"),
    ],
)
def test_names_a_day(day: date, words: str) -> None:
    """Near days by their name, others by their date, with the year only where it is another one."""
    assert Times(ENGLISH, NOON_MS, 0).day(day) == words


def test_tells_a_date_as_exactly_as_it_is_known() -> None:
    """A year stays a year."""
    times = Times(ENGLISH, NOON_MS, 0)
    assert [times.written(text) for text in ("2020", "2020-04", "2020-04-07")] == ["2020", "April 2020", "7 April 2020"]


@pytest.mark.parametrize(
    ("hours", "words"),
    [(1, "13:00"), (13, "1:00 tomorrow"), (-13, "23:00 yesterday"), (24 * 3, "12:00 on 7 March")],
)
def test_says_a_time_inside_a_sentence(hours: int, words: str) -> None:
    """Without a capital letter or a comma in the middle."""
    assert Times(ENGLISH, NOON_MS, 0).said(NOON_MS + hours * 3_600_000) == words


@given(st.integers(-(2**63), 2**63 - 1))
def test_any_time_that_the_other_claims_can_be_said(at_ms: int) -> None:
    """A partner's program could write any number; no page may break on it."""
    times = Times(ENGLISH, 1_760_000_000_000, 60)
    assert times.said(at_ms)
    assert times.at(at_ms)
