"""The door of one connection: how much comes in, and that it can be read. Pure, like the room behind it.

Phones send a probe every five seconds and a message for each thing that a person does; sixteen probes come at once at
the start. What is far beyond that is no person.
"""

from __future__ import annotations

from typing import Final

from toward.live import messages as say

BURST: Final = 40
PER_S: Final = 8.0
STRIKES: Final = 100
"""So many frames too many, one after the other, and the door stays shut."""
CLOSE_TOO_FAST: Final = 4429


class Door:
    """Admits what one connection sends: a bucket of forty frames that refills with eight a second."""

    __slots__ = ("_at_ms", "_left", "_strikes")

    def __init__(self, at_ms: float) -> None:
        self._left = float(BURST)
        self._at_ms = at_ms
        self._strikes = 0

    @property
    def barred(self) -> bool:
        """Whether this connection must be closed."""
        return self._strikes >= STRIKES

    def admit(self, frame: bytes | str, at_ms: float) -> say.PhoneMessage | say.Refused | None:
        """Return what the frame says, a refusal to send back, or None where it is dropped without an answer.

        The first frame too many is answered and those that follow are not, so that noise is not doubled.
        """
        self._left = min(BURST, self._left + max(0.0, at_ms - self._at_ms) * PER_S / 1000)
        self._at_ms = at_ms
        if self._left < 1:
            self._strikes += 1
            if self._strikes > 1:
                return None
            return say.Refused(reason="too_fast", expected=f"{PER_S:g} messages a second", got="more")
        self._left -= 1
        self._strikes = 0
        return say.read(frame)
