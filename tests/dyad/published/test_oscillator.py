"""The coupled oscillator: the numbers of the rties vignette come back, a real swing is found, and so is the trap."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.dyad.published.recordings import dials
from toward.dyad.published.oscillator import Oscillation, derivatives, fit_oscillator
from toward.errors import BadInput


def test_vignette_numbers_come_back() -> None:
    """Window, R2, both periods and all eight coefficients of couple 2."""
    fit = fit_oscillator(*dials()[2])
    assert (fit.delay, fit.embedding) == (5, 5)
    assert round(fit.r2, 2) == 0.65
    assert (fit.a.period, fit.b.period) == pytest.approx((41.09, 38.16), abs=6e-3)
    assert fit.a == pytest.approx((-0.02339, 0.00181, -0.00061, 0.00592), abs=6e-6)
    assert fit.b == pytest.approx((-0.02711, 0.00531, -0.00045, 0.01094), abs=6e-6)
    assert fit.r2 >= fit.r2_uncoupled - 0.01


def test_derivatives_of_a_parabola_are_exact() -> None:
    """Place, speed and acceleration in the middle of each window, whatever the window."""
    time = np.arange(60.0)
    for delay, embedding in ((1, 3), (2, 4), (5, 5)):
        got = derivatives(4 + 3 * time + 0.5 * time**2, delay, embedding)
        middle = np.arange(len(got)) + (embedding - 1) * delay / 2
        assert got == pytest.approx(np.column_stack([4 + 3 * middle + 0.5 * middle**2, 3 + middle, np.ones(len(got))]))


def test_a_swing_is_found() -> None:
    """The period of a damped swing, and that it dies down; its partner swings at another pace."""
    time = np.arange(400.0)
    a = np.exp(-time / 200) * np.cos(2 * math.pi * time / 40)
    b = np.cos(2 * math.pi * time / 25 + 1)
    fit = fit_oscillator(a, b, delays=[1], embeddings=[3])
    assert fit.a.period == pytest.approx(40, rel=0.02)
    assert fit.a.damping == pytest.approx(-2 / 200, rel=0.1)
    assert fit.b.period == pytest.approx(25, rel=0.02)
    assert fit.r2 > 0.99


def test_noise_looks_like_a_swing() -> None:
    """The warning in the module's docstring: R2 of nothing at all is above one half, and grows with the window."""
    a, b = np.random.default_rng(1).normal(size=(2, 500))
    narrow, wide = (fit_oscillator(a, b, delays=[delay], embeddings=[5]) for delay in (1, 5))
    assert narrow.r2 > 0.5
    assert wide.a.period > 3 * narrow.a.period


def test_who_does_not_swing_has_no_period() -> None:
    """A frequency that is not negative has none."""
    assert math.isnan(Oscillation(0.1, 0, 0, 0).period)
    assert Oscillation(-1, 0, 0, 0).period == pytest.approx(2 * math.pi)


@pytest.mark.parametrize(
    ("delays", "embeddings", "count", "told"),
    [
        ([0], [3], 100, "at least 3"),
        ([1], [2], 100, "at least 3"),
        ([], [3], 100, "at least 3"),
        ([5], [5], 20, "too few"),
    ],
)
def test_a_window_that_is_none_is_refused(delays: list[int], embeddings: list[int], count: int, told: str) -> None:
    """Or leaves nothing to fit."""
    a, b = np.random.default_rng(1).normal(size=(2, count))
    with pytest.raises(BadInput, match=told):
        fit_oscillator(a, b, delays=delays, embeddings=embeddings)
