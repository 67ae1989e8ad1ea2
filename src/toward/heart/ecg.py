"""Beats from an electrocardiogram, fed at once or as it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from toward.errors import BadInput
from toward.heart import ectopy, finder
from toward.heart.gaps import Silence, between
from toward.heart.mains import Mains
from toward.heart.seeking import FoundBeats, Seeker, joined, no_beats

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    from toward.heart.recording import Ecg

    Floats = NDArray[np.float64]

LOWEST_HZ: Final = 90.0
HIGHEST_HZ: Final = 2050.0
PIECE_S: Final = 600.0
"""Samples at once, so that a long file does not stand in memory twice."""
LONGEST_INTERVAL_S: Final = 3.0
"""Twenty beats a minute; a longer silence is a gap."""


class EcgStream:
    """Finds beats in samples as they come; any cutting into pieces gives the same beats.

    A beat is given out some 2.5 s after it, when the next one is known (the first ten together), and memory does not
    grow.
    """

    def __init__(self, rate_hz: float) -> None:
        """rate_hz: samples a second, 100 to 1000."""
        if not LOWEST_HZ <= rate_hz <= HIGHEST_HZ:
            raise BadInput(
                f"An electrocardiogram needs 100 to 1000 samples a second; this says {rate_hz:g}.",
                field="rate_hz",
                reason="range",
            )
        self.rate_hz = float(rate_hz)
        self._seeker = Seeker(self.rate_hz, finder.QRS, step=max(1, round(self.rate_hz / 125.0)))
        self._ectopy = ectopy.new_ectopy(self._seeker.finder.rate_hz)
        self._silence = Silence(self.rate_hz)
        self._mains = Mains(self.rate_hz)
        self._piece = round(PIECE_S * self.rate_hz)
        self._seeker.keep_waves(self._ectopy.before, self._ectopy.sinus.size)
        self._waiting = np.zeros((0, finder.BEAT_COLUMNS))
        self._waiting_waves = np.zeros((0, self._ectopy.sinus.size))
        self._before_s = np.nan
        self._taught = False
        self._finished = False

    def feed(self, samples: ArrayLike) -> FoundBeats:
        """The beats that became known with these samples.

        samples: float64[n] in any unit; NaN where there is none.
        """
        x = np.asarray(samples, np.float64)
        if x.ndim != 1:
            raise BadInput("One lead at a time: a list of numbers is needed.", field="samples", reason="shape")
        self._silence.feed(x)
        return self._take((self._mains.feed(x[i : i + self._piece]) for i in range(0, x.size, self._piece)), last=False)

    def finish(self) -> FoundBeats:
        """The beats that were waiting for what comes next, now that nothing does."""
        if self._finished:
            return no_beats()
        self._finished = True
        self._silence.finish()
        tail = np.full(int(finder.TAIL_S * self.rate_hz), np.nan)
        return self._take((self._mains.finish(), tail), last=True)

    @property
    def gaps(self) -> Floats:
        """float64[k, 2], stretches without a signal so far, in seconds."""
        return self._silence.gaps

    pulse_ms2: Final = 0.0
    """A QRS complex has a peak; its time needs no correction."""

    def _take(self, pieces: Iterable[Floats], *, last: bool) -> FoundBeats:
        for found, waves in map(self._seeker.take, pieces):
            self._waiting = np.concatenate((self._waiting, found))
            self._waiting_waves = np.concatenate((self._waiting_waves, waves))
        return self._judge(last=last)

    def _judge(self, *, last: bool) -> FoundBeats:
        """Give out the beats whose next one is known (all of them when nothing more comes)."""
        n = len(self._waiting)
        ready = n if last else n - 1
        if ready < 1 or (not self._taught and not last and ready < ectopy.LEARN):
            return no_beats()
        if not self._taught:
            ectopy.first_sinus(self._ectopy, self._waiting_waves[: min(ready, ectopy.LEARN)])
            self._taught = True
        time_s = self._waiting[:, finder.B_TIME]
        after = np.diff(time_s, append=np.nan)
        after[:-1][between(time_s, self._silence.gaps, LONGEST_INTERVAL_S)] = np.nan
        before = np.concatenate(([self._before_s], after[:-1]))
        kind = np.zeros(ready, np.int8)
        ectopy.judge(
            self._ectopy,
            self._waiting_waves[:ready],
            np.ascontiguousarray(self._waiting[:ready, finder.B_QUIET]),
            before[:ready],
            after[:ready],
            kind,
        )
        evidence = self._waiting[:ready, finder.B_EVIDENCE]
        waves = self._waiting_waves[:ready]
        out = FoundBeats(
            time_s=time_s[:ready].copy(),
            kind=kind,
            clarity=np.clip(0.5 + 0.5 * evidence, 0.0, 1.0),
            likeness=self._waiting[:ready, finder.B_LIKE].copy(),
            height=np.ptp(waves[:, : 2 * self._ectopy.before], axis=1),
            level=waves[:, 0].copy(),
            contrast=self._waiting[:ready, finder.B_STANDS_OUT].copy(),
        )
        self._before_s = float(after[ready - 1])
        self._waiting = self._waiting[ready:]
        self._waiting_waves = self._waiting_waves[ready:]
        return out


def find_beats(ecg: Ecg) -> tuple[FoundBeats, Floats]:
    """All beats, and the stretches without a signal (float64[k, 2], seconds): an `EcgStream` fed at once."""
    stream = EcgStream(ecg.rate_hz)
    return joined([stream.feed(ecg.samples), stream.finish()]), stream.gaps
