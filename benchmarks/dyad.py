"""The model of two beside its peers: ``python -m benchmarks.dyad DATA`` (with ``couples/linear_ou_200.npz`` in it).

    python -m venv .venv-peers-dyad
    .venv-peers-dyad/bin/pip install --require-hashes -r benchmarks/peers/dyad.lock

Everything in one run, warm, in one thread; the quickest of several tries, so that a busy machine says little. Peers run
in their own environment (``benchmarks/dyad_peers.py``) and are left out where that is not there.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from toward import dyad
from toward.dyad import linear
from toward.dyad.compiled import kernel
from toward.dyad.filtering import plan_log_likelihood
from toward.dyad.laplace import approximate
from toward.dyad.params import checked
from toward.dyad.plan import plan
from toward.dyad.simulation import GRID_PER_DAY, kernel_theta
from toward.dyad.value import likelihood

if TYPE_CHECKING:
    from collections.abc import Callable

PEERS_PYTHON: Final = Path(__file__).parents[1] / ".venv-peers-dyad" / "bin" / "python"
PATIENCE_S: Final = 400
IMPORTS: Final = ("toward.dyad", "toward.dyad.estimate")


def quickest(work: Callable[[], object], times: int = 50) -> float:
    """Seconds of the quickest of some calls."""
    best = math.inf
    for _ in range(times):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def effective(draws: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    """Least effective sample size over the columns of draws [n, P], by Geyer's initial positive sequence."""
    least = math.inf
    for column in draws.T:
        x = column - column.mean()
        spectrum = np.fft.rfft(x, 2 * x.size)
        rho = np.fft.irfft(spectrum * np.conj(spectrum))[: x.size]
        rho = rho / rho[0]
        pairs = rho[1:-1:2] + rho[2::2][: rho[1:-1:2].size]
        stop = int(np.argmax(pairs < 0)) if (pairs < 0).any() else pairs.size
        least = min(least, x.size / (1 + 2 * pairs[:stop].sum()))
    return least


