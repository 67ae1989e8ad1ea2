"""Times that a person names: offered and typed."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from hypothesis import given
from hypothesis import strategies as st

from toward.catalogue import Catalogue
from toward.errors import BadInput
from toward.web import appointments
from toward.web.forms import Form
from toward.web.times import Times

if TYPE_CHECKING:
    from toward.web.context import Context

ENGLISH = Catalogue.load("en")
MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
NOWS = st.integers(1_600_000_000_000, 2_500_000_000_000)
OFFSETS = st.integers(-14 * 4, 14 * 4).map(lambda quarters: quarters * 15)


def at(now_ms: int, tz_min: int = 0) -> Context:
    """A page asked for at a time, by somebody whose clock stands so far from UTC."""
    here = SimpleNamespace(
        now_ms=now_ms,
        cookies=SimpleNamespace(tz_min=tz_min, knows_tz=True),
        times=Times(ENGLISH, now_ms, tz_min),
        t=ENGLISH.words,
    )
    return cast("Context", here)


def there(at_ms: int, tz_min: int) -> datetime:
    """The calendar and clock of that place."""
    return datetime.fromtimestamp(at_ms / 1000, timezone(timedelta(minutes=tz_min)))


@given(NOWS, OFFSETS, st.sampled_from([appointments.FARTHEST_MS, DAY_MS]))
def test_offers_only_what_it_takes(now_ms: int, tz_min: int, longest_ms: int) -> None:
    """Each offered time is ahead, within reach, soonest first, and comes back as the moment it promised."""
    ctx = at(now_ms, tz_min)
    offered = appointments.offered(ctx, longest_ms=longest_ms)
    times = [one.at_ms for one in offered]
    assert times == sorted(times)
    assert len({one.title for one in offered}) == len(offered) >= 4
    for one in offered:
        assert 20 * MINUTE_MS <= one.at_ms - now_ms <= longest_ms
        assert appointments.named(ctx, Form([("when", one.value)])) == one.at_ms
        if one.title == ENGLISH.words("turn.when.tonight"):
            assert (there(one.at_ms, tz_min).hour, there(one.at_ms, tz_min).date()) == (
                20,
                there(now_ms, tz_min).date(),
            )


@given(NOWS, OFFSETS, st.integers(0, 23), st.integers(0, 59))
def test_a_time_without_a_day_is_the_next_by_that_name(now_ms: int, tz_min: int, hour: int, minute: int) -> None:
    """On the reader's own clock, from now on, and less than a day away."""
    named = appointments.named(at(now_ms, tz_min), Form([("when", "own"), ("time", f"{hour:02d}:{minute:02d}")]))
    assert now_ms <= named < now_ms + DAY_MS
    assert (there(named, tz_min).hour, there(named, tz_min).minute) == (hour, minute)


@given(NOWS, OFFSETS, st.integers(1, 6), st.integers(0, 23))
def test_a_day_and_a_time_are_that_moment(now_ms: int, tz_min: int, later: int, hour: int) -> None:
    """The calendar of that place agrees."""
    ctx = at(now_ms, tz_min)
    day = appointments.days(ctx, 7)[later][0]
    named = appointments.named(ctx, Form([("time", f"{hour}:05"), ("day", day)]))
    assert there(named, tz_min).strftime("%Y-%m-%d %H:%M") == f"{day} {hour:02d}:05"


@given(st.text(max_size=20), st.text(max_size=12), st.text(max_size=12))
def test_takes_nothing_else(when: str, time: str, day: str) -> None:
    """Whatever is sent gives a moment to come or a reason why not."""
    ctx = at(1_760_000_000_000)
    reason, named = "", ctx.now_ms
    try:
        named = appointments.named(ctx, Form([("when", when), ("time", time), ("day", day)]))
    except BadInput as error:
        reason = error.reason
    assert not reason or f"web.field.{reason}" in ENGLISH
    assert ctx.now_ms <= named <= ctx.now_ms + appointments.FARTHEST_MS
