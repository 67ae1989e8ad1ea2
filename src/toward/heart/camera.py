"""Pulses from a phone's camera: a finger on the lens, the torch on, the mean colour of each frame.

Red light goes deepest into the finger and is what the torch leaves over; blood swallows it, so a pulse is a dip.
Frames come with stamps that jitter (some systems stamp them when they are delivered, two at once and then none),
while the sensor itself is regular. Where they jitter, a straight line through the stamps of a second says when each
frame was taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from toward.errors import BadInput
from toward.heart.exactly import exactly
from toward.heart.ppg import Grid, PulseStream
from toward.heart.quality import SURE
from toward.heart.seeking import FoundBeats, joined, no_beats

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from toward.heart.recording import CameraFrames

Floats = NDArray[np.float64]

BESIDE: Final = 15
"""Frames on either side whose stamps a frame's own is corrected by."""
FEW: Final = 6
"""Fewer frames than this together say nothing about each other."""
JITTER_S: Final = 0.004
"""Stamps that differ by more than this from a regular beat are corrected."""
LONGEST_S: Final = 0.25
"""Frames further apart have a gap between them: a pulse's upstroke fits in there."""
UNSEEN_S: Final = 0.09
"""Frames further apart than this hide a rise that lies between them: two lost in a row at 30 a second."""
RISE_S: Final = 0.1
"""Half of what a pulse's steep part takes, and some more."""
KEPT_S: Final = 60.0
"""No pulse is given out so long after it."""
LOOSE: Final = SURE - 0.01
MOST_S: Final = 86_400.0
CLIPPED: Final = 254.5
"""A red channel at the end of its scale shows nothing; green is used then."""


@exactly
def _line(stamps: Floats, place: Floats, line: Floats) -> float:
    """Write the least-squares line of stamps over places, its value at 0 and its slope; gives the squared residuals."""
    mean_t, mean_i = stamps.mean(), place.mean()
    up, down = 0.0, 0.0
    for i in range(place.size):
        up += (place[i] - mean_i) * (stamps[i] - mean_t)
        down += (place[i] - mean_i) ** 2
    line[1] = up / down
    line[0] = mean_t - mean_i * line[1]
    left = 0.0
    for i in range(place.size):
        left += (stamps[i] - line[0] - line[1] * place[i]) ** 2
    return left


@exactly
def _with_dropped(stamps: Floats, place: Floats, line: Floats) -> float:
    """Write the sensor's count of each frame, in which dropped ones have their places, and the line; as `_line`.

    A long step is a dropped frame, unless the steps beside it are short: then frames came late, and at once. The line
    through that first guess says where each frame belongs.
    """
    steps = np.diff(stamps)
    usual = np.median(steps)
    if usual <= 0.0:
        return np.inf
    place[0] = 0.0
    for i in range(steps.size):
        lacking = max(0.0, usual - steps[i - 1]) if i > 0 else 0.0
        lacking += max(0.0, usual - steps[i + 1]) if i + 1 < steps.size else 0.0
        place[i + 1] = place[i] + max(1.0, np.round((steps[i] - lacking) / usual))
    left = _line(stamps, place, line)
    for _ in range(2):
        if line[1] <= 0.0:
            return np.inf
        place[0] = np.round((stamps[0] - line[0]) / line[1])
        for i in range(1, place.size):
            place[i] = max(place[i - 1] + 1.0, np.round((stamps[i] - line[0]) / line[1]))
        left = _line(stamps, place, line)
    return left


@exactly
def regular(time_s: Floats, first: int, last: int, beside: int, jitter_s: float, longest_s: float, out: Floats) -> None:
    """Fill ``out[:last - first]`` with the corrected stamps of frames ``first`` to ``last`` (exclusive).

    time_s: float64[n], rising. Each frame uses those up to ``beside`` away that no gap parts from it: where the
    median distance of their intervals from their median is above ``jitter_s``, the value of the least-squares line
    at it, else its own stamp. Where frames were dropped and the line that leaves their places empty fits far better,
    it is that one.
    """
    n = time_s.size
    plain, dropping = np.zeros(2), np.zeros(2)
    for k in range(first, last):
        low = k
        while low > 0 and k - low < beside and time_s[low] - time_s[low - 1] <= longest_s:
            low -= 1
        high = k
        while high < n - 1 and high - k < beside and time_s[high + 1] - time_s[high] <= longest_s:
            high += 1
        out[k - first] = time_s[k]
        many = high - low + 1
        if many < FEW:
            continue
        steps = np.diff(time_s[low : high + 1])
        if np.median(np.abs(steps - np.median(steps))) <= jitter_s:
            continue
        stamps = time_s[low : high + 1] - time_s[k]
        place = np.arange(low - k, high - k + 1.0)
        left = _line(stamps, place, plain)
        if _with_dropped(stamps, place, dropping) < 0.5 * left:  # two lines through noise differ by less
            out[k - first] += dropping[0] + dropping[1] * place[k - low]
        else:
            out[k - first] += plain[0]


