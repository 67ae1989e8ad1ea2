"""Secrets as words that people can read to each other: the BIP-39 English list of 2,048 words.

A recovery sheet is twelve words: 128 bits and a checksum, so that a slip of the pen is noticed. A code for a partner
or a second device is six words drawn at random: 66 bits, usable once, for minutes.
"""

from __future__ import annotations

import re
import secrets
from functools import cache
from typing import TYPE_CHECKING

from toward.errors import BadInput

if TYPE_CHECKING:
    from mnemonic import Mnemonic

SHEET_WORDS = 12
CODE_WORDS = 6


@cache
def _list() -> Mnemonic:
    from mnemonic import Mnemonic

    return Mnemonic("english")


def to_sheet(device_secret: bytes) -> str:
    """Twelve words for a 16-byte secret."""
    return _list().to_mnemonic(device_secret)


def from_sheet(words: str) -> bytes:
    """The secret behind twelve words. Raises ``BadInput`` with the reason ``count``, ``unknown`` or ``checksum``."""
    given = split(words)
    _known(given, SHEET_WORDS)
    joined = " ".join(given)
    if not _list().check(joined):
        raise BadInput(field="sheet", reason="checksum")
    return bytes(_list().to_entropy(given))


def new_code() -> str:
    """Six random words, joined by single spaces."""
    return " ".join(secrets.choice(_list().wordlist) for _ in range(CODE_WORDS))


def tidy_code(words: str) -> str:
    """A typed code as it was shown. Raises ``BadInput`` with the reason ``count`` or ``unknown`` (and which word)."""
    given = split(words)
    _known(given, CODE_WORDS)
    return " ".join(given)


def split(words: str) -> list[str]:
    """Words however they were typed: any case, commas, hyphens, numbers and line breaks between them."""
    return re.findall(r"[a-z]+", words.lower())


def _known(given: list[str], count: int) -> None:
    field = "sheet" if count == SHEET_WORDS else "code"
    listed = set(_list().wordlist)
    for word in given:
        if word not in listed:
            raise BadInput(field=field, reason="unknown", word=word[:20])
    if len(given) != count:
        raise BadInput(field=field, reason="count", given=len(given), wanted=count)
