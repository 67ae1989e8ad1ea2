"""A file that was understood and not yet read, and what was recognised in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator  # fields of a NamedTuple are read at run time
from typing import NamedTuple

from toward.heart.recording import Beats, CameraFrames, Ecg, Ppg

Recording = Ecg | Ppg | CameraFrames | Beats


class Note(NamedTuple):
    """One thing to be told to whoever reads the figures; its words are in the catalogue at ``heart.note.<key>``."""

    key: str
    """seconds, micro, ticks, time_unit, signal, gaps, disorder."""
    details: dict[str, str | int]
    """What fills the gaps of the sentence."""


class Opened(NamedTuple):
    """A file that was understood, not yet read."""

    format: str
    """One of `FORMATS`, never auto."""
    kind: str
    """ecg, ppg, camera or rr: what its pieces are."""
    rate_hz: float | None
    """Of samples; None where there are none."""
    started_ms: float | None
    """Milliseconds since 1970, if the file says so."""
    rows: int
    """About how many samples or rows there are; 0 where it is one piece."""
    notes: list[Note]
    """What was recognised and not told by the file; grows while the pieces are read."""
    pieces: Callable[[], Iterator[Recording]]
    """Reads the file from its start: `Ecg`, `Ppg` or `CameraFrames` pieces that follow one another, or one `Beats`."""
