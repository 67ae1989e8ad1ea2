"""Two private places that people host themselves, fetched from npm at fixed versions and started on loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks.start import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import ExitStack

HOME: Final = Path(__file__).parent / "peers" / "node"
"""Kept between runs (fetching takes two minutes); not part of the project. No dot in it: Actual would not serve it."""
PACKAGES: Final = ("@actual-app/sync-server@25.6.0", "tiddlywiki@5.4.1")
PATIENCE_S: Final = 60


class Peer(NamedTuple):
    """A peer's first page."""

    name: str
    url: str


def _fetch(say: Callable[[str], object]) -> None:
    if (HOME / "node_modules" / "tiddlywiki").exists() and (HOME / "node_modules" / "@actual-app").exists():
        return
    say("Fetching the peers (two minutes) ...")
    HOME.mkdir(exist_ok=True)
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--no-save", "--prefix", str(HOME), *PACKAGES]
    subprocess.run(command, check=True, cwd=HOME, timeout=600)


def _start(stack: ExitStack, command: Sequence[str], port: int, **environment: str) -> None:
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, cwd=HOME, env={**os.environ, **environment}, stdout=quiet, stderr=quiet)
    stack.callback(server.wait)
    stack.callback(server.kill)
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(command[0])


def running(stack: ExitStack, say: Callable[[str], object]) -> Iterator[Peer]:
    """Start each peer in turn; without npm there are none, and that is said."""
    if not (shutil.which("npm") and shutil.which("node")):
        say("No npm here: the peers are not measured.")
        return
    _fetch(say)
    programs = HOME / "node_modules" / ".bin"
    say("Actual Budget ...")
    port = free_port()
    data = HOME / "actual"
    data.mkdir(exist_ok=True)
    _start(
        stack,
        [str(programs / "actual-server")],
        port,
        ACTUAL_PORT=str(port),
        ACTUAL_HOSTNAME="127.0.0.1",
        ACTUAL_DATA_DIR=str(data),
    )
    yield Peer("Actual Budget", f"http://127.0.0.1:{port}/")
    say("TiddlyWiki ...")
    port = free_port()
    wiki = HOME / "wiki"
    if not wiki.exists():
        subprocess.run([str(programs / "tiddlywiki"), str(wiki), "--init", "server"], check=True, capture_output=True)
    _start(stack, [str(programs / "tiddlywiki"), str(wiki), "--listen", f"port={port}", "gzip=yes"], port)
    yield Peer("TiddlyWiki", f"http://127.0.0.1:{port}/")
