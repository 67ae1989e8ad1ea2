"""The half of a person's key that a trusted device keeps: out of its cookie, or else out of the words of the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.errors import BadInput
from toward.vault import accounts
from toward.vault.identity import check_passphrase, tidy
from toward.vault.wordlist import from_sheet
from toward.web import strength

if TYPE_CHECKING:
    from toward.web.context import Context


def is_trusted(ctx: Context) -> bool:
    """Whether this browser keeps the reader's half of the key."""
    return ctx.device_of(ctx.who.person) is not None


def own_secret(ctx: Context) -> bytes:
    """Return the device secret; a browser that is not trusted asks for the sheet. Raises ``BadInput`` for a slip."""
    device = ctx.device_of(ctx.who.person)
    return from_sheet(ctx.form.secret("sheet")) if device is None else device.secret


def prove(ctx: Context, secret: bytes) -> None:
    """Make sure by the passphrase that it is the reader who asks; tries are counted as at the door.

    Raises ``BadInput`` for an empty field, ``WrongPassphrase``, ``TooManyAttempts``.
    """
    who = ctx.who
    passphrase = ctx.form.secret("passphrase-now")
    accounts.open_keyring(ctx.vault.database, who.person, passphrase, secret, who.device, ctx.vault.now_ms())


def new_passphrase(ctx: Context) -> str:
    """Return the new passphrase that was typed twice. Raises ``BadInput`` for one that does not fit or hold."""
    chosen = check_passphrase(ctx.form.secret("passphrase"))
    partner = ctx.who.partner
    strength.check(chosen, (ctx.who.name, partner.name if partner else ""))
    if tidy(ctx.form.secret("passphrase-again")) != chosen:
        raise BadInput(field="passphrase-again", reason="mismatch")
    return chosen
