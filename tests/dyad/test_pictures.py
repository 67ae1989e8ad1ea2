"""Pictures: what they call out, what they shade, and that the same fit gives the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

from toward import dyad
from toward.dyad.pictures.effects import stands_out
from toward.dyad.pictures.ink import DARK, LIGHT, drawn, save
from toward.dyad.pictures.states import path_of
from toward.dyad.pictures.valleys import chances, draw_valleys
from toward.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

    from toward.dyad.pictures.ink import Ink

STRONG = dyad.TYPICAL._replace(m_a=5, l_a=1, l_b=0.95, gw_a=2.9, gp_a=2.9, gw_b=2.7, gp_b=2.7)


class Some(NamedTuple):
    """An effect."""

    mean: float
    low80: float
    high80: float
    low95: float
    high95: float
    shrinkage: float


@pytest.mark.parametrize(
    ("effect", "said"),
    [
        (Some(0.4, 0.2, 0.6, 0.1, 0.7, 0.6), True),
        (Some(-0.4, -0.6, -0.2, -0.7, -0.1, 0.6), True),
        (Some(0.4, -0.1, 0.6, -0.2, 0.7, 0.6), False),
        (Some(0.04, 0.02, 0.06, 0.01, 0.07, 0.6), False),
        (Some(0.4, 0.2, 0.6, 0.1, 0.7, 0.1), False),
    ],
)
def test_the_starting_guess_is_no_finding(effect: Some, said: bool) -> None:  # noqa: FBT001 - a case's answer
    """Called out is only what is clear of nothing, large enough to feel, and learnt."""
    assert stands_out(effect) is said


def test_the_low_valley_is_shaded_where_it_is() -> None:
    """The two rests lie in their valleys; two draws that disagree leave it half open; one valley has no shade."""
    draws = np.array([STRONG, dyad.TYPICAL], dtype=np.float64)
    strong, typical, both = chances(draws[:1], 9), chances(draws[1:], 9), chances(draws, 9)
    assert strong.trapped[1, 1] == 1
    assert strong.trapped[-2, -2] == 0
    assert typical.trapped.max() == 0
    assert both.trapped[1, 1] == pytest.approx(0.5)


def test_a_path_ends_where_the_fit_says() -> None:
    """And its band is never narrower than nothing."""
    fit = dyad.fit(dyad.simulate(days=8, seed=2).journal)
    way = path_of(fit, 12)
    assert way.mean[-1].tolist() == [fit.state.a.mean, fit.state.b.mean]
    assert (way.sd > 0).all()
    assert way.time_days[[0, -1]].tolist() == [fit.journal.time_days[0], fit.journal.time_days[-1]]


@pytest.mark.parametrize("ink", [LIGHT, DARK])
def test_the_same_picture_is_the_same_bytes(tmp_path: Path, ink: Ink) -> None:
    """No date and no chance in it, so that a page's images change only when the model does."""
    files = [tmp_path / f"{n}.svg" for n in (1, 2)]
    for file in files:
        with drawn(4, 4, ink) as figure:
            draw_valleys(figure.subplots(), STRONG, ink, tracks=[np.array([[2.0, 2], [5, 5]])])
            save(figure, file)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_another_ending_is_refused(tmp_path: Path) -> None:
    """By name."""
    with drawn(1, 1, LIGHT) as figure, pytest.raises(BadInput, match=r"x\.gif: a picture ends in"):
        save(figure, tmp_path / "x.gif")
