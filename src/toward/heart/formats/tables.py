"""Tables and lists of numbers: which columns there are, what they hold, and their rows."""

from __future__ import annotations

import csv
import re
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from toward.errors import UnreadableFile
from toward.heart.formats.text import clock, lines, number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LOOK_ROWS: Final = 200
"""Rows that are looked at before anything is decided."""
LEAST_ROWS: Final = 5
PIECE_ROWS: Final = 16_384
MISSING: Final = frozenset({"nan", "na", "n/a", "null", "none", "-"})
LEADS: Final = ("ecg", "mlii", "ii", "i")
"""Where R waves are usually largest."""

_COLOUR: Final = r"^(?:(?:mean|avg|average)[ _]?)?(?:%s|%s)(?:[ _]?(?:mean|avg|average))?$"
_ROLES: Final = (
    (
        "time",
        re.compile(
            r"^(?:.*\b)?(?:time|timestamp|time[ _]?stamp|elapsed|t|zeit|temps|tiempo)(?:\b.*|_(?:s|ms|us|ns))?$"
            r"|^\w+_(?:time|timestamp)$|^since[ _]start\b.*$"
        ),
    ),
    (
        "rr",
        re.compile(
            r"^(?:rr|r-r|ibi|nn|inter[- ]?beat|rr[-_ ]?i\w*|r-r[-_ ]?i\w*|pp[-_ ]?i\w*)\b.*$|^(?:rr|ibi|nn)_\w+$"
        ),
    ),
    ("date", re.compile(r"^(?:date|datum|fecha|date[ _]?time)$")),
    ("red", re.compile(_COLOUR % ("r", "red"))),
    ("green", re.compile(_COLOUR % ("g", "green"))),
    ("blue", re.compile(_COLOUR % ("b", "blue"))),
    ("ecg", re.compile(r"^(?:ecg|ekg|mlii|i{1,3}|av[rlf]|v[1-6]?)\b.*$|^(?:ecg|ekg)_?\w*$")),
    ("ppg", re.compile(r"^(?:ppg|pleth|bvp|pulse wave)\b.*$|^(?:ppg|pleth|bvp)_?\w*$")),
    ("rate", re.compile(r"^(?:hr|heart[ _]?rate|bpm|pulse)\b.*$|^hr_\w+$")),
)


class Table(NamedTuple):
    """How a file of text is laid out."""

    names: tuple[str, ...]
    """Of its columns; empty where it has no heading."""
    delimiter: str | None
    """None: numbers in free order, on lines or on one."""
    comma: bool
    """0,85 means 0.85."""
    first_row: int
    """Line number of the first row of numbers."""

    def role(self, column: int) -> str | None:
        """What a column's name says it holds: time, date, rr, red, green, blue, ecg, ppg or rate; None else."""
        return role_of(self.names[column])

    def best(self, role: str) -> list[int]:
        """The columns of one role, the one to take where nobody named any first: the usual lead."""
        return sorted(self.columns(role), key=lambda i: _place(self.names[i]))

    def columns(self, role: str) -> list[int]:
        """The columns of one role, in order."""
        return [i for i in range(len(self.names)) if self.role(i) == role]


def _place(name: str) -> int:
    bare = name.strip().casefold()
    return LEADS.index(bare) if bare in LEADS else len(LEADS)


def _bare(name: str) -> str:
    """A name without the quotes of either kind around it."""
    return name.strip().strip("\"'").strip()


def role_of(name: str) -> str | None:
    """What a column of this name holds.

    >>> [role_of(n) for n in ("Time [s]", "RR-interval [ms]", "PLETH", "II", "R", "temperature")]
    ['time', 'rr', 'ppg', 'ecg', 'red', None]
    """
    plain = _bare(name).lower()
    bare = re.sub(r"\s*[\[(][^\])]*[\])]\s*$", "", plain)
    for role, pattern in _ROLES:
        if pattern.match(bare):
            return role
    return None


def look_at(path: Path) -> Table:
    """Find out how a text is laid out, from its first lines.

    The heading is the line before the first row of numbers, if it has as many fields. Lines before it (a name, a
    date, comments) are left out. Raises ``UnreadableFile`` for an empty file and for one with no row of numbers in
    its first 200 lines.
    """
    rows = list(islice(lines(path), LOOK_ROWS))
    if not rows:
        raise UnreadableFile(f"{path.name} is empty.", reason="empty")
    for i, (at, line) in enumerate(rows):
        above = rows[i - 1][1].lstrip("#").strip() if i else ""
        delimiter, comma = _delimiter(above, [text for _, text in rows[i : i + 20]])
        cells = _cells(line, delimiter)
        numeric = sum(not np.isnan([number(cell, comma=comma), clock(cell)]).all() for cell in cells)
        missing = sum(cell.strip().casefold() in MISSING for cell in cells)
        if numeric + missing == 0 or (numeric * 2 < len(cells) and numeric + missing < len(cells)):
            continue
        if len(cells) > 1 and any(cell.strip().casefold() in {"rr", "ibi", "nn"} for cell in cells):
            continue  # Empatica's heading has the hour at which its clock began beside the name
        if delimiter is None:
            spaced = above.split()
            if len(cells) == len(spaced) > 1 and any(role_of(name) for name in spaced):
                return Table(tuple(_bare(name) for name in spaced), " ", comma, at)
            if len(cells) == 1 and role_of(above) in {"rr", "ecg", "ppg", "rate"}:
                return Table((above.strip('"'),), ";" if comma else ",", comma, at)
            return Table((), None, comma, at)
        names = _heading([text for _, text in rows[:i]], delimiter, len(cells))
        return Table(names, delimiter, comma, at)
    raise UnreadableFile(f"{path.name}: there is no row of numbers at its start.", reason="numbers")


