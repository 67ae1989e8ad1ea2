"""The landscape: where the two drift from each point, where they rest, and where they are now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.catalogue import words
from toward.dyad.params import CONSTANTS, Parameters
from toward.dyad.pictures.ink import SMALL, STEPS, headed
from toward.dyad.plan import fixed_array

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from toward.dyad.estimate import Fit
    from toward.dyad.landscape import Equilibrium
    from toward.dyad.pictures.ink import Ink

GRID: Final = 41
SHARP: Final = 121
"""Points a side: fewer where many draws blur the edge anyway."""
DRAWS: Final = 40
RECENT_DAYS: Final = 7.0


class Chance(NamedTuple):
    """``x`` float64[n] of both axes, ``trapped`` float64[n, n] by [a, b]: how probably the two drift low from there."""

    x: NDArray[np.float64]
    trapped: NDArray[np.float64]


def chances(draws: NDArray[np.float64], points: int = GRID) -> Chance:
    """Return where the two drift from each point, over draws float64[m, P] of the couple's parameters."""
    from toward.dyad.landscape import settle
    from toward.dyad.simulation import kernel_theta

    x = np.linspace(0.8, 7.2, points)
    grid = np.stack(np.meshgrid(x, x, indexing="ij"), axis=-1).reshape(-1, 2)
    starts = np.tile(grid, (len(draws), 1))
    theta = np.repeat(kernel_theta(draws), len(grid), axis=0)
    out = np.empty(len(starts), dtype=np.bool_)
    settle(starts, np.ascontiguousarray(theta), fixed_array(CONSTANTS), out)
    return Chance(x, out.reshape(len(draws), points, points).mean(axis=0))


def either(fit: Fit, draws: int = DRAWS) -> tuple[Parameters, NDArray[np.float64]]:
    """Return the likelier of the couple without and with a trap, and draws of both as often as they are probable.

    One broad posterior would show neither: it shrinks strong traps away.
    """
    from toward.dyad.evidence import compare
    from toward.dyad.params import named, natural

    two = compare(fit.plan, fit.priors, near=fit.laplace)
    luck, deep = np.random.default_rng(0), round(draws * two.probability)
    parts = [
        luck.multivariate_normal(model.z, model.z_covariance, count, method="eigh")
        for model, count in ((two.calm, draws - deep), (two.trapped, deep))
    ]
    likelier = two.trapped if two.probability > 0.5 else two.calm  # noqa: PLR2004 - as likely as not
    return named(natural(likelier.z)), natural(np.concatenate(parts))


def draw_valleys(axes: Axes, couple: Fit | Parameters, ink: Ink, *, tracks: Sequence[NDArray[np.float64]] = ()) -> None:
    """Draw the plane of both partners' felt safety: the low valley shaded by how probable it is, rests, and now.

    For bare parameters the valleys are sharp and there is no now. ``tracks`` float64[n, 2] each are drawn on top.
    """
    from toward.dyad.estimate import Fit
    from toward.dyad.landscape import equilibria

    if isinstance(couple, Fit):
        fitted, (mode, draws) = couple, either(couple)
    else:
        fitted, mode, draws = None, couple, np.array([couple], dtype=np.float64)
    chance, found = chances(draws, GRID if len(draws) > 1 else SHARP), equilibria(mode)
    _shade(axes, chance, ink)
    _flow(axes, mode, ink)
    _rests(axes, found, ink)
    for track in tracks:
        axes.plot(track[:, 0], track[:, 1], color=ink.both, linewidth=1.3, alpha=0.9)
        axes.plot(*track[0], "o", color=ink.paper, markeredgecolor=ink.both, markersize=6, zorder=5)
        axes.plot(*track[-1], "o", color=ink.both, markersize=6, zorder=5)
    if fitted is not None:
        _now(axes, fitted, ink)
    axes.set_xlim(0.8, 7.2)
    axes.set_ylim(0.8, 7.2)
    axes.set_aspect("equal")
    axes.set_xticks(list(STEPS))
    axes.set_yticks(list(STEPS))
    axes.set_xlabel(words("research.axis.a"), color=ink.a)
    axes.set_ylabel(words("research.axis.b"), color=ink.b)
    headed(axes, _sentence(found, fitted))


