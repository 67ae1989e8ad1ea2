"""Fed at once or in any pieces, a recording gives the same beats and the same figures, bit for bit."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.heart.made_signals import ecg, frames, ppg, sinus_times
from toward.errors import BadInput
from toward.heart.recording import Beats, CameraFrames, Ecg, Ppg, Summary, beats_from_rr
from toward.heart.stream import HeartStream, summarise

if TYPE_CHECKING:
    from toward.heart.stream import Recording

SECONDS = 45.0


@cache
def recordings() -> dict[str, Recording]:
    """One of each kind, with what real ones have: noise, missing samples, jitter, an early beat."""
    times = sinus_times(SECONDS)
    times[20] -= 0.25
    heart = ecg(times, SECONDS, 130.0, wide=frozenset({20}), noise=0.05)
    heart[2000:2050] = np.nan
    light = ppg(times, SECONDS, 250.0, noise=0.02)
    light[6000:6200] = np.nan
    seen = frames(times, SECONDS, jitter_s=0.03, noise=0.1)
    keep = np.ones(seen.time_s.size, np.bool_)
    keep[500:520] = False
    return {
        "ecg": Ecg(heart, 130.0),
        "ppg": Ppg(light, 250.0),
        "camera": CameraFrames(*(column[keep] for column in seen)),
        "rr": beats_from_rr(1000.0 * np.diff(times)),
    }


@cache
def whole(kind: str) -> Summary:
    """The summary of the recording fed at once."""
    return summarise(recordings()[kind])


def cut(recording: Recording, low: int, high: int) -> Recording:
    """A piece of a recording."""
    if isinstance(recording, Ecg | Ppg):
        return recording._replace(samples=recording.samples[low:high])
    if isinstance(recording, CameraFrames):
        return CameraFrames(*(column[low:high] for column in recording))
    return Beats(recording.time_s[low:high], recording.kind[low:high], recording.gaps)


def size(recording: Recording) -> int:
    """How many samples, frames or beats."""
    return recording.samples.size if isinstance(recording, Ecg | Ppg) else recording.time_s.size


def same(one: Summary, other: Summary) -> None:
    """Every figure and every beat, with no tolerance."""
    for name, a, b in zip(one._fields, one, other, strict=True):
        if isinstance(a, np.ndarray):
            np.testing.assert_array_equal(a, b, err_msg=name)
        else:
            assert a == b, name


@pytest.mark.parametrize("kind", ["ecg", "ppg", "camera", "rr"])
@settings(max_examples=8)
@given(data=st.data())
def test_any_pieces_give_the_same(kind: str, data: st.DataObject) -> None:
    """Cuts anywhere, empty pieces too."""
    recording = recordings()[kind]
    n = size(recording)
    cuts = sorted(data.draw(st.lists(st.integers(0, n), min_size=1, max_size=40), label="cuts"))
    stream = HeartStream()
    for low, high in zip([0, *cuts], [*cuts, n], strict=True):
        piece = cut(recording, low, high)
        stream.feed(piece._replace(gaps=np.zeros((0, 2))) if isinstance(piece, Beats) and low else piece)
    same(stream.finish(), whole(kind))


@pytest.mark.parametrize("kind", ["ecg", "ppg", "camera"])
def test_one_sample_at_a_time_gives_the_same(kind: str) -> None:
    """The finest pieces there are, over the first half minute."""
    recording = cut(recordings()[kind], 0, size(recordings()[kind]) // 2)
    stream = HeartStream()
    for k in range(size(recording)):
        stream.feed(cut(recording, k, k + 1))
    same(stream.finish(), summarise(recording))


def test_beats_come_while_the_signal_does() -> None:
    """Once the first shape is known, a beat is given out within four seconds."""
    recording = recordings()["ecg"]
    assert isinstance(recording, Ecg)
    stream = HeartStream()
    latest = []
    for k in range(0, recording.samples.size, 65):
        found = stream.feed(cut(recording, k, k + 65))
        now = min(k + 65, recording.samples.size) / recording.rate_hz
        if now > 20.0:
            latest += (now - found.time_s).tolist()
    assert latest
    assert max(latest) < 4.5


def test_a_summary_on_the_way_does_not_change_the_end() -> None:
    """Asking in between is only asking."""
    recording = recordings()["camera"]
    stream = HeartStream()
    for k in range(0, size(recording), 100):
        stream.feed(cut(recording, k, k + 100))
        assert stream.summary().duration_s <= SECONDS
    same(stream.finish(), whole("camera"))


def test_pieces_of_another_kind_are_refused() -> None:
    """A stream stays what it began as, rate included."""
    stream = HeartStream()
    stream.feed(Ecg(np.zeros(10), 250.0))
    with pytest.raises(BadInput, match="alike"):
        stream.feed(Ppg(np.zeros(10), 250.0))
    with pytest.raises(BadInput, match="alike"):
        stream.feed(Ecg(np.zeros(10), 500.0))


def test_beats_that_go_back_in_time_are_refused_across_pieces() -> None:
    """The second piece must come after the first."""
    stream = HeartStream()
    stream.feed(beats_from_rr([900.0] * 5))
    with pytest.raises(BadInput, match="backwards"):
        stream.feed(beats_from_rr([900.0] * 5))


def test_nothing_fed_is_said() -> None:
    """An empty stream and an empty recording have no summary."""
    with pytest.raises(BadInput, match="nothing"):
        HeartStream().summary()
    with pytest.raises(BadInput, match="empty"):
        summarise(Ecg(np.zeros(0), 250.0))


def test_memory_stays_bounded_over_a_long_recording() -> None:
    """What a stream keeps of an hour of samples is beats: less than a tenth of the samples' size."""
    times = sinus_times(60.0)
    minute = ecg(times, 60.0, 250.0)
    stream = HeartStream()
    for _ in range(60):
        stream.feed(Ecg(minute, 250.0))
    kept = sum(column.nbytes for part in stream._parts for column in part)
    signal = stream._signal
    assert signal is not None
    kept += signal._seeker._x.nbytes + 3 * signal._seeker._y.nbytes  # type: ignore[union-attr]
    assert kept < 0.1 * 60 * minute.nbytes
