"""Pulses in light: clips, wrists, and frames of a camera."""

from __future__ import annotations

import numpy as np
import pytest

from tests.heart.made_signals import frames, matched, ppg, sinus_times
from toward.errors import BadInput
from toward.heart.camera import BESIDE, JITTER_S, LONGEST_S, CameraStream, find_pulses_in_frames, regular
from toward.heart.ppg import Grid, PpgStream, find_pulses, side_of
from toward.heart.recording import CameraFrames, Ppg
from toward.heart.stream import summarise


@pytest.mark.parametrize("rate_hz", [25.0, 50.0, 100.0, 125.0, 250.0, 1000.0])
@pytest.mark.parametrize("side", [1.0, -1.0])
def test_every_pulse_is_found_whichever_way_is_more_blood(rate_hz: float, side: float) -> None:
    """All pulses, evenly late (the rise is what is timed), so that intervals are right to a few milliseconds."""
    times = sinus_times(60.0)
    found, gaps = find_pulses(Ppg(side * ppg(times, 60.0, rate_hz, noise=0.01), rate_hz))
    assert matched(times, found.time_s, within_s=0.1) == (times.size, 0, 0)
    off = found.time_s - times
    assert np.std(off) < 0.006
    assert not gaps.size


def test_missing_light_is_a_gap() -> None:
    """A finger that is lifted for four seconds."""
    times = sinus_times(60.0)
    light = ppg(times, 60.0, 100.0, noise=0.01)
    light[3000:3400] = np.nan
    found, gaps = find_pulses(Ppg(light, 100.0))
    assert np.allclose(gaps, [[30.0, 34.0]])
    assert not ((found.time_s > 30.0) & (found.time_s < 34.0)).any()


def test_after_a_silence_the_old_rate_does_not_lock_in_at_half() -> None:
    """Once a finger is back, every pulse counts again, not every other one."""
    times = sinus_times(120.0, bpm=90.0)
    light = ppg(times, 120.0, 100.0, noise=0.01)
    light[3000:3800] = 0.002 * np.random.default_rng(0).standard_normal(800)
    found, _ = find_pulses(Ppg(light, 100.0))
    late = times[times > 50.0]
    assert matched(late, found.time_s, within_s=0.1)[1] <= 1


@pytest.mark.parametrize("jitter_s", [0.0, 0.015, 0.033])
def test_a_camera_sees_every_pulse_through_jittering_stamps(jitter_s: float) -> None:
    """Stamps that come up to a whole frame late leave the intervals right to a hundredth of a second."""
    times = sinus_times(80.0)
    found, _ = find_pulses_in_frames(frames(times, 80.0, jitter_s=jitter_s, noise=0.05))
    assert matched(times, found.time_s, within_s=0.1) == (times.size, 0, 0)
    assert np.std(found.time_s - times) < 0.01


def test_frames_that_were_dropped_are_a_gap_where_they_are_many() -> None:
    """One frame too few changes nothing; two seconds of them are a gap."""
    times = sinus_times(80.0)
    seen = frames(times, 80.0, noise=0.05)
    keep = np.ones(seen.time_s.size, np.bool_)
    keep[200::97] = False
    keep[1200:1260] = False
    found, gaps = find_pulses_in_frames(CameraFrames(*(column[keep] for column in seen)))
    assert gaps.shape == (1, 2)
    assert np.allclose(gaps, [[1199 / 30.0, 1260 / 30.0]], atol=0.05)
    outside = times[(times < 39.5) | (times > 42.5)]
    assert matched(outside, found.time_s, within_s=0.1)[1] == 0


def test_green_is_looked_at_where_red_is_at_the_end_of_its_scale() -> None:
    """A torch too bright for the red channel."""
    times = sinus_times(60.0)
    seen = frames(times, 60.0, noise=0.02)
    found, _ = find_pulses_in_frames(seen._replace(red=np.full(seen.red.size, 255.0)))
    assert matched(times, found.time_s, within_s=0.1)[1:] == (0, 0)


