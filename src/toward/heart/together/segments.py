"""SUSY, surrogate synchrony: cross-correlation in segments, against the same segments paired wrongly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from toward.errors import BadInput
from toward.heart.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SEGMENT_S: Final = 30.0
LAG_S: Final = 5.0


class Susy(NamedTuple):
    """What the R package SUSY gives for one pair (its names in brackets)."""

    z: float
    """Mean |Fisher z| of the segments that belong together, over all lags [Z]."""
    z_pseudo: float
    """The same of all segments of A with all the other ones of B [Z-Pseudo]."""
    effect: float
    """(z - z_pseudo) / standard deviation of the pseudo profile over lags [ES]."""
    z_signed: float
    """Mean Fisher z with its sign: above 0 in phase, below 0 in anti-phase [Z(noAbs)]."""
    z_signed_pseudo: float
    effect_signed: float
    """[ES(noAbs)]"""
    spread: float
    """Standard deviation of the pseudo profile over lags: the unit of *effect*."""
    segments: int
    """Segments without a gap in either."""


def susy(a: Floats, b: Floats, *, rate_hz: float, segment_s: float = SEGMENT_S, lag_s: float = LAG_S) -> Susy:
    """Surrogate synchrony of two series.

    Both are cut into segments of *segment_s* that do not overlap. For segment i of A and segment h of B, and each lag
    of +-*lag_s*, c(L) = sum_t (a_(t+L) - mean a)(b_t - mean b) / (n sd(a) sd(b)), over the t that exist, and z =
    atanh c. z is the mean of |z| for i = h; pseudo synchrony is the mean for i != h; the effect is their difference
    over the standard deviation, over lags, of the pseudo profile (Tschacher, Rees and Ramseyer 2014, Front Psychol
    5:1323; R package SUSY 0.1.0). That effect's unit is a spread between lags, not between people; whether it is
    above chance is asked of shuffled segments.

    a, b: float64[n] at *rate_hz*. Segments with a gap (NaN), or in which nothing moves, are left out. NaN figures for
    fewer than two. Raises ``BadInput`` if a segment isn't at least twice as long as the largest lag.
    """
    length, lag = _sizes(rate_hz, segment_s, lag_s)
    pieces_a, pieces_b = _pieces(a, length), _pieces(b, length)
    good = _moves(pieces_a) & _moves(pieces_b)
    pieces_a, pieces_b = pieces_a[good], pieces_b[good]
    n = pieces_a.shape[0]
    if n < 2:  # noqa: PLR2004 - a wrong pairing needs two
        nan = float("nan")
        return Susy(nan, nan, nan, nan, nan, nan, spread=nan, segments=n)
    z = cross_kernel(pieces_a, pieces_b, lag)
    own = np.eye(n, dtype=bool)
    real, pseudo, spread = _profile_figures(np.abs(z), own)
    real_signed, pseudo_signed, spread_signed = _profile_figures(z, own)
    return Susy(
        z=real,
        z_pseudo=pseudo,
        effect=_over(real - pseudo, spread),
        z_signed=real_signed,
        z_signed_pseudo=pseudo_signed,
        effect_signed=_over(real_signed - pseudo_signed, spread_signed),
        segments=n,
        spread=spread,
    )


def _profile_figures(z: Floats, own: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Mean of what belongs together, mean of what doesn't, and the latter's standard deviation over lags."""
    pseudo = z[~own].mean(axis=0)
    spread = float(pseudo.std(ddof=1)) if pseudo.size > 1 else float("nan")
    return float(z[own].mean()), float(pseudo.mean()), spread


def _over(apart: float, spread: float) -> float:
    return apart / spread if spread > 0 else float("nan")


def susy_rows(
    a: Floats, rows: Floats, *, rate_hz: float, segment_s: float = SEGMENT_S, lag_s: float = LAG_S
) -> tuple[Floats, Floats]:
    """Mean |z| with each of *rows*, float64[k]; and for the first of them the mean |z| at each lag, float64[2 m + 1].

    Lags are in this room's direction: above 0, A leads. (R's ``ccf`` counts the other way.)
    """
    length, lag = _sizes(rate_hz, segment_s, lag_s)
    pieces_a = _pieces(a, length)
    n = pieces_a.shape[0]
    pieces = rows[:, : n * length].reshape(rows.shape[0], n, length)
    profile = rows_kernel(pieces_a, np.ascontiguousarray(pieces), lag)
    return profile.mean(axis=1), profile[0, ::-1]


def _sizes(rate_hz: float, segment_s: float, lag_s: float) -> tuple[int, int]:
    length, lag = int(segment_s * rate_hz + 1e-9), int(lag_s * rate_hz + 1e-9)
    if length < max(4, 2 * lag):
        raise BadInput("A segment must be twice as long as the largest lag.", field="segment_s", reason="short")
    return length, lag


def _pieces(x: Floats, length: int) -> Floats:
    n = x.size // length
    return np.ascontiguousarray(x[: n * length].reshape(n, length))


def _moves(pieces: Floats) -> NDArray[np.bool_]:
    result: NDArray[np.bool_] = np.ptp(pieces, axis=1) > 0 if pieces.size else np.zeros(pieces.shape[0], bool)
    return result  # NaN > 0 is false


@compiled
def correlate(x: Floats, y: Floats, lag: int, out: Floats) -> bool:
    """Fisher z of R's ``ccf(x, y)`` at lags -lag..lag; False if either has a gap or doesn't move."""
    n = x.size
    mean_x = x.mean()
    mean_y = y.mean()
    xx = 0.0
    yy = 0.0
    for t in range(n):
        xx += (x[t] - mean_x) * (x[t] - mean_x)
        yy += (y[t] - mean_y) * (y[t] - mean_y)
    if not (xx > 0.0 and yy > 0.0):
        return False
    size = np.sqrt(xx * yy)
    for column in range(2 * lag + 1):
        shift = column - lag
        total = 0.0
        for t in range(max(0, -shift), min(n, n - shift)):
            total += (x[t + shift] - mean_x) * (y[t] - mean_y)
        r = min(max(total / size, -1.0 + 1e-15), 1.0 - 1e-15)
        out[column] = 0.5 * np.log((1.0 + r) / (1.0 - r))
    return True


@compiled
def cross_kernel(a: Floats, b: Floats, lag: int) -> Floats:
    """Every segment of A with every segment of B: float64[n, n, 2 lag + 1]."""
    n = a.shape[0]
    result = np.full((n, n, 2 * lag + 1), np.nan)
    for i in range(n):
        for h in range(n):
            correlate(a[i], b[h], lag, result[i, h])
    return result


@compiled
def rows_kernel(a: Floats, rows: Floats, lag: int) -> Floats:
    """Mean |z| over segments at each lag for each partner, float64[k, 2 lag + 1]; NaN if no segment compares."""
    result = np.full((rows.shape[0], 2 * lag + 1), np.nan)
    z = np.empty(2 * lag + 1)
    for k in range(rows.shape[0]):
        seen = 0
        for i in range(a.shape[0]):
            if correlate(a[i], rows[k, i], lag, z):
                if seen == 0:
                    result[k] = np.abs(z)
                else:
                    result[k] += np.abs(z)
                seen += 1
        if seen > 1:
            result[k] /= seen
    return result
