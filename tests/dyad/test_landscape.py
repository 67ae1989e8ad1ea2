"""The two valleys are where the design says, by two methods, and what takes the trap away does."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.dyad.couples import SAFE, TRAP, TWO_VALLEYS
from toward import dyad
from toward.dyad import params
from toward.dyad.landscape import drift_of, jacobian


def newton(p: dyad.Parameters) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Zeros of the drift from a grid of starts, by Newton's method: a second way to the same points."""
    drift = drift_of(p)
    a, b = (axis.ravel().copy() for axis in np.meshgrid(np.linspace(0.0, 7.5, 24), np.linspace(0.0, 7.5, 24)))
    h = 1e-6
    for _ in range(60):
        fa, fb = drift(a, b)
        (aa, ba), (ab, bb) = (
            [
                (up - down) / (2 * h)
                for up, down in zip(drift(a + i * h, b + j * h), drift(a - i * h, b - j * h), strict=True)
            ]
            for i, j in ((1, 0), (0, 1))
        )
        det = aa * bb - ab * ba
        da, db = (bb * fa - ab * fb) / det, (aa * fb - ba * fa) / det
        size = np.minimum(1.0, 0.7 / np.maximum(np.hypot(da, db), 1e-12))
        a, b = a - size * da, b - size * db
    still = np.abs(np.stack(drift(a, b))).max(axis=0) < 1e-9
    points = np.unique(np.round(np.column_stack([a, b])[still], 5), axis=0)
    return points[np.argsort(-points.sum(axis=1))]


def test_the_design_s_couple_has_its_valleys() -> None:
    """Safe (4.85, 4.73), saddle (3.57, 3.52), trap (2.16, 2.07); a trap from g x .85, safety until g x 1.84."""
    told = dyad.tipping(TWO_VALLEYS)
    assert told.safe is not None
    assert told.saddle is not None
    assert told.trap is not None
    assert (told.safe.x_a, told.safe.x_b) == pytest.approx((4.85, 4.73), abs=0.02)
    assert (told.saddle.x_a, told.saddle.x_b) == pytest.approx((3.57, 3.52), abs=0.01)
    assert (told.trap.x_a, told.trap.x_b) == pytest.approx((2.16, 2.07), abs=0.015)
    assert told.trap_from == pytest.approx(0.85, abs=0.01)
    assert told.safe_until == pytest.approx(1.84, abs=0.01)
    assert math.isnan(told.in_trap)
    assert math.isnan(told.distance)


def test_a_fifth_of_shield_in_both_removes_the_trap() -> None:
    """S or N of .2 in both leaves one valley, and .14 does not; the listed change is just enough."""
    for shield, rests in ((0.2, 1), (0.14, 2)):
        points = dyad.equilibria(TWO_VALLEYS, shields=(shield, shield))
        assert sum(point.kind == "rest" for point in points) == rests
    changes = {change.what: change for change in dyad.tipping(TWO_VALLEYS).changes}
    assert changes["shield_both"].size == pytest.approx(0.149, abs=0.002)
    efforts = [change.effort for change in dyad.tipping(TWO_VALLEYS).changes]
    assert efforts == sorted(efforts)
    lifted = changes["set_points"].size
    up = TWO_VALLEYS._replace(m_a=TWO_VALLEYS.m_a + lifted + 1e-3, m_b=TWO_VALLEYS.m_b + lifted + 1e-3)
    assert dyad.tipping(up).trap is None


@settings(max_examples=12)
@given(st.floats(4.2, 5.6), st.floats(0.0, 0.4), st.floats(0.4, 4.0), st.floats(0.1, 0.6))
def test_two_methods_find_the_same_points(m: float, apart: float, g: float, k: float) -> None:
    """The scan and Newton's method agree on every equilibrium, and mirroring mirrors them."""
    p = dyad.TYPICAL._replace(m_a=m, m_b=m + apart, gw_a=g, gp_a=g, gw_b=g, gp_b=g, k=k)
    points = dyad.equilibria(p)
    assume(all(abs(point.rate) > 0.05 for point in points))
    here = np.array([(point.x_a, point.x_b) for point in points])
    other = newton(p)
    assert other.shape == here.shape
    assert np.abs(here - other).max() < 2e-5
    mirrored = np.array([(point.x_b, point.x_a) for point in dyad.equilibria(params.mirrored(p))])
    assert np.abs(here - mirrored).max() < 1e-8
    for point in points:
        rates = np.linalg.eigvals(jacobian(p, point.x_a, point.x_b)).real
        assert (rates.max() < 0) == (point.kind == "rest")


def test_basins_surround_their_valleys() -> None:
    """Near each rest the two drift to it; a couple without a bend has one basin."""
    here = dyad.basins(TWO_VALLEYS, points=25)
    at = [int(np.argmin(np.abs(here.x - value))) for value in (SAFE[0], TRAP[0])]
    assert not here.trapped[at[0], at[0]]
    assert here.trapped[at[1], at[1]]
    assert 0.2 < here.trapped.mean() < 0.5
    assert not dyad.basins(dyad.TYPICAL._replace(gw_a=0.2, gw_b=0.2, gp_a=0.2, gp_b=0.2), points=9).trapped.any()


def test_one_valley_is_named_for_where_it_is() -> None:
    """Strong coupling leaves only the trap, weak coupling only the safe place."""
    strong = dyad.tipping(TWO_VALLEYS._replace(gw_a=9.0, gp_a=9.0, gw_b=9.0, gp_b=9.0))
    assert strong.safe is None
    assert strong.trap is not None
    weak = dyad.tipping(TWO_VALLEYS._replace(gw_a=0.1, gp_a=0.1, gw_b=0.1, gp_b=0.1))
    assert weak.trap is None
    assert weak.changes == ()


def test_a_fit_knows_where_the_two_are() -> None:
    """A couple that sits in the trap is told to be in it, a safe one not."""
    deep = dyad.fit(dyad.simulate(TWO_VALLEYS, days=21, seed=11, start=TRAP).journal)
    safe = dyad.fit(dyad.simulate(TWO_VALLEYS, days=21, seed=12, start=SAFE).journal)
    assert dyad.tipping(deep).in_trap > 0.6
    assert dyad.tipping(safe).in_trap < 0.2
    assert dyad.tipping(deep).trap_model == deep.trap_probability
