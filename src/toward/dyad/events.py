"""What happened between two people, as four arrays: when, who, what, how much.

==================  ========  ===========================================================================
kind                partner   value
==================  ========  ===========================================================================
``checkin``         a, b      felt safety, 1 to 7, whole steps
``bid``             a, b      who reached out; 1 turned toward, 0 missed, -1 turned against
``conflict``        both      how hard, 1 is usual (0 to 3)
``softening``       any       one softer thing was said and heard; 1 (0 to 3)
``practice``        any       inner practice, alone; 1 is one sitting (0 to 3)
``touch``           any       held or touched: 1 welcome, 0 not met, -1 unwelcome
``message``         any       contact by message: 1 answered, 0 missed, -1 against
``voice``           any       contact by voice, in the same scale
``harshness``       any       contact that was harsh and yet contact, in the same scale
``life_event``      any       a shock from outside, marked -3 to 3
``there``           a, b      "I felt my partner was there": 1 or 0
``moved``           a, b      "I pressed" 1, "I pulled away" 0
``mark``            a, b      this partner was seen to reach 1, or to pull away 0
``rung``            a, b      rung of the ladder of protest: 0 none, 1 ask, 2 complain, 3 anger, 4 desperate,
                              5 coerce, 6 shut down
``heart``           a, b      calm of the heart at rest, in own standard deviations (higher is calmer)
``together``        both      share of time in each other's company from now on, 0 to 1 (1 until said)
``kept``            any       an agreement kept, by this partner (1)
``broken``          any       an agreement not kept (1)
``repaired``        any       a break that was repaired (1)
``truthful``        any       a hard thing said truthfully (1)
``frightening``     any       an act that frightened the other (1): never forgotten, never outweighed
==================  ========  ===========================================================================

A value that is NaN is a question left open: it is skipped and changes nothing.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.errors import BadInput, TooLong

if TYPE_CHECKING:
    from collections.abc import Iterable

A: Final = 0
B: Final = 1
BOTH: Final = 2
PARTNERS: Final = ("a", "b", "both")


class Range(NamedTuple):
    """What one kind allows: lowest and highest value, whole steps only, and whether it may be of both at once."""

    low: float
    high: float
    whole: bool
    both: bool


_RANGES: Final = {
    "checkin": Range(1, 7, whole=True, both=False),
    "bid": Range(-1, 1, whole=True, both=False),
    "conflict": Range(0, 3, whole=False, both=True),
    "softening": Range(0, 3, whole=False, both=True),
    "practice": Range(0, 3, whole=False, both=True),
    "touch": Range(-1, 1, whole=True, both=True),
    "message": Range(-1, 1, whole=True, both=True),
    "voice": Range(-1, 1, whole=True, both=True),
    "harshness": Range(-1, 1, whole=True, both=True),
    "life_event": Range(-3, 3, whole=False, both=True),
    "there": Range(0, 1, whole=True, both=False),
    "moved": Range(0, 1, whole=True, both=False),
    "mark": Range(0, 1, whole=True, both=False),
    "rung": Range(0, 6, whole=True, both=False),
    "heart": Range(-8, 8, whole=False, both=False),
    "together": Range(0, 1, whole=False, both=True),
    "kept": Range(0, 1, whole=True, both=True),
    "broken": Range(0, 1, whole=True, both=True),
    "repaired": Range(0, 1, whole=True, both=True),
    "truthful": Range(0, 1, whole=True, both=True),
    "frightening": Range(0, 1, whole=True, both=True),
}
KINDS: Final = tuple(_RANGES)
CODES: Final = {kind: code for code, kind in enumerate(KINDS)}
MOST: Final = 1_000_000
LONGEST_DAYS: Final = 40_000.0


class Journal(NamedTuple):
    """A couple's answers and events in order of time: four arrays of one length n.

    ``time_days`` float64[n], days from any origin, strictly in order (equal times are allowed between different
    partners or kinds); ``partner`` int8[n], 0 a, 1 b, 2 both; ``kind`` int8[n], an index into ``KINDS``; ``value``
    float64[n] in the unit of its kind.
    """

    time_days: NDArray[np.float64]
    partner: NDArray[np.int8]
    kind: NDArray[np.int8]
    value: NDArray[np.float64]


def journal(rows: Iterable[tuple[float, str | int, str | int, float]]) -> Journal:
    """Make a checked journal of rows ``(time_days, partner, kind, value)``; names or numbers, in any order of time.

    Raises ``BadInput`` where a row says something the kind does not allow (see ``check``).
    """
    listed = list(rows)
    try:
        partner = [PARTNERS.index(who) if isinstance(who, str) else int(who) for _, who, _, _ in listed]
    except ValueError:
        raise BadInput("partner must be a, b or both", field="partner", reason="unknown") from None
    try:
        kind = [CODES[what] if isinstance(what, str) else int(what) for _, _, what, _ in listed]
    except KeyError as unknown:
        raise BadInput(f"{unknown} is no kind; one of {', '.join(KINDS)}", field="kind", reason="unknown") from None
    time = np.array([row[0] for row in listed], dtype=np.float64)
    order = np.argsort(time, kind="stable")
    return check(
        Journal(
            time[order],
            np.array(partner, dtype=np.int8)[order],
            np.array(kind, dtype=np.int8)[order],
            np.array([row[3] for row in listed], dtype=np.float64)[order],
        )
    )


def check(entries: Journal) -> Journal:
    """Return the journal with its arrays in their types, or say what is wrong with it and where.

    Raises ``BadInput`` (``field`` names the array): lengths differ; a time is not finite, out of order, or the
    journal spans more than 40,000 days; an unknown partner or kind; a value outside its kind's range; the same partner,
    kind and time twice. ``TooLong``: more than a million rows.
    """
    time = np.ascontiguousarray(entries.time_days, dtype=np.float64)
    value = np.ascontiguousarray(entries.value, dtype=np.float64)
    partner, kind = _codes(entries.partner, "partner", 2), _codes(entries.kind, "kind", len(KINDS) - 1)
    if any(column.ndim != 1 or column.size != time.size for column in (time, partner, kind, value)):
        raise BadInput("the four columns must be of one length", field="time_days", reason="length")
    if time.size > MOST:
        raise TooLong(f"{time.size} rows; at most {MOST}", field="time_days", reason="too_many")
    if time.size == 0:
        return Journal(time, partner, kind, value)
    if not np.isfinite(time).all():
        raise BadInput("a time is missing or infinite; every row needs one", field="time_days", reason="missing")
    if (np.diff(time) < 0).any():
        row = int(np.argmax(np.diff(time) < 0)) + 1
        raise BadInput(f"row {row} is earlier than the row before: sort by time", field="time_days", reason="order")
    if time[-1] - time[0] > LONGEST_DAYS:
        raise BadInput(
            "the journal spans more than 40,000 days: are the times in days?", field="time_days", reason="span"
        )
    _check_values(partner, kind, value)
    _check_twice(time, partner, kind)
    return Journal(time, partner, kind, value)


def _codes(column: NDArray[np.int8], field: str, highest: int) -> NDArray[np.int8]:
    wide = np.ascontiguousarray(column)
    if wide.size and (not np.isfinite(wide).all() or wide.min() < 0 or wide.max() > highest or (wide % 1 != 0).any()):
        raise BadInput(f"{field} must be whole numbers from 0 to {highest}", field=field, reason="unknown")
    return wide.astype(np.int8)


def _check_values(partner: NDArray[np.int8], kind: NDArray[np.int8], value: NDArray[np.float64]) -> None:
    for code in np.unique(kind):
        name, here = KINDS[code], kind == code
        limits, given = _RANGES[name], value[here]
        given = given[~np.isnan(given)]
        if given.size and (given.min() < limits.low or given.max() > limits.high):
            wrong = given[(given < limits.low) | (given > limits.high)][0]
            raise BadInput(
                f"{name} of {wrong:g}; it goes from {limits.low:g} to {limits.high:g}", field="value", reason="range"
            )
        if limits.whole and (given % 1 != 0).any():
            raise BadInput(f"{name} takes whole steps, not {given[given % 1 != 0][0]:g}", field="value", reason="whole")
        if not limits.both and (partner[here] == BOTH).any():
            raise BadInput(f"{name} is of one partner: a or b", field="partner", reason="both")


def _check_twice(time: NDArray[np.float64], partner: NDArray[np.int8], kind: NDArray[np.int8]) -> None:
    order = np.lexsort((partner, kind, time))
    same = (np.diff(time[order]) == 0) & (np.diff(kind[order]) == 0) & (np.diff(partner[order]) == 0)
    if same.any():
        row = int(order[1:][same].min())
        raise BadInput(
            f"row {row} repeats the {KINDS[kind[row]]} of {PARTNERS[partner[row]]} at {time[row]:g} days",
            field="time_days",
            reason="twice",
        )


def present(entries: Journal) -> Journal:
    """The journal without its open answers (NaN)."""
    here = ~np.isnan(entries.value)
    return entries if here.all() else chosen(entries, here)


def chosen(entries: Journal, rows: NDArray[np.bool_] | NDArray[np.int64] | slice) -> Journal:
    """Some rows of a journal, in their order."""
    return Journal(entries.time_days[rows], entries.partner[rows], entries.kind[rows], entries.value[rows])


def mirrored(entries: Journal) -> Journal:
    """The same journal with the partners' names exchanged."""
    swapped = np.where(entries.partner == BOTH, BOTH, 1 - entries.partner).astype(np.int8)
    return entries._replace(partner=swapped)


def counts(entries: Journal, kind: str) -> tuple[int, int]:
    """How many answered entries of ``kind`` each partner has."""
    here = (entries.kind == CODES[kind]) & ~np.isnan(entries.value)
    return tuple(int(((entries.partner == who) & here).sum()) for who in (A, B))  # type: ignore[return-value]


def span_days(entries: Journal) -> float:
    """Days between the first and the last entry; 0 for an empty journal."""
    return float(entries.time_days[-1] - entries.time_days[0]) if entries.time_days.size else 0.0


def finite(number: float, field: str) -> float:
    """``number`` if it is finite, else ``BadInput`` naming ``field``."""
    if not math.isfinite(number):
        raise BadInput(f"{field} must be a finite number", field=field, reason="finite")
    return number
