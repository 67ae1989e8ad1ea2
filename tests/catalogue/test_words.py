"""The words themselves: who can read them, what they may not say, and that the program and they know each other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

import toward.errors
from tests.catalogue.keys_in_use import mentions, mentions_in, sources, uses, uses_in
from tests.catalogue.reading_age import read, sentences, syllables
from toward.catalogue import Catalogue
from toward.practices.library import load_library

if TYPE_CHECKING:
    from collections.abc import Iterator

ENGLISH = Catalogue.load("en")
PLACES: Final = sorted({key.partition(".")[0] for key in ENGLISH})

# Grade 6 is read at eleven to twelve. Short texts measure easier than they are, so a page is held well below that; one
# text may be harder than its page, and no sentence long.
PAGE_GRADE: Final = 4.0
TEXT_GRADE: Final = 8.0
TEXT_WORDS: Final = 25
SENTENCE_WORDS: Final = 24

BANNED: Final = {
    "a number for love, or a race": r"scores?|streaks?|points? for|rank(?:ed|ing)?|winner|badges?|level up|goals?",
    "blame or a verdict": r"blam\w+|guilty|toxic|narciss\w+|abusers?|victims?|perpetrators?|at fault|failed",
    "a diagnosis or a therapy": r"diagnos\w+|disorders?|symptoms?|patients?|treatments?|trauma\w*|attachment",
    "a push": r"should(?:n't)?|ought|must|have to try|hurry|don't forget|overdue|missed",
    "a gender": r"he|she|him|her|his|hers|m[ae]n|wom[ae]n|girls?|boys?|ladies|gentlem[ae]n",
    "a kind of bond": r"husbands?|wi(?:fe|ves)|spouses?|marriages?|married|boyfriends?|girlfriends?|divorce\w*",
    "an absolute": r"always|never",
}

# Places whose pages are still being written, where words may wait for them; elsewhere none may be left over.
WAITING: Final[frozenset[str]] = frozenset()


def texts(place: str) -> Iterator[tuple[str, str]]:
    """Every text of *place* with its key."""
    for key in ENGLISH:
        if key.partition(".")[0] == place:
            for form in ENGLISH.forms(key):
                yield key, form


def all_texts() -> Iterator[tuple[str, str]]:
    """Every text that a person reads: the catalogue's and the practices'."""
    for place in PLACES:
        yield from texts(place)
    for practice in load_library().values():
        for field, text in practice.en.texts():
            yield f"practice {practice.id} {field}", text


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("you", 1),
        ("breathe", 1),
        ("partner", 2),
        ("together", 3),
        ("wanted", 2),
        ("moved", 1),
        ("little", 2),
        ("safe", 1),
    ],
)
def test_counts_syllables(word: str, count: int) -> None:
    """The rule is right on words that are in almost every text here."""
    assert syllables(word) == count


def test_reading_age_tells_plain_from_hard() -> None:
    """The measure itself: a plain sentence passes where an official one fails."""
    assert read(["You can leave. No one is asked. It is all right."]).grade < 2
    official = (
        "Individuals experiencing interpersonal difficulties are encouraged to utilise available regulatory resources."
    )
    assert read([official]).grade > 16


@pytest.mark.parametrize("place", PLACES)
def test_a_child_of_twelve_can_read(place: str) -> None:
    """Each place as a whole reads at grade four or below."""
    assert read(text for _, text in texts(place)).grade <= PAGE_GRADE


def test_no_text_is_much_harder_than_its_page() -> None:
    """No longer text goes above grade eight, and no sentence runs on."""
    for key, text in all_texts():
        reading = read([text])
        if reading.words >= TEXT_WORDS:
            assert reading.grade <= TEXT_GRADE, f"{key}: grade {reading.grade:.1f}: {text}"
        for sentence in sentences(text):
            assert len(sentence.split()) <= SENTENCE_WORDS, f"{key}: {sentence}"


@pytest.mark.parametrize("kind", BANNED)
def test_does_not_say(kind: str) -> None:
    """Nothing here scores, blames, diagnoses, pushes, assumes a gender or a kind of bond, or speaks in absolutes."""
    pattern = re.compile(rf"\b(?:{BANNED[kind]})\b", re.IGNORECASE)
    for key, text in all_texts():
        assert not pattern.search(text), f"{key} says {kind}: {text}"


def test_has_no_markup_but_its_own() -> None:
    """A tag, an entity or a link in a text would reach the page as letters; stars come in pairs."""
    for key, text in all_texts():
        assert not re.search(r"<|>|&\w+;|https?:|\]\(", text), key
        assert text.count("*") % 2 == 0, key
        assert text == text.strip(), key


def test_hides_nothing_behind_exclamation_marks_or_capitals() -> None:
    """Nobody is shouted at and nobody is cheered."""
    for key, text in all_texts():
        assert "!" not in text, key
        assert not re.search(r"\b(?!START\b|QR\b)[A-Z]{3,}\b", text), key


def test_every_error_has_its_words() -> None:
    """Each class of the error tree has a title and a way out that need nothing but its details."""
    classes = [toward.errors.TowardError]
    for cls in classes:
        classes += cls.__subclasses__()
    for cls in classes:
        for part in ("title", "way_out"):
            assert ENGLISH.gaps(f"error.{cls.key}.{part}") <= {"minutes", "field"}, cls


def test_every_rung_has_its_words() -> None:
    """All seven rungs are told in words about oneself; the two that need help lead to it."""
    for rung in ("ask", "complain", "anger", "desperate", "coerce", "despair", "shut"):
        about = ENGLISH.words(f"now.rung.{rung}.about")
        assert re.match(r"(I|My|It) ", about), about
        assert ENGLISH.words(f"now.rung.{rung}.next")
    for rung in ("coerce", "despair"):
        assert f"now.rung.{rung}.help_link" in ENGLISH
    assert ENGLISH.words("now.rung.coerce.next") == "This frightens people. No unmet need gives a right to it."


def test_every_step_of_the_guide_has_its_words() -> None:
    """A suggested step has a title, a reason and an action, and asks for nothing but the partner's name."""
    steps = {key.split(".")[1] for key in ENGLISH if key.startswith("guide.")}
    assert len(steps) >= 14
    for step in steps:
        for part in ("title", "reason", "action"):
            assert ENGLISH.gaps(f"guide.{step}.{part}") <= {"partner"}, step


