"""One's devices: all of them are seen, one's own can be removed, and nobody else's."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.vault.couple import PASSPHRASE, Home
from toward.errors import NotFound
from toward.vault import accounts, devices
from toward.vault.tables import devices as table


def test_lists_every_device_this_one_first() -> None:
    """Also one where its owner is signed out; days, and no times."""
    home = Home()
    mara = home.arrive("Mara")
    home.clock.pass_minutes(60 * 48)
    tablet, token = home.vault.sign_in(home.vault.recover(mara.sheet), PASSPHRASE, label="tablet")
    here, other = devices.devices_of(mara.session)
    assert (here.label, here.this, here.added, here.seen) == ("Mara's phone", True, here.added, here.added)
    assert (other.label, other.this, other.added, other.seen) == ("tablet", False, here.added + 2, here.added + 2)
    assert other.added == accounts.day(home.clock())
    tablet.sign_out()
    assert home.vault.session(token) is None
    assert [one.seen is None for one in devices.devices_of(mara.session)] == [False, True]


def test_removing_a_device_ends_its_sessions() -> None:
    """All of them, and those of no other device."""
    home = Home()
    mara = home.arrive("Mara")
    device = home.vault.recover(mara.sheet)
    tokens = [home.vault.sign_in(device, PASSPHRASE, label="tablet")[1] for _ in range(2)]
    devices.remove_device(mara.session, device.id)
    assert [home.vault.session(token) for token in tokens] == [None, None]
    assert home.vault.session(mara.token) is not None
    assert [one.label for one in devices.devices_of(mara.session)] == ["Mara's phone"]


def test_two_devices_of_one_kind_are_told_apart_from_the_first_day() -> None:
    """Browsers call themselves alike; the second iPhone is the second, and one that comes back stays what it is."""
    home = Home()
    mara, lin = home.couple()
    found = [home.vault.recover(mara.sheet) for _ in range(3)]
    for device in (*found, found[1]):
        home.vault.sign_in(device, PASSPHRASE, label="iPhone")
    home.vault.sign_in(home.vault.recover(lin.sheet), PASSPHRASE, label="iPhone")
    assert {one.label for one in devices.devices_of(mara.session)} == {"Mara's phone", "iPhone", "iPhone 2", "iPhone 3"}
    assert {one.label for one in devices.devices_of(lin.session)} == {"Lin's phone", "iPhone"}


def test_a_name_says_nothing_on_the_disk() -> None:
    """Sealed to one length, for its owner and its row: not for the partner, and not on another device's row."""
    home = Home()
    mara, lin = home.couple()
    other = home.vault.recover(mara.sheet)
    home.vault.sign_in(other, PASSPHRASE, label="tablet")

    def rows() -> dict[bytes, bytes]:
        with home.vault.database.read() as connection:
            return {bytes(row.id): bytes(row.label) for row in connection.execute(sa.select(table))}

    before = rows()
    devices.name_device(mara.session, other.id, "the one that Ann gave me")
    after = rows()
    assert after.keys() == before.keys()
    assert [one for one in after if after[one] != before[one]] == [other.id]
    assert len({len(label) for label in (*before.values(), *after.values())}) == 1
    assert b"Ann" not in b"".join(after.values())
    assert accounts.open_label(mara.session.keyring, other.id, after[other.id]) == "the one that Ann gave me"
    assert accounts.open_label(lin.session.keyring, other.id, after[other.id]) == ""
    assert accounts.open_label(mara.session.keyring, mara.device.id, after[other.id]) == ""
    for reader, device in ((lin.session, other.id), (mara.session, b"d" * 16)):
        with pytest.raises(NotFound):
            devices.name_device(reader, device, "mine now")
    assert rows() == after


def test_somebody_elses_device_is_not_there() -> None:
    """Neither listed nor removed."""
    home = Home()
    mara, lin = home.couple()
    with pytest.raises(NotFound):
        devices.remove_device(lin.session, mara.device.id)
    assert [one.label for one in devices.devices_of(lin.session)] == ["Lin's phone"]
    assert home.vault.session(mara.token) is not None


def test_signing_out_elsewhere_leaves_this_session_and_the_trust() -> None:
    """Other sessions end, on this device too; every device stays known."""
    home = Home()
    mara, lin = home.couple()
    _, second = home.vault.sign_in(mara.device, PASSPHRASE)
    _, tablet = home.vault.sign_in(home.vault.recover(mara.sheet), PASSPHRASE)
    devices.sign_out_elsewhere(mara.session)
    assert [home.vault.session(token) is None for token in (mara.token, lin.token, second, tablet)] == [
        False,
        False,
        True,
        True,
    ]
    assert len(devices.devices_of(mara.session)) == 2


def test_a_device_that_the_host_made_up_is_shown_without_a_name() -> None:
    """It must not hide the page that would show it."""
    home = Home()
    mara = home.arrive("Mara")
    with home.vault.database.write() as connection:
        connection.execute(
            sa.insert(table).values(id=b"d" * 16, person=mara.session.person, label=b"x" * 90, added_day=1)
        )
    assert [one.label for one in devices.devices_of(mara.session)] == ["Mara's phone", ""]
