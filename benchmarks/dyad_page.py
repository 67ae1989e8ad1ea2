"""Measure and draw what ``docs/model.md`` shows: ``python -m benchmarks.dyad_page [COUPLES]`` (some minutes).

Couples are drawn from the model's own priors, half of them with strong coupling, so that what is measured is what the
model can tell where it is right; about people it proves nothing.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from toward import dyad
from toward.dyad import pictures
from toward.dyad.evidence import CALM, TRAPPED
from toward.dyad.params import ROOTS
from toward.dyad.pictures.ink import LIGHT, SMALL, drawn, headed
from toward.dyad.pictures.valleys import draw_valleys

IMAGES = Path(__file__).parents[1] / "docs" / "images"
WEEKS = (1, 3, 8)
STRONG = dyad.TYPICAL._replace(m_a=5, l_a=1, l_b=0.95, gw_a=2.9, gp_a=2.9, gw_b=2.7, gp_b=2.7)
"""A couple with two valleys."""
WIDTHS = (0.6745, 1.2816, 1.96)
SHOWN = ("m", "e", "c", "js", "jt", "jc", "l", "s", "d", "a", "gw", "gp", "k", "r")


def couple_of(number: int) -> dyad.Parameters:
    """A made-up couple: even numbers weakly coupled, odd ones strongly."""
    coupling = TRAPPED if number % 2 else CALM
    return dyad.population(1, seed=number, priors=dyad.PRIORS._replace(gw=coupling, gp=coupling))[0]


def measure(couples: int) -> dict[int, dict[str, np.ndarray]]:
    """Measure shrinkage, error and spread of the state, and the trap beside the truth, for each length in weeks."""
    found = {}
    for weeks in WEEKS:
        rows: dict[str, list[object]] = {"shrinkage": [], "error": [], "sd": [], "trap": [], "truth": [], "strong": []}
        for number in range(couples):
            parameters = couple_of(number)
            habits = dyad.HABITS._replace(softenings=0.1, practices_a=0.1, practices_b=0.1)
            made = dyad.simulate(parameters, days=7 * weeks, seed=1000 + number, habits=habits)
            fit = dyad.fit(made.journal, until=7 * weeks)
            rows["shrinkage"].append([fit.parameters[name].shrinkage for name in fit.parameters])
            rows["error"].append([one.mean - x for one, x in zip(fit.state, made.x[-1], strict=True)])
            rows["sd"].append([one.sd for one in fit.state])
            rows["trap"].append(fit.trap_probability)
            rests = [point for point in dyad.equilibria(parameters) if point.kind == "rest"]
            rows["truth"].append(rests[-1].x_a + rests[-1].x_b < 2 * dyad.CONSTANTS.threat_at)
            rows["strong"].append(bool(number % 2))
            sys.stderr.write(f"\r{weeks} weeks: {number + 1} of {couples} ")
        found[weeks] = {name: np.array(column) for name, column in rows.items()}
    sys.stderr.write("\n")
    return found


def area(probability: np.ndarray, truth: np.ndarray) -> float:
    """How often a couple with a trap is given more than one without (AUC)."""
    gaps = probability[truth][:, None] - probability[~truth][None, :]
    return float(((gaps > 0) + 0.5 * (gaps == 0)).mean())


def tell(found: dict[int, dict[str, np.ndarray]]) -> None:
    """Print the rows of the page's table."""
    for weeks, rows in found.items():
        error, sd = rows["error"], rows["sd"]
        held = " ".join(f"{(np.abs(error) < width * sd).mean():.1%}" for width in WIDTHS)
        print(
            f"{weeks} weeks: error {np.sqrt((error**2).mean()):.2f} steps, 50, 80, 95 % hold {held}, "
            f"AUC of a low valley {area(rows['trap'], rows['truth']):.2f}, "
            f"of strong coupling {area(rows['trap'], rows['strong']):.2f}"
        )
        for root in SHOWN:
            here = [place for place, name in enumerate(ROOTS) if name == root]
            print(f"   {root:3} {np.median(rows['shrinkage'][:, here]):.2f}")


