"""The folder of certificates: made once, whole or not at all, and a new certificate in its time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lan.chains import ADDRESS, NAME, NOW
from toward.errors import Misconfigured
from toward.web.lan import keeping
from toward.web.lan.authority import SLACK, issue
from toward.web.lan.keeping import Certificates

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def kept(tmp_path: Path) -> Certificates:
    """A house's certificates."""
    return Certificates.open(tmp_path, NAME, [ADDRESS], NOW)


def test_opens_what_it_made(kept: Certificates, tmp_path: Path) -> None:
    """A second start asks no phone for anything."""
    again = Certificates.open(tmp_path, NAME, [], NOW + timedelta(days=900))
    assert again.fingerprint() == kept.fingerprint()
    assert again.name == NAME
    assert again.covers(ADDRESS)


def test_everything_is_for_this_user_alone(kept: Certificates) -> None:
    """Also where the process forgot to say so."""
    assert kept.folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept.folder.iterdir())


def test_no_key_of_the_authority_lies_anywhere(kept: Certificates, tmp_path: Path) -> None:
    """Ten keys, each of its own certificate, and nothing else in the folder of the house."""
    texts = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert sum(text.count(b"PRIVATE KEY-----\n") for text in texts) == 2 * len(kept.leaves)
    authority = kept.authority.public_key()
    assert all(one.certificate.public_key() != authority for one in kept.leaves)
    assert {path.name for path in tmp_path.iterdir()} == {"lan"}


@given(st.integers(0, 3670))
def test_shows_one_that_is_good_for_slow_and_fast_clocks(tmp_path_factory: pytest.TempPathFactory, day: int) -> None:
    """On every day of ten years, for phones a day behind or ahead."""
    home = _house(tmp_path_factory)
    now = NOW + timedelta(days=day)
    path = home.today(now)
    certificate = next(one.certificate for one in home.leaves if one.path == path)
    assert certificate.not_valid_before_utc <= now - SLACK
    assert now + SLACK <= certificate.not_valid_after_utc


_made: dict[str, Certificates] = {}


def _house(factory: pytest.TempPathFactory) -> Certificates:
    if "house" not in _made:
        _made["house"] = Certificates.open(factory.mktemp("house"), NAME, [], NOW)
    return _made["house"]


def test_another_name_is_not_taken_by_a_slip(kept: Certificates, tmp_path: Path) -> None:
    """The way out is said: the old name, or a new trust on every phone."""
    with pytest.raises(Misconfigured, match="--lan-name toward,"):
        Certificates.open(tmp_path, "lamp.local", [ADDRESS], NOW)
    assert Certificates(kept.folder).name == NAME


def test_after_ten_years_there_is_a_new_authority(kept: Certificates, tmp_path: Path) -> None:
    """And not before."""
    last = kept.last_day
    assert Certificates.open(tmp_path, NAME, [], last - timedelta(seconds=1)).fingerprint() == kept.fingerprint()
    new = Certificates.open(tmp_path, NAME, [], last)
    assert new.fingerprint() != kept.fingerprint()
    assert new.last_day > last


def test_half_a_folder_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut while it is filled leaves nothing that a phone would be asked to trust."""
    made = issue(NAME, [], NOW)
    monkeypatch.setattr(keeping, "issue", lambda *_: made)
    writes = iter(range(3))
    real = keeping._write

    def failing(path: Path, data: bytes) -> None:
        next(writes)
        real(path, data)

    monkeypatch.setattr(keeping, "_write", failing)
    with pytest.raises((StopIteration, RuntimeError)):
        Certificates.open(tmp_path, NAME, [], NOW)
    assert not (tmp_path / "lan").exists()
    monkeypatch.setattr(keeping, "_write", real)
    assert len(Certificates.open(tmp_path, NAME, [], NOW).leaves) == len(made.leaves)


def test_the_fingerprint_reads_as_phones_show_it(kept: Certificates) -> None:
    """Pairs of capital digits, thirty-two of them."""
    pairs = kept.fingerprint().split()
    assert len(pairs) == 32
    assert bytes.fromhex("".join(pairs)) == kept.authority.fingerprint(kept.authority.signature_hash_algorithm)  # type: ignore[arg-type]
