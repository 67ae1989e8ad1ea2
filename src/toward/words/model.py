"""The shipped weights, and what they make of a message's features: one small linear model for each label.

``data/weights.json`` is written by ``toward.words.train`` and by nothing else. Weights are whole thousandths. A model
is calibrated with two numbers, ``p = 1 / (1 + exp(-(a z + b)))``, on voices that it had not read.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from toward.words.load import data

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toward.words.features import Feature

THOUSANDTHS: Final = 1000
_STEEPEST: Final = 30.0


class Model(NamedTuple):
    """Linear models that share one table: ``weights[name]`` is head, thousandths, head, thousandths …"""

    heads: tuple[str, ...]
    biases: tuple[int, ...]
    calibration: tuple[tuple[float, float], ...]
    weights: dict[str, list[int]]
    thresholds: dict[str, float]
    made_from: dict[str, str]

    def logits(self, features: Iterable[Feature]) -> list[float]:
        """Return what each head says, before calibration."""
        sums: list[float] = list(self.biases)
        seen = set()
        for name, value, _, _ in features:
            row = self.weights.get(name)
            if row is None or name in seen:
                continue
            seen.add(name)
            for at in range(0, len(row), 2):
                sums[row[at]] += row[at + 1] * value
        return [total / THOUSANDTHS for total in sums]

    def probabilities(self, features: Iterable[Feature]) -> dict[str, float]:
        """Return the calibrated probability of each head."""
        return {
            head: sigmoid(a * z + b)
            for head, z, (a, b) in zip(self.heads, self.logits(features), self.calibration, strict=True)
        }

    def pull(self, feature: Feature, head: str) -> float:
        """How much *feature* speaks for *head*."""
        row = self.weights.get(feature.name, ())
        number = self.heads.index(head)
        return sum(row[at + 1] * feature.value for at in range(0, len(row), 2) if row[at] == number) / THOUSANDTHS


def sigmoid(z: float) -> float:
    """Return 1 / (1 + exp(-z)), for any z."""
    return 1 / (1 + math.exp(-max(-_STEEPEST, min(_STEEPEST, z))))


def as_model(raw: dict[str, Any]) -> Model:
    """Return the model that a weights file holds."""
    return Model(
        heads=tuple(raw["heads"]),
        biases=tuple(raw["biases"]),
        calibration=tuple((a, b) for a, b in raw["calibration"]),
        weights=raw["weights"],
        thresholds=raw["thresholds"],
        made_from=raw["made_from"],
    )


@cache
def model() -> Model:
    """Return the models of messages between two people, read once."""
    return as_model(data("weights.json"))


@cache
def general() -> Model:
    """Return the model of strangers' comments. It knows nothing of couples: it is here to be measured beside."""
    return as_model(data("general.json"))
