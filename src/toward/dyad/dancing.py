"""The dance: who reaches and who pulls away, and whether the circle feeds itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from toward.dyad.events import counts
from toward.dyad.landscape import jacobian
from toward.dyad.params import INDEX

if TYPE_CHECKING:
    from toward.dyad.estimate import Fit

Figure = Literal["a_reaches_b_pulls_away", "b_reaches_a_pulls_away", "both_reach", "both_pull_away", "safe_contact"]
FIGURES: Final[tuple[Figure, ...]] = (
    "a_reaches_b_pulls_away",
    "b_reaches_a_pulls_away",
    "both_reach",
    "both_pull_away",
    "safe_contact",
)
LEAST: Final = 0.8
MARKS: Final = 10


class Dance(NamedTuple):
    """The figure the two are in, or None with why: ``few_marks`` or ``not_clear``.

    ``pursuer`` and ``withdrawer`` are "a", "b" or None; ``probability`` of the most likely figure, and ``figures`` of
    each; ``position_a``, ``position_b`` mean positions (1 reaches, 0 pulls away); ``gain`` of the loop now: above 1 one
    partner's alarm comes back larger than it went.
    """

    figure: Figure | None
    why: str
    pursuer: Literal["a", "b"] | None
    withdrawer: Literal["a", "b"] | None
    probability: float
    figures: dict[Figure, float]
    position_a: float
    position_b: float
    gain: float


def dance(fit: Fit, *, least: float = LEAST, marks: int = MARKS) -> Dance:
    """Say the figure where it is at least ``least`` probable and each partner has ``marks`` marks or answered moves.

    Safe contact is both above the threat line now; else positions decide. It cannot tell why someone pulls away, nor
    whose fault anything is; who presses is a place in a circle, and the circle is the two's.
    """
    at = fit.plan.constants.threat_at
    root = np.linalg.cholesky(fit.covariance_now + 1e-12 * np.eye(2))
    luck = np.random.default_rng(0).standard_normal((fit.draws.shape[0], 2))
    x = np.array([fit.state.a.mean, fit.state.b.mean]) + luck @ root.T
    safe = (x > at).all(axis=1)
    a, b = fit.draws[:, INDEX["a_a"]] > 0.5, fit.draws[:, INDEX["a_b"]] > 0.5  # noqa: PLR2004 - the middle
    shares = (a & ~b, ~a & b, a & b, ~a & ~b)
    figures = {name: float((share & ~safe).mean()) for name, share in zip(FIGURES, shares, strict=False)}
    figures["safe_contact"] = float(safe.mean())
    likely = max(FIGURES, key=lambda name: figures[name])
    enough = min(m + d for m, d in zip(counts(fit.journal, "mark"), counts(fit.journal, "moved"), strict=True)) >= marks
    why = "" if enough and figures[likely] >= least else "not_clear" if enough else "few_marks"
    figure: Figure | None = None if why else likely
    reaches: Literal["a", "b"] | None = "a" if figure == FIGURES[0] else "b" if figure == FIGURES[1] else None
    pulls: Literal["a", "b"] | None = None if reaches is None else "b" if reaches == "a" else "a"
    m_a, m_b = fit.parameters["a_a"].mean, fit.parameters["a_b"].mean
    return Dance(figure, why, reaches, pulls, figures[likely], figures, m_a, m_b, loop_gain(fit))


def loop_gain(fit: Fit) -> float:
    """How much of an alarm comes back after one round: J_ab J_ba / (J_aa J_bb) at the two's state now."""
    j = jacobian(fit.mode, fit.state.a.mean, fit.state.b.mean, fit.plan.constants)
    return float(j[0, 1] * j[1, 0] / (j[0, 0] * j[1, 1]))
