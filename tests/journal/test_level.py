"""The smoother against the plain answer: conditioning one big Gaussian."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toward.journal.projections import DayFelt
from toward.journal.projections.level import START_MEAN, START_VAR, Smoothed, smooth, smooth_level

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST = date(2024, 1, 1)
SEEN = st.lists(st.none() | st.floats(1, 7), min_size=1, max_size=25).filter(
    lambda days: any(day is not None for day in days)
)
VARIANCES = st.sampled_from([0.01, 0.1, 1.0])


def by_brute_force(seen: list[float | None], step_var: float, noise_var: float) -> Smoothed:
    """Condition the joint Gaussian of all days on the ones that were seen."""
    number = np.arange(len(seen))
    prior = START_VAR + step_var * np.minimum.outer(number, number)
    at = [day for day, felt in enumerate(seen) if felt is not None]
    felt = np.array([value for value in seen if value is not None]) - START_MEAN
    spread = prior[np.ix_(at, at)] + noise_var * np.eye(len(at))
    gain = np.linalg.solve(spread, prior[at]).T
    mean = START_MEAN + gain @ felt
    cov = prior - gain @ prior[at]
    change_var = cov[0, 0] + cov[-1, -1] - 2 * cov[0, -1]
    log_weight = -0.5 * (len(at) * math.log(2 * math.pi) + np.linalg.slogdet(spread)[1])
    log_weight -= 0.5 * felt @ np.linalg.solve(spread, felt)
    return Smoothed(list(mean), list(np.diag(cov)), float(change_var), float(log_weight))


@given(SEEN, VARIANCES, VARIANCES)
def test_smoothing_is_conditioning(seen: list[float | None], step_var: float, noise_var: float) -> None:
    """Means, variances and the variance of the change are those of the big Gaussian."""
    ours, plain = smooth(seen, step_var, noise_var), by_brute_force(seen, step_var, noise_var)
    assert ours.mean == pytest.approx(plain.mean)
    assert ours.var == pytest.approx(plain.var)
    assert ours.change_var == pytest.approx(plain.change_var, abs=1e-9)


@given(SEEN, SEEN, VARIANCES, VARIANCES)
def test_the_weight_is_the_likelihood(
    one: list[float | None], other: list[float | None], step_var: float, noise_var: float
) -> None:
    """Two records differ in weight as they differ in likelihood; the prior is the same for both."""
    ours = smooth(one, step_var, noise_var).log_weight - smooth(other, step_var, noise_var).log_weight
    plain = by_brute_force(one, step_var, noise_var).log_weight - by_brute_force(other, step_var, noise_var).log_weight
    assert ours == pytest.approx(plain, abs=1e-6)


def days(values: Sequence[float | None]) -> list[DayFelt]:
    """Return days from the first on."""
    return [DayFelt(FIRST + timedelta(days=n), felt, 1) for n, felt in enumerate(values) if felt is not None]


@given(st.lists(st.integers(1, 7), min_size=2, max_size=40))
def test_backwards_is_the_same_line_mirrored(felt: list[int]) -> None:
    """Time has no side but for the mild belief about the first day: read backwards, the level is the mirror image."""
    there, back = smooth_level(days(list(felt))), smooth_level(days(list(reversed(felt))))
    assert there.mean == pytest.approx(back.mean[::-1], abs=0.4)
    assert there.change == pytest.approx(-back.change, abs=0.6)


def test_it_is_least_sure_where_nobody_looked() -> None:
    """The band widens over a gap and is widest in its middle."""
    level = smooth_level(days([4, 4, 5, *[None] * 20, 4, 5, 4]))
    gap = level.sd[3:-3]
    assert max(gap) == max(level.sd)
    assert gap.index(max(gap)) in {8, 9, 10, 11}


@pytest.mark.parametrize(("low", "high"), [(2, 5), (3, 6)])
def test_it_finds_a_change_that_is_there(low: int, high: int) -> None:
    """Three weeks low, three weeks high: the change is found, and surely."""
    level = smooth_level(days([low] * 21 + [high] * 21))
    assert level.change == pytest.approx(high - low, abs=0.7)
    assert level.change > 3 * level.change_sd


def test_the_band_covers_what_it_says() -> None:
    """On simulated lives of the model's own kind, 80 % bands hold the true level about 80 % of the time."""
    rng = np.random.default_rng(7)
    inside = []
    for _ in range(60):
        truth = np.clip(4 + np.cumsum(rng.normal(0, 0.25, 60)), 1, 7)
        noisy = truth + rng.normal(0, 0.8, 60)
        seen: list[float | None] = [float(y) if rng.random() < 0.6 else None for y in noisy]
        seen[0], seen[-1] = float(noisy[0]), float(noisy[-1])
        level = smooth_level(days(seen))
        inside += list(np.abs(truth - np.array(level.mean)) < 1.2816 * np.array(level.sd))
    assert 0.74 < np.mean(inside) < 0.88
