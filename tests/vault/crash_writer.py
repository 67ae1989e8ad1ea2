"""A process that forks writers on command, so that two hundred of them can be started, and killed, in a minute.

Each line on its standard input, ``folder space space author acks``, forks one writer and answers with its process id.
The writer appends one row to each of the two spaces, in one append, and then writes that append's seq to the file
``acks``: what stands there was promised to be on the disk.
"""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from pathlib import Path

from toward.vault.engine import open_engine
from toward.vault.store import Row, SqlStore

ACK_BYTES = 4


def content(space: bytes, author: bytes, seq: int) -> bytes:
    """What a row must hold: bytes that no other row has, over one page or several."""
    block = hashlib.sha256(b"%b%b%d" % (space, author, seq)).digest()
    return block * (40 + seq % 7 * 60)


def pair(spaces: tuple[bytes, bytes], author: bytes, seq: int) -> list[Row]:
    """The two rows that land together or not at all."""
    return [
        Row(
            hashlib.sha256(content(space, author, seq)).digest()[:16],
            space,
            author,
            seq,
            1,
            content(space, author, seq),
        )
        for space in spaces
    ]


def write(folder: Path, spaces: tuple[bytes, bytes], author: bytes, acks: Path) -> None:
    """Append until killed."""
    database = open_engine(folder)
    with database.plain() as connection:
        # Fifty times as often as usual, so that many a kill comes in the middle of folding the log into the file.
        connection.exec_driver_sql("PRAGMA wal_autocheckpoint=20")
    store = SqlStore(database)
    told = os.open(acks, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    seq = store.heads(spaces[0]).get(author, 0)
    while True:
        seq += 1
        store.append(pair(spaces, author, seq))
        os.write(told, seq.to_bytes(ACK_BYTES, "big"))


def main() -> None:
    """Fork a writer for each line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are gone at once: nobody waits for them
    for line in sys.stdin:
        folder, one, two, author, acks = line.split("\t")
        child = os.fork()
        if child == 0:
            try:
                write(
                    Path(folder),
                    (bytes.fromhex(one), bytes.fromhex(two)),
                    bytes.fromhex(author),
                    Path(acks.rstrip("\n")),
                )
            finally:
                os._exit(1)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
