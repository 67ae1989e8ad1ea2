"""Checking a home: a good one has no finding, and each thing that can be wrong is found, and only that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.vault.couple import Home
from toward.journal.kinds import CheckIn, Invitation
from toward.vault import checking, pairing
from toward.vault.checking import Finding, Own

if TYPE_CHECKING:
    from pathlib import Path

DAMAGE = {
    "gaps": ["DELETE FROM entries WHERE seq = 2 AND length(ciphertext) = 4096"],
    "sizes": ["UPDATE entries SET ciphertext = substr(ciphertext, 2) WHERE seq = 2 AND length(ciphertext) = 4096"],
    "strangers": ["UPDATE entries SET author = zeroblob(16) WHERE length(ciphertext) = 4096"],
    "incomplete": ["DELETE FROM slots"],
    "homeless": ["DELETE FROM devices"],
    "ownerless": ["DELETE FROM space_keys"],
    "broken": ["PRAGMA foreign_keys=OFF", "UPDATE devices SET person = zeroblob(16)"],
}
"""What is done to a home of two, by what it is found as."""


def lived(home: Home) -> None:
    """Two people who have each written something, also shared, and one who left them."""
    mara, lin = home.couple()
    mara.session.write(CheckIn(felt=3, words="x" * 999))
    lin.session.write(CheckIn(felt=6, words="é" * 1000))
    lin.session.write(Invitation(door="reach", words="a walk?"))
    third = home.arrive("Noor")
    third.session.write(CheckIn(felt=5))


def test_finds_nothing_in_a_good_home(tmp_path: Path) -> None:
    """Neither at first, nor after life, leaving and erasing."""
    home = Home(tmp_path)
    assert checking.check(home.vault.database) == ()
    lived(home)
    mara = home.arrive("Ada").session
    pairing.accept(mara, pairing.invite(home.arrive("Bo").session).words)
    assert checking.check(home.vault.database) == ()
    pairing.unpair(home.couple()[0].session)
    assert checking.check(home.vault.database) == ()


@pytest.mark.parametrize("key", DAMAGE)
def test_finds_what_is_wrong(tmp_path: Path, key: str) -> None:
    """Each sort of damage is found under its name."""
    home = Home(tmp_path)
    lived(home)
    with home.vault.database.plain() as connection:
        for statement in DAMAGE[key]:
            connection.exec_driver_sql(statement)
    found = {finding.key: finding.n for finding in checking.check(home.vault.database)}
    assert found[key] > 0
    assert found.keys() <= {key, "broken", "homeless"}


def test_a_server_is_checked_like_a_file(pg_url: str) -> None:
    """The same questions, the same answers on PostgreSQL."""
    home = Home(url=pg_url)
    lived(home)
    assert checking.check(home.vault.database) == ()
    with home.vault.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM entries WHERE seq = 2 AND length(ciphertext) = 4096")
        connection.exec_driver_sql("DELETE FROM slots")
    assert {finding.key for finding in checking.check(home.vault.database)} == {"gaps", "incomplete"}
    home.vault.close()


def test_counts_each_broken_line_once(tmp_path: Path) -> None:
    """One row gone from the middle is one finding."""
    home = Home(tmp_path)
    one = home.arrive("Mara").session
    for _ in range(3):
        one.write(CheckIn(felt=4))
    with home.vault.database.plain() as connection:
        connection.exec_driver_sql("DELETE FROM entries WHERE seq = 2")
    assert checking.check(home.vault.database) == (Finding("gaps", 1),)


def test_says_what_of_ones_own_does_not_open(tmp_path: Path) -> None:
    """A flipped byte, in a private row or in a shared one, is a row that stays shut; all others read."""
    home = Home(tmp_path)
    mara, lin = home.couple()
    lin.session.write(Invitation(door="reach", words="a walk?"))
    mara.session.write(CheckIn(felt=4))
    mara.session.refresh()
    whole = checking.check_own(home.vault, mara.session.keyring)
    assert whole == Own(len(mara.session.entries), 0)
    with home.vault.database.plain() as connection:
        for space, author in (
            (mara.session.keyring.space, mara.session.person),
            (mara.session.partner.space, lin.session.person),  # type: ignore[union-attr]
        ):
            connection.exec_driver_sql(
                "UPDATE entries SET ciphertext = CAST(substr(ciphertext, 1, length(ciphertext) - 1) || x'00' AS BLOB)"
                " WHERE space = ?1 AND author = ?2"
                " AND seq = (SELECT max(seq) FROM entries WHERE space = ?1 AND author = ?2)",
                (space, author),
            )
    assert checking.check(home.vault.database) == ()
    broken = checking.check_own(home.vault, mara.session.keyring)
    assert broken == Own(whole.read - 2, 2)


def test_checking_writes_nothing(tmp_path: Path) -> None:
    """Not even what a session would write by itself when it reads on."""
    home = Home(tmp_path)
    mara, lin = home.couple()
    mara.session.write(CheckIn(felt=6, share=True))
    lin.session.write(CheckIn(felt=3, share=True))
    space = mara.session.partner.space  # type: ignore[union-attr]
    before = home.vault.store.heads(space)
    checking.check(home.vault.database)
    checking.check_own(home.vault, mara.session.keyring)
    assert home.vault.store.heads(space) == before
