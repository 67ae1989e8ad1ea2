"""Intervals from a FIT file, as sports watches of Garmin, Suunto, Coros and Wahoo keep them.

A FIT file is a row of messages. Each kind is laid out by a definition ahead of it: so many fields, so many bytes each.
Of all kinds one is read here, number 78 ("hrv"): its field 0 holds up to five intervals in milliseconds, 65,535 where
there is none. Every other message is stepped over by its length, but for the first moment that any of them tells (field
253, seconds since the end of 1989): near enough to when the recording began.

Written from the published description of the protocol (developer.garmin.com/fit/protocol).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from toward.errors import UnreadableFile
from toward.heart.formats.opened import Opened
from toward.heart.recording import beats_from_rr

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from toward.heart.formats.opened import Recording

HRV: Final = 78
INTERVALS: Final = 0
MOMENT: Final = 253
NO_INTERVAL: Final = 0xFFFF
NO_MOMENT: Final = 0xFFFF_FFFF
SINCE_1970_S: Final = 631_065_600
"""From the first second of 1970 to the last of 1989, where FIT counts from."""
LONGEST_BYTES: Final = 200_000_000
_COMPRESSED, _DEFINES, _FOREIGN, _KIND = 0x80, 0x40, 0x20, 0x0F


Order = Literal["little", "big"]


class Layout(NamedTuple):
    """How one kind of message is laid out, until it is defined anew."""

    number: int
    """What it holds; 78 are intervals."""
    order: Order
    """Which byte of a number is first."""
    fields: tuple[tuple[int, int], ...]
    """Number and bytes of each field."""
    size: int
    """Bytes of all."""


def is_fit(path: Path) -> bool:
    """Whether a file begins as FIT files do, whatever its name."""
    with path.open("rb") as source:
        return source.read(12)[8:] == b".FIT"


def open_fit(path: Path) -> Opened:
    """The intervals of a FIT file. Raises ``UnreadableFile`` for one that is torn, or holds none."""
    if path.stat().st_size > LONGEST_BYTES:
        raise UnreadableFile(f"{path.name} is too long for a recording of a heart.", reason="long")
    try:
        rr_ms, moment = _read(path.read_bytes())
    except (IndexError, KeyError) as error:
        raise UnreadableFile(f"{path.name} is torn: its messages don't fit together.", reason="torn") from error
    if not rr_ms:
        raise UnreadableFile(
            f"{path.name} holds no times between beats. Ask the watch to log heart rate variability.", reason="empty"
        )
    beats = beats_from_rr(np.array(rr_ms, np.float64))

    def pieces() -> Iterator[Recording]:
        yield beats

    started_ms = None if moment is None else 1000.0 * (moment + SINCE_1970_S)
    return Opened("fit", "rr", None, started_ms, 0, [], pieces)


def _read(raw: bytes) -> tuple[list[int], int | None]:
    """All intervals in milliseconds, and the first moment told. A torn file raises ``IndexError`` or ``KeyError``."""
    at, end = raw[0], raw[0] + int.from_bytes(raw[4:8], "little")
    if end > len(raw):
        raise IndexError
    layouts: dict[int, Layout] = {}
    rr_ms: list[int] = []
    moment: int | None = None
    while at < end:
        head = raw[at]
        at += 1
        if head & _COMPRESSED:
            layout = layouts[head >> 5 & 0x03]
        elif head & _DEFINES:
            layouts[head & _KIND], at = _defined(raw, at, foreign=bool(head & _FOREIGN))
            continue
        else:
            layout = layouts[head & _KIND]
        if at + layout.size > end:
            raise IndexError
        place = at
        for number, size in layout.fields:
            told = raw[place : place + size]
            place += size
            if layout.number == HRV and number == INTERVALS:
                parts = (int.from_bytes(told[i : i + 2], layout.order) for i in range(0, size, 2))
                rr_ms.extend(part for part in parts if part != NO_INTERVAL)
            elif number == MOMENT and moment is None and int.from_bytes(told, layout.order) != NO_MOMENT:
                moment = int.from_bytes(told, layout.order)
        at += layout.size
    return rr_ms, moment


def _defined(raw: bytes, at: int, *, foreign: bool) -> tuple[Layout, int]:
    """A layout that starts at ``at``, and where it ends; foreign: fields of other programs follow the own ones."""
    order: Order = "big" if raw[at + 1] else "little"
    number = int.from_bytes(raw[at + 2 : at + 4], order)
    fields: list[tuple[int, int]] = []
    at += 4
    for own in (True, False) if foreign else (True,):
        many = raw[at]
        at += 1
        # A program numbers its own fields as it likes: only their length counts here.
        fields += [(raw[i] if own else -1, raw[i + 1]) for i in range(at, at + 3 * many, 3)]
        at += 3 * many
    return Layout(number, order, tuple(fields), sum(size for _, size in fields)), at
