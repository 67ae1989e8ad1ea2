"""A time that a person names: what is offered to choose from, and what was chosen.

What is offered holds without a script: "in an hour" counts from when it is sent, "tonight" is a moment, and a time
typed by hand is on the reader's own clock. A time without a day is the next one by that name, at most a day away.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from toward.errors import BadInput
from toward.journal.projections import day_of, parse_day

if TYPE_CHECKING:
    from toward.web.context import Context
    from toward.web.forms import Form

MINUTE_MS: Final = 60_000
DAY_MS: Final = 24 * 60 * MINUTE_MS
EVENING_MIN: Final = 20 * 60
NIGHT_ENDS_MIN: Final = 4 * 60
MORNING_MIN: Final = 9 * 60
TONIGHT_LEAST_MS: Final = 40 * MINUTE_MS
"""Nearer than this the evening is no time of its own: "in 20 minutes" says it better."""
MORNING_LEAST_MS: Final = 4 * 60 * MINUTE_MS
FARTHEST_MS: Final = 60 * DAY_MS
RELATIVE: Final = (("minutes_20", 20), ("hour", 60), ("hours_2", 120))
DAYS_TO_TALK: Final = 7

_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?::[0-5][0-9])?", re.ASCII)
_OFFERED = re.compile(r"(in|at)([0-9]{1,15})", re.ASCII)


class Offered(NamedTuple):
    """One time to choose: the form's value, its words, and the clock's."""

    value: str
    title: str
    hint: str
    at_ms: int


def offered(ctx: Context, *, longest_ms: int = FARTHEST_MS, after_ms: int = 0) -> list[Offered]:
    """Return gentle times to choose from: at most *longest_ms* from now and later than *after_ms*, soonest first."""
    times = [(f"in{minutes}", key, ctx.now_ms + minutes * MINUTE_MS) for key, minutes in RELATIVE]
    evening = _next(ctx, EVENING_MIN, 0)
    is_night = ctx.now_ms < _moment(ctx, ctx.times.today, NIGHT_ENDS_MIN)
    if evening - ctx.now_ms >= TONIGHT_LEAST_MS and _day(ctx, evening) == ctx.times.today and not is_night:
        times.append((f"at{evening}", "tonight", evening))
    morning = min(_next(ctx, MORNING_MIN, MORNING_LEAST_MS), ctx.now_ms + longest_ms)
    is_today = _day(ctx, morning) == ctx.times.today
    times.append((f"at{morning}", "morning" if is_today else "tomorrow", morning))
    return [
        Offered(value, ctx.t(f"turn.when.{key}"), ctx.times.said(at_ms), at_ms)
        for value, key, at_ms in sorted(times, key=lambda one: one[2])
        if at_ms > after_ms
    ]


def clock_in_doubt(ctx: Context) -> str:
    """Return the time by which a typed one is read, where the browser has not said its own; else nothing."""
    return "" if ctx.cookies.knows_tz else ctx.times.clock(ctx.now_ms)


def days(ctx: Context, count: int) -> list[tuple[str, str]]:
    """Return today and the days after it as (ISO day, words)."""
    today = ctx.times.today
    return [(day.isoformat(), ctx.times.day(day)) for day in (today + timedelta(days=n) for n in range(count))]


def named(ctx: Context, form: Form, *, choice: str = "when", typed_only: bool = False) -> int:
    """Return the moment that was chosen under *choice*, or typed under ``time`` (and ``day``), from now on.

    *typed_only* says that the page offers no times to choose from, so that a missing one is missing where it is typed.
    Raises ``BadInput`` for nothing, for what is no time, and for a moment that is over or too far away.
    """
    value = form.raw(choice)
    found = _OFFERED.fullmatch(value)
    if found:
        number = int(found[2])
        at_ms = number if found[1] == "at" else ctx.now_ms + number * MINUTE_MS
    elif form.raw("time"):
        at_ms = _typed(ctx, form.raw("time").strip(), form.raw("day"))
    else:
        is_typed = typed_only or value == "own"
        raise BadInput(field="time" if is_typed else choice, reason="time" if is_typed else "choose")
    if not ctx.now_ms <= at_ms <= ctx.now_ms + FARTHEST_MS:
        raise BadInput(field="time" if not found else choice, reason="over")
    return at_ms


def named_day(ctx: Context, form: Form, *, required: bool = False) -> str | None:
    """Return the day that was chosen under ``day``, as entries hold it; None for none. Raises ``BadInput``."""
    value = form.raw("day")
    if not value and not required:
        return None
    day = parse_day(value)
    if day is None:
        raise BadInput(field="day", reason="choose")
    if day < ctx.times.today:
        raise BadInput(field="day", reason="over")
    return day.isoformat()


def _typed(ctx: Context, time: str, day: str) -> int:
    read = _TIME.fullmatch(time)
    if not read:
        raise BadInput(field="time", reason="time")
    minute = int(read[1]) * 60 + int(read[2])
    if not day:
        return _next(ctx, minute, 0)
    chosen = parse_day(day)
    if chosen is None:
        raise BadInput(field="day", reason="choose")
    return _moment(ctx, chosen, minute)


def _next(ctx: Context, minute: int, least_ms: int) -> int:
    """The next time the reader's clock shows *minute* of the day, at least *least_ms* from now."""
    at_ms = _moment(ctx, ctx.times.today, minute)
    while at_ms < ctx.now_ms + least_ms:
        at_ms += DAY_MS
    return at_ms


def _moment(ctx: Context, day: date, minute: int) -> int:
    since = day.toordinal() - date(1970, 1, 1).toordinal()
    return since * DAY_MS + (minute - ctx.cookies.tz_min) * MINUTE_MS


def _day(ctx: Context, at_ms: int) -> date:
    return day_of(at_ms, ctx.cookies.tz_min)
