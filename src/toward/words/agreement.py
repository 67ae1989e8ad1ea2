"""How far two readers agree who labelled the corpus without seeing each other's labels: Cohen's kappa.

    python -m toward.words.agreement [FOLDER] [--list]

Kappa is (seen - chance) / (1 - chance): 0 is what two readers reach who throw dice, 1 is agreement in everything.
``--list`` prints the messages on which they differ and which ``settled.jsonl`` does not settle yet.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from toward.words.corpus import LABELS, Labelling, first_pass, read_labels, second_pass
from toward.words.rules import DANGERS, HARSH

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from toward.words.corpus import Message


class Kappa(NamedTuple):
    """Agreement on one label: kappa, and how often each of the two gave it."""

    label: str
    kappa: float
    first: int
    second: int


def kappa(one: Sequence[bool], other: Sequence[bool]) -> float:
    """Return Cohen's kappa of two readers' yes and no. Two who never differ have 1, even where both always say no."""
    count = len(one)
    if not count:
        return 1.0
    seen = sum(a == b for a, b in zip(one, other, strict=True)) / count
    yes_one, yes_other = sum(one) / count, sum(other) / count
    chance = yes_one * yes_other + (1 - yes_one) * (1 - yes_other)
    return 1.0 if chance == 1 else (seen - chance) / (1 - chance)


def agreement(first: Sequence[Labelling], second: Sequence[Labelling]) -> list[Kappa]:
    """Return kappa of each label, of harsh against not, and of each danger."""
    asked: dict[str, Callable[[Labelling], bool]] = {"harsh or not": lambda one: not one.labels.isdisjoint(HARSH)}
    asked |= {label: _gives(label) for label in LABELS}
    asked |= {f"danger: {danger}": _sees(danger) for danger in DANGERS}
    table = []
    for label, says in asked.items():
        one, other = [says(each) for each in first], [says(each) for each in second]
        table.append(Kappa(label, kappa(one, other), sum(one), sum(other)))
    return table


def _gives(label: str) -> Callable[[Labelling], bool]:
    return lambda one: label in one.labels


def _sees(danger: str) -> Callable[[Labelling], bool]:
    return lambda one: one.danger == danger


def differences(messages: Sequence[Message], second: dict[str, Labelling]) -> list[tuple[Message, Labelling]]:
    """Return the messages that the two passes read differently, each with its second reading."""
    return [
        (message, second[message.id])
        for message in messages
        if message.id in second and Labelling(message.labels, message.danger) != second[message.id]
    ]


def main(arguments: Sequence[str]) -> int:
    """Print the table, and on request what is left to settle."""
    listed = "--list" in arguments
    folder = Path(next((argument for argument in arguments if not argument.startswith("-")), "corpus"))
    messages, second = first_pass(folder), second_pass(folder)
    both = [message for message in messages if message.id in second]
    say = sys.stdout.write
    say(f"{len(both)} of {len(messages)} messages have been read twice\n")
    one = [Labelling(message.labels, message.danger) for message in both]
    for row in agreement(one, [second[message.id] for message in both]):
        say(f"{row.label:20} kappa {row.kappa:5.2f}   first {row.first:4}   second {row.second:4}\n")
    path = folder / "settled.jsonl"
    settled = read_labels(path) if path.exists() else {}
    differ = differences(messages, second)
    open_ones = [(message, other) for message, other in differ if message.id not in settled]
    say(f"{len(differ)} differ, {len(open_ones)} of them not settled\n")
    if listed:
        for message, other in open_ones:
            first_labels, second_labels = (" ".join(sorted(each)) or "-" for each in (message.labels, other.labels))
            say(f"{message.id}\t{first_labels} [{message.danger}]\t{second_labels} [{other.danger}]\t{message.text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
