"""What the tests of backups share."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.vault.homes import fill
from toward.vault.backup import backup
from toward.vault.engine import open_engine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good backup of a small home."""
    home = tmp_path_factory.mktemp("good")
    with closing(open_engine(home / "data")) as database:
        fill(database)
        backup(database, home / "kept")
    return home / "kept"
