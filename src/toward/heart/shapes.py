"""The shapes of beats: matched, learnt, followed as they change, and where in them the beat is."""

# ruff: noqa: PLR2004, C901, PLR0912, PLR0915 - a kernel is one loop, and its numbers are explained where they stand

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toward.heart.compiled import compiled
from toward.heart.exactly import exactly
from toward.heart.finder import (
    AT,
    HEIGHT,
    LAST_K,
    LEARN_FROM,
    LIKE,
    NBEATS,
    NCAND,
    NRECENT,
    PEAK,
    SEEN_AT,
    SEEN_N,
    SHAPE,
    SHAPES,
    SHIFT,
    SIGN,
    Finder,
)

Floats = NDArray[np.float64]


@exactly
def middle(values: Floats) -> float:
    """The median of a short array: of a handful, the plainest way to sort is the quickest."""
    ordered = values.copy()
    n: int = ordered.size
    for i in range(1, n):
        value = ordered[i]
        j = i
        while j > 0 and ordered[j - 1] > value:
            ordered[j] = ordered[j - 1]
            j -= 1
        ordered[j] = value
    return float(0.5 * (ordered[(n - 1) // 2] + ordered[n // 2]))


@compiled
def match(g: Floats, at: int, shape: Floats, half: int, shift: int) -> tuple[float, float, int]:
    """Best size and correlation of ``shape`` around ``at``, and the shift that gives them."""
    power = 0.0
    for i in range(shape.size):
        power += shape[i] * shape[i]
    if power <= 0.0:
        return 0.0, 0.0, 0
    most, best = 0.0, 0
    for s in range(-shift, shift + 1):
        part = g[at + s - half : at + s + half + 1]
        dot = 0.0
        for i in range(shape.size):
            dot += part[i] * shape[i]
        if dot > most:
            most, best = dot, s
    part = g[at + best - half : at + best + half + 1]
    own = 0.0
    for i in range(shape.size):
        own += part[i] * part[i]
    return most / power, most / np.sqrt(power * own) if most > 0.0 else 0.0, best


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
def _steepest(shape: Floats, half: int, near: int) -> int:
    """The steepest place of a shape within ``near`` of its middle: further off, a quick heart has its next pulse."""
    top = half
    for i in range(half - near, half + near + 1):
        if shape[i] > shape[top]:
            top = i
    return top - half


@exactly
def learn(f: Finder, g: Floats, base: int, shift: int) -> bool:
    """Take the candidate most like the others for a first shape; False when no three are alike."""
    n = f.count_of[NCAND]
    width = 2 * f.half + 1
    if n < 3:
        return False
    # The highest of each second and a half: a spike spoils one of them, not their median.
    span = int(1.5 * f.rate_hz)
    first = f.count_of[LEARN_FROM]
    tops = np.zeros(4)
    for i in range(n):
        q = min(3, max(0, (int(f.cand[i, AT]) - first) // span))
        tops[q] = max(tops[q], f.cand[i, HEIGHT])
    usual = middle(tops[tops > 0.0])
    winner, most, friends = -1, 0.0, 0
    for i in range(n):
        if not 0.4 * usual <= f.cand[i, HEIGHT] <= 2.5 * usual:
            continue
        at = int(f.cand[i, AT]) - base
        own = g[at - f.half : at + f.half + 1].copy()
        total, alike = 0.0, 0
        for j in range(n):
            if j != i and 0.4 * usual <= f.cand[j, HEIGHT] <= 2.5 * usual:
                size, like, _ = match(g, int(f.cand[j, AT]) - base, own, f.half, shift)
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
            size, like, s = match(g, other, own, f.half, shift)
            if like > 0.75 and 0.5 < size < 2.0:
                for i in range(width):
                    mean[i] += g[other + s - f.half + i]
                heights[alike] = f.cand[j, HEIGHT]
                alike += 1
    f.shapes[slot] = mean / alike
    where, sign = _peak(f.shapes[slot], f.half, 0.0)
    if f.by_slope:
        where = _steepest(f.shapes[slot], f.half, f.near)
    f.shape_of[slot, SEEN_N] = 20.0  # several at once: as good as known
    f.shape_of[slot, SEEN_AT] = at + base
    f.shape_of[slot, PEAK] = where
    f.shape_of[slot, SIGN] = sign
    f.recent[0, :] = middle(heights[:alike])
    f.usual[0] = f.recent[0, 0]
    f.usual[1] = 0.0
    f.recent[1, :] = 0.0
    f.count_of[NRECENT] = 0
    f.count_of[LAST_K] = -1
    return friends >= 2


@exactly
def keep(f: Finder, g: Floats, base: int) -> int:
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
        where = _steepest(f.shapes[j], f.half, f.near)
    f.shape_of[j, PEAK] = where
    f.shape_of[j, SIGN] = sign
    f.shape_of[j, SEEN_AT] = at
    n = f.count_of[NRECENT]
    f.recent[0, f.count_of[NBEATS] % 8] = f.cand[0, HEIGHT]
    if f.count_of[LAST_K] >= 0:
        f.recent[1, n % 8] = at - f.count_of[LAST_K]
        f.count_of[NRECENT] = n + 1
        f.usual[1] = middle(f.recent[1, : min(8, n + 1)])
    f.usual[0] = middle(f.recent[0])
    f.count_of[LAST_K] = at
    f.count_of[NBEATS] += 1
    return j


@exactly
def place(x: Floats, first: float, middle: float, sign: float, reach: int, smooth: int) -> float:
    """The sample, with a fraction, where ``sign * x`` peaks within ``reach`` of ``middle``; else ``middle``.

    x: as recorded, from absolute sample ``first`` on; a mean over ``2 * smooth + 1`` samples is what peaks.
    """
    centre = round(middle - first)
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
def fraction(f: Finder, g: Floats, base: int, j: int) -> float:
    """The fraction of a sample that is left between the oldest candidate's steepest point and its whole numbers."""
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
