"""The space of a drawing: where days, felt safety and words lie."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

HEIGHT: Final = 256
TOP: Final = 34.0
BOTTOM: Final = 204.0
"""Where 7 and 1 lie."""
SIDE: Final = 6.0
CHARACTER: Final = 7.2
"""A generous width of one character at 13.5 px."""
ABOVE: Final = 13.0
LINE_HEIGHT: Final = 17.0

Who = Literal["you", "them"]
Anchor = Literal["start", "middle", "end"]


class Spot(NamedTuple):
    """A place in the drawing."""

    x: float
    y: float


class Box(NamedTuple):
    """Where words lie."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether two boxes share any place."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


class Scale(NamedTuple):
    """From days (as ordinals) and felt safety to places."""

    first: int
    last: int
    width: int

    def x(self, ordinal: int) -> float:
        """Return where a day lies; a single day lies in the middle."""
        if self.first == self.last:
            return self.width / 2
        part = (ordinal - self.first) / (self.last - self.first)
        return round(SIDE + (self.width - 2 * SIDE) * part, 1)

    @staticmethod
    def y(felt: float) -> float:
        """Return where a felt safety lies, cut to 1 to 7."""
        return round(BOTTOM - (BOTTOM - TOP) * (min(max(felt, 1.0), 7.0) - 1) / 6, 1)


def box_of(spot: Spot, anchor: Anchor, text: str) -> Box:
    """Return where a text lies, a little larger than it is."""
    wide = len(text) * CHARACTER
    left = {"start": spot.x, "middle": spot.x - wide / 2, "end": spot.x - wide}[anchor]
    return Box(left, spot.y - ABOVE, left + wide, spot.y - ABOVE + LINE_HEIGHT)


def shorten(text: str, longest: int) -> str:
    """Return the text, cut with an ellipsis where it is longer."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def curve(spots: Sequence[Spot]) -> str:
    """Return a smooth path through all spots that rises and falls only where they do.

    Cubic Hermite; the slope in a spot is the harmonic mean of those beside it, and level at a turn (F. N. Fritsch and
    R. E. Carlson, SIAM Journal on Numerical Analysis 17, 1980).
    """
    slopes = [(there.y - here.y) / (there.x - here.x) for here, there in pairwise(spots)]
    inner = [2 * a * b / (a + b) if a * b > 0 else 0.0 for a, b in pairwise(slopes)]
    tangents = [slopes[0], *inner, slopes[-1]]
    path = [f"M{spots[0].x:g} {spots[0].y:g}"]
    for (here, there), (out, back) in zip(pairwise(spots), pairwise(tangents), strict=True):
        arm = (there.x - here.x) / 3
        path.append(
            f"C{here.x + arm:.5g} {here.y + arm * out:.5g} {there.x - arm:.5g} {there.y - arm * back:.5g}"
            f" {there.x:g} {there.y:g}"
        )
    return "".join(path)
