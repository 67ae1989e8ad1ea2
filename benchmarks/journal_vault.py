"""How long the first page takes after a restart for somebody with 10,000 entries, beside the work nobody can leave out.

    python -m benchmarks.journal_vault [--entries 10000]

The bare loop reads the same rows with the driver, decrypts each with libsodium, checks each shared signature and
decodes each entry: what nobody can leave out. The ratio is what the ledger, the checks of its addresses and the folds
add.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from nacl import bindings

from toward.journal import codec
from toward.journal.kinds import CheckIn, Invitation, Settled
from toward.vault import Kdf, Vault, keys, pairing, rows
from toward.vault.store import Row

if TYPE_CHECKING:
    from toward.vault import Session

ROUNDS = 3
BATCH = 500
START_MS = 1_600_000_000_000
MINUTE_MS = 60_000


def fill(session: Session, private: int, shared: int) -> None:
    """Write many entries in few transactions.

    The bytes are those that ``write`` makes, the waiting for the disk is not the point.
    """
    store, ring, couple = session.vault.store, session.keyring, session.couple
    assert couple is not None
    seq = session.ledger.head(ring.space, session.person)
    for start in range(0, private, BATCH):
        made: list[Row] = []
        for number in range(start, min(start + BATCH, private)):
            seq += 1
            at = rows.Address(keys.random_id(), ring.space, session.person, seq, 1)
            body = CheckIn(felt=1 + number % 7, words="a few words of a day" * (number % 3))
            other = Settled(practice="breath", how="alone", minutes=6, before=3, after=5)
            data = codec.encode(START_MS + number * MINUTE_MS * 90, 60, body if number % 2 else other)
            made += rows.seal_private(ring.space_keys[1], at, data)
        store.append(made)
    seq = session.ledger.head(couple.space, session.person)
    for start in range(0, shared, BATCH):
        made = []
        for number in range(start, min(start + BATCH, shared)):
            seq += 1
            at = rows.Address(keys.random_id(), couple.space, session.person, seq, 1)
            data = codec.encode(START_MS + number * MINUTE_MS * 90, 60, Invitation(door="reach", words="a walk?"))
            made.append(rows.seal_shared(couple.keys[1], ring.sign_secret, at, data))
        store.append(made)


def bare(path: Path, session: Session) -> int:
    """Driver, libsodium, msgspec and nothing else."""
    ring, couple = session.keyring, session.couple
    assert couple is not None
    count = 0
    with sqlite3.connect(path) as connection:
        query = "SELECT id, space, author, seq, key_id, ciphertext FROM entries ORDER BY author, seq"
        for values in connection.execute(query):
            row = Row(*values)
            about = rows.address(row).about()
            shared = row.space == couple.space
            if not shared and row.space != ring.space:
                continue
            key = couple.keys[row.key_id] if shared else ring.space_keys[row.key_id]
            plain = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
                row.ciphertext[24:], about, row.ciphertext[:24], key
            )
            length = int.from_bytes(plain[5:9], "big")
            data = plain[9 : 9 + length]
            if shared:
                if row.author != session.person:
                    continue
                bindings.crypto_sign_open(data[:64] + about + data[64:], ring.sign_public)
                data = data[64:]
            codec.decode(data)
            count += 1
    return count


def main() -> None:
    """Fill a home, then read it cold and warm."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000)
    wanted = parser.parse_args().entries
    with tempfile.TemporaryDirectory() as folder:
        vault = Vault.open(Path(folder), kdf=Kdf.TRIVIAL)
        mara = vault.create_person("Mara", "a passphrase", setup=vault.new_setup_token())
        lin = vault.create_person("Lin", "a passphrase", setup=vault.new_setup_token())
        pairing.accept(lin.session, pairing.invite(mara.session).words)
        pairing.confirm(mara.session)
        fill(mara.session, wanted * 3 // 4, wanted // 4)
        cold, loop, warm = [], [], []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            read = bare(Path(folder) / "toward.db", mara.session)
            loop.append(time.perf_counter() - begun)
            vault.ledgers.drop_person(mara.session.person)
            begun = time.perf_counter()
            session = vault.session(mara.token)
            cold.append(time.perf_counter() - begun)
            assert session is not None
            assert len(session.entries) >= read
            begun = time.perf_counter()
            vault.session(mara.token)
            warm.append(time.perf_counter() - begun)
        vault.close()
    best = {name: statistics.median(times) * 1000 for name, times in (("cold", cold), ("bare", loop), ("warm", warm))}
    print(f"{len(session.entries)} entries, a quarter of them shared and signed; median of {ROUNDS}")
    print(f"  bare loop                 {best['bare']:8.0f} ms")
    print(f"  first page after restart  {best['cold']:8.0f} ms   {best['cold'] / best['bare']:.2f} x the bare loop")
    print(f"  every later page          {best['warm']:8.1f} ms")


if __name__ == "__main__":
    main()
