"""Twelve weeks as entries, in the order in which the two would have written them.

What the story tells happens as told; between it lie check-ins drawn from the story's path of felt safety, with weather
that the two share and weather of their own, so that their lines go together without being one. Pure: the same seed and
day give the same history.

Ids are placeholders. A vault that gives its own ids writes each event and translates what points at earlier ones:

    ids = {}
    for event in history(1, now_ms):
        ids[event.id] = sessions[event.who].write(with_ids(event.body, ids)).id
"""

from __future__ import annotations

import hashlib
import itertools
import random
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from toward.demo.story import DAYS, Story, Told, Who, read_story
from toward.errors import BadInput
from toward.journal.kinds import Body, CheckIn, LinePoint, LineShared, Question, Rung
from toward.journal.projections.days import DAY_MS, day_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TZ_MIN: Final = 60
MINUTE_MS: Final = 60_000
HABIT: Final = 0.8
"""On so many days one of the two looks at how it is."""
SPEAKS: Final = 0.45
OFFERS: Final = 0.7
SHARED_WEATHER: Final = 0.45
OWN_WEATHER: Final = 0.6
STAYS: Final = 0.7
"""How much of the shared weather is still there a day later."""
LOW, HIGH = 3, 5
EVENING: Final[Mapping[Who, int]] = {"mara": 20 * 60, "lin": 19 * 60}
QUESTIONS: Final[tuple[Question, ...]] = ("there", "matter", "know", "respond")
PROTEST: Final[Mapping[Who, tuple[Rung, ...]]] = {
    "mara": ("complain", "anger", "desperate"),
    "lin": ("shut", "complain"),
}

_AFTER = re.compile(r"\+(\d+)m")
_TIME = re.compile(r"day (\d+) (\d\d:\d\d)")
_DAY = re.compile(r"day (\d+)")


class Event(NamedTuple):
    """Something that one of the two wrote. ``id`` is what later events call it by."""

    id: bytes
    who: Who
    at_ms: int
    tz_min: int
    body: Body


class Calendar(NamedTuple):
    """The story's days in time; ``first_ms`` is the midnight in which day 0 begins, where the two live."""

    first_ms: int

    def at(self, day: int, clock: str) -> int:
        """Return the time of a clock on a day."""
        hours, minutes = clock.split(":")
        return self.first_ms + day * DAY_MS + (int(hours) * 60 + int(minutes)) * MINUTE_MS

    def day(self, number: int) -> str:
        """Return the date of a day."""
        return (day_of(self.first_ms, TZ_MIN) + timedelta(days=number)).isoformat()


