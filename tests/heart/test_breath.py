"""Breathing rates that were put into made signals."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.heart.made_signals import sinus_times
from toward.heart.breath import GRID_HZ, breath, count_breaths

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
    np.testing.assert_allclose(count_breaths(wave), 4.0, atol=0.01)
    assert count_breaths(wave).size == 8
    rippled = wave + 0.03 * np.sin(2.0 * np.pi * t * 1.7)
    assert count_breaths(rippled).size <= 9
    assert count_breaths(t).size == 0
