"""Beats from an electrocardiogram, fed at once or as it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from toward.errors import BadInput
from toward.heart import ectopy, qrs
from toward.heart.gaps import Silence, between

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from toward.heart.recording import Ecg

    Floats = NDArray[np.float64]

LOWEST_HZ: Final = 90.0
HIGHEST_HZ: Final = 2050.0
_KEPT_S: Final = 12.0
_PIECE_S: Final = 60.0
_AHEAD: Final = 48
"""Averaged samples of nothing ahead of the first one, so that a beat right at the start has a window."""
LONGEST_INTERVAL_S: Final = 3.0
"""Twenty beats a minute; a longer silence is a gap."""


class FoundBeats(NamedTuple):
    """Beats as a stream gives them out."""

    time_s: Floats
    """float64[n]"""
    kind: NDArray[np.int8]
    """int8[n], normal or ectopic."""
    clarity: Floats
    """float64[n], 0 (can't tell from noise) to 1 (surely a beat)."""


class EcgStream:
    """Finds beats in samples as they come; any cutting into pieces gives the same beats.

    A beat is given out some 2.5 s after it, when the next one is known (the first ten together), and memory does not grow.
    """

    def __init__(self, rate_hz: float) -> None:
        """rate_hz: samples a second, 100 to 1000."""
        if not LOWEST_HZ <= rate_hz <= HIGHEST_HZ:
            raise BadInput(
                f"An electrocardiogram needs 100 to 1000 samples a second; this says {rate_hz:g}.", field="rate_hz", reason="range"
            )
        self.rate_hz = float(rate_hz)
        self._finder = qrs.new_finder(self.rate_hz)
        self._ectopy = ectopy.new_ectopy(self._finder.rate_hz)
        step = self._finder.step
        self._kept = round(_KEPT_S * self._finder.rate_hz)
        self._piece = round(_PIECE_S * self._finder.rate_hz)
        room = self._kept + self._piece + 2 * _AHEAD
        self._x = np.full(room * step, np.nan)
        self._y = np.zeros(room)
        self._bad = np.ones(room, np.bool_)
        self._g = np.zeros(room)
        self._e = np.zeros(room)
        self._smooth = max(1, round((0.025 * self._finder.rate_hz - 1.0) / 2.0))
        self._reach = round(0.05 * self._finder.rate_hz)
        self._base = 0
        self._n = _AHEAD * step
        self._ny = self._ng = self._ne = _AHEAD
        self._silence = Silence(self.rate_hz)
        width = self._ectopy.sinus.size
        self._found = np.zeros((512, qrs.BEAT_COLUMNS))
        self._found_waves = np.zeros((512, width))
        self._waiting = np.zeros((0, qrs.BEAT_COLUMNS))
        self._waiting_waves = np.zeros((0, width))
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
        return self._take(x, last=False)

    def finish(self) -> FoundBeats:
        """The beats that were waiting for what comes next, now that nothing does."""
        if self._finished:
            return FoundBeats(np.zeros(0), np.zeros(0, np.int8), np.zeros(0))
        self._finished = True
        self._silence.finish()
        quiet_s = qrs.LEARN_S + qrs.LAG_S + 2.0
        return self._take(np.full(int(quiet_s * self.rate_hz), np.nan), last=True)

    @property
    def gaps(self) -> Floats:
        """float64[k, 2], stretches without a signal so far, in seconds."""
        return self._silence.gaps

    def _take(self, x: Floats, *, last: bool) -> FoundBeats:
        step = self._finder.step
        size = self._piece * step
        parts = [self._advance(x[start : start + size]) for start in range(0, x.size, size)]
        parts.append(self._judge(last=last))
        return FoundBeats(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def _advance(self, x: Floats) -> FoundBeats:
        f, step = self._finder, self._finder.step
        if self._n - self._base * step + x.size > self._x.size - step:
            self._shift()
        at = self._n - self._base * step
        self._x[at : at + x.size] = x
        self._n += x.size
        ny = self._n // step
        qrs.averages(self._x, self._y, self._bad, self._ny - self._base, ny - self._base, step)
        ng = max(self._ng, ny - self._smooth - 1)
        qrs.slopes(self._y, self._bad, self._g, self._ng - self._base, ng - self._base, self._smooth)
        ne = max(self._ne, ng - self._reach)
        qrs.sizes(self._g, self._e, self._ne - self._base, ne - self._base, self._reach)
        self._ny, self._ng, self._ne = ny, ng, ne
        filled = self._n - self._base * step
        many = qrs.advance(
            f, self._x[:filled], self._y, self._g, self._e, self._base, ne,
            self._found, self._found_waves, self._ectopy.before,
        )  # fmt: skip
        if many:
            found = self._found[:many].copy()
            found[:, qrs.B_TIME] = (found[:, qrs.B_TIME] - _AHEAD * step) / self.rate_hz
            self._waiting = np.concatenate((self._waiting, found))
            self._waiting_waves = np.concatenate((self._waiting_waves, self._found_waves[:many]))
        return self._judge(last=False)

    def _shift(self) -> None:
        """Move what is still needed to the front."""
        step = self._finder.step
        gone = max(0, self._ne - self._kept - self._base)
        for array in (self._y, self._bad, self._g, self._e):
            array[:-gone] = array[gone:].copy()
        self._x[: -gone * step] = self._x[gone * step :].copy()
        self._base += gone

    def _judge(self, *, last: bool) -> FoundBeats:
        """Give out the beats whose next one is known (all of them when nothing more comes)."""
        n = len(self._waiting)
        ready = n if last else n - 1
        if ready < 1 or (not self._taught and not last and ready < ectopy.LEARN):
            return FoundBeats(np.zeros(0), np.zeros(0, np.int8), np.zeros(0))
        if not self._taught:
            ectopy.first_sinus(self._ectopy, self._waiting_waves[: min(ready, ectopy.LEARN)])
            self._taught = True
        time_s = self._waiting[:, qrs.B_TIME]
        after = np.diff(time_s, append=np.nan)
        after[:-1][between(time_s, self._silence.gaps, LONGEST_INTERVAL_S)] = np.nan
        before = np.concatenate(([self._before_s], after[:-1]))
        kind = np.zeros(ready, np.int8)
        ectopy.judge(
            self._ectopy, self._waiting_waves[:ready], self._waiting[:ready, qrs.B_QUIET].copy(), before[:ready], after[:ready], kind
        )
        evidence = self._waiting[:ready, qrs.B_EVIDENCE]
        out = FoundBeats(time_s[:ready].copy(), kind, np.clip(0.5 + 0.5 * evidence, 0.0, 1.0))
        self._before_s = float(after[ready - 1])
        self._waiting = self._waiting[ready:]
        self._waiting_waves = self._waiting_waves[ready:]
        return out


def find_beats(ecg: Ecg) -> tuple[FoundBeats, Floats]:
    """All beats of a recording, and the stretches without a signal (float64[k, 2], seconds); `EcgStream` fed at once."""
    stream = EcgStream(ecg.rate_hz)
    first = stream.feed(ecg.samples)
    rest = stream.finish()
    return FoundBeats(*(np.concatenate(pair) for pair in zip(first, rest, strict=True))), stream.gaps
