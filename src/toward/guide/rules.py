"""The rules of the one next step, and the table that puts them in order.

Rules see one person's own view. They never speak of days without an entry, never suggest to ask again what was just
refused, and never say what the partner did or did not do.

``RULES`` is the table: each rule's name, what it answers, and when it may come again. What answers something that just
happened comes when it happens; what comes of itself takes turns (``variety``), so that nothing comes twice in a week
unless it did good, and rests when it was put by.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from toward.guide.practising import REACHES, REASONS, calm_together, helps, kindness, something_to_practise
from toward.guide.scene import (
    DAY_MS,
    EPOCH,
    NO_HURTS_MS,
    PAIR_DAY,
    SHAKEN_DAYS,
    SILENCE_MS,
    Scene,
    Step,
    step,
)
from toward.guide.variety import WEEK_MS, day_of

if TYPE_CHECKING:
    from toward.journal.kinds import CheckIn
    from toward.journal.projections import Answer, Thread

# ------------------------------------------------------------------------------ safety and the body


def in_despair(scene: Scene) -> Step | None:
    """Care first, and who to call."""
    return step("own_care", help_="now.rung.despair.help_link") if scene.gates.despair else None


def afraid(scene: Scene) -> Step | None:
    """Care first. No help line is named here: somebody may look over a shoulder; Safety is on every page."""
    return step("own_care") if scene.gates.afraid else None


def coercing(scene: Scene) -> Step | None:
    """Away from the other, alone, and who helps to stop."""
    if not scene.gates.coercing:
        return None
    alone = "move" if scene.gates.shut else "settle_alone"
    return step(alone, "now.rung.coerce.step", "now.rung.coerce.help_link")


def pause_runs(scene: Scene) -> Step | None:
    """Look after one's own body until the time has come."""
    if not scene.gates.paused:
        return None
    return step("move" if scene.gates.shut else "settle_alone", "pause.running.now")


def pause_is_over(scene: Scene) -> Step | None:
    """Say where one is, or start the way back when both are ready."""
    pause = scene.life.pauses.current(scene.now_ms) if scene.gates.partner_open else None
    if pause is None:
        return None
    if pause.phase == "ready":
        return step("pause_return", "pause.return.both_ready")
    return step("pause_return") if pause.phase == "return" and pause.my_reply is None else None


def shut_down(scene: Scene) -> Step | None:
    """Movement, humming, quiet company; no long breaths."""
    return step("move") if scene.gates.shut else None


def revved_up(scene: Scene) -> Step | None:
    """Settle alone first."""
    return step("settle_alone") if scene.gates.revved else None


# ----------------------------------------------------------------------------------------- the day


def not_looked_today(scene: Scene) -> Step | None:
    """Notice how it is."""
    return None if scene.today else step("check_in")


def nothing_remembered(scene: Scene) -> Step | None:
    """Begin with a good moment: on the first day of looking, and from a week later on when it has its turn."""
    if scene.life.memories.own:
        return None
    since = [day_of(answer.at_ms, scene.tz_min) for answer in scene.life.checkins.own]
    first = all(day == scene.day for day in since)
    later = not first and scene.day - min(since) > WEEK_MS // DAY_MS and scene.turn_of("remember_first")
    return step("remember_first") if first or later else None


def something_waits(scene: Scene) -> Step | None:
    """Open what waits, when something can be taken in; else it waits on."""
    return step("open_invitation") if scene.life.invitations.waiting and scene.open else None


def asked_and_not_met(scene: Scene) -> Step | None:
    """After a no, or a silence: one's own care, once, and never a retry."""
    for thread in scene.life.invitations.sent if scene.gates.partner_open else ():
        hurt = _hurt(scene, thread)
        if hurt is not None:
            return hurt
    return None


def _hurt(scene: Scene, thread: Thread) -> Step | None:
    if thread.answer is None:
        silent_since = thread.at_ms + SILENCE_MS
        fits = 0 <= scene.since(silent_since) < NO_HURTS_MS and not scene.practised_since(silent_since)
        return step("after_no", "turn.care.after_silence") if fits else None
    said_ms = thread.answer.at_ms
    fits = thread.answer.body.reply == "no" and 0 <= scene.since(said_ms) < NO_HURTS_MS
    return step("after_no") if fits and not scene.practised_since(said_ms) else None


