"""The exchange of sealed answers, as mathematics: who can open what, and that an empty offer looks like a real one."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from toward.journal.kinds import Offer, Said, Topic
from toward.vault import keys, offers
from toward.vault.offers import Content, Waiting

TOPICS = st.sampled_from(["checkin", "remember"])


def content(topic: Topic, words: str) -> Content:
    """Something said."""
    return Content(topic, Said(topic=topic, words=words))


@given(TOPICS, st.text(max_size=1000), st.integers(1, offers.SLOTS))
def test_the_second_answer_opens_for_each_first_that_waits(topic: Topic, words: str, count: int) -> None:
    """Whoever had offered opens the second answer with the secret of their own offer."""
    firsts = [(keys.random_id(), keys.box_pair()) for _ in range(count)]
    waiting = [Waiting(offer_id, pair.public) for offer_id, pair in firsts]
    answer = offers.make(keys.box_pair().secret, content(topic, words), waiting)
    for offer_id, pair in firsts:
        assert offers.open_answer(pair.secret, topic, offer_id, answer) == content(topic, words)


def test_nothing_opens_without_the_secret_for_another_topic_or_for_the_second_person_itself() -> None:
    """The row id, the topic and the first's secret are all needed."""
    first_id, first, second = keys.random_id(), keys.box_pair(), keys.box_pair()
    answer = offers.make(second.secret, content("checkin", "hello"), [Waiting(first_id, first.public)])
    assert offers.open_answer(first.secret, "remember", first_id, answer) is None
    assert offers.open_answer(first.secret, "checkin", keys.random_id(), answer) is None
    assert offers.open_answer(keys.box_pair().secret, "checkin", first_id, answer) is None
    empty = offers.make(first.secret, None, [])
    assert offers.open_answer(second.secret, "checkin", first_id, empty) is None


def test_an_answer_kept_private_opens_for_nobody() -> None:
    """Slots and box of an empty offer hold random bytes."""
    first_id, first = keys.random_id(), keys.box_pair()
    answer = offers.make(keys.box_pair().secret, None, [Waiting(first_id, first.public)])
    assert offers.open_answer(first.secret, "checkin", first_id, answer) is None


@given(st.text(max_size=1000), st.integers(0, 6))
def test_every_offer_has_one_shape(words: str, waiting: int) -> None:
    """Kept, shared, taken back, first or second, short or long: sizes are equal."""
    others = [Waiting(keys.random_id(), keys.box_pair().public) for _ in range(waiting)]
    made = [
        offers.make(keys.box_pair().secret, said, others)
        for said in (None, content("checkin", words), content("remember", ""), Content("checkin", None))
    ]
    assert len({(len(one.public), len(one.slots), len(one.box)) for one in made}) == 1
    assert len({len(msgspec.msgpack.encode(one)) for one in made}) == 1


def test_real_and_empty_bytes_are_spread_alike() -> None:
    """A chi-squared count of byte values in 200 offers of each sort.

    Both fit the uniform (255 degrees, below the .999 point).
    """
    for said in (None, content("checkin", "the same words every time")):
        counts = [0] * 256
        for _ in range(200):
            first = Waiting(keys.random_id(), keys.box_pair().public)
            made = offers.make(keys.box_pair().secret, said, [first])
            for byte in made.slots + made.box:
                counts[byte] += 1
        expected = sum(counts) / 256
        chi = sum((count - expected) ** 2 / expected for count in counts)
        assert chi < 330.5


@given(st.binary(max_size=200), st.binary(max_size=200), st.binary(min_size=32, max_size=32))
def test_scribbled_offers_open_as_nothing(slots: bytes, box: bytes, public: bytes) -> None:
    """A partner who writes rubbish (a point of low order too) into their offer breaks nothing for the other."""
    for point in (public, bytes(32), b"\x01" + bytes(31)):
        made = Offer(public=point, slots=slots, box=box)
        assert offers.open_answer(keys.box_pair().secret, "checkin", keys.random_id(), made) is None
