"""Two hearts: do they move together more than chance would have it?

Six ways of asking, each of which looks at something else; every one is compared with pairs that can't have had
anything to do with each other (`toward.heart.surrogates`), and the answer is "above chance", "at chance" or "not
enough data". None of them knows why: two people who hear the same song, walk up the same stairs or breathe to the
same rhythm move together too.

>>> from toward.heart.together import compare, made_pair
>>> pair = made_pair(coupling=0.9, lag_s=1.0, duration_s=300, seed=1)
>>> answer = compare(pair, surrogates=199)
>>> [m.verdict for m in answer.measures if m.name == "windowed_correlation"]
['above chance']
"""

from __future__ import annotations

from toward.heart.together.comparison import Measure, Together, compare
from toward.heart.together.concordance import concordance_index
from toward.heart.together.made import made_pair
from toward.heart.together.pairing import Pair, pair_of_beats, whitened
from toward.heart.together.recurrence import cross_recurrence
from toward.heart.together.segments import Susy, susy
from toward.heart.together.spectral import coherence, phase_synchrony
from toward.heart.together.windowed import Stretch, stretches_together, windowed_correlation

__all__ = [
    "Measure",
    "Pair",
    "Stretch",
    "Susy",
    "Together",
    "coherence",
    "compare",
    "concordance_index",
    "cross_recurrence",
    "made_pair",
    "pair_of_beats",
    "phase_synchrony",
    "stretches_together",
    "susy",
    "whitened",
    "windowed_correlation",
]