@kernel
def floor_of(noise: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    """What a life can't do without: reading its luck, four exponentials a step, and a chain of sums."""
    a = b = 4.0
    for n in range(noise.shape[0]):
        ha, hb = 1.0 / (1.0 + math.exp((a - 3.5) / 0.4)), 1.0 / (1.0 + math.exp((b - 3.5) / 0.4))
        a, b = a + 0.01 * (4.8 - a - hb) + 0.1 * noise[n, 0], b + 0.01 * (4.8 - b - ha) + 0.1 * noise[n, 1]
    return a + b


def started(module: str) -> tuple[float, float]:
    """Seconds of processor and of clock to start Python and import, less starting Python and NumPy alone."""
    found = []
    for code in ("import numpy", f"import {module}"):
        tries = []
        for _ in range(5):
            before, began = os.times(), time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            after, clock = os.times(), time.perf_counter() - began
            spent = after.children_user + after.children_system - before.children_user - before.children_system
            tries.append((spent, clock))
        found.append((min(cpu for cpu, _ in tries), min(clock for _, clock in tries)))
    return found[1]


def asked(data: Path, part: str) -> dict[str, Any]:
    """What one peer took; nothing where it is not there or needs more than its time."""
    script = str(Path(__file__).with_name("dyad_peers.py"))
    if not PEERS_PYTHON.exists():
        return {}
    try:
        run = subprocess.run(
            [str(PEERS_PYTHON), script, str(data / "couples" / "linear_ou_200.npz"), part],
            check=True,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )
    except subprocess.TimeoutExpired:
        print(f"{part} took more than {PATIENCE_S} s and was left out")
        return {}
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found


def row(task: str, ours: float, peer: float | None, bar: str, unit: float = 1e3, name: str = "ms") -> None:
    """Print one line: ours, the peer's, the ratio, the bar."""
    theirs = "      -" if peer is None else f"{peer * unit:9.3f} {name}  {peer / ours:7.1f} x"
    print(f"{task:44s} {ours * unit:9.3f} {name}   {theirs:24s} bar {bar}")


def main(data: Path) -> None:
    """Print the whole table."""
    dyad.warm()
    table = np.load(data / "couples" / "linear_ou_200.npz")
    t, y = np.ascontiguousarray(table["t"]), np.ascontiguousarray(table["y"])
    if not PEERS_PYTHON.exists():
        print("no .venv-peers-dyad here: peers are left out")
    sm, nuts, loop, arrays = (asked(data, part) for part in ("statsmodels", "numpyro", "euler", "scipy"))

    fit = dyad.fit_linear(t, y)
    theta = np.empty(linear.FREE)
    linear.unpack(fit.z, theta)
    ours = quickest(lambda: linear.exact(theta, t, y), 400)
    row("linear, 200 times: likelihood", ours, sm.get("likelihood"), ">= 100 x", 1e6, "us")
    row("  against the filter alone, matrices ready", ours, sm.get("bare"), "", 1e6, "us")
    row("linear: most likely parameters", quickest(lambda: dyad.fit_linear(t, y), 20), sm.get("fit"), ">= 40 x")
    print(f"  optimum {fit.log_likelihood:.4f}, statsmodels {sm.get('optimum', math.nan):.4f} (-422.5264)")
    began = time.perf_counter()
    draws = dyad.fit_linear(t, y, draws=40_000, seed=1).draws[8000:]
    took = time.perf_counter() - began
    rate = effective(draws) / took
    theirs = nuts["ess"] / nuts["seconds"] if nuts else math.nan
    print(f"linear: posterior, 40,000 draws in {took:.2f} s: least ESS a second {rate:.0f}")
    if nuts:
        gap = np.abs(draws.mean(axis=0) - np.array(nuts["mean"])) / np.array(nuts["sd"])
        print(f"  NUTS {nuts['seconds']:.1f} s, {theirs:.0f} a second: {rate / theirs:.1f} x (bar >= 10 x)")
        print(f"  means at most {gap.max():.2f} deviations apart")

    made = dyad.simulate(dyad.TYPICAL, days=21, seed=1)
    laid = plan(made.journal)
    values, none, final = kernel_theta(checked(dyad.TYPICAL)), np.empty((0, 5)), np.empty(5)
    items = int((laid.source >= 0).sum())
    one = quickest(lambda: likelihood(values, laid.code, laid.who, laid.work, laid.fixed, none, none[:, 0], final), 300)
    print(f"full model, 21 days, {items} items: likelihood {one * 1e6:.0f} us ({one / items * 160e6:.0f} us for 160)")
    assert math.isfinite(plan_log_likelihood(dyad.TYPICAL, laid))
    row("full model, 21 days: MAP and Laplace", quickest(lambda: approximate(laid, dyad.PRIORS), 20), None, "<= 50 ms")
    row("  and both models of the trap, from a journal", quickest(lambda: dyad.fit(made.journal), 20), None, "<= 50 ms")
    began = time.perf_counter()
    sampled = dyad.fit(made.journal, draws=2000, seed=1)
    took = time.perf_counter() - began
    print(f"full model: 2,000 draws in {took:.2f} s, least ESS {effective(sampled.draws):.0f}")

    year = quickest(lambda: dyad.simulate(dyad.TYPICAL, days=365, seed=1), 20)
    row("simulation, one couple-year", year, arrays.get("seconds"), ">= 50 x")
    row("  against a loop of bare floats", year, loop.get("seconds"), "")
    noise = np.random.default_rng(1).standard_normal((365 * GRID_PER_DAY, 2))
    least = quickest(lambda: floor_of(noise), 50)
    lots = quickest(lambda: np.random.default_rng(1).standard_normal((365 * GRID_PER_DAY, 2)), 50)
    print(
        f"  at {(least + lots) / year:.0%} of the arithmetic limit "
        f"(luck {lots * 1e3:.2f} ms, sums {least * 1e3:.2f} ms)"
    )

    for module in IMPORTS:
        cpu, clock = started(module)
        print(f"python -c 'import {module}': processor {cpu:.2f} s, clock {clock:.2f} s (bar .5 s)")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
