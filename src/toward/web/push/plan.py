"""When messages go to a device, and which of them are reminders: so that the times do not say why.

Every day has the same three messages. One is the time for a check-in, one the look whether something waits, and one
goes at a time that is drawn anew with each plan. What is off is a blank at a time of its own, which stays from day to
day as a chosen time would. The end of a pause takes the place of the drawn one. So somebody who reads the disk sees
three times a day, two of them the same each day, and can't tell which anybody ever notices (``message.blank``).

A plan ends after two weeks; each visit makes it anew. Whoever stays away is not called back for ever.
"""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from toward.vault.reminders import Wishes

DAYS: Final = 14
DAY_MIN: Final = 24 * 60
STEP_MIN: Final = 5
MINUTE_MS: Final = 60_000
DAY_MS: Final = DAY_MIN * MINUTE_MS


class Slot(NamedTuple):
    """One message: its step since 1970, and whether it is meant to be noticed."""

    due: int
    real: bool


def is_quiet(wishes: Wishes, minute: int) -> bool:
    """Whether a minute of the day lies in the quiet hours, which may go over midnight; from = to means none."""
    start, end = wishes.quiet_from, wishes.quiet_to
    return start <= minute < end if start <= end else minute >= start or minute < end


def made_for(wishes: Wishes, now_ms: int, pause_until_ms: int | None) -> str:
    """What a plan depends on besides the wishes: while it stays the same, so may the plan."""
    return f"{_local_day(wishes, now_ms)} {pause_until_ms or ''} {wishes.tz_min}"


def slots(wishes: Wishes, now_ms: int, pause_until_ms: int | None = None) -> list[Slot]:
    """Return what is to be sent in the next ``DAYS`` days, from the next step on."""
    first = now_ms // MINUTE_MS // STEP_MIN + 1
    today = _local_day(wishes, now_ms)
    pause = _pause_step(wishes, pause_until_ms) if wishes.pause and pause_until_ms is not None else None
    found: list[Slot] = []
    for day in range(today, today + DAYS):
        begins = (day * DAY_MIN - wishes.tz_min) // STEP_MIN
        awake = [begins + minute // STEP_MIN for minute in range(0, DAY_MIN, STEP_MIN) if not is_quiet(wishes, minute)]
        found += [
            _chosen(wishes, wishes.check_in, b"check_in", begins),
            _chosen(wishes, wishes.waiting, b"wait", begins),
        ]
        if pause is not None and begins <= pause < begins + DAY_MIN // STEP_MIN:
            found.append(Slot(pause, real=True))
            continue
        ahead = [step for step in awake if step >= first]
        if ahead:
            found.append(Slot(secrets.choice(ahead), real=False))
    return sorted(slot for slot in found if slot.due >= first)


def _chosen(wishes: Wishes, minute: int | None, name: bytes, begins: int) -> Slot:
    if minute is not None and not is_quiet(wishes, minute):
        return Slot(begins + minute // STEP_MIN, real=True)
    awake = [one for one in range(0, DAY_MIN, STEP_MIN) if not is_quiet(wishes, one)]
    drawn = int.from_bytes(hmac.digest(wishes.secret, name, "sha256")[:8], "big")
    return Slot(begins + awake[drawn % len(awake)] // STEP_MIN, real=False)


def _pause_step(wishes: Wishes, until_ms: int) -> int | None:
    step = -(-until_ms // MINUTE_MS // STEP_MIN)
    return None if is_quiet(wishes, (step * STEP_MIN + wishes.tz_min) % DAY_MIN) else step


def _local_day(wishes: Wishes, now_ms: int) -> int:
    return (now_ms + wishes.tz_min * MINUTE_MS) // DAY_MS
