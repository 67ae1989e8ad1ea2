"""People in groups, their heart rate every two seconds: read from the spreadsheets in which they were published.

Sharika, Thaikkandi, Nivedita and Platt 2024, PNAS. A sheet begins with two lines about the person and a heading;
column C then holds the rate. Files that begin with "GD" are discussions, "preGD" baselines; the name holds group and
person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER: Final = "groups/sharika_et_al_2024/Polar-GrpStudyHR-Data"
RATE_HZ: Final = 0.5
SHEET: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SHORTEST: Final = 100
"""Samples: three minutes and a bit, below which there is too little for most figures."""


class Person(NamedTuple):
    """One person in one discussion."""

    group: int
    rate: NDArray[np.float64]
    """float64[n], beats a minute every 2 s from the start of the discussion; NaN where a cell is empty."""


def people(data: Path) -> list[Person]:
    """Everybody whose discussion is long enough, in the order of the files."""
    found = []
    for path in sorted((data / FOLDER).glob("GD_*.xlsx")):
        rate = np.array(list(_column_c(path)))
        if rate.size >= SHORTEST:
            found.append(Person(int(path.name.split("-")[1]), rate))
    return found


def _column_c(path: Path) -> Iterator[float]:
    with ZipFile(path) as book:
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - a published file, read by its owner
    for row in list(sheet.iter(SHEET + "row"))[3:]:
        cells = {str(cell.get("r")).rstrip("0123456789"): cell.find(SHEET + "v") for cell in row.iter(SHEET + "c")}
        value = cells.get("C")
        yield float(value.text) if value is not None and value.text else float("nan")
