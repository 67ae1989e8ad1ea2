"""Whose socket this is: the session cookie of the handshake, turned into a seat in the couple's live room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from toward.journal.kinds import Together
from toward.live.seat import LiveSeat

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

    from toward.live.events import Note
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

    async def keep(note: Note) -> None:
        if await holds():
            await run_in_threadpool(session.write, Together(practice=note.practice, minutes=note.minutes))

    return LiveSeat(session.person, session.partner.space, session.live_key, session.name, keep, holds)
