"""Seeing both lines: what goes into the shared space while both agree, and nothing before or after.

A point says how safe it felt on a day. It is written at that day's noon, so that it tells no time at which somebody was
here; and what was felt before both agreed goes in only if its author says so.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from toward.errors import SpaceClosed
from toward.journal.kinds import Felt, LinePoint, LineShared
from toward.journal.projections import day_of

if TYPE_CHECKING:
    from toward.vault import Session

DAY_MS: Final = 86_400_000
NOON_MS: Final = DAY_MS // 2
EARLIER_DAYS: Final = 26 * 7
_EPOCH: Final = date(1970, 1, 1).toordinal()


def agree(session: Session, *, on: bool) -> None:
    """Say that one agrees, or does not any more. Saying it twice writes nothing."""
    if session.life.line.i_share != on:
        session.write(LineShared(on=on))


def after_check_in(session: Session, felt: Felt, day: date | None = None) -> None:
    """Add a check-in's felt safety to the shared line, if both agree: call it after each check-in, of today or *day*.

    The check-in is kept already, so a partner who leaves in this very moment is no error.
    """
    if _both_share(session):
        try:
            _write_point(session, day or day_of(session.vault.now_ms(), session.tz_min), felt)
        except SpaceClosed:
            return


def has_earlier(session: Session, today: date) -> bool:
    """Whether there are days of one's own that the shared line does not have."""
    return _both_share(session) and bool(_earlier(session, today))


def show_earlier(session: Session, today: date) -> int:
    """Bring one's own days of the last half year into the shared line, once each; returns how many."""
    if not _both_share(session):
        return 0
    days = _earlier(session, today)
    for day, felt in days:
        _write_point(session, day, felt)
    return len(days)


def _both_share(session: Session) -> bool:
    partner = session.partner
    return partner is not None and partner.open and session.life.line.both_share


def _earlier(session: Session, today: date) -> list[tuple[date, Felt]]:
    space = session.partner.space if session.partner else b""
    there = {
        day_of(entry.at_ms, entry.tz_min)
        for entry in session.entries
        if entry.mine and entry.space == space and isinstance(entry.body, LinePoint)
    }
    first = today.toordinal() - EARLIER_DAYS
    return [
        (one.day, int(one.mean + 0.5))
        for one in session.life.line.mine
        if one.day not in there and first < one.day.toordinal() <= today.toordinal()
    ]


def _write_point(session: Session, day: date, felt: Felt) -> None:
    noon = (day.toordinal() - _EPOCH) * DAY_MS + NOON_MS - session.tz_min * 60_000
    session.write(LinePoint(felt=felt), at_ms=noon)
