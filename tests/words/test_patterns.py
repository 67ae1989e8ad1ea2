"""Patterns over words: what each step takes, an oracle that tries everything, and time that grows with the text."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toward.errors import BadInput
from toward.words.patterns import Tree
from toward.words.reading import read
from toward.words.rules import book

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toward.words.reading import Reading, Sentence

CLASSES = {"abs": frozenset({"always", "never"}), "kin": frozenset({"mum", "dad"})}


def fits(pattern: str, text: str) -> list[str]:
    """The words that *pattern* takes in *text*, wherever it fits."""
    reading = read(text)
    found = Tree([pattern], CLASSES).matches(reading)
    return [" ".join(reading.words[first:last]) for (_, first), last in sorted(found.items())]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("you <abs>", "you never ask, you always go", ["you never", "you always"]),
        ("care/think", "I care and you think", ["care", "think"]),
        ("gasligh*", "stop gaslighting me", ["gaslighting"]),
        ("you really? care", "you care and you really care", ["you care", "you really care"]),
        ("you ..2 late", "you are so late, you are so very late", ["you are so late"]),
        ("you !are/were", "you go, you are", ["you"]),
        ("you !are $", "you", ["you"]),
        ("^ fine", "fine, this is fine but fine", ["fine", "fine"]),
        ("^^ fine", "fine. It is, fine", ["fine"]),
        ("fine $", "Fine! fine then", ["fine"]),
        ("fine $.", "fine... fine. fine", ["fine"]),
        ("fine $?", "fine?? fine!", ["fine"]),
        ("fine $!", "fine!! fine.", ["fine"]),
        ("one two", "one. two", []),
        ("one ..3 two", "one and. so two", []),
    ],
)
def test_a_pattern_takes_what_it_says(pattern: str, text: str, found: list[str]) -> None:
    """Each kind of step, and none reaches over the end of a sentence."""
    assert fits(pattern, text) == found


@pytest.mark.parametrize("pattern", ["you <nobody>", "you (", "^ ..2 $", "!you", "..3", "you  are", " you"])
def test_a_pattern_that_says_nothing_is_refused(pattern: str) -> None:
    """A step that does not exist, a class that does not exist, and a pattern without a word."""
    with pytest.raises(BadInput):
        Tree([pattern], CLASSES).check()


STEPS = st.sampled_from(["a", "b/c", "a?", "c?", "..1", "..2", "!a", "!b/c", "^", "^^", "$", "$.", "c*"])
PATTERNS = st.lists(STEPS, min_size=1, max_size=4).map(" ".join)
TEXTS = st.lists(st.sampled_from(["a", "b", "c", "cd", ",", ".", "!", "and"]), max_size=9).map(" ".join)


def _all_ends(  # noqa: C901, PLR0912 - the whole grammar in one place
    steps: list[str], at: int, sentence: Sentence, reading: Reading
) -> Iterator[int]:
    """Every word at which the pattern may end: the grammar, written out, with no thought for speed."""
    if not steps:
        yield at
        return
    step, rest = steps[0], steps[1:]
    word = reading.words[at] if at < sentence.last else None
    here = _all_ends(rest, at, sentence, reading)
    if step.startswith(".."):
        for skipped in range(int(step[2:]) + 1):
            if at + skipped <= sentence.last:
                yield from _all_ends(rest, at + skipped, sentence, reading)
    elif step[0] == "!":
        if word is None or word not in step[1:].split("/"):
            yield from here
    elif step[0] == "^":
        if at == sentence.first if step == "^^" else at in reading.clause_starts:
            yield from here
    elif step[0] == "$":
        if at == sentence.last and (step == "$" or sentence.ending == "."):
            yield from here
    else:
        choices = step.rstrip("?").split("/")
        if word and any(word == one or (one[-1] == "*" and word.startswith(one[:-1])) for one in choices):
            yield from _all_ends(rest, at + 1, sentence, reading)
        if step.endswith("?"):
            yield from here


@given(st.lists(PATTERNS, min_size=1, max_size=4), TEXTS)
def test_the_tree_finds_what_trying_everything_finds(patterns: list[str], text: str) -> None:
    """For every pattern and first word: a match if and only if there is one, and it ends where one may end."""
    reading = read(text)
    found = Tree(patterns, CLASSES).matches(reading)
    for number, pattern in enumerate(patterns):
        for sentence in reading.sentences:
            for start in range(sentence.first, sentence.last):
                ends = {end for end in _all_ends(pattern.split(), start, sentence, reading) if end > start}
                end = found.get((number, start))
                assert end in ends if ends else end is None


@pytest.mark.parametrize(
    "unit", ["you never ", "i am so so so ", "you always you never ", "he said you are a ", "?!", "🙄"]
)
def test_time_grows_with_the_text_and_not_faster(unit: str) -> None:
    """Twice the text takes about twice the time, whatever it repeats: three times is allowed, four is quadratic."""
    tree = book().finder

    def took(count: int) -> float:
        best = float("inf")
        for _ in range(3):
            started = time.process_time()
            tree.matches(read(unit * count))
            best = min(best, time.process_time() - started)
        return best

    took(20)
    half = 2500 // len(unit)
    assert took(2 * half) < 3 * took(half) + 0.005
