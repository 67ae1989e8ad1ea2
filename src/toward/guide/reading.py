"""Gates as a life tells them: what was noticed a while ago holds a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toward.guide.gates import Gates
from toward.guide.ladder import CONSEQUENCES

if TYPE_CHECKING:
    from toward.journal.kinds import CheckIn
    from toward.journal.projections import Answer, Life

HOUR_MS: Final = 3_600_000
BODY_HOLDS_MS: Final = 3 * HOUR_MS
"""A body comes down in less than an hour when it is let; what was noticed this morning says little about tonight."""
FRIGHT_HOLDS_MS: Final = 14 * 24 * HOUR_MS
"""A frightening act is not over with a good week; nor is somebody to be led to care alone for good."""
RUNG_HOLDS_MS: Final = 24 * HOUR_MS
"""Having frightened somebody, or having lost hope, is not over because the next check-in leaves it out."""


def fresh_check_in(life: Life, now_ms: int) -> Answer[CheckIn] | None:
    """Return the latest check-in if it still says something about now."""
    latest = life.checkins.latest
    return latest if latest is not None and now_ms - latest.at_ms < BODY_HOLDS_MS else None


def read_gates(life: Life, now_ms: int, *, afraid: bool, partner_open: bool) -> Gates:
    """Return the gates of now. ``afraid`` comes from the safety check, which keeps its answers out of the journal.

    Something frightening that was noted counts as fear for a while, whatever was kept since.
    """
    fresh = fresh_check_in(life, now_ms)
    body = fresh.body.body if fresh else None
    now = CONSEQUENCES[fresh.body.rung] if fresh and fresh.body.rung else "none"
    of_late = {
        CONSEQUENCES[answer.body.rung]
        for answer in life.checkins.own
        if answer.body.rung and now_ms - answer.at_ms < RUNG_HOLDS_MS
    }
    pause = life.pauses.current(now_ms) if partner_open else None
    return Gates(
        afraid=afraid or any(now_ms - one.at_ms < FRIGHT_HOLDS_MS for one in life.shown.frightening),
        coercing="stop" in of_late,
        despair="crisis" in of_late,
        shut=body == "shut" or (body is None and now == "move"),
        revved=body == "revved" or (body is None and now == "settle"),
        paused=pause is not None and pause.phase == "running",
        partner_open=partner_open,
    )
