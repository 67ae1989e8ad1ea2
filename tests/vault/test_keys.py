"""The cryptographic moves against published vectors and against change."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toward.errors import BadInput, Damaged, WrongPassphrase
from toward.vault import identity, keys, wordlist
from toward.vault.keys import Kdf


def test_derive_is_the_first_block_of_hkdf_sha256() -> None:
    """RFC 5869, test case 1 fixes extract and expand; ``derive`` is the same construction with its own info."""
    key, salt = bytes([0x0B] * 22), bytes(range(13))
    extracted = hmac.digest(salt, key, "sha256")
    assert extracted.hex() == "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"
    info = bytes(range(0xF0, 0xFA))
    expanded = hmac.digest(extracted, info + b"\x01", "sha256")
    assert expanded.hex() == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
    by_hand = hmac.digest(hmac.digest(salt, key, "sha256"), b"toward here" + b"\x01", "sha256")
    assert keys.derive(key, "here", salt=salt) == by_hand
    no_salt = hmac.digest(hmac.digest(bytes(hashlib.sha256().digest_size), key, "sha256"), b"toward here\x01", "sha256")
    assert keys.derive(key, "here") == no_salt


@given(st.binary(max_size=300), st.binary(max_size=40), st.integers(min_value=0, max_value=2**16), st.integers(1, 255))
def test_one_changed_byte_or_other_context_does_not_open(text: bytes, about: bytes, place: int, flip: int) -> None:
    """Sealing authenticates every byte and its context."""
    key = keys.random_key()
    sealed = keys.seal(key, text, about)
    assert keys.unseal(key, sealed, about) == text
    assert len(sealed) == len(text) + keys.OVERHEAD
    changed = bytearray(sealed)
    changed[place % len(sealed)] ^= flip
    with pytest.raises(Damaged):
        keys.unseal(key, bytes(changed), about)
    with pytest.raises(Damaged):
        keys.unseal(key, sealed, about + b"x")
    with pytest.raises(Damaged):
        keys.unseal(keys.random_key(), sealed, about)


@given(st.binary(max_size=60))
def test_short_rubbish_is_damaged_and_nothing_worse(rubbish: bytes) -> None:
    """Whatever stands in the database, opening it either works or says ``Damaged``."""
    with pytest.raises(Damaged):
        keys.unseal(keys.random_key(), rubbish)
    with pytest.raises(Damaged):
        keys.open_sealed(keys.box_pair(), rubbish)
    assert not keys.verify(keys.sign_pair().public, b"text", rubbish[:64])


def test_a_keyring_opens_with_both_halves_only() -> None:
    """Neither the passphrase without the device secret nor the reverse opens anything."""
    ring, secret = identity.new_keyring(), bytes(range(16))
    locked = identity.lock(ring, "correct horse", secret, Kdf.TRIVIAL)
    assert identity.unlock(ring.person, locked, "  correct horse ", secret) == ring
    with pytest.raises(WrongPassphrase):
        identity.unlock(ring.person, locked, "correct house", secret)
    with pytest.raises(WrongPassphrase):
        identity.unlock(ring.person, locked, "correct horse", bytes(16))
    forced = locked._replace(device_check=identity.device_check(bytes(16)))
    with pytest.raises(WrongPassphrase):
        identity.unlock(ring.person, forced, "correct horse", bytes(16))
    with pytest.raises(WrongPassphrase):
        identity.unlock(keys.random_id(), locked, "correct horse", secret)


def test_the_shipped_cost_is_libsodiums_moderate() -> None:
    """256 MiB and three passes: what the plan of record asks for."""
    ops, memory = keys._COST[Kdf.MODERATE]
    assert (ops, memory) == (3, 256 * 1024 * 1024)


@given(st.binary(min_size=16, max_size=16), st.sampled_from([" ", "\n", ", ", "-", "  1. "]), st.booleans())
def test_a_sheet_is_read_however_it_is_typed(secret: bytes, between: str, upper: bool) -> None:  # noqa: FBT001
    """Twelve words in any case and with anything between them give the secret back."""
    words = wordlist.to_sheet(secret)
    typed = between.join(words.split())
    assert wordlist.from_sheet(typed.upper() if upper else typed) == secret


def test_slips_on_a_sheet_are_named() -> None:
    """A missing word, a word that is none and a swapped word each say what is wrong."""
    words = wordlist.to_sheet(bytes(range(16))).split()
    for typed, reason in (
        (words[:-1], "count"),
        ([*words[:-1], "zzz"], "unknown"),
        (sorted(words), "checksum"),
    ):
        with pytest.raises(BadInput) as caught:
            wordlist.from_sheet(" ".join(typed))
        assert caught.value.reason == reason


def test_codes_are_six_listed_words_and_differ() -> None:
    """Six words of 2,048: 66 bits."""
    codes = {wordlist.new_code() for _ in range(50)}
    assert len(codes) == 50
    assert all(wordlist.tidy_code(code.upper().replace(" ", "-")) == code for code in codes)
