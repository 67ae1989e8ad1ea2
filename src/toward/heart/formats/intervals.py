"""Files of intervals: one number after another, or a column of a table with or without a clock beside it."""

from __future__ import annotations

import csv
from itertools import permutations
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray  # fields of a NamedTuple are read at run time

from toward.errors import BadInput, UnreadableFile
from toward.heart.formats.opened import Note, Opened
from toward.heart.formats.tables import columns_of, loose_numbers
from toward.heart.formats.text import lines
from toward.heart.formats.units import (
    INTERVAL_UNITS_MS,
    LONGEST_GAP_S,
    TIME_UNITS_S,
    interval_unit,
    since_1970_ms,
    ticks_by_clock,
    time_unit,
    unit_named,
)
from toward.heart.recording import Beats, beats_from_rr

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from toward.heart.formats.opened import Recording
    from toward.heart.formats.tables import Table

Floats = NDArray[np.float64]

IMPLAUSIBLE_SHARE: Final = 0.5
"""More intervals than this which no heart has, and the column is something else."""
ENOUGH_ROWS: Final = 5
"""To tell what a column without a name holds."""
SILENCE_S: Final = 2.5
DAY_S: Final = 86_400.0
COARSE_S: Final = 600.0
"""Dates are often of whole seconds: only over so long can they tell ticks from milliseconds."""
SHORTEST_MS: Final = 200.0
LONGEST_MS: Final = 3000.0


def open_intervals(path: Path, table: Table, column: str | None, unit: str | None) -> Opened:
    """A file of intervals; see `toward.heart.formats.open_recording` for the arguments and errors.

    Which of two columns without a heading is the clock is seen from the numbers: a clock rises by its neighbour's
    intervals.
    """
    if unit is not None and unit not in INTERVAL_UNITS_MS:
        told = ", ".join(INTERVAL_UNITS_MS)
        raise BadInput(f"{unit} is no unit of intervals; there are {told}.", field="unit", reason="unit")
    notes: list[Note] = []
    beats, begun_s = _beats(path, table, column, unit, notes)

    def pieces() -> Iterator[Recording]:
        yield beats

    return Opened("rr", "rr", None, since_1970_ms(begun_s), 0, notes, pieces)


def _beats(path: Path, table: Table, column: str | None, unit: str | None, notes: list[Note]) -> tuple[Beats, float]:
    """All of them, from 0 on, and where that is on the clock beside them (0 where there is none)."""
    intervals, stamps, name, clock_name, is_date, first_s = _numbers(path, table, column)
    if not np.isfinite(intervals).any():
        raise UnreadableFile(f"{path.name}: there is no interval in it.", reason="empty")
    by_size = False
    if unit is None:
        unit, by_size = interval_unit(intervals, unit_named(name), path.name)
    rr_ms = intervals * INTERVAL_UNITS_MS[unit]
    stamps_s: Floats | None = None
    if stamps is not None:
        clock_unit = "s"
        if not is_date:
            clock_unit, _ = time_unit(stamps, unit_named(clock_name), kind="beats", where=path.name)
        stamps_s = stamps * TIME_UNITS_S[clock_unit]
        fine = not is_date or float(np.ptp(stamps_s)) > COARSE_S
        if unit == "ms" and unit_named(name) is None and fine and ticks_by_clock(rr_ms, stamps_s):
            unit, by_size = "1/1024 s", True
            rr_ms = intervals * INTERVAL_UNITS_MS[unit]
    if by_size:
        notes.append(Note({"s": "seconds", "1/1024 s": "ticks"}.get(unit, "micro"), {"unit": unit}))
    odd = ~((rr_ms >= SHORTEST_MS) & (rr_ms <= LONGEST_MS))
    if odd.mean() > IMPLAUSIBLE_SHARE:
        raise UnreadableFile(f"{path.name}: most of its numbers are no heart's intervals.", reason="unit")
    if stamps_s is None:
        return beats_from_rr(np.where(np.isfinite(rr_ms), rr_ms, np.nan)), 0.0
    beats, begun_s = _by_clock(rr_ms, stamps_s, path.name, notes)
    return beats, begun_s if is_date or np.isnan(first_s) else first_s - float(rr_ms[0]) / 1000.0


class Columns(NamedTuple):
    """What was found of intervals."""

    intervals: Floats
    """float64[n], as they stand."""
    stamps: Floats | None
    """float64[n], the clock beside them, as it stands."""
    name: str = ""
    clock_name: str = ""
    is_date: bool = False
    """The clock is of dates or hours, in seconds."""
    first_s: float = np.nan
    """What a date or an hour says where the first of the intervals ended, in seconds."""


