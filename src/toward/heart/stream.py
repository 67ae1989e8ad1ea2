"""A recording as it comes, and a recording that is there already: one path for both.

`summarise` feeds a whole recording to a `HeartStream` and finishes it; whoever feeds it in pieces gets the same
beats and the same figures. Only beats are kept, so a day of samples takes the memory of a hundred thousand beats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toward.errors import BadInput
from toward.heart.camera import CameraStream
from toward.heart.cleaning import check_beats
from toward.heart.ecg import EcgStream
from toward.heart.ppg import PpgStream
from toward.heart.recording import Beats, CameraFrames, Ecg, Ppg, Summary, type_of_recording
from toward.heart.seeking import FoundBeats, joined, no_beats
from toward.heart.summary import summarise_beats, summarise_found

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Recording = Ecg | Ppg | CameraFrames | Beats


class HeartStream:
    """Beats and their summary from pieces of one recording; every piece is of the same type as the first."""

    def __init__(self) -> None:
        """Nothing fed yet; the first piece says what kind of recording it is."""
        self._kind = ""
        self._signal: EcgStream | PpgStream | None = None
        self._camera: CameraStream | None = None
        self._parts: list[FoundBeats] = []
        self._beats: list[Beats] = []
        self._samples = 0
        self._first_s = np.nan
        self._last_s = np.nan

    def feed(self, piece: Recording) -> FoundBeats:
        """The beats that became known with this piece (for `Beats`: the piece itself).

        Raises `BadInput` for stamps that run backwards, for a rate out of range, and for a piece of another kind
        than the first.
        """
        kind = type_of_recording[type(piece)]
        rate_hz = piece.rate_hz if isinstance(piece, Ecg | Ppg) else 0.0
        if not self._kind:
            self._start(piece)
        elif kind != self._kind or (self._signal is not None and rate_hz != self._signal.rate_hz):
            raise BadInput(
                f"This stream began as {self._kind}; all its pieces must be alike.", field="piece", reason="kind"
            )
        if isinstance(piece, Beats):
            return self._feed_beats(piece)
        if isinstance(piece, CameraFrames):
            assert self._camera is not None  # noqa: S101 - `_start` made it
            found = self._camera.feed(piece.time_s, piece.red, piece.green)
            if piece.time_s.size:
                self._first_s = float(piece.time_s[0]) if np.isnan(self._first_s) else self._first_s
                self._last_s = float(piece.time_s[-1])
        else:
            assert self._signal is not None  # noqa: S101 - `_start` made it
            found = self._signal.feed(piece.samples)
            self._samples += int(np.size(piece.samples))
        self._parts.append(found)
        return found

    def _start(self, piece: Recording) -> None:
        if isinstance(piece, Ecg):
            self._signal = EcgStream(piece.rate_hz)
        elif isinstance(piece, Ppg):
            self._signal = PpgStream(piece.rate_hz)
        elif isinstance(piece, CameraFrames):
            self._camera = CameraStream()
        self._kind = type_of_recording[type(piece)]

    def _feed_beats(self, piece: Beats) -> FoundBeats:
        check_beats(piece)
        if piece.time_s.size:
            if piece.time_s[0] < self._last_s:
                raise BadInput(
                    "The beats' times run backwards; they must rise, in seconds.", field="beats", reason="order"
                )
            self._last_s = float(piece.time_s[-1])
        self._beats.append(piece)
        n = piece.time_s.size
        return no_beats()._replace(time_s=piece.time_s, kind=piece.kind, clarity=np.ones(n), likeness=np.ones(n))

    @property
    def duration_s(self) -> float:
        """Seconds of recording fed so far."""
        if self._signal is not None:
            return self._samples / self._signal.rate_hz
        return 0.0 if np.isnan(self._last_s) or np.isnan(self._first_s) else self._last_s - self._first_s

    def summary(self) -> Summary:
        """The summary of what is known so far."""
        if not self._kind:
            raise BadInput("There is nothing here yet.", field="recording", reason="empty")
        if self._kind == "rr":
            times, kinds, gaps = (np.concatenate([b[i] for b in self._beats]) for i in range(3))
            return summarise_beats(Beats(times, kinds, gaps))
        source = self._camera if self._camera is not None else self._signal
        assert source is not None  # noqa: S101 - there is a kind, so `_start` made one
        self._parts = [joined(self._parts)]
        return summarise_found(self._kind, self.duration_s, self._parts[0], source.gaps, source.pulse_ms2)

    def finish(self) -> Summary:
        """The summary of everything, now that nothing more comes."""
        for source in (self._signal, self._camera):
            if source is not None:
                self._parts.append(source.finish())
        return self.summary()


def summarise(recording: Recording) -> Summary:
    """The picture of one whole recording; see `Summary` for what it holds, `HeartStream` for what is raised."""
    size = np.size(recording.samples) if isinstance(recording, Ecg | Ppg) else np.size(recording.time_s)
    if not size:
        raise BadInput("This recording is empty.", field="recording", reason="empty")
    stream = HeartStream()
    stream.feed(recording)
    return stream.finish()
