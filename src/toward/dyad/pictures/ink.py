"""Colours and type: the ones of the pages, by day and by dusk."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from toward.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SUFFIXES: Final = (".svg", ".png", ".pdf")
STEPS: Final = range(1, 8)
SMALL: Final = 9.0
"""Points. Nothing is written smaller."""


class Ink(NamedTuple):
    """One set of colours."""

    paper: str
    card: str
    ink: str
    soft: str
    line: str
    a: str
    b: str
    both: str
    low: str

    def of(self, partner: int) -> str:
        """Return the colour of partner a (0), b (1) or both (2)."""
        return (self.a, self.b, self.both)[partner]


LIGHT: Final = Ink(
    "#faf6f0", "#fffdf9", "#2a2530", "#6d6472", "#e6dcd0", "#b4572a", "#2b6f78", "#7a5a86", low="#cfc4d3"
)
DARK: Final = Ink("#1b1820", "#24202b", "#f3ece3", "#b6aab5", "#3a3442", "#f0a276", "#7fc4c6", "#c7a8d3", low="#4b4056")


@contextmanager
def drawn(width: float, height: float, ink: Ink) -> Iterator[Figure]:
    """Yield an empty figure of so many inches in our colours; no window, no global state is left behind."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    style: Any = {
        "figure.facecolor": ink.paper,
        "axes.facecolor": ink.paper,
        "savefig.facecolor": ink.paper,
        "text.color": ink.ink,
        "axes.labelcolor": ink.soft,
        "axes.edgecolor": ink.line,
        "xtick.color": ink.soft,
        "ytick.color": ink.soft,
        "font.size": 10.5,
        "xtick.labelsize": SMALL,
        "ytick.labelsize": SMALL,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.8,
        "xtick.major.size": 0,
        "ytick.major.size": 0,
        "svg.hashsalt": "toward",
        "svg.fonttype": "path",
    }
    with mpl.rc_context(style):
        figure = Figure(figsize=(width, height), layout=ConstrainedLayoutEngine(h_pad=0.1, w_pad=0.2))
        FigureCanvasAgg(figure)
        yield figure


def headed(axes: Axes, sentence: str) -> None:
    """Say above the axes what they show, in one sentence."""
    axes.set_title(sentence, loc="left", fontsize=12.5, fontfamily="serif", pad=12)


def save(figure: Figure, path: Path) -> None:
    """Write a figure as SVG, PNG or PDF, by the ending of the name; the same figure gives the same bytes.

    Raises ``BadInput`` for another ending.
    """
    kind = path.suffix.casefold()
    if kind not in SUFFIXES:
        raise BadInput(f"{path.name}: a picture ends in {', '.join(SUFFIXES)}", field="out")
    undated = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(kind)
    figure.savefig(path, format=kind[1:], dpi=160, metadata=undated)
