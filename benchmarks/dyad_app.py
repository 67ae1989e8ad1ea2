"""How long an answer takes to become a line: ``python -m benchmarks.dyad_app`` (about four minutes).

Two hundred journals each of three and of eight weeks, no two alike: a check-in of each a day, asks, pauses, softer
words. Through the child, as the app asks: first all but the reader's last check-in, which nobody has reckoned before;
then, warm, that check-in too. From the question to the line, to the fit's own line where it is a second one, and to the
whole answer; beside it, turn by turn, the bare sums in this process, in the processor's time.

The bar is for the line of one more answer. What follows it nobody waits for. On a machine with other work the wall
clock tells of that work too; the processor's time hardly does.
"""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING, Final

import numpy as np

from toward import dyad
from toward.dyad.events import chosen
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


def asked(journal: dyad.Journal) -> Question:
    """A journal as the app asks of it: day by day up to the reader's last check-in."""
    begin, end = float(journal.time_days[0]), float(journal.time_days[-1])
    days = tuple(float(day) for day in np.append(np.arange(begin, end), end))
    kinds = tuple(dyad.KINDS[code] for code in journal.kind.tolist())
    times, values = tuple(journal.time_days.tolist()), tuple(journal.value.tolist())
    return Question(times, tuple(journal.partner.tolist()), kinds, values, days, weigh=True)


def made(weeks: int, seed: int) -> tuple[dyad.Journal, dyad.Journal]:
    """One made-up couple's weeks before the reader's last check-in, and with it."""
    journal = dyad.simulate(dyad.TYPICAL, days=7 * weeks, seed=seed, habits=APP).journal
    own = (journal.kind == dyad.KINDS.index("checkin")) & (journal.partner == 0)
    last = int(np.flatnonzero(own)[-1])
    return chosen(journal, slice(last)), chosen(journal, slice(last + 1))


def followed(growth: Growth, reader: Reader, question: Question) -> tuple[float, float, float]:
    """Ask; milliseconds to the first line, to the fit's own, and to the whole answer."""
    began = time.perf_counter()
    lines: list[tuple[float, object]] = []
    while True:
        answer = growth.told(reader, question.digest, lambda: question, wait_s=PATIENCE_S)
        now_ms = (time.perf_counter() - began) * 1e3
        if answer is None:
            message = "the child was lost"
            raise RuntimeError(message)
        if not lines or lines[-1][1] != answer.way:
            lines.append((now_ms, answer.way))
        if answer.whole:
            return lines[0][0], lines[-1][0], now_ms
        time.sleep(0.0005)


def cpu_ms(work: Callable[[], object]) -> float:
    """Milliseconds of the processor's in this thread."""
    began = time.thread_time()
    work()
    return (time.thread_time() - began) * 1e3


def row(what: str, times: Sequence[float], bar: float | None = None) -> None:
    """Print one line."""
    middle, late = median(times), float(np.quantile(times, 0.99))
    against = "" if bar is None else f"   bar {bar:.0f} ms: {'met' if middle <= bar else 'NOT met'}"
    print(f"{what:46s} median {middle:7.1f} ms   p99 {late:7.1f} ms{against}")


def main() -> None:
    """Print how long it takes."""
    dyad.warm()
    growth = Growth(Child())
    began = time.perf_counter()
    growth.told(Reader(), 0, lambda: asked(made(3, 10_000)[1]), wait_s=PATIENCE_S, whole=True)
    print(f"the child's start and first answer: {time.perf_counter() - began:.2f} s")
    for weeks in WEEKS:
        first, warm, fits, lines, rows = [], [], [], [], []
        for seed in range(FITS):
            before, after = made(weeks, seed)
            rows.append(after.time_days.size)
            reader, question = Reader(), asked(after)
            first.append(followed(growth, reader, asked(before)))
            warm.append(followed(growth, reader, question))
            days, start = np.array(question.days), dyad.fit(before, valleys=False).laplace.start
            fits.append(cpu_ms(lambda j=after, d=days: dyad.path(dyad.fit(j, valleys=False), d)))  # type: ignore[misc]
            lines.append(cpu_ms(lambda j=after, d=days, s=start: dyad.again(j, d, s)))  # type: ignore[misc]
        print(f"{weeks} weeks, {median(rows):.0f} rows")
        row("  first: question to line, through the child", [one[0] for one in first])
        row("  first: question to the whole answer", [one[2] for one in first])
        row("  warm: question to line, through the child", [one[0] for one in warm], BAR_MS)
        row("  warm: question to the fit's own line", [one[1] for one in warm])
        row("  warm: question to the whole answer", [one[2] for one in warm])
        row("  processor alone: a fit and its line", fits)
        row("  processor alone: the line from the last fit", lines)
    growth.close()


if __name__ == "__main__":
    main()
