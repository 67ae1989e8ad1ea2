"""One row scribbled past the program, by the partner who hosts, costs that row and not the other's pages.

Whoever has the disk can delete everything, so this is no promise of service. It is one of calm: a partner can't quietly
make the other's pages fail, and a row that is nonsense is left out and counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import sqlalchemy as sa

from tests.pages.two import Two
from tests.vault.couple import PASSPHRASE
from toward.errors import Damaged
from toward.journal import codec
from toward.journal.kinds import Agreement, CheckIn, Memory, Offer, Released, Said
from toward.vault import codes as kept
from toward.vault import keys, offers, pairing, rotation, rows
from toward.vault.devices import devices_of
from toward.vault.store import Row
from toward.vault.tables import codes, devices, entries, sessions, slots, space_keys
from toward.vault.trust import grant

if TYPE_CHECKING:
    from pathlib import Path

    from toward.vault import Session

PAGES = ("/", "/check-in", "/turn", "/ours", "/remember", "/pause", "/settle", "/settings/devices", "/pair")


@pytest.fixture
def two(tmp_path: Path) -> Two:
    """Mara and Lin. Lin hosts."""
    return Two(tmp_path / "data")


def next_at(two: Two, author: Session, key_id: int = 1) -> rows.Address:
    """The address of the next shared row of an author."""
    couple = two.lin.session.couple
    assert couple is not None
    head = two.lin.session.ledger.head(couple.space, author.person)
    return rows.Address(keys.random_id(), couple.space, author.person, head + 1, key_id)


def plant(two: Two, row: Row) -> None:
    """Write a row past the program."""
    with two.home.vault.database.write() as connection:
        connection.execute(sa.insert(entries).values(**row._asdict()))


def signed_by_lin(two: Two, data: bytes) -> None:
    """Plant a shared row of Lin's that is sealed and signed as it should be, around any bytes."""
    lin = two.lin.session
    couple = lin.couple
    assert couple is not None
    plant(two, rows.seal_shared(couple.keys[1], lin.keyring.sign_secret, next_at(two, lin), data))


def all_is_well(two: Two) -> None:
    """Mara's pages open, she can check in, and what she shares reaches Lin."""
    for path in PAGES:
        two.mara.get(path)
    assert two.mara.post("/check-in", felt="4", words="still here") == "/check-in/kept"
    two.mara.session.write(Agreement(words="a walk all the same"))
    assert "a walk all the same" in [
        entry.body.words for entry in two.lin.session.entries if isinstance(entry.body, Agreement)
    ]


def envelope(body: bytes, kind: str = "hello", version: int = 1) -> bytes:
    """An entry's bytes around a raw body."""
    return msgspec.msgpack.encode([1, 1_760_000_000_000, 0, kind, version, msgspec.Raw(body)])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        envelope(b"\x82\xa4kind\xa5hello\xa4name\xa2\xff\xfe"),
        envelope(b"\x91" * 100_000 + b"\xc0"),
        envelope(b"\x82\xa4kind\xa5hello\xa4name\xa3\xed\xa0\x80"),
        envelope(b"\x80", version=-(2**63)),
        envelope(b"\x90", version=0),
        envelope(b"\xc0", kind="\ud7ff" * 3, version=2**64 - 1),
        b"\x96\x01\xcf\xff\xff\xff\xff\xff\xff\xff\xff\x00\xa5hello\x01\x82\xa4kind\xa5hello\xa4name\xa1x",
    ],
    ids=["empty", "no form", "not utf-8", "nested", "surrogate", "old", "no map", "unknown", "late"],
)
def test_a_well_signed_row_of_nonsense_is_left_out(two: Two, data: bytes) -> None:
    """Whatever Lin's own program signs and seals, Mara's pages read on behind it."""
    signed_by_lin(two, data)
    all_is_well(two)


@pytest.mark.parametrize("plain", [b"", b"\x01", b"\x01\x00\x00", b"\x01\x00\x00\x00\x01\x00\x00\x00\x05hi"])
def test_a_row_too_short_to_say_anything_is_left_out(two: Two, plain: bytes) -> None:
    """Lin has the shared key and can seal less than a row's head, in anybody's name."""
    couple = two.lin.session.couple
    assert couple is not None
    for author in (two.lin.session, two.mara.session):
        at = next_at(two, author)
        plant(two, Row(*at, keys.seal(couple.keys[1], plain, at.about())))
    all_is_well(two)


