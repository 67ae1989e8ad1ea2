"""A message as it is read: spellings, places, sentences, and who is meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toward.words.reading import LONGEST_CHARACTERS, TOKEN, read

MESSY = st.text(alphabet=st.sampled_from("aiuyor'’\"“”.!?, \n🙄❤️*2<>&-é…#/"), max_size=120)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("You're LATE", "you are late"),
        ("u r late", "you are late"),
        ("ur so kind", "you are so kind"),
        ("ur mum rang", "your mum rang"),
        ("I can’t, won't and DIDNT", "i can not will not and did not"),
        ("ill do it", "i will do it"),
        ("I feel ill today", "i feel ill today"),
        ("fiiiine whateverrrr", "fine whatever"),
        ("nothin' doin'", "nothing doing"),
        ("f**k this sh*t", "fuck this shit"),
        ("Mom said papa left", "mum said dad left"),
        ("Lisa's dog", "lisa's dog"),
        ("how's that, who'd know, we'll see", "how is that who would know we will see"),
        ("innit", "is it not"),
    ],
)
def test_words_are_brought_to_one_spelling(text: str, plain: str) -> None:
    """Short forms, drawn-out letters, masks and dialects of spelling read as the plain words."""
    assert " ".join(read(text).words) == plain


def test_a_place_is_the_place_of_the_word_in_the_text() -> None:
    """Both halves of "you're" stand where "you're" stands."""
    reading = read("So, you're late!")
    assert reading.words == ("so", "you", "are", "late")
    assert [reading.text[start:end] for start, end in reading.places] == ["So", "you're", "you're", "late"]
    assert reading.place(1, 4) == (4, 15)


def test_sentences_end_where_they_end() -> None:
    """Marks, new lines and faces end a sentence; what has no end ends with the message."""
    reading = read("Fine. Go!! why?\nok 🙄🙄 bye")
    spans = [" ".join(reading.words[one.first : one.last]) for one in reading.sentences]
    assert spans == ["fine", "go", "why", "ok", "bye"]
    assert [one.ending for one in reading.sentences] == [".", "!!", "?", "", ""]
    assert reading.sentences[3].faces == ("🙄", "🙄")
    assert read("🙄 ok").faces == ("🙄",)
    assert read("... ok").words == ("ok",)


def test_a_word_that_became_two_moves_the_marks_behind_it() -> None:
    """Sentences and quotes after "ur late" still stand where they stood."""
    reading = read("ur so late. he said “stop” and left, ill go. Bye")
    assert [" ".join(reading.words[one.first : one.last]) for one in reading.sentences] == [
        "you are so late",
        "he said stop and left i will go",
        "bye",
    ]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("he said you are a clown", {"you", "are", "a", "clown"}),
        ("“selfish” is what I heard", {"selfish"}),
        ("you said you would come", set()),
        ("my boss told me I was useless. You were kind.", {"me", "i", "was", "useless"}),
    ],
)
def test_what_somebody_else_said_is_quoted(text: str, quoted: set[str]) -> None:
    """Between marks, and after "he said"; what *you* said is talked about, not quoted."""
    reading = read(text)
    assert {reading.words[place] for place in reading.quoted} == quoted


def test_what_is_denied_is_not_meant() -> None:
    """To say "I don't think you are lazy" calls nobody lazy; "you don't think" denies nothing."""
    reading = read("I don't think you are lazy, but the bins are full")
    denied = {reading.words[place] for place in reading.unmeant}
    assert {"you", "are", "lazy"} <= denied
    assert "bins" not in denied
    assert not read("you don't think you are lazy").unmeant
    assert "regret" in {
        read("I'm afraid you regret it").words[place] for place in read("I'm afraid you regret it").unmeant
    }
    assert not read("are you afraid you forgot").unmeant


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("That ref is a blind fool", "other"),
        ("She was so rude", "other"),
        ("Your sister was rude", "you"),
        ("Must be nice", "you"),
        ("stop being such a baby", "you"),
    ],
)
def test_a_sentence_is_about_the_two_or_about_another(text: str, scope: str) -> None:
    """Somebody else alone, or (also) the one who reads it."""
    assert read(text).sentences[0].scope == scope


@pytest.mark.parametrize(
    ("text", "is_english"),
    [
        ("You are late", True),
        ("", True),
        ("🙄🙄", True),
        ("ok", True),
        ("Ich bin so traurig, weil du gestern nicht angerufen hast", False),
        ("Estoy muy triste porque nunca me escuchas cuando hablo contigo", False),
        ("Мне очень грустно", False),
        ("我很难过", False),
        ("أنا حزين جدا", False),
        ("Zoë and José say hi to you", True),
    ],
)
def test_it_knows_what_it_does_not_know(text: str, *, is_english: bool) -> None:
    """Other scripts and other languages are no English; a short line has the benefit of the doubt."""
    assert read(text).is_english is is_english


def test_only_the_beginning_of_what_is_endless_is_read() -> None:
    """The limit is told and kept."""
    assert len(read("a b " * 5000).text) == LONGEST_CHARACTERS


@given(MESSY | st.text(max_size=200))
def test_every_word_has_its_place(text: str) -> None:
    """Words and places go together, places lie within the text and in order, and sentences hold each word once."""
    reading = read(text)
    assert len(reading.words) == len(reading.places) == len(reading.sentence_of)
    assert all(0 <= start < end <= len(text) for start, end in reading.places)
    assert list(reading.places) == sorted(reading.places)
    inside = [place for one in reading.sentences for place in range(one.first, one.last)]
    assert inside == list(range(len(reading.words)))
    assert all(0 <= place < len(reading.words) for place in reading.quoted | reading.unmeant)


@given(st.text(max_size=100))
def test_every_token_is_of_one_sort(text: str) -> None:
    """What the tokenizer finds is a word, a mark or a face, and never nothing."""
    assert all(found.group() and found.lastgroup for found in TOKEN.finditer(text))
