"""Meet: one speaks, the other says it back, "Did I get it?", and then they swap.

Who holds the floor is shared, so both phones show the same turn. A turn is named by its round and step: moving on from
a turn that is over changes nothing, so a doubled or late message can't skip somebody's turn.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from toward.live.messages import Role, Step, Turn
from toward.live.presence import NOBODY


class Meeting(Struct, frozen=True, kw_only=True):
    """One turn of a meeting. ``speaker`` is the one whose story it is in this round."""

    speaker: bytes
    listener: bytes
    round: int = 1
    step: Step = "speak"

    @property
    def mover(self) -> bytes:
        """The one who moves on: the speaker says when they have finished and whether they were heard."""
        return self.listener if self.step == "say_back" else self.speaker

    def seen_by(self, person: bytes, *, one_phone: bool) -> Turn:
        """Return it as *person* sees it; from one phone between the two either's turn is moved on."""
        return Turn(
            round=self.round,
            step=self.step,
            you_speak=self.speaker == person,
            yours=one_phone or self.mover == person,
        )

    def known(self, person: bytes) -> Meeting:
        """Return the same turn once *person* is known, who was nobody yet while one phone stood for both."""
        if person in (self.speaker, self.listener):
            return self
        if self.speaker == NOBODY:
            return replace(self, speaker=person)
        return replace(self, listener=person) if self.listener == NOBODY else self

    def passed(self, *, ok: bool) -> Meeting:
        """Return the next turn. Not heard yet (``ok`` is false) leads back to saying it back, in the same round."""
        if self.step == "speak":
            return replace(self, step="say_back")
        if self.step == "say_back":
            return replace(self, step="check")
        if not ok:
            return replace(self, step="say_back")
        return Meeting(speaker=self.listener, listener=self.speaker, round=self.round + 1, step="speak")


def begin(one: bytes, one_role: Role, other: bytes, other_role: Role, *, coin: bool) -> Meeting:
    """Return the first turn: wishes that fit are granted, and where both wish the same ``coin`` decides."""
    one_speaks = coin if one_role == other_role else one_role == "speak" or other_role == "listen"
    return Meeting(speaker=one, listener=other) if one_speaks else Meeting(speaker=other, listener=one)
