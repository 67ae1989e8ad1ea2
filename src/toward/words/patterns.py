"""Patterns over words: what a rule looks for, in a language small enough to be read aloud.

    you <abs>                  a word, then any word of a class (``classes.json``)
    care/think                 one of these words
    manipulat*                 any word that begins so
    really?                    there or not
    ..3                        up to three words that do not matter
    !me/you                    the next word is none of these (it is not taken)
    ^  ^^                      here begins a clause; a sentence
    $  $.  $?  $!              here ends a sentence; with a full stop, a question mark, an exclamation mark

All patterns together are one tree in which those that begin alike share their beginning, so that three thousand cost
little more than those that could fit. A pattern never reaches over the end of a sentence and gaps have a limit, so the
time to search a message grows with its length and not faster, whatever it says. No regular expression is involved.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from toward.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from toward.words.reading import Reading, Sentence

_STEP: Final = r"\^\^?|\$[.?!]?|\.\.\d|![\w<>'/-]+|[\w<>*'/-]+\??"


Words = tuple["Collection[str]", tuple[str, ...]]
"""What a step takes: one of these words, or a word with one of these beginnings."""


class Way:
    """A way on, to a node that is made when somebody first goes there: most never are."""

    __slots__ = ("node", "rests")

    def __init__(self, rests: list[tuple[str, int]]) -> None:
        self.rests = rests
        """What is left of the patterns that go on here, and their numbers."""
        self.node: Node | None = None

    def open(self, words_of: Callable[[str], Words]) -> Node:
        """Make the node. Two threads may make it twice, which is the same node twice."""
        self.node = node = Node(following(self.rests), words_of)
        return node


class Node:
    """A place in the tree with its steps worked out."""

    __slots__ = (
        "by_word", "complete", "ends", "free", "gaps", "heads", "looks", "nots", "only_words", "prefixes", "starts",
    )  # fmt: skip

    def __init__(self, steps: dict[str, list[tuple[str, int]]], words_of: Callable[[str], Words]) -> None:
        self.complete = [number for _, number in steps.pop("", ())]
        self.by_word: dict[str, list[Way]] = {}
        self.heads: list[tuple[str, Way]] = []
        self.free: list[Way] = []
        self.gaps: list[tuple[int, Way]] = []
        self.nots: list[tuple[Collection[str], Way]] = []
        self.starts: list[tuple[bool, Way]] = []
        self.ends: list[tuple[str, Way]] = []
        for step, rests in steps.items():
            self._add(step, Way(rests), words_of)
        self.prefixes = tuple(head for head, _ in self.heads)
        self.looks = bool(self.nots or self.ends or self.free)
        self.only_words = not (self.looks or self.starts or self.heads or self.gaps or self.complete)

    def _add(self, step: str, way: Way, words_of: Callable[[str], Words]) -> None:
        sort = step[0]
        if sort == "^":
            self.starts.append((step == "^^", way))
        elif sort == "$":
            self.ends.append((step[1:], way))
        elif sort == ".":
            self.gaps.append((int(step[2:]), way))
        elif sort == "!":
            self.nots.append((words_of(step[1:])[0], way))
        else:
            any_of, heads = words_of(step.rstrip("?"))
            for word in any_of:
                self.by_word.setdefault(word, []).append(way)
            self.heads += [(head, way) for head in heads]
            if step[-1] == "?":
                self.free.append(way)


def following(rests: Iterable[tuple[str, int]]) -> dict[str, list[tuple[str, int]]]:
    """What is left of each pattern after its first step, by that step; under "" the patterns that are complete."""
    steps: dict[str, list[tuple[str, int]]] = {}
    for rest, number in rests:
        step, _, after = rest.partition(" ")
        if step in steps:
            steps[step].append((after, number))
        else:
            steps[step] = [(after, number)]
    return steps


class _Search:
    """One search from one word: where it began, and where what was found ends."""

    __slots__ = ("clause_starts", "found", "sentence", "start", "words", "words_of")

    def __init__(self, reading: Reading, words_of: Callable[[str], Words]) -> None:
        self.words = reading.words
        self.clause_starts = reading.clause_starts
        self.words_of = words_of
        self.found: dict[tuple[int, int], int] = {}
        self.sentence: Sentence
        self.start = 0


class Tree:
    """Many patterns; ``matches`` finds where they fit."""

    def __init__(self, patterns: Iterable[str], classes: Mapping[str, frozenset[str]]) -> None:
        self._classes = classes
        self._root = Way([(pattern, number) for number, pattern in enumerate(patterns)])

    def check(self) -> None:
        """Work out every step. Raises ``BadInput`` for one that says nothing, or a pattern that asks for no word."""
        places = [(self._root.rests, False)]
        while places:
            rests, asks = places.pop()
            steps = following(rests)
            if any(left for left, _ in steps.get("", ())):
                raise BadInput("between two steps is one space", field="pattern")
            if "" in steps and not asks:
                raise BadInput("a pattern asks for no word", field="pattern")
            for step, after in steps.items():
                if step:
                    if not re.fullmatch(_STEP, step):
                        raise BadInput(f"{step!r} is no step of a pattern", field="pattern")
                    places.append((after, asks or step[0] not in "^$.!"))
            Node(steps, self._words)

    def matches(self, reading: Reading) -> dict[tuple[int, int], int]:
        """Return the word after the last, by (number of the pattern, first word), for every place where one fits."""
        search = _Search(reading, self._words)
        root = self._root.node or self._root.open(self._words)
        for sentence in reading.sentences:
            search.sentence = sentence
            for start in range(sentence.first, sentence.last):
                search.start = start
                _walk(root, start, search)
        return search.found

    def _words(self, choices: str) -> Words:
        """The words that a step takes, and the beginnings of words."""
        if "/" not in choices and choices[0] != "<" and choices[-1] != "*":
            return (choices,), ()
        words: set[str] = set()
        heads: list[str] = []
        for choice in choices.split("/"):
            if choice.startswith("<"):
                if choice[1:-1] not in self._classes:
                    raise BadInput(f"there is no class {choice}", field="pattern")
                words |= self._classes[choice[1:-1]]
            elif choice.endswith("*"):
                heads.append(choice[:-1])
            else:
                words.add(choice)
        return words, tuple(heads)


def _walk(node: Node, at: int, search: _Search) -> None:  # noqa: C901, PLR0912 - a branch for each sort of step, and no calls
    if node.complete and at > search.start:
        for number in node.complete:
            search.found.setdefault((number, search.start), at)
    words, last = search.words, search.sentence.last
    if at < last:
        word = words[at]
        if word in node.by_word:
            beyond = words[at + 1] if at + 1 < last else None
            for way in node.by_word[word]:
                after = way.node or way.open(search.words_of)
                if not after.only_words or beyond in after.by_word:
                    _walk(after, at + 1, search)
        if node.prefixes and word.startswith(node.prefixes):
            for head, way in node.heads:
                if word.startswith(head):
                    _walk(way.node or way.open(search.words_of), at + 1, search)
    for reach, way in node.gaps:
        after = way.node or way.open(search.words_of)
        for near in range(at, min(at + reach, last) + 1):
            if not after.only_words or (near < last and words[near] in after.by_word):
                _walk(after, near, search)
    if node.starts and (at in search.clause_starts or at == search.sentence.first):
        for is_sentence, way in node.starts:
            if at == search.sentence.first if is_sentence else at in search.clause_starts:
                _walk(way.node or way.open(search.words_of), at, search)
    if node.looks:
        _look(node, at, search)


def _look(node: Node, at: int, search: _Search) -> None:
    """Go the ways of the steps that take no word and only look at what is here."""
    sentence = search.sentence
    for refused, way in node.nots:
        if at == sentence.last or search.words[at] not in refused:
            _walk(way.node or way.open(search.words_of), at, search)
    if at == sentence.last:
        for mark, way in node.ends:
            if _ends_with(sentence.ending, mark):
                _walk(way.node or way.open(search.words_of), at, search)
    for way in node.free:
        _walk(way.node or way.open(search.words_of), at, search)


def _ends_with(ending: str, mark: str) -> bool:
    """Say whether *ending* is as *mark* asks: "." is one full stop alone, "?" and "!" may be several."""
    return ending == "." if mark == "." else ending.startswith(mark)
