"""What can honestly be said of a session's hearts: how well they were heard, if they slowed, if they moved together.

It takes up to a second and NumPy: for a worker thread, after the session. Its answers are figures and verdicts; the
words are the page's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from toward.heart.cleaning import clean, intervals
from toward.heart.recording import NORMAL, Beats
from toward.heart.together import pair_of_beats, stretches_together
from toward.heart.together.comparison import FEWEST_S, FEWEST_SHARE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toward.live.events import HeartRecord

PART_S: Final = 60.0
"""How it was at first and at last: a minute each, as a shorter one holds too few breaths."""
FEWEST_BEATS: Final = 20
SURROGATES: Final = 1000


class HeartTold(NamedTuple):
    """What is told; a figure is None where too little was heard."""

    minutes: float
    heard: float
    """Share of the time in intervals between normal beats, 0 to 1."""
    slowed: float | None
    """Beats a minute, median of the first minute less that of the last."""
    they_slowed: float | None
    together: Literal["above", "chance", "little"] | None
    """None where the two were not both seen."""
    stretches: tuple[tuple[float, float], ...]
    """From and to in minutes of the session, if ``together`` is "above"."""
    beats_ms: tuple[int, ...]
    """Since the first beat, if the person wants them kept."""


def tell(record: HeartRecord) -> HeartTold:
    """Return what can be said of *record*. The same record is told the same way every time."""
    start_ms, end_ms = record.from_ms, record.to_ms
    mine = _cleaned(record.beats_ms, record.gaps_ms, start_ms)
    theirs = _cleaned(record.their_beats_ms, record.their_gaps_ms, start_ms) if record.their_beats_ms else None
    length_s = (end_ms - start_ms) / 1000
    together, stretches = _together(mine, theirs) if record.shared_ms else (None, ())
    first = record.beats_ms[0] if record.beats_ms else start_ms
    return HeartTold(
        minutes=round(length_s / 60, 1),
        heard=round(_trusted_s(mine) / length_s, 2) if length_s > 0 else 0.0,
        slowed=_slowed(mine),
        they_slowed=None if theirs is None else _slowed(theirs),
        together=together,
        stretches=stretches,
        beats_ms=tuple(round(at - first) for at in record.beats_ms) if record.keep else (),
    )


def _cleaned(beats_ms: Sequence[float], gaps_ms: Sequence[tuple[float, float]], start_ms: float) -> Beats:
    time_s = (np.asarray(beats_ms, np.float64) - start_ms) / 1000
    gaps_s = (np.asarray(gaps_ms, np.float64).reshape(-1, 2) - start_ms) / 1000
    return clean(Beats(time_s, np.full(time_s.size, NORMAL, np.int8), gaps_s))


def _trusted_s(beats: Beats) -> float:
    known = intervals(beats)
    return min(float(known.rr_ms[known.normal].sum()) / 1000, float(beats.time_s[-1] - beats.time_s[0]))


def _slowed(beats: Beats) -> float | None:
    """None for less than two minutes: first and last would be one. Waking up and warming up are in the first minute."""
    known = intervals(beats)
    rr, end = known.rr_ms[known.normal], known.end_s[known.normal]
    if not rr.size or end[-1] - end[0] < 2 * PART_S:
        return None
    first, last = rr[end < end[0] + PART_S], rr[end > end[-1] - PART_S]
    if min(first.size, last.size) < FEWEST_BEATS:
        return None
    return round(float(60_000 / np.median(first) - 60_000 / np.median(last)), 1)


def _together(
    mine: Beats, theirs: Beats | None
) -> tuple[Literal["above", "chance", "little"], tuple[tuple[float, float], ...]]:
    """One question with one chance of 1 in 20 to be fooled: was there any stretch of a minute beyond chance?"""
    if theirs is None or min(mine.time_s.size, theirs.time_s.size) < FEWEST_BEATS:
        return "little", ()
    start, end = max(mine.time_s[0], theirs.time_s[0]), min(mine.time_s[-1], theirs.time_s[-1])
    if end - start < FEWEST_S:
        return "little", ()
    pair = pair_of_beats(mine, theirs)
    if pair.shared_s < max(FEWEST_S, FEWEST_SHARE * pair.duration_s):
        return "little", ()
    found = stretches_together(pair, surrogates=SURROGATES)
    if not found:
        return "chance", ()
    minutes = ((pair.start_s + one.from_s, pair.start_s + one.to_s) for one in found)
    return "above", tuple((round(max(0.0, a) / 60, 1), round(b / 60, 1)) for a, b in minutes)


def warm() -> None:
    """Compile what ``tell`` needs, so that the first pair need not wait for it."""
    rng = np.random.default_rng(0)
    beats = [np.cumsum(rng.normal(0.9, 0.05, 200)) for _ in range(2)]
    pair = pair_of_beats(*(clean(Beats(at, np.zeros(at.size, np.int8), np.zeros((0, 2)))) for at in beats))
    stretches_together(pair, surrogates=19)
