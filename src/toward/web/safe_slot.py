"""What a person answers when they are asked alone, kept apart from their journal.

It lives in their slot in the vault: one sealed box of a fixed size, written anew with everything they write, so that
neither its size nor its changes say anything. Nothing of it is in the partner's pages, in an export or in what a backup
lets one count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    from toward.vault import Session

HOUR_MS: Final = 3_600_000
VISIT_MS: Final = HOUR_MS
"""How long an answer "only for this visit" holds."""

Hardness = Literal["hard", "afraid", "unsaid"]


class Asked(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether it is hard, or they are afraid. ``until_ms`` is set where the answer holds for one visit only."""

    answer: Hardness
    at_ms: int
    until_ms: int | None = None

    def holds(self, now_ms: int) -> bool:
        """Say whether it still counts."""
        return self.until_ms is None or now_ms < self.until_ms


class SafeSlot(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that the slot holds."""

    asked: Asked | None = None

    def now(self, now_ms: int) -> Asked | None:
        """Return the answer that counts now, or None."""
        return self.asked if self.asked is not None and self.asked.holds(now_ms) else None


def read_slot(session: Session) -> SafeSlot:
    """Return what the slot holds. What can't be read (by a later version, perhaps) is asked again."""
    data = session.slot()
    try:
        return msgspec.msgpack.decode(data, type=SafeSlot) if data else SafeSlot()
    except msgspec.MsgspecError:
        return SafeSlot()


def keep_answer(session: Session, answer: Hardness, now_ms: int, *, for_visit: bool) -> None:
    """Keep an answer. Each makes the same one write, whatever it is and for however long."""
    asked = Asked(answer=answer, at_ms=now_ms, until_ms=now_ms + VISIT_MS if for_visit else None)
    session.keep_in_slot(msgspec.msgpack.encode(msgspec.structs.replace(read_slot(session), asked=asked)))
