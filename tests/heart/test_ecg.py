"""Beats in electrocardiograms whose beats are known."""

from __future__ import annotations

import numpy as np
import pytest

from tests.heart.made_signals import ecg, f1, matched, sinus_times
from toward.errors import BadInput
from toward.heart.ecg import EcgStream, find_beats
from toward.heart.recording import ECTOPIC, NORMAL, Ecg


@pytest.mark.parametrize("rate_hz", [100.0, 128.0, 250.0, 360.0, 500.0, 1000.0])
def test_every_beat_is_found_at_any_rate(rate_hz: float) -> None:
    """All beats, none too many, each within 4 ms of its peak."""
    times = sinus_times(60.0)
    found, gaps = find_beats(Ecg(ecg(times, 60.0, rate_hz, noise=0.02), rate_hz))
    assert matched(times, found.time_s, within_s=0.03) == (times.size, 0, 0)
    assert np.median(np.abs(found.time_s - times)) < 0.004
    assert not gaps.size
    assert not found.kind.any()


def test_a_lead_upside_down_is_the_same_heart() -> None:
    """A strap worn the wrong way round changes no interval by more than a few milliseconds."""
    times = sinus_times(60.0)
    samples = ecg(times, 60.0, 250.0)
    up, down = find_beats(Ecg(samples, 250.0))[0], find_beats(Ecg(-samples, 250.0))[0]
    assert up.time_s.size == down.time_s.size == times.size
    assert np.abs(np.diff(up.time_s) - np.diff(down.time_s)).max() < 0.01


@pytest.mark.parametrize("size", [20.0, 1000.0, 1e6])
def test_settling_electrodes_at_the_start_cost_one_beat_at_most(size: float) -> None:
    """A spike of any size that dies away over the first second hides what lies under it, and nothing after it."""
    seconds, rate_hz = 870.0, 130.0
    times = sinus_times(seconds, bpm=60.0)
    samples = ecg(times, seconds, rate_hz, noise=0.01)
    samples[: int(rate_hz)] += size * np.exp(-np.arange(int(rate_hz)) / (0.15 * rate_hz))
    found, _ = find_beats(Ecg(samples, rate_hz))
    hits, missed, extra = matched(times, found.time_s)
    assert missed <= 1
    assert hits >= times.size - 1
    assert extra <= 1


def test_noise_as_of_muscles_costs_little() -> None:
    """With white noise of a fifth of the R wave, 99 beats of 100 are still found."""
    times = sinus_times(120.0)
    found, _ = find_beats(Ecg(ecg(times, 120.0, 250.0, noise=0.2), 250.0))
    assert f1(times, found.time_s) > 0.99


def test_wandering_of_the_baseline_costs_nothing() -> None:
    """Breathing and movement that shift the signal by five R waves do not hide beats."""
    times = sinus_times(60.0)
    samples = ecg(times, 60.0, 250.0)
    samples += 5.0 * np.sin(2.0 * np.pi * 0.3 * np.arange(samples.size) / 250.0)
    assert f1(times, find_beats(Ecg(samples, 250.0))[0].time_s) == 1.0


def test_a_beat_from_a_ventricle_is_called_ectopic_and_no_other_is() -> None:
    """An early broad beat with a pause after it, every so often."""
    times = sinus_times(120.0)
    early = frozenset(range(15, times.size - 5, 11))
    for k in early:
        times[k] -= 0.3
    found, _ = find_beats(Ecg(ecg(times, 120.0, 250.0, wide=early, noise=0.01), 250.0))
    assert matched(times, found.time_s)[1:] == (0, 0)
    assert set(np.flatnonzero(found.kind == ECTOPIC).tolist()) == early


