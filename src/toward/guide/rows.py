"""From a journal to the rows that the model of two reads.

The reader is partner *a*, the other is *b*. What each entry becomes:

====================  ==================================================================================================
entry                 row
====================  ==================================================================================================
check-in              ``checkin``; ``there`` if asked; ``moved`` 1 pressed, 0 pulled away; ``rung`` of the ladder
point of a line       ``checkin`` of its author; the reader's own only where their check-ins are not given
opened words          ``checkin`` of the other: the word's step, the one nearer to the middle where it has two
reach                 ``bid`` of who asked: 1 for a yes or own words, 0 for a no or for two days without an answer
come back             ``softening`` of who came back
practice alone        ``practice``; one done by both at once is one of both
pause called          ``conflict`` of both; back as promised, ``kept``
agreement             ``kept`` or ``repaired`` of both
what shakes           ``life_event`` -1 hard, 1 good, of whose it is, at its day's noon; "both" has no sign
six steps, question   ``practice``; a way out of the dance: ``softening``
not come, sign        ``broken`` where it was agreed; ``truthful`` for truth when it cost: of the other
frightened            ``frightening`` of the other
own sources           ``touch`` or ``message``: 1 close, light or calm, 0 mixed or empty, -1 uneasy
own moment            hard or good: a ``life_event`` of -1 or 1 at its day's noon; a way out of a fight: ``softening``
====================  ==================================================================================================

Not every entry says something the model knows: a *not yet* leaves the ask open, "something happened" has no sign, and
nobody's no counts as *against*. That the dance happened is never counted, here neither. To read shared entries only,
give shared entries only.

Plain numbers and names, no arrays: a server may make rows without loading what a model is made of.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final, NamedTuple

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
    Moment,
    NotCome,
    Offer,
    PauseCalled,
    PauseReturned,
    Released,
    Settled,
    Sign,
    SixSteps,
    Together,
)
from toward.journal.projections import parse_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from toward.journal.kinds import Entry

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
MISSED_MS: Final = 2 * DAY_MS
"""So long an ask may stand without an answer before it counts as missed. Until then it says nothing."""
LONGEST_MS: Final = 10 * 366 * DAY_MS
"""Older entries say nothing about now; and a partner's program could claim any time."""
SAME_MS: Final = HOUR_MS
"""Two rows of the same thing this close are one: a practice both wrote down, a line's point beside opened words."""

RUNGS: Final = {"ask": 1, "complain": 2, "anger": 3, "desperate": 4, "coerce": 5, "despair": 6, "shut": 6}
"""Despair and shutting down are one end of the model's ladder: protest has stopped."""
_STEPS: Final = {"unsafe": 2, "guarded": 3, "between": 4, "easy": 5, "safe": 6}
_ANSWERS: Final = {"yes_now": 1.0, "yes_at": 1.0, "own": 1.0, "no": 0.0}
_MOMENTS: Final = {"hard": ("life_event", -1.0), "good": ("life_event", 1.0), "exit": ("softening", 1.0)}
_PULLS: Final = {"hard": -1.0, "good": 1.0}
_FEELINGS: Final = {"close": 1.0, "light": 1.0, "calm": 1.0, "mixed": 0.0, "empty": 0.0, "uneasy": -1.0}

A: Final = 0
B: Final = 1
BOTH: Final = 2
"""Partners as the model numbers them."""

Row = tuple[int, int, str, float]
"""UTC milliseconds, partner, kind, value."""


class Rows(NamedTuple):
    """What a journal tells, in order of time, and the UTC time in milliseconds at which its day 0 begins."""

    rows: tuple[Row, ...]
    origin_ms: int

    def day(self, at_ms: int) -> float:
        """Return a time in days since day 0 began."""
        return (at_ms - self.origin_ms) / DAY_MS


