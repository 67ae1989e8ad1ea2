"""What was erased stays erased, whatever is restored."""

from __future__ import annotations

import contextlib
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.homes import everything, fill
from tests.vault.sealed_rows import new_id
from toward.errors import UnreadableFile
from toward.vault import erased
from toward.vault.backup import backup, restore
from toward.vault.engine import open_engine
from toward.vault.erased import erased_ids, finish_erasing, key_of, remember_erased, remove_erased
from toward.vault.tables import (
    entries,
    spaces,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_erasing_a_person_takes_all_that_is_theirs_alone(tmp_path: Path) -> None:
    """Their keys, devices, sessions and private space go; what both had together stays, frozen, for the other."""
    with closing(open_engine(tmp_path)) as database:
        ann, ben, anns, bens, shared = fill(database)
        before = everything(database)
        with database.write() as connection:
            remove_erased(connection, [ann])
        after, doors = everything(database), everything(database, kept=False)
        assert [found[0] for found in after["people"]] == [ben]
        assert [found[1] for found in after["devices"]] == [ben]
        assert [found[1] for found in doors["sessions"]] == [ben]
        assert [found[0] for found in after["slots"]] == [ben]
        assert {(found[0], found[2]) for found in after["space_keys"]} == {(bens, ben), (shared, ben)}
        assert {found[0]: found[2] for found in after["spaces"]} == {bens: False, shared: True}
        assert after["entries"] == [found for found in before["entries"] if found[1] != anns]
        assert (shared, ann, 0, True) in after["members"]
        with database.write() as connection:
            remove_erased(connection, [ann, new_id()])
        assert everything(database) == after
        with database.write() as connection:
            remove_erased(connection, [ben])
        # Nobody has a key to the shared space any more.
        assert not any(everything(database)[name] for name in ("people", "spaces", "members", "space_keys", "entries"))


def test_forgetting_what_was_shared_takes_one_key(tmp_path: Path) -> None:
    """Deleting one's own key leaves the other's; when the last key goes, so does the space."""
    with closing(open_engine(tmp_path)) as database:
        ann, ben, _, _, shared = fill(database)
        with database.write() as connection:
            remove_erased(connection, [key_of(shared, ann)])
        assert {found[2] for found in everything(database)["space_keys"] if found[0] == shared} == {ben}
        assert len(everything(database)["people"]) == 2
        assert shared in {found[1] for found in everything(database)["entries"]}
        with database.write() as connection:
            remove_erased(connection, [key_of(shared, ben)])
        assert shared not in {found[0] for found in everything(database)["spaces"]}
        assert shared not in {found[1] for found in everything(database)["entries"]}


def test_a_start_finishes_what_a_power_cut_interrupted(tmp_path: Path) -> None:
    """Somebody asked to be erased, the list has them, and the rows are still there: at the next start they go."""
    with closing(open_engine(tmp_path)) as database:
        ann, ben, *_ = fill(database)
        finish_erasing(database, tmp_path)
        assert {found[0] for found in everything(database)["people"]} == {ann, ben}
        with contextlib.suppress(KeyboardInterrupt), database.write() as connection:
            remember_erased(tmp_path, [ann])
            remove_erased(connection, [ann])
            raise KeyboardInterrupt
        assert {found[0] for found in everything(database)["people"]} == {ann, ben}
        finish_erasing(database, tmp_path)
        assert [found[0] for found in everything(database)["people"]] == [ben]


@pytest.mark.parametrize("target", ["file", "postgresql"])
def test_an_older_backup_does_not_bring_the_erased_back(
    request: pytest.FixtureRequest, tmp_path: Path, target: str
) -> None:
    """What was erased after a backup was made is taken out again when that backup is restored here."""
    url = request.getfixturevalue("pg_url") if target == "postgresql" else None
    with closing(open_engine(tmp_path / "data", url)) as database:
        ann, ben, _, _, shared = fill(database)
        backup(database, tmp_path / "kept")
        with database.write() as connection:
            remember_erased(tmp_path / "data", [ann, key_of(shared, ben)])
            remove_erased(connection, [ann, key_of(shared, ben)])
        after = everything(database)
    restore(tmp_path / "kept", tmp_path / "data", url=url, force=True)
    with closing(open_engine(tmp_path / "data", url)) as database:
        assert everything(database) == after
        with database.read() as connection:
            assert connection.execute(sa.select(entries.c.id).where(entries.c.space == shared)).first() is None
            assert connection.execute(sa.select(spaces.c.id)).all() != []


@given(batches=st.lists(st.sets(st.binary(min_size=16, max_size=16) | st.binary(min_size=32, max_size=32)), max_size=5))
def test_the_erased_are_remembered_and_their_order_is_not(
    tmp_path_factory: pytest.TempPathFactory, batches: list[set[bytes]]
) -> None:
    """Whatever was erased together or one after another, the list holds all of it, sorted, for its owner only."""
    one, two = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")
    for batch in batches:
        remember_erased(one, batch)
    for batch in reversed(batches):
        remember_erased(two, batch)
    assert erased_ids(one) == erased_ids(two) == frozenset().union(*batches)
    if batches:
        assert (one / erased.FILE_NAME).read_bytes() == (two / erased.FILE_NAME).read_bytes()
        assert stat.S_IMODE((one / erased.FILE_NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["hello", "abcd", "00" * 15, "é" * 32])
def test_a_list_that_was_changed_stops_the_restore(archive: Path, tmp_path: Path, content: str) -> None:
    """If the list of the erased can't be read, nothing is restored: silence would bring people back."""
    (tmp_path / erased.FILE_NAME).write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableFile):
        restore(archive, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [erased.FILE_NAME]
