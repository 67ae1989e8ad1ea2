"""What the partner may see of an entry."""

from __future__ import annotations

import typing

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.journal.lives import FELT, OWN_BODIES, SHARED_BODIES, Journal
from toward.journal import kinds
from toward.journal.kinds import Body, CheckIn, Entry, LinePoint, Memory, Offer, Released, Said, Unknown
from toward.journal.visibility import FELT_WORDS, Visibility, felt_word, partner_sees, said_by, visibility


def written(body: Body) -> Entry:
    """Return a body as an entry of its space."""
    journal = Journal()
    journal.write(body)
    return journal.entries[0]


@given(OWN_BODIES, st.booleans(), st.booleans())
def test_private_is_never_seen(body: Body, both_answered: bool, both_share_lines: bool) -> None:  # noqa: FBT001
    """Whatever else is agreed or answered, an entry that was kept private shows nothing."""
    entry = written(body)
    if visibility(body, shared=False) is Visibility.PRIVATE:
        assert partner_sees(entry, both_answered=both_answered, both_share_lines=both_share_lines) is None


def test_every_kind_has_the_visibility_of_its_space() -> None:
    """Only check-ins and memories can be sealed; every other kind is private or shared by its space."""
    for kind in typing.get_args(kinds.Body):
        can_seal = "share" in {field.name for field in msgspec.structs.fields(kind)}
        assert can_seal == (kind in {CheckIn, Memory})
        assert kind.SPACE == "private" or not can_seal


@given(FELT, st.booleans())
def test_sealed_is_nothing_until_both_have_answered(felt: int, withdrawn: bool) -> None:  # noqa: FBT001
    """The first answer shows nothing; taken back in time it never shows."""
    entry = written(CheckIn(felt=felt, words="words", share=True))
    assert visibility(entry.body, shared=False) is Visibility.SEALED
    assert partner_sees(entry, withdrawn=withdrawn) is None
    opened = partner_sees(entry, both_answered=True, withdrawn=withdrawn)
    assert opened == (None if withdrawn else Said(topic="checkin", words="words", felt=felt_word(felt)))


@given(FELT, st.sampled_from(["open", "revved", "shut", None]))
def test_what_opens_holds_no_number(felt: int, state: kinds.BodyState | None) -> None:
    """A check-in opens as words: nothing in it is a number, and its rung, question and answer stay behind."""
    said = said_by(
        CheckIn(felt=felt, body=state, rung="anger", question="there", answer="no", words="w", moved="pressed")
    )
    values = set(msgspec.to_builtins(said).values())
    assert values <= {"checkin", "w", None, state, *FELT_WORDS}


def test_a_memory_opens_with_its_tone() -> None:
    """A memory says its words and how it was."""
    said = said_by(Memory(words="rain", tone="laughed"))
    assert (said.topic, said.words, said.tone) == ("remember", "rain", "laughed")


@given(SHARED_BODIES)
def test_shared_is_seen_as_it_is(body: Body) -> None:
    """What was written for both is there for both; only a line waits for both to agree."""
    assert partner_sees(written(body), both_share_lines=True) == body
    if isinstance(body, LinePoint):
        assert partner_sees(written(body)) is None


def test_an_offer_says_nothing_and_a_release_says_its_words() -> None:
    """The sealed envelope is nothing to look at."""
    offer = Offer(publics=bytes(64), slots=b"", box=b"")
    assert partner_sees(written(offer), both_answered=True) is None
    said = Said(topic="remember", words="rain")
    released = Released(offer=bytes(16), answers=bytes(16), said=said)
    assert partner_sees(written(released)) == said


def test_an_unknown_kind_is_shown_to_nobody() -> None:
    """A newer program's entry passes through unseen."""
    entry = msgspec.structs.replace(written(kinds.Hello(name="x")), body=Unknown(kind="song", version=1, raw=b"\x80"))
    assert partner_sees(entry, both_answered=True, both_share_lines=True) is None


@pytest.mark.parametrize(
    ("felt", "word"),
    list(enumerate(["unsafe", "unsafe", "guarded", "between", "easy", "safe", "safe"], 1)),
)
def test_felt_safety_has_five_words(felt: int, word: str) -> None:
    """The ends take two steps each."""
    assert felt_word(felt) == word


@given(st.floats(-3, 12), st.floats(-3, 12))
def test_safer_is_never_called_less_safe(one: float, other: float) -> None:
    """The words keep the order of the numbers, between and beyond the steps too."""
    low, high = sorted((one, other))
    assert FELT_WORDS.index(felt_word(low)) <= FELT_WORDS.index(felt_word(high))
