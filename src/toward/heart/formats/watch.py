"""An electrocardiogram as Apple Health exports it: lines about it, then one number a line.

    Name,…                                   Name
    Recorded Date,2026-08-26 18:15:35 +0100  Aufzeichnungsdatum,2020-07-31 22:48:19 +0200
    Sample Rate,512 hertz                    Messrate,511,562 Hertz
    Lead,Lead I                              Ableitung,Ableitung I
    Unit,µV                                  Einheit,µV
    -265.868                                 -180,596

The words before the first comma are in the phone's language, and so is the decimal mark, which is a comma where commas
also part the fields. So no word is looked for: a file is one of these if above its numbers one line ends in so many
hertz and a later one in a unit of voltage.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from toward.errors import UnreadableFile
from toward.heart.formats.opened import Note, Opened
from toward.heart.formats.tables import LOOK_ROWS, PIECE_ROWS
from toward.heart.formats.text import clock, lines, number
from toward.heart.formats.units import since_1970_ms
from toward.heart.recording import Ecg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from toward.heart.formats.opened import Recording

MOST_LINES: Final = 40
"""Lines about a recording, before its numbers."""
_HERTZ: Final = "hertz|hz|hercios?|герц\\w*|ヘルツ|赫兹|赫茲|赫|헤르츠"
_RATE: Final = re.compile(rf'"?(\d+(?:[.,]\d+)?)\s*(?:{_HERTZ})"?', re.IGNORECASE)
_UNIT: Final = re.compile(r'"?(?:[\u00b5\u03bcum]?V)"?')
_NUMBER: Final = re.compile(r"[-\u2212]?\d[\d.,]*")


class About(NamedTuple):
    """What stands above the numbers."""

    rate_hz: float
    lead: str
    started_ms: float | None
    first_row: int
    """Line number of the first sample."""
    comma: bool
    """0,85 means 0.85."""


def about(path: Path) -> About | None:
    """What a file says of itself, if it is laid out in this way; else None."""
    rate_hz, lead, started_ms, voltage = 0.0, "", None, False
    rows = list(islice(lines(path), MOST_LINES + LOOK_ROWS))
    for at, (row, text) in enumerate(rows[: MOST_LINES + 1]):
        name, _, value = (part.strip() for part in text.partition(","))
        if voltage and _NUMBER.fullmatch(text.strip()):
            return About(rate_hz, lead, started_ms, row, _comma([line.strip() for _, line in rows[at:]]))
        if not name or name[0].isdigit():
            return None
        if rate := _RATE.fullmatch(value):
            rate_hz = float(rate.group(1).replace(",", "."))
        elif since_1970_ms(clock(value)) is not None:
            started_ms = since_1970_ms(clock(value))
        elif rate_hz and _UNIT.fullmatch(value):
            voltage = True
        elif not voltage:
            lead = value.strip('"')
    return None


def _comma(rows: list[str]) -> bool:
    """Whether the decimal mark is a comma: the last mark where a number has two, else the only one there is."""
    both = [row for row in rows if "," in row and "." in row]
    if both:
        return both[0].rindex(",") > both[0].rindex(".")
    return any("," in row for row in rows)


def open_watch(path: Path, told: About, rate_hz: float | None) -> Opened:
    """The recording; rate_hz overrules the file's. Its pieces raise ``UnreadableFile`` for rows that are no samples."""
    rate = told.rate_hz if rate_hz is None else rate_hz
    grouping = "." if told.comma else ","

    def pieces() -> Iterator[Recording]:
        rows = (text for at, text in lines(path) if at >= told.first_row)
        while held := list(islice(rows, PIECE_ROWS)):
            plain = (text.replace(grouping, "").replace("\u2212", "-") for text in held)
            samples = np.array([number(text, comma=told.comma) for text in plain])
            if np.isnan(samples).mean() > 0.5:  # noqa: PLR2004 - more than half
                raise UnreadableFile(f"{path.name}: most of its rows hold no number.", reason="numbers")
            yield Ecg(samples, rate)

    rows = max(1, round(path.stat().st_size / 9))
    return Opened("ecg", "ecg", rate, told.started_ms, rows, [Note("signal", {"name": told.lead})], pieces)
