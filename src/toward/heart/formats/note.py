"""What was recognised in a file that the file itself doesn't say."""

from __future__ import annotations

from typing import NamedTuple


class Note(NamedTuple):
    """One thing to be told to whoever reads the figures; its sentence is in the catalogue under ``heart.note.<key>``."""

    key: str
    """seconds, micro, ticks, time_unit, signal, gaps, disorder."""
    details: dict[str, str | int]
    """What fills the gaps of the sentence."""
