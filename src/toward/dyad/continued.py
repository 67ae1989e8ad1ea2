"""The line after one more answer, from where the last fit came to rest: for whoever is waiting to see it.

A fit spends most of its time on two things that one more answer hardly changes: the way from the priors' mean to the
mode, and the curvature there. This goes on from the last fit's and tells the line; a fit of its own may follow it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.dyad.estimate import mirrored_draws
from toward.dyad.events import check
from toward.dyad.laplace import check_start, resume
from toward.dyad.params import CONSTANTS, PRIORS, Constants, Priors, natural
from toward.dyad.plan import plan
from toward.dyad.smoothing import over

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from toward.dyad.events import Journal
    from toward.dyad.laplace import Start
    from toward.dyad.smoothing import Path


def again(
    journal: Journal,
    days: NDArray[np.float64],
    start: Start,
    *,
    priors: Priors = PRIORS,
    constants: Constants = CONSTANTS,
) -> Path | None:
    """Say where the two were on ``days``, as ``path`` of a fit would; None where it takes a fit to say it.

    ``start`` is ``fit.laplace.start`` of a fit of the same journal with an answer or a few less, trusted under the
    same rule as in ``fit``, and the mode is the same. The curvature is the start's, as far as the search improved it.
    Over 130 made-up couples and one answer more, half the lines were within 0.002 steps of a fit's at every day, 19 in
    20 within 0.03, and the worst was 0.1 from it; bands were within a tenth.

    Raises ``BadInput`` as ``path`` and ``fit`` do.
    """
    begin = check_start(start)
    entries = check(journal)
    found = resume(plan(entries, constants=constants), priors, begin)
    return over(natural(mirrored_draws(found)), entries, days, constants) if found is not None else None
