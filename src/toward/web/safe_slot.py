"""What a person answers about their own safety, kept apart from their journal.

It lives in their slot in the vault: one sealed box of a fixed size, written anew with everything they write, so that
neither its size nor its changes say anything. Nothing of it is in the partner's pages, in an export or in what a backup
lets one count.

Three things are kept apart, since each can be given under somebody's eyes: the answer before a door, an answer for one
visit, and a check that was filled in and kept. A kept check is undone only where it was opened by passphrase; what is
answered at a door, perhaps with somebody beside one, does not lift what it says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

if TYPE_CHECKING:
    from toward.vault import Session

HOUR_MS: Final = 3_600_000
VISIT_MS: Final = HOUR_MS
"""How long an answer "only for this visit" holds."""
MOST_PLAN: Final = 1500
"""As many characters as a plan may have: in any script it fits the slot beside everything else."""

Hardness = Literal["hard", "afraid", "unsaid"]
YesNo = Literal["y", "n", ""]


class Asked(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether it is hard, or they are afraid. ``until_ms`` is set where the answer holds for one visit only."""

    answer: Hardness
    at_ms: int
    until_ms: int | None = None

    def holds(self, now_ms: int) -> bool:
        """Say whether it still counts."""
        return self.until_ms is None or now_ms < self.until_ms


class Check(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A self-check that was kept: the answers in the order of the questions, and a plan in the person's own words.

    ``over``: what they said yes to was with somebody else and is over.
    """

    at_ms: int
    answers: tuple[YesNo, ...] = ()
    plan: Annotated[str, Meta(max_length=MOST_PLAN)] = ""
    over: bool = False

    @property
    def signs(self) -> bool:
        """Whether anything was said yes to that is not over. One is enough: this is no sum."""
        return "y" in self.answers and not self.over


class SafeSlot(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that the slot holds."""

    asked: Asked | None = None
    visit: Asked | None = None
    check: Check | None = None

    def now(self, now_ms: int) -> Asked | None:
        """Return the answer that counts now, or None: the one for this visit, and after it the one given before."""
        held = (one for one in (self.visit, self.asked) if one is not None and one.holds(now_ms))
        return next(held, None)

    @property
    def was_asked(self) -> bool:
        """Whether they ever answered before a door, for however short a time."""
        return self.asked is not None or self.visit is not None

    def afraid(self, now_ms: int) -> bool:
        """Say whether this person is to be spared whatever turns toward the other."""
        asked = self.now(now_ms)
        return (asked is not None and asked.answer == "afraid") or (self.check is not None and self.check.signs)

    def latest_ms(self) -> int:
        """When anything was last answered here; 0 where nothing is kept."""
        return max((one.at_ms for one in (self.asked, self.visit, self.check) if one is not None), default=0)


def read_slot(session: Session) -> SafeSlot:
    """Return what the slot holds. What can't be read (by a later version, perhaps) is asked again."""
    data = session.slot()
    try:
        return msgspec.msgpack.decode(data, type=SafeSlot) if data else SafeSlot()
    except msgspec.MsgspecError:
        return SafeSlot()


def keep_answer(session: Session, answer: Hardness, now_ms: int, *, for_visit: bool) -> None:
    """Keep an answer. Each makes the same one write, whatever it is and for however long."""
    held = read_slot(session)
    if for_visit:
        keep(session, msgspec.structs.replace(held, visit=_for_visit(answer, now_ms)))
    else:
        keep(session, msgspec.structs.replace(held, asked=Asked(answer=answer, at_ms=now_ms), visit=None))


def keep_check(session: Session, check: Check) -> None:
    """Keep a check, in the place of the one before."""
    keep(session, msgspec.structs.replace(read_slot(session), check=check))


def use_for_visit(session: Session, *, signs: bool, now_ms: int) -> None:
    """Let what a check showed hold for this visit, and keep nothing of the check."""
    held = read_slot(session)
    standing = held.now(now_ms)
    answer: Hardness = "afraid" if signs else standing.answer if standing is not None else "unsaid"
    keep(session, msgspec.structs.replace(held, visit=_for_visit(answer, now_ms)))


def forget_check(session: Session) -> None:
    """Forget a kept check, and what was said for this visit."""
    keep(session, msgspec.structs.replace(read_slot(session), check=None, visit=None))


def keep(session: Session, held: SafeSlot) -> None:
    """Write the slot anew, all of it."""
    session.keep_in_slot(msgspec.msgpack.encode(held))


def _for_visit(answer: Hardness, now_ms: int) -> Asked:
    return Asked(answer=answer, at_ms=now_ms, until_ms=now_ms + VISIT_MS)
