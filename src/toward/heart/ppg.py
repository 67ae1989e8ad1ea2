"""Pulses from light: finger clip, wrist or, by way of `toward.heart.camera`, a phone's camera.

A pulse has no sharp peak, and its foot drowns in noise; its steepest rise is what can be timed (Peralta 2019). So
the finder of QRS complexes looks for upstrokes here, and a beat is where the mean shape of this person's pulses fits
best, to a fraction of a sample.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from toward.errors import BadInput
from toward.heart import finder
from toward.heart.gaps import Silence
from toward.heart.seeking import FoundBeats, Seeker, joined, no_beats

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from toward.heart.recording import Ppg

    Floats = NDArray[np.float64]

GRID_HZ: Final = 100.0
"""What every light signal is brought to."""
SMOOTH_S: Final = 0.07
"""Two running means of this length take out what is faster than a pulse."""
LOWEST_HZ: Final = 15.0
HIGHEST_HZ: Final = 2050.0
_BEFORE: Final = 15
_WAVE: Final = 45
"""Samples on the grid around a pulse's steepest rise, foot and top included."""
_SIDE_S: Final = 6.0
"""Signal that shows which way is more blood."""


def slope_taps() -> Floats:
    """The slope of a light signal on the grid after two running means of `SMOOTH_S`: float64[2 r + 1], per second."""
    n = round(SMOOTH_S * GRID_HZ) | 1
    smooth = np.convolve(np.ones(n) / n, np.ones(n) / n)
    return np.convolve(smooth, [-0.5, 0.0, 0.5])[...] * GRID_HZ


def _taken(found: Floats, waves: Floats) -> FoundBeats:
    """Rows of the finder as beats; a pulse alone does not tell an ectopic beat, its intervals do (`cleaning`)."""
    return FoundBeats(
        time_s=found[:, finder.B_TIME].copy(),
        kind=np.zeros(len(found), np.int8),
        clarity=np.clip(0.5 + 0.5 * found[:, finder.B_EVIDENCE], 0.0, 1.0),
        likeness=found[:, finder.B_LIKE].copy(),
        height=np.ptp(waves, axis=1),
        level=waves[:, 0].copy(),
        contrast=found[:, finder.B_STANDS_OUT].copy(),
    )


class PulseStream:
    """Finds pulses in samples on the grid as they come; any cutting into pieces gives the same beats."""

    def __init__(self, side: float = 0.0) -> None:
        """side: 1 where more blood gives higher values, -1 where lower, 0 to find out from the first seconds."""
        self._side = side
        self._seeker = Seeker(GRID_HZ, finder.PULSE, step=1, taps=slope_taps())
        self._seeker.keep_waves(_BEFORE, _WAVE)
        self._held: list[Floats] = []
        self._held_n = 0

    def feed(self, samples: Floats) -> FoundBeats:
        """The beats that became known; samples: float64[n] on the grid, NaN where there is none."""
        if self._side == 0.0:
            self._held.append(samples)
            self._held_n += samples.size
            enough = round(_SIDE_S * GRID_HZ)
            if self._held_n < enough:
                return no_beats()
            samples = np.concatenate(self._held)
            self._side = side_of(samples[:enough])
            self._held = []
        return _taken(*self._seeker.take(self._side * samples))

    def finish(self) -> FoundBeats:
        """The beats that were waiting for what comes next, now that nothing does."""
        tail = np.full(int(finder.TAIL_S * GRID_HZ), np.nan)
        if self._side == 0.0:
            samples = np.concatenate((*self._held, np.zeros(0)))
            self._side = side_of(samples)
            tail = np.concatenate((samples, tail))
        return _taken(*self._seeker.take(self._side * tail))

    @property
    def pulse_ms2(self) -> float:
        """Squared time scale of the commonest pulse's slope, over the samples it has (ms²); 0 before one is known."""
        known = self._seeker.finder
        shape = known.shapes[int(np.argmax(known.shape_of[:, finder.SEEN_N]))]
        change = np.gradient(shape) * GRID_HZ / 1000.0
        power = float(change @ change)
        return float(shape @ shape) / power / shape.size if power > 0.0 else 0.0