def history(seed: int, today_ms: int, story: Story | None = None) -> tuple[Event, ...]:
    """Return everything the two wrote in the 84 days before the day of ``today_ms``, oldest first.

    Raises ``BadInput`` if the story points at something that it has not told.
    """
    story = story or read_story()
    calendar = Calendar((today_ms + TZ_MIN * MINUTE_MS) // DAY_MS * DAY_MS - TZ_MIN * MINUTE_MS - DAYS * DAY_MS)
    chance = random.Random(seed)  # noqa: S311 - a story, nothing to guard
    told = _as_told(story, calendar, seed)
    both_since = _both_share_lines_since(told)
    events = told + list(_check_ins(story, calendar, chance, seed, both_since))
    return tuple(sorted(events, key=lambda event: event.at_ms))


def with_ids(body: Body, ids: Mapping[bytes, bytes]) -> Body:
    """Return the body with every reference to an earlier event translated."""
    fields = {name: ids[value] for name, value in msgspec.structs.asdict(body).items() if value in ids}
    return msgspec.structs.replace(body, **fields)


def _event_id(seed: int, name: str) -> bytes:
    return hashlib.sha256(f"{seed} {name}".encode()).digest()[:16]


# ---------------------------------------------------------------------------------------- what is told


def _as_told(story: Story, calendar: Calendar, seed: int) -> list[Event]:
    ids: dict[str, bytes] = {}
    events = []
    for number, told in enumerate(sorted(story.event, key=lambda one: (one.on, one.at))):
        at_ms = calendar.at(told.on, told.at)
        fields = {name: _meant(value, at_ms, calendar, ids) for name, value in told.write.items()}
        id_ = _event_id(seed, f"told {number}")
        if told.name:
            ids[told.name] = id_
        events.append(Event(id_, told.who, at_ms, TZ_MIN, _body(told, fields)))
    return events


def _meant(value: object, at_ms: int, calendar: Calendar, ids: Mapping[str, bytes]) -> object:
    """What a value in the story means: a reference, a time, a day, or itself."""
    if not isinstance(value, str):
        return value
    if value.startswith("@"):
        if value[1:] not in ids:
            raise BadInput(f"the story points at {value!r} before it is told", field="write", reason="reference")
        return ids[value[1:]]
    if found := _AFTER.fullmatch(value):
        return at_ms + int(found[1]) * MINUTE_MS
    if found := _TIME.fullmatch(value):
        return calendar.at(int(found[1]), found[2])
    if found := _DAY.fullmatch(value):
        return calendar.day(int(found[1]))
    return value


def _body(told: Told, fields: dict[str, Any]) -> Body:
    try:
        body: Body = msgspec.convert(fields, Body)
    except msgspec.ValidationError as error:
        raise BadInput(f"day {told.on}, {told.at}: {error}", field="write", reason=str(error)) from error
    return body


def _both_share_lines_since(events: list[Event]) -> int | None:
    """When the later of the two agreed; in this story nobody takes it back."""
    agreed = {event.who: event.at_ms for event in events if isinstance(event.body, LineShared)}
    return max(agreed.values()) if len(agreed) == len(EVENING) else None


# ------------------------------------------------------------------------------------------- check-ins


def _on_path(path: tuple[tuple[int, float], ...], day: int) -> float:
    """Felt safety on the way between two days that the story names."""
    for (here, felt), (there, next_felt) in itertools.pairwise(path):
        if here <= day <= there:
            return felt + (next_felt - felt) * (day - here) / (there - here)
    return path[-1][1]


def _check_ins(
    story: Story, calendar: Calendar, chance: random.Random, seed: int, both_since: int | None
) -> Iterator[Event]:
    shared = 0.0
    spoken = {who: {"low": 0, "mid": 0, "high": 0} for who in EVENING}
    for day in range(DAYS):
        shared = STAYS * shared + chance.gauss(0, SHARED_WEATHER)
        for who, evening in EVENING.items():
            felt = round(_on_path(story.felt[who], day) + shared + chance.gauss(0, OWN_WEATHER))
            if chance.random() > HABIT and day not in {0, DAYS - 1}:
                continue
            minutes = evening + chance.randrange(75)
            at_ms = calendar.first_ms + day * DAY_MS + minutes * MINUTE_MS
            body = _check_in(story, who, min(max(felt, 1), 7), day, chance, spoken[who])
            yield Event(_event_id(seed, f"look {who} {day}"), who, at_ms, TZ_MIN, body)
            if both_since is not None and at_ms > both_since:
                point = LinePoint(felt=body.felt)
                yield Event(_event_id(seed, f"point {who} {day}"), who, at_ms + 1, TZ_MIN, point)


def _check_in(story: Story, who: Who, felt: int, day: int, chance: random.Random, spoken: dict[str, int]) -> CheckIn:
    """One look: the body and the ladder go with how safe it felt, each in the person's own way."""
    band = "low" if felt <= LOW else "high" if felt >= HIGH else "mid"
    lines: tuple[str, ...] = getattr(story.words[who], band)
    words = ""
    if chance.random() < SPEAKS and spoken[band] < len(lines):
        words = lines[spoken[band]]
        spoken[band] += 1
    alarmed = felt <= LOW - 1
    asked = QUESTIONS[day % len(QUESTIONS)] if chance.random() < 1 / 3 else None
    return CheckIn(
        felt=felt,
        body=("revved" if who == "mara" else "shut") if alarmed else "open" if felt >= HIGH else None,
        rung=chance.choice(PROTEST[who]) if alarmed and chance.random() < 1 / 2 else None,
        question=asked,
        answer=None if asked is None else "yes" if felt >= HIGH else "partly" if felt > LOW - 1 else "no",
        moved=("pressed" if who == "mara" else "pulled") if felt <= LOW and chance.random() < 1 / 3 else None,
        words=words,
        share=bool(words) and chance.random() < OFFERS,
    )
