"""A file of answers, whatever it is: an export of the app, a journal table, made-up couples, or two plain series."""

from __future__ import annotations

import json
import math
import time
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.catalogue import words
from toward.dyad.events import CODES, KINDS, PARTNERS, Journal, check, journal
from toward.dyad.reading import COLUMNS, COUPLE, is_journal, read_journal, read_two_series
from toward.errors import BadInput, TooLong, UnreadableFile

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

MOST_BYTES: Final = 64 * 1024 * 1024
MIDDLE: Final = 4.0
"""The middle of the scale of felt safety, which counts as neutral where a model wants one."""


class Pair(NamedTuple):
    """Two equally spaced series, what they are called, and the value that is neutral."""

    a: NDArray[np.float64]
    b: NDArray[np.float64]
    name_a: str
    name_b: str
    neutral: float


def journal_of(path: Path, couple: str | None) -> Journal:
    """Read a journal out of an export (``.json``), a table (``.parquet``) or a CSV; ``couple`` is one of several.

    Raises ``UnreadableFile`` with the line, entry or column that is wrong, or ``TooLong``.
    """
    if path.suffix.casefold() == ".parquet":
        return _parquet(path, couple)
    data = _bytes(path)
    if data.lstrip().startswith(b"["):
        return _made_up(data, path, couple)
    if data.lstrip().startswith(b"{"):
        return _exported(data)
    return read_journal(_text(data), couple)


def pair_of(path: Path, couple: str | None, names: tuple[str, str] | None) -> Pair:
    """Read two series: the columns of a CSV, or the daily means of a journal's check-ins."""
    if path.suffix.casefold() != ".parquet":
        data = _bytes(path)
        if data.lstrip()[:1] not in {b"{", b"["} and (names is not None or not is_journal(_text(data))):
            found = read_two_series(_text(data), names)
            return Pair(found.a, found.b, found.name_a, found.name_b, 0.0)
    one, two = daily(journal_of(path, couple))
    return Pair(one, two, "a", "b", MIDDLE)


def daily(entries: Journal) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each partner's mean check-in of every day from the first to the last, NaN for a day without one."""
    here = (entries.kind == CODES["checkin"]) & ~np.isnan(entries.value)
    if not here.any():
        return np.empty(0), np.empty(0)
    days = np.floor(entries.time_days[here]).astype(np.int64)
    days -= days.min()
    size = int(days.max()) + 1
    means = []
    for partner in (0, 1):
        own = entries.partner[here] == partner
        total = np.bincount(days[own], weights=entries.value[here][own], minlength=size)
        count = np.bincount(days[own], minlength=size).astype(np.float64)
        means.append(np.divide(total, count, out=np.full(size, np.nan), where=count > 0))
    return means[0], means[1]


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        most = MOST_BYTES // (1024 * 1024)
        raise TooLong(words("research.too_long", file=path.name, most=most), field="file")
    return data


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableFile(words("research.not_text", line=line), field="file", line=line) from error


def _exported(data: bytes) -> Journal:
    from toward.cli.exported import entries_of
    from toward.guide.series import series

    entries = entries_of(data)
    now_ms = max((entry.at_ms for entry in entries), default=0)
    return series(entries, min(now_ms, round(time.time() * 1000))).journal


def _made_up(data: bytes, path: Path, couple: str | None) -> Journal:
    """Read the JSON that ``simulate`` writes: a list of couples, each with its columns."""
    try:
        listed = {str(one[COUPLE]): one for one in json.loads(data)}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableFile(words("research.no_table", file=path.name), field="file") from error
    if couple is None and len(listed) > 1:
        raise BadInput(words("research.which_couple", n=len(listed)), field="couple")
    chosen = listed.get(couple) if couple is not None else next(iter(listed.values()), None)
    if chosen is None:
        raise BadInput(words("research.no_couple", couple=couple or ""), field="couple")
    try:
        rows = list(zip(*(chosen[name] for name in COLUMNS), strict=True))
        return journal((float(at), who, what, math.nan if value is None else value) for at, who, what, value in rows)
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableFile(words("research.no_table", file=path.name), field="file") from error


def _parquet(path: Path, couple: str | None) -> Journal:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(path)
        missing = [name for name in COLUMNS if name not in schema.names]
        if missing:
            raise UnreadableFile(words("research.no_column", name=missing[0], known=", ".join(schema.names)))
        only = None if couple is None else [(COUPLE, "==", _number(couple))]
        table = pq.read_table(path, columns=[*COLUMNS, *({COUPLE} & set(schema.names))], filters=only)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise UnreadableFile(words("research.no_table", file=path.name), field="file") from error
    if COUPLE in table.column_names and len(table.column(COUPLE).unique()) > 1:
        raise BadInput(words("research.which_couple", n=len(table.column(COUPLE).unique())), field="couple")
    if couple is not None and table.num_rows == 0:
        raise BadInput(words("research.no_couple", couple=couple), field="couple")
    return _checked(table)


def _number(couple: str) -> int:
    if not couple.isdecimal():
        raise BadInput(words("research.no_couple", couple=couple), field="couple")
    return int(couple)


def _checked(table: pa.Table) -> Journal:
    codes = []
    for column, known in (("partner", PARTNERS), ("kind", KINDS)):
        given = table.column(column).to_pylist()
        unknown = next((row for row, value in enumerate(given, 1) if value not in known), None)
        if unknown is not None:
            raise UnreadableFile(words("research.no_name", row=unknown, column=column, known=", ".join(known)))
        codes.append(np.array([known.index(value) for value in given], dtype=np.int8))
    time_days, value = (table.column(name).to_numpy().astype(np.float64) for name in ("time_days", "value"))
    order = np.argsort(time_days, kind="stable")
    return check(Journal(time_days[order], codes[0][order], codes[1][order], value[order]))
