"""The rules as data: each fires on its examples, none on its antidotes, and the weights know them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from toward.words import soften
from toward.words.load import data
from toward.words.model import model
from toward.words.reading import read
from toward.words.rules import DANGER_FAMILIES, FAMILIES, HARSH, OPEN, SAFE, book, hits
from toward.words.train import FOLDER, rules_digest

RULES: list[tuple[str, dict[str, Any]]] = [
    (family, rule) for family in FAMILIES for rule in data(f"rules/{family}.json")
]
EXAMPLES = [(family, rule["id"], text) for family, rule in RULES for text in rule["examples"]]
ANTIDOTES = [(family, rule["id"], text) for family, rule in RULES for text in rule["antidotes"]]
RULE_KEYS = {"id", "strength", "why", "patterns", "examples", "antidotes"}
SAFE_KEYS = {"id", "cancels", "reach", "patterns", "examples", "antidotes"}


@pytest.mark.parametrize(("family", "rule"), RULES, ids=[rule["id"] for _, rule in RULES])
def test_a_rule_is_whole(family: str, rule: dict[str, Any]) -> None:
    """Its keys, its name, its strength, a reason that has words, and examples."""
    assert set(rule) == (SAFE_KEYS if family == SAFE else RULE_KEYS)
    assert re.fullmatch(rf"{family}\.[a-z_]+", rule["id"])
    assert rule["patterns"]
    assert len(rule["patterns"]) == len(set(rule["patterns"])), "a pattern stands twice"
    assert rule["examples"]
    if family == SAFE:
        assert set(rule["cancels"]) <= {*HARSH, "all", "danger"}
        assert rule["reach"] in {"overlap", "message"}
    else:
        assert rule["strength"] in {1, 2, 3}
        assert rule["why"] in data("texts.json")["why"]


def test_every_family_has_a_file_and_every_file_a_family() -> None:
    """Nothing lies there that nobody reads."""
    assert {path.stem for path in (FOLDER / "rules").glob("*.json")} == set(FAMILIES)


def test_every_step_of_every_pattern_says_something() -> None:
    """Classes exist, steps are steps, and each pattern asks for a word."""
    book().finder.check()


def test_every_name_is_one_rule() -> None:
    """Weights hang on the names of rules."""
    names = [rule["id"] for _, rule in RULES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("family", "rule", "text"), EXAMPLES)
def test_a_rule_fires_on_its_examples(family: str, rule: str, text: str) -> None:
    """The rule itself, whatever the models make of it; and danger is named for what it is."""
    assert rule in {hit.rule.key for hit in hits(read(text))}
    if family in DANGER_FAMILIES:
        assert soften(text).danger == DANGER_FAMILIES[family]
    if family in HARSH:
        found = soften(text)
        assert found.verdict != "none" or found.danger


@pytest.mark.parametrize(("family", "rule", "text"), ANTIDOTES)
def test_an_antidote_is_left_in_peace(family: str, rule: str, text: str) -> None:
    """Nobody is told anything about a message that only looks as if."""
    found = soften(text)
    if family in HARSH:
        assert found.verdict == "none"
    elif family in DANGER_FAMILIES:
        assert found.danger is None
    elif family in OPEN:
        assert family not in {span.label for span in found.spans}
    else:
        assert rule not in {hit.rule.key for hit in hits(read(text))}


def test_the_weights_were_made_with_these_rules() -> None:
    """Whoever changes a rule trains anew (``python -m toward.words.train``)."""
    assert model().made_from["rules"] == rules_digest()


def test_every_word_of_a_pattern_is_as_the_reader_spells_it() -> None:
    """A pattern with "don't" in it would never fire: it is read as "do not"."""
    wrong = {}
    for _, rule in RULES:
        for pattern in rule["patterns"]:
            for step in pattern.split():
                if step[0] not in "^$.":
                    for word in step.lstrip("!").rstrip("?").split("/"):
                        if word[0] != "<" and word[-1] != "*" and read(f"so {word}").words != ("so", word):
                            wrong[word] = rule["id"]
    assert wrong == {}


def test_reasons_are_short_and_kind_to_the_eye() -> None:
    """One or two plain sentences; no label of a person, no number, no partner's name for a gender."""
    texts = data("texts.json")
    for sentence in texts["why"].values():
        assert len(sentence) <= 140
        assert not re.search(r"\b(he|she|husband|wife|abuser|victim|toxic|score)\b|\d", sentence.lower())
    assert set(texts["why_of"]) == {*HARSH, *OPEN}
    assert set(texts["softer"]) == set(HARSH)
