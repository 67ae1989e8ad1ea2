"""Certificates for the tests, some of which no house could make: its authority's key is gone before it answers."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from toward.web.lan import authority

if TYPE_CHECKING:
    from pathlib import Path

NAME = "toward.local"
ADDRESS = ip_address("10.1.2.3")
NOW = datetime.now(UTC).replace(microsecond=0)


def named(name: str) -> x509.GeneralName:
    """A name or an address, as a certificate lists it."""
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


class Forger(NamedTuple):
    """An authority whose key was *not* destroyed."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        """What phones are asked to trust."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def leaf(self, *names: str) -> bytes:
        """A certificate for any names, with its key; one for addresses is for the house's name as well."""
        # The first name is the subject too, and OpenSSL holds a subject to the constraints as if it were a name.
        listed = (
            [named(NAME), *map(named, names)]
            if all(":" in one or one[-1].isdigit() for one in names)
            else map(named, names)
        )
        return authority._leaf(list(listed), NOW - authority.SLACK, self.certificate, self.key).pem


def house_with_a_key() -> Forger:
    """What ``--lan`` makes, but with the key kept."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = authority._authority(f"{NAME} {NOW:%Y-%m-%d}", NAME, key, NOW - authority.SLACK, NOW + 3 * authority.STEP)
    return Forger(made, key)


def without_constraints(forger: Forger) -> Forger:
    """The same without its name constraints: what they hold back, it lets through."""
    old = forger.certificate
    builder = (
        x509.CertificateBuilder()
        .subject_name(old.subject)
        .issuer_name(old.issuer)
        .public_key(forger.key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(old.not_valid_before_utc)
        .not_valid_after(old.not_valid_after_utc)
    )
    for extension in old.extensions:
        if extension.oid != x509.NameConstraints.oid:
            builder = builder.add_extension(extension.value, extension.critical)
    return Forger(builder.sign(forger.key, hashes.SHA256()), forger.key)


def written(path: Path, data: bytes) -> Path:
    """*path*, holding *data*."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
