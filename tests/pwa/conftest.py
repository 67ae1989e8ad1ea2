"""What the tests of phones share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pages.rooms import Rooms

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    """A home in memory with nobody in it."""
    made = Rooms(tmp_path / "home")
    yield made
    made.vault.close()
