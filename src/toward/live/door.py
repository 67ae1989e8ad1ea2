"""The door of one connection: how much comes in, and that it can be read. Pure, like the room behind it.

Phones send a probe every two seconds and a message for each thing that a person does; sixteen probes come at once at
the start. A finger on a camera gives thirty frames a second, each sent as it is taken: frames have a limit of their
own, so that neither uses up what the other may. What is far beyond that is no person.
"""

from __future__ import annotations

from typing import Final

from toward.live import messages as say
from toward.live.heart_messages import Frames

BURST: Final = 40
PER_S: Final = 8.0
CAMERA_BURST: Final = 400
"""What a camera gives in the twelve seconds after which a page takes its connection for lost: it may all come at once
when a network wakes up."""
CAMERA_PER_S: Final = 40.0
STRIKES: Final = 100
"""So many frames more refused than admitted, and the door stays shut: who keeps to twice the limit gets there too."""
CLOSE_TOO_FAST: Final = 4429


class _Bucket:
    """Holds ``most``, and refills with ``per_s`` a second."""

    __slots__ = ("_at_ms", "_left", "_most", "per_s", "strikes")

    def __init__(self, most: float, per_s: float, at_ms: float) -> None:
        self.per_s = per_s
        self.strikes = 0
        self._most = float(most)
        self._left = float(most)
        self._at_ms = at_ms

    def gives(self, at_ms: float) -> bool:
        """Take one out, if there is one."""
        left = self._left
        if at_ms > self._at_ms:
            left += (at_ms - self._at_ms) * self.per_s / 1000
            left = min(left, self._most)
        self._at_ms = at_ms
        if left < 1:
            self._left = left
            self.strikes += 1
            return False
        self._left = left - 1
        if self.strikes:
            self.strikes -= 1
        return True


class Door:
    """Admits what one connection sends: forty frames at once and eight a second, and a camera's apart from that."""

    __slots__ = ("_camera", "_words")

    def __init__(self, at_ms: float) -> None:
        self._words = _Bucket(BURST, PER_S, at_ms)
        self._camera = _Bucket(CAMERA_BURST, CAMERA_PER_S, at_ms)

    @property
    def barred(self) -> bool:
        """Whether this connection must be closed."""
        return max(self._words.strikes, self._camera.strikes) >= STRIKES

    def admit(self, frame: bytes | str, at_ms: float) -> say.PhoneMessage | say.Refused | None:
        """Return what the frame says, a refusal to send back, or None where it is dropped without an answer.

        The first frame too many is answered and those that follow are not, so that noise is not doubled.
        """
        # Read even where it is too much: that takes a dozen microseconds at most, less than to receive it did, and only
        # what it says tells whose limit it is. What can't be read counts as words.
        said = say.read(frame)
        bucket = self._camera if isinstance(said, Frames) else self._words
        if bucket.gives(at_ms):
            return said
        if bucket.strikes > 1:
            return None
        return say.Refused(reason="too_fast", expected=f"{bucket.per_s:g} messages a second", got="more")
