"""Pictures of one heart and of two: a sentence first, bands before lines, names on the lines themselves.

Matplotlib without a screen and without its global state. Every word in a picture is handed in, as this room has none
of its own.
"""

from __future__ import annotations

import logging
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from toward.errors import BadInput
from toward.heart.recording import BEAT_KINDS, ECTOPIC, EXTRA, NORMAL, Beats

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from toward.heart.recording import Summary
    from toward.heart.together import Pair, Stretch
    from toward.heart.together.profile import LagProfile

    Floats = NDArray[np.float64]

ENDINGS: Final = (".svg", ".png")


class Ink(NamedTuple):
    """One set of colours, those of the pages: a name alone is a line, tint a ground, ink the words."""

    paper: str
    card: str
    ink: str
    soft: str
    line: str
    you: tuple[str, str, str]
    """Line, tint, ink."""
    them: tuple[str, str, str]
    both: tuple[str, str, str]


PAPER: Final = Ink(
    paper="#faf6f0",
    card="#fffdf9",
    ink="#2a2530",
    soft="#645b69",
    line="#e6dcd0",
    you=("#b4572a", "#f6dfcf", "#8a3d18"),
    them=("#2b6f78", "#d3e7e6", "#1d5a63"),
    both=("#7a5a86", "#ece2ef", "#634570"),
)
DUSK: Final = Ink(
    paper="#1b1820",
    card="#24202b",
    ink="#f3ece3",
    soft="#b6aab5",
    line="#3a3442",
    you=("#f0a276", "#4a2f22", "#f6c3a4"),
    them=("#7fc4c6", "#1f4145", "#a9dcdd"),
    both=("#c7a8d3", "#3a2f42", "#dcc6e4"),
)

_SERIF: Final = ["Newsreader", "Georgia", "DejaVu Serif"]
_SANS: Final = ["Atkinson Hyperlegible Next", "Atkinson Hyperlegible", "DejaVu Sans"]


def beats_of_summary(summary: Summary) -> Beats:
    """The beats that a summary lists, as a recording: times, kinds and gaps."""
    kinds = np.array([BEAT_KINDS.index(kind) for kind in summary.beat_kinds], np.int8)
    return Beats(np.asarray(summary.beat_times_s, np.float64), kinds, np.asarray(summary.gaps_s).reshape(-1, 2))


def draw_one(summary: Summary, path: Path, *, title: str, says: Mapping[str, str], ink: Ink = PAPER) -> None:
    """Draw one heart's rate over time: the usual range of each half minute as a band, the rate as a line.

    says: "rate", "minutes" and "early", the words on the picture; early beats are ticks below. Stretches nobody heard
    stay empty. Writes SVG or PNG, by the ending of *path*. Raises ``BadInput`` for another ending.
    """
    from toward.heart.together.pairing import rate_on

    figure, (axes,) = _sheet(path, title, [1.0], 4.2, ink)
    beats = beats_of_summary(summary)
    clock = np.arange(0, max(summary.duration_s, 1.0), 0.25)
    # An early beat is a beat of the pulse, though not of the rhythm: the picture shows the pulse.
    pulse = beats._replace(kind=np.where(beats.kind == EXTRA, EXTRA, NORMAL).astype(np.int8))
    rate = rate_on(pulse, clock) if beats.time_s.size > 1 else np.full(clock.size, np.nan)
    _heart(axes, clock, rate, ink.you)
    early = beats.time_s[beats.kind == ECTOPIC] / 60
    if early.size:
        low, high = axes.get_ylim()
        axes.set_ylim(low - 0.08 * (high - low), high)
        level = np.full(early.size, low - 0.03 * (high - low))
        # So many that they would run into one another get fainter, and where there are more is still seen.
        shade = float(np.clip(250 / early.size, 0.1, 0.8))
        axes.plot(early, level, "|", color=ink.both[0], markersize=6, markeredgewidth=0.8, alpha=shade)
        axes.annotate(
            says["early"],
            (early[-1], level[-1]),
            (6, 0),
            textcoords="offset points",
            color=ink.both[2],
            va="center",
            size=9,
        )
    _name_axes(axes, says["minutes"], says["rate"], ink)
    _save(figure, path)