def test_a_small_complex_with_a_large_t_wave_is_a_beat_and_its_t_wave_is_none() -> None:
    """Beats from another place in a ventricle, whose T waves look like broad beats, only smaller."""
    seconds, rate_hz = 120.0, 360.0
    times = sinus_times(seconds, bpm=75.0)
    broad, strange = frozenset(range(5, times.size, 7)), np.arange(9, times.size - 1, 7)
    for k in (*broad, *strange.tolist()):
        times[k] -= 0.2
    samples = ecg(
        np.delete(times, strange), seconds, rate_hz, wide=frozenset(k - (k - 3) // 7 for k in broad), noise=0.01
    )
    t = np.arange(samples.size) / rate_hz
    for at in times[strange].tolist():
        for centre, size, width in (
            (-0.018, -0.3, 0.012),
            (0.0, 0.3, 0.008),
            (0.022, -0.3, 0.012),
            (0.185, 0.8, 0.045),
        ):
            samples += size * np.exp(-0.5 * ((t - at - centre) / width) ** 2)
    found, _ = find_beats(Ecg(samples, rate_hz))
    assert matched(times, found.time_s) == (times.size, 0, 0)


def test_in_bigeminy_every_other_beat_is_ectopic() -> None:
    """When early beats are half of all, intervals alone do not tell which half; shape does."""
    times = sinus_times(150.0)
    early = frozenset(range(21, times.size - 1, 2))
    for k in early:
        times[k] -= 0.25
    found, _ = find_beats(Ecg(ecg(times, 150.0, 250.0, wide=early, noise=0.01), 250.0))
    called = set(np.flatnonzero(found.kind == ECTOPIC).tolist())
    assert len(called & early) >= 0.95 * len(early)
    assert len(called - early) <= 0.05 * len(early)


def test_breathing_alone_makes_no_beat_ectopic() -> None:
    """A sway of fifteen percent is a healthy young heart."""
    times = sinus_times(120.0, sway=0.15)
    assert (find_beats(Ecg(ecg(times, 120.0, 250.0), 250.0))[0].kind == NORMAL).all()


def test_a_lead_that_is_off_is_a_gap() -> None:
    """Missing samples and a flat line are gaps with no beats in them; beats on both sides are found."""
    times = sinus_times(90.0)
    samples = ecg(times, 90.0, 250.0, noise=0.01)
    samples[30 * 250 : 36 * 250] = np.nan
    samples[60 * 250 : 64 * 250] = 2.5
    found, gaps = find_beats(Ecg(samples, 250.0))
    assert np.allclose(gaps, [[30.0, 36.0], [60.0, 64.0]], atol=0.1)
    inside = ((found.time_s > 30.1) & (found.time_s < 35.9)) | ((found.time_s > 60.1) & (found.time_s < 63.9))
    assert not inside.any()
    outside = times[((times < 29.7) | (times > 36.3)) & ((times < 59.7) | (times > 64.3))]
    assert matched(outside, found.time_s)[1] == 0


def test_a_change_of_size_is_followed() -> None:
    """An electrode that slips until the signal is a fifth as high keeps its beats."""
    times = sinus_times(120.0)
    samples = ecg(times, 120.0, 250.0) * np.linspace(1.0, 0.2, 120 * 250)
    assert f1(times, find_beats(Ecg(samples, 250.0))[0].time_s) > 0.99


def test_after_a_long_silence_a_weaker_signal_is_learnt_anew() -> None:
    """Eight flat seconds, and then beats of a tenth the size: another electrode."""
    times = sinus_times(90.0)
    samples = ecg(times, 90.0, 250.0, noise=0.002)
    samples[38 * 250 : 46 * 250] = 0.0
    samples[46 * 250 :] *= 0.1
    found, _ = find_beats(Ecg(samples, 250.0))
    late = times[times > 46.5]
    assert matched(late, found.time_s)[1] == 0


@pytest.mark.parametrize("rate_hz", [0.0, -1.0, 50.0, 5000.0, float("nan")])
def test_a_rate_no_recorder_has_is_refused(rate_hz: float) -> None:
    """The error names the rate."""
    with pytest.raises(BadInput, match="samples a second"):
        EcgStream(rate_hz)


def test_two_leads_at_once_are_refused() -> None:
    """One lead is a list, not a table."""
    with pytest.raises(BadInput, match="One lead"):
        EcgStream(250.0).feed(np.zeros((10, 2)))


@pytest.mark.parametrize("samples", [[], [1.0], [np.nan] * 500, [3.0] * 5000, [np.inf, -np.inf] * 400])
def test_what_holds_no_heartbeat_gives_none(samples: list[float]) -> None:
    """Nothing, one sample, none but missing ones, a flat line, infinities."""
    found, _ = find_beats(Ecg(np.array(samples, np.float64), 250.0))
    assert found.time_s.size == 0


def test_finishing_twice_gives_nothing_twice() -> None:
    """The second time there is nothing left."""
    stream = EcgStream(250.0)
    stream.feed(ecg(sinus_times(20.0), 20.0, 250.0))
    assert stream.finish().time_s.size > 0
    assert stream.finish().time_s.size == 0
