"""How long a start takes: ``python -m benchmarks.start``.

Measured from starting the process to the end of the first answer, beside a bare Starlette "hello" under uvicorn with
the same loop and parser in the same run, turn by turn, so that a busy machine slows both. Each is started once
unmeasured, so that bytecode is there, as after an install. The bar is for the best of the rounds: a start has a cost,
and what other programs add to it is not part of it; the median stands beside it.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROUNDS = 7
HELLO = """
import sys
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
import uvicorn
app = Starlette(routes=[Route("/offline", lambda request: PlainTextResponse("hello"))])
uvicorn.run(app, port=int(sys.argv[1]), loop="uvloop", http="httptools", access_log=False, log_config=None)
"""


class Row(NamedTuple):
    """One line of the table; *bar_s* is None for what is only there to compare with."""

    what: str
    best_s: float
    median_s: float
    bar_s: float | None


def environment(cache: str) -> dict[str, str]:
    """This environment, with bytecode written to *cache* (some systems switch it off; an install has it)."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": cache}


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def first_answer(command: Callable[[int], Sequence[str]], env: dict[str, str]) -> float:
    """Seconds from starting *command* to the whole of its first answer."""
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen(command(port), env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
                connection.sendall(b"GET /offline HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                answer = b"".join(iter(lambda: connection.recv(65536), b""))
                if answer:
                    assert b"200 OK" in answer.partition(b"\r\n")[0], answer[:200]
                    return time.perf_counter() - began
            time.sleep(0.002)
        message = f"did not start: {command(port)}"
        raise RuntimeError(message)
    finally:
        process.terminate()
        process.wait()


def run_time(command: Sequence[str], env: dict[str, str]) -> float:
    """Seconds that *command* takes."""
    began = time.perf_counter()
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def measure(rounds: int = ROUNDS) -> list[Row]:
    """Start everything by turns; return the medians."""
    with tempfile.TemporaryDirectory() as folder:
        env = environment(f"{folder}/cache")

        def hello(port: int) -> list[str]:
            return [sys.executable, "-c", HELLO, str(port)]

        def serve(port: int) -> list[str]:
            return [sys.executable, "-m", "toward", "serve", "--port", str(port), "--data", f"{folder}/data"]

        show_help = [sys.executable, "-m", "toward", "--help"]
        turns = [
            (run_time(show_help, env), first_answer(hello, env), first_answer(serve, env)) for _ in range(rounds + 1)
        ]
    helping, bare, ours = zip(*turns[1:], strict=True)
    return [
        Row("toward --help", min(helping), median(helping), 0.3),
        Row("bare hello, first answer", min(bare), median(bare), None),
        Row("toward serve, first answer", min(ours), median(ours), 1.0),
    ]


def main() -> None:
    """Print the table."""
    rows = measure()
    bare_s = rows[1].best_s
    print(f"{'':28}{'best s':>9}{'median s':>10}{'x bare':>8}{'bar s':>7}")
    for what, best_s, median_s, bar_s in rows:
        met = "" if bar_s is None else f"{bar_s:7.2f}  {'met' if best_s < bar_s else 'MISSED'}"
        print(f"{what:28}{best_s:9.3f}{median_s:10.3f}{best_s / bare_s:8.2f}{met}")


if __name__ == "__main__":
    main()
