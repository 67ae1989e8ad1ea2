"""PhysioNet's records: a header, signals in one of several packings, annotations of beats.

Written from the published description of the formats (physionet.org/physiotools/wag: header, signal, annot): records
of one segment, in each packing of `toward.heart.formats.packings`, and annotation files of the MIT kind.
"""

from __future__ import annotations

import re
from pathlib import Path  # with the next, fields of a NamedTuple are read at run time
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.errors import UnreadableFile
from toward.heart.formats.packings import MISSING, PACKINGS, bytes_of, group, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator

Floats = NDArray[np.float64]

PIECE_FRAMES: Final = 65_536
MOST_SIGNALS: Final = 256
BEATS: Final = {1: "N", 2: "L", 3: "R", 4: "a", 5: "V", 6: "F", 7: "J", 8: "A", 9: "S", 10: "E", 11: "j", 12: "/"} | {
    13: "Q",
    25: "B",
    30: "?",
    34: "e",
    35: "n",
    38: "f",
    41: "r",
}
"""Annotation codes that are beats, and their letters."""
ECTOPIC_LETTERS: Final = frozenset("aVFJASEjer?")
SKIP, NUM, SUB, CHN, AUX = 59, 60, 61, 62, 63


class Signal(NamedTuple):
    """One line of a header."""

    file: str
    packing: str
    gain: float
    """Steps of the converter for one unit."""
    baseline: float
    """Steps at zero."""
    first: int
    """Steps from which a signal of differences starts."""
    units: str
    name: str
    skipped: int
    """Bytes before the first sample."""


class Header(NamedTuple):
    """What the .hea says."""

    path: Path
    rate_hz: float
    frames: int | None
    """Samples a signal, if told."""
    signals: tuple[Signal, ...]


class Annotations(NamedTuple):
    """The beats of an annotation file."""

    sample: NDArray[np.int64]
    """int64[n], rising."""
    letter: tuple[str, ...]
    """PhysioNet's letter for each: N normal, V ventricular, A atrial, ..."""


def read_header(path: Path) -> Header:
    """Read a .hea file. Raises ``UnreadableFile`` for what isn't one, and for what isn't read here."""
    try:
        text = path.read_bytes()[:1_000_000].decode("latin-1")
    except FileNotFoundError:
        raise UnreadableFile(f"{path.name} is not there: a record needs its header.", reason="header") from None
    rows = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    try:
        return _header(path, rows)
    except (ValueError, IndexError, OverflowError) as error:
        raise UnreadableFile(f"{path.name} is not a WFDB header.", reason="header") from error


def _header(path: Path, rows: list[str]) -> Header:
    first = rows[0].split()
    if "/" in first[0]:
        raise UnreadableFile(f"{path.name} has several segments; name one of them.", reason="segments")
    count = int(first[1])
    rate_hz = float(re.split(r"[/(]", first[2])[0]) if len(first) > 2 else 250.0  # noqa: PLR2004 - the format's default
    frames = int(first[3]) if len(first) > 3 else 0  # noqa: PLR2004 - a place in a line
    if not 0 < count <= MOST_SIGNALS or not 0 < rate_hz < 1e6 or frames < 0:  # noqa: PLR2004 - no converter is faster
        raise UnreadableFile(f"{path.name} tells of no signal that can be read.", reason="header")
    signals = tuple(_signal(path, row) for row in rows[1 : 1 + count])
    if len(signals) < count:
        raise UnreadableFile(f"{path.name} is cut short: {count} signals are announced.", reason="header")
    return Header(path, rate_hz, frames or None, signals)


