"""Recordings that the published estimates were made from; they lie beside the repository and are not part of it."""

from __future__ import annotations

import csv
import gzip
import io
import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "couples"
Series = NDArray[np.float64]


def opened(name: str) -> Path:
    """Where a recording lies. Without it the test is skipped, and in CI it fails."""
    path = FOLDER / name
    if not path.exists():
        reason = f"the recording {name} is not beside this repository"
        if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
            pytest.fail(reason)
        pytest.skip(reason)
    return path


def gottman_couple() -> tuple[Series, Series]:
    """One couple's coded affect, wife first, 150 points."""
    table = np.loadtxt(opened("gottman_couple.csv"), delimiter=",", skiprows=1)
    return table[:, 0], table[:, 1]


@cache
def dials() -> dict[int, tuple[Series, Series]]:
    """Each couple's emotion dials every two seconds, men first; NaN where the dial was not recorded."""
    with gzip.open(opened("rties_full.csv.gz"), "rb") as packed:
        text = packed.read().decode()
    found: dict[tuple[int, int], list[float]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        value = float("nan") if row["dial"] in {"NA", ""} else float(row["dial"])
        found.setdefault((int(row["couple"]), int(row["female"])), []).append(value)
    couples = sorted({couple for couple, _ in found})
    return {couple: (np.array(found[couple, 0]), np.array(found[couple, 1])) for couple in couples}


def acitelli() -> dict[str, Series]:
    """148 couples' satisfaction and tension, wives as partner a."""
    with opened("acitelli_148.csv").open(encoding="utf-8") as table:
        wives = [row for row in csv.DictReader(table) if row["Gender_A"].strip() == "Wife"]
    names = ("Satisfaction_A", "Satisfaction_P", "Tension_A", "Tension_P")
    return {name: np.array([float(row[name]) for row in wives]) for name in names}
