"""Tables to arrays: the documented journal CSV, and a CSV of two series.

A journal has the columns ``time_days, partner, kind, value`` in any order, one row for each answer or event (see
``toward.dyad.KINDS``); an empty value or NA is a question left open. A table of two series has one row a moment and
a column for each partner; other columns are let be. A journal may hold several couples, told apart by a column
``couple``. Both are UTF-8 with a line of column names, split by commas or
semicolons or tabs. Every error names the line, as an editor counts it.
"""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.dyad.events import CODES, KINDS, MOST, PARTNERS, Journal, check, journal
from toward.errors import BadInput, TooLong, UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COLUMNS: Final = ("time_days", "partner", "kind", "value")
COUPLE: Final = "couple"
MISSING: Final = frozenset({"", "na", "nan", "."})
LONGEST_FIELD: Final = 200
"""Numbers and names are short; what is longer is another sort of file."""


class TwoSeries(NamedTuple):
    """Two columns of a table, float64[n] each, NaN where nothing was written, and what they are called."""

    a: NDArray[np.float64]
    b: NDArray[np.float64]
    name_a: str
    name_b: str


class _Line(NamedTuple):
    number: int
    fields: list[str]


def read_journal(text: str, couple: str | None = None) -> Journal:
    r"""Read a journal table; rows may stand in any order of time. Of several couples, ``couple`` says which.

    Raises ``UnreadableFile`` with the line that can't be read and what it should hold, or the columns that are missing.

    >>> read_journal("time_days,partner,kind,value\n0.4,a,checkin,5\n0.9,b,checkin,").value.tolist()
    [5.0, nan]
    """
    header, lines = _table(text)
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise _wrong(
            header_line(text),
            f"no column {missing[0]}; a journal has {', '.join(COLUMNS)}; this has {', '.join(header) or 'nothing'}",
        )
    places = [header.index(name) for name in COLUMNS]
    rows: list[tuple[float, int, int, float]] = []
    seen: dict[tuple[float, int, int], int] = {}
    for line in _of_couple(lines, header, couple, header_line(text)):
        row = _row(line.number, *(line.fields[place] for place in places))
        first = seen.setdefault(row[:3], line.number)
        if first != line.number:
            raise _wrong(
                line.number,
                f"the {KINDS[row[2]]} of {PARTNERS[row[1]]} at {row[0]:g} days stands on line {first} already",
            )
        rows.append(row)
    table = np.array(sorted(rows, key=lambda row: row[0]), dtype=np.float64).reshape(-1, 4)
    codes = table[:, 1:3].astype(np.int8)
    try:
        return check(Journal(table[:, 0], codes[:, 0], codes[:, 1], table[:, 3]))
    except BadInput:
        _find_wrong(rows, list(seen.values()))
        raise


def read_two_series(text: str, names: tuple[str, str] | None = None) -> TwoSeries:
    r"""Read two columns of a table: those of ``names``, else ``a`` and ``b``, else the only two that there are.

    Raises ``UnreadableFile`` with the line that holds no number, or with the columns to choose from.

    >>> read_two_series("wife,husband\n1,2\nNA,3").a.tolist()
    [1.0, nan]
    """
    header, lines = _table(text)
    chosen = names or (("a", "b") if {"a", "b"} <= set(header) else tuple(header))
    unknown = [name for name in chosen if name not in header]
    if unknown or len(chosen) != 2:  # noqa: PLR2004 - two partners
        told = f"no column {unknown[0]}" if unknown else "which two columns are the partners is not said"
        raise _wrong(header_line(text), f"{told}; there are {', '.join(header) or 'none'}")
    values: tuple[list[float], list[float]] = ([], [])
    for line in lines:
        for name, column in zip(chosen, values, strict=True):
            column.append(_number(line.number, name, line.fields[header.index(name)]))
    return TwoSeries(np.array(values[0]), np.array(values[1]), chosen[0], chosen[1])


def is_journal(text: str) -> bool:
    """Whether a table's first line names the columns of a journal, or at least more of them than not."""
    header, _ = _table(text)
    return len(set(COLUMNS) & set(header)) > len(COLUMNS) // 2


def header_line(text: str) -> int:
    """Return the number of the line that should name the columns: the first that is not empty."""
    return next((number for number, line in enumerate(text.splitlines(), 1) if line.strip()), 1)


