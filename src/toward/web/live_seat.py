"""Whose socket this is: the session cookie of the handshake, turned into a seat in the couple's live room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from toward.journal.kinds import HeartHeard, Together
from toward.live.events import HeartNote
from toward.live.seat import LiveSeat
from toward.vault import keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.websockets import WebSocket

    from toward.journal.kinds import Body
    from toward.live.events import HeartRecord, Note
    from toward.vault import Session
    from toward.web.context import Surroundings


async def authenticate(websocket: WebSocket) -> LiveSeat | None:
    """Return the seat of the person whose session cookie the handshake carried; None for nobody, or for one alone.

    The origin has been checked by the security layer before any socket gets here.
    """
    here: Surroundings = websocket.app.state.here
    cookies = here.cookies(websocket.scope)
    return await run_in_threadpool(lambda: seat_of(here.session(cookies)))


def seat_of(session: Session | None) -> LiveSeat | None:
    """Return the seat of a session, for as long as it lasts; None for nobody, or for one alone.

    The session's keys stay with the seat, so whatever is done with them later asks first whether it still holds.
    """
    if session is None or session.partner is None or not session.partner.open:
        return None

    began = session.seated()
    if began is None:
        return None

    async def holds() -> bool:
        return await run_in_threadpool(session.seated) == began

    async def keep(note: Note | HeartNote) -> None:
        if await holds():
            await run_in_threadpool(lambda: session.write(entry_of(note)))

    return LiveSeat(session.person, session.partner.space, session.live_key, session.name, keep, holds)


async def authenticate_alone(websocket: WebSocket) -> LiveSeat | None:
    """Return a seat in a room of one's own: a heart that is heard alone needs a line, and nobody else."""
    here: Surroundings = websocket.app.state.here
    cookies = here.cookies(websocket.scope)

    def seat() -> LiveSeat | None:
        session = None if here.demo is not None else here.session(cookies)
        return None if session is None else alone_seat_of(session, lambda: here.session(cookies) is not None)

    return await run_in_threadpool(seat)


def alone_seat_of(session: Session, still: Callable[[], bool]) -> LiveSeat:
    """Return the seat of a session in its own room, for as long as *still* says that it lasts."""

    async def holds() -> bool:
        return await run_in_threadpool(still)

    async def keep(note: Note | HeartNote) -> None:
        if isinstance(note, HeartNote) and await holds():
            await run_in_threadpool(lambda: session.write(entry_of(note)))

    ring = session.keyring
    key = keys.derive(ring.space_keys[ring.newest], "live room alone")
    return LiveSeat(session.person, session.person, key, session.name, keep, holds)


def entry_of(note: Note | HeartNote) -> Body:
    """Return what is kept of a note. What there is to say of a heart takes about a second to find out."""
    if isinstance(note, HeartNote):
        return heart_heard(note.record)
    return Together(practice=note.practice, minutes=note.minutes)


def heart_heard(record: HeartRecord) -> HeartHeard:
    """Return what is kept of a heart."""
    from toward.live.heart_told import tell

    told = tell(record)
    return HeartHeard(
        source=record.source,
        minutes=told.minutes,
        heard=told.heard,
        slowed=told.slowed,
        they_slowed=told.they_slowed,
        together=told.together,
        moved_from=tuple(start for start, _ in told.stretches),
        moved_to=tuple(end for _, end in told.stretches),
        beats_ms=told.beats_ms,
    )
