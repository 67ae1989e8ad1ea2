"""Erasing a person, and giving up the key to what was once shared.

Keys are destroyed first, then rows, then what the disk still holds of both. What a person had shared stays readable
to the partner; what was private opens for nobody any more, nor out of an older backup once it is restored here. A
copy carried elsewhere survives until somebody deletes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.errors import SpaceClosed
from toward.vault.erased import key_of, remember_erased, remove_erased

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toward.vault import Vault
    from toward.vault.session import Session


def erase(session: Session) -> None:
    """Leave, destroy all of the person's keys and private rows, and scrub the disk. There is no way back."""
    _remove(session.vault, [session.person])
    session.vault.ledgers.drop_person(session.person)


def forget_shared(session: Session) -> None:
    """Destroy one's own key to a shared space that is closed.

    The other keeps theirs. Raises ``SpaceClosed`` while it is open.
    """
    if session.couple is None or session.couple.open:
        msg = "leave the shared space first"
        raise SpaceClosed(msg)
    _remove(session.vault, [key_of(session.couple.space, session.person)])
    session.vault.ledgers.drop_person(session.person)


def _remove(vault: Vault, ids: Iterable[bytes]) -> None:
    with vault.database.write() as connection:
        if vault.folder is not None:
            remember_erased(vault.folder, ids)
        remove_erased(connection, ids)
    vault.scrub()
