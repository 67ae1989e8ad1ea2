"""What the kernels that look for beats keep between calls, and the places and numbers they share."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEARN_S: Final = 6.0
"""Signal in which a first shape is looked for, at the start and again after `LOST_S` without a beat."""
LOST_S: Final = 4.0
"""Without a beat for so long, the lead or the finger has changed: a first shape is looked for again."""
SEEN_S: Final = 0.5
"""A candidate is scored when this much signal has followed it: its T wave is part of its shape."""
LAG_S: Final = 2.5
"""A beat is given out when this much signal has followed it."""

TAIL_S: Final = LEARN_S + LAG_S + 2.0
"""Silence that brings out all that was waiting."""
HOPELESS: Final = -0.8
"""Evidence so poor that no rhythm can make up for it (a missed beat is worth .72)."""
SHAPES: Final = 6
"""Kinds of beat that are told apart."""
CANDIDATES: Final = 256
"""More than fit into `LEARN_S` and `LAG_S`."""
CLOSEST_S: Final = 0.24
"""No two beats are closer (250 beats a minute)."""

# `count`: whole numbers that live on between calls.
(DONE, NCAND, NEXT, LEARNT, LEARN_FROM, LAST_K, NRECENT, NBEATS) = range(8)
COUNTS: Final = 8
# Columns of `cand`.
(AT, HEIGHT, EVIDENCE, SHAPE, SIZE, LIKE, SHIFT, STANDS_OUT) = range(8)
CAND_COLUMNS: Final = 8
# Columns of `shape_of`: how many beats, last seen at, where its peak is against the middle, which way that points.
(SEEN_N, SEEN_AT, PEAK, SIGN) = range(4)
SHAPE_COLUMNS: Final = 4
# Columns of what is found.
(B_TIME, B_SHAPE, B_SIZE, B_LIKE, B_EVIDENCE, B_HEIGHT, B_QUIET, B_STANDS_OUT) = range(8)
BEAT_COLUMNS: Final = 8


class Wave(NamedTuple):
    """What sort of wave to look for, in seconds."""

    half_s: float
    """Half of a shape's window."""
    reach_s: float
    """Half of what the slope's size is a mean of."""
    near_s: float
    """A candidate is the largest within this on either side."""
    shift_s: float
    """How far a shape may be moved to fit."""
    haste: float
    """What an interval costs for each tenth that it falls short of 7 tenths of the usual one, times ten."""
    by_slope: bool
    """Whether a beat is where its shape fits best (a pulse: it has no sharp peak), or where the signal peaks (a QRS
    complex)."""


QRS: Final = Wave(half_s=0.1, reach_s=0.05, near_s=0.05, shift_s=0.04, haste=3.0, by_slope=False)
"""A QRS complex is 80 to 120 ms wide, one from a ventricle up to 200 ms."""


PULSE: Final = Wave(half_s=0.3, reach_s=0.08, near_s=0.15, shift_s=0.1, haste=3.0, by_slope=True)
"""A pulse's upstroke takes 100 to 200 ms; what follows it, the dicrotic wave included, belongs to its shape."""


class Finder(NamedTuple):
    """All that lives on between calls; arrays only, so that a kernel can take it whole.

    Signals are kept from sample ``base`` on (in samples of the averaged rate); whoever feeds moves them along.
    """

    rate_hz: float
    """The averaged rate."""
    step: int
    """Samples as recorded to one averaged sample."""
    half: int
    near: int
    shift: int
    haste: float
    by_slope: bool
    count_of: Ints
    recent: Floats
    """float64[2, 8], heights of the last beats, and the intervals between them in averaged samples."""
    usual: Floats
    """float64[2], the medians of ``recent``."""
    cand: Floats
    """float64[CANDIDATES, CAND_COLUMNS]"""
    shapes: Floats
    """float64[SHAPES, 2 * half + 1], mean slope of each kind of beat seen."""
    shape_of: Floats
    """float64[SHAPES, SHAPE_COLUMNS]"""
    best: Floats
    came: Ints


def new_finder(rate_hz: float, wave: Wave, step: int) -> Finder:
    """A finder of ``wave`` in a signal at ``rate_hz``, ``step`` samples of which are averaged to one."""
    rate = rate_hz / step
    half = round(wave.half_s * rate)
    return Finder(
        rate_hz=rate,
        step=step,
        half=half,
        near=max(3, round(wave.near_s * rate)),
        shift=max(2, int(wave.shift_s * rate)),
        haste=wave.haste,
        by_slope=wave.by_slope,
        count_of=np.zeros(COUNTS, np.int64),
        recent=np.zeros((2, 8)),
        usual=np.zeros(2),
        cand=np.zeros((CANDIDATES, CAND_COLUMNS)),
        shapes=np.zeros((SHAPES, 2 * half + 1)),
        shape_of=np.zeros((SHAPES, SHAPE_COLUMNS)),
        best=np.zeros(CANDIDATES),
        came=np.zeros(CANDIDATES, np.int64),
    )
