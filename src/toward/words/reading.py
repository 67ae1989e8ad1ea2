"""A message as it is read: words brought to one spelling, sentences, clauses, and who each sentence is about.

Nothing here judges. Each word keeps the place in the text that it came from, so that whatever is found later can be
underlined. One word of the text may give two to read ("you're" is ``you are``), and they share their place.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from toward.words.load import data

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_CHARACTERS: Final = 10_000
"""How much of a message is read. What is longer is not a message any more."""

TOKEN: Final = re.compile(
    r"""(?P<word>[^\W_]+(?:[*$@]+[^\W_]+)*(?:['’\u02bc`\u00b4][^\W_]+)*['’]?)
      | (?P<quote>["“”«»‘])
      | (?P<end>[.!?…]+|\n+)
      | (?P<pause>[,;:()\[\]–—]|(?<=\s)-+(?=\s)|--+)
      | (?P<face>[^\w\s"'.,;:!?()\[\]-])""",
    re.VERBOSE,
)
_LONG: Final = re.compile(r"([^\W\d_])\1{2,}")
_ENGLISH_LETTER: Final = re.compile(r"[a-z]", re.IGNORECASE)
_FACES_FROM: Final = 0x2190
_JOINERS: Final = frozenset("️‍")


class Sentence(NamedTuple):
    """Words ``first`` to ``last`` (not included), how it ends, the faces after it, and how it is meant.

    ``scope`` is "you" where it is said to the other or about the writer, "other" where it is about somebody else alone.
    """

    first: int
    last: int
    ending: str
    faces: tuple[str, ...]
    scope: str


class Reading(NamedTuple):
    """A message, read. ``quoted`` and ``unmeant`` say of each word whether it is reported speech, or denied."""

    text: str
    words: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    sentences: tuple[Sentence, ...]
    sentence_of: tuple[int, ...]
    clause_starts: frozenset[int]
    quoted: frozenset[int]
    unmeant: frozenset[int]
    faces: tuple[str, ...]
    is_english: bool

    def place(self, first: int, last: int) -> tuple[int, int]:
        """Where words ``first`` to ``last`` (not included) stand in the text."""
        return self.places[first][0], self.places[last - 1][1]


class _Spellings(NamedTuple):
    """Other spellings of a word, and what a word in a chat stands for."""

    plain: dict[str, tuple[str, ...]]
    after_ur: frozenset[str]
    not_will: frozenset[str]
    english: frozenset[str]
    reports: frozenset[str]
    people: frozenset[str]
    openers: frozenset[str]


@cache
def _spellings() -> _Spellings:
    found = data("spelling.json")
    plain = {short: tuple(full.split()) for short, full in found["plain"].items()}
    sets = (
        frozenset(found[name].split()) for name in ("after_ur", "not_will", "english", "reports", "people", "openers")
    )
    return _Spellings(plain, *sets)


def _plain(word: str, known: Mapping[str, tuple[str, ...]], *, may_be_long: bool) -> tuple[str, ...]:
    """A word in lower case in its plain spelling or spellings: straight apostrophes, not shortened or drawn out."""
    if not word.isalpha():
        word = word.translate(_STRAIGHT)
        word = word[:-1] + "g" if word.endswith("in'") else word.rstrip("'")
        if word in known:
            return known[word]
    if may_be_long and _LONG.search(word):
        word = _LONG.sub(r"\1", word)
        if word in known:
            return known[word]
    head, apostrophe, tail = word.rpartition("'")
    if apostrophe and tail in _TAILS:
        if tail == "t" and head.endswith("n"):
            return (head[:-1], "not")
        if tail == "s":
            return (head, "is") if head in _SUBJECTS else (word,)
        if tail != "t":
            return (head, _TAILS[tail])
    return (word,)


_STRAIGHT: Final = str.maketrans("’\u02bc`\u00b4", "''''")
_TAILS: Final = {"re": "are", "ve": "have", "ll": "will", "d": "would", "m": "am", "s": "is", "t": "not"}
_SUBJECTS: Final = frozenset(
    {"he", "she", "it", "that", "what", "who", "where", "there", "here", "how", "when", "this", "everyone", "nobody"}
)


class _Writer:
    """Takes the pieces of a text, one after the other, and knows its words and where its sentences end."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.places: list[tuple[int, int]] = []
        self.clauses: set[int] = {0}
        self.faces: list[str] = []
        self.marks: list[int] = []
        self.cuts: list[tuple[int, str, tuple[str, ...]]] = []

    def read(self, text: str) -> None:
        """Read all pieces."""
        known = _spellings().plain
        may_be_long = _LONG.search(text.lower()) is not None
        for found in TOKEN.finditer(text):
            if found.lastgroup != "word":
                self._mark(found.lastgroup or "", found[0])
                continue
            word = found[0].lower()
            if word in known:
                plain = known[word]
            elif word.isalpha() and not may_be_long:
                self.words.append(word)
                self.places.append(found.span())
                continue
            else:
                plain = _plain(word, known, may_be_long=may_be_long)
            self.words += plain
            self.places += (found.span(),) * len(plain)

    def _mark(self, sort: str, mark: str) -> None:
        count = len(self.words)
        if sort == "pause":
            self.clauses.add(count)
        elif sort == "quote":
            self.marks.append(count)
        elif sort == "end":
            self._cut(count, mark.strip()[:3], ())
        elif ord(mark) >= _FACES_FROM and mark not in _JOINERS:
            self.faces.append(mark)
            self._cut(count, "", (mark,))

    def _cut(self, count: int, ending: str, faces: tuple[str, ...]) -> None:
        self.clauses.add(count)
        if self.cuts and self.cuts[-1][0] == count:
            _, before, earlier = self.cuts[-1]
            self.cuts[-1] = (count, before or ending, earlier + faces)
        elif count:
            self.cuts.append((count, ending, faces))

    def ends(self) -> list[tuple[int, str, tuple[str, ...]]]:
        """Where sentences end; what has no end ends with the message."""
        if self.words and (not self.cuts or self.cuts[-1][0] != len(self.words)):
            return [*self.cuts, (len(self.words), "", ())]
        return self.cuts


_MENDED: Final = frozenset({"ur", "your", "yer", "ill"})


def _mend(words: list[str], places: list[tuple[int, int]]) -> None:
    """Spellings that hang on the neighbour: "ur so kind" is you are, "ur mum" is your; "ill do it" is I will."""
    spellings = _spellings()
    position = 0
    while position < len(words):
        word = words[position]
        if word in _MENDED:
            following = words[position + 1] if position + 1 < len(words) else ""
            before = words[position - 1] if position else ""
            if word != "ill":
                mended = ["you", "are"] if following in spellings.after_ur else ["your"]
            else:
                mended = ["i", "will"] if following and before not in spellings.not_will else ["ill"]
            words[position : position + 1] = mended
            places[position : position + 1] = [places[position]] * len(mended)
        position += 1


def _quoted(words: list[str], marks: list[int], sentences: list[tuple[int, int]]) -> frozenset[int]:
    """Words between marks, and what follows "he said" and its like to the end of the sentence."""
    spellings = _spellings()
    inside: set[int] = set()
    for opened, closed in zip(marks[::2], marks[1::2], strict=False):
        inside.update(range(opened, closed))
    if spellings.reports.isdisjoint(words):
        return frozenset(inside)
    for first, last in sentences:
        for position in range(first, last - 1):
            if words[position] in spellings.reports and not spellings.people.isdisjoint(
                words[max(first, position - 3) : position]
            ):
                inside.update(range(position + 1, last))
                break
    return frozenset(inside)


_DENIALS: Final = frozenset(
    {"think", "believe", "mean", "say", "saying", "said", "thinking", "feel", "thought", "because", "calling", "call"}
)
_DENIED_REACH: Final = 12


_FEARS: Final = frozenset({
    "afraid", "scared", "worried", "worry", "worrying", "terrified", "frightened", "fear", "petrified", "anxious",
    "panicking", "wonder", "wondering",
})  # fmt: skip
_TURNS: Final = frozenset({"but", "and", "so", "you", "i", "just", "because"})


_TAKEN_BACK_BY: Final = _FEARS | {"not", "never"}


def _unmeant(words: list[str], sentences: list[tuple[int, int]], clauses: set[int]) -> frozenset[int]:
    """Words that the sentence takes back or only fears: "I don't think you are lazy", "I'm afraid you regret me"."""
    unmeant: set[int] = set()
    if _TAKEN_BACK_BY.isdisjoint(words):
        return frozenset()
    for first, last in sentences:
        for position in range(first, last - 2):
            word = words[position]
            if word not in _TAKEN_BACK_BY or "you" in words[max(first, position - 2) : position]:
                continue
            if word not in _FEARS and words[position + 1] not in _DENIALS:
                continue
            begins = position + (1 if word in _FEARS else 2)
            for near in range(begins, min(last, begins + _DENIED_REACH)):
                if near in clauses and words[near] in _TURNS and near > begins:
                    break
                unmeant.add(near)
    return frozenset(unmeant)


_YOU: Final = frozenset({"you", "your", "yours", "yourself"})


_THIRD: Final = frozenset({"he", "she", "they", "him", "them", "his", "hers", "their", "theirs"})
_SUBJECT_STANDS_WITHIN: Final = 4


def _scope(words: list[str], first: int, last: int) -> str:
    """Whom a sentence is about: somebody else alone, or (also) the two. "Stop being a baby" is said to the other."""
    said = words[first:last]
    if not _YOU.isdisjoint(said):
        return "you"
    if not _THIRD.isdisjoint(said):
        return "other"
    return "you" if _spellings().people.isdisjoint(said[:_SUBJECT_STANDS_WITHIN]) else "other"


def _is_english(words: list[str], text: str) -> bool:
    """Say whether this reads as English at all. A short line has the benefit of the doubt."""
    if not text.isascii():
        letters = sum(character.isalpha() for character in text)
        # A name in another script may stand in an English line.
        if len(_ENGLISH_LETTER.findall(text)) < 0.8 * letters:
            return False
    english = _spellings().english
    known = sum(word in english for word in words)
    return len(words) < 5 or known >= 0.2 * len(words)  # noqa: PLR2004 - below, not one word in five is common English


_ALWAYS_TURN: Final = frozenset({"and", "but", "so", "because", "then"})


def read(text: str) -> Reading:
    """Return *text* as it is read. Only the first ``LONGEST_CHARACTERS`` are."""
    text = text[:LONGEST_CHARACTERS]
    writer = _Writer()
    writer.read(text)
    words, places, ends = writer.words, writer.places, writer.ends()
    if not _MENDED.isdisjoint(words):
        began = [start for start, _ in places]
        _mend(words, places)
        if len(words) != len(began):  # one word became two: move every mark behind it
            moved = [start for start, _ in places]

            def now(count: int) -> int:
                if count >= len(began):
                    return len(words)
                return bisect_right(moved, began[count] - 1) if count else 0

            ends = [(now(count), ending, faces) for count, ending, faces in ends]
            writer.clauses = {now(count) for count in writer.clauses}
            writer.marks = [now(count) for count in writer.marks]
    bounds = list(pairwise([0, *(count for count, _, _ in ends)]))
    sentences = tuple(
        Sentence(first, last, ending, faces, _scope(words, first, last))
        for (first, last), (_, ending, faces) in zip(bounds, ends, strict=True)
    )
    openers = _spellings().openers
    clauses = set(writer.clauses)
    for position, word in enumerate(words):
        if word in openers and (position in clauses or word in _ALWAYS_TURN):
            clauses.add(position + 1)
    return Reading(
        text=text,
        words=tuple(words),
        places=tuple(places),
        sentences=sentences,
        sentence_of=tuple([index for index, (first, last) in enumerate(bounds) for _ in range(first, last)]),
        clause_starts=frozenset(clauses),
        quoted=_quoted(words, writer.marks, bounds),
        unmeant=_unmeant(words, bounds, writer.clauses),
        faces=tuple(writer.faces),
        is_english=_is_english(words, text),
    )
