"""What the room passes around: a recording as it came, the beats found in it, and the summary that is told of it.

A recording is one of four things: an electrocardiogram (`Ecg`), a light signal at an even rate (`Ppg`), the means of
camera frames with their own uneven stamps (`CameraFrames`), or beats that a strap found already (`Beats`, which
`beats_from_rr` makes of a list of intervals). `toward.heart.summary.summarise` takes any of them.

Samples that are missing are NaN. Times are seconds from the start of the recording, intervals are milliseconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.errors import BadInput

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


Floats = NDArray[np.float64]

BEAT_KINDS: Final = ("normal", "ectopic", "extra", "interpolated")
"""What `Beats.kind` counts into.

normal: from the sinus node, as far as can be told. ectopic: early, or of another shape. extra: a stamp that is no
beat (noise taken for one); intervals step over it. interpolated: nobody saw it, but the rhythm says that one was
missed there.
"""

NORMAL: Final = 0
ECTOPIC: Final = 1
EXTRA: Final = 2
INTERPOLATED: Final = 3


class Ecg(NamedTuple):
    """One lead of an electrocardiogram."""

    samples: Floats
    """float64[n], any unit; NaN where nothing was recorded."""
    rate_hz: float
    """100 to 1000."""


class Ppg(NamedTuple):
    """Light through or from the skin, at an even rate; more blood up or down, both are understood."""

    samples: Floats
    """float64[n], any unit; NaN where nothing was recorded."""
    rate_hz: float
    """20 to 1000."""


class CameraFrames(NamedTuple):
    """Mean colour of each camera frame, with the frame's own stamp."""

    time_s: Floats
    """float64[n], rising; frames may jitter and drop."""
    red: Floats
    """float64[n], 0 to 255 (any linear unit will do)."""
    green: Floats
    """float64[n]"""
    blue: Floats
    """float64[n]"""


class Beats(NamedTuple):
    """When the heart beat, what kind of beat each was, and where nobody was listening."""

    time_s: Floats
    """float64[n], rising."""
    kind: NDArray[np.int8]
    """int8[n], index into `BEAT_KINDS`."""
    gaps: Floats
    """float64[k, 2], start and end of each stretch without a usable signal; no interval reaches over one."""


type_of_recording: Final = {Ecg: "ecg", Ppg: "ppg", CameraFrames: "camera", Beats: "rr"}
"""The word for each kind of recording in a summary."""


class Reason(NamedTuple):
    """Why there is no figure: a key that stays, and numbers for whoever puts it into words.

    short: too little was heard (``needed`` and ``here``, in seconds). torn: enough was, but in pieces. poor: the signal
    as a whole. loose: too few beats are clear enough to time them to milliseconds. uneven: too many beats are early,
    missed or of another shape. constant: all intervals are the same. no_rhythm: no regular breath shows in the beats.
    """

    key: Literal["short", "torn", "poor", "loose", "uneven", "constant", "no_rhythm"]
    details: dict[str, int]


class Summary(NamedTuple):
    """An honest picture of one recording; a figure that can't be given is None, and `why` has its reason."""

    kind: str
    """ecg, ppg, camera or rr."""
    duration_s: float
    beats: int
    """How many stamps `beat_times_s` holds."""
    hr_bpm: float | None
    rmssd_ms: float | None
    sdnn_ms: float | None
    breath_per_min: float | None
    quality: float
    """0 to 1: the share of the time that could be trusted, weighted by how clean it was."""
    abstained: bool
    """Whether the recording as a whole was too poor to speak of; all figures are None then."""
    rr_ms: Floats
    """float64[m], intervals between neighbouring beats (extra ones stepped over), none across a gap."""
    beat_times_s: Floats
    """float64[beats]"""
    beat_kinds: tuple[str, ...]
    """One word of `BEAT_KINDS` for each of `beat_times_s`."""
    why: dict[str, Reason]
    """Name of a figure that is None -> its reason."""
    uncertainty: dict[str, float]
    """Name of a figure that is given -> its standard error, in the figure's unit."""
    more: dict[str, float | None]
    """Further figures: ln_rmssd, pnn50_percent, lf_ms2, hf_ms2, lf_hf, rsa_ms."""
    gaps_s: Floats
    """float64[k, 2], as in `Beats.gaps`."""


def beats_from_rr(rr_ms: ArrayLike, *, start_s: float = 0.0) -> Beats:
    """Beats of a list of intervals: one more stamp than there are intervals, all called normal, still uncleaned.

    rr_ms: float64[m] in milliseconds; NaN, zero and negative numbers stand for a stretch of unknown length and are
    left out, so that no interval reaches over them (a gap of no known length: its two ends are one second apart).

    >>> beats_from_rr([1000, 900]).time_s.tolist()
    [0.0, 1.0, 1.9]
    """
    rr = np.asarray(rr_ms, np.float64)
    if rr.ndim != 1 or rr.size == 0:
        raise BadInput("There are no intervals here: a list of milliseconds is needed.", field="rr_ms", reason="empty")
    known = np.isfinite(rr) & (rr > 0)
    step_s = np.where(known, rr, 1000.0) / 1000.0
    time_s = start_s + np.concatenate(([0.0], np.cumsum(step_s)))
    unknown = np.flatnonzero(~known)
    gaps = np.column_stack((time_s[unknown], time_s[unknown + 1]))
    return Beats(time_s, np.zeros(time_s.size, np.int8), gaps)