class CameraStream:
    """Finds pulses in frames as they come; any cutting into pieces gives the same beats."""

    def __init__(self) -> None:
        """Nothing seen yet."""
        self._pulses = PulseStream(side=-1.0)
        self._grid = Grid(LONGEST_S)
        self._frames = np.zeros((0, 3))
        self._done = 0
        self._start_s = np.nan
        self._last_s = np.nan
        self._corrected_s = -np.inf
        self._green: bool | None = None
        self._gaps: list[tuple[float, float]] = []
        self._unseen = np.zeros((0, 2))
        self._finished = False

    def feed(self, time_s: ArrayLike, red: ArrayLike, green: ArrayLike) -> FoundBeats:
        """The beats that became known with these frames.

        time_s: float64[n], rising; red, green: float64[n], 0 to 255. Raises `BadInput` when stamps run backwards or
        are missing.
        """
        t, r, g = (np.asarray(v, np.float64) for v in (time_s, red, green))
        if not (t.ndim == r.ndim == g.ndim == 1 and t.size == r.size == g.size):
            raise BadInput("Each frame needs a time, a red and a green value.", field="time_s", reason="shape")
        if t.size == 0:
            return no_beats()
        if not np.all(np.isfinite(t)):
            raise BadInput("Some frames have no time.", field="time_s", reason="missing")
        if np.isnan(self._start_s):
            self._start_s = self._last_s = float(t[0])
        steps = np.diff(t, prepend=self._last_s)
        if np.any(steps < 0.0):
            raise BadInput(
                "The frames' times run backwards; they must rise, in seconds.", field="time_s", reason="order"
            )
        if steps.max() > MOST_S:
            raise BadInput(
                "The frames' times jump by more than a day; are they seconds?", field="time_s", reason="time"
            )
        for i in np.flatnonzero(steps > LONGEST_S):
            self._gaps.append((float(t[i] - steps[i]) - self._start_s, float(t[i]) - self._start_s))
        self._last_s = float(t[-1])
        self._frames = np.concatenate((self._frames, np.column_stack((t - self._start_s, r, g))))
        return self._go(self._frames.shape[0] - BESIDE)

    def finish(self) -> FoundBeats:
        """The beats that were waiting for what comes next, now that nothing does."""
        if self._finished:
            return no_beats()
        self._finished = True
        return joined([self._go(self._frames.shape[0]), self._doubted(self._pulses.finish())])

    def _go(self, last: int) -> FoundBeats:
        """Hand on the frames up to ``last`` (exclusive, counted in those kept)."""
        if last <= self._done:
            return no_beats()
        time_s = np.empty(last - self._done)
        stamps = np.ascontiguousarray(self._frames[:, 0])
        regular(stamps, self._done, last, BESIDE, JITTER_S, LONGEST_S, time_s)
        time_s = np.maximum.accumulate(np.concatenate(([self._corrected_s], time_s)))
        steps = np.column_stack((time_s[:-1], time_s[1:]))
        self._unseen = np.concatenate((self._unseen, steps[np.diff(time_s) > UNSEEN_S]))
        time_s = time_s[1:]
        self._corrected_s = float(time_s[-1])
        if self._green is None:
            self._green = bool(self._frames[0, 1] >= CLIPPED)
        value = self._frames[self._done : last, 2 if self._green else 1]
        out = self._doubted(self._pulses.feed(self._grid.feed(time_s, value)))
        self._unseen = self._unseen[self._unseen[:, 1] > self._corrected_s - KEPT_S]
        gone = max(0, last - BESIDE - 1)
        self._frames = self._frames[gone:]
        self._done = last - gone
        return out

    def _doubted(self, found: FoundBeats) -> FoundBeats:
        """The same beats; one whose rise nobody saw still counts for the rate, but is too loose for variability."""
        after = np.searchsorted(self._unseen[:, 1], found.time_s - RISE_S, "right")
        starts = np.append(self._unseen[:, 0], np.inf)
        hidden = starts[after] < found.time_s + RISE_S
        return found._replace(clarity=np.where(hidden, np.minimum(found.clarity, LOOSE), found.clarity))

    @property
    def pulse_ms2(self) -> float:
        """See `toward.heart.ppg.PulseStream.pulse_ms2`."""
        return self._pulses.pulse_ms2

    @property
    def gaps(self) -> Floats:
        """float64[k, 2], stretches without frames so far, in seconds from the first frame."""
        return np.array(self._gaps, np.float64).reshape(-1, 2)


def find_pulses_in_frames(frames: CameraFrames) -> tuple[FoundBeats, Floats]:
    """All beats, and the stretches without frames (float64[k, 2], seconds): a `CameraStream` fed at once."""
    stream = CameraStream()
    found = joined([stream.feed(frames.time_s, frames.red, frames.green), stream.finish()])
    return found, stream.gaps
