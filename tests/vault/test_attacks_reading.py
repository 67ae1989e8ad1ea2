"""The partner who runs the machine: has the disk, the database, every backup and all of their own secrets.

The attacker here is generic. They collect every byte string on the disk and every secret that they hold, derive every
key the program ever derives, try each on each, agree every secret with every public key, and look for the words. What
they may not do is change the program.
"""

from __future__ import annotations

import itertools
import sqlite3
from typing import TYPE_CHECKING

import msgspec
import pytest
import sqlalchemy as sa

from tests.vault.couple import PASSPHRASE, Home, rows_of
from toward.errors import Damaged
from toward.journal.kinds import CheckIn, Invitation, Memory, Offer, Reached
from toward.vault import Vault, accounts, codes, erasing, keys, offers, pairing, portable, rows
from toward.vault.keys import Kdf, Pair
from toward.vault.store import Row
from toward.vault.tables import entries, metadata, people

if TYPE_CHECKING:
    from pathlib import Path

    from toward.vault import Arrival, Session

PRIVATE = "the locked drawer holds a blue letter"
SEALED = "I was so afraid when the door shut"
KEPT = "safety plan: the neighbour with the red gate"
TAKEN_BACK = "I take this sentence back again"
PURPOSES = (
    "keyring", "slot", "device labels", "live room", "invitation words", "session find", "session wrap", "code find",
    "code wrap", "device check", "offer checkin", "offer remember",
)  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home on a real disk."""
    return Home(tmp_path / "data")


def blobs_on_disk(home: Home) -> set[bytes]:
    """Every value of every column of every table."""
    found: set[bytes] = set()
    with home.vault.database.read() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(sa.select(table)):
                found.update(bytes(value) for value in row if isinstance(value, bytes))
    return found


def secrets_of(arrival: Arrival, passphrase: str) -> set[bytes]:
    """All that a person holds, and all that the journal they can open holds."""
    ring = arrival.session.keyring
    held = {arrival.device.secret, arrival.token.encode(), passphrase.encode(), ring.sign_secret, ring.box_secret}
    held.update(ring.space_keys.values())
    if arrival.session.couple is not None:
        held.update(arrival.session.couple.keys.values())
    for entry in arrival.session.entries:
        held.update(value for value in msgspec.structs.astuple(entry.body) if isinstance(value, bytes))
    return held


def seconds_of_keys(held: set[bytes], blobs: set[bytes]) -> set[bytes]:
    """Every 32-byte key within reach: held, derived, or agreed with any public key on the disk."""
    reach = {key for key in held if len(key) == keys.KEY_BYTES}
    reach.update(keys.derive(key, purpose) for key in held for purpose in PURPOSES)
    points = {blob for blob in blobs if len(blob) == keys.KEY_BYTES}
    ids = {blob for blob in blobs if len(blob) == keys.ID_BYTES} | {b""}
    for secret, public in itertools.product([key for key in held if len(key) == keys.KEY_BYTES], points):
        try:
            for topic, salt in itertools.product(("offer checkin", "offer remember"), ids):
                reach.add(keys.agree(secret, public, topic, salt=salt))
        except Damaged:
            continue
    return reach


def opened_with(reach: set[bytes], home: Home, boxes: list[Pair]) -> bytes:
    """Everything that any of the keys opens, in one heap. Rows are tried with their true context."""
    heap = bytearray()
    with home.vault.database.read() as connection:
        sealed = [
            (bytes(row.ciphertext), rows.address(Row(row.id, row.space, row.author, row.seq, row.key_id, b"")).about())
            for row in connection.execute(sa.select(entries))
        ]
    known = {text for text, _ in sealed}
    everyone = [bytes(one) for one in home.vault.people()]
    for blob in blobs_on_disk(home) - known:
        contexts = [b"", *everyone, *(b"slot" + person for person in everyone)]
        sealed.extend((blob, context) for context in contexts)
        for box in boxes:
            try:
                heap += keys.open_sealed(box, blob)
            except Damaged:
                continue
    # What is shorter than a nonce and a tag was never sealed: ids, hashes and public keys are most of the disk.
    sealed = [(text, about) for text, about in sealed if len(text) >= keys.OVERHEAD]
    for (text, about), key in itertools.product(sealed, reach):
        try:
            heap += keys.unseal(key, text, about)
        except Damaged:
            continue
    return bytes(heap)


def every_offer(session: Session) -> list[tuple[bytes, Offer]]:
    """The offers that anybody with the shared key can read."""
    return [(entry.id, entry.body) for entry in session.entries if isinstance(entry.body, Offer)]


def fill(mara: Session) -> None:
    """What must stay Mara's."""
    mara.write(Reached(fear=PRIVATE))
    mara.write(CheckIn(felt=1, words=PRIVATE))
    back = mara.write(Memory(words=TAKEN_BACK, share=True))
    mara.withdraw(back.id)
    mara.write(CheckIn(felt=2, words=SEALED, share=True))
    mara.keep_in_slot(KEPT.encode())


