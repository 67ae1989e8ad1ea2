"""``toward serve --lan``, from the folder to the terminal: certificates, the page for new phones, the name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives import hashes, serialization

from toward.web.lan.addresses import machine_address
from toward.web.lan.authority import is_private
from toward.web.lan.keeping import FOLDER, Certificates
from toward.web.lan.naming import Announced, check_free, full_name
from toward.web.lan.trust_page import TrustPage, TrustServer
from toward.web.settings import Trust

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

    from starlette.applications import Starlette
    from uvicorn import Config

    from toward.web.lan.authority import Address

SOON: Final = timedelta(days=60)


class House:
    """A house in its network: what phones trust, and where they learn to."""

    def __init__(self, certificates: Certificates, *, port: int, trust_port: int) -> None:
        self.certificates = certificates
        self.name = certificates.name
        self.port = port
        self.address = machine_address()
        self.trust = _trust(certificates, self.address, trust_port)

    @classmethod
    def open(cls, data: Path, short_name: str, *, port: int, trust_port: int) -> House:
        """Return the house in the folder *data*; its certificates are made the first time."""
        name, address = full_name(short_name), machine_address()
        if not (data / FOLDER).exists():
            check_free(name)  # before any phone is asked to trust it
        made = Certificates.open(data, name, [address] if address else [], datetime.now(UTC))
        return cls(made, port=port, trust_port=trust_port)

    @property
    def url(self) -> str:
        """Where people open their pages."""
        return f"https://{self.name}:{self.port}"

    @property
    def has_moved(self) -> bool:
        """Whether this machine got another address than the one that its certificates are for."""
        return self.address is not None and is_private(self.address) and not self.certificates.covers(self.address)

    def page(self) -> Starlette:
        """Return the app for new phones."""
        by_address = str(self.address) if self.address is not None and self.certificates.covers(self.address) else ""
        authority = self.certificates.authority.public_bytes(serialization.Encoding.DER)
        return TrustPage(authority, self.name, self.port, by_address).app()

    def settle_in(self, listener: socket.socket, settings: Callable[[Starlette], Config]) -> Announced:
        """Serve the page for new phones on *listener*, and answer to the name."""
        TrustServer(settings(self.page()), listener).start()
        return Announced(self.name, self.port)

    def say(self, say: Callable[[str], None], draw: Callable[[str], str], *, first: bool) -> None:
        """Print how a new phone comes to trust this machine; with a square to point at the *first* time."""
        from toward.catalogue import Catalogue, words
        from toward.web.times import Times

        say(words("trust.terminal.trust"))
        say(self.trust.url)
        if first:
            say(draw(self.trust.url))
        say(words("trust.terminal.fingerprint", kind="SHA-256"))
        for half in _halves(self.trust.fingerprint):
            say(half)
        say(words("trust.terminal.thumbprint", kind="SHA-1"))
        say(self.trust.thumbprint)
        if self.has_moved:
            say(words("trust.terminal.moved", address=str(self.address), name=self.name))
        last = self.certificates.last_day
        if last - datetime.now(UTC) < SOON:
            say(words("trust.terminal.soon", day=Times(Catalogue.load(), 0, 0).written(last.date().isoformat())))


def trust_in(data: Path, trust_port: int) -> Trust:
    """Return what the app tells somebody who brings another phone home, from the certificates in *data*."""
    return _trust(Certificates(data / FOLDER), machine_address(), trust_port)


def _trust(certificates: Certificates, address: Address | None, port: int) -> Trust:
    return Trust(
        # By address: a phone that can't find the name yet has to find this page.
        url=f"http://{address or certificates.name}:{port}/",
        fingerprint=certificates.fingerprint(),
        thumbprint=certificates.fingerprint(hashes.SHA1()),  # noqa: S303 - what Windows shows; compared, not signed with
    )


def _halves(digits: str) -> tuple[str, str]:
    """Return *digits* in two rows: one would break somewhere else in each terminal."""
    middle = len(digits) // 2
    return digits[:middle].strip(), digits[middle:].strip()
