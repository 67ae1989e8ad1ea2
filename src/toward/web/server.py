"""Serving: one process or several, quiet in the log, tidy on the disk, and one address to open.

What this process may leave behind is settled first: files only for this user, no core dumps (they would hold open
keys), and a log that knows neither paths nor people.
"""

from __future__ import annotations

import gc
import logging
import os
import resource
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct, structs

from toward.errors import Misconfigured
from toward.web.settings import LOOPBACK, Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.applications import Starlette
    from uvicorn import Config

    from toward.live import Broker
    from toward.vault import Vault

ENVIRONMENT_KEY: Final = "TOWARD_SERVE"
WILDCARDS: Final = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - compared with, not bound to


class Serving(Struct, frozen=True, kw_only=True):
    """What ``toward serve`` was told. *public_url* is how people reach a server that stands behind a proxy."""

    host: str = "127.0.0.1"
    port: int = 8787
    data: str = ""
    database: str | None = None
    nats: str | None = None
    workers: int = 1
    names: tuple[str, ...] = ()
    public_url: str | None = None

    @property
    def folder(self) -> Path:
        """Where everything is kept."""
        return Path(self.data) if self.data else default_folder()

    @property
    def settings(self) -> Settings:
        """What the app needs to know of this."""
        public = urlsplit(self.public_url or "")
        hosts = {*self.names, self.host, public.hostname or ""} - WILDCARDS - LOOPBACK
        return Settings(hosts=frozenset(name.lower() for name in hosts), https=public.scheme == "https")


def default_folder() -> Path:
    """Return the data folder of this user."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "toward"


def serve(serving: Serving, *, say: Callable[[str], None] = print) -> None:
    """Serve until told to stop. *say* prints a line for whoever started this."""
    check(serving)
    gc.disable()  # imports make much and throw nothing away; see ``settle_memory``
    leave_nothing_behind()
    listener = listen(serving.host, serving.port)
    address = serving.public_url or own_address(serving.host, listener.getsockname()[1])
    vault = open_vault(serving)
    say(address)
    if not vault.has_people():
        say_setup_link(f"{address.rstrip('/')}/setup/{vault.new_setup_token()}", say)
    if serving.workers == 1:
        run_one(build(serving, vault), listener)
    else:
        vault.close()
        run_several(serving, listener)


def check(serving: Serving) -> None:
    """Raise ``Misconfigured`` for what can't work, before anything is opened."""
    if serving.workers > 1 and not serving.nats:
        message = "several workers share live rooms over NATS: add --nats URL, or leave --workers at 1"
        raise Misconfigured(message)
    if serving.public_url and urlsplit(serving.public_url).scheme not in {"http", "https"}:
        message = f"--public-url must begin with http:// or https://, not {serving.public_url!r}"
        raise Misconfigured(message)


def leave_nothing_behind() -> None:
    """Files for this user only; no core dumps; no log of paths or people."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    quiet_logs()


class QuietFormatter(logging.Formatter):
    """Our own lines as they are; of a library's lines only who spoke and the class of the error.

    A library's message may quote a request or an address, and its traceback what was typed.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        if record.name.startswith("toward"):
            return f"{record.levelname.lower()} {record.getMessage()}"
        error = record.exc_info[1] if record.exc_info else None
        return f"{record.levelname.lower()} in {record.name}: {type(error).__name__ if error else 'a warning'}"


def quiet_logs() -> None:
    """Send warnings and errors to the terminal, through ``QuietFormatter``."""
    handler = logging.StreamHandler()
    handler.setFormatter(QuietFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    # A browser that hangs up or speaks nonsense is nobody's concern, and these lines hold addresses and paths.
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)
    logging.getLogger("websockets").setLevel(logging.CRITICAL)


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; raises ``Misconfigured`` with the way out where the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        message = f"can't listen on {host} port {port} ({error.strerror}): choose another with --port"
        raise Misconfigured(message) from error
    listener.set_inheritable(True)
    return listener


def own_address(host: str, port: int) -> str:
    """Return the address to open. For "every interface" it is the one by which this machine speaks to its network."""
    if host in WILDCARDS:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(("192.0.2.1", 9))  # a documentation address: asks the routing table, sends nothing
                host = probe.getsockname()[0]
            except OSError:
                host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def say_setup_link(link: str, say: Callable[[str], None]) -> None:
    """Print the one-time link and its QR code."""
    import io

    import segno

    from toward.catalogue import words

    drawn = io.StringIO()
    segno.make(link, error="l", micro=False).terminal(drawn, border=2, compact=True)
    say(words("web.terminal.setup"))
    say(link)
    say(drawn.getvalue())


def open_vault(serving: Serving) -> Vault:
    """Open the vault in the data folder."""
    from toward.vault import Vault

    serving.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Vault.open(serving.folder, url=serving.database)


def build(serving: Serving, vault: Vault) -> Starlette:
    """Return the app over *vault*."""
    from toward.live import Hub
    from toward.web.app import create_app

    settings, inside = serving.settings, {}
    if serving.workers == 1:
        from toward.web.look_around import ForGuests, LookAround

        # Its two people live in this process's memory: with several workers each would have other ones.
        settings = structs.replace(settings, look_around=True)
        inside = {base: ForGuests(app, vault) for base, app in LookAround(settings).apps().items()}
    app = create_app(vault, settings=settings, hub=Hub(_broker(serving.nats)), inside=inside)
    settle_memory()
    return app


def settle_memory() -> None:
    """Take what was imported out of the collector's rounds, which a start and every later round are the shorter for."""
    gc.freeze()
    gc.enable()


def _broker(nats: str | None) -> Callable[[], Awaitable[Broker]] | None:
    """Return the way to the broker that workers share; None for one worker, whose rooms stay in this process."""
    if nats is None:
        return None
    from toward.live.nats_broker import NatsBroker

    return lambda: NatsBroker.connect(nats)


def config(app: Starlette | str) -> Config:
    """Return uvicorn's settings: quiet, nameless, and with 20 KiB a socket instead of 56 (no per-message deflate)."""
    from uvicorn import Config

    from toward.live.messages import MAX_BYTES

    return Config(
        app,
        factory=isinstance(app, str),
        loop="uvloop" if sys.platform != "win32" else "asyncio",
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=MAX_BYTES,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=3,
    )


def run_one(app: Starlette, listener: socket.socket) -> None:
    """Serve *app* in this process."""
    from uvicorn import Server

    Server(config(app)).run(sockets=[listener])


def run_several(serving: Serving, listener: socket.socket) -> None:
    """Serve in as many processes as was asked; each makes its own app by ``worker_app``."""
    from uvicorn.supervisors import Multiprocess

    os.environ[ENVIRONMENT_KEY] = msgspec.json.encode(serving).decode()
    settings = config("toward.web.server:worker_app")
    settings.workers = serving.workers
    Multiprocess(settings, sockets=[listener]).run()


def worker_app() -> Starlette:
    """Return the app of one worker among several, as the environment describes it."""
    leave_nothing_behind()
    serving = msgspec.json.decode(os.environ[ENVIRONMENT_KEY], type=Serving)
    return build(serving, open_vault(serving))