# ----------------------------------------------------------------------------------------------- lines


def _table(text: str) -> tuple[list[str], Iterator[_Line]]:
    """Return the column names in small letters, and the lines that hold anything."""
    text = text.removeprefix("\ufeff")
    lines = _lines(text, _separator(text))
    header = next(lines, _Line(1, []))
    names = [name.strip().casefold() for name in header.fields]
    double = next((name for name in names if names.count(name) > 1), None)
    if double is not None:
        raise _wrong(header.number, f"two columns are called {double!r}")
    return names, _even(lines, len(names))


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)


def _lines(text: str, separator: str) -> Iterator[_Line]:
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                yield _Line(reader.line_num, fields)
    except csv.Error as error:
        raise _wrong(reader.line_num, f"it does not read as a table: {error}") from error


def _even(lines: Iterator[_Line], columns: int) -> Iterator[_Line]:
    for count, line in enumerate(lines, 1):
        if count > MOST:
            raise TooLong(f"a table may have {MOST:,} rows", field="file")
        if len(line.fields) != columns:
            raise _wrong(line.number, f"it has {len(line.fields)} columns and the first line has {columns}")
        yield line


def _of_couple(lines: Iterator[_Line], header: list[str], couple: str | None, head: int) -> Iterator[_Line]:
    """Yield the lines of one couple; where none is chosen there must be one only."""
    if COUPLE not in header:
        if couple is not None:
            raise _wrong(head, f"no column {COUPLE}, so there is one couple only; choose none")
        yield from lines
        return
    place, found = header.index(COUPLE), False
    only = couple
    for line in lines:
        here = line.fields[place].strip()
        only = here if only is None else only
        if here == only:
            found = True
            yield line
        elif couple is None:
            raise _wrong(line.number, f"couple {_shown(here)} comes after {_shown(only)}: say which couple is meant")
    if couple is not None and not found:
        raise _wrong(head, f"no line is of couple {_shown(couple)}")


def _row(number: int, time: str, partner: str, kind: str, value: str) -> tuple[float, int, int, float]:
    days = _number(number, "time_days", time)
    if math.isnan(days):
        raise _wrong(number, "no time_days; every row needs a time, in days")
    who, what = partner.strip().casefold(), kind.strip().casefold()
    if who not in PARTNERS:
        raise _wrong(number, f"partner is {_shown(partner)}; it must be a, b or both")
    if what not in CODES:
        raise _wrong(number, f"kind {_shown(kind)} is not known; one of {', '.join(KINDS)}")
    return days, PARTNERS.index(who), CODES[what], _number(number, "value", value)


def _find_wrong(rows: list[tuple[float, int, int, float]], numbers: list[int]) -> None:
    """Raise for the first row that would be refused by itself; what only the whole breaks names no line."""
    for row, number in zip(rows, numbers, strict=True):
        try:
            journal([row])
        except BadInput as error:
            raise _wrong(number, str(error)) from None


def _number(line: int, name: str, text: str) -> float:
    plain = text.strip()
    if plain.casefold() in MISSING:
        return math.nan
    try:
        value = float(plain) if plain.isascii() and "_" not in plain else math.inf
    except ValueError:
        raise _wrong(line, f"{name} is {_shown(text)}, which is no number{_decimal_comma(plain)}") from None
    if not math.isfinite(value):
        raise _wrong(line, f"{name} is {_shown(text)}, which is no finite number")
    return value


def _decimal_comma(text: str) -> str:
    return "; write decimals with a point" if text.count(",") == 1 else ""


def _shown(text: str) -> str:
    return repr(text.strip() if len(text) <= LONGEST_FIELD else text[:LONGEST_FIELD] + "…")


def _wrong(line: int, told: str) -> UnreadableFile:
    return UnreadableFile(f"line {line}: {told}", field="file", line=line)


def write_rows(journal: Journal) -> Iterator[Sequence[str | float]]:
    """Yield the rows of a journal table for ``csv.writer``, column names first. Read again it is the same journal."""
    yield COLUMNS
    for time, who, kind, value in zip(*(column.tolist() for column in journal), strict=True):
        yield time, PARTNERS[who], KINDS[kind], "" if math.isnan(value) else value