def draw_two(
    pair: Pair,
    profile: LagProfile | None,
    stretches: Sequence[Stretch],
    path: Path,
    *,
    title: str,
    says: Mapping[str, str],
    ink: Ink = PAPER,
) -> None:
    """Draw two hearts over time, shaded where they moved together; and how alike they are at each lag, beside chance.

    says: "first", "second", "rate", "minutes", "seconds", "alike", "strangers", "together", "first_first",
    "second_first". profile: see `toward.heart.together.profile.lag_profile`; None leaves the lower picture out.
    Raises as `draw_one` does.
    """
    shares = [1.0] if profile is None else [1.6, 1.0]
    figure, sheets = _sheet(path, title, shares, 4.2 if profile is None else 6.6, ink)
    top = sheets[0]
    clock = np.arange(pair.a.size) / pair.rate_hz
    for stretch in stretches:
        top.axvspan(stretch.from_s / 60, stretch.to_s / 60, color=ink.both[1], linewidth=0, zorder=0)
    named: list[tuple[Floats, str, str]] = []
    for rate, hue, name in ((pair.a, ink.you, says["first"]), (pair.b, ink.them, says["second"])):
        _heart(top, clock, rate, hue)
        named.append((rate, name, hue[2]))
    _name_lines(top, clock / 60, named)
    if stretches:
        top.annotate(
            says["together"],
            ((stretches[0].from_s + stretches[0].to_s) / 120, 1.0),
            (0, -4),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            color=ink.both[2],
            ha="center",
            va="top",
            size=9,
        )
    _name_axes(top, says["minutes"], says["rate"], ink)
    if profile is not None:
        _lags(sheets[1], profile, says, ink)
    _save(figure, path)


def _lags(axes: Any, profile: LagProfile, says: Mapping[str, str], ink: Ink) -> None:  # noqa: ANN401 - matplotlib's
    axes.fill_between(profile.lag_s, profile.low, profile.high, color=ink.line, linewidth=0, zorder=1)
    axes.axhline(0, color=ink.soft, linewidth=0.6, zorder=2)
    axes.axvline(0, color=ink.soft, linewidth=0.6, zorder=2)
    axes.plot(profile.lag_s, profile.r, color=ink.both[0], linewidth=2.2, zorder=3, solid_capstyle="round")
    best = int(np.nanargmax(np.abs(profile.r)))
    axes.plot(
        profile.lag_s[best], profile.r[best], "o", color=ink.both[0], markersize=7, markeredgecolor=ink.card, zorder=4
    )
    axes.annotate(
        fill(says["strangers"], 16),
        (profile.lag_s[-1], 0),
        (7, 0),
        textcoords="offset points",
        color=ink.soft,
        size=9,
        va="center",
        annotation_clip=False,
    )
    reach = 1.25 * max(float(np.nanmax(np.abs(profile.r))), float(np.nanmax(profile.high)), 0.05)
    axes.set_ylim(-reach, reach)
    axes.set_xlim(profile.lag_s[0], profile.lag_s[-1])
    for place, side, name, colour in (
        (0.0, "left", "second_first", ink.them[2]),
        (1.0, "right", "first_first", ink.you[2]),
    ):
        axes.annotate(
            says[name],
            (place, 1.0),
            (6 if side == "left" else -6, -4),
            xycoords="axes fraction",
            textcoords="offset points",
            color=colour,
            ha=side,
            va="top",
            size=9,
        )
    _name_axes(axes, says["seconds"], says["alike"], ink)


