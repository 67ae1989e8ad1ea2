"""What a house signs, as another implementation reads it: OpenSSL's own verifier decides, not our reading."""

from __future__ import annotations

import subprocess
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from tests.lan.chains import ADDRESS, NAME, NOW, Forger, house_with_a_key, without_constraints, written
from toward.web.lan.authority import LEAF_LASTS, SLACK, STEP, YEARS, is_private, issue

if TYPE_CHECKING:
    from pathlib import Path

INSIDE = [NAME, "phone.toward.local", "10.1.2.3", "192.168.178.20", "172.16.0.1", "fd12::1"]
OUTSIDE = [
    "other.local",
    "nottoward.local",
    "local",
    "bank.example",
    "8.8.8.8",
    "172.32.0.1",
    "2001:db8::1",
    "127.0.0.1",
]


@pytest.fixture(scope="module")
def forger() -> Forger:
    """A house's authority whose key was kept."""
    return house_with_a_key()


def verdict(folder: Path, authority: bytes, leaf: bytes, at: datetime = NOW) -> str:
    """What ``openssl verify`` says."""
    root = x509.load_der_x509_certificate(authority).public_bytes(serialization.Encoding.PEM)
    command = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-attime", str(int(at.timestamp()))]
    files = [written(folder / "root.pem", root), written(folder / "leaf.pem", leaf)]
    done = subprocess.run([*command, "-CAfile", *files], check=False, capture_output=True, text=True)
    return "OK" if done.returncode == 0 else done.stderr


def test_every_year_has_a_certificate_that_verifies(tmp_path: Path) -> None:
    """Strictly read, on any day of ten years, some certificate of the house is good for its name and its address."""
    made = issue(NAME, [ADDRESS], NOW)
    assert len(made.leaves) == YEARS
    for number, leaf in enumerate(made.leaves):
        assert verdict(tmp_path, made.authority, leaf.pem, NOW + number * STEP) == "OK"
        certificate = x509.load_pem_x509_certificate(leaf.pem)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert names.get_values_for_type(x509.DNSName) == [NAME]
        assert names.get_values_for_type(x509.IPAddress) == [ADDRESS]
        assert certificate.not_valid_after_utc - certificate.not_valid_before_utc == LEAF_LASTS < timedelta(days=398)


def test_no_certificate_outlives_its_authority_and_none_leaves_a_gap() -> None:
    """Each begins a month before the last ends."""
    made = issue(NAME, [ADDRESS], NOW)
    root = x509.load_der_x509_certificate(made.authority)
    for before, after in zip(made.leaves, made.leaves[1:], strict=False):
        assert before.until - after.since == LEAF_LASTS - STEP
    assert made.leaves[-1].until == root.not_valid_after_utc


def test_the_authority_is_bound_to_one_name_and_private_networks() -> None:
    """Critically, so that what can't read the constraint refuses; and it can make no authority below itself."""
    root = x509.load_der_x509_certificate(issue(NAME, [ADDRESS], NOW).authority)
    constraints = root.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    permitted = constraints.value.permitted_subtrees or []
    assert [one.value for one in permitted if isinstance(one, x509.DNSName)] == [NAME]
    ranges = [one.value for one in permitted if isinstance(one, x509.IPAddress)]
    assert len(ranges) + 1 == len(permitted)
    assert all(network.is_private for network in ranges)
    basic = root.extensions.get_extension_for_class(x509.BasicConstraints)
    assert basic.critical
    assert (basic.value.ca, basic.value.path_length) == (True, 0)


def test_no_two_certificates_share_a_key_and_none_is_the_authority_s() -> None:
    """What is kept can prove to be the house, and can't sign."""
    made = issue(NAME, [], NOW)
    keys = [serialization.load_pem_private_key(leaf.pem, None) for leaf in made.leaves]
    public = [
        key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        for key in keys
    ]
    root = x509.load_der_x509_certificate(made.authority).public_key()
    public.append(root.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo))
    assert len(set(public)) == YEARS + 1


@pytest.mark.parametrize("name", INSIDE)
def test_openssl_takes_names_of_the_house(tmp_path: Path, forger: Forger, name: str) -> None:
    """The name, and any private address."""
    assert verdict(tmp_path, forger.der, forger.leaf(name)) == "OK"


@pytest.mark.parametrize("name", OUTSIDE)
def test_openssl_refuses_any_other_name(tmp_path: Path, forger: Forger, name: str) -> None:
    """Even signed by the very key; and it is the constraint that refuses, for without it the same is taken."""
    leaf = forger.leaf(name)
    assert "permitted subtree violation" in verdict(tmp_path, forger.der, leaf)
    assert verdict(tmp_path, without_constraints(forger).der, leaf) == "OK"


def test_openssl_refuses_one_bad_name_beside_a_good_one(tmp_path: Path, forger: Forger) -> None:
    """A good name does not carry a bad one in."""
    assert "permitted subtree violation" in verdict(tmp_path, forger.der, forger.leaf(NAME, "bank.example"))


def test_public_addresses_are_left_out() -> None:
    """A machine that stands in the open gets a certificate for its name alone."""
    leaf = x509.load_pem_x509_certificate(issue(NAME, [ip_address("8.8.8.8")], NOW, years=1).leaves[0].pem)
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.IPAddress) == []


@given(st.ip_addresses())
def test_private_is_what_cannot_be_reached_from_elsewhere(address: object) -> None:
    """Only addresses that the standard keeps for private networks."""
    parsed = ip_address(str(address))
    if is_private(parsed):
        assert not parsed.is_global
        assert not parsed.is_loopback
    wide = ip_network("10.0.0.0/8")
    assert is_private(parsed) or parsed not in wide


def test_clocks_may_be_a_day_slow() -> None:
    """The first certificate has begun a day ago."""
    assert issue(NAME, [], NOW, years=1).leaves[0].since == NOW - SLACK
