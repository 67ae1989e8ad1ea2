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
from toward.web.lan import HouseTls, OwnTls, full_name, machine_address
from toward.web.lan.proxy import BehindProxy
from toward.web.lan.proxy import addresses as proxy_addresses
from toward.web.settings import LOOPBACK, Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.applications import Starlette
    from starlette.types import ASGIApp
    from uvicorn import Config

    from toward.live import Broker
    from toward.vault import Vault
    from toward.web.lan.house import House

ENVIRONMENT_KEY: Final = "TOWARD_SERVE"
BACKLOG: Final = 512
WILDCARDS: Final = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - compared with, not bound to


class Serving(Struct, frozen=True, kw_only=True):
    """What ``toward serve`` was told. *public_url* is how people reach a server that stands behind a proxy.

    HTTPS comes from *lan* (certificates made here, for one name at home), from *cert* and *key* (somebody's own), or
    from the proxy.
    """

    host: str = "127.0.0.1"
    port: int = 8787
    data: str = ""
    database: str | None = None
    nats: str | None = None
    workers: int = 1
    names: tuple[str, ...] = ()
    public_url: str | None = None
    proxies: tuple[str, ...] = ()
    cert: str | None = None
    key: str | None = None
    lan: bool = False
    lan_name: str = "toward"
    trust_port: int | None = None

    @property
    def folder(self) -> Path:
        """Where everything is kept."""
        return Path(self.data) if self.data else default_folder()

    @property
    def settings(self) -> Settings:
        """What the app needs to know of this."""
        public = urlsplit(self.public_url or "")
        hosts = {*self.names, self.host, public.hostname or ""} - WILDCARDS - LOOPBACK
        if isinstance(self.tls, OwnTls):
            hosts |= self.tls.names()
        if self.lan:
            hosts.add(full_name(self.lan_name))
        # A named proxy says of each request how it came; then a plain visit from this machine stays a plain one.
        https = public.scheme == "https" and not self.proxies
        return Settings(hosts=frozenset(name.lower() for name in hosts), https=https)

    @property
    def tls(self) -> HouseTls | OwnTls | None:
        """Where the certificate comes from; None for plain HTTP."""
        if self.lan:
            return HouseTls(str(self.folder))
        return OwnTls(self.cert, self.key) if self.cert and self.key else None


