"""Where nobody was listening: stretches without a signal, and what lies between two beats."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from toward.heart.exactly import exactly

Floats = NDArray[np.float64]

MISSING_S: Final = 0.06
"""Missing for longer than this, and a beat may have been missed (a QRS complex lasts 80 ms or more)."""
FLAT_S: Final = 1.0
"""Not one digit of change for this long: a lead that is off, or a signal at its rail."""


class Silence:
    """Finds missing and flat stretches in samples as they come."""

    def __init__(self, rate_hz: float, flat_s: float = FLAT_S) -> None:
        """rate_hz: samples a second. flat_s: how long a signal may stand still."""
        self.rate_hz = rate_hz
        self._flat = flat_s * rate_hz
        self._missing = MISSING_S * rate_hz
        self._n = 0
        self._value = np.nan
        self._since = 0.0
        self._closed: list[tuple[float, float]] = []
        self.finished = False

    def feed(self, x: Floats) -> None:
        """Go on with these samples."""
        if x.size == 0:
            return
        runs = np.empty((x.size // int(min(self._flat, self._missing) + 1) + 2, 3))
        state = np.array([self._since, self._value])
        for start, end, value in runs[: _runs(x, self._n, state, self._flat, self._missing, runs)].tolist():
            self._close(start, end, value)
        self._since, self._value = float(state[0]), float(state[1])
        self._n += x.size

    def finish(self) -> None:
        """Nothing more comes."""
        if not self.finished:
            self._close(self._since, self._n, self._value)
            self.finished = True

    def _close(self, since: float, end: float, value: float) -> None:
        if end - since > (self._flat if np.isfinite(value) else self._missing):
            start_s, end_s = since / self.rate_hz, end / self.rate_hz
            if self._closed and self._closed[-1][1] >= start_s:
                start_s = self._closed.pop()[0]
            self._closed.append((start_s, end_s))

    @property
    def gaps(self) -> Floats:
        """float64[k, 2], seconds; a stretch that has not ended yet is not among them."""
        return np.array(self._closed, np.float64).reshape(-1, 2)


@exactly
def _alike(a: float, b: float) -> bool:
    return bool(a == b or not (np.isfinite(a) or np.isfinite(b)))


@exactly
def _runs(x: Floats, n: int, state: Floats, flat: float, missing: float, out: Floats) -> int:
    """Write start, end and value of each finished run that is too long; ``n`` samples came before ``x``.

    Most samples are not looked at: where the one that a run would have to reach begins another run, those between
    belong to runs that are too short.
    """
    since, value = state[0], state[1]
    shortest = min(flat, missing)
    step = int(shortest / 2.0)
    many = 0
    i = 0
    if n == 0 and x.size > 0:
        value = x[0]
        i = 1
    while i < x.size:
        far = i + step
        if far < x.size and n + far - since <= shortest:
            start = far
            while start > i and _alike(x[start - 1], x[start]):
                start -= 1
            if start > i or not _alike(x[i], value):
                since = n + start
                value = x[start]
            i = far + 1
            continue
        v = x[i]
        if not _alike(v, value):
            if n + i - since > (flat if np.isfinite(value) else missing):
                out[many, 0] = since
                out[many, 1] = n + i
                out[many, 2] = value
                many += 1
            since = n + i
            value = v
        i += 1
    state[0] = since
    state[1] = value
    return many


def between(time_s: Floats, gaps: Floats, longest_s: float) -> NDArray[np.bool_]:
    """Whether the interval after each beat but the last can't be used: too long, or a gap lies in it.

    time_s: float64[n]. gaps: float64[k, 2]. Gives bool[n - 1].
    """
    broken = np.diff(time_s) > longest_s
    if gaps.size and time_s.size > 1:
        # A gap ends after a beat and starts before the next one.
        first = np.searchsorted(time_s, gaps[:, 0], "right") - 1
        last = np.searchsorted(time_s, gaps[:, 1], "left")
        for i, j in zip(first, last, strict=True):
            broken[max(0, i) : max(0, j)] = True
    return np.asarray(broken)


def merged(gaps: Floats) -> Floats:
    """The same stretches in order, those that touch made one."""
    out: list[list[float]] = []
    for start, end in gaps[np.argsort(gaps[:, 0], kind="stable")].tolist():
        if out and start <= out[-1][1]:
            out[-1][1] = max(out[-1][1], end)
        else:
            out.append([start, end])
    return np.array(out, np.float64).reshape(-1, 2)
