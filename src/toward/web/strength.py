"""How hard a passphrase is to guess, for somebody who knows its owner's name and the partner's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toward.errors import BadInput
from toward.vault.wordlist import new_code

if TYPE_CHECKING:
    from collections.abc import Iterable

ENOUGH: Final = 3
"""Of 0 to 4: at least 10^8 guesses, each of which costs the Argon2id of ``vault.keys``."""
LEVELS: Final = ("very_weak", "weak", "fair", "strong", "very_strong")
SUGGESTED_WORDS: Final = 4
_LOOKED_AT: Final = 72


def level(passphrase: str, known: Iterable[str] = ()) -> int:
    """Return 0 (guessed at once) to 4; *known* are words that an intimate would try first.

    Only the first 72 characters are looked at: the estimate takes time that grows faster than the text.
    """
    from zxcvbn import zxcvbn

    tried = [word for word in known if word]
    found: int = zxcvbn(passphrase[:_LOOKED_AT], user_inputs=tried)["score"] if passphrase else 0
    return found


def check(passphrase: str, known: Iterable[str] = ()) -> None:
    """Raise ``BadInput`` for a passphrase that would be guessed too soon."""
    if level(passphrase, known) < ENOUGH:
        raise BadInput(field="passphrase", reason="too_weak")


def suggestion() -> str:
    """Return four words drawn at random: 44 bits, behind a key derivation that makes each guess cost."""
    return " ".join(new_code().split()[:SUGGESTED_WORDS])
