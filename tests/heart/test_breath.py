"""Breathing rates that were put into made signals."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from tests.heart.made_signals import sinus_times
from toward.heart.breath import SMALL, breath, peaks_of_breaths
from toward.heart.waves import GRID_HZ

NO_GAPS = np.zeros((0, 2))


def source(hz: float, seconds: float, *, noise: float = 0.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A value at each beat that breathing at ``hz`` moves."""
    times = sinus_times(seconds, bpm=72.0)
    value = np.sin(2.0 * np.pi * hz * times)
    return times, value + noise * np.random.default_rng(seed).standard_normal(times.size)


@pytest.mark.parametrize("per_min", [6.0, 9.0, 12.0, 15.0, 18.0, 24.0])
def test_a_steady_breath_is_found(per_min: float) -> None:
    """Within three percent, from one source."""
    told = breath({"rsa": source(per_min / 60.0, 180.0)}, 180.0, NO_GAPS)
    assert told.per_min == pytest.approx(per_min, rel=0.03)
    assert told.quality > 0.6


def test_the_regular_source_outweighs_noise() -> None:
    """Two sources of noise beside one of breath do not move the answer far."""
    told = breath(
        {
            "rsa": source(0.25, 180.0, noise=0.2),
            "height": (source(0.25, 180.0)[0], source(0.0, 180.0, noise=1.0, seed=1)[1]),
            "level": (source(0.25, 180.0)[0], source(0.0, 180.0, noise=1.0, seed=2)[1]),
        },
        180.0,
        NO_GAPS,
    )
    assert told.per_min == pytest.approx(15.0, abs=1.0)


def test_a_change_of_breath_is_followed_window_by_window() -> None:
    """From 18 to 6 a minute half way."""
    times = sinus_times(300.0, bpm=72.0)
    value = np.where(times < 150.0, np.sin(2.0 * np.pi * 0.3 * times), np.sin(2.0 * np.pi * 0.1 * times))
    told = breath({"rsa": (times, value)}, 300.0, NO_GAPS)
    early, late = told.window_per_min[told.time_s < 110.0], told.window_per_min[told.time_s > 190.0]
    assert np.allclose(early, 18.0, atol=0.7)
    assert np.allclose(late, 6.0, atol=0.5)


def test_less_than_half_a_minute_says_nothing() -> None:
    """No window, no answer."""
    told = breath({"rsa": source(0.25, 25.0)}, 25.0, NO_GAPS)
    assert math.isnan(told.per_min)
    assert told.window_per_min.size == 0


def test_windows_in_a_gap_are_not_judged() -> None:
    """A minute without beats in the middle of three."""
    told = breath({"rsa": source(0.25, 180.0)}, 180.0, np.array([[60.0, 120.0]]))
    assert np.isnan(told.window_per_min[(told.time_s > 80.0) & (told.time_s < 100.0)]).all()
    assert told.per_min == pytest.approx(15.0, rel=0.05)


def test_a_value_that_does_not_move_says_nothing() -> None:
    """No breath in a straight line, nor in three beats."""
    times = sinus_times(120.0)
    assert math.isnan(breath({"rsa": (times, np.ones(times.size))}, 120.0, NO_GAPS).per_min)
    assert math.isnan(breath({"rsa": (times[:3], np.arange(3.0))}, 120.0, NO_GAPS).per_min)


def test_breaths_are_counted_from_peak_to_peak() -> None:
    """Nine peaks are eight breaths; ripples on a breath are none; one peak is none."""
    t = np.arange(0.0, 36.0, 1.0 / GRID_HZ)
    wave = np.sin(2.0 * np.pi * t / 4.0)
    np.testing.assert_allclose(peaks_of_breaths(wave), 1.0 + 4.0 * np.arange(9), atol=0.01)
    rippled = wave + 0.03 * np.sin(2.0 * np.pi * t * 1.7)
    np.testing.assert_allclose(np.mean(np.diff(peaks_of_breaths(rippled))), 4.0, atol=0.15)
    assert peaks_of_breaths(t).size == 0


def test_a_peak_between_samples_is_found_there() -> None:
    """To a fiftieth of a second, on a grid of a quarter."""
    t = np.arange(0.0, 60.0, 1.0 / GRID_HZ)
    for late in (0.03, 0.1, 0.17):
        found = peaks_of_breaths(np.cos(2.0 * np.pi * (t - late - 2.0) / 4.3))
        np.testing.assert_allclose((found - late - 2.0 + 2.15) % 4.3, 2.15, atol=0.02)


def plainly_counted(value: np.ndarray) -> list[float]:
    """The same peaks from their description, on lists."""
    sides = np.sign(np.diff(value))
    turns = [i for i in range(1, value.size - 1) if sides[i - 1] != sides[i]]
    swings = [abs(value[b] - value[a]) for a, b in pairwise(turns)]
    least = SMALL * np.percentile(swings, 75)
    while swings and min(swings) < least:
        i = swings.index(min(swings))
        turns = turns[:i] + turns[i + 2 :]
        swings = [abs(value[b] - value[a]) for a, b in pairwise(turns)]
    peaks = [i for i in turns if sides[i - 1] > 0]
    vertices = [-b / (2.0 * a) for a, b, _ in (np.polyfit([-1, 0, 1], value[i - 1 : i + 2], 2) for i in peaks)]
    return [(i + beside) / GRID_HZ for i, beside in zip(peaks, vertices, strict=True)]


