"""Hum of the mains: taken out where it drowns the beats, and nothing touched where it does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.heart.made_signals import ecg, matched, sinus_times
from toward.heart.ecg import find_beats
from toward.heart.mains import Mains
from toward.heart.recording import Ecg
from toward.heart.stream import summarise

SECONDS = 60.0
TIMES = sinus_times(SECONDS)


def hum(rate_hz: float, hz: float, size: float) -> np.ndarray:
    """A tone and its third overtone, that sway a little as hands do on electrodes."""
    t = np.arange(round(SECONDS * rate_hz)) / rate_hz
    phase = 2.0 * np.pi * hz * t + 1.0
    sway = 1.0 + 0.2 * np.sin(2.0 * np.pi * 0.2 * t)
    return np.asarray(size * sway * (np.sin(phase) + 0.15 * np.sin(3.0 * phase)))


def cleaned(samples: np.ndarray, rate_hz: float, cuts: tuple[int, ...] = ()) -> np.ndarray:
    """What comes out, fed in pieces."""
    mains = Mains(rate_hz)
    return np.concatenate([*(mains.feed(piece).copy() for piece in np.split(samples, sorted(cuts))), mains.finish()])


@pytest.mark.parametrize("rate_hz", [130.0, 250.0, 360.0, 512.0])
@pytest.mark.parametrize("hz", [49.97, 60.02])
@pytest.mark.parametrize("size", [1.0, 4.0])
def test_beats_are_found_under_hum(rate_hz: float, hz: float, size: float) -> None:
    """Once and four times as high as the R wave: every beat, one too many at most, how they vary to milliseconds."""
    samples = ecg(TIMES, SECONDS, rate_hz, noise=0.02) + hum(rate_hz, hz, size)
    found, _ = find_beats(Ecg(samples, rate_hz))
    assert matched(TIMES, found.time_s, within_s=0.03) in {(TIMES.size, 0, 0), (TIMES.size, 0, 1)}
    rmssd = 1000.0 * float(np.sqrt(np.mean(np.diff(np.diff(TIMES)) ** 2)))
    assert summarise(Ecg(samples, rate_hz)).rmssd_ms == pytest.approx(rmssd, abs=4.0)


@pytest.mark.parametrize("rate_hz", [100.0, 250.0, 1000.0])
def test_without_hum_or_with_little_no_sample_is_touched(rate_hz: float) -> None:
    """To the last bit, noise and all; and a muscle's tremble is no hum."""
    plain = ecg(TIMES, SECONDS, rate_hz, noise=0.05)
    tremble = plain + 2.0 * np.random.default_rng(1).standard_normal(plain.size)
    for samples in (plain, plain + hum(rate_hz, 50.0, 0.01), tremble):
        assert np.array_equal(cleaned(samples, rate_hz), samples)


def test_hum_that_comes_and_goes_is_taken_out_while_it_is_there() -> None:
    """Somebody plugs a charger in for twenty seconds; ahead of it and after it nothing changes."""
    rate_hz = 250.0
    plain = ecg(TIMES, SECONDS, rate_hz, noise=0.01)
    loud = plain + np.where((np.arange(plain.size) // 250 >= 20) & (np.arange(plain.size) // 250 < 40), 1.0, 0.0) * hum(
        rate_hz, 50.0, 3.0
    )
    out = cleaned(loud, rate_hz)
    assert np.array_equal(out[: 19 * 250], plain[: 19 * 250])
    assert np.array_equal(out[41 * 250 :], plain[41 * 250 :])
    assert np.abs(out - plain)[21 * 250 : 39 * 250].max() < 0.15
    assert matched(TIMES, find_beats(Ecg(loud, rate_hz))[0].time_s)[1:] == (0, 0)


def test_what_is_missing_stays_missing() -> None:
    """And beside it the hum is still gone."""
    rate_hz = 250.0
    samples = ecg(TIMES, SECONDS, rate_hz) + hum(rate_hz, 50.0, 2.0)
    samples[5000:5300] = np.nan
    out = cleaned(samples, rate_hz)
    assert np.array_equal(np.isnan(out), np.isnan(samples))
    assert np.nanmax(np.abs(out - ecg(TIMES, SECONDS, rate_hz))) < 0.6


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 15_000), max_size=12), st.integers(0, 15_000))
def test_any_cutting_gives_the_same_samples(cuts: list[int], begins: int) -> None:
    """Bit by bit, wherever hum begins."""
    samples = ecg(TIMES, SECONDS, 250.0, noise=0.02)
    samples[begins:] += hum(250.0, 60.0, 2.0)[begins:]
    assert np.array_equal(cleaned(samples, 250.0, tuple(cuts)), cleaned(samples, 250.0))


@pytest.mark.parametrize("n", [0, 1, 100, 124, 125, 249, 250, 251, 400])
def test_recordings_shorter_than_a_second_come_out_whole(n: int) -> None:
    """As many samples as went in."""
    assert cleaned(hum(250.0, 50.0, 1.0)[:n], 250.0).size == n