def test_stamps_that_run_backwards_or_are_missing_are_refused() -> None:
    """Also when the step back lies between two pieces."""
    seen = frames(sinus_times(10.0), 10.0)
    with pytest.raises(BadInput, match="backwards"):
        find_pulses_in_frames(CameraFrames(*(column[::-1] for column in seen)))
    with pytest.raises(BadInput, match="no time"):
        find_pulses_in_frames(seen._replace(time_s=np.where(seen.time_s > 5.0, np.nan, seen.time_s)))
    with pytest.raises(BadInput, match="needs a time"):
        find_pulses_in_frames(seen._replace(red=seen.red[:-1]))
    stream = CameraStream()
    stream.feed(seen.time_s, seen.red, seen.green)
    with pytest.raises(BadInput, match="backwards"):
        stream.feed(seen.time_s, seen.red, seen.green)


def test_no_frames_give_no_beats() -> None:
    """Nothing in, nothing out, also when it ends twice."""
    stream = CameraStream()
    nothing = np.zeros(0)
    assert stream.feed(nothing, nothing, nothing).time_s.size == 0
    assert stream.finish().time_s.size == 0
    assert stream.finish().time_s.size == 0


def test_regular_stamps_are_left_alone_and_jittering_ones_come_back() -> None:
    """The correction is the least-squares line over the frames beside each, as NumPy's own fit gives it."""
    even = np.arange(100) / 30.0
    out = np.empty(100)
    regular(even, 0, 100, BESIDE, JITTER_S, LONGEST_S, out)
    np.testing.assert_array_equal(out, even)
    late = np.maximum.accumulate(even + np.random.default_rng(5).uniform(0.0, 0.03, 100))
    regular(late, 0, 100, BESIDE, JITTER_S, LONGEST_S, out)
    for k in (20, 50, 80):
        near = np.arange(k - BESIDE, k + BESIDE + 1)
        line = np.polynomial.Polynomial.fit(near - k, late[near], 1)
        assert out[k] == pytest.approx(line(0.0), abs=1e-12)


@pytest.mark.parametrize("rate_hz", [0.0, 5.0, 1e5])
def test_a_rate_no_light_has_is_refused(rate_hz: float) -> None:
    """The error names the rate."""
    with pytest.raises(BadInput, match="samples a second"):
        PpgStream(rate_hz)


def test_two_lights_at_once_are_refused() -> None:
    """One signal is a list, not a table."""
    with pytest.raises(BadInput, match="One light"):
        PpgStream(100.0).feed(np.zeros((10, 2)))


def test_the_grid_puts_straight_lines_between_samples_and_nothing_into_gaps() -> None:
    """As NumPy's own interpolation, where samples are near."""
    rng = np.random.default_rng(1)
    time_s = np.cumsum(rng.uniform(0.02, 0.05, 200))
    time_s -= time_s[0]
    time_s[100:] += 1.0
    value = rng.standard_normal(200)
    out = Grid(0.25).feed(time_s, value)
    at = np.arange(out.size) / 100.0
    gap = (at > time_s[99]) & (at < time_s[100])
    assert np.isnan(out[gap]).all()
    np.testing.assert_allclose(out[~gap], np.interp(at[~gap], time_s, value), atol=1e-12)


def test_too_little_light_to_tell_its_side_is_taken_as_it_is() -> None:
    """A few samples lean nowhere."""
    assert side_of(np.zeros(5)) == 1.0


def test_a_recording_shorter_than_it_takes_to_tell_the_side_still_has_its_pulses() -> None:
    """Five seconds, upside down."""
    times = sinus_times(5.5)
    found, _ = find_pulses(Ppg(-ppg(times, 5.5, 100.0), 100.0))
    assert matched(times, found.time_s, within_s=0.1)[1] <= 1


def dropping(truth: np.ndarray, seconds: float, fps: float, dropped: float, noise: float, seed: int) -> CameraFrames:
    """A camera whose stamps jitter and which loses that share of its frames."""
    rng = np.random.default_rng(seed)
    times = np.arange(0.0, seconds - 0.1, 1.0 / fps)
    whole = frames(truth, seconds)
    red = np.interp(times, whole.time_s, whole.red) + noise * rng.standard_normal(times.size)
    stamps = np.maximum.accumulate(times + 0.006 * rng.standard_normal(times.size))
    kept = rng.random(times.size) >= dropped
    return CameraFrames(*(column[kept] for column in (stamps, red, 0.2 * red, 0.1 * red)))


