"""A session for one errand on the machine itself: opened by sheet and passphrase, and leaving no device or session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.vault import accounts, keys
from toward.vault.accounts import Live
from toward.vault.session import Session

if TYPE_CHECKING:
    from toward.vault import Vault
    from toward.vault.identity import Keyring


def open_keys(vault: Vault, sheet: str, passphrase: str) -> Keyring:
    """The keys of the person whose sheet and passphrase these are.

    Raises ``BadInput`` for a slip in the sheet, ``WrongPassphrase``, ``TooManyAttempts``.
    """
    device = accounts.person_of_sheet(vault.database, sheet)
    return accounts.open_keyring(vault.database, device.person, passphrase, device.secret, device.id, vault.now_ms())


def visit(vault: Vault, sheet: str, passphrase: str) -> Session:
    """A session of that person. Nothing of it is in the database; raises as ``open_keys`` does."""
    return Session(vault, Live(open_keys(vault, sheet, passphrase), keys.random_id(), keys.random_bytes(32)))
