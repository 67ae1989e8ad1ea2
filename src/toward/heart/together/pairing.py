"""Two lists of beats on one even clock, and what is left of a series once it no longer leans on its own past."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from toward.errors import BadInput
from toward.heart.recording import ECTOPIC, EXTRA

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toward.heart.recording import Beats

    Floats = NDArray[np.float64]

Whitening = Literal["difference", "autoregression", "none"]

LONGEST_INTERVAL_S: Final = 2.5
"""Longer than this between two beats, nobody was listening: 24 beats a minute is the slowest heart we believe."""
RATE_HZ: Final = 4.0


class Pair(NamedTuple):
    """Two hearts on one clock: beats a minute at an even rate, NaN where either of them was not heard."""

    a: Floats
    """float64[n], beats a minute."""
    b: Floats
    """float64[n], beats a minute."""
    rate_hz: float
    start_s: float
    """Where the two begin, on the clock of the beats."""

    @property
    def duration_s(self) -> float:
        """How long both were recorded, gaps and all."""
        return self.a.size / self.rate_hz

    @property
    def shared_s(self) -> float:
        """How long both were heard at once."""
        return int(np.count_nonzero(~np.isnan(self.a) & ~np.isnan(self.b))) / self.rate_hz


def pair_of_beats(a: Beats, b: Beats, *, rate_hz: float = RATE_HZ, b_later_s: float = 0.0) -> Pair:
    """Both hearts' rates on one even clock, over the time that both recordings cover.

    The rate at a moment is 60 / RR of the interval around it, between the middles of neighbouring intervals on a
    straight line (Berger and others 1986, IEEE Trans Biomed Eng 33:900, for why a rate should be read from intervals
    and not from counts). A stretch without a usable interval stays NaN: nothing is held or drawn across it.

    a, b: beats with times in seconds. rate_hz: of the result. b_later_s: what to add to b's times to be on a's clock.
    Raises ``BadInput`` if the two do not overlap.
    """
    if rate_hz <= 0:
        raise BadInput("The rate must be above zero.", field="rate_hz", reason="range")
    if min(a.time_s.size, b.time_s.size) < 2:  # noqa: PLR2004 - an interval has two ends
        raise BadInput("Comparing needs at least two beats of each.", field="beats", reason="few")
    start = max(float(a.time_s[0]), float(b.time_s[0]) + b_later_s)
    end = min(float(a.time_s[-1]), float(b.time_s[-1]) + b_later_s)
    n = int((end - start) * rate_hz + 1e-6) + 1
    if end <= start:
        raise BadInput(
            "The two recordings have no time in common: one is over before the other begins.",
            field="beats",
            reason="apart",
        )
    clock = start + np.arange(n) / rate_hz
    return Pair(rate_on(a, clock), rate_on(b, clock - b_later_s), rate_hz, start)


def rate_on(beats: Beats, clock_s: Floats) -> Floats:
    """The heart rate, in beats a minute, at each moment of *clock_s*, float64[n], rising; NaN where it isn't known."""
    kept = beats.kind != EXTRA
    time, kind = beats.time_s[kept], beats.kind[kept]
    rr = np.diff(time)
    middle = (time[1:] + time[:-1]) / 2
    # An ectopic beat is not led by the sinus node; both of its intervals tell of something else.
    usable = (rr > 0) & (rr <= LONGEST_INTERVAL_S) & (kind[1:] != ECTOPIC) & (kind[:-1] != ECTOPIC)
    for from_s, to_s in beats.gaps:
        usable &= (time[1:] <= from_s) | (time[:-1] >= to_s)
    result = np.full(clock_s.size, np.nan)
    if not usable.any():
        return result
    result[:] = np.interp(clock_s, middle[usable], 60.0 / rr[usable])
    # Only ends of usable intervals are ends of what is known; between two of them there may be a few ectopic beats.
    starts, ends = time[:-1][usable], time[1:][usable]
    after = np.searchsorted(starts, clock_s, side="right") - 1
    last_end = np.where(after >= 0, ends[np.maximum(after, 0)], -np.inf)
    next_start = np.where(after + 1 < starts.size, starts[np.minimum(after + 1, starts.size - 1)], np.inf)
    bridged = (next_start - last_end <= LONGEST_INTERVAL_S) & np.isfinite(next_start) & np.isfinite(last_end)
    known = (clock_s <= last_end) | bridged
    for from_s, to_s in beats.gaps:
        known &= (clock_s <= from_s) | (clock_s >= to_s)
    result[~known] = np.nan
    return result


def whitened(x: Floats, how: Whitening = "difference", *, rate_hz: float = RATE_HZ) -> Floats:
    """What in *x* does not follow from its own past: by default the change from one sample to the next.

    Two slow series, each leaning on its own past, agree by accident far more often than independent draws would
    (Yule 1926, J R Stat Soc 89:1; Dean and Dunsmuir 2016, Behav Res Methods 48:783). So the change is compared, not
    the level.

    "difference": ``x[t] - x[t-1]``. "autoregression": the error of the best linear guess from the last second or so,
    its order chosen by the Bayesian information criterion up to 8 (Box, Jenkins and Reinsel, ch. 12). "none": x less
    its mean. x: float64[n] -> float64[n - 1] (difference), float64[n] with NaN for the first ones (autoregression),
    float64[n] (none). A gap (NaN) stays one.
    """
    if how == "difference":
        return np.diff(x)
    centred = x - np.nanmean(x) if (~np.isnan(x)).any() else x.copy()
    if how == "none":
        return centred
    return _innovations(centred, order_up_to=max(2, min(8, round(2 * rate_hz))))


def _innovations(x: Floats, *, order_up_to: int) -> Floats:
    """Least squares on rows without a gap; the order with the smallest n log(s2) + p log(n)."""
    n = x.size
    if n <= 4 * order_up_to:
        return np.full(n, np.nan)
    past = np.stack([np.concatenate((np.full(k, np.nan), x[: n - k])) for k in range(1, order_up_to + 1)], axis=1)
    # Every order is judged on the same rows, or the longer ones would be judged on fewer.
    rows = ~np.isnan(past).any(axis=1) & ~np.isnan(x)
    if np.count_nonzero(rows) <= 4 * order_up_to:
        return np.full(n, np.nan)
    best: tuple[float, Floats] = (np.inf, np.zeros(0))
    m = int(np.count_nonzero(rows))
    for order in range(1, order_up_to + 1):
        weights = np.linalg.lstsq(past[rows, :order], x[rows], rcond=None)[0]
        error = x[rows] - past[rows, :order] @ weights
        score = m * np.log(max(float(np.mean(error**2)), 1e-300)) + order * np.log(m)
        if score < best[0]:
            best = (score, weights)
    weights = best[1]
    result: Floats = x - past[:, : weights.size] @ weights
    return result


def is_flat(x: Floats) -> bool:
    """Whether there is nothing in *x* that moves: all gaps, or one value."""
    known = x[~np.isnan(x)]
    return known.size == 0 or float(np.ptp(known)) == 0.0