def _heading(above: list[str], delimiter: str, width: int) -> tuple[str, ...]:
    """The names of *width* columns from the lines above their numbers; units on a line of their own join them."""
    told = [_cells(line.lstrip("#").strip(), delimiter) for line in above[-2:]]
    last = told[-1] if told else []
    if len(last) != width or not any(cell.strip() for cell in last):
        return ()
    names = tuple("time" if not np.isnan(number(cell)) else _bare(cell) for cell in last)
    if len(told) > 1 and len(told[0]) == width and not any(map(role_of, names)) and any(map(role_of, told[0])):
        return tuple(
            f"{_bare(name)} [{unit}]" if unit else _bare(name) for name, unit in zip(told[0], names, strict=True)
        )
    return names


def _delimiter(above: str, rows: list[str]) -> tuple[str | None, bool]:
    """What separates the fields of some rows, and whether a comma is a decimal mark; *above* may be their heading."""
    line = rows[0]
    for delimiter in ("\t", ";"):
        if delimiter in line.strip():
            return delimiter, "," in line and "." not in line
    if "," not in line:
        return None, False
    # "0,85" alone on each line is one number, unless the heading has two fields; "812,790" are two.
    alone = all(re.fullmatch(r"\s*\d+,\d+\s*", text) for text in rows)
    if alone and "," not in above and not re.fullmatch(r"\s*\d{3,},\d{3,}\s*", line):
        return None, True
    return ",", False


def _cells(line: str, delimiter: str | None) -> list[str]:
    if delimiter is None:
        return line.split()
    return next(csv.reader([line], delimiter=delimiter), [])


def _labels(rows: list[list[str]], *, comma: bool) -> frozenset[int]:
    """Places in every row where a word stands: a beat's letter, a unit. A word in one row or two is a gap instead."""
    widths = {len(cells) for cells in rows}
    if len(rows) < LEAST_ROWS or len(widths) > 1:
        return frozenset()
    words = (
        i
        for i in range(widths.pop())
        if all(np.isnan(number(cells[i], comma=comma)) and cells[i].strip().casefold() not in MISSING for cells in rows)
    )
    return frozenset(words)


def loose_numbers(path: Path, table: Table) -> Iterator[Floats]:
    """Pieces of all numbers of a file without columns, as one reads: float64[<= 16384]; NaN for what is none."""
    held: list[float] = []
    apart = re.compile(r"[\s;,]+" if table.delimiter == "," else r"[\s;]+|,\s+")
    rows = ((at, [cell for cell in apart.split(line.strip()) if cell]) for at, line in lines(path))
    rows = ((at, cells) for at, cells in rows if at >= table.first_row)
    first = list(islice(rows, LOOK_ROWS))
    labels = _labels([cells for _, cells in first], comma=table.comma)
    for _, cells in chain(first, rows):
        held.extend(number(cell, comma=table.comma) for i, cell in enumerate(cells) if i not in labels)
        while len(held) >= PIECE_ROWS:
            yield np.array(held[:PIECE_ROWS])
            held = held[PIECE_ROWS:]
    if held:
        yield np.array(held)


def columns_of(path: Path, table: Table, wanted: list[int], *, clocks: tuple[int, ...] = ()) -> Iterator[Floats]:
    """Pieces of some columns: float64[<= 16384, len(wanted)]; NaN for a cell that is missing or no number.

    clocks: those of the columns in which a date or an hour is a number too, of seconds.

    Raises ``UnreadableFile`` if more than half of a piece's rows hold no number in any of them: that is another kind
    of file.
    """
    rows = (line for at, line in lines(path) if at >= table.first_row)
    reader = csv.reader(rows, delimiter=table.delimiter or ",", skipinitialspace=table.delimiter == " ")
    most = max(wanted)
    try:
        while held := list(islice(reader, PIECE_ROWS)):
            piece = np.full((len(held), len(wanted)), np.nan)
            for i, cells in enumerate(held):
                if len(cells) > most:
                    for j, column in enumerate(wanted):
                        piece[i, j] = number(cells[column], comma=table.comma)
                        if column in clocks and np.isnan(piece[i, j]):
                            piece[i, j] = clock(cells[column])
            if np.isnan(piece).all(axis=1).mean() > 0.5:  # noqa: PLR2004 - said above
                raise UnreadableFile(f"{path.name}: most of its rows hold no number.", reason="numbers")
            yield piece
    except csv.Error as error:
        raise UnreadableFile(f"{path.name} is not a table: {error}.", reason="table") from error


def rows_about(path: Path, table: Table) -> int:
    """About how many rows a file has, by the length of its first ones: enough for a bar."""
    look = list(islice((len(line) + 1 for at, line in lines(path) if at >= table.first_row), LOOK_ROWS))
    return round(path.stat().st_size * len(look) / max(sum(look), 1))
