"""Homes with two people in them, for tests of what is kept and what is erased."""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tests.vault.sealed_rows import line, new_id, new_person, new_space
from toward.vault.engine import Database, open_engine
from toward.vault.store import SqlStore
from toward.vault.tables import (
    LEFT_OUT_OF_BACKUPS,
    Sort,
    attempts,
    codes,
    devices,
    members,
    metadata,
    sessions,
    slots,
    space_keys,
)

if TYPE_CHECKING:
    from pathlib import Path


def fill(database: Database, *, rows: int = 5) -> tuple[bytes, bytes, bytes, bytes, bytes]:
    """Two people with private spaces, a shared one, and something in every table; returns people and spaces."""
    ann, ben = new_person(database), new_person(database)
    anns, bens, shared = new_space(database), new_space(database), new_space(database, sort=Sort.COUPLE)
    with database.write() as connection:
        for place, person in enumerate((ann, ben)):
            own = (anns, bens)[place]
            for space in (own, shared):
                connection.execute(members.insert().values(space=space, person=person, place=place, left=False))
                connection.execute(
                    space_keys.insert().values(space=space, key_id=1, person=person, sealed=os.urandom(80))
                )
            connection.execute(devices.insert().values(id=new_id(), person=person, label=b"phone", added_day=20_000))
            connection.execute(slots.insert().values(person=person, key_id=1, version=3, ciphertext=os.urandom(4096)))
            connection.execute(
                sessions.insert().values(
                    find=os.urandom(32), person=person, device=new_id(), wrapped=b"w", started_day=1, seen_day=1
                )
            )
        connection.execute(codes.insert().values(find=os.urandom(32), sort=0, expires_ms=2**41, payload=b"p", state=0))
        connection.execute(attempts.insert().values(bucket=os.urandom(32), count=1, until_ms=2**41))
    store = SqlStore(database)
    for person, own in ((ann, anns), (ben, bens)):
        store.append([*line(own, person, rows, size=4200), *line(shared, person, rows, size=500)])
    return ann, ben, anns, bens, shared


def everything(database: Database, *, kept: bool = True) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables that a backup keeps, or of those that it leaves out."""
    with database.read() as connection:
        return {
            table.name: [tuple(found) for found in connection.execute(sa.select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
            if kept is (table not in LEFT_OUT_OF_BACKUPS)
        }


def everything_in(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """The same of a data folder."""
    with closing(open_engine(folder)) as database:
        return everything(database)
