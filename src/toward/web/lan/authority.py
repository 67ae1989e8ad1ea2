"""A certificate authority for one house: it signs every certificate it will ever sign in one breath, and is gone.

Whoever trusts an authority trusts everything it will sign, and this one would lie on the disk of one of the two. So it
is made to be of no use for anything else:

- **Name constraints, critical.** It vouches for one ``.local`` name and for addresses of private networks. A browser
  refuses anything else it signed, a bank's name included.
- **Its key is destroyed.** It exists in this process's memory while ``issue`` runs, is never written anywhere, and
  OpenSSL overwrites it when it is freed. Nobody can sign a further certificate, not for that one name either.

A destroyed key can't renew. So all certificates are signed up front: one for each coming year, each with a key of its
own, overlapping by a month so that a phone with a wrong clock never stands between two. Each lasts 397 days. Apple
allows 825 for an authority that the owner of the phone added, and others name no limit there; 397 is below every
limit that anybody has set for such certificates, and costs nothing but a few more files. A phone is asked for its
trust once in ten years.

What this does not stop: whoever copies the folder holds those ten years of keys, and can pose as this one name inside
a network in which they can answer for it. Removing the authority from the phones ends that.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import TYPE_CHECKING, Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from collections.abc import Sequence

Address = IPv4Address | IPv6Address

PRIVATE_RANGES: Final = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7"))
)
YEARS: Final = 10
STEP: Final = timedelta(days=365)
LEAF_LASTS: Final = timedelta(days=397)
SLACK: Final = timedelta(days=1)
"""How far a phone's clock may be behind."""


class Leaf(NamedTuple):
    """A certificate of the server with its key, both PEM in one text, and when it is good."""

    pem: bytes
    since: datetime
    until: datetime


class Issued(NamedTuple):
    """The authority's own certificate (DER), and every one that it has signed."""

    authority: bytes
    leaves: tuple[Leaf, ...]


def is_private(address: Address) -> bool:
    """Say whether *address* is one the authority may vouch for."""
    return any(address in network for network in PRIVATE_RANGES)


def issue(name: str, addresses: Sequence[Address], now: datetime, *, years: int = YEARS) -> Issued:
    """Return an authority for *name* and private addresses, with a certificate for each of the coming *years*.

    *addresses* that are not private are left out: the constraints would refuse them.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    start = now.replace(microsecond=0) - SLACK
    # The day keeps apart two authorities of one name: some systems file them by what they are called.
    authority = _authority(f"{name} {now:%Y-%m-%d}", name, key, start, start + years * STEP + (LEAF_LASTS - STEP))
    known = [x509.DNSName(name), *(x509.IPAddress(address) for address in addresses if is_private(address))]
    leaves = tuple(_leaf(known, start + year * STEP, authority, key) for year in range(years))
    return Issued(authority.public_bytes(serialization.Encoding.DER), leaves)


def called(authority: x509.Certificate) -> str:
    """Return the name under which a phone lists *authority*."""
    return str(authority.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def _authority(
    title: str, name: str, key: ec.EllipticCurvePrivateKey, start: datetime, end: datetime
) -> x509.Certificate:
    subject = _named(title)
    permitted = [x509.DNSName(name), *(x509.IPAddress(network) for network in PRIVATE_RANGES)]
    return (
        _builder(subject, subject, key.public_key(), start, end)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(permitted_subtrees=permitted, excluded_subtrees=None), critical=True)
        .sign(key, hashes.SHA256())
    )


def _leaf(
    known: list[x509.GeneralName], start: datetime, authority: x509.Certificate, signer: ec.EllipticCurvePrivateKey
) -> Leaf:
    key = ec.generate_private_key(ec.SECP256R1())
    end = start + LEAF_LASTS
    certificate = (
        _builder(_named(str(known[0].value)), authority.subject, key.public_key(), start, end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(known), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .sign(signer, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Leaf(private + certificate.public_bytes(serialization.Encoding.PEM), start, end)


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
