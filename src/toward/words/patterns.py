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
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from toward.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from toward.words.reading import Reading, Sentence

_STEP: Final = re.compile(r"\^\^?|\$[.?!]?|\.\.\d|![\w<>'/-]+|[\w<>*'/-]+\??")


class Words(NamedTuple):
    """A step that takes one word: one of ``any_of``, or one that begins with one of ``heads``."""

    any_of: frozenset[str]
    heads: tuple[str, ...]


Bare = dict[str, Any]
"""The tree as text: step to what follows it; under "" the numbers of the patterns that are complete here."""


class Node:
    """A place in the tree with its steps worked out, when a message first comes by: most are never visited."""

    __slots__ = ("by_word", "complete", "ends", "free", "gaps", "heads", "looks", "nots", "starts")

    def __init__(self, bare: Bare, words_of: Callable[[str], Words]) -> None:
        self.complete: list[int] = bare.get("", [])
        self.by_word: dict[str, list[Way]] = {}
        self.heads: list[tuple[str, Way]] = []
        self.free: list[Way] = []
        self.gaps: list[tuple[int, Way]] = []
        self.nots: list[tuple[frozenset[str], Way]] = []
        self.starts: list[tuple[bool, Way]] = []
        self.ends: list[tuple[str, Way]] = []
        for step, following in bare.items():
            if step:
                self._add(step, Way(following, words_of), words_of)
        self.looks = bool(self.nots or self.starts or self.ends or self.free)

    def _add(self, step: str, way: Way, words_of: Callable[[str], Words]) -> None:
        if not _STEP.fullmatch(step):
            raise BadInput(f"{step!r} is no step of a pattern", field="pattern")
        if step[0] == "^":
            self.starts.append((step == "^^", way))
        elif step[0] == "$":
            self.ends.append((step[1:], way))
        elif step[:2] == "..":
            self.gaps.append((int(step[2:]), way))
        elif step[0] == "!":
            self.nots.append((words_of(step[1:]).any_of, way))
        else:
            words = words_of(step.rstrip("?"))
            for word in words.any_of:
                self.by_word.setdefault(word, []).append(way)
            self.heads += [(head, way) for head in words.heads]
            if step[-1] == "?":
                self.free.append(way)


class Way:
    """A way on to a node that is made when somebody goes there."""

    __slots__ = ("_bare", "_node", "_words_of")

    def __init__(self, bare: Bare, words_of: Callable[[str], Words]) -> None:
        self._bare = bare
        self._words_of = words_of
        self._node: Node | None = None

    @property
    def node(self) -> Node:
        """Where it leads."""
        if self._node is None:
            self._node = Node(self._bare, self._words_of)
        return self._node


class _Search:
    """One search from one word: where it began, and where what was found ends."""

    __slots__ = ("found", "reading", "sentence", "start")

    def __init__(self, reading: Reading, sentence: Sentence, start: int, found: dict[tuple[int, int], int]) -> None:
        self.reading = reading
        self.sentence = sentence
        self.start = start
        self.found = found


class Tree:
    """Many patterns; ``matches`` finds where they fit."""

    def __init__(self, patterns: Iterable[str], classes: Mapping[str, frozenset[str]]) -> None:
        self._classes = classes
        self._bare: Bare = {}
        for number, pattern in enumerate(patterns):
            at = self._bare
            for step in pattern.split():
                at = at.setdefault(step, {})
            at.setdefault("", []).append(number)
        self._root = Way(self._bare, self._words)

    def check(self) -> None:
        """Work out every step. Raises ``BadInput`` for one that says nothing, or a pattern that asks for no word."""
        places = [(self._bare, False)]
        while places:
            bare, asks = places.pop()
            if Node(bare, self._words).complete and not asks:
                raise BadInput("a pattern asks for no word", field="pattern")
            places += [(after, asks or step[0] not in "^$.!") for step, after in bare.items() if step]

    def matches(self, reading: Reading) -> dict[tuple[int, int], int]:
        """Return the word after the last, by (number of the pattern, first word), for every place where one fits."""
        found: dict[tuple[int, int], int] = {}
        for sentence in reading.sentences:
            for start in range(sentence.first, sentence.last):
                _walk(self._root.node, start, _Search(reading, sentence, start, found))
        return found

    def _words(self, choices: str) -> Words:
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
        return Words(frozenset(words), tuple(heads))


def _walk(node: Node, at: int, search: _Search) -> None:  # noqa: C901 - one branch for each sort of step
    reading = search.reading
    if node.complete and at > search.start:
        for number in node.complete:
            search.found.setdefault((number, search.start), at)
    last = search.sentence.last
    if at < last:
        word = reading.words[at]
        for way in node.by_word.get(word, ()):
            _walk(way.node, at + 1, search)
        for head, way in node.heads:
            if word.startswith(head):
                _walk(way.node, at + 1, search)
    for reach, way in node.gaps:
        for skipped in range(min(reach, last - at) + 1):
            _walk(way.node, at + skipped, search)
    if node.looks:
        for way in _seen_from(node, at, search):
            _walk(way.node, at, search)


def _seen_from(node: Node, at: int, search: _Search) -> Iterator[Way]:
    """The ways of the steps that take no word and only look at what is here."""
    reading, sentence = search.reading, search.sentence
    for refused, way in node.nots:
        if at == sentence.last or reading.words[at] not in refused:
            yield way
    for is_sentence, way in node.starts:
        if at == sentence.first if is_sentence else at in reading.clause_starts:
            yield way
    if at == sentence.last:
        for mark, way in node.ends:
            if _ends_with(sentence.ending, mark):
                yield way
    yield from node.free


def _ends_with(ending: str, mark: str) -> bool:
    """Say whether *ending* is as *mark* asks: "." is one full stop alone, "?" and "!" may be several."""
    return ending == "." if mark == "." else ending.startswith(mark)
