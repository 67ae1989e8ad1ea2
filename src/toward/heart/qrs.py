"""The kernels that find heartbeats in an electrocardiogram.

The signal is averaged down to 90 to 190 Hz, smoothed over 25 ms and turned into its slope, in which a QRS complex is
the steepest thing and a wandering baseline all but vanishes. From there on:

1. Candidates are the local maxima of the slope's mean size over 100 ms (after Pan & Tompkins 1985). There is no
threshold that
   a spike could push up for minutes.
2. Each candidate is compared with the shapes of earlier beats (a matched filter: size times correlation), or, when
it is like
   none of them, judged by how far it stands out of the 750 ms around it (after Makowski et al. 2021).
3. The sequence with the best sum of such evidence, less what an implausible rhythm costs, wins (Viterbi with a fixed
lag): a
   doubtful bump is taken where a beat is missing and left where one would be too many.

Nothing looks further ahead than `LAG_S`, but for the first `LEARN_S`, in which the first shape is learnt. Every
value belongs to one place in the signal and to nothing else, so a file fed at once or in pieces gives the same
beats, bit for bit.
"""

# ruff: noqa: PLR2004, C901, PLR0912, PLR0913, PLR0915, PLR0917, FBT001 - a kernel is one loop over plain arrays and
# numbers: compiled code takes no keywords, and its numbers are explained where they stand

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toward.heart.exactly import exactly
from toward.heart.finder import (
    AT,
    B_EVIDENCE,
    B_HEIGHT,
    B_LIKE,
    B_QUIET,
    B_SHAPE,
    B_SIZE,
    B_STANDS_OUT,
    B_TIME,
    CAND_COLUMNS,
    CANDIDATES,
    CLOSEST_S,
    DONE,
    EVIDENCE,
    HEIGHT,
    HOPELESS,
    LAG_S,
    LAST_K,
    LEARN_FROM,
    LEARN_S,
    LEARNT,
    LIKE,
    LOST_S,
    NCAND,
    NEXT,
    NRECENT,
    PEAK,
    SEEN_N,
    SEEN_S,
    SHAPE,
    SHAPES,
    SHIFT,
    SIGN,
    SIZE,
    STANDS_OUT,
    Finder,
)
from toward.heart.shapes import fraction, keep, learn, match, place

Floats = NDArray[np.float64]


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
    f.cand[i, STANDS_OUT] = height / around
    contrast = min(1.0, max(0.0, (height / around - 1.5) / 1.5))
    if height > 0.15 * usual:
        for j in range(SHAPES):
            if f.shape_of[j, SEEN_N] >= 1.0:
                size, like, s = match(g, at, f.shapes[j], f.half, shift)
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
    if rr < CLOSEST_S * rate_hz:
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
    known = f.count_of[NRECENT] >= 3
    if known:
        usual = f.usual[1]
    horizon = f.cand[scored - 1, AT]
    top, most = -1, 0.0
    if f.count_of[LAST_K] >= 0:
        most = -_cost(max(usual, horizon - f.count_of[LAST_K]), usual, known, f.rate_hz, f.haste)
    for j in range(scored):
        f.best[j] = 0.0
        f.came[j] = -1
        if f.count_of[LAST_K] >= 0:
            doubt = 1.0 - max(0.0, f.cand[j, EVIDENCE])
            f.best[j] = -_cost(f.cand[j, AT] - f.count_of[LAST_K], usual, known, f.rate_hz, f.haste * doubt)
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
def _drop(f: Finder, first: int, many: int) -> None:
    """Take ``many`` candidates out, from ``first`` on."""
    f.count_of[NCAND] -= many
    for c in range(first, f.count_of[NCAND]):
        # Number by number: a row as a whole would be asked first if it overlaps itself.
        for i in range(CAND_COLUMNS):
            f.cand[c, i] = f.cand[c + many, i]


