"""A file to be read, written by the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Put a text in a file."""

    def put(content: str | bytes) -> Path:
        path = tmp_path / "one.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return put
