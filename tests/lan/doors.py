"""Browsers that trust an authority, and doors that show a certificate."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Error

from tests.fixtures.browser import CHROMIUMS, QUIET
from tests.lan.chains import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

STORES = (".pki/nssdb", ".local/share/pki/nssdb")
"""Where Chromium looks for what its owner trusts: older and newer."""


class Door(BaseHTTPRequestHandler):
    """Says hello to whoever gets through the lock."""

    def do_GET(self) -> None:
        """Say it."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>in</title>")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Keep quiet."""


@contextmanager
def door(folder: Path, pem: bytes) -> Iterator[int]:
    """Serve HTTPS with *pem* on a port of loopback."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(written(folder / "door.pem", pem))
    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@contextmanager
def browser_that_trusts(chromium: Browser, home: Path, authority: bytes | None) -> Iterator[Browser]:
    """Start a Chromium whose owner has a new home folder and trusts *authority*; every name leads to this machine."""
    if authority is not None:
        file = written(home / "authority.crt", authority)
        for store in STORES:
            trusting = [sys.executable, str(Path(__file__).with_name("trusting.py")), str(home / store), str(file)]
            subprocess.run(trusting, check=True)
    program = os.environ.get("TOWARD_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    flags = [flag for flag in QUIET if "resolver" not in flag]
    flags += ["--host-resolver-rules=MAP * 127.0.0.1", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    environment: dict[str, str | float | bool] = {
        **os.environ,
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / ".local/share"),
    }
    started = chromium.browser_type.launch(executable_path=program, args=flags, env=environment)
    try:
        yield started
    finally:
        started.close()


def opened(browser: Browser, address: str) -> str:
    """What becomes of opening *address*: "in", or the name of the browser's refusal."""
    page = browser.new_page()
    try:
        page.goto(address)
        return page.title()
    except Error as error:
        return error.message.split(" at ")[0].rpartition("net::")[2]
    finally:
        page.close()