@pytest.mark.parametrize(("fps", "dropped"), [(30.0, 0.1), (24.0, 0.1), (60.0, 0.3)])
def test_dropped_frames_among_jittering_stamps_move_no_pulse(fps: float, dropped: float) -> None:
    """A frame that is missing leaves its place empty, and does not draw those beside it together."""
    truth = sinus_times(120.0)
    told = summarise(dropping(truth, 120.0, fps, dropped, 0.02, 2))
    rmssd = float(np.sqrt(np.mean(np.diff(np.diff(truth)) ** 2))) * 1000.0
    assert told.rmssd_ms == pytest.approx(rmssd, abs=10.0)


@pytest.mark.parametrize(("fps", "dropped", "noise"), [(30.0, 0.5, 0.02), (24.0, 0.3, 0.02), (30.0, 0.0, 0.7)])
def test_what_the_camera_did_not_see_well_gives_a_rate_and_no_variability(
    fps: float, dropped: float, noise: float
) -> None:
    """So many rises fall between two frames, or so much noise lies on them, that a figure would be too high."""
    truth = sinus_times(90.0)
    told = summarise(dropping(truth, 90.0, fps, dropped, noise, 4))
    assert told.hr_bpm == pytest.approx(60.0 / np.diff(truth).mean(), abs=1.0)
    assert told.rmssd_ms is None
    assert told.why["rmssd_ms"].key == "loose"


def test_where_variability_is_given_it_is_near() -> None:
    """Made people, cameras and light, drawn at random; nearly half of them are still given."""
    rng = np.random.default_rng(3)
    off = []
    for seed in range(30):
        truth = sinus_times(60.0, bpm=rng.uniform(50.0, 95.0), sway=rng.uniform(0.01, 0.09), seed=seed)
        rmssd = float(np.sqrt(np.mean(np.diff(np.diff(truth)) ** 2))) * 1000.0
        seen = dropping(
            truth,
            60.0,
            rng.choice([24.0, 30.0, 60.0]),
            rng.choice([0.0, 0.1, 0.4]),
            10.0 ** rng.uniform(-2.0, 0.0),
            seed,
        )
        told = summarise(seen).rmssd_ms
        off.append(np.nan if told is None else told - rmssd)
    given = np.array(off)[np.isfinite(off)]
    assert given.size >= 13
    assert np.abs(given).mean() < 4.0
    assert np.abs(given).max() < 20.0


def test_stamps_that_come_two_at_once_are_spread_again() -> None:
    """Late, together with the next one: no frame was dropped there, so each keeps its turn."""
    truth = sinus_times(120.0)
    whole = frames(truth, 120.0, noise=0.02)
    late = whole.time_s.copy()
    late[:-1:2] = late[1::2] - 1e-4
    told = summarise(whole._replace(time_s=late))
    rmssd = float(np.sqrt(np.mean(np.diff(np.diff(truth)) ** 2))) * 1000.0
    assert told.rmssd_ms == pytest.approx(rmssd, abs=8.0)


@pytest.mark.parametrize(("bpm", "rate_hz"), [(45.0, 20.0), (150.0, 64.0), (170.0, 64.0), (200.0, 125.0)])
def test_slow_and_quick_hearts_keep_their_pulses_in_order(bpm: float, rate_hz: float) -> None:
    """Where the next pulse lies within a shape's window, it is not taken for this one."""
    truth = sinus_times(120.0, bpm=bpm, sway=0.03)
    told = summarise(Ppg(ppg(truth, 120.0, rate_hz, noise=0.01), rate_hz))
    assert told.hr_bpm == pytest.approx(60.0 / np.diff(truth).mean(), abs=0.5)
    assert np.all(np.diff(told.beat_times_s) > 0.0)
    rmssd = float(np.sqrt(np.mean(np.diff(np.diff(truth)) ** 2))) * 1000.0
    assert told.rmssd_ms == pytest.approx(rmssd, abs=5.0)


def test_light_that_is_cut_at_both_ends_of_its_scale_still_has_its_times() -> None:
    """The steep part of a pulse is left, and it is what is timed."""
    truth = sinus_times(120.0)
    told = summarise(Ppg(np.clip(ppg(truth, 120.0, 64.0, noise=0.01), 0.1, 0.7), 64.0))
    rmssd = float(np.sqrt(np.mean(np.diff(np.diff(truth)) ** 2))) * 1000.0
    assert told.rmssd_ms == pytest.approx(rmssd, abs=5.0)
