"""What was erased stays erased: a list of ids beside the database, and the rows that such an id stands for.

An id is written to the list *before* its rows are removed. If the power fails in between, the next start finishes what
the person asked for. The ids are random and the list is sorted, so that it tells neither who nor when.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from toward.errors import UnreadableFile
from toward.vault import sheets
from toward.vault.engine import private_folder, sync_folder
from toward.vault.tables import ID_BYTES, Sort, members, people, sessions, space_keys, spaces

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from toward.vault.engine import Database

FILE_NAME: Final = "erased.ids"


def key_of(space: bytes, person: bytes) -> bytes:
    """The id of one person's key to one space, for somebody who forgets what was shared and stays."""
    return space + person


def erased_ids(folder: Path) -> frozenset[bytes]:
    """Every id that was erased from the database of this data folder."""
    try:
        lines = (folder / FILE_NAME).read_text("ascii").split()
        ids = frozenset(bytes.fromhex(line) for line in lines)
    except FileNotFoundError:
        return frozenset()
    except ValueError as error:
        raise UnreadableFile(f"{FILE_NAME} was changed: it holds ids only, one a line", field=FILE_NAME) from error
    if any(len(some) not in {ID_BYTES, 2 * ID_BYTES} for some in ids):
        raise UnreadableFile(f"{FILE_NAME} was changed: an id is too short or too long", field=FILE_NAME)
    return ids


def remember_erased(folder: Path, ids: Iterable[bytes]) -> None:
    """Add ids (of a person, a space, or :func:`key_of`) to the list, on the disk when it returns.

    Call it inside the ``write()`` that then removes the rows: that keeps two who erase at the same time apart.
    """
    private_folder(folder)
    known = erased_ids(folder) | frozenset(ids)
    fresh = folder / (FILE_NAME + ".new")
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
        file.writelines(f"{some.hex()}\n" for some in sorted(known))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / FILE_NAME)
    sync_folder(folder)


def finish_erasing(database: Database, folder: Path) -> None:
    """At a start: remove what was to be erased when the power failed, if anything was."""
    ids = erased_ids(folder)
    if ids:
        with database.write() as connection:
            remove_erased(connection, ids)


def remove_erased(connection: sa.Connection, ids: Iterable[bytes]) -> None:
    """Remove the rows that erased ids stand for; harmless where there are none.

    A person goes with their private space, keys, devices and sessions. What they had shared stays, frozen, as long as
    somebody has a key to it.
    """
    for some in ids:
        if len(some) == ID_BYTES:
            _remove_space(connection, some)
            _remove_person(connection, some)
        else:
            _remove_keys(connection, some[:ID_BYTES], some[ID_BYTES:])


def _remove_space(connection: sa.Connection, space: bytes) -> None:
    connection.execute(sa.delete(spaces).where(spaces.c.id == space))


def _remove_person(connection: sa.Connection, person: bytes) -> None:
    theirs = (
        sa.select(spaces.c.id, spaces.c.sort)
        .join(members, members.c.space == spaces.c.id)
        .where(members.c.person == person)
    )
    for space, sort in connection.execute(theirs).all():
        if sort == Sort.PRIVATE:
            _remove_space(connection, space)
        else:
            connection.execute(sa.update(spaces).where(spaces.c.id == space).values(frozen=True))
            _remove_keys(connection, space, person)
    connection.execute(sa.update(members).where(members.c.person == person).values(left=True))
    ended = connection.execute(sa.select(sessions.c.find).where(sessions.c.person == person)).scalars()
    sheets.put_away(connection, [bytes(found) for found in ended])
    connection.execute(sa.delete(people).where(people.c.id == person))


def _remove_keys(connection: sa.Connection, space: bytes, person: bytes) -> None:
    connection.execute(sa.delete(space_keys).where(space_keys.c.space == space, space_keys.c.person == person))
    if connection.execute(sa.select(space_keys.c.person).where(space_keys.c.space == space)).first() is None:
        # Nobody can open it any more.
        _remove_space(connection, space)
