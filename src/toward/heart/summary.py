"""From a recording to its summary: the one call that most people need."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toward.heart.recording import Beats, CameraFrames, Ecg, Ppg, Summary


def summarise(recording: Ecg | Ppg | CameraFrames | Beats) -> Summary:
    """The picture of one recording; see `Summary` for what it holds."""
    raise NotImplementedError(type(recording).__name__)
