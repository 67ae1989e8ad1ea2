"""The one next step, by plain rules in the order in which they count.

Rules see one person's own view. They never speak of days without an entry, never suggest to ask again what was just
refused, and never say what the partner did or did not do. Whatever a rule proposes must pass the gates; if nothing else
does, the step is to rest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from toward.guide.gates import Gates, allowed
from toward.guide.reading import fresh_check_in
from toward.guide.suggestions import PATHS, SUGGESTIONS
from toward.journal.kinds import CheckIn
from toward.journal.projections import Answer, Life

if TYPE_CHECKING:
    from toward.journal.projections import Thread

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
SILENCE_MS: Final = 12 * HOUR_MS
"""Silence means little before this; partners work, sleep and drive."""
NO_HURTS_MS: Final = 24 * HOUR_MS
LET_IT_REST_MS: Final = 3 * DAY_MS
"""So long after asking, asking is not suggested again, whatever came of it: more bids into distance make distance."""
CALM: Final = 4
"""From this felt safety on, somebody who did not say how their body is counts as open."""
FIRST_DAYS: Final = 3


class Step(NamedTuple):
    """What to do next: where it leads, and the catalogue's keys of its reason and, if there is one, of its help lines.

    Title and action are ``guide.<id>.title`` and ``guide.<id>.action``.
    """

    id: str
    place: str
    path: str
    reason: str
    help: str = ""


class Scene(NamedTuple):
    """What the rules look at."""

    life: Life
    gates: Gates
    now_ms: int
    tz_min: int
    fresh: Answer[CheckIn] | None

    @property
    def today(self) -> tuple[Answer[CheckIn], ...]:
        """Today's check-ins, newest first."""
        return self.life.checkins.today(self.now_ms, self.tz_min)

    @property
    def open(self) -> bool:
        """Whether something could be taken in now."""
        if self.fresh is None or self.gates.revved or self.gates.shut:
            return False
        return self.fresh.body.body == "open" or (self.fresh.body.body is None and self.fresh.body.felt >= CALM)

    def since(self, at_ms: int) -> int:
        """How long ago something was."""
        return self.now_ms - at_ms

    def practised_since(self, at_ms: int) -> bool:
        """Whether the person did something for themselves after a time."""
        return bool(self.life.practices) and self.life.practices[0].at_ms > at_ms

    @property
    def asked_of_late(self) -> bool:
        """Whether an invitation of theirs should be let rest."""
        return any(self.since(thread.at_ms) < LET_IT_REST_MS for thread in self.life.invitations.sent) or any(
            self.since(thread.answer.at_ms) < LET_IT_REST_MS
            for thread in self.life.invitations.sent
            if thread.answer is not None and thread.answer.body.reply in {"no", "cant_yet"}
        )


def step(id_: str, reason: str = "", help_: str = "") -> Step:
    """Return the step with an id; its reason is its own unless another fits better."""
    return Step(id_, SUGGESTIONS[id_].place, PATHS[id_], reason or f"guide.{id_}.reason", help_)


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
    """Begin with a good moment."""
    return None if scene.life.memories.own else step("remember_first")


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
    """Somebody who pulled back or shut down lately, and is open again, can say that they have not left."""
    away = any(
        answer.body.moved == "pulled" or answer.body.body == "shut" or answer.body.rung == "shut"
        for answer in scene.life.checkins.own
        if scene.since(answer.at_ms) < DAY_MS
    )
    return step("come_back") if away and scene.open and not scene.asked_of_late else None


def longs(scene: Scene) -> Step | None:
    """Somebody who misses an answer, and is open, can ask for something small."""
    body = scene.fresh.body if scene.fresh else None
    if body is None or not scene.open or scene.asked_of_late:
        return None
    return step("reach") if body.answer in {"no", "partly"} or body.rung in {"ask", "complain"} else None


def calm_together(scene: Scene) -> Step | None:
    """Breathe side by side on a calm day, if they have not in the last two."""
    lately = any(scene.since(session.at_ms) < 2 * DAY_MS for session in scene.life.together)
    return None if lately or not scene.open else step("breathe_together")


def kindness(scene: Scene) -> Step | None:
    """A minute for oneself, once a day."""
    return None if scene.practised_since(scene.now_ms - DAY_MS) else step("within")


def room_for_two(scene: Scene) -> Step | None:
    """Somebody alone hears once, in their first days, that there is room for two; never after a partner has left."""
    new = scene.life.partner is None and len(scene.life.checkins.days) <= FIRST_DAYS
    return step("pair") if new and not scene.gates.partner_open else None


Rule = Callable[[Scene], Step | None]

ALWAYS: Final[tuple[Rule, ...]] = (in_despair, afraid, coercing, pause_runs, pause_is_over, shut_down, revved_up)
"""What a person set off by their own word, or by a pause: it holds with suggestions switched off too."""
SUGGESTED: Final[tuple[Rule, ...]] = (
    not_looked_today,
    nothing_remembered,
    something_waits,
    asked_and_not_met,
    went_quiet,
    longs,
    calm_together,
    kindness,
    room_for_two,
)


def next_step(life: Life, gates: Gates, now_ms: int, *, solo: bool, tz_min: int | None = None) -> Step:
    """Return the one next step. ``tz_min`` is the person's offset from UTC now, by default where they last wrote."""
    gates = gates._replace(partner_open=gates.partner_open and not solo)
    scene = Scene(life, gates, now_ms, life.tz_min if tz_min is None else tz_min, fresh_check_in(life, now_ms))
    for rule in (*ALWAYS, *(SUGGESTED if life.preferences.suggestions else ())):
        found = rule(scene)
        if found is not None and allowed(SUGGESTIONS[found.id], gates):
            return found
    return step("rest")
