"""What goes together with better days: each practice with its 80 and 95 percent interval, widest doubt first to see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from toward.catalogue import words
from toward.dyad.pictures.ink import SMALL, headed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

    from toward.dyad.pictures.ink import Ink

REACH = 0.25
"""The axis shows at least so many steps on each side, so that nothing looks large for want of company."""
FELT = 0.1
"""Steps. Less than a tenth of one nobody feels."""
LEARNT = 0.25
"""Share of the starting guess's variance that answers have taken away."""


class Interval(Protocol):
    """The difference that a practice makes to the next seven days, in steps."""

    @property
    def mean(self) -> float:
        """Expected difference."""

    @property
    def low80(self) -> float:
        """Lower end of the 80 percent interval."""

    @property
    def high80(self) -> float:
        """Upper end of the 80 percent interval."""

    @property
    def low95(self) -> float:
        """Lower end of the 95 percent interval."""

    @property
    def high95(self) -> float:
        """Upper end of the 95 percent interval."""

    @property
    def shrinkage(self) -> float:
        """How much of it is learnt: 0 is still the starting guess."""


def stands_out(effect: Interval) -> bool:
    """Whether a practice's difference is clear of none, large enough to feel, and not mostly the starting guess.

    The starting guess alone puts most practices on one side of zero; that is no finding.
    """
    clear = effect.low80 > 0 or effect.high80 < 0
    return clear and abs(effect.mean) >= FELT and effect.shrinkage >= LEARNT


def draw_effects(axes: Axes, effects: Mapping[str, Interval], ink: Ink) -> None:
    """Draw one row a practice, the most helpful on top; the plain line in the middle is "no difference"."""
    rows = sorted(effects.items(), key=lambda item: item[1].mean)
    widest = max((max(-effect.low95, effect.high95) for _, effect in rows), default=REACH)
    reach = max(REACH, 1.08 * widest)
    axes.axvline(0, color=ink.soft, linewidth=1)
    for height, (name, effect) in enumerate(rows):
        axes.barh(height, effect.high95 - effect.low95, left=effect.low95, height=0.16, color=ink.both, alpha=0.25)
        axes.barh(height, effect.high80 - effect.low80, left=effect.low80, height=0.30, color=ink.both, alpha=0.45)
        axes.plot(effect.mean, height, "o", color=ink.both, markersize=6)
        axes.text(-reach, height + 0.27, words(f"research.practice.{name}"), va="bottom", fontsize=SMALL + 0.5)
        learnt = words("research.learnt", n=round(100 * min(max(effect.shrinkage, 0), 1)))
        axes.text(
            reach,
            height + 0.27,
            f"{effect.mean:+.2f}   {learnt}",
            ha="right",
            va="bottom",
            fontsize=SMALL + 0.5,
            color=ink.soft,
        )
    axes.set_xlim(-reach, reach)
    axes.set_ylim(-0.6, max(len(rows), 1) - 0.2)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(words("research.difference"))
    headed(axes, words("research.effects", n=sum(stands_out(effect) for _, effect in rows)))