def tell_scores(couples: int = 40) -> None:
    """Print how well the next answer is told, beside simple ways, over four weeks of couples from the priors."""
    told = []
    for number, parameters in enumerate(dyad.population(couples, seed=5, priors=dyad.PRIORS)):
        told.append(dyad.score(dyad.simulate(parameters, days=28, seed=100 + number).journal)[:6])
        sys.stderr.write(f"\rscores: {number + 1} of {couples} ")
    gaps = np.array(told)[:, :1] - np.array(told)[:, 1:]
    print()
    for name, gap in zip(("random walk", "AR(1)", "APIM", "climatology", "linear"), gaps.T, strict=True):
        print(f"ahead of {name:12} by {gap.mean():.3f} an answer, give or take {gap.std() / couples**0.5:.3f}")


def draw_learnt(found: dict[int, dict[str, np.ndarray]]) -> None:
    """Draw how much of each parameter is learnt after each length: one row a parameter, one dot a length."""
    with drawn(7.2, 5.4, LIGHT) as figure:
        axes = figure.subplots()
        for height, root in enumerate(reversed(SHOWN)):
            here = [place for place, name in enumerate(ROOTS) if name == root]
            axes.axhline(height, color=LIGHT.line, linewidth=0.8, zorder=0)
            for size, weeks in zip((5, 8, 11), WEEKS, strict=True):
                share = max(float(np.median(found[weeks]["shrinkage"][:, here])), 0)
                axes.plot(share, height, "o", color=LIGHT.both, markersize=size, alpha=0.35 + 0.2 * WEEKS.index(weeks))
                if height == len(SHOWN) - 1:
                    axes.annotate(
                        f"{weeks} weeks" if weeks > 1 else "1 week",
                        (share, height),
                        xytext=(0, 9),
                        textcoords="offset points",
                        ha="center",
                        fontsize=SMALL,
                    )
        axes.set_yticks(range(len(SHOWN)), list(reversed(SHOWN)))
        axes.set_xlim(-0.02, 1)
        axes.set_xticks([0, 0.5, 1], ["starting guess", "half", "all from the answers"])
        axes.spines["left"].set_visible(False)
        headed(axes, "How much is learnt, and how much is still the starting guess")
        pictures.save(figure, IMAGES / "model-learnt.svg")


def draw_landscapes() -> None:
    """Draw two with one valley, and two with two: there from the trap, with one softer word every three days."""
    shielded = dyad.journal([(day, "both", "softening", 1.0) for day in np.arange(0.5, 21, 3)])
    from_trap = dyad.simulate(STRONG, days=21, seed=6, start=(2.2, 2.1), planned=shielded)
    with drawn(9.6, 5.2, LIGHT) as figure:
        left, right = figure.subplots(1, 2)
        draw_valleys(left, dyad.TYPICAL, LIGHT)
        draw_valleys(right, STRONG, LIGHT, tracks=[from_trap.x[::12]])
        pictures.save(figure, IMAGES / "model-valleys.svg")


def draw_example() -> None:
    """Draw what ``toward dyad show`` draws, of a made-up couple that starts in the trap."""
    habits = dyad.HABITS._replace(softenings=0.12, practices_a=0.2)
    made = dyad.simulate(STRONG, days=35, seed=4, start=(2.5, 2.5), habits=habits)
    fit = dyad.fit(made.journal)
    effects = {name: dyad.effect(fit, name) for name in ("softening", "touch", "bid_a", "practice_both")}
    pictures.save(pictures.sheet(fit, effects), IMAGES / "model-show.svg")


def main() -> None:
    """Draw everything, and measure with as many couples as the first argument says (120)."""
    draw_landscapes()
    draw_example()
    found = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 120)
    tell(found)
    tell_scores()
    draw_learnt(found)


if __name__ == "__main__":
    main()