def _numbers(path: Path, table: Table, column: str | None) -> Columns:
    """The intervals, the clock beside them if there is one, and both columns' names."""
    if table.names or column is not None:
        return _by_name(path, table, column)
    if table.delimiter is not None:
        return _by_look(path, table, np.concatenate(list(columns_of(path, table, _all_of(path, table)))))
    values = np.concatenate(list(loose_numbers(path, table)))
    pairs = values[: values.size // 2 * 2].reshape(-1, 2)
    if _is_clock(pairs[:, 0], pairs[:, 1]):
        return Columns(pairs[:, 1], pairs[:, 0])
    return Columns(values, None)


def _by_name(path: Path, table: Table, column: str | None) -> Columns:
    told = ", ".join(table.names) or "no names"
    if column is not None:
        folded = [name.casefold() for name in table.names]
        if column.casefold() not in folded:
            raise BadInput(f"{path.name} has no column {column}; it has {told}.", field="column", reason="column")
        own = folded.index(column.casefold())
    else:
        found = table.columns("rr")
        if not found:
            raise UnreadableFile(f"{path.name} has no column of intervals; it has {told}.", reason="column")
        own = found[0]
    name = table.names[own]
    clocks = [i for i in (*table.columns("time"), *table.columns("date")) if i != own]
    if not clocks:
        return Columns(np.concatenate(list(columns_of(path, table, [own])))[:, 0], None, name)
    plain = np.concatenate(list(columns_of(path, table, [own, *clocks])))
    every = np.concatenate(list(columns_of(path, table, [own, *clocks], clocks=tuple(clocks))))
    known = [place for place in range(1, len(clocks) + 1) if np.isfinite(every[:, place]).any()]
    if not known:
        return Columns(every[:, 0], None, name)
    # A clock of numbers is finer than one of dates, but only a date tells when it was.
    dates = [place for place in known if not np.isfinite(plain[:, place]).any()]
    own_clock = next((place for place in known if place not in dates), known[0])
    rows = every[np.isfinite(every[:, own_clock])]
    first_s = float(rows[0, dates[0]]) if dates else np.nan
    return Columns(
        rows[:, 0], rows[:, own_clock], name, table.names[clocks[own_clock - 1]], own_clock in dates, first_s
    )


def _by_look(path: Path, table: Table, rows: Floats) -> Columns:
    """One column; or two of which one is the other's clock; or numbers one after another, some to a line."""
    if rows.shape[0] == 1 and table.delimiter != ",":
        return Columns(rows[0], None)
    rows = rows[:, [i for i in range(rows.shape[1]) if not _is_beside(rows[:, i])]]
    width = rows.shape[1]
    if width == 1:
        return Columns(rows[:, 0], None)
    for clock, other in permutations(range(width), 2):
        if _is_clock(rows[:, clock], rows[:, other]):
            return Columns(rows[:, other], rows[:, clock])
    if table.delimiter == ",":
        return Columns(np.concatenate(list(loose_numbers(path, table))), None)
    raise UnreadableFile(f"{path.name} has {width} columns and no names for them.", reason="column")


def _all_of(path: Path, table: Table) -> list[int]:
    row = next(line for at, line in lines(path) if at >= table.first_row)
    return list(range(len(next(csv.reader([row], delimiter=table.delimiter or ",")))))


def _is_beside(column: Floats) -> bool:
    """Whether a column holds only words (N for a normal beat), or counts the rows."""
    return bool(np.isnan(column).all() or (column.size >= ENOUGH_ROWS and (np.diff(column) == 1.0).all()))


def _is_clock(stamps: Floats, intervals: Floats) -> bool:
    """Whether one column rises by what the other says, in units that differ by 1000 at most."""
    if stamps.size < ENOUGH_ROWS or not (np.isfinite(stamps).all() and np.isfinite(intervals).all()):
        return False
    steps = np.diff(stamps)
    if not (steps > 0).all() or not (intervals > 0).all():
        return False
    ratio = steps / intervals[1:]
    typical = float(np.median(ratio))
    near = min(abs(typical / scale - 1) for scale in (1.0, 1e3, 1e-3, 1.024, 1.024e-3, 1.024e3, 1 / 1.024))
    return near < 0.05 and float(np.mean(np.abs(ratio / typical - 1) < 0.2)) > 0.8  # noqa: PLR2004 - plainly the same


def _by_clock(rr_ms: Floats, stamps_s: Floats, where: str, notes: list[Note]) -> tuple[Beats, float]:
    """Beats from intervals with a clock: intervals set the times, the clock shows where some are missing."""
    first_s, stamps_s = float(stamps_s[0]), stamps_s - stamps_s[0]
    steps = np.diff(stamps_s)
    midnights = (steps < -0.5 * DAY_S) & (steps > -DAY_S)
    if midnights.any():  # a clock of hours without dates
        stamps_s = stamps_s + DAY_S * np.concatenate(([0.0], np.cumsum(midnights)))
        steps = np.diff(stamps_s)
    if steps.size and np.abs(steps).max() > LONGEST_GAP_S:
        raise UnreadableFile(f"{where}: its time jumps by more than a day.", reason="time")
    backwards = int(np.count_nonzero(steps < 0))
    if backwards * 20 > max(steps.size, 1):
        raise UnreadableFile(f"{where}: its time runs backwards.", reason="time")
    if backwards:
        notes.append(Note("disorder", {"n": backwards}))
    times: list[float] = []
    gaps: list[tuple[float, float]] = []
    for stamp, rr in zip(np.maximum.accumulate(stamps_s).tolist(), (rr_ms / 1000.0).tolist(), strict=True):
        if not 0 < rr < 60:  # noqa: PLR2004 - seconds; also false for NaN
            continue
        began = stamp - rr
        if not times:
            times.append(began)
        elif began - times[-1] > SILENCE_S:
            gaps.append((times[-1], began))
            times.append(began)
        times.append(times[-1] + rr)
    if gaps:
        notes.append(Note("gaps", {"n": len(gaps)}))
    time_s = np.array(times) - times[0]
    beats = Beats(time_s, np.zeros(time_s.size, np.int8), np.array(gaps).reshape(-1, 2) - times[0])
    return beats, first_s + times[0]
