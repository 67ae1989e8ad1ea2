"""Two hearts: speed, how often strangers are called together, how often couples are found.

    python -m benchmarks.heart_together DATA

DATA is a folder with `groups/` (see `benchmarks/groups.py`) and `motion/rMEA/`. What is printed of chance is the
share of pairs at p <= .05, and how far from that the share of all such people may be: pairs share people, and people of
one group their hour, so the interval leaves out one group at a time (jackknife) and is wider than a count of
independent pairs would have. Strangers are people of different groups, both from the start of their discussions; odd
and even groups are reported apart, as the choice of null was made on the odd ones.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from benchmarks.groups import RATE_HZ, Person, people
from toward.heart.surrogates import p_value, phase_surrogates, re_pairings
from toward.heart.together import Pair, compare, made_pair, windowed, windowed_correlation
from toward.heart.together.comparison import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

PAIRS: Final = 1500
SURROGATES: Final = 199
ALPHA: Final = 0.05
R_SCRIPT: Final = """
series <- as.matrix(read.table(commandArgs(TRUE)[1]))
window <- 120; lag <- 20; step <- 40
one <- function() {
  starts <- (seq_len(ceiling((nrow(series) - window - lag + 1) / step)) - 1) * step
  t(sapply(starts, function(start) sapply(-lag:lag, function(shift) {
    early <- start + seq_len(window); late <- early + abs(shift)
    if (shift >= 0) cor(series[early, 1], series[late, 2]) else cor(series[late, 1], series[early, 2])
  })))
}
found <- one(); cat(sum(system.time(for (i in 1:5) one())[1:2]) / 5, "\\n")
write.table(format(found, digits = 17), commandArgs(TRUE)[2], row.names = FALSE, col.names = FALSE, quote = FALSE)
"""
"""What rMEA 1.2.2 documents of its MEAccf, in R's own `cor`: the package itself need not be there."""


def quickest(work: Callable[[], object], times: int = 7) -> tuple[float, float]:
    """Seconds of processor and of clock, the quickest of some runs each; the first (which compiles) is not counted."""
    work()
    spent = []
    for _ in range(times):
        start, begun = time.perf_counter(), time.process_time()
        work()
        spent.append((time.process_time() - begun, time.perf_counter() - start))
    return min(cpu for cpu, _ in spent), min(wall for _, wall in spent)


def speed() -> None:
    """Ten minutes at 4 Hz, window 30 s, step 10 s, lag 5 s, with 1,000 partners made and scored."""
    pair = made_pair(coupling=0.4, lag_s=2, duration_s=600, seed=3)
    a, b = np.diff(pair.a, prepend=pair.a[0]), np.diff(pair.b, prepend=pair.b[0])
    at = windowed.grid(4.0)

    def with_chance() -> float:
        own = np.abs(windowed.profiles(a, b[None], at)).max()
        chance = [np.abs(windowed.profiles(a, rows, at)).max(axis=1) for rows in phase_surrogates(b, 1000, seed=0)]
        return p_value(float(own), np.concatenate(chance))

    print("  quickest run, seconds                           processor     clock")
    matrix = quickest(lambda: windowed_correlation(a, b, rate_hz=4))
    print(f"  matrix of 57 windows x 41 lags                  {matrix[0]:9.4f} {matrix[1]:9.4f}")
    whole = quickest(with_chance)
    print(f"  with 1,000 surrogates (bar .3)                  {whole[0]:9.4f} {whole[1]:9.4f}")
    everything = quickest(lambda: compare(pair), 3)
    print(f"  all six figures, 1,000 surrogates each          {everything[0]:9.4f} {everything[1]:9.4f}")
    _peer(pair, whole[0])


def _peer(pair: Pair, ours_s: float) -> None:
    if shutil.which("Rscript") is None:
        print("  no R here: rMEA's way is not timed")
        return
    with tempfile.TemporaryDirectory() as folder:
        script, series, table = (Path(folder) / name for name in ("one.R", "in.txt", "out.txt"))
        script.write_text(R_SCRIPT)
        np.savetxt(series, np.column_stack((pair.a, pair.b)), fmt="%.17g")
        told = subprocess.run(["Rscript", script, series, table], check=True, capture_output=True, text=True).stdout
        apart = np.abs(np.loadtxt(table) - windowed_correlation(pair.a, pair.b, rate_hz=4)).max()
    theirs = float(told.split()[0]) * 1001
    print(f"  rMEA's way in R, 1,001 matrices (from five)     {theirs:9.1f}           {theirs / ours_s:.0f} times ours")
    print(f"  largest difference from R's matrix              {apart:9.1e}")
    print("  multiSyncPy has no windowed cross-correlation")


class Asked(NamedTuple):
    """Pairs that were compared."""

    p: dict[str, list[float]]
    """p of every figure for every pair, NaN where there was too little to say, under its name; "all": the corrected."""
    groups: list[tuple[int, int]]
    """Where the two of each pair come from."""


def rates(pairs: Iterable[tuple[tuple[int, int], Pair]]) -> Asked:
    """Compare every pair; each comes with the groups of its two."""
    found: dict[str, list[float]] = {name: [] for name in (*NAMES, "all")}
    groups = []
    for i, (of, pair) in enumerate(pairs):
        answer = compare(pair, surrogates=SURROGATES, seed=i)
        groups.append(of)
        for name, p in (*((one.name, one.p) for one in answer.measures), ("all", answer.p)):
            found[name].append(np.nan if p is None else p)
    return Asked(found, groups)


