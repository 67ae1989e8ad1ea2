"""The model of two beside its peers: ``python -m benchmarks.dyad DATA`` (with ``couples/linear_ou_200.npz`` in it).

    python -m venv .venv-peers-dyad
    .venv-peers-dyad/bin/pip install --require-hashes -r benchmarks/peers/dyad.lock

Everything in one run, warm, in one thread; the quickest of several tries, in seconds of processor, so that a busy
machine says little. A peer gets the smaller of its processor and its wall. Peers run
in their own environment (``benchmarks/dyad_peers.py``) and are left out where that is not there, or where one takes
longer than its patience. PyMC's NUTS took 106 s where NumPyro's took 5, and is not asked again.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

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
PEERS: Final = ("statsmodels.api", "numpyro")


def quickest(work: Callable[[], object], times: int = 50, batch: int = 1) -> float:
    """Seconds of processor of the quickest of some calls, or of some batches of calls that are short."""

    def several() -> None:
        for _ in range(batch):
            work()

    return min(spent(several) for _ in range(times)) / batch


def spent(work: Callable[[], object]) -> float:
    """Seconds of processor of one call: a clock on the wall counts the neighbours as well."""
    began = time.process_time()
    work()
    return time.process_time() - began


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


def started(python: str, module: str) -> float:
    """Seconds of processor to start Python and import a module, the least of five (warm caches)."""
    tries = []
    for _ in range(5):
        before = os.times()
        subprocess.run([python, "-c", f"import {module}"], check=True)
        after = os.times()
        tries.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return min(tries)


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


class Bar(NamedTuple):
    """What a row must reach: at least so many times the peer, or at most so many seconds."""

    times: float = 0.0
    seconds: float = math.inf

    def __str__(self) -> str:
        """Say it shortly."""
        return f">= {self.times:g} x" if self.times else f"<= {self.seconds * 1e3:g} ms"


verdicts: list[bool] = []


def row(task: str, ours: float, peer: float | None = None, bar: Bar | None = None, *, micro: bool = False) -> None:
    """Print one line: ours, the peer's, the ratio, the bar, and whether it is met."""
    unit, name = (1e6, "us") if micro else (1e3, "ms")
    theirs = " " * 26 if peer is None else f"{peer * unit:11.3f} {name} {peer / ours:9.1f} x"
    said = ""
    if bar is not None and (peer is not None or not bar.times):
        met = ours <= bar.seconds and (peer is None or peer >= bar.times * ours)
        verdicts.append(met)
        said = f"bar {bar}: {'met' if met else 'MISSED'}"
    elif bar is not None:
        said = f"bar {bar}: no peer here"
    print(f"{task:46s} {ours * unit:9.3f} {name} {theirs} {said}", flush=True)


def main(data: Path) -> None:
    """Print the whole table."""
    dyad.warm()
    if not PEERS_PYTHON.exists():
        print("no .venv-peers-dyad here: peers are left out")
    print(f"{'':46s} {'ours':>12s} {'peer':>14s} {'ratio':>11s}")
    straight(data)
    whole()
    lives(data)
    row("import toward.dyad", started(sys.executable, "toward.dyad"), bar=Bar(seconds=0.5))
    row("  import toward.dyad.estimate (the compiler)", started(sys.executable, "toward.dyad.estimate"))
    if PEERS_PYTHON.exists():
        for module in PEERS:
            row(f"  import {module}", started(str(PEERS_PYTHON), module))
    print(f"{sum(verdicts)} of {len(verdicts)} bars met")


def straight(data: Path) -> None:
    """The linear special case: likelihood, search and draws beside statsmodels and NumPyro."""
    table = np.load(data / "couples" / "linear_ou_200.npz")
    t, y = np.ascontiguousarray(table["t"]), np.ascontiguousarray(table["y"])
    sm, nuts = asked(data, "statsmodels"), asked(data, "numpyro")
    fit = dyad.fit_linear(t, y)
    theta = np.empty(linear.FREE)
    linear.unpack(fit.z, theta)
    ours = quickest(lambda: linear.exact(theta, t, y), 400, 20)
    row("linear, 200 times: likelihood (statsmodels)", ours, sm.get("likelihood"), Bar(times=100), micro=True)
    row("  against the filter alone, matrices ready", ours, sm.get("bare"), micro=True)
    row("linear: most likely couple (statsmodels)", quickest(lambda: dyad.fit_linear(t, y), 20), sm.get("fit"), Bar(40))
    print(f"  optimum {fit.log_likelihood:.4f}, statsmodels {sm.get('optimum', math.nan):.4f} (-422.5264)")
    began = time.process_time()
    draws = dyad.fit_linear(t, y, draws=40_000, seed=1).draws[8000:]
    took = time.process_time() - began
    ess = effective(draws)
    each = nuts["seconds"] / nuts["ess"] if nuts else None
    row("linear: posterior, an effective draw (NumPyro)", took / ess, each, Bar(times=10))
    print(f"  40,000 draws in {took:.2f} s, least effective sample {ess:.0f}")
    if nuts:
        gap = np.abs(draws.mean(axis=0) - np.array(nuts["mean"])) / np.array(nuts["sd"])
        print(f"  NUTS {nuts['seconds']:.1f} s, {nuts['ess']:.0f}; means at most {gap.max():.2f} deviations apart")


def whole() -> None:
    """Three weeks under the whole model: nobody else has it."""
    made = dyad.simulate(dyad.TYPICAL, days=21, seed=1)
    laid = plan(made.journal)
    values, none, final = kernel_theta(checked(dyad.TYPICAL)), np.empty((0, 5)), np.empty(5)
    items, limit = int((laid.source >= 0).sum()), Bar(seconds=0.05)
    one = quickest(lambda: likelihood(values, laid.code, laid.who, laid.work, laid.fixed, none, none[:, 0], final), 300)
    row(f"whole model, 21 days, {items} items: likelihood", one, micro=True)
    assert math.isfinite(plan_log_likelihood(dyad.TYPICAL, laid))
    row("whole model: MAP and Laplace (nobody has it)", quickest(lambda: approximate(laid, dyad.PRIORS), 20), bar=limit)
    row("  and the state, and both models of the trap", quickest(lambda: dyad.fit(made.journal), 20))
    began = time.process_time()
    sampled = dyad.fit(made.journal, draws=2000, seed=1)
    took = time.process_time() - began
    print(f"  2,000 draws in {took:.2f} s, least effective sample {effective(sampled.draws):.0f}")


def lives(data: Path) -> None:
    """A couple-year beside two ways to write it, and beside what no way to write it can do without."""
    arrays, loop = asked(data, "scipy"), asked(data, "euler")
    year = quickest(lambda: dyad.simulate(dyad.TYPICAL, days=365, seed=1), 20)
    row("simulation, a couple-year (NumPy and SciPy)", year, arrays.get("seconds"), Bar(times=50))
    row("  against a loop of bare floats", year, loop.get("seconds"))
    noise = np.random.default_rng(1).standard_normal((365 * GRID_PER_DAY, 2))
    least = quickest(lambda: floor_of(noise), 50)
    lots = quickest(lambda: np.random.default_rng(1).standard_normal((365 * GRID_PER_DAY, 2)), 50)
    print(
        f"  at {(least + lots) / year:.0%} of the arithmetic limit "
        f"(luck {lots * 1e3:.2f} ms, sums {least * 1e3:.2f} ms)"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
