"""The program's own recordings: one JSON object a line, so that a file which stops in the middle is good up to there.

The first line says what follows; t_ms counts milliseconds from `started_ms`, which are milliseconds since 1970 (leave
it out where the hour is nobody's business; then two files can be compared only as if they had begun together):

    {"toward": "heart", "version": 1, "kind": "beats", "started_ms": 1767225600000}

Of kind "beats", each line is what a strap sent at that moment: the intervals that had ended by then, in milliseconds.
`gap` says that nothing was heard since the line before; without it, a silence shows by itself when the intervals
don't fill the time.

    {"t_ms": 1030, "rr_ms": [812.5, 790.0]}
    {"t_ms": 61000, "rr_ms": [801.8], "gap": true}

Of kind "frames", each line is the mean colour of one camera frame, 0 to 255:

    {"t_ms": 33.4, "r": 201.3, "g": 12.1, "b": 9.8}

Members that a reader doesn't know are left alone. A line that is cut off at the end of the file is left out; one in
the middle, or another version, is an error.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeGuard

import numpy as np

from toward.errors import UnreadableFile
from toward.heart.formats.units import LONGEST_GAP_S
from toward.heart.recording import Beats, CameraFrames

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

VERSION: Final = 1
SILENCE_S: Final = 2.5
"""Radio delivers late by a second or so; more than this between the clock and the intervals is a silence."""
PIECE_ROWS: Final = 16_384


class Opening(NamedTuple):
    """The first line."""

    kind: str
    """beats or frames."""
    started_ms: float | None


def read_opening(line: str, where: str) -> Opening:
    """Understand the first line. Raises ``UnreadableFile`` if it isn't one of ours, or of a later version."""
    first = _member(line, where, 1)
    if first.get("toward") != "heart" or first.get("kind") not in {"beats", "frames"}:
        raise UnreadableFile(
            f"{where}: the first line doesn't say that this is a recording of a heart.", reason="ndjson"
        )
    if first.get("version") != VERSION:
        raise UnreadableFile(f"{where} was written by a later version. Bring Toward up to date.", reason="version")
    started = first.get("started_ms")
    return Opening(first["kind"], float(started) if _is_number(started) else None)


def beats_of(rows: Iterator[tuple[int, str]], where: str) -> Beats:
    """The beats of all lines after the first: stamps that add up, and a gap wherever they can't.

    Within a stretch without silence, a beat's time is that of the first packet plus the intervals since: the radio's
    jitter doesn't reach them. After a silence the clock of the packets is believed again.
    """
    times: list[float] = []
    gaps: list[tuple[float, float]] = []
    last_packet = -np.inf
    for number, member in _members(rows, where):
        packet = _time(member, number, where) / 1000.0
        intervals = member.get("rr_ms")
        if not isinstance(intervals, list) or not all(_is_number(rr) and 0 < rr < 60_000 for rr in intervals):  # noqa: PLR2004
            raise UnreadableFile(f"{where}, line {number}: rr_ms must be a list of milliseconds.", reason="ndjson")
        if packet < last_packet:
            raise UnreadableFile(f"{where}, line {number}: its time runs backwards.", reason="time")
        if packet - last_packet > LONGEST_GAP_S and np.isfinite(last_packet):
            raise UnreadableFile(f"{where}, line {number}: its time jumps by more than a day.", reason="time")
        last_packet = packet
        if not intervals:
            continue
        steps = np.cumsum(np.array(intervals, np.float64) / 1000.0)
        new_start = packet - float(steps[-1])
        if not times:
            times.append(new_start)
        elif member.get("gap") is True or new_start - times[-1] > SILENCE_S:
            began = max(new_start, times[-1] + 0.001)
            gaps.append((times[-1], began))
            times.append(began)
        times.extend((times[-1] + steps).tolist())
    if len(times) < 2:  # noqa: PLR2004 - an interval has two ends
        raise UnreadableFile(f"{where}: there is no beat in it.", reason="empty")
    time_s = np.array(times)
    return Beats(time_s, np.zeros(time_s.size, np.int8), np.array(gaps, np.float64).reshape(-1, 2))


def frames_of(rows: Iterator[tuple[int, str]], where: str) -> Iterator[CameraFrames]:
    """Pieces of the camera's frames; one that is out of order is left out, as a camera's late frame is."""
    held: list[tuple[float, ...]] = []
    last = -np.inf
    dropped = seen = 0
    for number, member in _members(rows, where):
        stamp = _time(member, number, where) / 1000.0
        colours = [float(colour) for colour in map(member.get, "rgb") if _is_number(colour)]
        if len(colours) < len("rgb"):
            raise UnreadableFile(f"{where}, line {number}: r, g and b must be numbers.", reason="ndjson")
        seen += 1
        if stamp <= last:
            dropped += 1
            continue
        if stamp - last > LONGEST_GAP_S and np.isfinite(last):
            raise UnreadableFile(f"{where}, line {number}: its time jumps by more than a day.", reason="time")
        last = stamp
        held.append((stamp, *colours))
        if len(held) == PIECE_ROWS:
            yield CameraFrames(*np.array(held).T.copy())
            held = []
    if dropped * 20 > seen:
        raise UnreadableFile(f"{where}: its time runs backwards in many places.", reason="time")
    if held:
        yield CameraFrames(*np.array(held).T.copy())


def _members(rows: Iterator[tuple[int, str]], where: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every line but one that is cut off at the very end."""
    held: tuple[int, str] | None = None
    for row in rows:
        if held is not None:
            yield held[0], _member(held[1], where, held[0])
        held = row
    if held is not None:
        try:
            last = _member(held[1], where, held[0])
        except UnreadableFile:
            if held[1].rstrip().endswith("}"):
                raise
            return
        yield held[0], last


def _member(line: str, where: str, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise UnreadableFile(f"{where}, line {number}: this is no JSON object.", reason="ndjson")
    return found


def _time(member: dict[str, Any], number: int, where: str) -> float:
    stamp = member.get("t_ms")
    if not _is_number(stamp):
        raise UnreadableFile(f"{where}, line {number}: t_ms is missing.", reason="ndjson")
    return float(stamp)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300  # noqa: PLR2004
