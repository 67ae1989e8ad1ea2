"""Rows and spaces for tests of the store, which never looks inside a row."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from toward.vault.store import Row
from toward.vault.tables import Sort, people, spaces

if TYPE_CHECKING:
    from toward.vault.engine import Database


def new_id() -> bytes:
    """A fresh id."""
    return os.urandom(16)


def new_space(database: Database, *, sort: Sort = Sort.PRIVATE) -> bytes:
    """An open space without members."""
    space = new_id()
    with database.write() as connection:
        connection.execute(spaces.insert().values(id=space, sort=sort, frozen=False, created_day=20_000))
    return space


def new_person(database: Database, *, keyring: bytes = b"keyring") -> bytes:
    """A person with made-up keys."""
    person = new_id()
    with database.write() as connection:
        connection.execute(
            people.insert().values(
                id=person,
                sign_key=os.urandom(32),
                box_key=os.urandom(32),
                salt=os.urandom(16),
                kdf=0,
                keyring=keyring,
                keyring_version=1,
                device_check=b"",
                created_day=20_000,
            )
        )
    return person


def row(space: bytes, author: bytes, seq: int, ciphertext: bytes = b"sealed") -> Row:
    """One row with a fresh id."""
    return Row(new_id(), space, author, seq, 1, ciphertext)


def line(space: bytes, author: bytes, count: int, *, start: int = 1, size: int = 32) -> list[Row]:
    """``count`` rows of one author in order, each with bytes of its own."""
    return [row(space, author, start + k, os.urandom(size)) for k in range(count)]