@pytest.mark.parametrize("key_id", [2, 99, 2**31 - 1])
def test_a_row_under_a_key_that_nobody_has_stops_nobody(two: Two, key_id: int) -> None:
    """A row that claims a key to come is waited for as long as such a key may come, and then left out."""
    for author in (two.mara.session, two.lin.session):
        at = next_at(two, author, key_id)
        plant(two, Row(*at, keys.random_bytes(600)))
    all_is_well(two)
    assert two.mara.session.ledger.damaged


@pytest.mark.parametrize("key_id", [-1, 0, 2**32, 2**62])
def test_a_key_under_a_number_that_is_none_is_left_aside(two: Two, key_id: int) -> None:
    """Anybody can seal something to Mara's public key; the number beside it may be any."""
    mara = two.mara.session
    assert mara.couple is not None
    with two.home.vault.database.write() as connection:
        connection.execute(sa.insert(space_keys).values(
            space=mara.couple.space, key_id=key_id, person=mara.person,
            sealed=keys.seal_to(mara.keyring.box_public, bytes(96)),
        ))  # fmt: skip
    all_is_well(two)


def test_the_partner_s_last_key_leaves_room_for_a_newer_one(two: Two) -> None:
    """A key that Lin truly gave, under the greatest number there is, would leave Mara no number for a new key."""
    mara, lin = two.mara.session, two.lin.session
    couple = lin.couple
    assert couple is not None
    key = keys.random_key()
    with two.home.vault.database.write() as connection:
        for to in (mara, lin):
            sealed = grant(lin.keyring, couple.space, 2**32 - 1, key, to.person, to.keyring.box_public)
            connection.execute(
                sa.insert(space_keys).values(space=couple.space, key_id=2**32 - 1, person=to.person, sealed=sealed)
            )
    device = two.mara.arrival.device
    renewed = rotation.someone_knows(two.mara.session, PASSPHRASE, "four other quiet words", device.secret, "phone")
    assert two.home.vault.session(renewed.token) is not None


@pytest.mark.parametrize("slot", [None, b"", bytes(9000)], ids=["gone", "empty", "zeroes"])
def test_a_slot_that_does_not_open_is_asked_again(two: Two, slot: bytes | None) -> None:
    """Her pages go on; what she had answered is lost and asked anew, and can be kept anew."""
    person = two.mara.session.person
    with two.home.vault.database.write() as connection:
        if slot is None:
            connection.execute(sa.delete(slots).where(slots.c.person == person))
        else:
            connection.execute(sa.update(slots).where(slots.c.person == person).values(ciphertext=slot))
    all_is_well(two)
    two.mara.session.keep_in_slot(b"anew")
    assert two.mara.session.slot() == b"anew"


@pytest.mark.parametrize("day", [-(2**31), 2**31 - 1, 2**62])
def test_days_that_no_calendar_has_break_no_page(two: Two, day: int) -> None:
    """The page where devices are removed is not to be taken away by a number."""
    person = two.mara.session.person
    with two.home.vault.database.write() as connection:
        connection.execute(sa.update(devices).values(added_day=day))
        connection.execute(sa.update(sessions).where(sessions.c.person == person).values(seen_day=2**31 - 1))
    assert devices_of(two.mara.session)
    two.mara.get("/settings/devices")


def test_a_code_that_does_not_read_is_no_code(two: Two) -> None:
    """Codes are looked through one by one where somebody pairs or signs in; one of them may be nonsense."""
    with two.home.vault.database.write() as connection:
        for number, payload in enumerate((b"", b"\xc1", b"\x91\xff")):
            connection.execute(
                sa.insert(codes).values(find=bytes([number]) * 32, sort=1, expires_ms=2**60, payload=payload, state=0)
            )
    two.solo.get("/pair")
    assert two.solo.post("/pair", do="invite") == "/pair"
    assert pairing.standing(two.solo.session).state == "invited"
    all_is_well(two)


