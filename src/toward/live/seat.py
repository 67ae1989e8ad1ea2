"""Who sits down in a room, as the web's sign-in vouches for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from toward.live.events import HeartNote, Note


class LiveSeat(NamedTuple):
    """One device of one person in the room of their couple.

    ``person`` and ``space`` are ids; ``key`` (32 bytes) is the couple's key for live rooms: whoever has it may hear the
    room, and it never leaves the workers. ``note`` keeps a practice done together in the journal, or a line about this
    person's heart, with their session; without it nothing is kept. ``holds`` says whether what the seat stands on is
    still there: the session, the couple, the key.
    """

    person: bytes
    space: bytes
    key: bytes
    name: str = ""
    note: Callable[[Note | HeartNote], Awaitable[None]] | None = None
    holds: Callable[[], Awaitable[bool]] | None = None