def _heart(axes: Any, clock_s: Floats, rate: Floats, hue: tuple[str, str, str]) -> None:  # noqa: ANN401 - matplotlib's
    """The middle 80 % of each half minute as a band; on it the rate itself, or its median in a long recording."""
    if clock_s.size < 2 or np.isnan(rate).all():  # noqa: PLR2004 - a line has two ends
        return
    colour, soft, _ = hue
    step_s = float(clock_s[1] - clock_s[0])
    piece = max(1, round(max(30.0, clock_s[-1] / 120) / step_s))
    count = -(-rate.size // piece)
    padded = np.full(count * piece, np.nan)
    padded[: rate.size] = rate
    pieces = padded.reshape(count, piece)
    known = np.count_nonzero(~np.isnan(pieces), axis=1) >= piece // 3
    low, middle, high = (np.full(count, np.nan) for _ in range(3))
    low[known], middle[known], high[known] = np.nanpercentile(pieces[known], [10, 50, 90], axis=1)
    centre = np.minimum((np.arange(count) + 0.5) * piece * step_s, clock_s[-1]) / 60
    axes.fill_between(centre, low, high, color=soft, linewidth=0, zorder=1, alpha=0.85)
    if clock_s[-1] > LONG_S:
        axes.plot(centre, middle, color=colour, linewidth=1.8, zorder=3, solid_capstyle="round")
    else:
        axes.plot(clock_s / 60, rate, color=colour, linewidth=0.7, alpha=0.5, zorder=2, solid_joinstyle="round")
        axes.plot(clock_s / 60, _smooth(rate, round(SMOOTH_S / step_s)), color=colour, linewidth=2, zorder=3)
    axes.set_xlim(0, clock_s[-1] / 60)


def _smooth(rate: Floats, width: int) -> Floats:
    """Mean over *width* samples around each, of those that are known; a gap stays one."""
    known = ~np.isnan(rate)
    ones = np.ones(max(1, min(width, rate.size)))
    total = np.convolve(np.where(known, rate, 0.0), ones, "same")
    count = np.convolve(known.astype(np.float64), ones, "same")
    return np.where(known, total / np.maximum(count, 1), np.nan)


LONG_S: Final = 1200.0
SMOOTH_S: Final = 6.0
NAME_SHARE: Final = 0.09
"""Of a picture's height, what one line of words takes."""


def _name_lines(axes: Any, x: Floats, lines: Sequence[tuple[Floats, str, str]]) -> None:  # noqa: ANN401 - matplotlib's
    """Names where lines end, in their colours, no two upon one another. lines: rate, name, colour of each."""
    ends: list[tuple[float, float, str, str]] = []
    for y, name, colour in lines:
        known = np.flatnonzero(~np.isnan(y))
        if known.size:
            # A long recording's line ends at the middle of its last piece.
            tail = 40 if x[-1] * 60 <= LONG_S else y.size // 60
            ends.append((float(np.median(y[known[-min(known.size, tail) :]])), float(x[known[-1]]), name, colour))
    ends.sort()
    low, high = axes.get_ylim()
    lacking = NAME_SHARE * (high - low) - (ends[1][0] - ends[0][0]) if len(ends) > 1 else 0.0
    for i, (level, at, name, colour) in enumerate(ends):
        moved = max(0.0, lacking) * (i - 0.5)
        axes.annotate(
            name, (at, level + moved), (7, 0), textcoords="offset points", color=colour, va="center",
            size=10, weight="bold", annotation_clip=False,
        )  # fmt: skip


def _sheet(path: Path, title: str, shares: list[float], height: float, ink: Ink) -> tuple[Any, list[Any]]:
    if path.suffix.lower() not in ENDINGS:
        raise BadInput("A picture's name ends in .svg or .png.", field="plot", reason="ending")
    # A face that isn't on this machine is no news: the next in the list is taken, and a browser has its own.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    space = ConstrainedLayoutEngine(w_pad=0.25, h_pad=0.16, hspace=0.08)
    figure = Figure(figsize=(8.4, height), facecolor=ink.paper, layout=space)
    sheets = list(np.atleast_1d(figure.subplots(len(shares), 1, gridspec_kw={"height_ratios": shares})))
    figure.suptitle(title, x=0.03, ha="left", color=ink.ink, size=14, family=_SERIF, wrap=True)
    for axes in sheets:
        axes.set_facecolor(ink.card)
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(ink.line)
        axes.tick_params(colors=ink.soft, labelsize=9, length=0, pad=5)
        axes.grid(axis="y", color=ink.line, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.margins(x=0, y=0.08)
    return figure, sheets


def _name_axes(axes: Any, below: str, beside: str, ink: Ink) -> None:  # noqa: ANN401 - matplotlib's
    """Names lie flat where reading starts, and not on their side."""
    axes.set_xlabel(below, color=ink.soft, size=9, loc="right")
    axes.set_title(beside, color=ink.soft, size=9, loc="left", pad=6)
    for text in (*axes.get_xticklabels(), *axes.get_yticklabels(), axes.xaxis.label, axes.title, *axes.texts):
        text.set_family(_SANS)
    axes.title.set_family(_SANS)


def _save(figure: Any, path: Path) -> None:  # noqa: ANN401 - matplotlib's
    from matplotlib import rc_context

    # Text stays text in an SVG, to be read aloud and found; no date, so that the same heart is the same file.
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "toward"}):
        metadata = {"Date": None} if path.suffix.lower() == ".svg" else {}
        figure.savefig(path, dpi=160, metadata=metadata, facecolor=figure.get_facecolor())
