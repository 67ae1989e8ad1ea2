"""The kernels as plain Python: the same beats, and every line of them seen by whoever measures coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.heart.made_signals import ecg, frames, sinus_times
from toward.heart import breath, camera, ectopy, fronts, gaps, mains, qrs, shapes, variability
from toward.heart.ecg import find_beats
from toward.heart.recording import Ecg
from toward.heart.stream import summarise

if TYPE_CHECKING:
    from types import ModuleType

KERNELS: tuple[ModuleType, ...] = (breath, camera, ectopy, fronts, gaps, mains, qrs, shapes, variability)


@pytest.fixture
def uncompiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every compiled function of these modules is the Python it was made of."""
    for module in KERNELS:
        for name, value in vars(module).copy().items():
            if hasattr(value, "py_func"):
                monkeypatch.setattr(module, name, value.py_func)


def hard() -> Ecg:
    """Twenty-five seconds with all that can happen: early broad beats, noise, silence, another size."""
    seconds = 26.0
    times = sinus_times(seconds, bpm=80.0)
    early = frozenset({6, 9, 12, 15})
    for k in early:
        times[k] -= 0.25
    samples = ecg(times, seconds, 100.0, wide=early, noise=0.02)
    samples[1500:2000] = 0.0
    samples[1300:1310] = np.nan
    samples[2000:] *= 0.1
    return Ecg(samples, 100.0)


def test_uncompiled_kernels_find_the_same_beats(request: pytest.FixtureRequest) -> None:
    """To a nanosecond: only sums that may be reordered differ."""
    compiled_beats, compiled_gaps = find_beats(hard())
    request.getfixturevalue("uncompiled")
    plain_beats, plain_gaps = find_beats(hard())
    np.testing.assert_allclose(plain_beats.time_s, compiled_beats.time_s, atol=1e-9)
    np.testing.assert_array_equal(plain_beats.kind, compiled_beats.kind)
    np.testing.assert_allclose(plain_beats.clarity, compiled_beats.clarity, atol=1e-9)
    np.testing.assert_array_equal(plain_gaps, compiled_gaps)


def test_uncompiled_kernels_give_the_same_summary_of_frames(request: pytest.FixtureRequest) -> None:
    """Jittering frames of a minute and a bit: every figure."""
    recording = frames(sinus_times(66.0), 66.0, jitter_s=0.03, noise=0.1)
    compiled_summary = summarise(recording)
    request.getfixturevalue("uncompiled")
    plain = summarise(recording)
    assert plain.hr_bpm == pytest.approx(compiled_summary.hr_bpm)
    assert plain.rmssd_ms == pytest.approx(compiled_summary.rmssd_ms)
    assert plain.more["hf_ms2"] == pytest.approx(compiled_summary.more["hf_ms2"])
