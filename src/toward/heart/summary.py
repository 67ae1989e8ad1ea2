"""From beats to their summary: what can be said, how sure it is, and why not where not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from toward.errors import BadInput
from toward.heart import quality
from toward.heart.breath import SHORTEST_S as BREATH_SHORTEST_S
from toward.heart.breath import Breath, breath
from toward.heart.cleaning import LONGEST_S, SHORTEST_S, Intervals, clean, intervals, usual
from toward.heart.gaps import merged
from toward.heart.recording import BEAT_KINDS, NORMAL, Beats, Reason, Summary
from toward.heart.variability import LONGEST_BEAT_S, Variability, variability
from toward.heart.variability import SHORTEST_S as FIGURES_S

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toward.heart.seeking import FoundBeats

    Floats = NDArray[np.float64]

ENOUGH_PAIRS: Final = 0.6
"""The share of neighbouring intervals that must be sure before variability is given from light."""
ENOUGH_NORMAL: Final = 0.7
"""The share of intervals that must lie between two normal beats before variability is given (Task Force 1996 would
have more)."""
LOOSEST_MS2: Final = 900.0
"""What loose times of pulses may add to the mean squared difference of intervals: 12 ms each. On made pulses whose
beats are known, four in five of those above it are wrong by more than 10 ms, and none of those below 300."""
_LOOSE: Final = Reason("loose", {})
_UNEVEN: Final = Reason("uneven", {})
_POOR: Final = Reason("poor", {})
_TORN: Final = Reason("torn", {})
_CONSTANT: Final = Reason("constant", {})
_NO_RHYTHM: Final = Reason("no_rhythm", {})
_PULSE_FLOOR: Final = 0.12
_PULSE_CEILING: Final = 0.25
_NOISE_SAMPLES: Final = 10.0
"""Samples of the smoothed light signal over which noise is one noise."""
_NOISE_SHARE: Final = 0.5
"""How much of the unlikeness of a pulse to its like is noise in its time; the rest is change in its shape."""


def summarise_beats(beats: Beats, duration_s: float | None = None) -> Summary:
    """The summary of beats that a strap found, or that were read from a file of intervals.

    duration_s: of the recording; from the first beat to the last, when not given. Raises `BadInput` where the stamps
    can't be those
    of a heart: backwards, missing, or in another unit.
    """
    rr = np.diff(beats.time_s)
    if rr.size and np.all(np.isfinite(rr)) and rr.min() >= 0.0 and not SHORTEST_S <= float(np.median(rr)) <= LONGEST_S:
        raise BadInput(
            f"The usual interval is {1000.0 * float(np.median(rr)):.4g} ms, as no heart has it; is the unit right?",
            field="rr_ms",
            reason="units",
        )
    cleaned = clean(beats)
    gaps = cleaned.gaps
    if duration_s is None:
        duration_s = float(beats.time_s[-1] - beats.time_s[0]) if beats.time_s.size else 0.0
    found = intervals(cleaned)
    odd = float(np.isin(cleaned.kind, (2, 3)).mean()) if cleaned.kind.size else 1.0
    sure = (1.0 - odd) * _covered(found, duration_s)
    source = {"rsa": (found.end_s[found.normal], found.rr_ms[found.normal])}
    return _told("rr", duration_s, cleaned._replace(gaps=gaps), found, sure, source, 0.0, _uneven(found))


def summarise_found(kind: str, duration_s: float, found: FoundBeats, gaps: Floats, pulse_ms2: float) -> Summary:
    """The summary of beats found in a signal.

    kind: ecg, ppg or camera. gaps: float64[k, 2], stretches without a signal. pulse_ms2: squared time scale of a
    pulse, 0 for an ECG: with it a pulse's likeness to its like says how loose its time is.
    """
    kept, doubtful = quality.believed(found)
    gaps = merged(np.concatenate((gaps, doubtful, _ends(kept.time_s, duration_s))))
    cleaned = clean(Beats(kept.time_s, kept.kind, gaps))
    rr = intervals(cleaned)
    clear = float(np.clip((kept.clarity - 0.5) / 0.35, 0.0, 1.0).mean()) if kept.clarity.size else 0.0
    sure = clear * _covered(rr, duration_s)
    noise_ms2, unfit, counted = 0.0, _uneven(rr), None
    if pulse_ms2 > 0.0 and rr.rr_ms.size:
        middle, limit = usual(rr.rr_ms)
        counted = np.abs(rr.rr_ms - middle) <= limit
        rr = rr._replace(normal=rr.normal & _sure_intervals(rr, kept))
        pairs = rr.joined[1:] & rr.normal[1:] & rr.normal[:-1]
        if not pairs.size or pairs.mean() < ENOUGH_PAIRS:
            unfit = _LOOSE
        noise_ms2 = _timing_noise(kept, pulse_ms2)
        if noise_ms2 > LOOSEST_MS2:
            unfit = _LOOSE
    plain = kept.kind == NORMAL
    sources = {
        "rsa": (rr.end_s[rr.normal], rr.rr_ms[rr.normal]),
        "height": (kept.time_s[plain], kept.height[plain]),
        "level": (kept.time_s[plain], kept.level[plain]),
    }
    return _told(kind, duration_s, cleaned, rr, sure, sources, noise_ms2, unfit, counted)


def _covered(found: Intervals, duration_s: float) -> float:
    """The share of the recording that lies in intervals."""
    return min(1.0, float(found.rr_ms.sum()) / 1000.0 / duration_s) if duration_s > 0.0 else 0.0


def _uneven(rr: Intervals) -> Reason | None:
    """The reason against variability where too few intervals are normal, else None."""
    return _UNEVEN if rr.normal.size and rr.normal.mean() < ENOUGH_NORMAL else None


def _ends(time_s: Floats, duration_s: float) -> Floats:
    """Silence ahead of the first beat and after the last one."""
    if time_s.size == 0:
        return np.array([[0.0, duration_s]])
    ends = [(0.0, float(time_s[0])), (float(time_s[-1]), duration_s)]
    return np.array([(a, b) for a, b in ends if b - a > LONGEST_S], np.float64).reshape(-1, 2)


def _sure_intervals(rr: Intervals, kept: FoundBeats) -> NDArray[np.bool_]:
    """Intervals between two clear pulses, near what is usual there: their length can be told to milliseconds."""
    clear = kept.time_s[kept.clarity >= quality.SURE]
    ends = np.isin(rr.end_s, clear) & np.isin(np.round(rr.end_s - rr.rr_ms / 1000.0, 9), np.round(clear, 9))
    middle, _ = usual(rr.rr_ms)
    away = np.abs(rr.rr_ms - middle)
    width = min(17, away.size)
    spread = 1.4826 * np.median(np.lib.stride_tricks.sliding_window_view(away, width), axis=1)
    spread = spread[np.clip(np.arange(away.size) - width // 2, 0, spread.size - 1)]
    return np.asarray(ends & (away < np.clip(4.0 * spread, _PULSE_FLOOR * middle, _PULSE_CEILING * middle)))


def _timing_noise(kept: FoundBeats, pulse_ms2: float) -> float:
    """What loose beat times add to the mean squared difference of intervals (ms²): six times their variance.

    The variance of a time found by fitting a shape, from what of the pulse the shape does not explain (Cramér and
    Rao's bound).
    """
    like = np.clip(kept.likeness[kept.clarity >= quality.SURE], 0.5, 0.999)
    if like.size == 0:
        return 0.0
    unlike = float(np.mean((1.0 - like**2) / like**2))
    return 6.0 * _NOISE_SHARE * unlike * pulse_ms2 * _NOISE_SAMPLES


def _told(  # noqa: PLR0913, PLR0917 - all that is known comes together here
    kind: str,
    duration_s: float,
    beats: Beats,
    rr: Intervals,
    sure: float,
    sources: dict[str, tuple[Floats, Floats]],
    noise_ms2: float,
    unfit: Reason | None,
    counted: NDArray[np.bool_] | None = None,
) -> Summary:
    """Figures where they can be given, reasons where not."""
    v = variability(
        rr.rr_ms, normal=rr.normal, joined=rr.joined, end_s=rr.end_s, counted=counted, timing_noise_ms2=noise_ms2
    )
    b = breath(sources, duration_s, beats.gaps - (beats.time_s[0] if kind == "rr" and beats.time_s.size else 0.0))
    abstained = bool(sure < quality.LEAST) or not np.isfinite(v.hr_bpm)
    figures, why = _figures(v, b, duration_s, unfit, abstained=abstained)
    se = {**v.se, "breath_per_min": b.se_per_min}
    named = {name: figures.pop(name) for name in ("hr_bpm", "rmssd_ms", "sdnn_ms", "breath_per_min")}
    return Summary(
        kind=kind,
        duration_s=float(duration_s),
        beats=int(beats.time_s.size),
        **named,
        quality=float(np.clip(sure, 0.0, 1.0)),
        abstained=abstained,
        rr_ms=rr.rr_ms,
        beat_times_s=beats.time_s,
        beat_kinds=tuple(BEAT_KINDS[k] for k in beats.kind.tolist()),
        why=why,
        uncertainty={k: float(x) for k, x in se.items() if named.get(k, figures.get(k)) is not None and np.isfinite(x)},
        more=figures,
        gaps_s=beats.gaps,
    )


def _figures(
    v: Variability, b: Breath, duration_s: float, unfit: Reason | None, *, abstained: bool
) -> tuple[dict[str, float | None], dict[str, Reason]]:
    """Every figure by its name, None with a reason where there is none."""
    figures: dict[str, float | None] = {}
    why: dict[str, Reason] = {}
    for name, shortest_s in FIGURES_S.items():
        value = float(getattr(v, name))
        against = None if name == "hr_bpm" else unfit
        if not abstained and against is None and np.isfinite(value):
            figures[name] = value
            continue
        figures[name] = None
        if abstained and duration_s >= FIGURES_S["hr_bpm"]:
            against = _POOR
        why[name] = against or _lacking(v, shortest_s, 0.0 if name == "hr_bpm" else LONGEST_BEAT_S)
    known = np.isfinite(b.per_min) and not abstained
    figures["breath_per_min"] = b.per_min if known else None
    if not known:
        against = _POOR if abstained else _NO_RHYTHM
        why["breath_per_min"] = _short(BREATH_SHORTEST_S, duration_s) if duration_s < BREATH_SHORTEST_S else against
    return figures, why


def _lacking(v: Variability, shortest_s: float, ends_s: float) -> Reason:
    """What a figure lacks that nothing speaks against; ends_s: what its shortest window may lack at its ends."""
    if v.known_s < shortest_s - ends_s:
        return _short(shortest_s, v.known_s)
    return _CONSTANT if v.rmssd_ms == 0.0 else _TORN


def _short(needed_s: float, here_s: float) -> Reason:
    return Reason("short", {"needed": round(needed_s), "here": int(here_s)})
