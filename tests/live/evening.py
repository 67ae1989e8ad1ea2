"""A couple's room with a clock, for tests that tell what two people do in it."""

from __future__ import annotations

from toward.live import messages as say
from toward.live.events import Effect, Heard, Joined, Left, Note, Send, Tick, Told
from toward.live.room import Room

ADA, LIN = b"ada", b"lin"


class Evening:
    """A room with a clock: says things at times and keeps what came out."""

    def __init__(self) -> None:
        self.room = Room()
        self.now_ms = 0.0
        self.notes: list[Note] = []

    def come(self, *conns: str) -> Evening:
        """Devices named after their owners sit down ("ada", "lin", "ada2")."""
        for conn in conns:
            self._keep(self.room.handle(Joined(conn, conn[:3].encode()), self.now_ms))
        return self

    def says(self, conn: str, message: say.PhoneMessage) -> list[Effect]:
        """One device says something."""
        return self._keep(self.room.handle(Told(conn, message), self.now_ms))

    def wait(self, seconds: float) -> Evening:
        """Time passes, with a tick every second, and signs of life from all who are here."""
        for _ in range(int(seconds)):
            self.now_ms += 1000
            for conn in self.room.conns:
                self._keep(self.room.handle(Heard(conn), self.now_ms))
            self._keep(self.room.handle(Tick(), self.now_ms))
        return self

    def goes(self, conn: str, *, meant: bool = False) -> None:
        """A device is gone."""
        self._keep(self.room.handle(Left(conn, meant), self.now_ms))

    def sees(self, person: bytes) -> say.State:
        """What a person sees now."""
        return self.room.state_for(person)

    def doing(self) -> str:
        """What the two are doing now."""
        return self.room.activity.value

    def over(self) -> bool:
        """Whether the room is closed."""
        return self.room.closed

    def _keep(self, effects: list[Effect]) -> list[Effect]:
        self.notes += [effect for effect in effects if isinstance(effect, Note)]
        return effects


def refused(effects: list[Effect]) -> say.Refused:
    """The one refusal that came out, said to one device."""
    (effect,) = effects
    assert isinstance(effect, Send)
    assert isinstance(effect.message, say.Refused)
    assert len(effect.to) == 1
    return effect.message
