"""Which unit a column of intervals or times is in, where its numbers leave no doubt, and what is said about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from toward.errors import UnreadableFile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

INTERVAL_UNITS_MS: Final = {"ms": 1.0, "s": 1000.0, "us": 0.001, "ns": 1e-6, "1/1024 s": 1000.0 / 1024.0}
TIME_UNITS_S: Final = {"s": 1.0, "ms": 0.001, "us": 1e-6, "ns": 1e-9}

_NAMED: Final = (
    ("1/1024 s", re.compile(r"1\s*/\s*1024", re.IGNORECASE)),
    ("ns", re.compile(r"(?:^|[^a-z])(?:ns|nanos\w*)(?:$|[^a-z])", re.IGNORECASE)),
    ("us", re.compile(r"(?:^|[^a-z])(?:us|\u00b5s|\u03bcs|micros\w*)(?:$|[^a-z])", re.IGNORECASE)),
    ("ms", re.compile(r"(?:^|[^a-z])(?:ms|msec|millis\w*)(?:$|[^a-z])", re.IGNORECASE)),
    ("s", re.compile(r"(?:^|[^a-z])(?:s|sec|secs|seconds?)(?:$|[^a-z])", re.IGNORECASE)),
)

SHORTEST_MS: Final = 240.0
LONGEST_MS: Final = 2500.0
"""250 and 24 beats a minute: a typical interval lies between, whoever it is."""
LONGEST_GAP_S: Final = 86_400.0
"""A clock that jumps by more than a day is no clock of one recording."""
EARLIEST_S: Final = 1.2e9
LATEST_S: Final = 4.1e9
"""Seconds since 1970, from 2008 to 2099: no clock that counts from a recording's start or from 2000 gets there."""
TICK_RATIO: Final = 1.024
"""Milliseconds of an interval over its ticks of 1/1024 s, the other way round."""


def unit_named(name: str) -> str | None:
    """The unit that a column's name ends with or holds in brackets: "RR [ms]", "time_s", "RR (1/1024 s)"; None if none.

    >>> unit_named("RR-interval [ms]"), unit_named("rr_s"), unit_named("RR")
    ('ms', 's', None)
    """
    bracket = re.search(r"[\[(]([^\])]*)[\])]\s*$", name)
    text = bracket.group(1) if bracket else name.rsplit("_", 1)[1] if "_" in name else ""
    for unit, pattern in _NAMED:
        if pattern.search(text):
            return unit
    return None


def interval_unit(values: Floats, named: str | None, where: str) -> tuple[str, bool]:
    """The unit of intervals, and whether it was read from their size alone.

    values: float64[n], as they stand in the file. No heart's typical interval is below 240 or above 2500 ms, so the
    median tells seconds, milliseconds, micro- and nanoseconds apart for certain. Ticks of 1/1024 s can't be told from
    milliseconds by size; see `ticks_by_clock`. A name that the numbers contradict is overruled by them. Raises
    ``UnreadableFile`` if no unit fits.
    """
    usable = values[np.isfinite(values) & (values > 0)]
    if usable.size == 0:
        raise UnreadableFile(f"{where}: there is no interval in it.", reason="empty")
    typical = float(np.median(usable))
    if named is not None and SHORTEST_MS <= typical * INTERVAL_UNITS_MS[named] <= LONGEST_MS:
        return named, False
    for unit in ("ms", "s", "us", "ns"):
        if SHORTEST_MS <= typical * INTERVAL_UNITS_MS[unit] <= LONGEST_MS:
            return unit, named is not None or unit != "ms"
    raise UnreadableFile(
        f"{where}: a typical number is {typical:g}, which is no heart's interval in any unit. Is it the right column?",
        reason="unit",
    )


def ticks_by_clock(intervals: Floats, stamps_s: Floats) -> bool:
    """Whether intervals that pass for milliseconds are ticks of 1/1024 s, by the clock that stands beside them.

    intervals: float64[n]. stamps_s: float64[n], when each came, rising. The intervals after a stamp add up to the
    time until the last one; ticks taken for milliseconds add up to 1.024 times that. Believed within a quarter of the
    difference, and only where nothing is missing: beats that were lost make the sum too small, never too large.
    """
    if intervals.size < 60 or not (np.isfinite(intervals).all() and np.isfinite(stamps_s).all()):  # noqa: PLR2004 - a minute
        return False
    passed = float(stamps_s[-1] - stamps_s[0])
    if passed <= 0:
        return False
    ratio = float(intervals[1:].sum()) / 1000.0 / passed
    return abs(ratio - TICK_RATIO) < (TICK_RATIO - 1) / 4


def since_1970_ms(stamp_s: float) -> float | None:
    """The moment that a stamp says, in milliseconds since 1970; None for one that counts from somewhere else.

    >>> since_1970_ms(1_767_225_600.0), since_1970_ms(36_000.0)
    (1767225600000.0, None)
    """
    return 1000.0 * stamp_s if EARLIEST_S <= stamp_s < LATEST_S else None


def time_unit(stamps: Floats, named: str | None, *, kind: str, where: str) -> tuple[str, bool]:
    """The unit of time stamps, and whether it was read from their steps alone.

    stamps: float64[n], as they stand in the file. kind: "samples" (a step lies between 0.5 and 50 ms), "frames" (4 to
    500 ms) or "beats" (200 to 3000 ms): none reaches over a factor
    of 1000, so at most one unit fits. Raises ``UnreadableFile`` if no unit fits.
    """
    least_s, most_s = {"samples": (0.0005, 0.05), "frames": (0.004, 0.5), "beats": (0.2, 3.0)}[kind]
    steps = np.diff(stamps[np.isfinite(stamps)])
    if np.count_nonzero(steps < 0) > np.count_nonzero(steps > 0):
        raise UnreadableFile(f"{where}: its time runs backwards.", reason="time")
    steps = steps[steps > 0]
    if steps.size == 0:
        raise UnreadableFile(f"{where}: its time does not go on.", reason="time")
    step = float(np.median(steps))
    if named in TIME_UNITS_S and least_s <= step * TIME_UNITS_S[named] <= most_s:
        return named, False
    fitting = [unit for unit, size in TIME_UNITS_S.items() if least_s <= step * size <= most_s]
    if len(fitting) == 1 and (named is None or fitting[0] != named):
        return fitting[0], True
    raise UnreadableFile(
        f"{where}: a step of time is {step:g}; that fits no unit, or more than one. "
        "Write the unit into the column's name, as in time_ms.",
        reason="unit",
    )
