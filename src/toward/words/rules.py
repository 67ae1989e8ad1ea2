"""The families of rules: which patterns of words attack, which open, which are danger, and which only look so.

A rule is data (``data/rules/<family>.json``): patterns, how sure it is by itself (1 to 3), the key of the sentence that
says why, messages in which it fires and messages in which nobody may be told anything. The family ``safe`` holds what
takes others back: it cancels rules of the labels it names, where they overlap with it, or in the whole message.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from toward.words.load import data
from toward.words.patterns import Tree

if TYPE_CHECKING:
    from toward.words.reading import Reading

HARSH: Final = (
    "criticism", "blame", "label", "contempt", "comparison", "defensiveness", "non_apology", "demand", "threat",
    "mind_reading", "stonewalling", "score_keeping",
)  # fmt: skip
"""What attacks or shuts the door."""

OPEN: Final = ("observation", "feeling", "fear", "need", "bid", "appreciation", "responsiveness", "repair")
"""What opens."""

DANGERS: Final[tuple[Literal["threat", "fear", "self_harm"], ...]] = ("threat", "fear", "self_harm")
"""The writer threatens or controls; the writer tells of fear, injury or control; the writer may hurt themself."""

DANGER_FAMILIES: Final = {"danger_threat": "threat", "danger_fear": "fear", "danger_self": "self_harm"}
SAFE: Final = "safe"
FAMILIES: Final = (*HARSH, *OPEN, *DANGER_FAMILIES, SAFE)
_TOLD_OF: Final = frozenset({"danger_fear", "danger_self"})
_OF_THE_OTHER: Final = frozenset({"criticism", "label", "mind_reading"})
"""What must be said to the other: a name for the referee is no name for them."""


class Rule(NamedTuple):
    """A rule as it is used. ``cancels`` is empty but in the family ``safe``."""

    key: str
    family: str
    strength: int
    why: str
    cancels: frozenset[str] = frozenset()
    whole_message: bool = False


class Hit(NamedTuple):
    """A rule that fires on words ``first`` to ``last`` (not included); ``pattern`` says which of its patterns fits."""

    rule: Rule
    pattern: int
    first: int
    last: int


class Book(NamedTuple):
    """All rules, with what finds them."""

    rules: tuple[Rule, ...]
    owners: tuple[tuple[Rule, int], ...]
    finder: Tree


@cache
def book() -> Book:
    """Return the rules, read once."""
    classes = {name: frozenset(words.split()) for name, words in data("classes.json").items()}
    rules: list[Rule] = []
    owners: list[tuple[Rule, int]] = []
    patterns: list[str] = []
    for family in FAMILIES:
        for raw in data(f"rules/{family}.json"):
            cancels = frozenset(raw.get("cancels", ()))
            whole = raw.get("reach") == "message"
            rule = Rule(raw["id"], family, raw.get("strength", 0), raw.get("why", ""), cancels, whole)
            rules.append(rule)
            for place, text in enumerate(raw["patterns"]):
                owners.append((rule, place))
                patterns.append(text)
    return Book(tuple(rules), tuple(owners), Tree(patterns, classes))


def hits(reading: Reading) -> tuple[Hit, ...]:
    """Return what fires in *reading*: neither in what is quoted or denied, nor what a rule of ``safe`` takes back."""
    found = [
        Hit(*book().owners[number], first, last) for (number, first), last in book().finder.matches(reading).items()
    ]
    safe = [hit for hit in found if hit.rule.family == SAFE]
    kept = [hit for hit in found if _is_meant(hit, reading) and not any(_cancels(veto, hit) for veto in safe)]
    return tuple(sorted(kept, key=lambda hit: (hit.first, hit.last, hit.rule.key, hit.pattern)))


def _is_meant(hit: Hit, reading: Reading) -> bool:
    family = hit.rule.family
    if family == SAFE or family in OPEN:
        return True
    if family in _TOLD_OF:  # "he said he would kill me" is fear, whoever's words these are
        return True
    if hit.first in reading.quoted or (hit.first in reading.unmeant and family in HARSH):
        return False
    return family not in _OF_THE_OTHER or reading.sentences[reading.sentence_of[hit.first]].scope == "you"


def _cancels(veto: Hit, hit: Hit) -> bool:
    family = "danger" if hit.rule.family in DANGER_FAMILIES else hit.rule.family
    if family in OPEN or family == SAFE or not veto.rule.cancels & {family, "all"}:
        return False
    if "all" in veto.rule.cancels and family == "danger":
        return False
    return veto.rule.whole_message or (veto.first < hit.last and hit.first < veto.last)
