"""What goes over the pipe between the server and its child: a length of four bytes, and MessagePack."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from toward.errors import Damaged

if TYPE_CHECKING:
    from typing import IO

LONGEST: Final = 4 * 1024 * 1024
_LENGTH: Final = struct.Struct(">I")


def write(pipe: IO[bytes], data: bytes) -> None:
    """Write one frame and push it out."""
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def read(pipe: IO[bytes]) -> bytes | None:
    """Read one frame; None where the other side has closed. Raises ``Damaged`` for half a frame or one too long."""
    head = pipe.read(_LENGTH.size)
    if not head:
        return None
    length = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else LONGEST + 1
    data = pipe.read(length) if length <= LONGEST else b""
    if len(data) != length:
        message = "a frame that is cut short, or longer than any"
        raise Damaged(message)
    return data
