"""How old a reader has to be: Flesch-Kincaid grade, counted with a small syllable rule of our own.

    grade = 0.39 * words / sentences + 11.8 * syllables / words - 15.59        (Kincaid et al. 1975)

A reading age is the grade plus five to six years. The syllable rule counts groups of vowels and drops a silent e; on
common English words it errs by a few per cent, which moves a page's grade by a few tenths.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(r"[A-Za-z]+(?:['\u2019-][A-Za-z]+)*")
_SENTENCE_END = re.compile(r"[.!?:;\u2026]+(?:\s|$)|\n")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?<=[^aeiouyl])e$|(?<=[aeiouy])le$|(?<=[^td])ed$|(?<=[^aeiouyscxz])es$")


class Reading(NamedTuple):
    """What was counted in a text."""

    words: int
    sentences: int
    syllables: int

    @property
    def grade(self) -> float:
        """The school grade that the text asks for."""
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59


def syllables(word: str) -> int:
    """Count the syllables of *word*, at least one."""
    bare = _SILENT.sub("", re.sub(r"[^a-z]", "", word.lower()))
    return max(1, len(_VOWELS.findall(bare)))


def sentences(text: str) -> list[str]:
    """Split *text* where a voice would stop."""
    return [part for part in _SENTENCE_END.split(text) if _WORD.search(part)]


def read(texts: Iterable[str]) -> Reading:
    """Count *texts* together; each is at least one sentence."""
    words = spoken = count = 0
    for text in texts:
        found = _WORD.findall(re.sub(r"\{[a-z_]+\}", "Mara", text))
        words += len(found)
        spoken += sum(map(syllables, found))
        count += len(sentences(text))
    return Reading(words, max(1, count), spoken)