def rows_of(entries: Iterable[Entry], now_ms: int) -> Rows:
    """Return what ``entries`` tell the model, in order of time; entries of any order, from the reader's view.

    Entries later than a day from now or older than ten years are left out, and so is what nobody has answered yet.
    """
    known = [entry for entry in entries if now_ms - LONGEST_MS <= entry.at_ms <= now_ms + DAY_MS]
    kept = tuple(_apart(sorted(set(_rows(known, now_ms)))))
    return Rows(kept, (kept[0][0] if kept else now_ms) // DAY_MS * DAY_MS)


def _apart(rows: list[Row]) -> Iterator[Row]:
    """Give every row a millisecond of its own where one partner said the same kind of thing twice at once."""
    taken: set[tuple[int, int, str]] = set()
    for at, who, what, value in rows:
        place = at
        while (place, who, what) in taken:
            place += 1
        taken.add((place, who, what))
        yield place, who, what, value


def _rows(entries: list[Entry], now_ms: int) -> Iterator[Row]:
    own_felt = any(isinstance(entry.body, CheckIn) for entry in entries)
    yield from _practices(entries)
    yield from _bids(entries, now_ms)
    yield from _opened(entries)
    for entry in entries:
        match entry.body:
            case LinePoint(felt=felt) if not (entry.mine and own_felt):
                yield entry.at_ms, A if entry.mine else B, "checkin", float(felt)
            case CheckIn() as said:
                yield from _check_in(entry.at_ms, said)
            case _:
                yield from _between(entry)
                yield from _within(entry)
    taken_back = {(e.body.event, e.mine) for e in entries if isinstance(e.body, LifeEventTakenBack)}
    for entry in entries:
        noon = _noon(getattr(entry.body, "day", None), entry.tz_min)
        if noon is None or not now_ms - LONGEST_MS <= noon <= now_ms + DAY_MS or (entry.id, entry.mine) in taken_back:
            continue
        for who, what, value in _on_a_day(entry):
            yield noon, who, what, value


def _between(entry: Entry) -> Iterator[Row]:
    who, at = A if entry.mine else B, entry.at_ms
    match entry.body:
        case Invitation(door="come_back"):
            yield at, who, "softening", 1.0
        case PauseCalled():
            yield at, BOTH, "conflict", 1.0
        case PauseReturned(reply="ready"):
            yield at, who, "kept", 1.0
        case AgreementChanged(to="kept" | "repaired" as to):
            yield at, BOTH, to, 1.0


def _within(entry: Entry) -> Iterator[Row]:
    match entry.body:
        case SixSteps() | DifferentQuestion():
            yield entry.at_ms, A, "practice", 1.0
        case DanceMoment(what="exit"):
            yield entry.at_ms, A, "softening", 1.0


def _on_a_day(entry: Entry) -> Iterator[tuple[int, str, float]]:
    """Yield what an entry says of the day that it names."""
    match entry.body:
        case Moment(sort=sort) if sort in _MOMENTS:
            yield A, *_MOMENTS[sort]
        case LifeEvent(pull=pull) | LifeEventShown(pull=pull) if pull in _PULLS:
            yield A if entry.mine else B, "life_event", _PULLS[pull]
        case Connection(source="touch" | "message" as source, planned=False, felt=felt) if felt is not None:
            yield A, source, _FEELINGS[felt]
        case NotCome(agreement=agreement) if agreement is not None:
            yield B, "broken", 1.0
        case Sign(of="truth", so=True):
            yield B, "truthful", 1.0
        case Frightened():
            yield B, "frightening", 1.0


_EPOCH_DAY: Final = 719_163
"""1 January 1970, as ``date.toordinal`` counts."""


def _noon(day: str | None, tz_min: int) -> int | None:
    date = parse_day(day)
    return None if date is None else (date.toordinal() - _EPOCH_DAY) * DAY_MS + 12 * HOUR_MS - tz_min * 60_000


def _check_in(at: int, said: CheckIn) -> Iterator[Row]:
    yield at, A, "checkin", float(said.felt)
    if said.there is not None:
        yield at, A, "there", float(said.there)
    if said.moved in {"pressed", "pulled"}:
        yield at, A, "moved", float(said.moved == "pressed")
    if said.rung is not None:
        yield at, A, "rung", float(RUNGS[said.rung])


def _practices(entries: list[Entry]) -> Iterator[Row]:
    """Yield what was practised; a session of both, which both phones may have written, once."""
    joint: dict[str, list[int]] = {}
    for entry in sorted(entries, key=lambda one: one.at_ms):
        if isinstance(entry.body, Together):
            known = joint.setdefault(entry.body.practice, [])
            if not _beside(entry.at_ms, known):
                yield entry.at_ms, BOTH, "practice", 1.0
            known.append(entry.at_ms)
    for entry in entries:
        if isinstance(entry.body, Settled):
            shared = entry.body.how == "together" and _beside(entry.at_ms, joint.get(entry.body.practice, []))
            if not shared:
                yield entry.at_ms, A, "practice", 1.0


def _bids(entries: list[Entry], now_ms: int) -> Iterator[Row]:
    """Yield each ask at the time at which it was answered, or at which waiting began to feel like an answer."""
    answers: dict[bytes, list[tuple[int, float]]] = {}
    withdrawn: set[tuple[bytes, bool]] = set()
    for entry in entries:
        if isinstance(entry.body, InvitationWithdrawn):
            withdrawn.add((entry.body.invitation, entry.mine))
        elif isinstance(entry.body, Answer) and entry.body.reply in _ANSWERS:
            answers.setdefault(entry.body.invitation, []).append((entry.at_ms, _ANSWERS[entry.body.reply]))
    delayed = {entry.body.invitation for entry in entries if isinstance(entry.body, Answer)} - set(answers)
    for entry in entries:
        if not (isinstance(entry.body, Invitation) and entry.body.door == "reach"):
            continue
        if (entry.id, entry.mine) in withdrawn:
            continue
        who = A if entry.mine else B
        if entry.id in answers:
            at, value = max(answers[entry.id])
            yield max(at, entry.at_ms), who, "bid", value
        elif entry.id not in delayed and now_ms - entry.at_ms >= MISSED_MS:
            yield entry.at_ms + MISSED_MS, who, "bid", 0.0


def _opened(entries: list[Entry]) -> Iterator[Row]:
    """Yield the other's check-ins from words that both have opened, at the time they were written, if that is known."""
    offered = {entry.id: entry.at_ms for entry in entries if isinstance(entry.body, Offer)}
    points = sorted(entry.at_ms for entry in entries if isinstance(entry.body, LinePoint) and not entry.mine)
    for entry in entries:
        if entry.mine or not isinstance(entry.body, Released) or entry.body.said.felt is None:
            continue
        # A second answer stands under the id of its own offer; a first is released later than it was written.
        at = entry.at_ms if entry.body.offer == entry.id else offered.get(entry.body.offer)
        if at is not None and not _beside(at, points):
            yield at, B, "checkin", float(_STEPS[entry.body.said.felt])


def _beside(at: int, times: list[int]) -> bool:
    """Whether one of ``times``, which are in order, is close enough to be the same thing."""
    place = bisect_left(times, at - SAME_MS)
    return place < len(times) and times[place] <= at + SAME_MS