def side_of(samples: Floats) -> float:
    """1 where more blood gives higher values, else -1; a pulse rises faster than it falls.

    samples: float64[n] on the grid.
    """
    known = samples[np.isfinite(samples)]
    if known.size < 3 * slope_taps().size:
        return 1.0
    slope = np.convolve(known, slope_taps()[::-1], "valid")
    # A crack in the signal must not outvote the pulses.
    bound = 3.0 * float(np.median(np.abs(slope)))
    return 1.0 if float(np.sum(np.clip(slope, -bound, bound) ** 3)) >= 0.0 else -1.0


class Grid:
    """Brings samples with stamps of their own to the grid by straight lines; where none is near, NaN."""

    def __init__(self, longest_s: float) -> None:
        """longest_s: samples further apart than this have a gap between them."""
        self._longest_s = longest_s
        self._t = np.nan
        self._v = np.nan
        self._next = 0

    def feed(self, time_s: Floats, value: Floats) -> Floats:
        """The grid's samples up to the last stamp. time_s: float64[n], rising, from 0 on; value: float64[n]."""
        if time_s.size == 0:
            return np.zeros(0)
        if not np.isnan(self._t):
            time_s = np.concatenate(([self._t], time_s))
            value = np.concatenate(([self._v], value))
        self._t, self._v = float(time_s[-1]), float(value[-1])
        last = int(np.floor(time_s[-1] * GRID_HZ))
        at = np.arange(self._next, last + 1) / GRID_HZ
        self._next = max(self._next, last + 1)
        after = np.clip(np.searchsorted(time_s, at, "left"), 1, max(1, time_s.size - 1))
        if time_s.size == 1:
            return np.where(at == time_s[0], value[0], np.nan)
        before = after - 1
        span = time_s[after] - time_s[before]
        part = (at - time_s[before]) / np.where(span > 0.0, span, 1.0)
        out = value[before] + part * (value[after] - value[before])
        return np.where((span > self._longest_s) | (at < time_s[0]), np.nan, out)


class PpgStream:
    """Finds pulses in an evenly sampled light signal as it comes."""

    def __init__(self, rate_hz: float) -> None:
        """rate_hz: samples a second, 20 to 1000."""
        if not LOWEST_HZ <= rate_hz <= HIGHEST_HZ:
            raise BadInput(
                f"A light signal needs 20 to 1000 samples a second; this says {rate_hz:g}.",
                field="rate_hz",
                reason="range",
            )
        self.rate_hz = float(rate_hz)
        self._step = max(1, int(rate_hz // GRID_HZ))
        self._grid = Grid(2.5 * self._step / rate_hz)
        self._pulses = PulseStream()
        self._silence = Silence(self.rate_hz)
        self._left = np.zeros(0)
        self._k = 0
        self._finished = False

    def feed(self, samples: ArrayLike) -> FoundBeats:
        """The beats that became known with these samples; float64[n] in any unit, NaN where there is none."""
        x = np.asarray(samples, np.float64)
        if x.ndim != 1:
            raise BadInput("One light signal at a time: a list of numbers is needed.", field="samples", reason="shape")
        self._silence.feed(x)
        x = np.concatenate((self._left, x))
        many = x.size // self._step
        value = x[: many * self._step].reshape(many, self._step)
        self._left = x[many * self._step :]
        # Summed column by column: the same order for any cutting.
        mean = np.zeros(many)
        for column in value.T:
            mean += column
        time_s = (np.arange(self._k, self._k + many) * self._step) / self.rate_hz
        self._k += many
        found = self._pulses.feed(self._grid.feed(time_s, mean / self._step))
        return self._moved(found)

    def finish(self) -> FoundBeats:
        """The beats that were waiting for what comes next, now that nothing does."""
        if self._finished:
            return no_beats()
        self._finished = True
        self._silence.finish()
        return self._moved(self._pulses.finish())

    def _moved(self, found: FoundBeats) -> FoundBeats:
        """A mean of several samples belongs to the middle of them."""
        return found._replace(time_s=found.time_s + 0.5 * (self._step - 1) / self.rate_hz)

    @property
    def pulse_ms2(self) -> float:
        """See `PulseStream.pulse_ms2`."""
        return self._pulses.pulse_ms2

    @property
    def gaps(self) -> Floats:
        """float64[k, 2], stretches without a signal so far, in seconds."""
        return self._silence.gaps


def find_pulses(ppg: Ppg) -> tuple[FoundBeats, Floats]:
    """All beats, and the stretches without a signal (float64[k, 2], seconds): a `PpgStream` fed at once."""
    stream = PpgStream(ppg.rate_hz)
    return joined([stream.feed(ppg.samples), stream.finish()]), stream.gaps
