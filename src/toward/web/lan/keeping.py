"""The folder that holds a house's certificates, and which of them is the one for today.

    <data>/lan/authority.crt     what phones are asked to trust (DER); no key belongs to it any more
    <data>/lan/01.pem … 10.pem   a certificate with its key for each coming year, readable by this user only

The folder appears whole or not at all: it is filled under another name and then renamed.
"""

from __future__ import annotations

import os
import shutil
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from toward.errors import Misconfigured
from toward.web.lan.authority import SLACK, issue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toward.web.lan.authority import Address

FOLDER: Final = "lan"
AUTHORITY: Final = "authority.crt"


class Kept(NamedTuple):
    """One of the certificates."""

    path: Path
    certificate: x509.Certificate


class Certificates:
    """What the folder holds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def open(cls, data: Path, name: str, addresses: Sequence[Address], now: datetime) -> Self:
        """Return the certificates for *name* below *data*, made now if there are none or the last has run out.

        Raises ``Misconfigured`` where they were made for another name: every phone would have to trust anew, which
        nobody shall bring about with a slip of the keyboard.
        """
        found = cls(data / FOLDER)
        if not found.folder.exists():
            found._make(name, addresses, now)
        elif found.name != name:
            message = (
                f"the phones here trust {found.name!r} and not {name!r}: start with --lan-name {_short(found.name)}, "
                f"or delete {found.folder} and let every phone trust the new name"
            )
            raise Misconfigured(message)
        elif found.last_day <= now:
            shutil.rmtree(found.folder)
            found._make(name, addresses, now)
        return found

    @cached_property
    def authority(self) -> x509.Certificate:
        """What phones are asked to trust."""
        return x509.load_der_x509_certificate(self.authority_file.read_bytes())

    @property
    def authority_file(self) -> Path:
        """Where that lies."""
        return self.folder / AUTHORITY

    @cached_property
    def leaves(self) -> tuple[Kept, ...]:
        """The server's certificates, by the day they begin."""
        paths = sorted(self.folder.glob("*.pem"))
        kept = [Kept(path, x509.load_pem_x509_certificate(path.read_bytes())) for path in paths]
        return tuple(sorted(kept, key=lambda one: one.certificate.not_valid_before_utc))

    @cached_property
    def name(self) -> str:
        """The one name that the authority vouches for."""
        constraints = self.authority.extensions.get_extension_for_class(x509.NameConstraints).value
        return next(str(one.value) for one in constraints.permitted_subtrees or () if isinstance(one, x509.DNSName))

    @property
    def last_day(self) -> datetime:
        """When phones have to trust anew."""
        return self.leaves[-1].certificate.not_valid_after_utc

    def today(self, now: datetime) -> Path:
        """Return the certificate to show: the newest that has begun for every phone, however slow its clock."""
        begun = [one for one in self.leaves if one.certificate.not_valid_before_utc + SLACK <= now]
        return (begun or self.leaves)[-1 if begun else 0].path

    def covers(self, address: Address) -> bool:
        """Say whether pages may be opened by *address* as well as by the name."""
        names = self.leaves[-1].certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return address in names.get_values_for_type(x509.IPAddress)

    def fingerprint(self, algorithm: hashes.HashAlgorithm | None = None) -> str:
        """Return the authority's fingerprint as phones show it: pairs of digits, SHA-256 unless told otherwise."""
        return self.authority.fingerprint(algorithm or hashes.SHA256()).hex(" ").upper()

    def _make(self, name: str, addresses: Sequence[Address], now: datetime) -> None:
        filling = self.folder.with_name(f"{FOLDER}.new")
        shutil.rmtree(filling, ignore_errors=True)
        filling.mkdir(mode=0o700, parents=True)
        issued = issue(name, addresses, now)
        _write(filling / AUTHORITY, issued.authority)
        for number, leaf in enumerate(issued.leaves, start=1):
            _write(filling / f"{number:02}.pem", leaf.pem)
        filling.rename(self.folder)
        for known in ("authority", "leaves", "name"):
            self.__dict__.pop(known, None)


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor made with its mode, so that it is never readable
        file.write(data)
        file.flush()
        os.fsync(descriptor)


def _short(name: str) -> str:
    return name.removesuffix(".local")