def default_folder() -> Path:
    """Return the data folder of this user."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "toward"


def serve(serving: Serving, *, say: Callable[[str], None] = print) -> None:
    """Serve until told to stop. *say* prints a line for whoever started this."""
    check(serving)
    gc.disable()  # imports make much and throw nothing away; see ``settle_memory``
    leave_nothing_behind()
    listener = listen(serving.host, serving.port)
    port = listener.getsockname()[1]
    serving = structs.replace(serving, port=port)
    if not serving.lan:
        run(serving, listener, serving.public_url or own_address(serving.host, port, serving.tls), say)
        return
    from toward.web.lan.house import House

    trust_listener = listen(serving.host, port + 1 if serving.trust_port is None else serving.trust_port)
    serving = structs.replace(serving, trust_port=trust_listener.getsockname()[1])
    house = House.open(serving.folder, serving.lan_name, port=port, trust_port=serving.trust_port or 0)
    name = house.settle_in(trust_listener, config)
    try:
        run(serving, listener, house.url, say, house)
    finally:
        name.close()


def run(
    serving: Serving, listener: socket.socket, address: str, say: Callable[[str], None], house: House | None = None
) -> None:
    """Say where to open the pages, and serve them on *listener*."""
    vault = open_vault(serving)
    say(address)
    empty = not vault.has_people()
    if house is not None:
        house.say(say, qr_code, first=empty)
    if empty:
        say_setup_link(f"{address.rstrip('/')}/setup/{vault.new_setup_token()}", say)
    if serving.workers == 1:
        run_one(build(serving, vault), listener, serving.tls)
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
    if bool(serving.cert) != bool(serving.key):
        message = "--cert and --key belong together: a certificate is of no use without its key"
        raise Misconfigured(message)
    if serving.lan and (serving.cert or serving.public_url):
        message = "--lan makes its own certificates: leave out --cert, --key and --public-url, or leave out --lan"
        raise Misconfigured(message)
    full_name(serving.lan_name)
    proxy_addresses(serving.proxies)


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
        # Whoever follows the printed link before the app is up waits a moment, instead of being turned away.
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        message = f"can't listen on {host} port {port} ({error.strerror}): choose another with --port"
        raise Misconfigured(message) from error
    listener.set_inheritable(True)
    return listener


def own_address(host: str, port: int, tls: HouseTls | OwnTls | None = None) -> str:
    """Return the address to open: by a name of one's own certificate, if there is one.

    For "every interface" it is the one by which this machine speaks to its network.
    """
    if isinstance(tls, OwnTls) and (names := tls.names()):
        host = min(names, key=lambda name: (name in LOOPBACK, len(name), name))
    elif host in WILDCARDS:
        host = str(machine_address() or "127.0.0.1")
    return f"{'https' if tls else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"


def say_setup_link(link: str, say: Callable[[str], None]) -> None:
    """Print the one-time link and its QR code; no code for an address that no phone can reach."""
    from toward.catalogue import words
    from toward.web.qr import opens_only_here

    only_here = opens_only_here(link)
    say(words("web.terminal.setup_here" if only_here else "web.terminal.setup"))
    say(link)
    say(words("web.terminal.phones") if only_here else qr_code(link))


def qr_code(text: str) -> str:
    """Return a QR code in characters."""
    import io

    import segno

    drawn = io.StringIO()
    segno.make(text, error="l", micro=False).terminal(drawn, border=2, compact=True)
    return drawn.getvalue()


def open_vault(serving: Serving) -> Vault:
    """Open the vault in the data folder."""
    from toward.vault import Vault

    serving.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Vault.open(serving.folder, url=serving.database)


def build(serving: Serving, vault: Vault) -> Starlette:
    """Return the app over *vault*."""
    from toward.growth import Growth
    from toward.growth.process import Child
    from toward.live import Hub
    from toward.web.app import create_app
    from toward.web.push import Carrier

    settings, inside = serving.settings, {}
    growth = Growth(Child(serving.folder / "compiled"))
    if serving.lan:
        from toward.web.lan.house import trust_in

        settings = structs.replace(settings, trust=trust_in(serving.folder, serving.trust_port or 0))
    if serving.workers == 1:
        from toward.web.look_around import ForGuests, LookAround

        # Its two people live in this process's memory: with several workers each would have other ones.
        settings = structs.replace(settings, look_around=True)
        inside = {base: ForGuests(app, vault) for base, app in LookAround(settings, growth=growth).apps().items()}
    hub, carrier = Hub(_broker(serving.nats)), Carrier(vault)
    app = create_app(vault, settings=settings, hub=hub, inside=inside, carrier=carrier, growth=growth)
    if serving.proxies:
        app.add_middleware(BehindProxy, proxies=proxy_addresses(serving.proxies))
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


def config(app: ASGIApp | str, tls: HouseTls | OwnTls | None = None) -> Config:
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
        ssl_context_factory=tls,
    )


def run_one(app: ASGIApp, listener: socket.socket, tls: HouseTls | OwnTls | None = None) -> None:
    """Serve *app* in this process."""
    from uvicorn import Server

    Server(config(app, tls)).run(sockets=[listener])


def run_several(serving: Serving, listener: socket.socket) -> None:
    """Serve in as many processes as was asked; each makes its own app by ``worker_app``."""
    from uvicorn.supervisors import Multiprocess

    os.environ[ENVIRONMENT_KEY] = msgspec.json.encode(serving).decode()
    settings = config("toward.web.server:worker_app", serving.tls)
    settings.workers = serving.workers
    Multiprocess(settings, sockets=[listener]).run()


def worker_app() -> Starlette:
    """Return the app of one worker among several, as the environment describes it."""
    leave_nothing_behind()
    serving = msgspec.json.decode(os.environ[ENVIRONMENT_KEY], type=Serving)
    return build(serving, open_vault(serving))