def _signal(path: Path, row: str) -> Signal:
    parts = row.split(maxsplit=8)
    shape = re.fullmatch(r"(\d+)(?:x(\d+))?(?::(\d+))?(?:\+(\d+))?", parts[1])
    if shape is None:
        raise ValueError(parts[1])
    packing, several, _skew, skipped = shape.groups()
    if packing not in PACKINGS or several not in {None, "1"}:
        raise UnreadableFile(
            f"{path.name}: signals of format {parts[1]} are not read here; {', '.join(PACKINGS)} are.",
            reason="packing",
        )
    if "/" in parts[0] or "\\" in parts[0]:
        raise UnreadableFile(f"{path.name} names a file in another folder.", reason="header")
    gain = re.fullmatch(r"([-+.\deE]+)(?:\(([-+\d]+)\))?(?:/(\S+))?", parts[2] if len(parts) > 2 else "0")  # noqa: PLR2004
    if gain is None:
        raise ValueError(parts[2])
    zero = parts[4] if len(parts) > 4 else "0"  # noqa: PLR2004 - a place in a line
    return Signal(
        file=parts[0],
        packing=packing,
        gain=float(gain.group(1)) or 200.0,
        baseline=float(gain.group(2) or zero),
        first=int(parts[5] if len(parts) > 5 else zero),  # noqa: PLR2004 - a place in a line
        units=gain.group(3) or "mV",
        name=parts[8].strip() if len(parts) > 8 else "",  # noqa: PLR2004 - a place in a line
        skipped=int(skipped or 0),
    )


def samples_of(header: Header, index: int) -> Iterator[Floats]:
    """Yield pieces of one signal, float64[<= 65536], in its physical unit; NaN where the converter had nothing.

    Raises ``UnreadableFile`` if its file is missing, or holds less than the header says: what was cut off is not made
    up.
    """
    signal = header.signals[index]
    beside = [i for i, other in enumerate(header.signals) if other.file == signal.file]
    if any(header.signals[i].packing != signal.packing for i in beside):
        raise UnreadableFile(f"{header.path.name} packs one file in two ways.", reason="header")
    path = header.path.parent / signal.file
    width, place = len(beside), beside.index(index)
    most = PIECE_FRAMES // group(signal.packing) * group(signal.packing)
    seen, reached = 0, signal.first
    try:
        with path.open("rb") as source:
            source.seek(signal.skipped)
            while header.frames is None or seen < header.frames:
                wanted = most if header.frames is None else min(most, header.frames - seen)
                packed = source.read(bytes_of(signal.packing, wanted * width))
                steps = unpacked(packed, signal.packing, wanted * width)
                frames = steps.size // width
                if frames == 0:
                    break
                seen += frames
                own = steps[: frames * width].reshape(frames, width)[:, place]
                if signal.packing == "8":
                    own = reached + np.cumsum(own)
                    reached = int(own[-1])
                piece: Floats = (own - np.float64(signal.baseline)) / signal.gain
                if signal.packing in MISSING:
                    piece[own == MISSING[signal.packing]] = np.nan
                yield piece
    except FileNotFoundError:
        raise UnreadableFile(f"{signal.file} is not beside {header.path.name}.", reason="signal") from None
    if header.frames is not None and seen < header.frames:
        raise UnreadableFile(
            f"{signal.file} is cut short: {seen} of {header.frames} samples are there.", reason="short"
        )


def read_annotations(path: Path) -> Annotations:
    """The beats of an annotation file of the MIT kind (.atr, .qrs, ...); what else is noted in it is stepped over.

    Each entry is two bytes, least first: ten bits of samples since the last one, six of a code. Raises
    ``UnreadableFile`` for a file that doesn't end as one should, or holds no beat.
    """
    raw = path.read_bytes()
    words = np.frombuffer(raw[: len(raw) // 2 * 2], "<u2").astype(np.int64)
    samples: list[int] = []
    letters: list[str] = []
    now, i, ended = 0, 0, False
    while i < words.size and not ended:
        code, apart = int(words[i]) >> 10, int(words[i]) & 0x3FF
        i += 1
        if code == 0 and apart == 0:
            ended = True
        elif code == SKIP:
            if i + 1 >= words.size:
                break
            jump = int(words[i]) << 16 | int(words[i + 1])  # the high half comes first
            now += jump - (1 << 32) if jump >= 1 << 31 else jump
            i += 2
        elif code == AUX:
            i += (apart + 1) // 2
        elif code not in {NUM, SUB, CHN}:
            now += apart
            if code in BEATS:
                samples.append(now)
                letters.append(BEATS[code])
    sample = np.array(samples, np.int64)
    if not ended or sample.size == 0 or sample[0] < 0 or (np.diff(sample) < 0).any():
        raise UnreadableFile(f"{path.name} is not a file of beat annotations.", reason="annotations")
    return Annotations(sample, tuple(letters))
