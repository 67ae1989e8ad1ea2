"""HTTPS that renews itself: which certificate is shown is asked again at every handshake.

A server at home runs for months. ``certbot`` and its like put a new file where the old one was and then reload
whatever serves; here the year's own certificate follows the last one. Both come down to one question, "which file
now?", and a handshake is the moment to ask it: no timer, no signal, no restart, no worker forgotten.
"""

from __future__ import annotations

import logging
import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from toward.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Callable

    from uvicorn import Config

log = logging.getLogger("toward.web.lan")


class Chain(NamedTuple):
    """The files of a certificate and its key, and what changes when they do."""

    certificate: Path
    key: Path
    state: tuple[int, ...]

    def context(self) -> ssl.SSLContext:
        """Return a context that shows this certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.certificate, self.key)
        return context


class Renewing:
    """Hands out contexts for the chain that *find* names at the moment."""

    def __init__(self, find: Callable[[], Chain]) -> None:
        self._find = find
        self._chain = find()
        self._ready = self._chain.context()

    def context(self) -> ssl.SSLContext:
        """Return the context to listen with; each of its handshakes is answered by ``current``."""
        context = self._chain.context()
        context.sni_callback = self._answer
        return context

    def current(self) -> ssl.SSLContext:
        """Return the context for the chain of now; the last good one while a new file is only half there."""
        try:
            chain = self._find()
            if chain != self._chain:
                self._ready = chain.context()
                self._chain = chain
        except (OSError, ValueError) as error:  # SSLError is an OSError
            log.warning("the new certificate can't be used yet: %s", type(error).__name__)
        return self._ready

    def _answer(self, connection: ssl.SSLSocket | ssl.SSLObject, name: str | None, first: ssl.SSLContext) -> None:
        del name, first
        connection.context = self.current()


class HouseTls(Struct, frozen=True):
    """The certificates that ``--lan`` has made in the folder *data*. Can be sent to another process."""

    data: str

    def __call__(self, config: Config, default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
        """Return the context; uvicorn asks for it in each worker."""
        del config, default
        from toward.web.lan.keeping import FOLDER, Certificates

        kept = Certificates(Path(self.data) / FOLDER)

        def find() -> Chain:
            path = kept.today(datetime.now(UTC))
            return Chain(path, path, ())

        return Renewing(find).context()


class OwnTls(Struct, frozen=True):
    """A certificate that somebody brings along, and renews by replacing the files."""

    certificate: str
    key: str

    def __call__(self, config: Config, default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
        """Return the context; uvicorn asks for it in each worker."""
        del config, default
        return Renewing(self.find).context()

    def find(self) -> Chain:
        """Return the files as they are now."""
        files = Path(self.certificate), Path(self.key)
        return Chain(*files, tuple(number for path in files for number in _state(path)))

    def names(self) -> frozenset[str]:
        """Return the names that the certificate is for; raises ``Misconfigured`` where the files can't be used."""
        from cryptography import x509

        try:
            self.find().context()
            certificate = x509.load_pem_x509_certificate(Path(self.certificate).read_bytes())
        except (OSError, ValueError) as error:
            message = f"--cert and --key take two PEM files that belong together ({type(error).__name__}: {error})"
            raise Misconfigured(message) from error
        try:
            names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except x509.ExtensionNotFound:
            return frozenset()
        listed = [*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))]
        return frozenset(name.lower() for name in listed if "*" not in name)


def _state(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size
