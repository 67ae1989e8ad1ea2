"""Do made-up couples look like the ones that were studied? ``python -m benchmarks.dyad_people`` (a minute).

Four figures of published samples, and the same of couples drawn from our priors, with whether they agree. Where they
don't, the page says so: the priors were set by what the model must show, and there is no public diary to set them by.
"""

from __future__ import annotations

import math
import sys

import numpy as np

from toward import dyad
from toward.cli.dyad_input import daily

TRAPPED = dyad.Prior("log", math.log(2.7), 0.3)


def humps(answers: np.ndarray) -> bool:
    """Whether the bimodality coefficient is above that of a uniform."""
    z = (answers - answers.mean()) / max(float(answers.std()), 1e-9)
    return float((z**3).mean() ** 2 + 1) / max(float((z**4).mean()), 1e-9) > 5 / 9


def days(couples: int = 400) -> None:
    """Two-humped people, and what yesterday's own and the partner's mean tell of today's, each about its own mean."""
    told, rows = [], []
    for number, parameters in enumerate(dyad.population(couples, seed=1)):
        made = dyad.simulate(parameters, days=60, seed=number).journal
        told += [humps(made.value[(made.kind == 0) & (made.partner == who)]) for who in (0, 1)]
        a, b = (mean - np.nanmean(mean) for mean in daily(made))
        rows += [np.column_stack([own[1:], own[:-1], other[:-1]]) for own, other in ((a, b), (b, a))]
        sys.stderr.write(f"\rdays: {number + 1} of {couples} ")
    table = np.concatenate(rows)
    table = table[np.isfinite(table).all(axis=1)]
    actor, partner = np.linalg.lstsq(table[:, 1:], table[:, 0], rcond=None)[0]
    say("two-humped people", float(np.mean(told)), 0.46, 0.62)
    say("own day before (diary of 94 couples: about .45)", float(actor), 0.35, 0.55)
    say("partner's day before (about .09)", float(partner), 0.04, 0.14)


def course(couples: int = 600) -> None:
    """Three weekly softer words to couples in the low valley: how far they come, and how far they still are later."""
    gains = []
    for number, parameters in enumerate(
        dyad.population(couples, seed=3, priors=dyad.PRIORS._replace(gw=TRAPPED, gp=TRAPPED))
    ):
        points = dyad.equilibria(parameters)
        if sum(point.kind == "rest" for point in points) < 2:
            continue
        words = dyad.journal([(float(day), "both", "softening", 1.0) for day in (20, 27, 34)])
        low = (points[-1].x_a, points[-1].x_b)
        made = dyad.simulate(parameters, days=230, seed=number, start=low, planned=words)
        before, after, later = (
            made.x[(made.time_days >= start) & (made.time_days < end)].mean()
            for start, end in ((6, 20), (41, 48), (215, 230))
        )
        if before < 3.5:
            gains.append((after - before, later - before))
        sys.stderr.write(f"\rcourses: {number + 1} of {couples} ")
    table = np.array(gains) / 1.9  # deviations of the population
    say(f"softening, at once, deviations ({len(gains)} couples)", float(table[:, 0].mean()), 0.7, 0.9)
    say("softening, after six months", float(table[:, 1].mean()), 0.56, 0.76)
    say("without a gain (less than half a step)", float((table[:, 0] < 0.5 / 1.9).mean()), 0.2, 0.4)


def say(what: str, found: float, low: float, high: float) -> None:
    """Print one line."""
    print(f"\r{what:52s} {found:6.3f}   {low:g} to {high:g}: {'met' if low <= found <= high else 'MISSED'}")


if __name__ == "__main__":
    days()
    course()