def went_quiet(scene: Scene) -> Step | None:
    """Somebody who pulled back or shut down lately, and is open again, can say so: once, when it is over."""
    if not scene.open or scene.asked_of_late:
        return None
    lately = [answer for answer in scene.life.checkins.own if scene.since(answer.at_ms) < DAY_MS]
    # The newest that was away, or is of an earlier day: was that one away, then this is the first time back.
    before = next((one for one in lately if _was_away(one) or day_of(one.at_ms, scene.tz_min) < scene.day), None)
    if before is None or not _was_away(before):
        return None
    earlier_ms = before.at_ms
    again = any(_was_away(answer) for answer in scene.earlier if answer.at_ms < earlier_ms)
    return None if again else step("come_back")


def _was_away(answer: Answer[CheckIn]) -> bool:
    body = answer.body
    return body.moved == "pulled" or body.body == "shut" or body.rung == "shut"


def longs(scene: Scene) -> Step | None:
    """Somebody who misses an answer, and is open, can ask for something small; once in a week of longing."""
    if scene.fresh is None or not scene.open or scene.asked_of_late:
        return None
    if any(_longs(answer) for answer in scene.earlier):
        return None
    if not _longs(scene.fresh):
        return None
    return step("reach", REASONS[scene.hint] if scene.hint in REACHES else "")


def _longs(answer: Answer[CheckIn]) -> bool:
    return answer.body.answer in {"no", "partly"} or answer.body.rung in {"ask", "complain"}


def shaken(scene: Scene) -> Step | None:
    """On the day when life shook, and the day after: nothing but care, if it was hard."""
    hard = any(
        event.pull != "good" and 0 <= scene.day - day_of(event.at_ms, scene.tz_min) <= SHAKEN_DAYS
        for event in scene.life.events
        if event.mine
    )
    return step("own_care", "guide.own_care.shaken") if hard else None


def agreed_for_today(scene: Scene) -> Step | None:
    """Something of their own, agreed for today, is still ahead."""
    if not scene.gates.partner_open:
        return None
    due = any(
        agreed.open and agreed.mine and agreed.day is not None and agreed.day.toordinal() - EPOCH == scene.day
        for agreed in scene.life.agreements.all
    )
    return step("agreed") if due else None


def room_for_two(scene: Scene) -> Step | None:
    """Somebody alone hears once that there is room for two; never after a partner has left."""
    third = scene.life.partner is None and len(scene.life.checkins.days) == PAIR_DAY
    return step("pair") if third and not scene.gates.partner_open else None


Again = Literal["event", "day", "week"]


class Rule(NamedTuple):
    """One rule: its name, its answer, and when it may come again.

    "event": each time that something happens which it answers. "day": once a day. "week": it comes of itself, so never
    twice within a week unless it did good.
    """

    name: str
    find: Callable[[Scene], Step | None]
    again: Again
    always: bool = False
    """Set off by a person's own word, or by a pause: it holds with suggestions switched off, and can't be put by."""


RULES: Final[tuple[Rule, ...]] = (
    Rule("in_despair", in_despair, "event", always=True),
    Rule("afraid", afraid, "event", always=True),
    Rule("coercing", coercing, "event", always=True),
    Rule("pause_runs", pause_runs, "event", always=True),
    Rule("pause_is_over", pause_is_over, "event", always=True),
    Rule("shut_down", shut_down, "event", always=True),
    Rule("revved_up", revved_up, "event", always=True),
    Rule("not_looked_today", not_looked_today, "day"),
    Rule("shaken", shaken, "event"),
    Rule("nothing_remembered", nothing_remembered, "week"),
    Rule("something_waits", something_waits, "event"),
    Rule("asked_and_not_met", asked_and_not_met, "event"),
    Rule("agreed_for_today", agreed_for_today, "event"),
    Rule("went_quiet", went_quiet, "week"),
    Rule("longs", longs, "week"),
    Rule("helps", helps, "week"),
    Rule("calm_together", calm_together, "week"),
    Rule("kindness", kindness, "week"),
    Rule("room_for_two", room_for_two, "week"),
    Rule("something_to_practise", something_to_practise, "week"),
)
"""In the order in which they count."""
