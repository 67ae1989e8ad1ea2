"""A page: states, landscape and effects of one fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.catalogue import words
from toward.dyad.events import A, B, present
from toward.dyad.pictures.effects import draw_effects
from toward.dyad.pictures.ink import LIGHT, drawn, headed
from toward.dyad.pictures.states import draw_happened, draw_states, path_of, states_sentence
from toward.dyad.pictures.valleys import draw_valleys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

    from toward.dyad.estimate import Fit
    from toward.dyad.pictures.effects import Interval
    from toward.dyad.pictures.ink import Ink

WIDTH = 8.4


def sheet(fit: Fit, effects: Mapping[str, Interval], ink: Ink = LIGHT) -> Figure:
    """Draw a whole page: felt safety over the weeks, the two valleys, and what goes together with better days."""
    if present(fit.journal).time_days.size == 0:
        return _empty(ink)
    way = path_of(fit)
    lower = max(1.6, 0.55 * len(effects) + 1.0)
    heights = [1.9, 1.9, 1.1, 6.6, lower]
    with drawn(WIDTH, sum(heights) + 1.6, ink) as figure:
        rows = figure.subplots(5, 1, height_ratios=heights)
        draw_states(rows[0], fit, way, A, ink)
        headed(rows[0], states_sentence(fit))
        draw_states(rows[1], fit, way, B, ink)
        draw_happened(rows[2], fit.journal, way, ink)
        draw_valleys(rows[3], fit, ink)
        draw_effects(rows[4], effects, ink)
        figure.draw_without_rendering()
    return figure


def _empty(ink: Ink) -> Figure:
    with drawn(WIDTH, 2.0, ink) as figure:
        figure.text(0.5, 0.5, words("research.nothing"), ha="center", va="center", color=ink.soft)
    return figure