def test_every_key_that_the_program_asks_for_is_here() -> None:
    """No template and no module asks for words that do not exist."""
    keys = list(ENGLISH)
    missing = [f"{use.file}: {use.shown}" for use in uses() if not any(map(use.pattern.fullmatch, keys))]
    assert not missing


def test_no_words_are_left_over() -> None:
    """Every text is used; a place whose texts are all used waits for nothing."""
    asked, mentioned = [use.pattern for use in uses()], mentions()
    unused = [key for key in ENGLISH if key not in mentioned and not any(pattern.fullmatch(key) for pattern in asked)]
    assert [key for key in unused if key.partition(".")[0] not in WAITING] == []
    assert {key.partition(".")[0] for key in unused} == WAITING


def test_finds_the_keys_that_a_source_asks_for() -> None:
    """The three ways to ask are read; other calls are not taken for one."""
    source = """
    {{ t("now.home.title") }} {{ t('settle.a', n=3) }} {{ t("now.rung." ~ rung ~ ".name") }} {{ print("os.path") }}
    ctx.t(f"error.{key}.title") ; catalogue.words("pair.code.title") ; start("a.b") ; text("c.d")
    """
    assert sorted(use.shown for use in uses_in(source, "x")) == [
        "error.{key}.title",
        "now.home.title",
        "now.rung.*",
        "pair.code.title",
        "settle.a",
    ]


def test_finds_the_keys_that_a_source_mentions() -> None:
    """A key in a table and a form's reason are found; prose, a single word and half a key are not."""
    source = (
        """rows = ("common.today", 'common.date') ; BadInput(field="x", reason="too_long") ; say("a. b", "a.", "ab")"""
    )
    assert mentions_in(source) == {"common.today", "common.date", "web.field.too_long"}


def test_every_reason_that_a_page_refuses_for_has_its_words() -> None:
    """What a page finds wrong with a field is told beside that field."""
    pages = [path for path in sources() if "web" in path.parts and path.suffix == ".py"]
    given = {key for path in pages for key in mentions_in(path.read_text("utf-8")) if key.startswith("web.field.")}
    assert len(given) > 10
    assert sorted(given - set(ENGLISH)) == []
