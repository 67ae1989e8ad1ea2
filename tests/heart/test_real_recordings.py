"""Real recordings, where their folder lies beside this one: what was measured once must not get worse."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from benchmarks.heart_signals import SUBJECTS, breath_errors, detected, seen, truth_of
from toward.heart.variability import variability

DATA = Path(__file__).parents[2].parent / "shared" / "data"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir() and "CI" not in os.environ, reason="the real recordings are not beside this folder"
)


@pytest.mark.parametrize(("name", "least"), [("100", 0.999), ("105", 0.993), ("208", 0.997)])
def test_annotated_beats_are_found_and_their_kinds_told(name: str, least: float) -> None:
    """Clean, noisy, and bigeminy: one default for all three."""
    found = detected(DATA, name, timed=False)
    assert found.f1 >= least
    assert found.sensitivity >= 0.95
    assert found.precision >= 0.90


def test_variability_of_annotated_beats_is_the_known_one() -> None:
    """Half an hour of record 100, ectopic beats and all, as other programs have it."""
    _, truth, _ = truth_of(DATA, "100")
    v = variability(1000.0 * np.diff(truth))
    assert v.rmssd_ms == pytest.approx(63.232, abs=0.0005)
    assert v.sdnn_ms == pytest.approx(48.846, abs=0.0005)


def test_the_camera_agrees_with_the_strap() -> None:
    """Thirteen people: rate within .6 on average, RMSSD within 8 ms, and whoever is left out is counted."""
    rows = np.array([seen(DATA, subject)[1:4] for subject in SUBJECTS])
    assert np.nanmean(np.abs(rows[:, 0])) <= 0.6
    assert np.nanmean(np.abs(rows[:, 1])) <= 8.0
    assert np.isnan(rows[:, 0]).sum() == 0
    assert np.isnan(rows[:, 1]).sum() <= 1


def test_breath_is_near_the_belt() -> None:
    """Mean absolute errors per minute, a little above what was measured."""
    most = {"rest_5min_100hz": 1.5, "rest_8min_100hz": 0.21, "bidmc_01_125hz": 1.0}
    for name, kind, error, judged, many, _ in breath_errors(DATA):
        assert error <= most[name], (name, kind)
        assert judged >= 0.9 * many
