"""Gottman-Murray: the published numbers of a real couple come back, and made couples are found again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dyad.published.recordings import Series, gottman_couple
from toward.dyad.published.gottman import fit_gottman
from toward.dyad.published.regression import least_squares
from toward.dyad.published.threshold import SHAPES, Shape, fit_threshold
from toward.errors import BadInput


def test_original_estimates_come_back() -> None:
    """To the seven digits that the R package dyad prints; partner a is the wife."""
    fit = fit_gottman(*gottman_couple())
    assert fit.a == pytest.approx((0.6985029, -0.6861853, -2.275927), abs=6e-7)
    assert fit.b == pytest.approx((0.5926266, 0.138591, 0.3402062), abs=6e-7)
    assert fit.on_a == pytest.approx((-0.2201299, 0.07080313), abs=6e-8)
    assert fit.on_b == pytest.approx((-0.3660682, 0.2233102), abs=6e-8)
    assert [tuple(rest) for rest in fit.rests] == [pytest.approx((-1.813364, 1.969706), abs=6e-7)]


def test_threshold_estimates_come_back() -> None:
    """Coefficients, threshold and sum of squares of both partners."""
    fit = fit_threshold(*gottman_couple(), "bilinear")
    assert (fit.a.intercept, fit.a.inertia, *fit.a.influence) == pytest.approx(
        (-0.41724841, 0.62189603, -0.23227089, 0.06380247), abs=6e-9
    )
    assert fit.a.thresholds == pytest.approx((4.4,))
    assert fit.a.sum_squares == pytest.approx(868.71347, abs=6e-6)
    assert (fit.b.intercept, fit.b.inertia, *fit.b.influence) == pytest.approx(
        (0.3814418, 0.3326937, -0.5655713, 0.1356723), abs=6e-8
    )
    assert fit.b.thresholds == pytest.approx((-3.7,))
    assert fit.b.sum_squares == pytest.approx(2859.3461, abs=6e-5)


def test_estimates_without_influence_come_back() -> None:
    """Coefficients, sum of squares and AIC of both partners."""
    fit = fit_threshold(*gottman_couple(), "none")
    assert (fit.a.intercept, fit.a.inertia) == pytest.approx((-0.2321727, 0.6505151), abs=6e-8)
    assert (fit.b.intercept, fit.b.inertia) == pytest.approx((1.0378641, 0.3716476), abs=6e-8)
    assert (fit.a.sum_squares, fit.b.sum_squares) == pytest.approx((934.480164, 3104.5045865), abs=6e-7)
    assert (fit.a.aic, fit.b.aic) == pytest.approx((702.414253, 881.3064881), abs=6e-7)


# ------------------------------------------------------------------------------------------ made couples


def made(count: int, seed: int = 3, noise: float = 0.02) -> tuple[Series, Series]:
    """Two who rest neutral and push each other with known slopes."""
    random = np.random.default_rng(seed)
    a, b = np.zeros(count), np.zeros(count)
    for t in range(count - 1):
        push_a = (1.5 if b[t] < 0 else 0.5) * b[t]
        push_b = (-0.4 if a[t] < -1 else 0.3) * a[t]
        kick = random.choice([0.0, 6.0, -6.0], p=[0.8, 0.1, 0.1], size=2)
        a[t + 1] = 0.3 * a[t] + push_a / 4 + kick[0] + random.normal() * noise
        b[t + 1] = 0.2 * b[t] + push_b + kick[1] + random.normal() * noise
    return a, b


def test_a_made_bend_is_found() -> None:
    """Slopes and threshold with which the series was made."""
    fit = fit_threshold(*made(3000, noise=1.0), "bilinear", least=100)
    assert fit.b.thresholds[0] == pytest.approx(-1, abs=0.35)
    assert fit.b.influence == pytest.approx((-0.4, 0.3), abs=0.08)
    assert fit.b.inertia == pytest.approx(0.2, abs=0.06)


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "none"])
@given(seed=st.integers(0, 2**32 - 1))
def test_the_search_finds_what_trying_all_finds(shape: Shape, seed: int) -> None:
    """The oracle regresses anew at every pair of places, as the published program does."""
    random = np.random.default_rng(seed)
    a, b = np.round(random.normal(size=(2, 40)) * 3, 1)
    a[5] = np.nan
    fit = fit_threshold(a, b, shape).a
    whole = np.isfinite(a[1:]) & np.isfinite(a[:-1])
    after, now, state = a[1:][whole], a[:-1][whole], b[:-1][whole]
    least, best = round(after.size / 10), np.inf
    for low in np.unique(state):
        for high in np.unique(state) if shape == "ojive" else [np.inf]:
            below, above = state <= low, state > high
            middle = state.size - below.sum() - above.sum()
            if below.sum() < least or middle < least or (shape == "ojive" and (above.sum() < least or high < low)):
                continue
            columns = {
                "bilinear": [state * below, state * ~below],
                "step": [below.astype(float)],
                "ojive": [below.astype(float), above.astype(float)],
            }[shape]
            best = min(best, least_squares(after, np.ones_like(now), now, *columns).sum_squares)
    assert fit.sum_squares == pytest.approx(best)


@given(seed=st.integers(0, 2**32 - 1))
def test_exchanging_the_partners_exchanges_the_result(seed: int) -> None:
    """Nobody is first."""
    a, b = made(200, seed)
    one, two = fit_gottman(a, b), fit_gottman(b, a)
    assert (one.a, one.on_a) == (two.b, two.on_b)
    mirrored = sorted((rest.b, rest.a) for rest in two.rests)
    assert sorted((rest.a, rest.b) for rest in one.rests) == [pytest.approx(rest) for rest in mirrored]
    assert fit_threshold(a, b, "ojive").a == fit_threshold(b, a, "ojive").b


def test_a_rest_is_a_rest() -> None:
    """Put into the equations, it comes out as it was."""
    fit = fit_gottman(*gottman_couple())
    for rest in fit.rests:
        push = (fit.on_a.negative if rest.b < 0 else fit.on_a.positive) * rest.b
        assert fit.a.intercept + fit.a.inertia * rest.a + push == pytest.approx(rest.a)


def test_a_side_with_too_few_moments_is_not_guessed() -> None:
    """Its slope is NaN, and no rest is claimed there."""
    random = np.random.default_rng(1)
    a = np.abs(np.round(random.normal(size=80) * 3))
    b = np.abs(np.round(random.normal(size=80) * 3))
    fit = fit_gottman(a, b)
    assert np.isnan(fit.on_a.negative)
    assert not np.isnan(fit.on_a.positive)
    assert all(rest.b > 0 for rest in fit.rests)


def test_gaps_are_left_out() -> None:
    """A missing moment takes away its own steps only."""
    a, b = made(400)
    full = fit_gottman(a, b)
    a[100] = np.nan
    assert fit_gottman(a, b).a.inertia == pytest.approx(full.a.inertia, abs=0.05)


@pytest.mark.parametrize(
    ("a", "b", "told"),
    [
        (np.zeros(50), np.zeros(50), "partner a moves too little"),
        (np.arange(50.0) % 7, np.full(50, 3.0), "partner a moves too little"),
        (np.arange(3.0), np.zeros(3), "partner a moves too little"),
    ],
)
def test_says_who_moves_too_little(a: Series, b: Series, told: str) -> None:
    """All answers equal, never neutral, or hardly any."""
    with pytest.raises(BadInput, match=told):
        fit_gottman(a, b)


@pytest.mark.parametrize("shape", ["bilinear", "ojive"])
def test_says_where_no_threshold_fits(shape: Shape) -> None:
    """The other never moves, or there are too few moments."""
    with pytest.raises(BadInput, match="no threshold leaves"):
        fit_threshold(np.arange(30.0) % 5, np.ones(30), shape)
    with pytest.raises(BadInput, match=r"can't settle|do not move"):
        fit_threshold(np.ones(2), np.ones(2), shape)


def test_an_unknown_shape_is_named() -> None:
    """With the ones there are."""
    with pytest.raises(BadInput, match="none, bilinear, ojive, step"):
        fit_threshold(np.arange(9.0), np.arange(9.0), "sigmoid")  # type: ignore[arg-type]


def test_many_values_are_thinned() -> None:
    """Ten thousand different values still take a moment only, and a bend is found all the same."""
    a, b = made(10_000, noise=1.0)
    assert fit_threshold(a, b, "bilinear").b.thresholds[0] == pytest.approx(-1, abs=0.35)
    assert len(fit_threshold(a, b, "ojive").b.thresholds) == 2