def test_all_of_one_persons_secrets_and_the_disk_open_nothing_of_the_others(home: Home) -> None:
    """Not what is private, not what waits sealed, not what was taken back, not what the safety page keeps."""
    mara, lin = home.couple()
    # Lin makes offers without sharing, before and after: Mara's answers meet them and still must not open.
    lin.session.write(CheckIn(felt=4, words="Lin keeps this"))
    fill(mara.session)
    lin.session.write(CheckIn(felt=4, words="Lin keeps this"))
    lin.session.refresh()
    blobs = blobs_on_disk(home)
    held = secrets_of(lin, PASSPHRASE)
    reach = seconds_of_keys(held, blobs)
    ring = lin.session.keyring
    heap = opened_with(reach, home, [ring.box])
    # The attack is real: it opens what is Lin's own, and the shared space.
    assert b"Lin keeps this" in heap
    assert b"Mara" in heap
    for words in (PRIVATE, SEALED, KEPT, TAKEN_BACK):
        assert words.encode() not in heap
    # Nor does any secret of Lin's, taken as an offer's secret, open any offer in the shared space for any row of it.
    written = every_offer(lin.session)
    for secret, (_, offer), (own, _) in itertools.product(held, written, written):
        if len(secret) == keys.KEY_BYTES:
            assert offers.open_answer(secret, "checkin", own, offer) is None
            assert offers.open_answer(secret, "remember", own, offer) is None


def test_the_same_attack_on_ones_own_secrets_succeeds(home: Home) -> None:
    """A check of the check: with Mara's secrets the heap holds what it must not hold with Lin's."""
    mara, _ = home.couple()
    fill(mara.session)
    mara.session.refresh()
    reach = seconds_of_keys(secrets_of(mara, PASSPHRASE), set())
    reach.add(accounts.slot_key(mara.session.keyring))
    heap = opened_with(reach, home, [])
    for words in (PRIVATE, SEALED, KEPT, TAKEN_BACK):
        assert words.encode() in heap


def test_passphrases_cannot_be_tried_without_the_device_secret(home: Home) -> None:
    """Knowing the passphrase, the whole disk and one's own device secret is not enough."""
    mara, lin = home.couple()
    with home.vault.database.read() as connection:
        row = connection.execute(sa.select(people).where(people.c.id == mara.session.person)).one()
    for guess in (PASSPHRASE, mara.session.name):
        for secret in (lin.device.secret, b"", bytes(16), row.device_check[:16], row.salt):
            opener = keys.stretch(guess, row.salt, secret, Kdf(row.kdf))
            with pytest.raises(Damaged):
                keys.unseal(opener, row.keyring, mara.session.person)


@pytest.mark.parametrize("act", ["kept", "long", "shared", "taken back"])
def test_kept_shared_and_taken_back_look_alike_on_disk(home: Home, act: str) -> None:
    """One private row and one offer of always the same sizes, so that nobody can tell whether something waits."""
    mara, lin = home.couple()
    first = mara.session.write(CheckIn(felt=3, words="before", share=True))
    lin.session.refresh()
    before = rows_of(home)
    if act == "taken back":
        mara.session.withdraw(first.id)
    else:
        mara.session.write(CheckIn(felt=3, words="x" * 900 if act == "long" else "short", share=act == "shared"))
    new = {row.space: row for row in rows_of(home) if row not in before}
    assert lin.session.couple is not None
    private, offer = new.pop(mara.session.keyring.space), new.pop(lin.session.couple.space)
    assert not new
    assert private.author == offer.author == mara.session.person
    assert len(private.ciphertext) == rows.PRIVATE_ROW_BYTES
    assert len(offer.ciphertext) == 12 * rows.SHARED_STEP_BYTES + keys.OVERHEAD


