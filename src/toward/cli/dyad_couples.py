"""Many made-up couples, written one after another: never more than a few of them are in memory."""

from __future__ import annotations

import csv
import json
import math
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import numpy as np

from toward.catalogue import words
from toward.dyad import POPULATION, Simulation, population, simulate
from toward.dyad.events import KINDS, PARTNERS
from toward.dyad.reading import COLUMNS, COUPLE
from toward.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from toward.dyad import Journal

AT_ONCE: Final = 50_000
"""Rows of a Parquet row group: a few hundred couples, some megabytes."""


class Couple(NamedTuple):
    """One made-up couple, numbered from 0."""

    number: int
    made: Simulation


class Sink(Protocol):
    """Something that takes couples one by one."""

    def take(self, couple: Couple) -> None:
        """Write one couple."""


def couples(count: int, days: float, seed: int) -> Iterator[Couple]:
    """Live ``count`` couples drawn from the population; couple 7 is the same however many others there are."""
    for number in range(count):
        people, luck = (int(word) for word in np.random.SeedSequence([seed, number]).generate_state(2))
        made = simulate(population(1, seed=people)[0], days=days, seed=luck, habits=POPULATION.habits)
        yield Couple(number, made)


@contextmanager
def written(out: Path, truth: Path | None) -> Iterator[Callable[[Couple], None]]:
    """Open what the endings of the names say; they appear under their names when all is written, or not at all."""
    with ExitStack() as stack:
        sinks = [stack.enter_context(_opened(out, _SINKS))]
        if truth is not None:
            sinks.append(stack.enter_context(_opened(truth, _TRUTHS)))

        def take(couple: Couple) -> None:
            for sink in sinks:
                sink.take(couple)

        yield take


@contextmanager
def _opened(path: Path, kinds: dict[str, Callable[[Path, ExitStack], Sink]]) -> Iterator[Sink]:
    make = kinds.get(path.suffix.casefold())
    if make is None:
        raise BadInput(words("research.suffix", file=path.name, known=", ".join(kinds)), field="out")
    if path.exists():
        raise BadInput(words("terminal.file.exists", file=str(path)), field="out")
    part = path.with_name(path.name + ".part")
    try:
        with ExitStack() as stack:
            yield make(part, stack)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.replace(path)


# ------------------------------------------------------------------------------------------- what they say


class _Csv:
    def __init__(self, path: Path, stack: ExitStack) -> None:
        self._rows = csv.writer(stack.enter_context(path.open("w", encoding="utf-8", newline="")))
        self._rows.writerow([COUPLE, *COLUMNS])

    def take(self, couple: Couple) -> None:
        names, kinds = PARTNERS, KINDS
        for time, who, kind, value in zip(*(column.tolist() for column in couple.made.journal), strict=True):
            self._rows.writerow([couple.number, time, names[who], kinds[kind], "" if math.isnan(value) else value])


class _Json:
    """A list of couples, each with its columns; an open answer is null."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        self._file = stack.enter_context(path.open("w", encoding="utf-8"))
        self._file.write("[")
        self._before = "\n"
        stack.callback(self._end)

    def take(self, couple: Couple) -> None:
        self._file.write(self._before + json.dumps({COUPLE: couple.number, **self._columns(couple)}))
        self._before = ",\n"

    @staticmethod
    def _columns(couple: Couple) -> dict[str, object]:
        journal: Journal = couple.made.journal
        values = (journal.time_days, [PARTNERS[who] for who in journal.partner], [KINDS[kind] for kind in journal.kind])
        open_answers = [None if math.isnan(value) else value for value in journal.value.tolist()]
        return dict(zip(COLUMNS, (values[0].tolist(), *values[1:], open_answers), strict=True))

    def _end(self) -> None:
        self._file.write("\n]\n")


class _Parquet:
    def __init__(self, path: Path, stack: ExitStack) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        text = pa.dictionary(pa.int8(), pa.string())
        kinds = [pa.int32(), pa.float64(), text, text, pa.float64()]
        self._schema = pa.schema(list(zip([COUPLE, *COLUMNS], kinds, strict=True)))
        self._writer = stack.enter_context(pq.ParquetWriter(path, self._schema))
        self._waiting: list[Couple] = []
        self._rows = 0
        stack.callback(self._flush)

    def take(self, couple: Couple) -> None:
        self._waiting.append(couple)
        self._rows += couple.made.journal.time_days.size
        if self._rows >= AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if not self._waiting:
            return
        journals = [couple.made.journal for couple in self._waiting]
        sizes = [journal.time_days.size for journal in journals]
        time, who, kind, value = (np.concatenate(columns) for columns in zip(*journals, strict=True))
        columns = [
            pa.array(np.repeat(np.array([couple.number for couple in self._waiting], dtype=np.int32), sizes)),
            pa.array(time),
            pa.DictionaryArray.from_arrays(pa.array(who), pa.array(PARTNERS)),
            pa.DictionaryArray.from_arrays(pa.array(kind), pa.array(KINDS)),
            pa.array(value, mask=np.isnan(value)),
        ]
        self._writer.write_table(pa.Table.from_arrays(columns, schema=self._schema))
        self._waiting, self._rows = [], 0


# ------------------------------------------------------------------------------------------ what is true of them


def _truth(couple: Couple) -> dict[str, float]:
    made = couple.made
    return {
        COUPLE: couple.number,
        **made.parameters._asdict(),
        "x_a": float(made.x[-1, 0]),
        "x_b": float(made.x[-1, 1]),
    }


class _TruthCsv:
    def __init__(self, path: Path, stack: ExitStack) -> None:
        self._rows = csv.writer(stack.enter_context(path.open("w", encoding="utf-8", newline="")))
        self._named = False

    def take(self, couple: Couple) -> None:
        row = _truth(couple)
        if not self._named:
            self._rows.writerow(row)
            self._named = True
        self._rows.writerow(row.values())


_SINKS: Final[dict[str, Callable[[Path, ExitStack], Sink]]] = {".parquet": _Parquet, ".csv": _Csv, ".json": _Json}
_TRUTHS: Final[dict[str, Callable[[Path, ExitStack], Sink]]] = {".csv": _TruthCsv}
