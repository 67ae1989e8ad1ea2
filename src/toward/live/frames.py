"""What workers say to each other about one room, sealed with the room's key.

A broker's operator, or a worker without the key, sees a subject that is a keyed hash, and bytes. Every frame carries
its sender and a number, and those that change anything carry the holder's epoch, so a frame played again is dropped.
"""

from __future__ import annotations

import secrets
from hashlib import blake2b
from typing import Annotated, Final, TypeAlias

import msgspec
from msgspec import Meta, Struct
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from toward.errors import Damaged
from toward.live.events import HeartRecord, How, Practice, Snapshot
from toward.live.messages import PhoneMessage

KEY_BYTES: Final = 32
SILENT_BEATS: Final = 3
"""A worker that missed so many beats is taken for dead."""


Announced: TypeAlias = tuple[str, bytes, float]
"""A device, its person, and for how many milliseconds it gave no sign."""


class Frame(Struct, frozen=True, kw_only=True, tag_field="is"):
    """The root of what workers say."""


class Knock(Frame, frozen=True, kw_only=True, tag="knock"):
    """Who runs this room? The holder answers with a ``Snap``."""


class Snap(Frame, frozen=True, kw_only=True, tag="snap"):
    """The holder is alive, and this is what it would leave behind."""

    epoch: int
    snapshot: Snapshot


class Ask(Frame, frozen=True, kw_only=True, tag="ask"):
    """A worker's own probe of the room's time."""

    sent_ms: float


class Tell(Frame, frozen=True, kw_only=True, tag="tell"):
    """The holder's answer to one worker's probe."""

    worker: str
    sent_ms: float
    room_ms: float


class Here(Frame, frozen=True, kw_only=True, tag="here"):
    """All devices that a worker holds. Said at every beat: it keeps them alive for the holder."""

    epoch: int
    devices: tuple[Announced, ...]


class Gone(Frame, frozen=True, kw_only=True, tag="gone"):
    """A device's connection ended."""

    epoch: int
    conn: str


class Up(Frame, frozen=True, kw_only=True, tag="up"):
    """What a device said, on its way to the holder."""

    epoch: int
    conn: str
    message: PhoneMessage


class Down(Frame, frozen=True, kw_only=True, tag="down"):
    """What the room says to devices of other workers."""

    epoch: int
    to: tuple[str, ...]
    data: bytes
    state: bool


class Shut(Frame, frozen=True, kw_only=True, tag="shut"):
    """Close a device's connection."""

    epoch: int
    conn: str
    code: int


class Keep(Frame, frozen=True, kw_only=True, tag="keep"):
    """A note for a device's person to keep."""

    epoch: int
    conn: str
    practice: Practice
    minutes: float
    how: How


class KeepHeart(Frame, frozen=True, kw_only=True, tag="keep_heart"):
    """What there is of a device's person's heart, for that person to keep a line of."""

    epoch: int
    conn: str
    record: HeartRecord


AnyFrame = Knock | Snap | Ask | Tell | Here | Gone | Up | Down | Shut | Keep | KeepHeart


class Envelope(Struct, frozen=True, array_like=True):
    """A frame with its sender (a worker) and that worker's running number."""

    worker: str
    number: Annotated[int, Meta(ge=1)]
    frame: AnyFrame


_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final[msgspec.msgpack.Decoder[Envelope]] = msgspec.msgpack.Decoder(Envelope)


class Wire:
    """One room's sealed line between workers. Its key and its name are derived; the room's key itself is not used."""

    def __init__(self, key: bytes) -> None:
        """Derive the line's key and name, and begin under a new worker's name: numbers count from one for each line.

        Raises:
            ValueError: the key has not 32 bytes.
        """
        if len(key) != KEY_BYTES:
            raise ValueError(f"Expected a room key of {KEY_BYTES} bytes, got {len(key)}")
        self.room: Final = blake2b(b"name", key=key, digest_size=16, person=b"toward-live").hexdigest()
        self.subject: Final = f"toward.room.{self.room}"
        self._box = SecretBox(blake2b(b"line", key=key, digest_size=KEY_BYTES, person=b"toward-live").digest())
        self.worker: Final = secrets.token_hex(8)
        self._number = 0
        self._heard: dict[str, int] = {}

    def seal(self, frame: AnyFrame) -> bytes:
        """Return ``frame`` numbered and sealed."""
        self._number += 1
        return bytes(self._box.encrypt(_encoder.encode(Envelope(self.worker, self._number, frame))))

    def open(self, data: bytes) -> tuple[str, AnyFrame] | None:
        """Return who said what, or None for one's own frames and for those that were heard before.

        Raises:
            Damaged: not sealed with this room's key, or not a frame.
        """
        try:
            envelope = _decoder.decode(self._box.decrypt(data))
        except (CryptoError, ValueError, msgspec.DecodeError) as why:
            raise Damaged("A frame between workers did not open") from why
        if envelope.worker == self.worker or envelope.number <= self._heard.get(envelope.worker, 0):
            return None
        self._heard[envelope.worker] = envelope.number
        return envelope.worker, envelope.frame
