"""Hearts: from beats to an honest picture of one, and of two.

Beats in, a picture out. `read` opens a recording of any of the formats that the page on hearts names; `summarise`
finds the beats, cleans them and says what they can tell, with an uncertainty for each figure and a reason for each
that can't be given; `pair_of_beats` puts two hearts on one clock and `compare` asks whether they move together more
than chance.

    from toward import heart

    mine = heart.summarise(heart.read("monday.csv").recording)

All results are NamedTuples of NumPy arrays and numbers, with shapes and units in their docstrings. Nothing is
imported before it is asked for, so that the command line and the server start without NumPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from toward.heart.formats import Note, Opened, Reading, open_recording, read
    from toward.heart.recording import Beats, CameraFrames, Ecg, Ppg, Reason, Summary, beats_from_rr
    from toward.heart.stream import HeartStream, summarise
    from toward.heart.together import (
        Measure,
        Pair,
        Stretch,
        Together,
        compare,
        made_pair,
        pair_of_beats,
        stretches_together,
        windowed_correlation,
    )

_HOMES: Final = {
    "formats": ("Note", "Opened", "Reading", "open_recording", "read"),
    "recording": ("Beats", "CameraFrames", "Ecg", "Ppg", "Reason", "Summary", "beats_from_rr"),
    "stream": ("HeartStream", "summarise"),
    "together": (
        "Measure",
        "Pair",
        "Stretch",
        "Together",
        "compare",
        "made_pair",
        "pair_of_beats",
        "stretches_together",
        "windowed_correlation",
    ),
}
_HOME_OF: Final = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Beats",
    "CameraFrames",
    "Ecg",
    "HeartStream",
    "Measure",
    "Note",
    "Opened",
    "Pair",
    "Ppg",
    "Reading",
    "Reason",
    "Stretch",
    "Summary",
    "Together",
    "beats_from_rr",
    "compare",
    "made_pair",
    "open_recording",
    "pair_of_beats",
    "read",
    "stretches_together",
    "summarise",
    "windowed_correlation",
]


def __getattr__(name: str) -> object:
    """Import a name's module when it is first asked for."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(name)
    return getattr(import_module(f"toward.heart.{home}"), name)


def __dir__() -> list[str]:
    """Everything that may be asked for."""
    return __all__
