"""What is over stays over, whatever the partner who hosts puts back into the database: leaving, lapsing, new keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
import sqlalchemy as sa

from tests.vault.couple import PASSPHRASE, Home, rows_of
from toward.errors import SpaceClosed
from toward.journal import codec
from toward.journal.kinds import Agreement, CheckIn, Moment, Offer, Said
from toward.vault import accounts, keys, offers, pairing, portable, rotation, rows
from toward.vault.tables import entries, members, spaces

if TYPE_CHECKING:
    from pathlib import Path

    from toward.vault import Arrival, Session
    from toward.vault.identity import Keyring

NEW = "four other quiet words"
DAY_MIN = 24 * 60


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home on a real disk."""
    return Home(tmp_path / "data")


def again(home: Home, arrival: Arrival) -> Session:
    """A person's next request."""
    session = home.vault.session(arrival.token)
    assert session is not None
    return session


def thaw(home: Home, space: bytes) -> None:
    """Undo a leave in the plain columns."""
    with home.vault.database.write() as connection:
        connection.execute(sa.update(spaces).where(spaces.c.id == space).values(frozen=False))
        connection.execute(sa.update(members).where(members.c.space == space).values(left=False))


def plant_as(home: Home, who: Session, signer: Keyring, words: str) -> bytes:
    """Plant an agreement in somebody's name, signed with a key that was theirs."""
    couple = who.couple
    assert couple is not None
    head = max(row.seq for row in rows_of(home) if (row.space, row.author) == (couple.space, who.person))
    at = rows.Address(keys.random_id(), couple.space, who.person, head + 1, couple.newest)
    data = codec.encode(home.clock(), 0, Agreement(words=words))
    row = rows.seal_shared(couple.keys[at.key_id], signer.sign_secret, at, data)
    with home.vault.database.write() as connection:
        connection.execute(sa.insert(entries).values(**row._asdict()))
    return row.id


# ------------------------------------------------------------------------------------------------------ leaving


def test_who_left_has_left_though_the_database_says_otherwise(home: Home) -> None:
    """Lin hosts and opens the space again behind Mara's back: nothing of hers goes there, and no page calls it open."""
    mara, lin = home.couple()
    pairing.unpair(mara.session)
    assert lin.session.couple is not None
    thaw(home, lin.session.couple.space)
    session = again(home, mara)
    before = [row for row in rows_of(home) if row.author == session.person and row.space == lin.session.couple.space]
    assert session.partner is not None
    assert not session.partner.open
    session.write(CheckIn(felt=2, words="to myself", share=True))
    with pytest.raises(SpaceClosed):
        session.write(Agreement(words="nothing"))
    with pytest.raises(SpaceClosed):
        _ = session.live_key
    after = [row for row in rows_of(home) if row.author == session.person and row.space == lin.session.couple.space]
    assert before == after


def test_an_earlier_partner_does_not_come_back_when_the_present_one_is_hidden(home: Home) -> None:
    """Mara left Lin and is with Ana; Lin deletes that membership and thaws the old space."""
    mara, lin = home.couple()
    pairing.unpair(mara.session)
    ana = home.arrive("Ana")
    home.pair(again(home, mara), ana.session)
    assert lin.session.couple is not None
    thaw(home, lin.session.couple.space)
    with home.vault.database.write() as connection:
        kept = [lin.session.couple.space, mara.session.keyring.space]
        hidden = sa.and_(members.c.person == mara.session.person, members.c.space.not_in(kept))
        connection.execute(sa.delete(members).where(hidden))
    session = again(home, mara)
    assert session.partner is None or not session.partner.open


def test_two_who_part_can_pair_anew(home: Home) -> None:
    """A new space is a new one: having left the old does not stand in its way, and no file brings a leaving along."""
    mara, lin = home.couple()
    pairing.unpair(mara.session)
    home.pair(again(home, mara), again(home, lin))
    session = again(home, mara)
    assert session.partner is not None
    assert session.partner.open
    assert b"space_left" not in portable.export(session)


# ------------------------------------------------------------------------------------------------------ lapsing


def backdated(lin: Session, at_ms: int, words: str) -> None:
    """Lin's own tools answer all of Mara's offers, however old, under a time of their choice."""
    theirs = [(entry.id, entry.body) for entry in lin.entries if not entry.mine and isinstance(entry.body, Offer)]
    waiting = [offers.Waiting(offer, body.publics) for offer, body in theirs]
    made = offers.make(offers.Content("checkin", Said(topic="checkin", words=words)), waiting)
    lin.write(made.offer, at_ms=at_ms)


