"""What the tests of pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pages.rooms import Rooms
from toward.web.safe_slot import keep_answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fixtures.house import House
    from toward.vault import Arrival


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    """A home in memory with nobody in it."""
    made = Rooms(tmp_path / "home")
    yield made
    made.vault.close()


@pytest.fixture
def couple(house: House) -> tuple[Arrival, Arrival]:
    """Mara and Lin on a running home, who have joined, and were each asked before."""
    both = house.couple()
    for one in both:
        keep_answer(one.session, "hard", house.vault.now_ms(), for_visit=False)
    return both
