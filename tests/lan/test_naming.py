"""The name at home: told to whoever asks, taken from nobody. On loopback's own multicast, where there is no network."""

from __future__ import annotations

import time
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

import pytest
from zeroconf import AddressResolverIPv4, IPVersion, Zeroconf  # type: ignore[attr-defined]  # documented

from toward.errors import Misconfigured
from toward.web.lan import naming
from toward.web.lan.naming import Announced, check_free, full_name

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME = IPv4Address("127.0.0.1")
NAME = "toward-under-test.local"


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Iterator[Zeroconf]:
    """Another machine of the network; ours stands at loopback."""
    monkeypatch.setattr(naming, "machine_address", lambda: HOME)
    monkeypatch.setattr(naming, "LOOK_AGAIN_S", 0.05)
    with Zeroconf(interfaces=[str(HOME)], ip_version=IPVersion.V4Only) as other:
        yield other


def asked(network: Zeroconf, name: str, ms: int = 3000) -> set[str]:
    """What the network answers to *name*."""
    resolver = AddressResolverIPv4(f"{name}.")
    resolver.request(network, ms)
    return {str(one) for one in resolver.ip_addresses_by_version(IPVersion.V4Only)}


def test_answers_to_its_name(network: Zeroconf) -> None:
    """With this machine's address, and with nothing else that would say what it is."""
    announced = Announced(NAME, 8787)
    try:
        assert asked(network, NAME, 5000) == {str(HOME)}
        check_free(NAME)  # it is ours
    finally:
        announced.close()


def test_follows_the_machine_to_another_address(network: Zeroconf, monkeypatch: pytest.MonkeyPatch) -> None:
    """A router that hands out a new address does not lose the house."""
    opened: list[object] = []
    real = naming._open

    def remember(address: IPv4Address | None) -> Zeroconf:
        opened.append(address)
        return real(HOME)

    monkeypatch.setattr(naming, "_open", remember)
    announced = Announced(NAME, 8787)
    try:
        assert asked(network, NAME, 5000) == {str(HOME)}
        monkeypatch.setattr(naming, "machine_address", lambda: IPv4Address("127.0.0.2"))
        found, until = {str(HOME)}, time.monotonic() + 20
        while found != {"127.0.0.2"} and time.monotonic() < until:
            time.sleep(0.2)
            with Zeroconf(interfaces=[str(HOME)], ip_version=IPVersion.V4Only) as fresh:  # one that remembers nothing
                found = asked(fresh, NAME, 500)
        assert found == {"127.0.0.2"}
    finally:
        announced.close()
    assert opened == [HOME, IPv4Address("127.0.0.2")]


def test_takes_no_name_from_another_machine(network: Zeroconf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a phone is asked to trust it."""
    announced = Announced(NAME, 8787)
    try:
        assert asked(network, NAME, 5000) == {str(HOME)}
        monkeypatch.setattr(naming, "machine_address", lambda: None)
        real = naming._open
        monkeypatch.setattr(naming, "_open", lambda _: real(HOME))
        with pytest.raises(Misconfigured, match="--lan-name"):
            check_free(NAME)
    finally:
        announced.close()


def test_without_a_network_the_house_still_opens(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing to announce to is no error; a network that fails is said once, with the way out."""
    monkeypatch.setattr(naming, "machine_address", lambda: None)
    Announced(NAME, 8787).close()
    assert caplog.text == ""
    monkeypatch.setattr(naming, "machine_address", lambda: HOME)

    def broken(_: object) -> Zeroconf:
        raise OSError

    monkeypatch.setattr(naming, "_open", broken)
    check_free(NAME)
    Announced(NAME, 8787).close()
    assert "open the pages by address" in caplog.text


@pytest.mark.parametrize(
    ("short", "full"), [("toward", "toward.local"), ("Lamp.local", "lamp.local"), ("a-1", "a-1.local")]
)
def test_a_name_is_one_label(short: str, full: str) -> None:
    """With or without its ending."""
    assert full_name(short) == full


@pytest.mark.parametrize("short", ["", "two words", "a.b", "-a", "a-", "ü", "a" * 64, "bank.example"])
def test_what_is_no_label_is_refused(short: str) -> None:
    """So that nothing strange is signed for."""
    with pytest.raises(Misconfigured, match="--lan-name"):
        full_name(short)
