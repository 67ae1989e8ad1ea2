"""Which models are made of the corpus: who counts as yes in each, what it may see, and how freely that may speak."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from toward.words.rules import DANGERS, HARSH, OPEN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from toward.words.corpus import Message

SCALES: Final = {"p": 1.5, "r": 1.5, "f": 1.5, "s": 0.5, "k": 0.5, "g": 0.5}
"""How freely a feature may speak, by its sort: a rule that was thought about more than a word that was counted."""

HARSH_SCALES: Final = {**SCALES, "p": 1.2, "t": 0.5}
"""Harsh or not sees runs of sorts as well, and near twins often share a rule: its single patterns speak less."""


@dataclass(frozen=True, eq=False)
class Head:
    """One model to be made: who counts as yes, which features it may see, and how many it keeps."""

    name: str
    is_yes: Callable[[Message], bool]
    sees: Callable[[str], bool]
    seen_at_least: int = 2
    keeps: int = 5000
    yes_weight: float = 1.0
    from_twins: bool = False
    scales: Mapping[str, float] = field(default_factory=lambda: SCALES)


def _plain(name: str) -> bool:
    return not name.startswith(("k:", "f:danger", "r:danger", "p:danger"))


def _short(name: str) -> bool:
    return _plain(name) and name[0] != "t" and name.count(" ") < 2  # noqa: PLR2004 - single words and pairs of neighbours


def _has_label(label: str) -> Callable[[Message], bool]:
    return lambda message: label in message.labels


def _has_danger(danger: str) -> Callable[[Message], bool]:
    return lambda message: message.danger == danger


def _all_close(name: str) -> bool:
    return name[0] not in "gt"


def heads() -> list[Head]:
    """Return every model: harsh or not, each label, in danger or not, each danger."""
    return [
        Head("harsh", lambda message: message.is_harsh, _plain, 2, 7500, from_twins=True, scales=HARSH_SCALES),
        *(Head(label, _has_label(label), _short, 4, 250, 2.0) for label in (*HARSH, *OPEN)),
        Head("danger", lambda message: message.danger is not None, _all_close, 2, 1500, 4.0),
        *(Head(f"danger: {danger}", _has_danger(danger), _all_close, 2, 400, 4.0) for danger in DANGERS),
    ]
