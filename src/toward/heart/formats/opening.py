"""From a path to a recording: say what the file is, and hand out its pieces."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from toward.errors import BadInput, NotFound, UnreadableFile
from toward.heart.formats import ndjson, wfdb
from toward.heart.formats.fit import is_fit, open_fit
from toward.heart.formats.intervals import open_intervals
from toward.heart.formats.opened import Note, Opened, Recording
from toward.heart.formats.signals import open_camera, open_signal
from toward.heart.formats.tables import Table, look_at
from toward.heart.formats.text import lines
from toward.heart.formats.watch import about, open_watch
from toward.heart.recording import Beats, CameraFrames, Ecg, Ppg

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMATS: Final = ("auto", "rr", "ecg", "ppg", "camera", "wfdb", "fit", "ndjson")
LONGEST_RATE_HZ: Final = 20_000.0


class Reading(NamedTuple):
    """A file, read."""

    recording: Recording
    format: str
    started_ms: float | None
    notes: tuple[Note, ...]


def read(
    path: str | Path,
    *,
    format: str = "auto",  # noqa: A002 - the word of the command line
    rate_hz: float | None = None,
    column: str | None = None,
    unit: str | None = None,
) -> Reading:
    """Read a whole recording; see `open_recording` for what each argument means and what is raised.

    An ECG of a day at 250 Hz takes 170 MB in this way; `open_recording` gives it in pieces.
    """
    opened = open_recording(path, format=format, rate_hz=rate_hz, column=column, unit=unit)
    return Reading(joined(opened.pieces()), opened.format, opened.started_ms, tuple(opened.notes))


def joined(pieces: Iterator[Recording]) -> Recording:
    """One recording of pieces that follow one another. Raises ``UnreadableFile`` if there are none."""
    held = list(pieces)
    if not held:
        raise UnreadableFile("There is nothing in this recording.", reason="empty")
    first = held[0]
    if isinstance(first, (Ecg, Ppg)):
        return type(first)(np.concatenate([p.samples for p in held if isinstance(p, (Ecg, Ppg))]), first.rate_hz)
    if isinstance(first, CameraFrames):
        frames = [p for p in held if isinstance(p, CameraFrames)]
        return CameraFrames(*(np.concatenate(parts) for parts in zip(*frames, strict=True)))
    return first


def open_recording(
    path: str | Path,
    *,
    format: str = "auto",  # noqa: A002 - the word of the command line
    rate_hz: float | None = None,
    column: str | None = None,
    unit: str | None = None,
) -> Opened:
    """Say what a file is, and give it in pieces of bounded size.

    path: a file, or a WFDB record's name without an ending. format: one of `FORMATS`. rate_hz: samples a second, for
    a table without a time column (and it overrules one). column: the name of the signal or interval column, or of a
    WFDB signal, where there are several. unit: of intervals, "ms", "s", "us", "ns" or "1/1024 s", where the file
    doesn't say.

    Raises ``NotFound`` for no such file, ``UnreadableFile`` for one that isn't what it should be, ``BadInput`` for an
    argument that does not fit it; each says what to do. The same errors may come later, from the pieces, for what is
    wrong further on.
    """
    path = Path(path)
    if format not in FORMATS:
        raise BadInput(f"{format} is no format; there are {', '.join(FORMATS)}.", field="format", reason="format")
    if rate_hz is not None and not 0 < rate_hz <= LONGEST_RATE_HZ:
        raise BadInput("The rate must be above 0 and at most 20,000 samples a second.", field="rate", reason="rate")
    record = _record(path)
    if format == "wfdb" or (format == "auto" and record is not None):
        if record is None:
            raise NotFound(f"There is no WFDB record {path}. Name its .hea file.")
        return _open_annotations(record) if record.suffix != ".hea" else _open_wfdb(record, column)
    if not path.is_file():
        raise NotFound(f"There is no file {path}.")
    own = _open_by_start(path, format, rate_hz)
    if own is not None:
        return own
    table = look_at(path)
    kind = format if format != "auto" else _kind(table, column, path)
    if kind == "rr":
        return open_intervals(path, table, column, unit)
    if kind == "camera":
        return open_camera(path, table)
    return open_signal(path, table, kind, rate_hz, column)


def _open_by_start(path: Path, format: str, rate_hz: float | None) -> Opened | None:  # noqa: A002 - as above
    """A file that says by its first bytes or lines what it is; None for a table."""
    if format == "fit" or (format == "auto" and is_fit(path)):
        return open_fit(path)
    if format == "ndjson" or (format == "auto" and _starts_with_brace(path)):
        return _open_ndjson(path)
    told = about(path) if format in {"auto", "ecg"} else None
    return None if told is None else open_watch(path, told, rate_hz)


def _record(path: Path) -> Path | None:
    """The header, or the annotation file, that a path means; None if it means neither."""
    if path.suffix in {".atr", ".qrs"} and path.is_file():
        return path
    if path.suffix in {".hea", ".dat"} and path.with_suffix(".hea").is_file():
        return path.with_suffix(".hea")
    beside = path.with_name(path.name + ".hea")
    return beside if not path.is_file() and beside.is_file() else None


def _starts_with_brace(path: Path) -> bool:
    with path.open("rb") as source:
        return source.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def _kind(table: Table, column: str | None, path: Path) -> str:
    """What a table holds, by the names of its columns; numbers without names are intervals."""
    if column is not None:
        role = table.role(_named(table, column, path))
        return role if role in {"rr", "ecg", "ppg"} else "ecg"
    if not table.names:
        return "rr"
    if all(table.columns(colour) for colour in ("red", "green", "blue")) and table.columns("time"):
        return "camera"
    for role in ("rr", "ecg", "ppg"):
        if table.columns(role):
            return role
    if table.columns("rate"):
        raise UnreadableFile(
            f"{path.name} holds heart rates, which are means of many beats. Beats or intervals are needed.",
            reason="rate",
        )
    raise UnreadableFile(
        f"{path.name} has the columns {', '.join(table.names)}. Name the one that holds the signal with --column, "
        "and what it is with --format.",
        reason="column",
    )


def _named(table: Table, column: str, path: Path) -> int:
    names = [name.casefold() for name in table.names]
    if column.casefold() not in names:
        told = ", ".join(table.names) or "no names"
        raise BadInput(f"{path.name} has no column {column}; it has {told}.", field="column", reason="column")
    return names.index(column.casefold())


def _open_ndjson(path: Path) -> Opened:
    first = next(lines(path), None)
    if first is None:
        raise UnreadableFile(f"{path.name} is empty.", reason="empty")
    opening = ndjson.read_opening(first[1], path.name)

    def pieces() -> Iterator[Recording]:
        rows = islice(lines(path), 1, None)
        if opening.kind == "beats":
            yield ndjson.beats_of(rows, path.name)
        else:
            yield from ndjson.frames_of(rows, path.name)

    return Opened("ndjson", "rr" if opening.kind == "beats" else "camera", None, opening.started_ms, 0, [], pieces)


def _open_wfdb(path: Path, column: str | None) -> Opened:
    header = wfdb.read_header(path)
    names = tuple(signal.name for signal in header.signals)
    table = Table(names, None, comma=False, first_row=0)
    if column is not None:
        index = _named(table, column, path)
    else:
        known = table.best("ecg") or table.best("ppg")
        if not known:
            raise UnreadableFile(
                f"{path.name} has the signals {', '.join(names)}. Name the one to read with --column.", reason="column"
            )
        index = known[0]
    shape = Ppg if table.role(index) == "ppg" else Ecg

    def pieces() -> Iterator[Recording]:
        for samples in wfdb.samples_of(header, index):
            yield shape(samples, header.rate_hz)

    kind = "ppg" if shape is Ppg else "ecg"
    return Opened(
        "wfdb", kind, header.rate_hz, None, header.frames or 0, [Note("signal", {"name": names[index]})], pieces
    )


def _open_annotations(path: Path) -> Opened:
    """Beats that somebody annotated; the header beside them has their rate."""
    header = wfdb.read_header(path.with_suffix(".hea"))

    def pieces() -> Iterator[Recording]:
        found = wfdb.read_annotations(path)
        kind = np.array([int(letter in wfdb.ECTOPIC_LETTERS) for letter in found.letter], np.int8)
        yield Beats(found.sample / header.rate_hz, kind, np.zeros((0, 2)))

    return Opened("wfdb", "rr", None, None, 0, [], pieces)
