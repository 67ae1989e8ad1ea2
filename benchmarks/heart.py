"""Hearts: every row of the table of promises, beside peers in the same run.

    python -m venv .venv-peers-heart
    .venv-peers-heart/bin/pip install --require-hashes -r benchmarks/peers/heart.lock
    python -m benchmarks.heart DATA

DATA is a folder with `ecg/`, `breath/`, `camera/`, `groups/` and `motion/`. What one heart's signals hold is in
`benchmarks/heart_signals.py`, what two do together in `benchmarks/heart_together.py`; this prints both, and how long
`toward heart --help` takes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from benchmarks import heart_signals, heart_together

PEERS: Final = ("neurokit2", "heartpy", "biosppy", "sleepecg", "wfdb", "multiSyncPy")
PEERS_PYTHON: Final = Path(__file__).parents[1] / ".venv-peers-heart" / "bin" / "python"


def spent(command: list[str], times: int = 5) -> tuple[float, float]:
    """Seconds of processor and of clock that a program takes, the quickest of some runs each."""
    found = []
    for _ in range(times):
        before, start = os.times(), time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        after, wall = os.times(), time.perf_counter() - start
        found.append(
            (after.children_user + after.children_system - before.children_user - before.children_system, wall)
        )
    return min(cpu for cpu, _ in found), min(wall for _, wall in found)


def start() -> None:
    """Our help, and the import of each peer."""
    print("\nStart, seconds                        processor     clock")
    ours = spent([sys.executable, "-m", "toward", "heart", "--help"])
    print(f"  toward heart --help (bar .35)       {ours[0]:9.2f} {ours[1]:9.2f}")
    if not PEERS_PYTHON.exists():
        print("  no .venv-peers-heart here: the peers are not started")
        return
    for peer in PEERS:
        took = spent([str(PEERS_PYTHON), "-c", f"import {peer}"], 2)
        print(f"  import {peer:28} {took[0]:9.2f} {took[1]:9.2f}")


def main(data: Path) -> None:
    """Print it all."""
    heart_signals.main(data)
    print()
    heart_together.main(data)
    start()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
