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
    from collections.abc import Iterator

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


class Word(NamedTuple):
    """One word in its plain spelling, and its place in the text."""

    text: str
    start: int
    end: int


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


def _plain(raw: str) -> tuple[str, ...]:
    """A word in its plain spelling or spellings: lower case, straight apostrophes, not shortened or drawn out."""
    known = _spellings().plain
    word = raw.lower()
    if not word.isalpha():
        word = word.translate(_STRAIGHT)
        word = word[:-1] + "g" if word.endswith("in'") else word.rstrip("'")
    if word in known:
        return known[word]
    if _LONG.search(word):
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


class _Piece(NamedTuple):
    """What the tokenizer found: its sort, its text and its place."""

    sort: str
    text: str
    start: int
    end: int


def _pieces(text: str) -> Iterator[_Piece]:
    for found in TOKEN.finditer(text):
        sort = found.lastgroup or ""
        if sort == "face" and (ord(found.group()) < _FACES_FROM or found.group() in _JOINERS):
            continue
        yield _Piece(sort, found.group(), found.start(), found.end())


class _Writer:
    """Takes pieces in, one after the other, and knows the sentences at the end."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self.clauses: set[int] = {0}
        self.faces: list[str] = []
        self.marks: list[int] = []
        self.cuts: list[tuple[int, str, tuple[str, ...]]] = []

    def take(self, piece: _Piece) -> None:
        """Read one piece."""
        count = len(self.words)
        if piece.sort == "word":
            for plain in _plain(piece.text):
                self.words.append(Word(plain, piece.start, piece.end))
        elif piece.sort == "pause":
            self.clauses.add(count)
        elif piece.sort == "quote":
            self.marks.append(count)
        elif piece.sort == "end":
            self._cut(count, piece.text.strip()[:3], ())
        else:
            self.faces.append(piece.text)
            self._cut(count, "", (piece.text,))

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


def _mend(words: list[Word]) -> None:
    """Spellings that hang on the neighbour: "ur so kind" is you are, "ur mum" is your; "ill do it" is I will."""
    spellings = _spellings()
    position = 0
    while position < len(words):
        word = words[position]
        following = words[position + 1].text if position + 1 < len(words) else ""
        before = words[position - 1].text if position else ""
        if word.text in {"ur", "your", "yer"}:
            is_verb = following in spellings.after_ur
            words[position : position + 1] = [
                word._replace(text=text) for text in (("you", "are") if is_verb else ("your",))
            ]
        elif word.text == "ill" and following and before not in spellings.not_will:
            words[position : position + 1] = [word._replace(text="i"), word._replace(text="will")]
        position += 1


def _quoted(words: list[Word], marks: list[int], sentences: list[tuple[int, int]]) -> frozenset[int]:
    """Words between marks, and what follows "he said" and its like to the end of the sentence."""
    spellings = _spellings()
    inside: set[int] = set()
    for opened, closed in list(zip(marks[::2], marks[1::2], strict=False)):
        inside.update(range(opened, closed))
    for first, last in sentences:
        for position in range(first, last - 1):
            if words[position].text in spellings.reports and any(
                words[near].text in spellings.people for near in range(max(first, position - 3), position)
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


def _unmeant(words: list[Word], sentences: list[tuple[int, int]], clauses: set[int]) -> frozenset[int]:
    """Words that the sentence takes back or only fears: "I don't think you are lazy", "I'm afraid you regret me"."""
    unmeant: set[int] = set()
    for first, last in sentences:
        for position in range(first, last - 2):
            starts = _starts_unmeant(words, position)
            if not starts or "you" in {words[near].text for near in range(max(first, position - 2), position)}:
                continue
            for near in range(position + starts, min(last, position + starts + _DENIED_REACH)):
                if near in clauses and words[near].text in _TURNS and near > position + starts:
                    break
                unmeant.add(near)
    return frozenset(unmeant)


def _starts_unmeant(words: list[Word], position: int) -> int:
    """After how many words from *position* begins what is not meant; 0 if nothing of the sort begins here."""
    word, following = words[position].text, words[position + 1].text
    if word in _FEARS:
        return 1
    return 2 if word in {"not", "never"} and following in _DENIALS else 0


_YOU: Final = frozenset({"you", "your", "yours", "yourself"})


_THIRD: Final = frozenset({"he", "she", "they", "him", "them", "his", "hers", "their", "theirs"})
_SUBJECT_STANDS_WITHIN: Final = 4


def _scope(words: list[Word], first: int, last: int) -> str:
    """Whom a sentence is about: somebody else alone, or (also) the two. "Stop being a baby" is said to the other."""
    texts = {word.text for word in words[first:last]}
    if texts & _YOU:
        return "you"
    if texts & _THIRD:
        return "other"
    subject = {word.text for word in words[first : min(last, first + _SUBJECT_STANDS_WITHIN)]}
    return "other" if subject & _spellings().people else "you"


def _is_english(words: list[Word], text: str) -> bool:
    """Say whether this reads as English at all. A short line has the benefit of the doubt."""
    if not text.isascii():
        letters = sum(character.isalpha() for character in text)
        # A name in another script may stand in an English line.
        if len(_ENGLISH_LETTER.findall(text)) < 0.8 * letters:
            return False
    english = _spellings().english
    known = sum(word.text in english for word in words)
    return len(words) < 5 or known >= 0.2 * len(words)  # noqa: PLR2004 - below, not one word in five is common English


def read(text: str) -> Reading:
    """Return *text* as it is read. Only the first ``LONGEST_CHARACTERS`` are."""
    text = text[:LONGEST_CHARACTERS]
    writer = _Writer()
    for piece in _pieces(text):
        writer.take(piece)
    words, ends = writer.words, writer.ends()
    places = [word.start for word in words]
    _mend(words)
    if len(words) != len(places):  # one word became two: move every mark behind it
        moved = [word.start for word in words]

        def now(count: int) -> int:
            if count >= len(places):
                return len(words)
            return bisect_right(moved, places[count] - 1) if count else 0

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
        if word.text in openers and (position in clauses or word.text in {"and", "but", "so", "because", "then"}):
            clauses.add(position + 1)
    return Reading(
        text=text,
        words=tuple(word.text for word in words),
        places=tuple((word.start, word.end) for word in words),
        sentences=sentences,
        sentence_of=tuple(index for index, (first, last) in enumerate(bounds) for _ in range(first, last)),
        clause_starts=frozenset(clauses),
        quoted=_quoted(words, writer.marks, bounds),
        unmeant=_unmeant(words, bounds, writer.clauses),
        faces=tuple(writer.faces),
        is_english=_is_english(words, text),
    )