@pytest.mark.parametrize("seed", range(40))
def test_the_count_is_that_of_its_description(seed: int) -> None:
    """Against a second way to write it, on noise, where every swing is in doubt."""
    value = np.convolve(np.random.default_rng(seed).standard_normal(246), np.ones(7), "valid")
    np.testing.assert_allclose(peaks_of_breaths(value), plainly_counted(value), atol=1e-6)


def uneven_breaths(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, float]:
    """Breaths of uneven length, depth and shape, seen beat by beat with noise; and how many a minute there were."""
    many, out_share, roundness = 60, rng.uniform(0.5, 0.7), rng.uniform(0.4, 1.5)
    lengths = rng.uniform(2.5, 8.0) * np.exp(rng.uniform(0.05, 0.3) * rng.standard_normal(many))
    peaks = np.cumsum(lengths) - rng.uniform(20.0, 60.0)
    times = np.cumsum(60.0 / rng.uniform(55.0, 90.0) * (1.0 + 0.02 * rng.standard_normal(180))) - 5.0
    phase = np.interp(times, peaks, np.arange(many))
    part = phase % 1.0
    wave = np.where(
        part < out_share, np.cos(np.pi * part / out_share), -np.cos(np.pi * (part - out_share) / (1 - out_share))
    )
    depth = np.exp(0.3 * rng.standard_normal(many))[phase.astype(int)]
    slow = np.cumsum(rng.standard_normal(times.size)) * rng.uniform(0.0, 0.1)
    value = (
        np.sign(wave) * np.abs(wave) ** roundness * depth
        + slow
        + rng.uniform(0.1, 0.6) * rng.standard_normal(times.size)
    )
    return times, value, 60.0 / float(np.diff(peaks[(peaks >= 0.0) & (peaks <= 60.0)]).mean())


def test_uneven_breaths_are_counted_well() -> None:
    """Mean error below half a breath a minute over two hundred made minutes, nearly all of them judged."""
    rng = np.random.default_rng(1)
    errors = []
    for _ in range(200):
        times, value, truth = uneven_breaths(rng)
        errors.append(breath({"rsa": (times, value)}, 60.0, NO_GAPS).per_min - truth)
    known = np.array(errors)[np.isfinite(errors)]
    assert known.size > 190
    assert np.abs(known).mean() < 0.5


@pytest.mark.parametrize("seed", range(5))
def test_which_way_up_a_source_is_makes_no_difference(seed: int) -> None:
    """A lead the other way round, or an interval that shortens as another lengthens: the same breath."""
    times, value, _ = uneven_breaths(np.random.default_rng(seed))
    up, down = (breath({"rsa": (times, side)}, 60.0, NO_GAPS) for side in (value, -value))
    assert up.per_min == pytest.approx(down.per_min, abs=1e-6)
    assert up.quality == pytest.approx(down.quality, abs=1e-6)


def test_the_source_that_was_best_around_decides_where_another_is_so_by_chance() -> None:
    """A height that is regular in one minute only does not take the answer over from a steady interval."""
    times, value = source(0.2, 600.0, noise=0.5)
    chance = np.random.default_rng(3).standard_normal(times.size)
    stray = np.where((times > 240.0) & (times < 320.0), np.sin(2.0 * np.pi * 0.35 * times), chance)
    told = breath({"rsa": (times, value), "height": (times, stray)}, 600.0, NO_GAPS)
    assert np.nanmax(np.abs(told.window_per_min - 12.0)) < 2.0


def test_what_three_weak_sources_have_in_common_is_better_than_each() -> None:
    """One breath, uneven, in three sources with noise and a delay each: a third of the best one's error, or less."""
    alone, together = [], []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        lengths = 4.6 * np.exp(0.15 * rng.standard_normal(90))
        peaks = np.cumsum(lengths) - 20.0
        times = sinus_times(330.0, bpm=70.0)
        phase = np.interp(times, peaks, np.arange(peaks.size))
        noise = 0.9 * rng.standard_normal((3, times.size))
        delays = np.array([[0.0], [0.15], [-0.35]])
        values = np.cos(2.0 * np.pi * (phase - delays)) + noise
        sources = {name: (times, value) for name, value in zip("abc", values, strict=True)}
        told = breath(sources, 320.0, NO_GAPS)
        starts = told.time_s - 30.0
        truth = np.array([60.0 / np.diff(peaks[(peaks >= s) & (peaks <= s + 60.0)]).mean() for s in starts])
        together.append(np.nanmean(np.abs(told.window_per_min - truth)))
        alone.append(
            min(
                np.nanmean(np.abs(breath({name: one}, 320.0, NO_GAPS).window_per_min - truth))
                for name, one in sources.items()
            )
        )
    assert np.mean(together) < 0.5 * np.mean(alone), (np.mean(together), np.mean(alone))


def test_where_a_window_is_cut_bends_no_breath() -> None:
    """The same breaths, cut from a longer recording: windows in the middle say the same to a tenth of a breath."""
    rng = np.random.default_rng(4)
    times = sinus_times(600.0, bpm=72.0)
    value = np.sin(2.0 * np.pi * 0.21 * times) + 0.2 * rng.standard_normal(times.size)
    whole = breath({"rsa": (times, value)}, 600.0, NO_GAPS)
    part = times >= 200.0
    cut = breath({"rsa": (times[part] - 200.0, value[part])}, 400.0, NO_GAPS)
    np.testing.assert_allclose(cut.window_per_min[4:], whole.window_per_min[24:], atol=0.1)
