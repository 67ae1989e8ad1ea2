"""Between an entry's bytes and its rows on disk.

A row's plaintext is ``version | index | count | length | chunk | zeros``. Everything that stands beside the
ciphertext (id, space, author, sequence, key id) is authenticated with it, so that a row moved, copied or renamed does
not open.

Private rows all have one size, ``PRIVATE_ROW_BYTES``; a longer entry spans several, with consecutive sequences.
Shared rows are one row each, rounded up to a multiple of ``SHARED_STEP_BYTES``, and begin with their author's
signature.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from toward.errors import Damaged
from toward.vault import keys
from toward.vault.store import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

VERSION = 1
PRIVATE_ROW_BYTES = 4096
SHARED_STEP_BYTES = 512
_HEAD = struct.Struct(">BHHI")
_CHUNK_BYTES = PRIVATE_ROW_BYTES - keys.OVERHEAD - _HEAD.size


class Address(NamedTuple):
    """Where a row stands: the plain columns."""

    id: bytes
    space: bytes
    author: bytes
    seq: int
    key_id: int

    def about(self) -> bytes:
        """The associated data of the row's encryption, and what a signature covers beside the content."""
        return (
            b"toward row %d|" % VERSION + self.id + self.space + self.author + struct.pack(">QI", self.seq, self.key_id)
        )


class Opened(NamedTuple):
    """One entry's bytes, and the address of its first row. ``signature`` is empty for private entries."""

    at: Address
    data: bytes
    signature: bytes = b""


def address(row: Row) -> Address:
    """The plain columns of a row."""
    return Address(row.id, row.space, row.author, row.seq, row.key_id)


def _pack(chunk: bytes, index: int, count: int, size: int) -> bytes:
    return (_HEAD.pack(VERSION, index, count, len(chunk)) + chunk).ljust(size, b"\0")


def seal_private(key: bytes, first: Address, data: bytes) -> list[Row]:
    """Rows of one private entry: each exactly ``PRIVATE_ROW_BYTES``, the first under ``first.id``."""
    chunks = [data[start : start + _CHUNK_BYTES] for start in range(0, len(data), _CHUNK_BYTES)] or [b""]
    rows = []
    for index, chunk in enumerate(chunks):
        at = first if index == 0 else first._replace(id=keys.random_id(), seq=first.seq + index)
        packed = _pack(chunk, index, len(chunks), _CHUNK_BYTES + _HEAD.size)
        rows.append(Row(*at, keys.seal(key, packed, at.about())))
    return rows


def seal_shared(key: bytes, sign_secret: bytes, at: Address, data: bytes) -> Row:
    """The row of one shared entry, signed by its author."""
    signed = keys.sign(sign_secret, at.about() + data) + data
    size = -(-(len(signed) + _HEAD.size) // SHARED_STEP_BYTES) * SHARED_STEP_BYTES
    return Row(*at, keys.seal(key, _pack(signed, 0, 1, size), at.about()))


def _open(key: bytes, row: Row) -> tuple[int, int, bytes]:
    plain = keys.unseal(key, row.ciphertext, address(row).about())
    if len(plain) < _HEAD.size:  # whoever has the key may have sealed anything
        msg = "a row with less in it than a head"
        raise Damaged(msg)
    version, index, count, length = _HEAD.unpack_from(plain)
    if version != VERSION or length > len(plain) - _HEAD.size:
        msg = f"a row of form {version} where {VERSION} was expected"
        raise Damaged(msg)
    return index, count, plain[_HEAD.size : _HEAD.size + length]


def open_private(keyring: dict[int, bytes], rows: Sequence[Row], damaged: list[bytes]) -> Iterator[Opened]:
    """Entries out of an author's private rows in order of sequence.

    A row that does not open costs its own entry and no other: its id goes to ``damaged``.
    """
    pending: list[bytes] = []
    first: Address | None = None
    for row in rows:
        try:
            index, count, chunk = _open(_key(keyring, row), row)
        except Damaged:
            damaged.append(row.id)
            first = None
            continue
        if index == 0:
            first, pending = address(row), []
        if first is None or index != len(pending):
            damaged.append(row.id)
            continue
        pending.append(chunk)
        if len(pending) == count:
            yield Opened(first, b"".join(pending))
            first = None


def open_shared(keyring: dict[int, bytes], row: Row) -> Opened:
    """One shared row. The signature is returned, not judged: who may sign is the ledger's knowledge."""
    _, _, signed = _open(_key(keyring, row), row)
    return Opened(address(row), signed[keys.SIGNATURE_BYTES :], signed[: keys.SIGNATURE_BYTES])


def signed_by(public: bytes, opened: Opened) -> bool:
    """Whether the entry was signed by the holder of ``public``, at this very address."""
    return keys.verify(public, opened.at.about() + opened.data, opened.signature)


def _key(keyring: dict[int, bytes], row: Row) -> bytes:
    try:
        return keyring[row.key_id]
    except KeyError:
        msg = f"a row under key {row.key_id}, which this person does not hold"
        raise Damaged(msg) from None


def move(old_key: bytes, new_key: bytes, row: Row, key_id: int) -> Row:
    """The same private row under another key."""
    plain = keys.unseal(old_key, row.ciphertext, address(row).about())
    at = address(row)._replace(key_id=key_id)
    return Row(*at, keys.seal(new_key, plain, at.about()))