def apart(pairs: Iterable[Pair]) -> Iterator[tuple[tuple[int, int], Pair]]:
    """Pairs that have nothing in common."""
    return (((i, i), pair) for i, pair in enumerate(pairs))


def share(p: list[float], groups: list[tuple[int, int]]) -> tuple[float, float, int]:
    """Percent of pairs at p <= alpha, half of its 95 % interval by leaving out one group at a time, and of how many."""
    known = np.isfinite(p)
    hit = np.array(p)[known] <= ALPHA
    pairs = np.array(groups).reshape(-1, 2)[known]
    names = np.unique(pairs)
    touched = [(pairs == name).any(axis=1) for name in names]
    without = np.array([(hit.sum() - hit[one].sum()) / max(1, hit.size - one.sum()) for one in touched])
    error = ((names.size - 1) * np.var(without)) ** 0.5 if names.size else np.nan
    return 100 * float(hit.mean()) if hit.size else np.nan, 196 * float(error), hit.size


def together(first: Person, second: Person) -> Pair:
    """Two people as if they had sat together."""
    n = min(first.rate.size, second.rate.size)
    return Pair(first.rate[:n], second.rate[:n], RATE_HZ, 0.0)


def strangers(everybody: list[Person], count: int, seed: int) -> list[tuple[tuple[int, int], Pair]]:
    """Pairs of people of different groups, drawn evenly, none twice."""
    possible = [pair for pair in combinations(everybody, 2) if pair[0].group != pair[1].group]
    chosen = np.random.default_rng(seed).choice(len(possible), size=min(count, len(possible)), replace=False)
    return [_of_groups(*possible[i]) for i in chosen]


def _of_groups(first: Person, second: Person) -> tuple[tuple[int, int], Pair]:
    return (first.group, second.group), together(first, second)


def show(columns: dict[str, Asked]) -> None:
    """One row a figure, one column a set of pairs, in percent at p <= .05, with half of the 95 % interval."""
    print("  " + " " * 22 + "".join(f"{name:>26}" for name in columns))
    for figure in (*NAMES, "all"):
        cells = []
        for asked in columns.values():
            percent, half, many = share(asked.p[figure], asked.groups)
            cells.append(f"{percent:.1f} ± {half:.1f} ({many})" if many else "-")
        print(f"  {figure:22}" + "".join(f"{cell:>26}" for cell in cells))


def chance(data: Path) -> None:
    """Strangers of odd and even groups, and people of one group."""
    everybody = people(data)
    odd, even = ([one for one in everybody if one.group % 2 == rest] for rest in (1, 0))
    same = [_of_groups(*pair) for pair in combinations(everybody, 2) if pair[0].group == pair[1].group]
    show(
        {
            "strangers, odd groups": rates(strangers(odd, PAIRS, 1)),
            "strangers, even groups": rates(strangers(even, PAIRS, 2)),
            "people of one group": rates(same),
        }
    )


def bursty(seed: int) -> Pair:
    """Two made strangers in whole beats every 2 s, calm and stormy by turns, as hearts are and noise is not."""
    drawn = np.random.default_rng(seed)
    rate = np.zeros((2, 340))
    storm = np.zeros(2)
    for t in range(1, rate.shape[1]):
        storm = 0.95 * storm + 0.25 * drawn.normal(size=2)
        rate[:, t] = 0.95 * rate[:, t - 1] + np.exp(storm) * drawn.normal(size=2)
    a, b = np.round(80 + 1.5 * rate[:, 100:])
    return Pair(a, b, RATE_HZ, 0.0)


def power() -> None:
    """Made pairs of five minutes at 4 Hz: no coupling, and some, one second apart; and strangers with bursts."""
    made = {
        f"made, coupling {coupling}": rates(
            apart(made_pair(coupling=coupling, lag_s=1, duration_s=300, seed=seed) for seed in range(100))
        )
        for coupling in (0.0, 0.3, 0.5)
    }
    show({"made strangers, bursts": rates(apart(bursty(seed) for seed in range(500)))} | made)


def motion(data: Path) -> None:
    """Twenty sessions of therapy, movement at 25 Hz: the mean over dyads against 999 re-pairings with strangers."""
    files = sorted((data / "motion" / "rMEA" / "inst" / "extdata").glob("*/*.txt"))
    movement = [np.log1p(np.loadtxt(file, skiprows=1)) for file in files]
    slow = [one[: one.shape[0] // 5 * 5].reshape(-1, 5, 2).mean(axis=1) for one in movement]  # 5 Hz
    n = min(one.shape[0] for one in slow)
    at = windowed.grid(5.0)
    firsts, seconds = (np.stack([np.diff(one[:n, column]) for one in slow]) for column in (0, 1))
    table = np.array([np.abs(windowed.profiles(first, seconds, at)).max(axis=1) for first in firsts])
    own = float(np.diagonal(table).mean())
    orders = re_pairings(len(slow), 999, seed=0)
    by_chance = np.array([table[np.arange(len(slow)), order].mean() for order in orders])
    print(f"  {len(slow)} dyads: mean z {own:.3f}; strangers {by_chance.mean():.3f}; p = {p_value(own, by_chance):.3f}")


def main(data: Path) -> None:
    """Print it all."""
    print("Windowed cross-correlation, 10 min at 4 Hz, window 30 s, step 10 s, lag 5 s")
    speed()
    print(f"\nPercent of pairs at p <= .05, {SURROGATES} surrogates (bar for strangers: 4 to 6)")
    if (data / "groups").is_dir():
        chance(data)
    print()
    power()
    if (data / "motion").is_dir():
        print("\nMovement in psychotherapy, against re-pairing")
        motion(data)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
