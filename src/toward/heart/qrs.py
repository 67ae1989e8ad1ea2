"""The kernels that find heartbeats in an electrocardiogram.

The signal is averaged down to 90 to 190 Hz, smoothed over 25 ms and turned into its slope, in which a QRS complex is the
steepest thing and a wandering baseline all but vanishes. From there on:

1. Candidates are the local maxima of the slope's mean size over 100 ms (after Pan & Tompkins 1985). There is no threshold that
   a spike could push up for minutes.
2. Each candidate is compared with the shapes of earlier beats (a matched filter: size times correlation), or, when it is like
   none of them, judged by how far it stands out of the 750 ms around it (after Makowski et al. 2021).
3. The sequence with the best sum of such evidence, less what an implausible rhythm costs, wins (Viterbi with a fixed lag): a
   doubtful bump is taken where a beat is missing and left where one would be too many.

Nothing looks further ahead than `LAG_S`, but for the first `LEARN_S`, in which the first shape is learnt. Every value belongs to
one place in the signal and to nothing else, so a file fed at once or in pieces gives the same beats, bit for bit.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.heart.compiled import compiled
from toward.heart.exactly import exactly

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEARN_S: Final = 6.0
"""Signal in which a first shape is looked for, at the start and again after `LOST_S` without a beat."""
LOST_S: Final = 4.0
SEEN_S: Final = 0.5
"""A candidate is scored when this much signal has followed it: its T wave is part of its shape."""
LAG_S: Final = 2.5
"""A beat is given out when this much signal has followed it."""

TAIL_S: Final = LEARN_S + LAG_S + 2.0
"""Silence that brings out all that was waiting."""
HOPELESS: Final = -0.8
"""Evidence so poor that no rhythm can make up for it (a missed beat is worth .72)."""
SHAPES: Final = 6
CANDIDATES: Final = 256
_CLOSEST_S: Final = 0.24
"""No two beats are closer (250 beats a minute)."""

# `count`: whole numbers that live on between calls.
(NY, NG, NE, K, NCAND, NEXT, LEARNT, LEARN_FROM, LAST_K, NRECENT, NBEATS) = range(11)
COUNTS: Final = 12
# Columns of `cand`.
(AT, HEIGHT, EVIDENCE, SHAPE, SIZE, LIKE, SHIFT) = range(7)
CAND_COLUMNS: Final = 8
# Columns of `shape_of`: how many beats, last seen at, where its peak is against the middle, which way the peak points, width.
(SEEN_N, SEEN_AT, PEAK, SIGN, WIDTH) = range(5)
SHAPE_COLUMNS: Final = 6
# Columns of what is found.
(B_TIME, B_SHAPE, B_SIZE, B_LIKE, B_EVIDENCE, B_HEIGHT, B_QUIET) = range(7)
BEAT_COLUMNS: Final = 7


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
    """Whether a beat is where its shape fits best (a pulse: it has no sharp peak), or where the signal peaks (a QRS complex)."""


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
    count: Ints
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
        count=np.zeros(COUNTS, np.int64),
        recent=np.zeros((2, 8)),
        usual=np.zeros(2),
        cand=np.zeros((CANDIDATES, CAND_COLUMNS)),
        shapes=np.zeros((SHAPES, 2 * half + 1)),
        shape_of=np.zeros((SHAPES, SHAPE_COLUMNS)),
        best=np.zeros(CANDIDATES),
        came=np.zeros(CANDIDATES, np.int64),
    )


@exactly
def averages(x: Floats, y: Floats, bad: NDArray[np.bool_], start: int, stop: int, step: int) -> None:
    """Fill ``y[start:stop]``: means of ``step`` samples each; one that holds a NaN is bad and repeats the one before it."""
    for k in range(start, stop):
        total = 0.0
        for i in range(k * step, k * step + step):
            total += x[i]
        bad[k] = not np.isfinite(total)
        if bad[k]:
            y[k] = y[k - 1] if k > 0 else 0.0
        else:
            y[k] = total / step


@exactly
def slopes(y: Floats, bad: NDArray[np.bool_], g: Floats, start: int, stop: int, smooth: int) -> None:
    """Fill ``g[start:stop]``: central difference of the mean over ``2 * smooth + 1`` samples, 0 beside missing ones."""
    reach = smooth + 1
    n = 2.0 * (2 * smooth + 1)
    spoiled = start - reach - 1
    for i in range(max(0, start - reach), min(start + reach, bad.size)):
        if bad[i]:
            spoiled = i
    for k in range(start, stop):
        if bad[k + reach]:
            spoiled = k + reach
        if k < reach or spoiled >= k - reach:
            g[k] = 0.0
        else:
            total = 0.0
            for i in range(k - smooth, k + smooth + 1):
                total += y[i + 1] - y[i - 1]
            g[k] = total / n


@exactly
def sizes(g: Floats, e: Floats, start: int, stop: int, reach: int) -> None:
    """Fill ``e[start:stop]``: mean size of the slope over ``2 * reach + 1`` samples."""
    n = 2 * reach + 1
    for k in range(start, stop):
        total = 0.0
        for i in range(max(0, k - reach), k + reach + 1):
            total += abs(g[i])
        e[k] = total / n


@exactly
def pulse_slopes(y: Floats, bad: NDArray[np.bool_], g: Floats, start: int, stop: int, taps: Floats) -> None:
    """Fill ``g[start:stop]`` with the slope that ``taps`` (float64[2 r + 1]) take, 0 where a sample is missing."""
    reach = taps.size // 2
    spoiled = -1
    for i in range(max(0, start - reach), min(start + reach, bad.size)):
        if bad[i]:
            spoiled = i
    for k in range(start, stop):
        if bad[k + reach]:
            spoiled = k + reach
        total = 0.0
        if k >= reach and (spoiled < 0 or spoiled < k - reach):
            for i in range(taps.size):
                total += taps[i] * y[k - reach + i]
        g[k] = total


@exactly
def rises(g: Floats, e: Floats, start: int, stop: int, reach: int) -> None:
    """Fill ``e[start:stop]``: mean over ``2 * reach + 1`` samples of the slope where it rises."""
    for k in range(start, stop):
        total = 0.0
        for i in range(max(0, k - reach), k + reach + 1):
            total += max(0.0, g[i])
        e[k] = total / (2 * reach + 1)


@exactly
def _middle(values: Floats) -> float:
    """The median of a short array."""
    ordered = np.sort(values)
    n = ordered.size
    return 0.5 * (ordered[(n - 1) // 2] + ordered[n // 2])


@compiled
def _match(g: Floats, at: int, shape: Floats, half: int, shift: int) -> tuple[float, float, int]:
    """Best size and correlation of ``shape`` around ``at``, and the shift that gives them."""
    power = 0.0
    for i in range(2 * half + 1):
        power += shape[i] * shape[i]
    size, like, best = 0.0, 0.0, 0
    if power <= 0.0:
        return size, like, best
    for s in range(-shift, shift + 1):
        dot = 0.0
        own = 0.0
        origin = at + s - half
        for i in range(2 * half + 1):
            v = g[origin + i]
            dot += v * shape[i]
            own += v * v
        if dot / power > size:
            size = dot / power
            like = dot / np.sqrt(power * own)
            best = s
    return size, like, best


@exactly
def _peak(shape: Floats, half: int, side: float) -> tuple[int, float]:
    """Where the wave whose slope this is stands furthest from its middle level, and on which side.

    side: the side on which beats of this lead mostly peak (0: not known); the other one must be twice as far to win.
    """
    wave = np.cumsum(shape)
    wave -= np.linspace(wave[0], wave[-1], wave.size)
    most, where, sign = 0.0, half, 1.0
    for i in range(wave.size):
        far = abs(wave[i]) * (0.5 if wave[i] * side < 0.0 else 1.0)
        if far > most:
            most, where, sign = far, i, (1.0 if wave[i] > 0 else -1.0)
    return where - half, sign


@exactly
def _learn(f: Finder, g: Floats, base: int, shift: int) -> bool:
    """Take the candidate most like the others for a first shape; False when no three are alike."""
    n = f.count[NCAND]
    width = 2 * f.half + 1
    if n < 3:
        return False
    # The highest of each second and a half: a spike spoils one of them, not their median.
    span = int(1.5 * f.rate_hz)
    first = f.count[LEARN_FROM]
    tops = np.zeros(4)
    for i in range(n):
        q = min(3, max(0, (int(f.cand[i, AT]) - first) // span))
        tops[q] = max(tops[q], f.cand[i, HEIGHT])
    usual = _middle(tops[tops > 0.0])
    winner, most, friends = -1, 0.0, 0
    for i in range(n):
        if not 0.4 * usual <= f.cand[i, HEIGHT] <= 2.5 * usual:
            continue
        at = int(f.cand[i, AT]) - base
        own = g[at - f.half : at + f.half + 1].copy()
        total, alike = 0.0, 0
        for j in range(n):
            if j != i and 0.4 * usual <= f.cand[j, HEIGHT] <= 2.5 * usual:
                size, like, _ = _match(g, int(f.cand[j, AT]) - base, own, f.half, shift)
                if like > 0.75 and 0.5 < size < 2.0:
                    total += like
                    alike += 1
        total *= f.cand[i, HEIGHT]
        if alike >= 2 and total > most:
            winner, most, friends = i, total, alike
    if winner < 0:
        return False
    slot = 0
    for j in range(SHAPES):
        if f.shape_of[j, SEEN_N] < f.shape_of[slot, SEEN_N]:
            slot = j
    at = int(f.cand[winner, AT]) - base
    own = g[at - f.half : at + f.half + 1].copy()
    mean = np.zeros(width)
    heights = np.zeros(n)
    alike = 0
    for j in range(n):
        if 0.4 * usual <= f.cand[j, HEIGHT] <= 2.5 * usual:
            other = int(f.cand[j, AT]) - base
            size, like, s = _match(g, other, own, f.half, shift)
            if like > 0.75 and 0.5 < size < 2.0:
                for i in range(width):
                    mean[i] += g[other + s - f.half + i]
                heights[alike] = f.cand[j, HEIGHT]
                alike += 1
    f.shapes[slot] = mean / alike
    where, sign = _peak(f.shapes[slot], f.half, 0.0)
    if f.by_slope:
        where = _steepest(f.shapes[slot], f.half)
    f.shape_of[slot, SEEN_N] = 20.0  # several at once: as good as known
    f.shape_of[slot, SEEN_AT] = at + base
    f.shape_of[slot, PEAK] = where
    f.shape_of[slot, SIGN] = sign
    f.recent[0, :] = _middle(heights[:alike])
    f.usual[0] = f.recent[0, 0]
    f.usual[1] = 0.0
    f.recent[1, :] = 0.0
    f.count[NRECENT] = 0
    f.count[LAST_K] = -1
    return friends >= 2


@exactly
def _score(f: Finder, g: Floats, e: Floats, base: int, i: int, shift: int) -> None:
    """Evidence that candidate ``i`` is a beat, from about -1 (surely not) over 0 (can't tell) to 1 (surely)."""
    at = int(f.cand[i, AT]) - base
    height = f.cand[i, HEIGHT]
    usual = f.usual[0]
    f.cand[i, SHAPE] = -1.0
    f.cand[i, SIZE] = height / usual
    f.cand[i, LIKE] = 0.0
    f.cand[i, SHIFT] = 0.0
    quality = 0.0
    f.cand[i, EVIDENCE] = -1.0
    if height < 0.05 * usual:
        return
    span = int(0.375 * f.rate_hz)
    around = 0.0
    for k in range(max(0, at - span), at + span + 1):
        around += e[k]
    around /= 2 * span + 1
    contrast = min(1.0, max(0.0, (height / around - 1.5) / 1.5))
    if height > 0.15 * usual:
        for j in range(SHAPES):
            if f.shape_of[j, SEEN_N] >= 1.0:
                size, like, s = _match(g, at, f.shapes[j], f.half, shift)
                if like < 0.6:
                    continue
                if like > 0.95 and 0.7 < size < 1.4 and f.shape_of[j, SEEN_N] >= 20.0:
                    f.cand[i, SHAPE] = j
                    f.cand[i, SIZE] = size
                    f.cand[i, LIKE] = like
                    f.cand[i, SHIFT] = s
                    f.cand[i, EVIDENCE] = 2.0 * min(1.0, size) * like - 1.0
                    return
                fit = size if size < 1.0 else (1.0 if size < 1.6 else 1.6 / size)
                if like > 0.85:
                    fit = max(fit, 0.8 * contrast)  # a lead that fades: small, but alone
                q = fit * like * (f.shape_of[j, SEEN_N] + 1.0) / (f.shape_of[j, SEEN_N] + 6.0)
                if q > quality:
                    quality = q
                    f.cand[i, SHAPE] = j
                    f.cand[i, SIZE] = size
                    f.cand[i, LIKE] = like
                    f.cand[i, SHIFT] = s
    # Unlike all seen so far: it must stand out of its neighbourhood, and be neither tiny nor a crack.
    ratio = height / usual
    ratio = ratio / 0.7 if ratio < 0.7 else (1.0 if ratio < 3.0 else 3.0 / ratio)
    novelty = 0.85 * contrast * min(1.0, ratio)
    if novelty > quality:
        quality = novelty
        if f.cand[i, LIKE] < 0.75:
            f.cand[i, SHAPE] = -1.0
    f.cand[i, EVIDENCE] = 2.0 * quality - 1.0


@exactly
def _cost(rr: float, usual: float, known: bool, rate_hz: float, haste: float) -> float:
    """What an interval of ``rr`` samples costs where ``usual`` is the rule, if one is ``known``."""
    cost = 0.0
    if rr < _CLOSEST_S * rate_hz:
        return 1e9
    if rr < 0.36 * rate_hz:
        cost += 0.5 * (0.36 * rate_hz - rr) / (0.12 * rate_hz)
    if known:
        ratio = rr / usual
        if ratio < 0.7:
            cost += haste * (0.7 - ratio)
        if ratio > 1.4:
            # One missed beat is worth a second look; a longer silence is a lead that came off, not many missed beats.
            cost += 1.2 * min(0.6, ratio - 1.4) + 0.15 * min(4.0, max(0.0, ratio - 2.0))
    return cost


@exactly
def _chosen(f: Finder, scored: int) -> bool:
    """Whether the oldest candidate lies on the best path through the first ``scored`` ones."""
    usual = 0.4 * f.rate_hz
    known = f.count[NRECENT] >= 3
    if known:
        usual = f.usual[1]
    horizon = f.cand[scored - 1, AT]
    top, most = -1, 0.0
    if f.count[LAST_K] >= 0:
        most = -_cost(max(usual, horizon - f.count[LAST_K]), usual, known, f.rate_hz, f.haste)
    for j in range(scored):
        f.best[j] = 0.0
        f.came[j] = -1
        if f.count[LAST_K] >= 0:
            doubt = 1.0 - max(0.0, f.cand[j, EVIDENCE])
            f.best[j] = -_cost(f.cand[j, AT] - f.count[LAST_K], usual, known, f.rate_hz, f.haste * doubt)
        for i in range(j):
            doubt = 1.0 - max(0.0, min(f.cand[i, EVIDENCE], f.cand[j, EVIDENCE]))
            value = f.best[i] - _cost(f.cand[j, AT] - f.cand[i, AT], usual, known, f.rate_hz, f.haste * doubt)
            if value > f.best[j]:
                f.best[j] = value
                f.came[j] = i
        f.best[j] += f.cand[j, EVIDENCE]
        value = f.best[j] - _cost(max(usual, horizon - f.cand[j, AT]), usual, known, f.rate_hz, f.haste)
        if value > most:
            top, most = j, value
    while top > 0:
        top = f.came[top]
    return top == 0


@exactly
def _keep(f: Finder, g: Floats, base: int) -> int:
    """Let the oldest candidate, a beat, shape what comes after it; gives the place of its shape."""
    at = int(f.cand[0, AT])
    j = int(f.cand[0, SHAPE])
    like = f.cand[0, LIKE]
    origin = at + int(f.cand[0, SHIFT]) - base - f.half
    if j < 0 or like < 0.75:
        j = 0
        for i in range(SHAPES):
            if f.shape_of[i, SEEN_N] < f.shape_of[j, SEEN_N] or (
                f.shape_of[i, SEEN_N] == f.shape_of[j, SEEN_N] and f.shape_of[i, SEEN_AT] < f.shape_of[j, SEEN_AT]
            ):
                j = i
        origin = at - base - f.half
        f.cand[0, SHIFT] = 0.0
        f.shapes[j] = g[origin : origin + 2 * f.half + 1]
        f.shape_of[j, SEEN_N] = 1.0
        f.cand[0, LIKE] = 0.0
    elif like > 0.85:
        weight = max(1.0 / (f.shape_of[j, SEEN_N] + 1.0), 1.0 / 12.0)
        for i in range(2 * f.half + 1):
            f.shapes[j, i] += weight * (g[origin + i] - f.shapes[j, i])
        f.shape_of[j, SEEN_N] += 1.0
    main = 0
    for i in range(SHAPES):
        if f.shape_of[i, SEEN_N] > f.shape_of[main, SEEN_N]:
            main = i
    where, sign = _peak(f.shapes[j], f.half, 0.0 if j == main else f.shape_of[main, SIGN])
    if f.by_slope:
        where = _steepest(f.shapes[j], f.half)
    f.shape_of[j, PEAK] = where
    f.shape_of[j, SIGN] = sign
    f.shape_of[j, SEEN_AT] = at
    n = f.count[NRECENT]
    f.recent[0, f.count[NBEATS] % 8] = f.cand[0, HEIGHT]
    if f.count[LAST_K] >= 0:
        f.recent[1, n % 8] = at - f.count[LAST_K]
        f.count[NRECENT] = n + 1
        f.usual[1] = _middle(f.recent[1, : min(8, n + 1)])
    f.usual[0] = _middle(f.recent[0])
    f.count[LAST_K] = at
    f.count[NBEATS] += 1
    return j


@exactly
def _place(x: Floats, first: float, middle: float, sign: float, reach: int, smooth: int) -> float:
    """The sample, with a fraction, at which ``sign * x`` peaks within ``reach`` of ``middle``; ``middle`` itself without one.

    x: as recorded, from absolute sample ``first`` on; a mean over ``2 * smooth + 1`` samples is what peaks.
    """
    centre = int(round(middle - first))
    low = max(smooth + 1, centre - reach)
    high = min(x.size - smooth - 2, centre + reach)
    top, where = -np.inf, -1
    for i in range(low, high + 1):
        total = 0.0
        for j in range(i - smooth, i + smooth + 1):
            total += x[j]
        total *= sign
        if total > top:
            top, where = total, i
    if where <= low or where >= high:
        return middle
    left = 0.0
    right = 0.0
    for j in range(where - smooth, where + smooth + 1):
        left += x[j - 1]
        right += x[j + 1]
    left *= sign
    right *= sign
    bend = left - 2.0 * top + right
    nudge = 0.5 * (left - right) / bend if bend < 0.0 else 0.0
    return first + where + min(0.5, max(-0.5, nudge))


@exactly
def _vertex(left: float, top: float, right: float) -> float:
    """Where between -.5 and .5 the parabola through three neighbours peaks."""
    bend = left - 2.0 * top + right
    return min(0.5, max(-0.5, 0.5 * (left - right) / bend)) if bend < 0.0 else 0.0


@exactly
def _fraction(f: Finder, g: Floats, base: int, j: int) -> float:
    """What is left of a sample between the oldest candidate's steepest point and the whole numbers that say where it is."""
    shape = f.shapes[j]
    origin = int(f.cand[0, AT] + f.cand[0, SHIFT]) - base - f.half
    fit = np.zeros(3)
    for s in range(3):
        for i in range(2 * f.half + 1):
            fit[s] += g[origin + s - 1 + i] * shape[i]
    top = f.half + int(f.shape_of[j, PEAK])
    own = 0.0
    if 0 < top < 2 * f.half:
        own = _vertex(shape[top - 1], shape[top], shape[top + 1])
    return _vertex(fit[0], fit[1], fit[2]) + own


@exactly
def _steepest(shape: Floats, half: int) -> int:
    """The steepest place of a shape, from its middle."""
    top = half
    for i in range(2 * half + 1):
        if shape[i] > shape[top]:
            top = i
    return top - half


@exactly
def advance(
    f: Finder,
    x: Floats,
    y: Floats,
    g: Floats,
    e: Floats,
    base: int,
    end: int,
    found: Floats,
    waves: Floats,
    wave_before: int,
) -> int:
    """Go on to averaged sample ``end`` (absolute, exclusive); gives how many beats were written to ``found``.

    x: as recorded, from sample ``base * step`` on. y, g, e: averaged signal, slope and its size, from averaged sample ``base``
    on. waves: float64[same as found, w], the averaged signal around each beat, from ``wave_before`` samples before its peak.
    """
    count = f.count
    near = f.near
    shift = f.shift
    learn = int(LEARN_S * f.rate_hz)
    seen = int(SEEN_S * f.rate_hz)
    lag = int(LAG_S * f.rate_hz)
    lost = int(LOST_S * f.rate_hz)
    half_second = int(0.5 * f.rate_hz)
    room = 2 * f.half + shift + near
    fine = max(0, int(0.004 * f.rate_hz * f.step))
    reach = max(2, int(0.03 * f.rate_hz * f.step))
    n_found = 0
    for k in range(count[K], end):
        at = k - near
        i = at - base
        if at > room and e[i] > 0.0 and count[NCAND] < CANDIDATES:
            highest = True
            for j in range(1, near + 1):
                if e[i - j] >= e[i] or e[i + j] > e[i]:
                    highest = False
                    break
            if highest:
                c = count[NCAND]
                f.cand[c, AT] = at
                f.cand[c, HEIGHT] = e[i]
                count[NCAND] = c + 1
        if count[LEARNT] == 0:
            if k - count[LEARN_FROM] < learn:
                continue
            if _learn(f, g, base, shift):
                count[LEARNT] = 1
                count[NEXT] = 0
                count[LAST_K] = -1
            else:
                count[LEARN_FROM] += int(f.rate_hz)
                gone = 0
                while gone < count[NCAND] and f.cand[gone, AT] < count[LEARN_FROM]:
                    gone += 1
                for c in range(gone, count[NCAND]):
                    f.cand[c - gone] = f.cand[c]
                count[NCAND] -= gone
                continue
        while count[NEXT] < count[NCAND] and f.cand[count[NEXT], AT] + seen <= k:
            _score(f, g, e, base, count[NEXT], shift)
            if f.cand[count[NEXT], EVIDENCE] > HOPELESS:
                count[NEXT] += 1
            else:
                for c in range(count[NEXT] + 1, count[NCAND]):
                    f.cand[c - 1] = f.cand[c]
                count[NCAND] -= 1
        while count[NEXT] > 0 and f.cand[0, AT] + lag <= k:
            if _chosen(f, count[NEXT]):
                j = _keep(f, g, base)
                middle = (f.cand[0, AT] + f.cand[0, SHIFT] + f.shape_of[j, PEAK] + 0.5) * f.step - 0.5
                if f.by_slope:
                    found[n_found, B_TIME] = middle + f.step * _fraction(f, g, base, j)
                else:
                    found[n_found, B_TIME] = _place(x, float(base * f.step), middle, f.shape_of[j, SIGN], reach, fine)
                found[n_found, B_SHAPE] = j
                found[n_found, B_SIZE] = f.cand[0, SIZE]
                found[n_found, B_LIKE] = f.cand[0, LIKE]
                found[n_found, B_EVIDENCE] = f.cand[0, EVIDENCE]
                found[n_found, B_HEIGHT] = f.cand[0, HEIGHT]
                here = int(f.cand[0, AT]) - base
                calm = e[here]
                for c in range(max(0, here - half_second), here + half_second + 1):
                    calm = min(calm, e[c])
                found[n_found, B_QUIET] = calm / f.usual[0]
                origin = int(round((found[n_found, B_TIME] + 0.5) / f.step - 0.5)) - base - wave_before
                for c in range(waves.shape[1]):
                    waves[n_found, c] = y[origin + c]
                n_found += 1
            for c in range(1, count[NCAND]):
                f.cand[c - 1] = f.cand[c]
            count[NCAND] -= 1
            count[NEXT] -= 1
        if count[LAST_K] >= 0 and k - lag - count[LAST_K] > lost:
            count[LEARNT] = 0
            count[LEARN_FROM] = k - lag
            count[LAST_K] = -1
    count[K] = max(count[K], end)
    return n_found