def test_private_rows_change_no_byte_of_what_the_other_gets(home: Home) -> None:
    """Lin's export and entries are the same before and after whatever Mara writes for herself."""
    mara, lin = home.couple()
    lin.session.write(Invitation(door="reach", words="a walk?"))
    mara.session.refresh()
    lin.session.refresh()
    seen = portable.export(lin.session)
    life = msgspec.json.encode([repr(entry) for entry in lin.session.entries])
    for body in (Reached(fear=PRIVATE), Reached(fear="another"), CheckIn(felt=1)):
        mara.session.write(body)
    mara.session.keep_in_slot(b"x")
    lin.session.refresh()
    shown = [entry for entry in lin.session.entries if type(entry.body).__name__ != "Offer"]
    before = [entry for entry in msgspec.json.decode(life) if "body=Offer" not in entry]
    assert [repr(entry) for entry in shown] == before
    assert [item for item in portable.read_file(portable.export(lin.session)).entries if item.kind != "offer"] == [
        item for item in portable.read_file(seen).entries if item.kind != "offer"
    ]


def test_an_invitation_says_nothing_to_who_lacks_the_words(home: Home) -> None:
    """The row holds neither the words nor the name."""
    mara = home.arrive("Mara-with-a-long-name")
    words = pairing.invite(mara.session).words
    with home.vault.database.read() as connection:
        payload = connection.execute(sa.select(sa.text("payload")).select_from(sa.text("codes"))).scalars().all()
    heap = b"".join(bytes(one) for one in payload)
    assert b"Mara-with" not in heap
    assert not any(word.encode() in heap for word in words.split() if len(word) > 4)
    assert codes.find(words) not in heap


def test_no_planted_words_in_any_file(home: Home, tmp_path: Path) -> None:
    """Database, write-ahead log, shared memory, backup: searched as bytes, in UTF-8 and UTF-16."""
    mara, lin = home.couple()
    fill(mara.session)
    lin.session.write(Invitation(door="reach", words=PRIVATE))
    home.vault.backup(tmp_path / "data" / "copy.toward")
    needles = [
        text.encode(form)
        for text in (PRIVATE, SEALED, KEPT, TAKEN_BACK, PASSPHRASE, mara.sheet)
        for form in ("utf-8", "utf-16-le")
    ]
    needles += [mara.token.encode(), mara.device.secret, mara.session.keyring.box_secret, b"Mara"]
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert {"toward.db", "copy.toward"} <= {path.name for path in files}
    for path in files:
        data = path.read_bytes()
        for needle in needles:
            assert needle not in data, path.name


def test_erased_keys_are_not_in_the_file_any_more(home: Home, tmp_path: Path) -> None:
    """Sealed keyring and private rows are overwritten, and an older backup gives no person back here."""
    mara, lin = home.couple()
    fill(mara.session)
    with home.vault.database.read() as connection:
        keyring = bytes(
            connection.execute(sa.select(people.c.keyring).where(people.c.id == mara.session.person)).scalar_one()
        )
        row = bytes(
            connection.execute(sa.select(entries.c.ciphertext).where(entries.c.space == mara.session.keyring.space))
            .scalars()
            .first()
            or b""
        )
    copy = tmp_path / "older.toward"
    home.vault.backup(copy)
    erasing.erase(mara.session)
    home.vault.close()
    for path in (tmp_path / "data").iterdir():
        data = path.read_bytes()
        assert keyring[:64] not in data, path.name
        assert row[:64] not in data, path.name
    Vault.restore(copy, tmp_path / "data", force=True)
    again = Vault.open(tmp_path / "data", kdf=Kdf.TRIVIAL, now_ms=home.clock)
    assert again.people() == [lin.session.person]
    again.close()
    with sqlite3.connect(tmp_path / "data" / "toward.db") as connection:
        assert connection.execute(
            "select count(*) from entries where space = ?", (mara.session.keyring.space,)
        ).fetchone() == (0,)


def test_the_slot_looks_new_on_every_write(home: Home) -> None:
    """Each write of a person rewrites their slot at one size, whatever it holds and whether it changed."""
    mara, _ = home.couple()
    seen = []
    for act in range(6):
        if act == 3:
            mara.session.keep_in_slot(KEPT.encode() * 20)
        else:
            mara.session.write(CheckIn(felt=4))
        with home.vault.database.read() as connection:
            seen.append(
                bytes(
                    connection.execute(
                        sa.text("select ciphertext from slots where person = :p"), {"p": mara.session.person}
                    ).scalar_one()
                )
            )
    assert len(set(seen)) == len(seen)
    assert {len(one) for one in seen} == {accounts.SLOT_BYTES + keys.OVERHEAD}
    assert mara.session.slot() == KEPT.encode() * 20