@exactly
def _back_to_qrs(f: Finder, g: Floats, e: Floats, base: int) -> None:
    """Move the oldest candidate to the complex whose T wave it is, if it is one.

    A strange beat may have a small complex and a large T wave, which passes for a small beat of another kind. What is
    much smaller than its like and comes 120 to 300 ms after something steeper is a T wave (after Pan & Tompkins 1985).
    """
    at = int(f.cand[0, AT]) - base
    low = max(at - int(0.3 * f.rate_hz), f.near)
    if f.count_of[LAST_K] >= 0:
        low = max(low, f.count_of[LAST_K] - base + int(CLOSEST_S * f.rate_hz) + 1)
    steepest = 0.0
    for i in range(at - f.near, at + f.near + 1):
        steepest = max(steepest, abs(g[i]))
    where = -1
    for i in range(low, at - int(0.12 * f.rate_hz) + 1):
        if e[i] < 0.25 * f.usual[0]:
            continue
        highest = True
        steep = 0.0
        for j in range(-f.near, f.near + 1):
            if e[i + j] > e[i]:
                highest = False
                break
            steep = max(steep, abs(g[i + j]))
        if highest and steep > steepest:
            steepest = steep
            where = i
    if where < 0:
        return
    f.cand[0, AT] = where + base
    f.cand[0, HEIGHT] = e[where]
    f.cand[0, SIZE] = e[where] / f.usual[0]
    f.cand[0, SHAPE] = -1.0
    f.cand[0, LIKE] = 0.0
    f.cand[0, SHIFT] = 0.0


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

    x: as recorded, from sample ``base * step`` on. y, g, e: averaged signal, slope and its size, from averaged
    sample ``base``
    on. waves: float64[same as found, w], the averaged signal around each beat, from ``wave_before`` samples before
    its peak.
    """
    count = f.count_of
    near = f.near
    shift = f.shift
    learning = int(LEARN_S * f.rate_hz)
    seen = int(SEEN_S * f.rate_hz)
    lag = int(LAG_S * f.rate_hz)
    lost = int(LOST_S * f.rate_hz)
    half_second = int(0.5 * f.rate_hz)
    room = 2 * f.half + shift + near
    fine = max(0, int(0.004 * f.rate_hz * f.step))
    reach = max(2, int(0.03 * f.rate_hz * f.step))
    n_found = 0
    for k in range(count[DONE], end):
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
            if k - count[LEARN_FROM] < learning:
                continue
            if learn(f, g, base, shift):
                count[LEARNT] = 1
                count[NEXT] = 0
                count[LAST_K] = -1
            else:
                count[LEARN_FROM] += int(f.rate_hz)
                gone = 0
                while gone < count[NCAND] and f.cand[gone, AT] < count[LEARN_FROM]:
                    gone += 1
                _drop(f, 0, gone)
                continue
        while count[NEXT] < count[NCAND] and f.cand[count[NEXT], AT] + seen <= k:
            _score(f, g, e, base, count[NEXT], shift)
            if f.cand[count[NEXT], EVIDENCE] > HOPELESS:
                count[NEXT] += 1
            else:
                _drop(f, count[NEXT], 1)
        while count[NEXT] > 0 and f.cand[0, AT] + lag <= k:
            if _chosen(f, count[NEXT]):
                if f.cand[0, SIZE] < 0.6 and not f.by_slope:
                    _back_to_qrs(f, g, e, base)
                j = keep(f, g, base)
                middle = (f.cand[0, AT] + f.cand[0, SHIFT] + f.shape_of[j, PEAK] + 0.5) * f.step - 0.5
                if f.by_slope:
                    # Moved by less than half of the closest two beats may be, no beat can pass another.
                    own = (f.cand[0, AT] + 0.5) * f.step - 0.5
                    most = 0.45 * CLOSEST_S * f.rate_hz * f.step
                    moved = middle + f.step * fraction(f, g, base, j) - own
                    found[n_found, B_TIME] = own + min(most, max(-most, moved))
                else:
                    found[n_found, B_TIME] = place(x, float(base * f.step), middle, f.shape_of[j, SIGN], reach, fine)
                found[n_found, B_SHAPE] = j
                found[n_found, B_SIZE] = f.cand[0, SIZE]
                found[n_found, B_LIKE] = f.cand[0, LIKE]
                found[n_found, B_EVIDENCE] = f.cand[0, EVIDENCE]
                found[n_found, B_HEIGHT] = f.cand[0, HEIGHT]
                found[n_found, B_STANDS_OUT] = f.cand[0, STANDS_OUT]
                here = int(f.cand[0, AT]) - base
                calm = e[here]
                for c in range(max(0, here - half_second), here + half_second + 1):
                    calm = min(calm, e[c])
                found[n_found, B_QUIET] = calm / f.usual[0]
                origin = round((found[n_found, B_TIME] + 0.5) / f.step - 0.5) - base - wave_before
                for c in range(waves.shape[1]):
                    waves[n_found, c] = y[origin + c]
                n_found += 1
            _drop(f, 0, 1)
            count[NEXT] -= 1
        if count[LAST_K] >= 0 and k - lag - count[LAST_K] > lost:
            count[LEARNT] = 0
            count[LEARN_FROM] = k - lag
            count[LAST_K] = -1
    count[DONE] = max(count[DONE], end)
    return n_found
