"""The dance, to play with: a simulation of two made-up people, marked as one. It knows nobody and keeps nothing."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, NamedTuple

from toward.web.page import Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context
    from toward.web.valleys import Scene, Two


class Drawn(NamedTuple):
    """A scene as its picture: the land's outline, and where each of the two begins and ends."""

    key: str
    ridge: str
    begin: tuple[tuple[str, str], tuple[str, str]]
    end: tuple[tuple[str, str], tuple[str, str]]


def _draw(scene: Scene) -> Drawn:
    from toward.web.valleys import GRID, heights

    found = heights(scene.land)
    gap = GRID[1] - GRID[0]

    def across(x: float) -> str:
        return f"{20 + (x - GRID[0]) * 320 / 4.8:.1f}"

    def up(height: float) -> float:
        return 180 - 150 * (1 - exp(-height / 0.9))

    def ball(x: float) -> tuple[str, str]:
        x = min(GRID[-1], max(GRID[0], x))
        i = min(len(GRID) - 2, int((x - GRID[0]) / gap))
        part = (x - GRID[i]) / gap
        return across(x), f"{up(found[i] * (1 - part) + found[i + 1] * part) - 9:.1f}"

    def both(two: Two) -> tuple[tuple[str, str], tuple[str, str]]:
        return ball(two.one), ball(two.other)

    ridge = "L".join(f"{across(x)} {up(height):.1f}" for x, height in zip(GRID, found, strict=True))
    return Drawn(scene.key, ridge, both(scene.before), both(scene.after))


def get(ctx: Context) -> Response:
    """Show the pictures; where there is a script, the first of them can be played with."""
    from toward.web.valleys import series

    return ctx.render("ours/play.html", scenes=[_draw(scene) for scene in series()])


PAGE = Page("/ours/play", get=get)
