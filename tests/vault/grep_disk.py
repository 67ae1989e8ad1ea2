"""Search a folder as somebody would who owns the machine: every byte of every file, and the names of the files."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BLOCK: Final = 1 << 20
_SHORTEST: Final = 6


class Find(NamedTuple):
    """Where a needle lies: in which file, and in which form."""

    path: Path
    needle: bytes
    form: str


def find_bytes(folder: Path, needles: Iterable[bytes | str]) -> list[Find]:
    """Every needle found under ``folder``: as it is, in hex, in base64 (at any offset, either alphabet) or in UTF-16.

    Needles shorter than 6 bytes are refused, because they would be found by chance.
    """
    forms = {form: (needle, name) for needle in map(_raw, needles) for form, name in _forms(needle)}
    longest = max(map(len, forms), default=1)
    found: dict[Find, None] = {}
    for path in sorted(folder.rglob("*")):
        for block in _blocks(path, longest):
            for form, (needle, name) in forms.items():
                if form in block:
                    found[Find(path, needle, name)] = None
    return list(found)


def _raw(needle: bytes | str) -> bytes:
    raw = needle.encode() if isinstance(needle, str) else needle
    if len(raw) < _SHORTEST:
        raise ValueError(f"a needle of {len(raw)} bytes would be found by chance")
    return raw


def _forms(raw: bytes) -> Iterator[tuple[bytes, str]]:
    yield raw, "plain"
    yield raw.hex().encode(), "hex"
    yield raw.hex().upper().encode(), "hex"
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for offset in range(3):
            # The outer characters may also hold bits of the neighbours: only what is the needle's alone is sought.
            padded = encode(bytes(offset) + raw)
            yield padded[-(-offset * 8 // 6) : (offset + len(raw)) * 8 // 6], "base64"
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return
    yield text.encode("utf-16-le"), "utf-16"
    yield text.encode("utf-16-be"), "utf-16"


def _blocks(path: Path, overlap: int) -> Iterator[bytes]:
    yield path.name.encode()
    if not path.is_file():
        return
    with path.open("rb") as file:
        tail = b""
        while block := file.read(_BLOCK):
            yield tail + block
            tail = (tail + block)[-overlap:]
