"""What sways with the breath, as waves in windows: each source by itself, and what several have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Complexes = NDArray[np.complex128]

GRID_HZ: Final = 4.0
CONTEXT_S: Final = 120.0
"""A wave is seen in this much around each window, whose edges then bend no breath."""
LEAST_BEATS: Final = 0.4
"""A second, for a window to tell of a source."""
_REACH: Final = 4.0
"""Robust standard deviations beyond which a value is cut off."""


class Views:
    """The sources on one even grid, seen through windows with their context."""

    def __init__(
        self,
        sources: Mapping[str, tuple[Floats, Floats]],
        duration_s: float,
        window_s: float,
        band_hz: tuple[float, float],
    ) -> None:
        """band_hz: lowest and highest, where half of a wave's power is let through."""
        clock = np.arange(int(duration_s * GRID_HZ) + 1) / GRID_HZ
        heard = [source for source in sources.values() if source[0].size]
        self.on_grid = np.array([np.interp(clock, *source) for source in heard])
        self.times = [time_s for time_s, _ in heard]
        self.size = min(clock.size, round(CONTEXT_S * GRID_HZ))
        self.window_s = window_s
        self.band_hz = band_hz

    def first(self, starts: Floats) -> NDArray[np.intp]:
        """Where on the grid the context of each window begins: the window in its middle, within the recording."""
        ideal = np.floor((starts + 0.5 * self.window_s) * GRID_HZ - 0.5 * self.size).astype(np.intp)
        return np.clip(ideal, 0, self.on_grid.shape[1] - self.size)

    def told(self, starts: Floats) -> NDArray[np.bool_]:
        """Whether enough beats of each source lie in each window: bool[k, w]."""
        found = [np.searchsorted(t, starts + self.window_s, "right") - np.searchsorted(t, starts) for t in self.times]
        return np.array(found).reshape(len(self.times), -1) >= LEAST_BEATS * self.window_s

    def waves(self, starts: Floats) -> Complexes:
        """Each source in each window and its context, as a wave of two parts: complex128[k, w, size].

        Far outliers are cut off, the straight line is taken out, and so is what is slower or faster than breath (both
        ends mirrored). The real part is the wave without a shift of phase, the other the same a quarter breath later.
        """
        v = np.lib.stride_tricks.sliding_window_view(self.on_grid, self.size, axis=1)[:, self.first(starts)]
        # A beat that is far off (ectopic, movement) must not ring through the whole window.
        middle = np.median(v, axis=2, keepdims=True)
        reach = _REACH * 1.4826 * np.median(np.abs(v - middle), axis=2, keepdims=True)
        v = np.clip(v, middle - reach, middle + reach)
        t = np.arange(self.size) - 0.5 * (self.size - 1)
        v = v - v.mean(axis=2, keepdims=True) - t * ((v @ t) / (t @ t))[:, :, None]
        f = np.fft.fftfreq(2 * self.size, 1.0 / GRID_HZ)
        f[0] = -1.0
        low, high = self.band_hz
        passed = np.where(f > 0.0, 2.0 / (1.0 + (low / f) ** 6) / (1.0 + (f / high) ** 8), 0.0)
        both = np.fft.fft(np.concatenate((v, v[:, :, ::-1]), axis=2), axis=2)
        return np.asarray(np.fft.ifft(both * passed, axis=2)[:, :, : self.size])


def alikeness(waves: Complexes) -> Complexes:
    """How every two sources go together, each at its usual size: complex128[w, k, k]."""
    size = np.sqrt((np.abs(waves) ** 2).mean(axis=2, keepdims=True))
    unit = np.divide(waves, size, out=np.zeros_like(waves), where=size > 0.0)
    return np.asarray(np.einsum("jwt,kwt->wjk", unit, unit.conj()) / waves.shape[2])


def common_wave(waves: Complexes, alike: Complexes, believed: Floats) -> Floats:
    """What the sources have in common, in the time of the one that has most of it: float64[w, size].

    alike: complex128[w, k, k], as `alikeness` gives it, over the windows around. believed: float64[k, w], how much each
    source is worth.
    """
    worth = believed.T
    _, vectors = np.linalg.eigh(alike * worth[:, :, None] * worth[:, None, :])
    shares = vectors[:, :, -1].conj() * worth
    strongest = np.take_along_axis(shares, np.abs(shares).argmax(axis=1)[:, None], axis=1)
    shares = shares * np.exp(-1j * np.angle(strongest))
    size = np.sqrt((np.abs(waves) ** 2).mean(axis=2))
    shares = np.divide(shares.T, size, out=np.zeros_like(shares.T), where=size > 0.0)
    return np.asarray(np.einsum("kw,kwt->wt", shares, waves).real)
