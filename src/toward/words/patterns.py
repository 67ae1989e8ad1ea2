"""Patterns over words: what a rule looks for, in a language small enough to be read aloud.

    you <abs>                  a word, then any word of a class (``classes.json``)
    care/think                 one of these words
    manipulat*                 any word that begins so
    really?                    there or not
    ..3                        up to three words that do not matter
    !me/you                    the next word is none of these (it is not taken)
    ^  ^^                      here begins a clause; a sentence
    $  $.  $?  $!              here ends a sentence; with a full stop, a question mark, an exclamation mark

A pattern never reaches over the end of a sentence. Gaps are short and have a limit, so the time to search a message
grows with its length and not faster, whatever it says. No regular expression is built from anybody's text.
"""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from toward.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from toward.words.reading import Reading

_COMMON: Final = frozenset({
    "you", "i", "the", "a", "to", "and", "it", "is", "that", "not", "do", "are", "my", "me", "your", "of", "in", "be",
    "for", "have", "this", "so", "on", "with", "was", "what", "will", "we", "he", "she", "they", "at", "just", "can",
    "if", "or", "did", "would", "but", "like", "all", "up", "out", "get", "no", "how", "as",
})  # fmt: skip
_NO_ANCHOR: Final = 10**9
_COMMON_COST: Final = 1000
_ELEMENT: Final = re.compile(r"\^\^?|\$[.?!]?|\$\?|\.\.\d|!?[\w<>*'/-]+\??")


class Element(NamedTuple):
    """One step of a pattern. ``sort`` is word, not, gap, start or end."""

    sort: str
    words: frozenset[str] = frozenset()
    heads: tuple[str, ...] = ()
    optional: bool = False
    reach: int = 0
    mark: str = ""

    def takes(self, word: str) -> bool:
        """Say whether this step takes *word*."""
        return word in self.words or bool(self.heads and word.startswith(self.heads))


class Pattern(NamedTuple):
    """A pattern with the ``anchors`` of which a message must hold one, and the heads that an anchor may begin with."""

    elements: tuple[Element, ...]
    anchors: frozenset[str]
    anchor_heads: tuple[str, ...]


def _element(text: str, classes: Mapping[str, frozenset[str]]) -> Element:
    if not _ELEMENT.fullmatch(text):
        raise BadInput(f"{text!r} is no step of a pattern", field="pattern")
    if text[0] == "^":
        return Element("start", mark=text)
    if text[0] == "$":
        return Element("end", mark=text[1:])
    if text[:2] == "..":
        return Element("gap", reach=int(text[2:]))
    sort = "not" if text[0] == "!" else "word"
    words: set[str] = set()
    heads: list[str] = []
    for choice in text.lstrip("!").rstrip("?").split("/"):
        if choice.startswith("<"):
            if choice[1:-1] not in classes:
                raise BadInput(f"there is no class {choice}", field="pattern")
            words |= classes[choice[1:-1]]
        elif choice.endswith("*"):
            heads.append(choice[:-1])
        else:
            words.add(choice)
    return Element(sort, frozenset(words), tuple(heads), optional=text.endswith("?") and sort == "word")


class Parser:
    """Reads patterns. It keeps the steps it has read: thousands of patterns share a few hundred."""

    def __init__(self, classes: Mapping[str, frozenset[str]]) -> None:
        self._classes = classes
        self._steps: dict[str, tuple[Element, int]] = {}

    def _step(self, text: str) -> tuple[Element, int]:
        found = self._steps.get(text)
        if found is None:
            element = _element(text, self._classes)
            rarity = _NO_ANCHOR
            if element.sort == "word" and not element.optional:
                rarity = _COMMON_COST * len(element.words & _COMMON) + len(element.words) + len(element.heads)
            found = self._steps[text] = element, rarity
        return found

    def parse(self, text: str) -> Pattern:
        """Return the pattern that *text* says. Raises ``BadInput`` for a step or a class that does not exist."""
        steps = [self._step(step) for step in text.split()]
        rarest, rarity = min(steps, key=itemgetter(1), default=(Element("gap"), _NO_ANCHOR))
        if rarity >= _NO_ANCHOR:
            raise BadInput(f"{text!r} asks for no word", field="pattern")
        return Pattern(tuple(element for element, _ in steps), rarest.words, rarest.heads)


class Index:
    """Many patterns at once, each under its rarest word, so that a message tries only those that could fit."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._by_word: dict[str, list[tuple[int, Pattern]]] = {}
        self._by_head: dict[str, list[tuple[int, Pattern]]] = {}
        for number, pattern in enumerate(patterns):
            for word in pattern.anchors:
                self._by_word.setdefault(word, []).append((number, pattern))
            for head in pattern.anchor_heads:
                self._by_head.setdefault(head, []).append((number, pattern))

    def matches(self, reading: Reading) -> Iterator[tuple[int, int, int]]:
        """Yield (number of the pattern, first word, word after the last) for every place where one fits."""
        places: dict[str, list[int]] = {}
        for position, word in enumerate(reading.words):
            places.setdefault(word, []).append(position)
        tried: set[int] = set()
        for word in places:
            found = self._by_word.get(word, ())
            for head, under in self._by_head.items():
                if word.startswith(head):
                    found = [*found, *under]
            for number, pattern in found:
                if number not in tried:
                    tried.add(number)
                    for first, last in _search(pattern, reading, places):
                        yield number, first, last


def _search(pattern: Pattern, reading: Reading, places: Mapping[str, list[int]]) -> Iterator[tuple[int, int]]:
    elements = pattern.elements
    opening = next(element for element in elements if element.sort not in {"start", "not"})
    words = reading.words
    if opening.sort == "word" and not opening.optional and not opening.heads:
        starts: Iterable[int]
        if len(opening.words) <= len(places):
            starts = [position for word in opening.words for position in places.get(word, ())]
        else:
            starts = [position for word, where in places.items() if word in opening.words for position in where]
    else:
        starts = range(len(words))
    for start in starts:
        sentence = reading.sentences[reading.sentence_of[start]]
        end = _fit(elements, 0, start, (sentence.first, sentence.last, sentence.ending), reading)
        if end > start:
            yield start, end


def _fit(elements: tuple[Element, ...], step: int, at: int, sentence: tuple[int, int, str], reading: Reading) -> int:
    """Where the rest of the pattern ends if it is read from word *at*, or -1."""
    if step == len(elements):
        return at
    element = elements[step]
    first, last, ending = sentence
    if element.sort == "word":
        if at < last and element.takes(reading.words[at]):
            end = _fit(elements, step + 1, at + 1, sentence, reading)
            if end >= 0:
                return end
        return _fit(elements, step + 1, at, sentence, reading) if element.optional else -1
    if element.sort == "gap":
        for skipped in range(min(element.reach, last - at) + 1):
            end = _fit(elements, step + 1, at + skipped, sentence, reading)
            if end >= 0:
                return end
        return -1
    if element.sort == "not":
        fits = at >= last or not element.takes(reading.words[at])
    elif element.sort == "start":
        fits = at == first if element.mark == "^^" else at in reading.clause_starts
    else:
        fits = at == last and (
            not element.mark or (ending.startswith(element.mark) and (element.mark != "." or ending == "."))
        )
    return _fit(elements, step + 1, at, sentence, reading) if fits else -1
