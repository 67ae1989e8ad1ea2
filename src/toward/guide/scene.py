"""What the guide's rules look at, and what they answer with: one person's own moment, and one step."""

from __future__ import annotations

from typing import Final, NamedTuple

from toward.guide.gates import Gates
from toward.guide.suggestions import PATHS, SUGGESTIONS
from toward.guide.variety import WEEK_MS, day_of, has_turn
from toward.journal.kinds import CheckIn
from toward.journal.projections import Answer, Life
from toward.practices.library import Practice

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
SILENCE_MS: Final = 12 * HOUR_MS
"""Silence means little before this; partners work, sleep and drive."""
NO_HURTS_MS: Final = 24 * HOUR_MS
LET_IT_REST_MS: Final = 3 * DAY_MS
"""So long after asking, asking is not suggested again, whatever came of it: more bids into distance make distance."""
CALM: Final = 4
"""From this felt safety on, somebody who did not say how their body is counts as open."""
PAIR_DAY: Final = 3
"""On which day of looking somebody alone hears that there is room for two."""
SHAKEN_DAYS: Final = 1
"""How long after an event that shook the day is for care."""
EPOCH: Final = 719_163
"""The first of January 1970 as ``date.toordinal`` counts days."""
OWN_RULES: Final = frozenset({"after_a_fight", "breathe_together", "three_breaths", "remember", "own_care"})
"""Practices that have rules of their own, or a moment of their own that nobody can know here, and take no turn."""
BY_TURNS: Final = ("breathe_together", "remember_first", "within")


class Step(NamedTuple):
    """What to do next: where it leads, and the catalogue's keys of its reason and, if there is one, of its help lines.

    Title and action are ``guide.<id>.title`` and ``guide.<id>.action``. With the id "practice" it is one of the
    library's, whose id is ``practice`` and whose own title says more.
    """

    id: str
    place: str
    path: str
    reason: str
    help: str = ""
    practice: str = ""

    @property
    def name(self) -> str:
        """What the step is put by under."""
        return f"practice:{self.practice}" if self.practice else self.id


class Scene(NamedTuple):
    """What the rules look at.

    ``hint`` is the model's name of a practice that has gone together with easier days, where that is more than a guess.
    """

    life: Life
    gates: Gates
    now_ms: int
    tz_min: int
    fresh: Answer[CheckIn] | None
    practices: tuple[Practice, ...] = ()
    hint: str = ""

    @property
    def day(self) -> int:
        """The number of the person's day."""
        return day_of(self.now_ms, self.tz_min)

    @property
    def earlier(self) -> tuple[Answer[CheckIn], ...]:
        """The check-ins of the days before today, back to a week ago, newest first."""
        return tuple(
            answer
            for answer in self.life.checkins.own
            if day_of(answer.at_ms, self.tz_min) < self.day and self.since(answer.at_ms) < WEEK_MS
        )

    def practice(self, id_: str) -> Practice | None:
        """One of the practices that may be suggested."""
        return next((practice for practice in self.practices if practice.id == id_), None)

    def turn_of(self, id_: str) -> bool:
        """Whether it is the turn of something that comes of itself."""
        return has_turn(self.life, self.day, id_, BY_TURNS)

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

    def rests(self, found: Step) -> bool:
        """Whether a step was put by and is let rest."""
        return self.life.put_by.rests(found.name, self.now_ms)

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