@pytest.mark.parametrize(("days", "opens"), [(0.5, True), (6, True), (8, False), (40, False)])
def test_what_has_lapsed_is_not_released_by_a_time_that_is_claimed(home: Home, days: float, *, opens: bool) -> None:
    """Mara's answer waited a day, and its evening has passed. An answer dated back to that evening comes too late."""
    mara, lin = home.couple()
    mara.session.write(CheckIn(felt=2, words="only for that evening", share=True))
    then = home.clock()
    home.clock.pass_minutes(days * DAY_MIN)
    backdated(again(home, lin), then + 60_000, "hm")
    session = again(home, mara)
    assert bool(session.life.checkins.opened) is opens
    said = [pair.theirs.words for pair in again(home, lin).life.checkins.opened]
    released = [entry for entry in again(home, lin).entries if "only for that evening" in repr(entry.body)]
    assert bool(said or released) is opens


# ----------------------------------------------------------------------------------------------------- new keys


def test_the_old_signing_key_signs_nothing_in_the_owner_s_own_eyes(home: Home) -> None:
    """Somebody copied Mara's keys; she made new ones. What is signed with the old ones after that, she never wrote."""
    mara, lin = home.couple()
    mara.session.write(Agreement(words="true and old"))
    copied = mara.session.keyring
    renewed = rotation.someone_knows(mara.session, PASSPHRASE, NEW, mara.device.secret, "phone")
    session = home.vault.session(renewed.token)
    assert session is not None
    forged = plant_as(home, session, copied, "Mara agreed to it")
    session = home.vault.session(renewed.token)
    assert session is not None
    session.write(Agreement(words="true and new"))
    for reader in (session, again(home, lin)):
        words = [entry.body.words for entry in reader.entries if isinstance(entry.body, Agreement)]
        assert words == ["true and old", "true and new"]
        assert forged in reader.ledger.damaged


def test_the_partner_s_very_next_words_are_under_the_new_key(home: Home) -> None:
    """Whoever copied the old shared key reads none of what Lin writes, from the first row on."""
    mara, lin = home.couple()
    rotation.someone_knows(mara.session, PASSPHRASE, NEW, mara.device.secret, "phone")
    session = again(home, lin)
    written = session.write(Agreement(words="a walk"))
    assert next(row.key_id for row in rows_of(home) if row.id == written.id) == 2
    assert session.live_key != lin.session.live_key


def test_new_keys_that_did_not_come_about_were_never_announced(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power fails in the middle, or another device was quicker: the partner goes on believing the old key."""
    mara, lin = home.couple()

    def fails(*_: object, **__: object) -> list[bytes]:
        message = "the power failed"
        raise OSError(message)

    monkeypatch.setattr(accounts, "relock", fails)
    with pytest.raises(OSError, match="power"):
        rotation.someone_knows(mara.session, PASSPHRASE, NEW, mara.device.secret, "phone")
    monkeypatch.undo()
    again(home, mara).write(Agreement(words="still me"))
    heard = [entry.body.words for entry in again(home, lin).entries if isinstance(entry.body, Agreement)]
    assert heard == ["still me"]


# ------------------------------------------------------------------------------------------- what the slot shows


def shape(home: Home, person: bytes) -> list[tuple[bytes, int, int]]:
    """What somebody with the disk can compare between two evenings: rows, their sizes; not the slot's bytes."""
    return sorted((row.space, row.seq, len(row.ciphertext)) for row in rows_of(home) if row.author == person)


def test_an_answer_about_safety_looks_like_anything_else_that_is_written(home: Home) -> None:
    """A slot that changes without a row would say: she was asked whether she is afraid, and answered."""
    mara, _ = home.couple()
    start = shape(home, mara.session.person)
    mara.session.write(Moment(label="a walk", day="2025-10-09"))
    marked = shape(home, mara.session.person)
    mara.session.keep_in_slot(b"afraid")
    answered = shape(home, mara.session.person)
    assert len(answered) - len(marked) == len(marked) - len(start) == 1
    assert {size for _, _, size in answered if size not in {s for *_, s in start}} == set()


def test_what_the_slot_keeps_leaves_nothing_in_the_file_that_one_takes_along(home: Home) -> None:
    """Nor that anything was kept, nor when."""
    mara, _ = home.couple()
    mara.session.write(msgspec.structs.replace(mara.session.life.preferences, sound=False))
    before = portable.read_file(portable.export(mara.session)).entries
    for answer in (b"hard", b"afraid", b""):
        home.clock.pass_minutes(60)
        mara.session.keep_in_slot(answer)
    assert portable.read_file(portable.export(mara.session)).entries == before
    assert mara.session.life.preferences.sound is False
    assert mara.session.slot() == b""
