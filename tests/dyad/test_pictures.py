"""Pictures: what they call out, what they shade, where they put it, and that the same fit gives the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

from tests.dyad.couples import TWO_VALLEYS, everything
from toward import dyad
from toward.catalogue import words
from toward.dyad.evidence import compare
from toward.dyad.landscape import trapped_now
from toward.dyad.pictures import sheet
from toward.dyad.pictures.effects import REACH, draw_effects, stands_out
from toward.dyad.pictures.ink import DARK, LIGHT, drawn, save
from toward.dyad.pictures.states import ENDS, Path, draw_happened, draw_states, path_of, states_sentence
from toward.dyad.pictures.valleys import chances, draw_valleys, either
from toward.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path as File

    from matplotlib.axes import Axes
    from matplotlib.collections import PolyCollection

    from toward.dyad.pictures.ink import Ink

STRONG = dyad.TYPICAL._replace(m_a=5, l_a=1, l_b=0.95, gw_a=2.9, gp_a=2.9, gw_b=2.7, gp_b=2.7)
FIT = dyad.fit(everything())


class Some(NamedTuple):
    """An effect."""

    mean: float
    low80: float
    high80: float
    low95: float
    high95: float
    shrinkage: float


SOFTER, BID = Some(0.4, 0.2, 0.6, 0.1, 0.7, 0.6), Some(-0.05, -0.2, 0.1, -0.3, 0.2, 0.1)


@pytest.fixture
def axes() -> Iterator[Axes]:
    """Empty axes by day."""
    with drawn(4, 3, LIGHT) as figure:
        yield figure.subplots()


def said(axes: Axes) -> list[str]:
    """Every word on some axes."""
    return [text.get_text() for text in axes.texts]


# -------------------------------------------------------------------------------------------- effects


@pytest.mark.parametrize(
    ("effect", "out"),
    [
        (SOFTER, True),
        (Some(-0.4, -0.6, -0.2, -0.7, -0.1, 0.6), True),
        (Some(0.4, -0.1, 0.6, -0.2, 0.7, 0.6), False),
        (Some(0.04, 0.02, 0.06, 0.01, 0.07, 0.6), False),
        (Some(0.4, 0.2, 0.6, 0.1, 0.7, 0.1), False),
    ],
)
def test_the_starting_guess_is_no_finding(effect: Some, out: bool) -> None:  # noqa: FBT001 - a case's answer
    """Called out is only what is clear of nothing, large enough to feel, and learnt."""
    assert stands_out(effect) is out


def test_effects_are_drawn_as_they_are(axes: Axes) -> None:
    """The most helpful on top, bars from end to end of their intervals, and how much of each is learnt."""
    draw_effects(axes, {"softening": SOFTER, "bid_a": BID}, LIGHT)
    bars = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in axes.patches]  # type: ignore[attr-defined]
    ends = [(one.low95, one.high95, one.low80, one.high80) for one in (BID, SOFTER)]
    assert np.array(bars).reshape(2, 4) == pytest.approx(np.array(ends))
    lower, upper = said(axes)[:2], said(axes)[2:]
    assert lower == [words("research.practice.bid_a"), f"-0.05   {words('research.learnt', n=10)}"]
    assert upper == [words("research.practice.softening"), f"+0.40   {words('research.learnt', n=60)}"]
    assert axes.get_title(loc="left") == words("research.effects", n=1)
    assert axes.get_xlim() == pytest.approx((-0.7 * 1.08, 0.7 * 1.08))


def test_small_effects_do_not_look_large(axes: Axes) -> None:
    """However little there is to see, the axis stays as wide as something that could be felt."""
    draw_effects(axes, {"touch": Some(0.01, 0.0, 0.02, -0.01, 0.03, -0.2)}, LIGHT)
    assert axes.get_xlim() == (-REACH, REACH)
    assert said(axes)[1] == f"+0.01   {words('research.learnt', n=0)}"
    assert axes.get_title(loc="left") == words("research.effects", n=0)


# --------------------------------------------------------------------------------------------- states


def test_a_path_is_what_the_filter_knew_then() -> None:
    """At each time the filter's own answer to the entries up to it; at the last, the fit's."""
    way, entries = path_of(FIT, 9), FIT.journal
    for time, mean, sd in zip(*(column[:-1] for column in way), strict=True):
        known = dyad.Journal(*(column[entries.time_days <= time] for column in entries))
        then = dyad.filter(FIT.mode, known, until=float(time))
        # A cut makes the filter's steps shorter, and so a little better, near the ends of the scale.
        assert mean == pytest.approx(then.mean_now, abs=0.04)
        assert sd == pytest.approx(np.sqrt(np.diag(then.covariance_now)), abs=0.04)
    assert way.mean[-1].tolist() == [FIT.state.a.mean, FIT.state.b.mean]
    assert way.sd[-1].tolist() == [FIT.state.a.sd, FIT.state.b.sd]
    assert way.time_days[[0, -1]].tolist() == entries.time_days[[0, -1]].tolist()


@pytest.mark.parametrize("partner", [0, 1])
def test_states_are_drawn_as_they_are(axes: Axes, partner: int) -> None:
    """Answers where they were given, the narrow band inside the wide one, neither far off the scale."""
    way = path_of(FIT, 9)
    way = way._replace(sd=way.sd + 2.0)
    draw_states(axes, FIT, way, partner, LIGHT)
    wide, narrow, answers = axes.collections
    entries = FIT.journal
    here = (entries.kind == 0) & (entries.partner == partner)
    given = np.column_stack([entries.time_days[here], entries.value[here]])
    assert np.asarray(answers.get_offsets()).tolist() == given.tolist()

    def heights(band: object) -> tuple[float, float]:
        corners: PolyCollection = band  # type: ignore[assignment]
        y = np.asarray(corners.get_paths()[0].vertices)[:, 1]
        return float(y.min()), float(y.max())

    assert heights(wide) == ENDS
    assert heights(wide)[0] <= heights(narrow)[0] < heights(narrow)[1] <= heights(wide)[1]
    assert said(axes) == [words(f"research.partner.{'ab'[partner]}")]


def test_what_happened_has_a_tick_and_a_row(axes: Axes) -> None:
    """One row a kind that there was, one tick an event, in the colour of whom it came from."""
    rows = [(1.0, "both", "conflict", 1.0), (2.0, "a", "softening", 1.0), (3.0, "b", "softening", 1.0)]
    entries = dyad.journal([*rows, (2.5, "a", "touch", float("nan"))])
    draw_happened(axes, entries, Path(np.array([0.0, 4.0]), np.zeros((2, 2)), np.ones((2, 2))), LIGHT)
    assert [tick.get_text() for tick in axes.get_yticklabels()] == [
        words("research.event.conflict"),
        words("research.event.softening"),
    ]
    ticks = [(line.get_xdata()[0], line.get_color()) for line in axes.lines]  # type: ignore[index]
    assert ticks == [(1.0, LIGHT.both), (2.0, LIGHT.a), (3.0, LIGHT.b)]
    assert axes.get_xlim() == (0.0, 4.0)


def test_a_single_moment_has_a_page() -> None:
    """One answer, or many at once, still has an axis of some length."""
    one = dyad.fit(dyad.journal([(3.0, "a", "checkin", 4), (3.0, "b", "checkin", 6)]))
    figure = sheet(one, {})
    assert figure.axes[0].get_xlim() == (3.0, 4.0)
    assert figure.axes[0].get_title(loc="left") == states_sentence(one)


# -------------------------------------------------------------------------------------------- valleys


def test_the_low_valley_is_shaded_where_it_is() -> None:
    """The two rests lie in their valleys; two draws that disagree leave it half open; one valley has no shade."""
    draws = np.array([STRONG, dyad.TYPICAL], dtype=np.float64)
    strong, typical, both = chances(draws[:1], 9), chances(draws[1:], 9), chances(draws, 9)
    assert strong.trapped[1, 1] == 1
    assert strong.trapped[-2, -2] == 0
    assert typical.trapped.max() == 0
    assert both.trapped[1, 1] == pytest.approx(0.5)


def test_both_models_are_shown_as_often_as_they_are_probable() -> None:
    """Draws of couples without and with a low valley, in the share that the answers give each."""
    two = compare(FIT.plan, FIT.priors, near=FIT.laplace)
    mode, draws = either(FIT, 40)
    strong = (draws[:, [dyad.Parameters._fields.index(name) for name in ("gw_a", "gp_a", "gw_b", "gp_b")]]).mean(axis=1)
    assert abs((strong > 1.4).sum() - round(40 * two.probability)) <= 4
    likelier = two.trapped if two.probability > 0.5 else two.calm
    assert np.log(mode.gw_a) == pytest.approx(likelier.z[dyad.Parameters._fields.index("gw_a")])


def test_a_fit_is_drawn_where_the_two_are(axes: Axes) -> None:
    """The word "now" stands at the state, ellipses hold 80 and 95 of 100 draws, and the sentence has both chances."""
    from matplotlib.patches import Ellipse

    draw_valleys(axes, FIT, LIGHT)
    assert axes.get_title(loc="left") == words(
        "research.valleys.fit", model=round(100 * FIT.trap_probability), now=round(100 * trapped_now(FIT).mean())
    )
    now = next(text for text in axes.texts if text.get_text() == words("research.now"))
    assert now.xy == (FIT.state.a.mean, FIT.state.b.mean)  # type: ignore[attr-defined]
    points = np.random.default_rng(1).multivariate_normal([now.xy[0], now.xy[1]], FIT.covariance_now, 4000)  # type: ignore[attr-defined]
    wide, narrow = (patch for patch in axes.patches if isinstance(patch, Ellipse))
    for ellipse, share in ((wide, 0.95), (narrow, 0.8)):
        inside = ellipse.get_patch_transform().inverted().transform(points)
        assert (np.hypot(*inside.T) <= 1).mean() == pytest.approx(share, abs=0.02)


def test_a_couple_without_answers_has_valleys_and_no_now(axes: Axes) -> None:
    """Two valleys have three names, one has one; near the edge "now" is written on the other side."""
    draw_valleys(axes, STRONG, LIGHT)
    assert said(axes) == [words(f"research.rest.{name}") for name in ("safe", "saddle", "trap")]
    assert axes.get_title(loc="left") == words("research.valleys.two")
    with drawn(4, 4, LIGHT) as figure:
        one = figure.subplots()
        draw_valleys(one, dyad.TYPICAL, LIGHT)
    assert said(one) == [words("research.rest.safe")]
    assert one.get_title(loc="left") == words("research.valleys.one")


@pytest.mark.parametrize("ink", [LIGHT, DARK])
def test_the_same_picture_is_the_same_bytes(tmp_path: File, ink: Ink) -> None:
    """No date and no chance in it, so that a page's images change only when the model does."""
    files = [tmp_path / f"{n}.svg" for n in (1, 2)]
    for file in files:
        with drawn(4, 4, ink) as figure:
            draw_valleys(figure.subplots(), STRONG, ink, tracks=[np.array([[2.0, 2], [5, 5]])])
            save(figure, file)
    assert files[0].read_bytes() == files[1].read_bytes()
    assert ink.both.encode() in files[0].read_bytes()


