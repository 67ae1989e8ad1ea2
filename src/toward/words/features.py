"""What the models see of a message: runs of words and of sorts of words, how sentences begin and end, and the rules.

Words of a sentence that is about somebody else alone, or that is quoted, are other features than the same words said to
the partner: "that referee is a blind fool" must teach nothing about "you are a blind fool".
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from toward.words.load import data

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toward.words.reading import Reading
    from toward.words.rules import Hit

_STRONGEST: Final = 4
_SHOUT_LETTERS: Final = 4
_YOURS: Final = ("you", "your", "yours", "yourself")
_MINE: Final = ("i", "me", "my", "mine", "myself")
_OURS: Final = frozenset({"we", "us", "our"})


Feature = tuple[str, float, int, int]
"""Name, value, and the words it was seen in, first to last (not included; both 0: in the message as a whole)."""


def features(reading: Reading, hits: Iterable[Hit]) -> list[Feature]:
    """Return all features of a message; a name may come twice, the models take its first value."""
    found: list[Feature] = []
    for number, sentence in enumerate(reading.sentences):
        found += _runs(reading, number, sentence.first, sentence.last)
    found += _sorts(reading)
    found += _from_rules(hits)
    found += _shape(reading)
    found += _together(reading)
    return found


@cache
def _concepts() -> dict[str, str]:
    return {word: concept for concept, words in data("concepts.json").items() for word in words.split()}


def _together(reading: Reading) -> list[Feature]:
    """Which things are named in one breath, a sentence and the next: a passport and to keep, a bridge and quiet."""
    concepts = _concepts()
    if concepts.keys().isdisjoint(reading.words):
        return []
    named = [
        {concepts[word] for word in reading.words[sentence.first : sentence.last] if word in concepts}
        for sentence in reading.sentences
    ]
    names: dict[str, None] = {}
    for here, there in zip(named, [*named[1:], set[str]()], strict=False):
        breath = sorted(here | there)
        for number, concept in enumerate(breath):
            names[f"k:{concept}"] = None
            for other in breath[number + 1 :]:
                names[f"k:{concept}+{other}"] = None
    return [(name, 1.0, 0, 0) for name in names]


def _runs(reading: Reading, number: int, first: int, last: int) -> list[Feature]:
    words, quoted = reading.words, reading.quoted
    sentence = reading.sentences[number]
    elsewhere = sentence.scope == "other"
    found: list[Feature] = []
    for at in range(first, last):
        aside = elsewhere or at in quoted
        name = f"o:{words[at]}" if aside else f"w:{words[at]}"
        found.append((name, 1.0, at, at + 1))
        if at + 1 < last:
            name = f"{name} {words[at + 1]}"
            found.append((name, 1.0, at, at + 2))
            if at + 2 < last and not aside:
                found.append((f"{name} {words[at + 2]}", 1.0, at, at + 3))
                found.append((f"g:{words[at]} _ {words[at + 2]}", 1.0, at, at + 3))
    if not elsewhere and first not in quoted:
        found.append((f"^:{words[first]}", 1.0, first, first + 1))
        if last - first > 1:
            found.append((f"^:{words[first]} {words[first + 1]}", 1.0, first, first + 2))
        ending = sentence.ending[:1] if len(sentence.ending) < 2 else sentence.ending[:2]  # noqa: PLR2004 - "?" and "??"
        found.append((f"$:{words[last - 1]}{ending}", 1.0, last - 1, last))
    return found


@cache
def _sort_of() -> dict[str, str]:
    return {word: sort for sort, words in data("tags.json").items() for word in words.split()}


def _sorts(reading: Reading) -> list[Feature]:
    """Runs of two and three sorts of words: I, to be, a word for fear; you, never. What is said, whatever it is about.

    A word of no sort is a star. A run has one star at most, and it stands at an end or between two.
    """
    sort_of = _sort_of()
    sorts = [sort_of.get(word, "*") for word in reading.words]
    for at in reading.quoted:
        sorts[at] = "QUO"
    found: list[Feature] = []
    for first, last, ending, _, scope in reading.sentences:
        begin = "to:" if scope == "other" else "t:"
        run = ["^", *sorts[first:last], f"${ending[:1]}"]
        here = first - 1
        end = len(run) - 1
        for at in range(end):
            one, two = run[at], run[at + 1]
            low, high = max(first, here + at), min(last, here + at + 3)
            if one != "*" and two != "*":
                found.append((f"{begin}{one} {two}", 1.0, low, min(last, here + at + 2)))
            if at + 1 == end:
                break
            three = run[at + 2]
            if one != "*" and three != "*":
                found.append((f"{begin}{one} _ {three}", 1.0, low, high))
                found.append((f"{begin}{one} {two} {three}", 1.0, low, high))
            elif two != "*" and (one != "*" or three != "*"):
                found.append((f"{begin}{one} {two} {three}", 1.0, low, high))
    return found


def _from_rules(hits: Iterable[Hit]) -> list[Feature]:
    strength: dict[str, int] = {}
    found: list[Feature] = []
    for hit in hits:
        found.append((f"p:{hit.rule.key}#{hit.pattern}", 1.0, hit.first, hit.last))
        found.append((f"r:{hit.rule.key}", 1.0, hit.first, hit.last))
        family = hit.rule.family
        strength[family] = min(_STRONGEST, max(strength.get(family, 0), hit.rule.strength) + (family in strength))
    found += [(f"f:{family}", total / 2, 0, 0) for family, total in strength.items()]
    return found


def _shape(reading: Reading) -> list[Feature]:
    words = reading.words
    count = len(words)
    names = [f"s:face {face}" for face in dict.fromkeys(reading.faces)]
    for most, name in ((3, "1-3"), (8, "4-8"), (15, "9-15"), (30, "16-30"), (60, "31-60")):
        if count <= most:
            names.append(f"s:words {name}")
            break
    else:
        names.append("s:words 61-")
    yours = sum(map(words.count, _YOURS))
    mine = sum(map(words.count, _MINE))
    names.append(f"s:you {min(yours, 3)}")
    names.append(f"s:i {min(mine, 3)}")
    names.append("s:you>i" if yours > mine else "s:you<=i")
    if not _OURS.isdisjoint(words):
        names.append("s:we")
    endings = {sentence.ending[:1] for sentence in reading.sentences}
    names += [f"s:ends {ending or 'nothing'}" for ending in sorted(endings)]
    if "!!" in reading.text or "??" in reading.text:
        names.append("s:doubled mark")
    if not reading.text.islower() and any(
        word.isupper() and len(word) >= _SHOUT_LETTERS for word in reading.text.split()
    ):
        names.append("s:shout")
    if any(sentence.scope == "other" for sentence in reading.sentences):
        names.append("s:other")
    if reading.quoted:
        names.append("s:quoted")
    return [(name, 1.0, 0, 0) for name in names]
