"""Pairs that can't have anything to do with each other: what chance looks like for two hearts.

A surrogate keeps what one heart does by itself and destroys what it has to do with the other. Which one is right
depends on what has to be kept:

- `phase_surrogates` keeps the spectrum (Theiler and others 1992, Physica D 58:77). The default for figures that are
built of
  correlations. A stationary Gaussian series and its surrogates can't be told apart, so a probability counted among
  them is exact, and there are as many different ones as anybody wants.
- `amplitude_adjusted` keeps the spectrum of the ranks and every value (the same paper, its algorithm II). For figures
that look at
  values, such as recurrence: a heart rate in whole beats has ties that no Gaussian series has.
- `circular_shifts` keeps all of one series and turns it round in time. Holds for any stationary series, but a short
recording
  has few shifts that tell something new: only multiples of the least one are used, as neighbours are not independent.
- `segment_shuffles` keeps stretches of some length, in another order (Tschacher and others 2014, SUSY).
- `re_pairings` keeps every series whole, and pairs it with a stranger's. The best where there are many dyads: it
alone also
  takes away what comes from doing the same thing in the same room.

All are deterministic for a seed. A probability out of n surrogates is never zero: `p_value` counts the pair itself.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np

from toward.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]


TURNS: Final = 4096
_TURN: Final = np.exp(2j * np.pi * np.arange(TURNS) / TURNS)


def p_value(observed: float, surrogates: Floats) -> float:
    """The exact one-sided probability of a value as large as *observed* among n surrogates: (k + 1) / (n + 1).

    observed: the pair's own value. surrogates: float64[n], the same figure for pairs by chance; NaN is left out.
    Returns NaN if either has nothing to compare. Source: Phipson and Smyth 2010, Stat Appl Genet Mol Biol 9:39.

    >>> p_value(2.0, np.array([0.0, 1.0, 3.0]))
    0.5
    """
    known = surrogates[~np.isnan(surrogates)]
    if np.isnan(observed) or known.size == 0:
        return float("nan")
    return float((np.count_nonzero(known >= observed) + 1) / (known.size + 1))


def phase_surrogates(x: Floats, count: int, *, seed: int) -> Iterator[Floats]:
    """Series with the spectrum of *x* and random phases.

        y = IFFT( FFT(x) exp(i phi) ),   phi even on the circle

    on 4,096 places of it: any group of turns leaves a Gaussian series what it is. Every coefficient but the mean's
    (and, for even n, the one at half the rate, which has to stay real) is turned. Gaps (NaN) are bridged by straight
    lines for the spectrum, and are gaps again in every surrogate.

    x: float64[n]. Yields blocks of float64[k, n], *count* rows in all. Raises ``BadInput`` for fewer than three
    samples or nothing but gaps. Source: Theiler and others 1992, Physica D 58:77, algorithm I.
    """
    missing = np.isnan(x)
    n = x.size
    if n < 3 or missing.all():  # noqa: PLR2004 - two samples have no phase
        raise BadInput("There is too little here to make surrogates of.", field="x", reason="short")
    spectrum = np.fft.rfft(bridged(x))
    drawn = np.random.default_rng(seed)
    last = spectrum.size - (1 if n % 2 == 0 else 0)
    for some in _blocks(np.arange(count), n):
        angles = np.frombuffer(drawn.bytes(2 * some.size * (last - 1)), np.uint16) % TURNS
        turned = np.empty((some.size, spectrum.size), np.complex128)
        turned[:] = spectrum
        turned[:, 1:last] *= _TURN[angles].reshape(some.size, last - 1)
        made = np.fft.irfft(turned, n)
        made[:, missing] = np.nan
        yield made


def amplitude_adjusted(x: Floats, count: int, *, seed: int) -> Iterator[Floats]:
    """Series that hold exactly the values of *x*, with the spectrum of its normal scores and random phases.

    The values are replaced by normal scores of their ranks (ties in an order drawn by the seed), `phase_surrogates`
    are made of those, and the values of *x* are put back in the order of each. Gaps (NaN) stay where they are.

    x: float64[n]. Yields blocks of float64[k, n], *count* rows in all. Raises ``BadInput`` as `phase_surrogates`
    does. Source: Theiler and others 1992, algorithm II.
    """
    known = ~np.isnan(x)
    m = int(known.sum())
    order = np.lexsort((np.random.default_rng(seed).random(m), x[known]))
    normal = NormalDist()
    scores = np.empty(m)
    scores[order] = [normal.inv_cdf((i + 0.5) / m) for i in range(m)]
    gaussian = np.full(x.size, np.nan)
    gaussian[known] = scores
    values = x[known][order]
    for block in phase_surrogates(gaussian, count, seed=seed):
        made = np.full_like(block, np.nan)
        made[:, known] = values[np.argsort(np.argsort(block[:, known], axis=1), axis=1)]
        yield made


def shifts_of(n: int, count: int, *, apart: int) -> Whole:
    """Multiples of *apart* samples round a circle of *n*, and no nearer to none; evenly thinned to *count* at most."""
    apart = max(apart, 1)
    possible = np.arange(apart, n - apart + 1, apart)
    if possible.size <= count:
        return possible
    return possible[np.unique(np.linspace(0, possible.size - 1, count).round().astype(np.int64))]


def circular_shifts(x: Floats, count: int, *, apart: int) -> Iterator[Floats]:
    """Turn *x* round in time: the row of shift s holds ``x[(t - s) mod n]``. Gaps (NaN) turn with it.

    x: float64[n]. apart: see `shifts_of`; to be longer than the figure remembers, so that the true lag isn't among
    the surrogates and no two of them say the same. Yields blocks of float64[k, n]: up to *count* rows in all, fewer
    in a short series.
    """
    n = x.size
    twice = np.concatenate((x, x))
    for some in _blocks(shifts_of(n, count, apart=apart), n):
        yield np.stack([twice[n - s : 2 * n - s] for s in some])


def segment_shuffles(x: Floats, count: int, *, segment: int, seed: int) -> Iterator[Floats]:
    """Put the segments of *x* into another order.

    x: float64[n]. segment: length in samples; what is left over at the end stays where it is. Yields blocks of
    float64[k, n]. Raises ``BadInput`` if there are fewer than two segments. Source: Tschacher, Rees and Ramseyer
    2014, Front Psychol 5:1323.
    """
    n = x.size
    pieces = n // segment if segment > 0 else 0
    if pieces < 2:  # noqa: PLR2004 - one segment has one order
        raise BadInput("There are too few segments to change their order.", field="segment", reason="short")
    whole, rest = x[: pieces * segment].reshape(pieces, segment), x[pieces * segment :]
    drawn = np.random.default_rng(seed)
    for some in _blocks(np.arange(count), n):
        yield np.stack([np.concatenate((whole[drawn.permutation(pieces)].ravel(), rest)) for _ in some])


def re_pairings(dyads: int, count: int, *, seed: int) -> Whole:
    """Pair everybody with a stranger: int64[count, dyads], row by row the index of B that A of each dyad meets.

    No row gives anybody their own partner. Raises ``BadInput`` for fewer than three dyads, as two can be exchanged in
    one way only. Rows are drawn evenly from all such orders (by drawing orders until one fits; every third does).
    """
    if dyads < 3:  # noqa: PLR2004 - said above
        raise BadInput("Pairing with strangers needs three dyads or more.", field="dyads", reason="few")
    drawn = np.random.default_rng(seed)
    own = np.arange(dyads)
    rows = np.empty((count, dyads), np.int64)
    for i in range(count):
        order = drawn.permutation(dyads)
        while (order == own).any():
            order = drawn.permutation(dyads)
        rows[i] = order
    return rows


def quick_length(n: int) -> int:
    """The largest length up to *n* without a prime factor above 11, if that costs at most a hundredth; else *n*.

    A Fourier transform of 2,399 samples takes five times as long as one of 2,376.
    """
    for m in range(n, n - n // 100 - 1, -1):
        rest = m
        for prime in (2, 3, 5, 7, 11):
            while rest > 1 and rest % prime == 0:
                rest //= prime
        if rest == 1:
            return m
    return n


def bridged(x: Floats) -> Floats:
    """Straight lines over the gaps (NaN), level ones before the first and after the last; zeros if all is a gap."""
    known = ~np.isnan(x)
    if known.all():
        return x
    if not known.any():
        return np.zeros(x.size)
    return np.interp(np.arange(x.size), np.flatnonzero(known), x[known])


def _blocks(items: Whole, n: int) -> Iterator[Whole]:
    """So many at a time that a block of rows of *n* samples stays within some megabytes, for any length."""
    rows = max(1, 500_000 // max(n, 1))
    for start in range(0, items.size, rows):
        yield items[start : start + rows]