def _sentence(found: Sequence[Equilibrium], fit: Fit | None) -> str:
    from toward.dyad.landscape import trapped_now

    if fit is None:
        rests = sum(point.kind == "rest" for point in found)
        return words("research.valleys.two" if rests > 1 else "research.valleys.one")
    low = float(trapped_now(fit).mean())
    return words("research.valleys.fit", model=round(100 * fit.trap_probability), now=round(100 * low))


def _shade(axes: Axes, chance: Chance, ink: Ink) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    shades = LinearSegmentedColormap.from_list("valleys", [ink.card, ink.low])
    axes.contourf(
        chance.x,
        chance.x,
        chance.trapped.T,
        levels=np.linspace(0, 1, 11),
        cmap=shades,
        vmin=0,
        vmax=1,
        antialiased=True,
    )
    if chance.trapped.min() < 0.5 < chance.trapped.max():  # noqa: PLR2004 - as likely as not
        axes.contour(
            chance.x, chance.x, chance.trapped.T, levels=[0.5], colors=[ink.soft], linewidths=1, linestyles="--"
        )


def _flow(axes: Axes, mode: Parameters, ink: Ink) -> None:
    from toward.dyad.landscape import drift_of

    x = np.linspace(0.9, 7.1, 30)
    a, b = np.meshgrid(x, x)
    da, db = drift_of(mode)(a, b)
    axes.streamplot(x, x, np.asarray(da), np.asarray(db), color=ink.soft, linewidth=0.55, arrowsize=0.7, density=0.75)
    for patch in (*axes.collections[-1:], *axes.patches):
        patch.set_alpha(0.55)


def _rests(axes: Axes, found: Sequence[Equilibrium], ink: Ink) -> None:
    for point in found:
        if point.kind == "other" or not (1 <= point.x_a <= 7 and 1 <= point.x_b <= 7):  # noqa: PLR2004 - the scale
            continue
        low = point.x_a + point.x_b < 2 * CONSTANTS.threat_at
        name = "saddle" if point.kind == "saddle" else "trap" if low else "safe"
        axes.plot(
            point.x_a,
            point.x_b,
            marker="o" if name != "saddle" else "x",
            color=ink.ink,
            markersize=8 if name != "saddle" else 7,
            markeredgewidth=1.6,
            zorder=4,
        )
        below = name != "safe"
        axes.annotate(
            words(f"research.rest.{name}"),
            (point.x_a, point.x_b),
            xytext=(9, -13 if below else 9),
            textcoords="offset points",
            fontsize=SMALL + 0.5,
            bbox={"boxstyle": "round,pad=0.2", "facecolor": ink.paper, "edgecolor": "none", "alpha": 0.75},
            zorder=6,
        )


def _now(axes: Axes, fit: Fit, ink: Ink) -> None:
    """Draw where the two are now: 80 and 95 percent ellipses, and the way of the last two weeks."""
    from matplotlib.patches import Ellipse

    from toward.dyad.pictures.states import path_of

    if fit.journal.time_days.size:
        way = path_of(fit, 120)
        late = way.mean[way.time_days >= way.time_days[-1] - RECENT_DAYS]
        for place in range(len(late) - 1):
            axes.plot(*late[place : place + 2].T, color=ink.both, linewidth=1.2, alpha=0.15 + 0.75 * place / len(late))
    values, vectors = np.linalg.eigh(fit.covariance_now)
    angle = float(np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1])))
    centre = (fit.state.a.mean, fit.state.b.mean)
    for scale, strength in ((5.991, 0.18), (3.219, 0.30)):  # chi-squared of two, 95 and 80 percent
        size = 2 * np.sqrt(scale * np.maximum(values, 0))
        axes.add_patch(
            Ellipse(centre, size[1], size[0], angle=angle, color=ink.both, alpha=strength, linewidth=0, zorder=3)
        )
    axes.plot(*centre, "o", color=ink.both, markersize=7, zorder=5)
    right = centre[0] > 6  # noqa: PLR2004 - near the edge the word goes to the other side
    axes.annotate(
        words("research.now"),
        centre,
        xytext=(-9 if right else 9, 3),
        textcoords="offset points",
        ha="right" if right else "left",
        color=ink.both,
        fontweight="bold",
        zorder=6,
    )
