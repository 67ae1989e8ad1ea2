"""Felt safety over the weeks: what the answers up to each time told of both, as bands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.catalogue import words
from toward.dyad.events import BOTH, CODES, A, Journal, chosen, journal, present
from toward.dyad.pictures.ink import STEPS
from toward.dyad.plan import ADVANCE, plan

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from toward.dyad.estimate import Fit
    from toward.dyad.pictures.ink import Ink

POINTS: Final = 240
NARROW, WIDE = 1.2816, 1.96
"""Standard deviations of the 80 and the 95 percent bands."""
MARKED: Final = ("conflict", "softening", "life_event", "practice", "touch")
ENDS: Final = (0.6, 7.4)
"""What is drawn of the scale, which is bounded softly: felt safety may be a little beyond the highest answer."""
CLOSE: Final = 1e-7
"""Two times this close, in days, are one."""


class Path(NamedTuple):
    """Felt safety at times: ``time_days`` float64[n], ``mean`` and ``sd`` float64[n, 2]."""

    time_days: NDArray[np.float64]
    mean: NDArray[np.float64]
    sd: NDArray[np.float64]


def path_of(fit: Fit, points: int = POINTS) -> Path:
    """Return what the answers up to each time told; at the last, with what is unsure of the couple itself.

    One pass of the filter: an entry that says nothing cuts the time between others where something is to be read.
    """
    from toward.dyad.params import checked
    from toward.dyad.simulation import kernel_theta
    from toward.dyad.value import likelihood

    known = present(fit.journal)
    times = np.linspace(known.time_days[0], known.time_days[-1], points)
    kept = chosen(known, known.kind != CODES["kept"])
    rows = zip(*(column.tolist() for column in kept), strict=True)
    silent = ((time, BOTH, CODES["kept"], 1.0) for time in np.unique(times).tolist())
    laid = plan(journal([*rows, *silent]), constants=fit.plan.constants)
    size = laid.code.size
    before, gained, final = np.empty((size, 5)), np.zeros(size), np.empty(5)
    theta = kernel_theta(checked(fit.mode))
    likelihood(theta, laid.code, laid.who, laid.work, laid.fixed, before, gained, final)
    going = np.append(np.flatnonzero(laid.code == ADVANCE), size)
    since = times[0] + np.concatenate([[0.0], np.cumsum(laid.work[going[:-1], 0])])
    # What stands before the time goes on holds all entries of that moment.
    then = np.vstack([before, final])[going[np.searchsorted(since, times - CLOSE).clip(max=going.size - 1)]]
    mean, sd = then[:, :2], np.sqrt(then[:, [2, 4]])
    mean[-1] = [fit.state.a.mean, fit.state.b.mean]
    sd[-1] = [fit.state.a.sd, fit.state.b.sd]
    return Path(times, mean, sd)


def draw_states(axes: Axes, fit: Fit, way: Path, partner: int, ink: Ink) -> None:
    """Draw one partner's felt safety with 80 and 95 percent bands, and their answers."""
    mean, sd, colour = way.mean[:, partner], way.sd[:, partner], ink.of(partner)
    for width, strength in ((WIDE, 0.13), (NARROW, 0.24)):
        low, high = np.clip(mean - width * sd, *ENDS), np.clip(mean + width * sd, *ENDS)
        axes.fill_between(way.time_days, low, high, color=colour, alpha=strength, linewidth=0)
    axes.plot(way.time_days, np.clip(mean, *ENDS), color=colour, linewidth=1.3, solid_capstyle="round")
    entries = fit.journal
    here = (entries.kind == CODES["checkin"]) & (entries.partner == partner) & ~np.isnan(entries.value)
    axes.scatter(
        entries.time_days[here],
        entries.value[here],
        s=13,
        marker="o" if partner == A else "D",
        facecolors=ink.paper,
        edgecolors=colour,
        linewidths=0.9,
        zorder=3,
    )
    letter = "ab"[partner]
    _along(axes, way, ink)
    axes.annotate(
        words(f"research.partner.{letter}"),
        (way.time_days[-1], float(np.clip(mean[-1], *ENDS))),
        xytext=(7, 0),
        textcoords="offset points",
        color=colour,
        va="center",
        fontsize=13,
        fontweight="bold",
        annotation_clip=False,
    )
    axes.set_ylim(*ENDS)
    axes.set_yticks([1, 4, 7], [words(f"research.scale.{place}") for place in ("low", "middle", "high")])
    for step in STEPS:
        axes.axhline(step, color=ink.line, linewidth=0.6, zorder=0)
    axes.set_xticks([])


def draw_happened(axes: Axes, entries: Journal, way: Path, ink: Ink) -> None:
    """Draw what happened: one row a kind, a tick an event, in the colour of whom it came from."""
    known = present(entries)
    kinds = [kind for kind in MARKED if (known.kind == CODES[kind]).any()]
    for row, kind in enumerate(kinds):
        here = known.kind == CODES[kind]
        for time, partner in zip(known.time_days[here], known.partner[here], strict=True):
            axes.plot([time, time], [-row - 0.28, -row + 0.28], color=ink.of(int(partner)), linewidth=1.8)
    axes.set_yticks([-row for row in range(len(kinds))], [words(f"research.event.{kind}") for kind in kinds])
    axes.set_ylim(-max(len(kinds), 1) + 0.4, 0.6)
    _along(axes, way, ink)
    axes.set_xlabel(words("research.days"))


def states_sentence(fit: Fit) -> str:
    """Say where the two are now, with 80 percent intervals."""
    a, b = fit.state
    spans = [f"{max(one.mean - NARROW * one.sd, 1):.1f}–{min(one.mean + NARROW * one.sd, 7):.1f}" for one in (a, b)]
    return words("research.states", a=f"{a.mean:.1f}", a_span=spans[0], b=f"{b.mean:.1f}", b_span=spans[1])


def _along(axes: Axes, way: Path, ink: Ink) -> None:
    start, end = float(way.time_days[0]), float(way.time_days[-1])
    axes.set_xlim(start, end if end > start else start + 1)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", labelcolor=ink.soft)
