"""Tables of samples: an ECG or a light signal, or one row a camera frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from toward.errors import BadInput, UnreadableFile
from toward.heart.formats.opened import Note, Opened
from toward.heart.formats.tables import columns_of, rows_about
from toward.heart.formats.units import LONGEST_GAP_S, TIME_UNITS_S, since_1970_ms, time_unit, unit_named
from toward.heart.recording import CameraFrames, Ecg, Ppg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from toward.heart.formats.opened import Recording
    from toward.heart.formats.tables import Table

    Floats = NDArray[np.float64]

GAP_STEPS: Final = 1.5
"""A step of time longer than this many usual ones has samples missing in it."""
WHOLE_RATE: Final = 2e-3
DISORDER: Final = 0.05
"""A larger share of rows out of order is not a late frame or two."""


def open_signal(path: Path, table: Table, kind: str, rate_hz: float | None, column: str | None) -> Opened:
    """An ECG or PPG column; see `toward.heart.formats.open_recording`. Missing samples become NaN in their places."""
    own = _column(path, table, kind, column)
    clocks = [i for i in table.columns("time") if i != own] if table.names else []
    notes: list[Note] = []
    if table.names:
        notes.append(Note("signal", {"name": table.names[own]}))
    shape = Ppg if kind == "ppg" else Ecg
    if rate_hz is not None or not clocks:
        if rate_hz is None:
            raise BadInput(f"{path.name} has no time column: say how many samples a second with --rate.", field="rate")
        given = rate_hz

        def even() -> Iterator[Recording]:
            for piece in columns_of(path, table, [own]):
                yield shape(piece[:, 0].copy(), given)

        return Opened(kind, kind, given, None, rows_about(path, table), notes, even)
    clock, first = _first_clock(path, table, clocks)
    name = table.names[clock]
    unit, by_size = time_unit(first[:, 0], unit_named(name), kind="samples", where=path.name)
    if by_size:
        notes.append(Note("time_unit", {"unit": unit}))
    stamps = first[:, 0] * TIME_UNITS_S[unit]
    step_s, longest_s = _usual_steps(stamps)

    def timed() -> Iterator[Recording]:
        for samples in _placed(
            columns_of(path, table, [clock, own], clocks=(clock,)),
            TIME_UNITS_S[unit],
            (step_s, longest_s),
            path.name,
            notes,
        ):
            yield shape(samples, 1 / step_s)

    return Opened(kind, kind, 1 / step_s, _begun_ms(stamps), rows_about(path, table), notes, timed)


def _begun_ms(stamps_s: Floats) -> float | None:
    """When the first sample was taken, in milliseconds since 1970, if the clock counts from there."""
    known = stamps_s[np.isfinite(stamps_s)]
    return since_1970_ms(float(known[0])) if known.size else None


def _first_clock(path: Path, table: Table, clocks: list[int]) -> tuple[int, Floats]:
    """The first time column of numbers, else of hours or dates, and its first piece: float64[n, 1]."""
    wrong: list[UnreadableFile] = []
    for read_as in ((), tuple(clocks)):
        for clock in clocks:
            try:
                return clock, next(columns_of(path, table, [clock], clocks=read_as))
            except UnreadableFile as error:
                wrong.append(error)
    raise wrong[0]


def _column(path: Path, table: Table, kind: str, column: str | None) -> int:
    if column is not None:
        folded = [name.casefold() for name in table.names]
        if column.casefold() not in folded:
            told = ", ".join(table.names) or "no names"
            raise BadInput(f"{path.name} has no column {column}; it has {told}.", field="column", reason="column")
        return folded.index(column.casefold())
    if not table.names:
        return 0
    found = table.best(kind) or [i for i in range(len(table.names)) if table.role(i) != "time"]
    if len(found) > 1 and not table.columns(kind):
        told = ", ".join(table.names)
        raise BadInput(f"{path.name} has the columns {told}. Name one with --column.", field="column", reason="column")
    if not found:
        raise UnreadableFile(f"{path.name} has no column but its time.", reason="column")
    return found[0]


def _usual_steps(stamps_s: Floats) -> tuple[float, float]:
    """The mean step while nothing is missing, and the longest that is still one step.

    Stamps are often rounded, so that some steps are nothing and the others are the grain of the rounding: the mean
    over both is the step, and the grain says what a gap is.
    """
    steps = np.diff(stamps_s[np.isfinite(stamps_s)])
    steps = steps[steps >= 0]
    grain = float(np.median(steps[steps > 0]))
    step = float(steps[steps < GAP_STEPS * grain].mean())
    # A rate as near to a whole number as the rounding lets one see is that number.
    whole = round(1 / step)
    near = min(max(1e-4, 2 * grain / float(steps.sum())), WHOLE_RATE)
    return (1 / whole if whole and abs(whole * step - 1) < near else step), GAP_STEPS * grain


def _placed(
    pieces: Iterator[Floats], unit_s: float, steps_s: tuple[float, float], where: str, notes: list[Note]
) -> Iterator[Floats]:
    """Samples in a row, with NaN for those whose time passed without them; rows out of order are left out."""
    step_s, longest_s = steps_s
    last = -np.inf
    seen = disordered = gaps = 0
    for piece in pieces:
        stamps = piece[:, 0] * unit_s
        reached = np.maximum.accumulate(np.where(np.isnan(stamps), -np.inf, stamps))
        late = np.isnan(stamps) | (stamps < np.maximum(reached, last))
        seen += stamps.size
        disordered += int(np.count_nonzero(late))
        if disordered > DISORDER * seen and disordered > 1:
            raise UnreadableFile(f"{where}: its time runs backwards in many places.", reason="time")
        kept, values = stamps[~late], piece[~late, 1]
        if kept.size == 0:
            continue
        steps = np.diff(kept, prepend=kept[0] if np.isinf(last) else last)
        out: list[Floats] = []
        start = 0
        for at in np.flatnonzero(steps > longest_s):
            if steps[at] > LONGEST_GAP_S:
                raise UnreadableFile(f"{where}: its time jumps by more than a day.", reason="time")
            out += [values[start:at], np.full(max(round(float(steps[at]) / step_s) - 1, 0), np.nan)]
            start = int(at)
            gaps += 1
        last = float(kept[-1])
        yield np.concatenate([*out, values[start:]])
    if gaps:
        notes.append(Note("gaps", {"n": gaps}))
    if disordered:
        notes.append(Note("disorder", {"n": disordered}))


def open_camera(path: Path, table: Table) -> Opened:
    """Camera frames: time, R, G, B. Frames out of order or without a colour are left out; a few are usual."""
    roles = ("time", "red", "green", "blue")
    if any(not table.columns(role) for role in roles):
        told = ", ".join(table.names) or "no names"
        raise UnreadableFile(f"{path.name} needs columns for time, R, G and B; it has {told}.", reason="column")
    wanted = [table.columns(role)[0] for role in roles]
    wanted[0], first = _first_clock(path, table, table.columns("time"))
    unit, by_size = time_unit(first[:, 0], unit_named(table.names[wanted[0]]), kind="frames", where=path.name)
    notes = [Note("time_unit", {"unit": unit})] if by_size else []

    def pieces() -> Iterator[Recording]:
        last = -np.inf
        seen = disordered = 0
        for piece in columns_of(path, table, wanted, clocks=(wanted[0],)):
            stamps = piece[:, 0] * TIME_UNITS_S[unit]
            whole = np.isfinite(piece).all(axis=1)
            before = np.concatenate(([last], np.maximum.accumulate(np.where(whole, stamps, last))[:-1]))
            good = whole & (stamps > np.maximum(before, last))
            seen += stamps.size
            disordered += int(np.count_nonzero(~good))
            if disordered > DISORDER * seen and disordered > 1:
                raise UnreadableFile(f"{path.name}: many of its frames are out of order or broken.", reason="time")
            if good.any():
                if np.diff(stamps[good], prepend=stamps[good][0] if np.isinf(last) else last).max() > LONGEST_GAP_S:
                    raise UnreadableFile(f"{path.name}: its time jumps by more than a day.", reason="time")
                last = float(stamps[good][-1])
                yield CameraFrames(stamps[good], *(np.ascontiguousarray(piece[good, i]) for i in (1, 2, 3)))
        if disordered:
            notes.append(Note("disorder", {"n": disordered}))

    begun_ms = _begun_ms(first[:, 0] * TIME_UNITS_S[unit])
    return Opened("camera", "camera", None, begun_ms, rows_about(path, table), notes, pieces)
