"""Keeping plans up: with each visit, for all devices of whoever visits, when a day or a pause has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from toward.vault import reminders
from toward.vault.reminders import Push, Wanted
from toward.web.push import plan

if TYPE_CHECKING:
    from toward.vault import Session


def keep_up(session: Session) -> None:
    """Make the plans of this person's devices anew where they are out of date."""
    for one in reminders.wanted(session):
        wishes = one.wishes
        if one.device == session.device and wishes.tz_min != session.tz_min:
            wishes = msgspec.structs.replace(wishes, tz_min=session.tz_min)
        if plan.made_for(wishes, session.vault.now_ms(), _pause_ends(session)) != wishes.planned:
            make_plan(session, one._replace(wishes=wishes))


def make_plan(session: Session, one: Wanted) -> None:
    """Keep what a device wants, and plan for it from now on. Raises ``BadInput`` if its key is none."""
    from toward.web.push.message import blank, browser_key, reminder

    browser_key(one.wishes.p256dh)  # also where nothing is on and each message is a blank
    now_ms, until_ms = session.vault.now_ms(), _pause_ends(session)
    wishes = msgspec.structs.replace(one.wishes, planned=plan.made_for(one.wishes, now_ms, until_ms))
    pushes = [
        Push(slot.due, reminder(wishes.p256dh, wishes.auth) if slot.real else blank())
        for slot in plan.slots(wishes, now_ms, until_ms)
    ]
    reminders.keep(session, one._replace(wishes=wishes), pushes)


def _pause_ends(session: Session) -> int | None:
    pause = session.life.pauses.current(session.vault.now_ms())
    return pause.until_ms if pause is not None and pause.phase == "running" else None
