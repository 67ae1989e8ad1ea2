"""The catalogue gives the words that are in its files, whole, and says so when it can't."""

from __future__ import annotations

import doctest
import re
import string
import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import toward.catalogue
from toward.catalogue import Catalogue, MissingValue, UnknownKey, markup, words
from toward.catalogue.book import FOLDER, NOT_WORDS, _read

if TYPE_CHECKING:
    from pathlib import Path

ENGLISH = Catalogue.load("en")
NAMES = st.text(alphabet=string.ascii_letters + "*{}<>&'\"é ", min_size=1, max_size=20)


def made(**entries: str | dict[str, str] | tuple[str, ...]) -> Catalogue:
    """A small catalogue of its own."""
    return Catalogue("en", {f"x.{name}": value for name, value in entries.items()})


def test_says_every_text_of_every_file() -> None:
    """What stands in a file can be said under the file's name, and nothing else can."""
    for path in FOLDER.glob("en/*.toml"):
        if path.stem not in NOT_WORDS:
            for name in tomllib.loads(path.read_text("utf-8")):
                assert any(key.startswith(f"{path.stem}.{name}") for key in ENGLISH), (path.stem, name)
    assert "common.tabs.now" in ENGLISH
    assert "common.tabs" not in ENGLISH
    assert not any(key.startswith("helplines") for key in ENGLISH)


@pytest.mark.parametrize("key", sorted(ENGLISH))
def test_fills_every_gap(key: str) -> None:
    """Given what ``gaps`` asks for, every text comes out whole and without a brace, star or double space."""
    values: dict[str, str | int] = dict.fromkeys(ENGLISH.gaps(key), "Lin")
    for n in (0, 1, 2, 5):
        if "n" in values:
            values["n"] = n
        try:
            said = [ENGLISH.words(key, **values)]
        except UnknownKey:
            said = list(ENGLISH.words_list(key, **values))
        for text in said:
            assert text
            assert not re.search(r"[{}*<>]|  |\t", text), text


def test_chooses_the_form_by_the_number() -> None:
    """One is ``one``, all else is ``other``, and nothing is ``zero`` where there is such a form."""
    book = made(days={"one": "{n} day", "other": "{n} days"}, left={"zero": "none", "one": "one", "other": "{n}"})
    assert [book.words("x.days", n=n) for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]
    assert [book.words("x.left", n=n) for n in (0, 1, 7)] == ["none", "one", "7"]


def test_forms_of_a_plural_have_the_same_gaps() -> None:
    """No form of a plural asks for a name that another does not; only the number itself may be left out."""
    for key in ENGLISH:
        forms = ENGLISH.forms(key)
        if "n" in ENGLISH.gaps(key) and len(forms) > 1:
            gaps = {frozenset(re.findall(r"\{(\w+)\}", form)) - {"n"} for form in forms}
            assert len(gaps) == 1, key


def test_refuses_what_it_does_not_have() -> None:
    """An unknown key, a missing value, a plural without its number and a list asked for as a text all raise."""
    book = made(hello="Hello {name}", days={"one": "a", "other": "b"}, many=("a", "b"))
    with pytest.raises(UnknownKey, match=r"no words under 'x.bye' \(catalogue/en/x.toml\)"):
        book.words("x.bye")
    with pytest.raises(MissingValue, match=r"x\.hello needs 'name'"):
        book.words("x.hello")
    with pytest.raises(MissingValue, match=r"x\.days is a plural"):
        book.words("x.days", n="two")
    with pytest.raises(UnknownKey, match="use words_list"):
        book.words("x.many")
    with pytest.raises(UnknownKey, match="one text and not a list"):
        book.words_list("x.hello")
    with pytest.raises(UnknownKey, match="no language"):
        Catalogue.load("xx")


def test_lets_values_be_that_no_gap_asks_for() -> None:
    """An error can offer all its details to a sentence that uses none of them."""
    assert words("error.not_found.title", minutes=3) == "Nothing here"


@given(name=NAMES)
def test_takes_nobodys_words_for_markup(name: str) -> None:
    """Whatever somebody is called, the name comes out as it went in, emphasised only where the text says so."""
    book = made(hello="*Hello* {name}, and *{name}*\nbye")
    assert book.words("x.hello", name=name) == f"Hello {name}, and {name}\nbye"
    lines = book.rich("x.hello", name=name)
    assert [(span.text, span.strong) for span in lines[0]] == [
        ("Hello", True),
        (f" {name}, and ", False),
        (name, True),
    ]
    assert [span.text for span in lines[1]] == ["bye"]


@given(text=st.text(alphabet="ab *\n", max_size=40))
def test_spans_lose_no_letter(text: str) -> None:
    """The spans of a text, put together again, are the text without its marks."""
    lines = markup.spans(text)
    assert "\n".join("".join(span.text for span in line) for line in lines) == markup.plain(text)
    assert all(span.text for line in lines for span in line)


@pytest.mark.parametrize(
    ("file", "says"),
    [("Bad = 'x'", "x.Bad"), ("a = 3", "not int"), ("[a]\nb = [1]", "not int")],
)
def test_refuses_a_file_that_is_not_words(tmp_path: Path, file: str, says: str) -> None:
    """A key with a capital, or a value that is no text, is named when the language is read."""
    (tmp_path / "x.toml").write_text(file, "utf-8")
    with pytest.raises((TypeError, ValueError), match=says):
        _read(tmp_path)


def test_unfolds_long_texts(tmp_path: Path) -> None:
    """A line break of the file is a space; an empty line is a line break for the reader."""
    (tmp_path / "x.toml").write_text('a = """\nOne\ntwo.\n\nThree."""\n', "utf-8")
    assert _read(tmp_path) == {"x.a": "One two.\nThree."}


def test_examples_in_the_docstrings_hold() -> None:
    """What the docstrings show is what happens."""
    for module in (toward.catalogue, markup):
        assert doctest.testmod(module).failed == 0
