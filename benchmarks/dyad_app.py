"""How long an answer takes to become a line: ``python -m benchmarks.dyad_app`` (about two minutes).

Two hundred journals each of three and of eight weeks, no two alike: a check-in of each a day, asks, pauses, softer
words. Through the child, warm, from the question to the line and to the whole answer, as the app asks; beside it, in
the same run and turn by turn, the bare fit in one process. The bar is for the line; what goes together with better days
follows it and nobody waits for it.
"""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING, Final

import numpy as np

from toward import dyad
from toward.growth import Growth, Question
from toward.growth.process import Child

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FITS: Final = 200
WEEKS: Final = (3, 8)
BAR_MS: Final = 50.0
PATIENCE_S: Final = 600.0
APP: Final = dyad.HABITS._replace(
    checkins=1, bids=0.3, conflicts=0.1, softenings=0.12, touches=0.3, voices=0.0, harshnesses=0.0, practices_a=0.4,
    theres=0.3, moveds=0.3, marks=0.0, rungs=0.05, life_events=0.02,
)  # fmt: skip


class Reader:
    """Somebody whose opened journal is asked about."""


def made(weeks: int, seed: int) -> tuple[dyad.Journal, Question]:
    """One made-up couple's weeks, as a journal and as the app asks."""
    journal = dyad.simulate(dyad.TYPICAL, days=7 * weeks, seed=seed, habits=APP).journal
    begin = float(journal.time_days[0])
    days = tuple(begin + day for day in range(7 * weeks - 1))
    kinds = tuple(dyad.KINDS[code] for code in journal.kind.tolist())
    times, values = tuple(journal.time_days.tolist()), tuple(journal.value.tolist())
    return journal, Question(times, tuple(journal.partner.tolist()), kinds, values, days, weigh=True)


def took_ms(work: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1e3


def row(what: str, times: Sequence[float], bar: float | None = None) -> None:
    """Print one line."""
    middle, late = median(times), float(np.quantile(times, 0.99))
    against = "" if bar is None else f"   bar {bar:.0f} ms: {'met' if middle <= bar else 'NOT met'}"
    print(f"{what:44s} median {middle:7.1f} ms   p99 {late:7.1f} ms{against}")


def main() -> None:
    """Print how long it takes."""
    dyad.warm()
    growth = Growth(Child())
    began = time.perf_counter()
    growth.told(Reader(), 0, lambda: made(3, 10_000)[1], wait_s=PATIENCE_S, whole=True)
    print(f"the child's start and first answer: {time.perf_counter() - began:.2f} s")
    for weeks in WEEKS:
        line, whole, bare, rows = [], [], [], []
        for seed in range(FITS):
            journal, question = made(weeks, seed)
            reader = Reader()
            rows.append(journal.time_days.size)

            def ask(
                *, all_of_it: bool, reader: Reader = reader, seed: int = seed, question: Question = question
            ) -> object:
                return growth.told(reader, seed, lambda: question, wait_s=PATIENCE_S, whole=all_of_it)

            line.append(took_ms(lambda ask=ask: ask(all_of_it=False)))  # type: ignore[misc]
            whole.append(line[-1] + took_ms(lambda ask=ask: ask(all_of_it=True)))  # type: ignore[misc]
            bare.append(took_ms(lambda journal=journal: dyad.fit(journal, valleys=False)))  # type: ignore[misc]
        print(f"{weeks} weeks, {median(rows):.0f} rows")
        row("  question to line, through the child", line, BAR_MS)
        row("  question to the whole answer", whole)
        row("  the bare fit, in this process", bare)
    growth.close()


if __name__ == "__main__":
    main()
