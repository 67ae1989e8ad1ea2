"""What the terminal of a house says, and when it says more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

import pytest

from tests.lan.chains import ADDRESS, NAME
from toward.web.lan import house, keeping
from toward.web.lan.authority import issue
from toward.web.lan.house import House, trust_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def open_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], House]:
    """Starts a house at ``ADDRESS``, in a network where nobody else has its name."""
    monkeypatch.setattr(house, "check_free", lambda _: None)
    monkeypatch.setattr(house, "machine_address", lambda: ADDRESS)
    return lambda: House.open(tmp_path, "toward", port=8787, trust_port=8788)


def said(home: House, *, first: bool = False) -> list[str]:
    """What is printed."""
    lines: list[str] = []
    home.say(lines.append, lambda text: f"[square of {text}]", first=first)
    return lines


def test_says_where_phones_learn_and_what_to_compare(open_house: Callable[[], House]) -> None:
    """The square only while nobody lives there; the digits each time, whole."""
    home = open_house()
    square = "[square of http://10.1.2.3:8788/]"
    assert square in said(home, first=True)
    lines = said(home)
    assert square not in lines
    assert "http://10.1.2.3:8788/" in lines
    assert home.trust.fingerprint in " ".join(lines)
    assert home.trust.thumbprint in lines
    assert home.url == "https://toward.local:8787"
    assert len(lines) == 7


def test_the_app_says_the_same_as_the_terminal(open_house: Callable[[], House], tmp_path: Path) -> None:
    """Each worker reads it from the folder."""
    assert open_house().trust == trust_in(tmp_path, 8788)


def test_says_when_the_machine_has_moved(open_house: Callable[[], House], monkeypatch: pytest.MonkeyPatch) -> None:
    """Its certificates are for the old address: the page offers the name only, and the terminal says why."""
    open_house()
    monkeypatch.setattr(house, "machine_address", lambda: IPv4Address("10.9.9.9"))
    moved = open_house()
    assert moved.has_moved
    assert any("10.9.9.9" in line and NAME in line for line in said(moved)[-1:])
    assert moved.trust.url == "http://10.9.9.9:8788/"


def test_a_machine_in_the_open_has_not_moved(open_house: Callable[[], House], monkeypatch: pytest.MonkeyPatch) -> None:
    """No certificate could be for such an address."""
    monkeypatch.setattr(house, "machine_address", lambda: IPv4Address("198.51.100.7"))
    assert not open_house().has_moved


def test_says_in_time_that_phones_will_have_to_trust_anew(
    open_house: Callable[[], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the last two months of ten years, and not before."""
    ago = timedelta(days=10 * 365 + 32) - timedelta(days=30)
    monkeypatch.setattr(keeping, "issue", lambda name, at, now: issue(name, at, now - ago))
    home = open_house()
    last = home.certificates.last_day
    assert timedelta(days=25) < last - datetime.now(UTC) < timedelta(days=32)
    assert str(last.year) in said(home)[-1]
