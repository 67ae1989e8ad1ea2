"""A new sheet waits for its owner alone: sealed by their session, gone when they say so, or with it, or in a day."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import msgspec
import pytest
import sqlalchemy as sa

from tests.vault.couple import PASSPHRASE, Home
from tests.vault.test_attacks_reading import PURPOSES, blobs_on_disk, seconds_of_keys, secrets_of
from toward.errors import Damaged
from toward.vault import Vault, devices, erasing, keys, rotation, sheets
from toward.vault.codes import Carried, Sort
from toward.vault.tables import codes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from toward.vault import Arrival

NEW = "a new harbour at low tide"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home on a real disk."""
    return Home(tmp_path / "data")


def kept(home: Home) -> list[bytes]:
    """What lies on the disk of sheets that wait."""
    with home.vault.database.read() as connection:
        found = connection.execute(sa.select(codes.c.payload).where(codes.c.sort == int(Sort.SHEET))).scalars()
        return [msgspec.msgpack.decode(payload, type=Carried).sealed for payload in found]


def opened(home: Home, held: set[bytes]) -> list[bytes]:
    """What all these secrets, and every key that the program derives of them, open of the sheets that wait."""
    blobs = blobs_on_disk(home)
    reach = seconds_of_keys(held, blobs)
    reach.update(keys.derive(secret, purpose) for secret in held for purpose in (*PURPOSES, "sheet find", "sheet wrap"))
    finds = {keys.derive(blob, "sheet find") for blob in blobs} | blobs | {b""}
    heap = []
    for sealed, key, about in itertools.product(kept(home), reach, finds):
        try:
            heap.append(keys.unseal(key, sealed, about))
        except Damaged:
            continue
    return heap


def test_a_sheet_waits_until_its_owner_has_it(home: Home) -> None:
    """The same twelve words at every visit of the same session; afterwards nothing, in the file either."""
    mara = home.arrive("Mara")
    for _ in range(2):
        assert sheets.waiting(home.vault.session(mara.token), mara.token) == mara.sheet  # type: ignore[arg-type]
    sheets.have_them(mara.session)
    assert sheets.waiting(mara.session, mara.token) is None
    assert kept(home) == []
    assert home.vault.recover(mara.sheet).person == mara.session.person


def test_the_hosting_partner_opens_no_sheet_that_waits(home: Home) -> None:
    """All of the disk and all of Lin's secrets open Lin's own sheet and not Mara's; Mara's token opens hers."""
    mara, lin = home.couple()
    assert len(kept(home)) == 2
    assert opened(home, secrets_of(lin, PASSPHRASE)) == [lin.device.secret]
    assert opened(home, secrets_of(mara, PASSPHRASE) - {mara.token.encode()}) == []
    assert opened(home, {mara.token.encode()}) == [mara.device.secret]


def test_no_file_holds_a_sheet_or_what_is_behind_it(home: Home, tmp_path: Path) -> None:
    """Database, write-ahead log and backup, while it waits and after it has gone."""
    mara = home.arrive("Mara")
    home.vault.backup(tmp_path / "copy.toward")
    needles = [mara.device.secret, mara.device.secret.hex().encode(), mara.sheet.encode(), mara.sheet[:20].encode()]
    for _ in range(2):
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert len(files) > 2
        assert not [path for path in files for needle in needles if needle in path.read_bytes()]
        sheets.have_them(mara.session)


def test_a_backup_brings_no_sheet_along(home: Home, tmp_path: Path) -> None:
    """A copy that somebody finds has the person, and nothing that waits for them."""
    home.arrive("Mara")
    home.vault.backup(tmp_path / "copy.toward")
    Vault.restore(tmp_path / "copy.toward", tmp_path / "other")
    assert len(kept(home)) == 1
    assert kept(Home(tmp_path / "other")) == []


def test_another_session_has_no_part_in_it(home: Home) -> None:
    """Neither the partner's, nor another of one's own, nor with somebody else's token; nor one moved to another row."""
    mara, lin = home.couple()
    second, token = home.vault.sign_in(mara.device, PASSPHRASE)
    assert sheets.waiting(second, token) is None
    assert sheets.waiting(mara.session, token) is None
    assert sheets.waiting(mara.session, lin.token) is None
    sheets.have_them(lin.session)
    own = keys.derive(lin.session.find, "sheet find")
    with home.vault.database.write() as connection:
        connection.execute(sa.update(codes).where(codes.c.sort == int(Sort.SHEET)).values(find=own))
    for token in (mara.token, lin.token):
        assert sheets.waiting(lin.session, token) is None


@pytest.mark.parametrize("planted", [b"", b"\x00", msgspec.msgpack.encode(Carried(sealed=b"x" * 60))])
def test_scribbles_are_no_sheet(home: Home, planted: bytes) -> None:
    """Whoever writes on the disk costs a second look at the words, and no page."""
    mara = home.arrive("Mara")
    with home.vault.database.write() as connection:
        connection.execute(sa.update(codes).values(payload=planted))
    assert sheets.waiting(mara.session, mara.token) is None


def test_a_sheet_waits_for_a_day(home: Home) -> None:
    """Then it is not shown any more, and the next one that is kept sweeps it away."""
    mara = home.arrive("Mara")
    home.clock.pass_minutes(24 * 60 - 1)
    assert sheets.waiting(mara.session, mara.token) == mara.sheet
    home.clock.pass_minutes(1)
    assert sheets.waiting(mara.session, mara.token) is None
    home.arrive("Lin")
    assert len(kept(home)) == 1


def elsewhere(home: Home, mara: Arrival) -> None:
    """Sign out everywhere else, from a second session."""
    devices.sign_out_elsewhere(home.vault.sign_in(mara.device, PASSPHRASE)[0])


def removed(home: Home, mara: Arrival) -> None:
    """Take the first device away, from another."""
    other, _ = home.vault.sign_in(home.vault.recover(mara.sheet), PASSPHRASE)
    devices.remove_device(other, mara.device.id)


def revoked(home: Home, mara: Arrival) -> None:
    """End the first session by its id, from another."""
    home.vault.sign_in(mara.device, PASSPHRASE)[0].revoke(mara.session.find)


def changed(home: Home, mara: Arrival) -> None:
    """Another passphrase, from another session."""
    other, _ = home.vault.sign_in(mara.device, PASSPHRASE)
    rotation.change_passphrase(other, PASSPHRASE, NEW, mara.device.secret)


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda _, mara: mara.session.sign_out(), id="signed out"),
        pytest.param(lambda _, mara: erasing.erase(mara.session), id="erased"),
        elsewhere,
        removed,
        revoked,
        changed,
    ],
)
def test_it_goes_with_the_session_that_made_it(home: Home, end: Callable[[Home, Arrival], None]) -> None:
    """Whatever ends the session takes the sheet along, and leaves the other person's."""
    mara, lin = home.couple()
    end(home, mara)
    assert home.vault.session(mara.token) is None
    assert len(kept(home)) == 1
    assert sheets.waiting(lin.session, lin.token) == lin.sheet


def test_new_keys_keep_the_new_sheet_and_drop_the_old(home: Home) -> None:
    """On a browser that keeps no half of the key this is all there is of it, until it stands on paper."""
    mara, lin = home.couple()
    renewed = rotation.someone_knows(mara.session, PASSPHRASE, NEW, mara.device.secret, "phone")
    session = home.vault.session(renewed.token)
    assert session is not None
    assert sheets.waiting(session, renewed.token) == renewed.sheet
    assert sheets.waiting(lin.session, lin.token) == lin.sheet
    assert len(kept(home)) == 2
