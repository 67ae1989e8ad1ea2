"""Which beats of an electrocardiogram did not come from the sinus node.

Two things give an ectopic beat away: it is early and followed by a pause, or it has another shape. The first alone
finds the lone early beat, but in bigeminy the early beats are the rhythm; shape alone takes every noisy beat for an
ectopic one. So the beats that are surely early teach what this person's ectopic beats look like, as a direction away
from the mean sinus beat, and others are judged by that direction:

A. early: the interval before is below .85 of the usual one, the next at least 1.2 times as long and longer than usual
   (prematurity and compensatory pause; thresholds as in de Chazal 2004 and Lipponen & Tarvainen 2019, rounded);
B. shaped like those: the difference from the sinus beat points the same way (cosine above .7) and is large;
C. where a tenth of the last beats were A or B, a fusion of both kinds is likely enough: a difference of half a sinus
beat that
   leans to that side (cosine above .2) and is not thinner than a sinus beat will do.

B and C need a neighbourhood without noise. A beat is judged when the next one is known, the first `LEARN` when all
of them are.
"""

# ruff: noqa: PLR2004 - a kernel's numbers are explained at the top

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.heart.exactly import exactly
from toward.heart.recording import ECTOPIC, NORMAL
from toward.heart.shapes import middle

Floats = NDArray[np.float64]

LEARN: Final = 10
"""Beats before the first sinus shape is known; the narrower half of them is taken for it."""
BEFORE_S: Final = 0.1
AFTER_S: Final = 0.35
"""A beat's wave: from before the QRS complex to the T wave."""
RECENT: Final = 16
_HABIT: Final = 0.1
_HABIT_WEIGHT: Final = 1.0 / 50.0
_QUIET: Final = 0.12
"""The calmest tenth of a second within half a second must be this small a part of the usual QRS height."""

# `number`: how many beats judged, how many intervals kept, share of sure ectopic beats, how many of them taught.
(JUDGED, INTERVALS, HABIT, TAUGHT) = range(4)


class Ectopy(NamedTuple):
    """What is known of a person's sinus and ectopic beats so far."""

    before: int
    """Samples of the wave before the peak."""
    sinus: Floats
    """float64[w], mean wave of sinus beats, its straight line taken out."""
    away: Floats
    """float64[w], mean difference of sure ectopic beats from it."""
    intervals_s: Floats
    """float64[RECENT], the last intervals, in a ring."""
    number: Floats
    thin: Floats
    """float64[1], mean size of the QRS part of sinus beats."""


def new_ectopy(rate_hz: float) -> Ectopy:
    """Nothing known yet, for waves at ``rate_hz``."""
    before, after = round(BEFORE_S * rate_hz), round(AFTER_S * rate_hz)
    width = before + after
    return Ectopy(before, np.zeros(width), np.zeros(width), np.zeros(RECENT), np.zeros(4), np.zeros(1))


@exactly
def _level(wave: Floats, out: Floats) -> None:
    """``wave`` without its least-squares straight line."""
    n = wave.size
    mean, slope, spread = 0.0, 0.0, 0.0
    for i in range(n):
        mean += wave[i]
    mean /= n
    for i in range(n):
        t = i - 0.5 * (n - 1)
        slope += t * wave[i]
        spread += t * t
    slope /= spread
    for i in range(n):
        out[i] = wave[i] - mean - slope * (i - 0.5 * (n - 1))


@exactly
def _size(wave: Floats, before: int) -> float:
    """Mean distance of the QRS part of a wave, as long after the peak as before it, from the level ahead of it."""
    start = 0.0
    head = max(1, before // 3)
    for i in range(head):
        start += wave[i]
    start /= head
    total = 0.0
    for i in range(2 * before):
        total += abs(wave[i] - start)
    return total / (2 * before)


@exactly
def first_sinus(s: Ectopy, waves: Floats) -> None:
    """Take the narrower half of the first beats for sinus beats.

    waves: float64[k, w]
    """
    n = waves.shape[0]
    sizes = np.empty(n)
    for i in range(n):
        sizes[i] = _size(waves[i], s.before)
    order = np.argsort(sizes)
    # The narrowest of all may be half a beat; the lower quartile is one that there are more of.
    usual = sizes[order[n // 4]]
    flat = np.empty(waves.shape[1])
    taken = 0
    s.sinus[:] = 0.0
    s.thin[0] = 0.0
    for i in range(n):
        if 0.7 * usual <= sizes[i] <= 1.3 * usual:
            _level(waves[i], flat)
            s.sinus[:] += flat
            s.thin[0] += sizes[i]
            taken += 1
    s.sinus[:] /= max(1, taken)
    s.thin[0] /= max(1, taken)


@exactly
def _judge(s: Ectopy, wave: Floats, quiet: float, before_s: float, after_s: float) -> int:
    """The kind of one beat, and what it teaches.

    wave: float64[w]. quiet: height of the calmest neighbourhood over the usual height of a QRS complex. before_s,
    after_s: the intervals to the beats beside it, NaN where there is none or a gap lies between.
    """
    n = wave.size
    flat = np.empty(n)
    _level(wave, flat)
    power, far, own, along = 0.0, 0.0, 0.0, 0.0
    for i in range(n):
        d = flat[i] - s.sinus[i]
        power += s.sinus[i] * s.sinus[i]
        far += d * d
        own += s.away[i] * s.away[i]
        along += d * s.away[i]
    different = np.sqrt(far / power) if power > 0.0 else 0.0
    known = np.sqrt(own / power) if power > 0.0 else 0.0
    cosine = along / np.sqrt(far * own) if far > 0.0 and own > 0.0 else 0.0
    kept = int(s.number[INTERVALS])
    early = False
    if kept >= 4 and not np.isnan(before_s) and not np.isnan(after_s):
        usual = middle(s.intervals_s[: min(kept, RECENT)])
        early = bool(before_s < 0.85 * usual and after_s > 1.2 * before_s and after_s > 1.05 * usual)
    calm = quiet < _QUIET
    alike = calm and known > 0.4 and different > 0.45 and cosine > 0.7
    sure = early or alike
    ectopic = sure
    if not sure and calm and s.number[HABIT] > _HABIT and different > 0.5 and cosine > 0.2:
        ectopic = _size(wave, s.before) > 1.2 * s.thin[0]
    s.number[HABIT] += _HABIT_WEIGHT * ((1.0 if sure else 0.0) - s.number[HABIT])
    s.number[JUDGED] += 1
    if not np.isnan(before_s):
        s.intervals_s[kept % RECENT] = before_s
        s.number[INTERVALS] = kept + 1
    if early and calm:
        s.number[TAUGHT] += 1
        weight = max(1.0 / s.number[TAUGHT], 1.0 / 16.0)
        for i in range(n):
            s.away[i] += weight * (flat[i] - s.sinus[i] - s.away[i])
    elif not ectopic and calm and different < 1.0:
        for i in range(n):
            s.sinus[i] += (flat[i] - s.sinus[i]) / 16.0
        s.thin[0] += (_size(wave, s.before) - s.thin[0]) / 16.0
    return ECTOPIC if ectopic else NORMAL


@exactly
def judge(s: Ectopy, waves: Floats, quiet: Floats, before_s: Floats, after_s: Floats, kind: NDArray[np.int8]) -> None:
    """Fill ``kind`` with the kinds of a run of beats, in their order; see `_judge` for what is needed of each."""
    for i in range(kind.size):
        kind[i] = _judge(s, waves[i], quiet[i], before_s[i], after_s[i])
