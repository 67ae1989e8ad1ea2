"""What somebody typed."""

from __future__ import annotations

import asyncio
import unicodedata
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toward.errors import BadInput, TooLong
from toward.web.forms import MOST_FIELDS, Form, TooLarge, read_form

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

URLENCODED = "application/x-www-form-urlencoded"
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def read(body: bytes, kind: str = URLENCODED, *, limit: int = 10_000, length: str | None = None, cut: int = 7) -> Form:
    """Read a form that arrives in pieces of *cut* bytes."""

    async def stream() -> AsyncIterator[bytes]:
        for start in range(0, len(body), cut):
            yield body[start : start + cut]

    return asyncio.run(read_form(kind, length, stream(), limit=limit))


@given(st.lists(st.tuples(texts.filter(bool), texts), max_size=8))
def test_what_a_browser_sends_comes_back(pairs: list[tuple[str, str]]) -> None:
    """Every name and value survives, whatever the pieces it arrives in."""
    form = read(urlencode(pairs).encode())
    for name in {name for name, _ in pairs}:
        assert form.raw(name) == next(value for other, value in pairs if other == name)
    assert sorted(form.pairs()) == sorted(pairs)


@given(st.binary(max_size=400), st.sampled_from([URLENCODED, "multipart/form-data; boundary=x", "text/plain", ""]))
def test_any_body_is_a_form_or_bad_input(body: bytes, kind: str) -> None:
    """Nonsense is refused as the sender's, never as our failure."""
    with suppress(BadInput):
        read(body, kind)


def test_an_upload_is_read_in_memory() -> None:
    """A multipart body gives its fields and files, and bytes of any kind stay as they are."""
    blob = bytes(range(256)) * 5
    body = b"".join(
        [
            b'--cut\r\nContent-Disposition: form-data; name="label"\r\n\r\nour l\xc3\xacfe\r\n',
            b'--cut\r\nContent-Disposition: form-data; name="file"; filename="a.json"\r\n',
            b"Content-Type: application/json\r\n\r\n" + blob + b"\r\n--cut--\r\n",
        ]
    )
    form = read(body, "multipart/form-data; boundary=cut")
    assert form.file("file") == blob
    assert form.line("label") == "our lìfe"


def test_too_large_is_said_before_it_is_read() -> None:
    """By its announced length, or as soon as more has arrived than was allowed."""
    with pytest.raises(TooLarge):
        read(b"", limit=10, length="11")
    with pytest.raises(TooLarge):
        read(b"a=" + b"b" * 20, limit=10)
    with pytest.raises(BadInput):
        read(b"&".join(b"a=1" for _ in range(MOST_FIELDS + 1)))


@given(texts)
def test_text_is_tidied_and_stays_itself(value: str) -> None:
    """Trimmed, in NFC, without control characters or carriage returns; doing it twice changes nothing."""
    once = Form([("words", value)]).text("words", max=1000, required=False)
    assert once == Form([("words", once)]).text("words", max=1000, required=False)
    assert unicodedata.is_normalized("NFC", once)
    assert not set(once) & {"\r", "\0", "\x1b", "\x7f"}


def test_each_question_says_which_field_and_why() -> None:
    """The field and the reason are in the error, for the page to show beside the field."""
    form = Form([("words", "x" * 5), ("felt", "9"), ("body", "<script>"), ("empty", "  "), ("id", "zz")])
    asked: dict[tuple[str, str], Callable[[], object]] = {
        ("words", "too_long"): lambda: form.text("words", max=4),
        ("empty", "empty"): lambda: form.text("empty", max=4),
        ("felt", "out_of_range"): lambda: form.integer("felt", 1, 7),
        ("nothing", "choose"): lambda: form.integer("nothing", 1, 7),
        ("body", "choose"): lambda: form.choice("body", ("open", "shut")),
        ("gone", "choose"): lambda: form.choice("gone", ("open", "shut")),
        ("passphrase", "empty"): lambda: form.secret("passphrase"),
        ("id", "choose"): lambda: form.identity("id"),
        ("file", "empty"): lambda: form.file("file"),
    }
    for (field, reason), ask in asked.items():
        with pytest.raises(BadInput) as caught:
            ask()
        assert (caught.value.field, caught.value.reason) == (field, reason)


def test_what_was_left_open_is_none() -> None:
    """Skipping a question is an answer of its own."""
    form = Form([("felt", ""), ("body", "")])
    assert form.maybe_integer("felt", 1, 7) is None
    assert form.maybe("body", ("open",)) is None
    assert form.text("words", max=9, required=False) == ""


def test_numbers_are_plain_digits() -> None:
    """Other scripts' digits, signs and endless numbers are not numbers here."""
    for value in ("٣", "+3", "3.0", "1e0", "9" * 5000, "0x3"):
        with pytest.raises(BadInput):
            Form([("felt", value)]).integer("felt", 1, 7)
    assert Form([("felt", " 3 ")]).integer("felt", 1, 7) == 3


def test_a_passphrase_keeps_its_spaces() -> None:
    """What opens a life is never tidied."""
    assert Form([("passphrase", " two  words ")]).secret("passphrase") == " two  words "
    with pytest.raises(TooLong):
        Form([("passphrase", "x" * 1001)]).secret("passphrase")


@given(st.lists(st.tuples(st.sampled_from(["carry-to", "carry-field-x", "words"]), texts), max_size=6))
def test_leaving_fields_out_leaves_the_rest(pairs: list[tuple[str, str]]) -> None:
    """Only what begins with the prefix is gone."""
    left = list(Form(pairs).without("carry-").pairs())
    assert left == [(name, value) for name, value in pairs if name == "words"]


def test_a_broken_multipart_names_no_boundary() -> None:
    """A body without its boundary is refused, not guessed at."""
    with pytest.raises(BadInput):
        read(b"--cut\r\nx", "multipart/form-data")
