"""The partner who runs the machine and writes into the database past the program.

Forged, replayed and planted rows and keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tests.vault.couple import Home, rows_of
from toward.journal import codec
from toward.journal.kinds import Agreement, CheckIn
from toward.vault import keys, rows
from toward.vault.tables import entries, members, people, space_keys

if TYPE_CHECKING:
    from pathlib import Path

    from toward.vault.store import Row

SEALED = "I was so afraid when the door shut"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home on a real disk."""
    return Home(tmp_path / "data")


def forge(home: Home, row: Row) -> None:
    """Write a row past the program."""
    with home.vault.database.write() as connection:
        connection.execute(sa.insert(entries).values(**row._asdict()))


def test_nobody_can_write_in_the_others_name(home: Home) -> None:
    """Lin has the shared key, and can seal a row as Mara's; it lacks her signature and is refused, by Mara too."""
    mara, lin = home.couple()
    couple = lin.session.couple
    assert couple is not None
    at = rows.Address(
        keys.random_id(),
        couple.space,
        mara.session.person,
        mara.session.ledger.head(couple.space, mara.session.person) + 1,
        1,
    )
    data = codec.encode(home.clock(), 0, Agreement(words="Mara agreed to everything"))
    forge(home, rows.seal_shared(couple.keys[1], lin.session.keyring.sign_secret, at, data))
    for arrival in (mara, lin):
        again = home.vault.session(arrival.token)
        assert again is not None
        assert not any(isinstance(entry.body, Agreement) for entry in again.entries)
        assert at.id in again.ledger.damaged
    # And Mara's own writing goes on behind the scribble.
    again = home.vault.session(mara.token)
    assert again is not None
    again.write(Agreement(words="a walk"))
    lin.session.refresh()
    assert [entry.body.words for entry in lin.session.entries if isinstance(entry.body, Agreement)] == ["a walk"]


def test_replayed_moved_and_copied_rows_are_refused(home: Home) -> None:
    """A true row of Mara's under another id, sequence, author or space says nothing."""
    mara, lin = home.couple()
    entry = mara.session.write(Agreement(words="once is once"))
    row = next(one for one in rows_of(home) if one.id == entry.id)
    nxt = row.seq + 1
    forge(home, row._replace(id=keys.random_id(), seq=nxt))
    forge(
        home,
        row._replace(
            id=keys.random_id(),
            author=lin.session.person,
            seq=lin.session.ledger.head(row.space, lin.session.person) + 1,
        ),
    )
    forge(
        home,
        row._replace(
            id=keys.random_id(),
            space=mara.session.keyring.space,
            seq=mara.session.ledger.head(mara.session.keyring.space, mara.session.person) + 1,
        ),
    )
    for arrival in (mara, lin):
        again = home.vault.session(arrival.token)
        assert again is not None
        assert [one.body.words for one in again.entries if isinstance(one.body, Agreement)] == ["once is once"]


def test_changed_public_keys_and_memberships_are_not_believed(home: Home) -> None:
    """Lin swaps Mara's keys in the database for their own and adds a stranger.

    Mara's pins hold, the stranger has nothing.
    """
    mara, lin = home.couple()
    eve = home.arrive("Eve")
    couple = lin.session.couple
    assert couple is not None
    with home.vault.database.write() as connection:
        connection.execute(
            sa.update(people)
            .where(people.c.id == mara.session.person)
            .values(sign_key=eve.session.keyring.sign_public, box_key=eve.session.keyring.box_public)
        )
        connection.execute(
            sa.insert(members).values(space=couple.space, person=eve.session.person, place=2, left=False)
        )
        connection.execute(sa.insert(space_keys).values(
            space=couple.space, key_id=1, person=eve.session.person,
            sealed=keys.seal_to(eve.session.keyring.box_public, bytes(96)),
        ))  # fmt: skip
    again = home.vault.session(mara.token)
    stranger = home.vault.session(eve.token)
    assert again is not None
    assert stranger is not None
    again.write(CheckIn(felt=3, words=SEALED, share=True))
    assert again.partner is not None
    assert again.partner.person == lin.session.person
    assert stranger.partner is None
    assert not any(entry.shared for entry in stranger.entries)


def test_a_key_from_a_stranger_is_not_taken(home: Home) -> None:
    """A planted grant under the next key id, from nobody known, is left aside: nothing is ever sealed under it."""
    mara, lin = home.couple()
    couple = mara.session.couple
    assert couple is not None
    planted = keys.random_key()
    with home.vault.database.write() as connection:
        connection.execute(sa.insert(space_keys).values(
            space=couple.space, key_id=2, person=mara.session.person,
            sealed=keys.seal_to(mara.session.keyring.box_public, planted + bytes(64)),
        ))  # fmt: skip
    again = home.vault.session(mara.token)
    assert again is not None
    assert again.couple is not None
    assert again.couple.newest == 1
    again.write(Agreement(words="still ours"))
    lin.session.refresh()
    assert any(isinstance(entry.body, Agreement) for entry in lin.session.entries)
