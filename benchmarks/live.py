"""The live room, measured: ``python -m benchmarks.live`` (about four minutes; ``--quick`` for one).

Skew of the breath between two pages in a real Chromium, and what a message costs beside a bare Starlette echo and
Node's ``ws`` in the same run. A message is a frame that comes in or goes out: a thumb comes in once and goes out twice.

All servers run on the same settings and get the same bytes, as many at a time. The echo is what one writes with
Starlette's ``WebSocket``; it reads nothing of what it sends back. The room reads each message, keeps a limit for each
phone, and sends a thumb's two states, seven times as long as the thumb.
"""

from __future__ import annotations

import resource
import sys
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks import live_load, skew

SKEW_BAR_MS: Final = 30.0
COST_BAR: Final = 1.5
PAIRS: Final = 500
LOADS: Final = (
    live_load.Load("probes, 3/s", 3, 0),
    live_load.Load("mixed, 3/s", 3, 3),
    live_load.Load("mixed, 7/s", 7, 3),
    live_load.Load("thumbs only, 3/s", 3, 10),
    live_load.Load("mixed, saturated", None, 3),
)
BAR_ON: Final = {LOADS[1].name, LOADS[2].name, LOADS[4].name}
LINES: Final = (
    skew.Line("loopback", jittery=False, drifts=(0.0, 0.0)),
    skew.Line("Wi-Fi", jittery=True, drifts=(0.0, 0.0)),
    skew.Line("Wi-Fi, clocks 100 ppm apart", jittery=True, drifts=(6e-5, -4e-5)),
)


def _verdict(*, met: bool) -> str:
    return "[green]met[/]" if met else "[red]missed[/]"


def print_skew(console: Console, *, quick: bool) -> bool:
    """Measure and print the skew; return whether the bar is met."""
    table = Table(title="Skew between two phones, ms")
    for column in ("what", "median", "p99", "worst", "readings", f"p99 bar {SKEW_BAR_MS:g}"):
        table.add_column(column, justify="left" if column == "what" else "right")
    met = True
    for probes in (1, skew.PROBES):
        found = skew.simulate(probes)
        name = f"simulated Wi-Fi, {probes} probe{'s' if probes > 1 else ''}"
        table.add_row(name, *(f"{value:.2f}" for value in found[:3]), str(found.readings), "")
    for line in LINES:
        found = skew.measure(line, 2 if quick else 6, 5 if quick else 12)
        met = met and found.p99_ms <= SKEW_BAR_MS
        values = (*(f"{value:.2f}" for value in found[:3]), str(found.readings))
        table.add_row(f"Chromium, {line.name}", *values, _verdict(met=found.p99_ms <= SKEW_BAR_MS))
    console.print(table)
    return met


def print_cost(console: Console, *, quick: bool) -> bool:
    """Measure and print what a message costs; return whether the bar is met."""
    rounds = 2 if quick else 4
    try:
        kinds = ["echo", "room", "open room", "node"]
        kib, costs = live_load.compare(kinds, LOADS, PAIRS, rounds)
    except FileNotFoundError as absent:
        console.print(f"Node's ws is not measured: no {absent} here.")
        kinds = ["echo", "room", "open room"]
        kib, costs = live_load.compare(kinds, LOADS, PAIRS, rounds)
    names = {
        "echo": "bare Starlette echo",
        "room": "live room",
        "open room": "live room, door open",
        "node": "Node ws echo",
    }
    table = Table(title=f"Messages, {PAIRS} pairs, no compression")
    columns = ("load", "server", "us a message", "a CPU-second", "x echo", f"bar {COST_BAR:g}", "us a phone's message")
    for column in columns:
        table.add_column(column, justify="left" if column in columns[:2] else "right")
    met = True
    for load in LOADS:
        echo = costs["echo", load.name]
        for kind in kinds:
            if not load.is_for(kind):
                continue
            cost = costs[kind, load.name]
            ratio = cost.us_a_frame / echo.us_a_frame
            barred = kind in {"room", "open room"} and load.name in BAR_ON
            met = met and not (barred and ratio > COST_BAR)
            table.add_row(
                load.name if kind == kinds[0] else "",
                names[kind],
                f"{cost.us_a_frame:.1f}",
                f"{1e6 / cost.us_a_frame:,.0f}",
                f"{ratio:.2f}",
                _verdict(met=ratio <= COST_BAR) if barred else "",
                f"{cost.us_a_message:.1f}",
            )
        table.add_section()
    console.print(table)
    memory = ", ".join(f"{names[kind]} {kib[kind]:.1f} KiB" for kind in kinds)
    console.print(f"Memory a connection: {memory}")
    return met


def main() -> int:
    """Measure everything; the exit code says whether every bar was met."""
    # A thousand phones for each of four servers are four thousand sockets here.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, most) if most > 0 else 8192, most))
    console = Console(width=118)
    quick = "--quick" in sys.argv
    cost = print_cost(console, quick=quick)
    return 0 if print_skew(console, quick=quick) and cost else 1


if __name__ == "__main__":
    sys.exit(main())
