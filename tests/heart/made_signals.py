"""Signals made from beats that are known, so that what is found can be held against the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toward.heart.recording import CameraFrames

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

NARROW = ((-0.16, 0.12, 0.025), (-0.025, -0.1, 0.01), (0.0, 1.0, 0.011), (0.028, -0.18, 0.011), (0.26, 0.25, 0.05))
"""P, Q, R, S and T of a sinus beat: seconds from the peak, size, width."""
WIDE = ((0.0, 1.3, 0.04), (0.11, -0.5, 0.05), (0.3, -0.35, 0.07))
"""A beat that starts in a ventricle: no P wave, broad, its T wave the other way."""


def sinus_times(
    seconds: float, *, bpm: float = 66.0, breath_hz: float = 0.24, sway: float = 0.05, seed: int = 0
) -> Floats:
    """Beats of a resting heart, quicker with each breath in, and a little irregular: float64[n] seconds."""
    rng = np.random.default_rng(seed)
    times = [0.6]
    while times[-1] < seconds - 1.0:
        breath = sway * np.sin(2.0 * np.pi * breath_hz * times[-1])
        times.append(times[-1] + 60.0 / bpm * (1.0 + breath + 0.008 * rng.standard_normal()))
    return np.array(times)


def ecg(
    times: Floats, seconds: float, rate_hz: float, *, wide: frozenset[int] = frozenset(), noise: float = 0.0
) -> Floats:
    """An electrocardiogram with a beat at each of ``times``, those in ``wide`` from a ventricle: float64[n]."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    out = 0.1 * np.sin(2.0 * np.pi * 0.24 * t)
    for k, at in enumerate(times.tolist()):
        low, high = np.searchsorted(t, [at - 0.5, at + 0.8])
        near = t[low:high] - at
        for centre, size, width in WIDE if k in wide else NARROW:
            out[low:high] += size * np.exp(-0.5 * ((near - centre) / width) ** 2)
    return np.asarray(out + noise * np.random.default_rng(1).standard_normal(t.size))


def ppg(times: Floats, seconds: float, rate_hz: float, *, noise: float = 0.0) -> Floats:
    """A light signal with a pulse's steepest rise at each of ``times``: float64[n], more blood is higher."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    return _pulses(t, times) + noise * np.random.default_rng(2).standard_normal(t.size)


def _pulses(t: Floats, times: Floats) -> Floats:
    out = np.zeros(t.size)
    for at in times.tolist():
        low, high = np.searchsorted(t, [at - 0.4, at + 1.2])
        near = t[low:high] - at
        rise = 1.0 / (1.0 + np.exp(-near / 0.03))
        out[low:high] += rise * np.exp(-np.maximum(near, 0.0) / 0.25)
        out[low:high] += 0.15 * np.exp(-0.5 * ((near - 0.35) / 0.06) ** 2)
    return out


def frames(times: Floats, seconds: float, *, jitter_s: float = 0.0, noise: float = 0.0, seed: int = 3) -> CameraFrames:
    """Thirty frames a second of a finger on the lens: red falls with each pulse; stamps come late by ``jitter_s``."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * 30.0)) / 30.0
    red = 200.0 - 3.0 * _pulses(t, times) + noise * rng.standard_normal(t.size)
    stamps = np.maximum.accumulate(t + rng.uniform(0.0, jitter_s, t.size)) if jitter_s else t
    return CameraFrames(stamps, red, 0.2 * red, 0.1 * red)


def matched(truth: Floats, found: Floats, within_s: float = 0.05) -> tuple[int, int, int]:
    """How many of the true beats were found, how many not, and how many were found where none is.

    Each true beat takes the nearest found one that no other took.
    """
    taken: set[int] = set()
    for at in truth.tolist():
        near = np.flatnonzero(np.abs(found - at) <= within_s)
        free = [int(i) for i in near if int(i) not in taken]
        if free:
            taken.add(min(free, key=lambda i: abs(found[i] - at)))
    return len(taken), truth.size - len(taken), found.size - len(taken)


def f1(truth: Floats, found: Floats) -> float:
    """Harmonic mean of sensitivity and precision, 50 ms allowed."""
    hits, missed, extra = matched(truth, found)
    return 2.0 * hits / (2.0 * hits + missed + extra)
