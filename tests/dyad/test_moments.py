"""Closed expectations agree with quadrature, and their derivatives with differences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.polynomial.hermite_e import hermegauss

from toward.dyad import moments

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Closed = Callable[[float, float, float, float], tuple[float, ...]]

NODES, WEIGHTS = hermegauss(120)
WEIGHTS = WEIGHTS / WEIGHTS.sum()

means = st.floats(-1.0, 9.0)
variances = st.floats(0.02, 3.0)


def expected(function: object, m: float, p: float) -> float:
    """E f(x) for x ~ N(m, p), by 120 nodes."""
    return float(WEIGHTS @ function(m + math.sqrt(p) * NODES))  # type: ignore[operator]


@settings(max_examples=60, deadline=None)
@given(means, variances)
def test_the_logistic_is_met_to_a_thousandth(m: float, p: float) -> None:
    """Two components are within 6e-4 and three within 6e-5 of the logistic's expectation."""

    def logistic(x: np.ndarray[tuple[int], np.dtype[np.float64]]) -> object:
        return 1.0 / (1.0 + np.exp((x - 3.5) / 0.8))

    want = expected(logistic, m, p)
    assert moments.falling(m, p, 3.5, 0.8)[0] == pytest.approx(want, abs=6e-4)
    assert moments.falling_all(m, p, 3.5, 0.8)[0] == pytest.approx(want, abs=6e-5)


@settings(max_examples=60, deadline=None)
@given(means, variances)
def test_derivatives_are_those_of_the_values(m: float, p: float) -> None:
    """Each derivative in the mean is the slope of the one before; half the second is the slope in the variance."""
    h = 1e-4
    functions: tuple[Closed, ...] = (moments.falling, moments.falling_all)
    for function in functions:

        def at(m: float, p: float, closed: Closed = function) -> NDArray[np.float64]:
            return np.array(closed(m, p, 3.5, 0.4))

        here, up, down = at(m, p), at(m + h, p), at(m - h, p)
        assert (up - down)[:-1] / (2 * h) == pytest.approx(here[1:], abs=1e-4)
        if p > 0.05:
            wide = (at(m, p + h) - at(m, p - h)) / (2 * h)
            assert wide[:2] == pytest.approx(0.5 * here[2:4], abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.0, 8.0), st.floats(0.1, 3.0), st.integers(1, 7))
def test_a_check_in_has_the_probability_of_its_interval(m: float, w: float, y: int) -> None:
    """exp of the log evidence is the normal mass of the rounded, clipped answer; the seven add up to one."""
    seven = [math.exp(moments.step(m, w, float(step), 1e-4)[0]) for step in range(1, 8)]
    assert sum(seven) == pytest.approx(1.0, abs=1e-9)
    h = 1e-4
    here = np.array(moments.step(m, w, float(y), 1e-4))
    slope = (np.array(moments.step(m + h, w, float(y), 1e-4)) - np.array(moments.step(m - h, w, float(y), 1e-4))) / (
        2 * h
    )
    assert slope[:2] == pytest.approx(here[1:3], rel=1e-3, abs=1e-3)


def test_a_far_answer_is_possible_and_pulls_little() -> None:
    """A slip of the thumb bounds what one answer can do."""
    log_p, pull, *_ = moments.step(6.9, 0.05, 1.0, 1e-4)
    assert log_p == pytest.approx(math.log(1e-4 / 7), abs=1e-6)
    assert abs(pull) < 1e-6


@settings(max_examples=60, deadline=None)
@given(st.floats(-1.0, 9.0), st.floats(0.02, 2.0))
def test_the_wall_is_the_expected_spring(m: float, p: float) -> None:
    """The spring's expectation is the hinge's under the Gaussian, by a fine sum; its slope is its derivative."""
    x = m + math.sqrt(p) * np.linspace(-9, 9, 20_001)
    density = np.exp(-0.5 * ((x - m) ** 2) / p)
    want = float(((np.maximum(x - 7, 0) - np.maximum(1 - x, 0)) * density).sum() / density.sum())
    here = moments.wall(m, p, 1.0, 7.0, 1.0)
    assert here[0] == pytest.approx(want, abs=2e-6)
    h = 1e-4
    slope = (np.array(moments.wall(m + h, p, 1.0, 7.0, 1.0)) - np.array(moments.wall(m - h, p, 1.0, 7.0, 1.0))) / (
        2 * h
    )
    assert slope[:3] == pytest.approx(np.array(here)[1:], abs=2e-2)
