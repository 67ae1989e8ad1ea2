"""The figures of ``benchmarks.words``: what a contender says of messages, and how right that is."""

from __future__ import annotations

from collections import defaultdict
from statistics import mean
from typing import TYPE_CHECKING, NamedTuple

from toward.words import soften

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toward.words.corpus import Message


class Said(NamedTuple):
    """What a contender says of a message: a score for ranking, whether it speaks up, and whether it is sure."""

    score: float
    alarm: bool
    clear: bool = False


def auc(messages: Sequence[Message], said: Sequence[Said]) -> float:
    """How often a harsh message has the higher score than one that is not; ties count half."""
    order = sorted((one.score, message.is_harsh) for message, one in zip(messages, said, strict=True))
    ranks: dict[float, list[int]] = defaultdict(list)
    for rank, (score, _) in enumerate(order, 1):
        ranks[score].append(rank)
    harsh = [mean(ranks[score]) for score, is_harsh in order if is_harsh]
    rest = len(order) - len(harsh)
    return (sum(harsh) - len(harsh) * (len(harsh) + 1) / 2) / (len(harsh) * rest) if harsh and rest else float("nan")


def macro_f1(truth: Sequence[bool], answers: Sequence[bool]) -> float:
    """The mean of the F1 of yes and the F1 of no."""
    found = []
    for side in (True, False):
        hit = sum(a is side and b is side for a, b in zip(truth, answers, strict=True))
        all_of_it = truth.count(side) + answers.count(side)
        found.append(2 * hit / all_of_it if all_of_it else 0.0)
    return mean(found)


def share(picked: list[bool]) -> float:
    """The share of yes."""
    return sum(picked) / len(picked) if picked else float("nan")


def pairs_in_order(messages: Sequence[Message], said: Sequence[Said]) -> float:
    """How often the harsh one of a pair has the higher score."""
    groups: dict[str, list[int]] = defaultdict(list)
    for number, message in enumerate(messages):
        if message.pair:
            groups[message.pair].append(number)
    return share(
        [
            said[one].score > said[other].score
            for group in groups.values()
            for one in group
            for other in group
            if messages[one].is_harsh and not messages[other].is_harsh
        ]
    )


def calibration_error(messages: Sequence[Message], said: Sequence[Said]) -> float:
    """How far probabilities are from shares, over ten bins."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for message, one in zip(messages, said, strict=True):
        bins[min(9, int(one.score * 10))].append((one.score, message.is_harsh))
    return sum(abs(sum(s for s, _ in b) - sum(h for _, h in b)) for b in bins.values()) / len(messages)


def shipped(messages: Sequence[Message]) -> list[Said]:
    """What the shipped room says."""
    answers = [soften(message.text) for message in messages]
    return [Said(one.harsh, one.harsh >= 0.5, one.verdict == "clear") for one in answers]
