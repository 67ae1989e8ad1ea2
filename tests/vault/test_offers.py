"""The exchange of sealed answers, as mathematics: who can open what, and that an empty offer looks like a real one."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toward.journal.kinds import Offer, Said, Topic
from toward.vault import keys, offers
from toward.vault.offers import Content, Made, Waiting

TOPICS = st.sampled_from(offers.TOPICS)


def content(topic: Topic, words: str = "hello") -> Content:
    """Something said."""
    return Content(topic, Said(topic=topic, words=words))


def first(said: Content | None) -> tuple[bytes, Made]:
    """An offer by whoever answers first, and the id of its row."""
    return keys.random_id(), offers.make(said, [])


def waiting(*firsts: tuple[bytes, Made]) -> list[Waiting]:
    """What the second person's program sees of them."""
    return [Waiting(offer_id, made.offer.publics) for offer_id, made in firsts]


@given(TOPICS, st.text(max_size=1000), st.integers(1, offers.SLOTS))
def test_the_second_answer_opens_for_each_first_that_waits(topic: Topic, words: str, count: int) -> None:
    """Whoever had offered opens the second answer with the secret of their own offer."""
    firsts = [first(content(topic)) for _ in range(count)]
    answer = offers.make(content(topic, words), waiting(*firsts)).offer
    for offer_id, made in firsts:
        assert offers.open_answer(made.secret, topic, offer_id, answer) == content(topic, words)


@pytest.mark.parametrize("before", [None, Content("checkin", None), content("remember")])
def test_who_did_not_share_on_the_topic_keeps_nothing_that_opens(before: Content | None) -> None:
    """Kept, taken back, or offered on another topic: what is kept opens no answer under any topic."""
    mine = first(before)
    answer = offers.make(content("checkin"), waiting(mine)).offer
    for topic in offers.TOPICS:
        assert offers.open_answer(mine[1].secret, topic, mine[0], answer) is None


def test_row_topic_and_secret_are_all_needed() -> None:
    """Another row, another topic or another secret opens nothing, nor does the answer's own."""
    offer_id, mine = first(content("checkin"))
    answer = offers.make(content("checkin"), waiting((offer_id, mine)))
    assert offers.open_answer(mine.secret, "checkin", offer_id, answer.offer) is not None
    assert offers.open_answer(mine.secret, "remember", offer_id, answer.offer) is None
    assert offers.open_answer(mine.secret, "checkin", keys.random_id(), answer.offer) is None
    assert offers.open_answer(keys.random_key(), "checkin", offer_id, answer.offer) is None
    assert offers.open_answer(answer.secret, "checkin", offer_id, answer.offer) is None
    assert offers.open_answer(answer.secret, "checkin", offer_id, mine.offer) is None


def test_an_answer_kept_private_opens_for_nobody() -> None:
    """Slots and box of an empty offer hold random bytes."""
    mine = first(content("checkin"))
    assert offers.open_answer(mine[1].secret, "checkin", mine[0], offers.make(None, waiting(mine)).offer) is None


@given(st.text(max_size=1000), st.integers(0, 6))
def test_every_offer_has_one_shape(words: str, count: int) -> None:
    """Kept, shared, taken back, first or second, short or long: sizes are equal, of the secret that is kept too."""
    others = waiting(*(first(content("checkin")) for _ in range(count)))
    made = [
        offers.make(said, others)
        for said in (None, content("checkin", words), content("remember", ""), Content("checkin", None))
    ]
    assert len({(len(one.secret), len(msgspec.msgpack.encode(one.offer))) for one in made}) == 1


def test_real_and_empty_bytes_are_spread_alike() -> None:
    """A chi-squared count of byte values in 200 offers of each sort: both fit the uniform (255 degrees, .999 point)."""
    for said in (None, content("checkin", "the same words every time")):
        counts = [0] * 256
        for _ in range(200):
            made = offers.make(said, waiting(first(content("checkin")))).offer
            for byte in made.slots + made.box:
                counts[byte] += 1
        expected = sum(counts) / 256
        assert sum((count - expected) ** 2 / expected for count in counts) < 330.5


@given(st.binary(max_size=200), st.binary(max_size=200), st.binary(max_size=64))
def test_scribbled_offers_open_as_nothing(slots: bytes, box: bytes, publics: bytes) -> None:
    """A partner who writes rubbish (points of low order too) into their offer breaks nothing for the other."""
    for points in (publics, bytes(64), (b"\x01" + bytes(31)) * 2):
        scribble = Offer(publics=points, slots=slots, box=box)
        assert offers.open_answer(keys.random_key(), "checkin", keys.random_id(), scribble) is None
        made = offers.make(content("checkin"), [Waiting(keys.random_id(), points)])
        assert len(made.offer.slots) == offers.SLOTS * offers.SLOT_BYTES
