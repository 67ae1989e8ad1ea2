"""What is said of a recording, and what is not said."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.heart.made_signals import ecg, frames, ppg, sinus_times
from toward.errors import BadInput
from toward.heart.quality import LEAST, belief
from toward.heart.recording import BEAT_KINDS, Beats, Ecg, Ppg, Summary, beats_from_rr
from toward.heart.seeking import no_beats
from toward.heart.stream import summarise
from toward.heart.variability import variability

FIGURES = ("hr_bpm", "rmssd_ms", "sdnn_ms", "breath_per_min")


def holds_together(told: Summary) -> None:
    """Lengths agree, nothing is NaN, what is missing has a reason, what is given has an error."""
    assert told.beats == told.beat_times_s.size == len(told.beat_kinds)
    assert set(told.beat_kinds) <= set(BEAT_KINDS)
    assert np.all(np.diff(told.beat_times_s) >= 0.0)
    assert 0.0 <= told.quality <= 1.0
    for name in FIGURES:
        value = getattr(told, name)
        assert (value is None) == (name in told.why), name
        if value is not None:
            assert math.isfinite(value)
            assert value >= 0.0
            assert name in told.uncertainty or value == 0.0
    for name, other in told.more.items():
        assert (other is None) == (name in told.why), name
    if told.abstained:
        assert told.hr_bpm is None
        assert told.rmssd_ms is None


def noise(seconds: float, rate_hz: float, low_hz: float, high_hz: float, seed: int = 0) -> np.ndarray:
    """Noise of one band, of size 1."""
    n = round(seconds * rate_hz)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(n))
    f = np.fft.rfftfreq(n, 1.0 / rate_hz)
    out = np.fft.irfft(spectrum * ((f >= low_hz) & (f <= high_hz)), n)
    return np.asarray(out / out.std())


def test_an_electrocardiogram_gives_the_figures_of_its_true_beats() -> None:
    """Rate within a tenth, RMSSD within a millisecond, breath within half a breath."""
    times = sinus_times(180.0)
    told = summarise(Ecg(ecg(times, 180.0, 500.0, noise=0.01), 500.0))
    holds_together(told)
    truth = variability(1000.0 * np.diff(times))
    assert told.hr_bpm == pytest.approx(truth.hr_bpm, abs=0.1)
    assert told.rmssd_ms == pytest.approx(truth.rmssd_ms, abs=1.0)
    assert told.sdnn_ms == pytest.approx(truth.sdnn_ms, abs=1.0)
    assert told.breath_per_min == pytest.approx(0.24 * 60.0, abs=0.5)
    assert told.quality > 0.9
    assert not told.why


@pytest.mark.parametrize("jitter_s", [0.0, 0.03])
def test_a_camera_gives_nearly_the_same(jitter_s: float) -> None:
    """Rate within half a beat a minute, RMSSD within eight milliseconds."""
    times = sinus_times(100.0)
    told = summarise(frames(times, 100.0, jitter_s=jitter_s, noise=0.1))
    holds_together(told)
    truth = variability(1000.0 * np.diff(times))
    assert told.hr_bpm == pytest.approx(truth.hr_bpm, abs=0.5)
    assert told.rmssd_ms == pytest.approx(truth.rmssd_ms, abs=8.0)


def test_intervals_from_a_strap_give_exactly_the_figures_of_the_formulas() -> None:
    """Nothing to clean, nothing changed."""
    rr = 1000.0 * np.diff(sinus_times(180.0))
    told = summarise(beats_from_rr(rr))
    holds_together(told)
    assert told.kind == "rr"
    assert told.rmssd_ms == pytest.approx(float(np.sqrt(np.mean(np.diff(rr) ** 2))))
    np.testing.assert_allclose(told.rr_ms, rr)
    assert told.duration_s == pytest.approx(rr.sum() / 1000.0)


@pytest.mark.parametrize(("low_hz", "high_hz"), [(0.0, 60.0), (1.0, 15.0), (5.0, 40.0), (0.5, 5.0)])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_noise_is_no_heart(low_hz: float, high_hz: float, seed: int) -> None:
    """Of noise alone nothing is said, whatever its colour; for an ECG and for light."""
    for recording in (
        Ecg(noise(120.0, 128.0, low_hz, high_hz, seed), 128.0),
        Ppg(noise(120.0, 100.0, low_hz, min(high_hz, 45.0), seed), 100.0),
    ):
        told = summarise(recording)
        holds_together(told)
        assert told.abstained
        assert told.quality < LEAST


def test_a_stretch_of_noise_is_a_gap_and_spoils_nothing_else() -> None:
    """One minute of three under strong movement: it is left out, and the figures are those of the rest."""
    times = sinus_times(180.0)
    samples = ecg(times, 180.0, 250.0, noise=0.01)
    samples[60 * 250 : 120 * 250] += 2.0 * noise(60.0, 250.0, 1.0, 15.0)
    told = summarise(Ecg(samples, 250.0))
    holds_together(told)
    covered = sum(min(b, 120.0) - max(a, 60.0) for a, b in told.gaps_s.tolist() if b > 60.0 and a < 120.0)
    assert covered > 45.0
    assert 0.5 < told.quality < 0.75
    assert told.hr_bpm == pytest.approx(66.0, abs=1.0)
    rest = np.concatenate((np.diff(times[times < 60.0]), np.diff(times[times > 120.0]))) * 1000.0
    assert told.rmssd_ms == pytest.approx(float(np.sqrt(np.mean(np.diff(rest) ** 2))), abs=8.0)


@pytest.mark.parametrize(
    ("seconds", "given"), [(5.0, set()), (20.0, {"hr_bpm"}), (45.0, {"hr_bpm", "rmssd_ms", "breath_per_min"})]
)
def test_figures_warm_up_one_after_the_other(seconds: float, given: set[str]) -> None:
    """Each from its own window on; before, the reason says how much is missing."""
    told = summarise(beats_from_rr(1000.0 * np.diff(sinus_times(seconds + 1.5))))
    holds_together(told)
    assert {name for name in FIGURES if getattr(told, name) is not None} == given
    assert all(told.why[name].key == "short" for name in FIGURES if name not in given)
    for needed, here in (told.why[name].details.values() for name in FIGURES if name not in given):
        assert here < needed
        assert here == pytest.approx(seconds, abs=3.0)


def test_too_many_odd_beats_leave_a_rate_and_no_variability() -> None:
    """In bigeminy RMSSD measures the early beats and not the nerve."""
    times = sinus_times(150.0)
    early = frozenset(range(21, times.size - 1, 2))
    for k in early:
        times[k] -= 0.25
    told = summarise(Ecg(ecg(times, 150.0, 250.0, wide=early, noise=0.01), 250.0))
    holds_together(told)
    assert told.hr_bpm == pytest.approx(66.0, abs=1.0)
    assert told.rmssd_ms is None
    assert told.why["rmssd_ms"].key == "uneven"


def test_light_too_noisy_to_time_beats_leaves_a_rate_and_no_variability() -> None:
    """A trembling camera: beats can be counted, not timed to milliseconds."""
    times = sinus_times(100.0)
    told = summarise(Ppg(ppg(times, 100.0, 30.0, noise=0.28), 30.0))
    holds_together(told)
    assert told.hr_bpm == pytest.approx(66.0, abs=2.0)
    assert told.rmssd_ms is None
    assert told.why["rmssd_ms"].key == "loose"


def test_pieces_and_clockworks_have_reasons_of_their_own() -> None:
    """Enough seconds in pieces that are too short are not called too few, and a constant interval has no logarithm."""
    torn = [800.0, 830.0, 790.0, 810.0, float("nan")] * 60
    told = summarise(beats_from_rr(torn))
    holds_together(told)
    assert told.why["lf_ms2"].key == "torn"
    told = summarise(beats_from_rr([875.0] * 200))
    holds_together(told)
    assert told.rmssd_ms == 0.0
    assert told.why["ln_rmssd"].key == "constant"


@pytest.mark.parametrize("factor", [0.001, 1024.0 * 1000.0])
def test_a_wrong_unit_is_said(factor: float) -> None:
    """Seconds for milliseconds, and what comes of multiplying once too often."""
    with pytest.raises(BadInput, match="unit"):
        summarise(beats_from_rr(factor * 1000.0 * np.diff(sinus_times(60.0))))


@pytest.mark.parametrize(
    "recording",
    [
        Ecg(np.full(5000, np.nan), 250.0),
        Ecg(np.full(5000, 4.2), 250.0),
        Ppg(np.zeros(3000), 100.0),
        Ecg(np.ones(1), 250.0),
        Ecg(np.where(np.arange(20000) % 200 < 5, 1e300, -1e300), 250.0),
        Beats(np.array([3.0]), np.zeros(1, np.int8), np.zeros((0, 2))),
    ],
)
def test_what_says_nothing_is_abstained_from(recording: Ecg | Ppg | Beats) -> None:
    """Missing, flat, a single sample, absurd numbers, one beat: no figure, each with its reason."""
    with np.errstate(over="ignore", invalid="ignore"):
        told = summarise(recording)
    holds_together(told)
    assert told.abstained


def test_a_clipped_signal_is_counted_or_left_out_never_wrong() -> None:
    """An amplifier at its rail for a third of each beat."""
    times = sinus_times(90.0)
    told = summarise(Ecg(np.clip(ecg(times, 90.0, 250.0), -0.1, 0.3), 250.0))
    holds_together(told)
    assert told.abstained or told.hr_bpm == pytest.approx(66.0, abs=1.0)


def test_half_a_minute_of_a_watchs_recording_is_enough() -> None:
    """Its first and last beat lie inside it, so its intervals never fill it all; a quarter of a minute is too short."""
    for seconds, known in ((30.0, True), (15.0, False)):
        told = summarise(Ecg(ecg(sinus_times(seconds), seconds, 512.0, noise=0.02), 512.0))
        assert told.hr_bpm is not None
        assert (told.rmssd_ms is not None) == known
        assert known or told.why["rmssd_ms"].key == "short"


def test_two_beats_say_nothing_about_each_other() -> None:
    """Nothing to compare with, so nothing is believed."""
    assert belief(no_beats()).size == 0


@pytest.mark.parametrize("rate_hz", [125.0, 128.0, 250.0, 360.0, 500.0])
@pytest.mark.parametrize("hum_hz", [50.0, 50.03, 60.0, 59.96])
def test_hum_of_the_mains_alone_is_no_heart(rate_hz: float, hum_hz: float) -> None:
    """A lead that came off hums, evenly and always alike."""
    t = np.arange(round(90.0 * rate_hz)) / rate_hz
    noise = 0.01 * np.random.default_rng(1).standard_normal(t.size)
    told = summarise(Ecg(np.sin(2.0 * np.pi * hum_hz * t) + noise, rate_hz))
    assert told.abstained


@pytest.mark.parametrize("hum", [0.3, 1.0, 2.0, 5.0])
def test_under_hum_the_rate_is_right(hum: float) -> None:
    """Up to five times as high as the beats."""
    times = sinus_times(120.0)
    for rate_hz in (125.0, 250.0, 500.0):
        t = np.arange(round(120.0 * rate_hz)) / rate_hz
        told = summarise(
            Ecg(ecg(times, 120.0, rate_hz, noise=0.02) + hum * np.sin(2.0 * np.pi * 50.0 * t + 1.0), rate_hz)
        )
        assert not told.abstained
        assert told.hr_bpm == pytest.approx(66.0, abs=1.0)
