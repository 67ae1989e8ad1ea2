"""Beats that were missed, beats that are none, and beats that came early: found from the intervals, marked or repaired.

Every interval is compared with those around it (median and spread of the 16 nearest, after Lipponen & Tarvainen
2019, with a floor of a fifth so that breathing, which moves a young heart by that much, is left alone):

- close to twice or three times the usual: beats were missed, and are put in, marked ``interpolated``;
- two short ones that together make one usual interval: the stamp between them is no beat, marked ``extra``;
- a short one and then a long one: the beat between them came early, marked ``ectopic``.

A gap stays a gap: no interval reaches over one, nothing is put into one, and no value is held across it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.errors import BadInput
from toward.heart.gaps import between, merged
from toward.heart.recording import ECTOPIC, EXTRA, INTERPOLATED, NORMAL, Beats

Floats = NDArray[np.float64]

LONGEST_S: Final = 3.0
"""No interval is longer (twenty beats a minute); what is, is a gap."""
SHORTEST_S: Final = 0.24
"""No interval is shorter (250 beats a minute)."""
MOST_S: Final = 31.0 * 86_400.0
"""Longer than any recording; what reaches over more has a clock of another kind in it."""
AROUND: Final = 8
"""Intervals on either side that say what is usual."""
_FLOOR: Final = 0.2
_CEILING: Final = 0.35
_SPREADS: Final = 4.0
_UNEVEN: Final = 0.34
"""Where intervals spread more than this, no rhythm says what was missed or is too much."""


class Intervals(NamedTuple):
    """The intervals of cleaned beats, in their order, gaps left out."""

    rr_ms: Floats
    """float64[m], between neighbouring beats, extra ones stepped over."""
    end_s: Floats
    """float64[m], when each ended."""
    normal: NDArray[np.bool_]
    """bool[m], whether both its beats are normal (an NN interval)."""
    joined: NDArray[np.bool_]
    """bool[m], whether it begins where the one before it ended."""


def usual(rr: Floats) -> tuple[Floats, Floats]:
    """Median of each interval's neighbourhood, and how far from it still is usual: two float64[m]."""
    if rr.size == 0:
        return rr, rr
    width = min(2 * AROUND + 1, rr.size)
    windows = np.lib.stride_tricks.sliding_window_view(rr, width)
    middle = np.median(windows, axis=1)
    spread = 1.4826 * np.median(np.abs(windows - middle[:, None]), axis=1)
    at = np.clip(np.arange(rr.size) - width // 2, 0, windows.shape[0] - 1)
    middle, spread = middle[at], spread[at]
    return middle, np.clip(_SPREADS * spread, _FLOOR * middle, _CEILING * middle)


def check_beats(beats: Beats) -> None:
    """Raises `BadInput` when stamps are missing, run backwards or have no kinds."""
    time_s, kind, gaps = beats
    if time_s.ndim != 1 or kind.shape != time_s.shape:
        raise BadInput("Every beat needs one time and one kind.", field="beats", reason="shape")
    if not np.all(np.isfinite(time_s)):
        raise BadInput("Some beats have no time.", field="beats", reason="missing")
    if np.any(np.diff(time_s) < 0.0):
        raise BadInput("The beats' times run backwards; they must rise, in seconds.", field="beats", reason="order")
    if gaps.ndim != 2 or gaps.shape[1] != 2:  # noqa: PLR2004 - a start and an end
        raise BadInput("Gaps are pairs of start and end.", field="gaps", reason="shape")


def clean(beats: Beats) -> Beats:
    """The same beats with their kinds said and missed ones put in; kinds that were known already are kept."""
    check_beats(beats)
    time_s, kind = beats.time_s, beats.kind.astype(np.int8)
    if time_s.size and time_s[-1] - time_s[0] > MOST_S:
        raise BadInput(
            "These beats reach over more than a month; are their times in seconds?", field="beats", reason="time"
        )
    if time_s.size < 3:  # noqa: PLR2004 - two intervals are the least that can differ
        return beats._replace(kind=kind.copy())
    kind = _extra_marked(time_s, kind, beats.gaps)
    real = np.flatnonzero(kind != EXTRA)
    kept = time_s[real]
    broken = between(kept, beats.gaps, np.inf)
    rr = np.diff(kept)
    known = ~broken
    middle = np.full(rr.size, np.nan)
    limit = np.full(rr.size, np.nan)
    middle[known], limit[known] = usual(rr[known])
    kind = _early_marked(kind, real, rr, middle, limit)
    added = _missed(kept, rr, middle, limit, kind[real])
    everything = np.concatenate((time_s, added))
    order = np.argsort(everything, kind="stable")
    kinds = np.concatenate((kind, np.full(added.size, INTERPOLATED, np.int8)))
    silent = np.flatnonzero(np.diff(everything[order]) > LONGEST_S)
    silences = np.column_stack((everything[order][silent], everything[order][silent + 1]))
    return Beats(everything[order], kinds[order], merged(np.concatenate((beats.gaps, silences))))


def _extra_marked(time_s: Floats, kind: NDArray[np.int8], gaps: Floats) -> NDArray[np.int8]:
    """Two short intervals that make one usual one have an extra stamp between them."""
    kind = kind.copy()
    rr = np.diff(time_s)
    known = ~between(time_s, gaps, LONGEST_S)
    middle = np.full(rr.size, np.nan)
    limit = np.full(rr.size, np.nan)
    middle[known], limit[known] = usual(rr[known])
    last = -1
    for i in np.flatnonzero(known[:-1] & known[1:] & (rr[:-1] < middle[:-1] - limit[:-1])):
        j = int(i)
        both = rr[j] + rr[j + 1]
        even = limit[j] < _UNEVEN * middle[j]
        fits = even and abs(both - middle[j]) < limit[j] and rr[j + 1] < middle[j] - limit[j]
        if j > last and kind[j + 1] == NORMAL and (fits or rr[j] < SHORTEST_S):
            kind[j + 1] = EXTRA
            last = j + 1
    return kind


def _early_marked(
    kind: NDArray[np.int8], real: NDArray[np.intp], rr: Floats, middle: Floats, limit: Floats
) -> NDArray[np.int8]:
    """A short interval and then one longer than usual have an early beat between them."""
    with np.errstate(invalid="ignore"):
        early = (rr[:-1] < middle[:-1] - limit[:-1]) & (rr[1:] > middle[1:] + 0.5 * limit[1:])
    for i in np.flatnonzero(early & (rr[1:] <= LONGEST_S)):
        if kind[real[i + 1]] == NORMAL:
            kind[real[i + 1]] = ECTOPIC
    return kind


def _missed(kept: Floats, rr: Floats, middle: Floats, limit: Floats, kind: NDArray[np.int8]) -> Floats:
    """Times of beats that the rhythm says were missed: one or two of them between normal beats."""
    added: list[float] = []
    for times in (2, 3):
        with np.errstate(invalid="ignore"):
            fits = (np.abs(rr / times - middle) < 0.6 * limit) & (rr > 1.6 * middle)
            fits &= limit < _UNEVEN * middle
        for i in np.flatnonzero(fits & (kind[:-1] == NORMAL) & (kind[1:] == NORMAL)):
            added += [float(kept[i] + rr[i] * part / times) for part in range(1, times)]
    return np.array(sorted(set(added)), np.float64)


def intervals(beats: Beats) -> Intervals:
    """The intervals of cleaned beats."""
    real = beats.kind != EXTRA
    time_s, kind = beats.time_s[real], beats.kind[real]
    if time_s.size < 2:  # noqa: PLR2004 - an interval has two ends
        nothing = np.zeros(0)
        return Intervals(nothing, nothing, np.zeros(0, np.bool_), np.zeros(0, np.bool_))
    whole = ~between(time_s, beats.gaps, LONGEST_S)
    normal = (kind[:-1] == NORMAL) & (kind[1:] == NORMAL)
    joined = np.concatenate(([False], whole[:-1]))
    rr_ms = 1000.0 * np.diff(time_s)
    return Intervals(rr_ms[whole], time_s[1:][whole], normal[whole], joined[whole])
