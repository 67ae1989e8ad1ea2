"""The shipped weights, and what they make of a message's features: one small linear model for each label.

``data/weights.json`` is written by ``toward.words.train`` and by nothing else. Weights are whole thousandths. A model
is calibrated with two numbers, ``p = 1 / (1 + exp(-(a z + b)))``, on voices that it had not read.
"""

from __future__ import annotations

from functools import cache
from math import copysign, exp
from struct import unpack
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from toward.words.load import data

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toward.words.features import Feature

THOUSANDTHS: Final = 1000
_STEEPEST: Final = 30.0


_LANE: Final = 32
_HALF: Final = 1 << _LANE - 1


class Weights:
    """The weights by feature, kept as they are written, and put together when a feature is first asked for.

    Put together, the thousandths of all heads stand side by side in one whole number, ``_LANE`` bits for each, so that
    one addition adds for every head. No lane can run over: a test adds up all weights there are.
    """

    __slots__ = ("_halves", "_heads", "_together", "written")

    def __init__(self, heads: int, names: str, rows: str) -> None:
        self._heads = heads
        self._halves = sum(_HALF << _LANE * head for head in range(heads))
        self.written: dict[str, str] = dict(zip(names.split("\n"), rows.split("\n"), strict=True))
        """For each feature head, thousandths, head, thousandths …"""
        self._together: dict[str, int] = {}

    def total(self, features: Iterable[Feature]) -> list[int]:
        """Return the sum for each head in halves of thousandths: the value of a feature is in halves."""
        known, together = self.written, self._together
        seen: dict[str, float] = {}
        for name, value, _, _ in features:
            if name in known and name not in seen:
                seen[name] = value
        once = summed = 0
        for name, value in seen.items():
            row = together.get(name)
            if row is None:
                row = self._put_together(name)
            if value == 1.0:
                once += row
            else:
                summed += row * int(2 * value)
        summed += 2 * once + self._halves
        lanes = summed.to_bytes(self._heads * _LANE // 8, "little")
        return [lane - _HALF for lane in unpack(f"<{self._heads}I", lanes)]

    def one(self, name: str, head: int) -> int:
        """Return the thousandths of the feature *name* for *head*."""
        if name not in self.written:
            return 0
        row = self._together.get(name) or self._put_together(name)
        return (row + self._halves >> _LANE * head) % (2 * _HALF) - _HALF

    def _put_together(self, name: str) -> int:
        numbers = [int(number) for number in self.written[name].split()]
        row = sum(weight << _LANE * head for head, weight in zip(numbers[::2], numbers[1::2], strict=True))
        self._together[name] = row
        return row


class Model(NamedTuple):
    """Linear models that share one table of weights."""

    heads: tuple[str, ...]
    biases: tuple[int, ...]
    calibration: tuple[tuple[float, float], ...]
    weights: Weights
    thresholds: dict[str, float]
    made_from: dict[str, str]

    def logits(self, features: Iterable[Feature]) -> list[float]:
        """Return what each head says, before calibration. Of a feature that comes twice the first value counts."""
        totals = self.weights.total(features)
        return [(bias + total / 2) / THOUSANDTHS for bias, total in zip(self.biases, totals, strict=True)]

    def probabilities(self, features: Iterable[Feature]) -> dict[str, float]:
        """Return the calibrated probability of each head."""
        return {
            head: sigmoid(a * z + b)
            for head, z, (a, b) in zip(self.heads, self.logits(features), self.calibration, strict=True)
        }

    def pull(self, feature: Feature, head: str) -> float:
        """How much *feature* speaks for *head*."""
        return self.weights.one(feature[0], self.heads.index(head)) * feature[1] / THOUSANDTHS


def sigmoid(z: float) -> float:
    """Return 1 / (1 + exp(-z)), for any z."""
    return 1 / (1 + exp(-z if -_STEEPEST < z < _STEEPEST else copysign(_STEEPEST, -z)))


def as_model(raw: dict[str, Any]) -> Model:
    """Return the model that a weights file holds."""
    return Model(
        heads=tuple(raw["heads"]),
        biases=tuple(raw["biases"]),
        calibration=tuple((a, b) for a, b in raw["calibration"]),
        weights=Weights(len(raw["heads"]), raw["features"], raw["weights"]),
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