@pytest.mark.parametrize("field", ["words", "reply", "by"])
def test_an_invitation_that_was_scribbled_on_is_none(two: Two, field: str) -> None:
    """Its maker sees no invitation and can make another; nobody's page fails."""
    words = pairing.invite(two.solo.session).words
    with two.home.vault.database.write() as connection:
        (_, _, carried), *_ = list(codes_of(connection))
        to = bytes(16) if field == "reply" else b""
        changed = msgspec.structs.replace(carried, **{"to": to, field: b"scribble"})
        connection.execute(sa.update(codes).values(payload=msgspec.msgpack.encode(changed)))
    two.solo.get("/pair")
    two.solo.post("/pair", do="invite")
    again = pairing.standing(two.solo.session)
    assert (again.state, again.words != words) == ("invited", True)


def codes_of(connection: sa.Connection) -> Any:  # noqa: ANN401 - as the vault yields them
    """The invitations that are out."""
    return kept.each(connection, kept.Sort.INVITE, 0)


@pytest.mark.parametrize(
    "offer",
    [
        Offer(publics=b"", slots=b"", box=b""),
        Offer(publics=b"short", slots=b"x" * 7, box=b"y"),
        Offer(publics=bytes(64), slots=bytes(288), box=bytes(5160)),
        Offer(publics=b"\xff" * 640, slots=b"\xff" * 9, box=b""),
    ],
    ids=["empty", "short", "zeroes", "long"],
)
def test_an_offer_of_another_shape_meets_nobody(two: Two, offer: Offer) -> None:
    """Mara's shared check-in goes on beside it. (A key that is too short would be read past its end by libsodium.)"""
    two.mara.session.write(CheckIn(felt=3, words="before", share=True))
    signed_by_lin(two, codec.encode(two.clock.now_ms, 0, offer))
    two.mara.session.write(CheckIn(felt=4, words="after", share=True))
    all_is_well(two)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_no_key_of_another_length_is_agreed_with(length: int) -> None:
    """The binding to libsodium reads 32 bytes, whatever it is given."""
    for secret, public in ((bytes(32), b"\x09" * length), (b"\x01" * length, b"\x09" * 32)):
        with pytest.raises(Damaged):
            keys.agree(secret, public, "offer checkin")


@pytest.mark.parametrize("content", [b"", b"\xc1", b"\x92\xa7checkin\x83\xa5topic\xa7checkin\xa5words\xa2\xff\xfe",
                                     b"\x91" * 4000, b"\x92\xa8remember\xc0"])  # fmt: skip
def test_an_answer_that_does_not_read_is_none(two: Two, content: bytes) -> None:
    """Lin answers Mara's offer with a box that opens and holds nonsense."""
    entry = two.mara.session.write(CheckIn(felt=3, words="before", share=True))
    assert isinstance(entry.body, CheckIn)
    theirs = next(e.body for e in two.lin.session.entries if e.id == entry.body.offer)
    assert isinstance(theirs, Offer)
    assert entry.body.offer is not None
    pair, content_key = keys.box_pair(), keys.random_key()
    publics = pair.public * 2
    slot_key = keys.agree(pair.secret, theirs.publics[:32], "offer checkin", salt=entry.body.offer)
    slots = keys.seal(slot_key, content_key, publics) + keys.random_bytes(offers.SLOT_BYTES * 3)
    box = keys.seal(content_key, len(content).to_bytes(4, "big") + content.ljust(offers.BOX_BYTES - 4, b"\0"), publics)
    signed_by_lin(two, codec.encode(two.clock.now_ms + 1, 0, Offer(publics=publics, slots=slots, box=box)))
    assert not two.mara.session.life.checkins.opened
    all_is_well(two)


@pytest.mark.parametrize("topic", ["checkin", "remember"])
def test_an_answer_with_nothing_in_it_can_be_shown(two: Two, topic: Any) -> None:  # noqa: ANN401 - one of two words
    """Lin's program releases an answer that lacks all that ours would say."""
    checkin, memory = CheckIn(felt=3, words="before", body="open", share=True), Memory(words="sea", share=True)
    entry = two.mara.session.write(checkin if topic == "checkin" else memory)
    assert isinstance(entry.body, CheckIn | Memory)
    assert entry.body.offer is not None
    two.lin.session.write(Released(offer=bytes(16), answers=entry.body.offer, said=Said(topic=topic, words="")))
    for path in (*PAGES, "/remember/open", "/ours/moments", "/check-in/kept"):
        two.mara.get(path)
    all_is_well(two)
