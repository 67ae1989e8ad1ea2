"""A camera's frames as they come, a few at a time: the same beats as of the whole recording, and honest gaps."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.pages.films import made_pulse, recorded_pulse
from toward.heart.camera import find_pulses_in_frames
from toward.heart.recording import CameraFrames
from toward.live.ears import CameraEar, RealEars
from toward.live.heart_messages import Beats, Frames

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from toward.live.strap import Beat

    Floats = NDArray[np.float64]

PULSES = {"made": made_pulse(), **{name: recorded_pulse(name) for name in ("subject_01", "subject_03")}}


def packets(time_s: Floats, means: Floats, *, many: int = 4, later_ms: float = 0.0) -> Iterator[Frames]:
    """The recording as a phone would send it."""
    for i in range(0, time_s.size, many):
        at = time_s[i : i + many] * 1000
        red, green, blue = (tuple(column) for column in means[i : i + many].T)
        yield Frames(local=at[0] + later_ms, room=0.0, after=tuple(at - at[0]), red=red, green=green, blue=blue)


def heard(sent: Iterator[Frames], ear: CameraEar | None = None) -> list[Beat]:
    """All beats that an ear makes of it."""
    ear = ear or CameraEar()
    return [beat for packet in sent for beat in ear.take(packet)]


@pytest.mark.parametrize("name", PULSES)
def test_a_few_frames_at_a_time_give_the_beats_of_the_whole(name: str) -> None:
    """Whatever the packets, an ear hears what the batch finds, but for the last seconds that are not decided yet."""
    pulse = PULSES[name]
    if pulse is None:
        pytest.skip("the recordings are not here")
    time_s, means = pulse
    beats = heard(packets(time_s, means))
    assert beats == heard(packets(time_s, means, many=7))
    one_by_one = heard(packets(time_s, means, many=1))
    assert [beat.at_ms for beat in one_by_one] == pytest.approx([beat.at_ms for beat in beats])
    whole = find_pulses_in_frames(CameraFrames(time_s, *np.ascontiguousarray(means.T)))[0].time_s + time_s[0]
    at_s = np.array([beat.at_ms for beat in beats]) / 1000
    assert np.allclose(at_s, whole[: at_s.size], atol=1e-6)
    assert whole.size - at_s.size <= 8
    assert at_s.size > 25


def test_the_made_pulse_has_the_rate_it_was_made_with() -> None:
    """66 a minute."""
    time_s, means = made_pulse()
    rr = [beat.rr_ms for beat in heard(packets(time_s, means)) if beat.rr_ms]
    assert np.median(rr) == pytest.approx(60_000 / 66, rel=0.02)


def test_missing_frames_are_a_gap_that_no_interval_spans() -> None:
    """Three seconds without a frame."""
    time_s, means = made_pulse()
    kept = (time_s < 18) | (time_s > 21)
    for one, other in pairwise(heard(packets(time_s[kept], means[kept]))):
        if other.at_ms - one.at_ms > 2000:
            assert other.rr_ms is None
            break
    else:
        pytest.fail("there is no gap")


def test_a_clock_that_runs_back_begins_anew() -> None:
    """A page that was loaded again stamps from nought."""
    ear = CameraEar()
    first = heard(packets(*made_pulse(20), later_ms=500_000), ear)
    again = heard(packets(*made_pulse(20)), ear)
    assert len(first) == len(again) > 8
    assert again[0].rr_ms is None
    assert again[0].at_ms < 20_000


def test_what_is_no_frame_is_no_beat() -> None:
    """A strap's packet, an empty one, one with channels of different lengths, one at a single moment."""
    ear = CameraEar()
    assert ear.take(Beats(local=0, room=0, rr=(900,))) == []
    assert ear.take(Frames(local=0, room=0, after=(), red=(), green=(), blue=())) == []
    assert ear.take(Frames(local=0, room=0, after=(0, 33), red=(1,), green=(1, 2), blue=())) == []
    assert ear.take(Frames(local=0, room=0, after=(50, 20), red=(1, 2), green=(1, 2), blue=(1, 2))) == []
    assert ear.take(Frames(local=0, room=0, after=(0, 0), red=(1, 2), green=(1, 2), blue=(1, 2))) == []


def test_an_ear_is_made_ready_once_and_aside() -> None:
    """The first question begins it; a strap waits for nothing; a watch comes with it."""
    ears = RealEars()
    assert ears.watch() is None
    assert ears.ready("strap")
    assert ears._warm.wait(60)
    assert ears.ready("camera")
    assert isinstance(ears.open("camera"), CameraEar)
    assert ears.watch() is not None