# ----------------------------------------------------------------------------------------------- page


def test_a_page_holds_all_of_a_fit() -> None:
    """Both partners, what happened, the valleys and the practices, each under its sentence."""
    figure = sheet(FIT, {"softening": SOFTER, "bid_a": BID}, DARK)
    first, second, third, fourth, fifth = figure.axes
    assert first.get_title(loc="left") == states_sentence(FIT)
    assert [said(first), said(second)] == [[words("research.partner.a")], [words("research.partner.b")]]
    assert third.get_xlabel() == words("research.days")
    assert words("research.now") in said(fourth)
    assert fifth.get_title(loc="left") == words("research.effects", n=1)
    assert figure.get_facecolor() == pytest.approx([int(DARK.paper[n : n + 2], 16) / 255 for n in (1, 3, 5)] + [1])


def test_a_page_of_nothing_says_so() -> None:
    """No answers, or only open ones: one sentence."""
    for rows in ([], [(0.0, "a", "checkin", float("nan"))]):
        figure = sheet(dyad.fit(dyad.journal(rows)), {})
        assert [text.get_text() for text in figure.texts] == [words("research.nothing")]


def test_the_sentence_keeps_to_the_scale() -> None:
    """An interval that goes beyond the scale ends where the scale ends."""
    high = FIT._replace(state=FIT.state._replace(a=FIT.state.a._replace(mean=6.8, sd=1.0)))
    assert "–7.0" in states_sentence(high)
    low = FIT._replace(state=FIT.state._replace(b=FIT.state.b._replace(mean=1.4, sd=1.0)))
    assert "1.0–" in states_sentence(low)


def test_now_near_the_edge_is_written_inwards(axes: Axes) -> None:
    """So that the word stays on the picture."""
    edge = dyad.fit(dyad.simulate(TWO_VALLEYS._replace(m_a=7.5, m_b=6.5), days=4, seed=1).journal)
    draw_valleys(axes, edge, LIGHT)
    now = next(text for text in axes.texts if text.get_text() == words("research.now"))
    assert (now.get_horizontalalignment() == "right") == (edge.state.a.mean > 6)
    assert edge.state.a.mean > 6


def test_another_ending_is_refused(tmp_path: File) -> None:
    """By name."""
    with drawn(1, 1, LIGHT) as figure, pytest.raises(BadInput, match=r"x\.gif: a picture ends in"):
        save(figure, tmp_path / "x.gif")
    assert LIGHT.of(2) == LIGHT.both
