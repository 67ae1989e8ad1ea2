"""Couples that several tests of the model of two look at."""

from __future__ import annotations

from toward import dyad

#: The design's own couple: two valleys and a pass between them.
TWO_VALLEYS = dyad.TYPICAL._replace(m_a=5.0, m_b=4.8, l_a=1.0, l_b=0.95, gw_a=2.9, gp_a=2.9, gw_b=2.7, gp_b=2.7, k=0.35)
TRAP = (2.16, 2.07)
SAFE = (4.85, 4.73)


def everything(days: float = 6.0, seed: int = 3) -> dyad.Journal:
    """A short journal that holds every kind of entry."""
    habits = dyad.HABITS._replace(
        softenings=0.3, practices_a=0.5, practices_b=0.4, harshnesses=0.3, life_events=0.6, rungs=0.6, hearts=0.6
    )
    made = dyad.simulate(TWO_VALLEYS, days=days, seed=seed, habits=habits).journal
    rows = [(*row,) for row in zip(*(column.tolist() for column in made), strict=True)]
    rows += [
        (1.01, "both", "together", 0.3),
        (2.01, "both", "conflict", 1.0),
        (2.02, "a", "softening", 1.0),
        (2.5, "b", "message", -1.0),
        (3.01, "a", "kept", 1.0),
        (3.02, "b", "broken", 1.0),
        (4.01, "both", "life_event", -2.0),
        (4.02, "both", "life_event", 1.0),
        (4.03, "both", "together", 1.0),
        (4.5, "a", "there", 0.0),
        (4.6, "b", "there", 1.0),
        (4.7, "a", "bid", -1.0),
    ]
    return dyad.journal(rows)
