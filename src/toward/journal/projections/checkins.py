"""How it was, from check-in to check-in: today's, the latest, and what opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from toward.journal.kinds import CheckIn, Question
from toward.journal.projections.days import day_of
from toward.journal.projections.sealed import Answer, Sealed

if TYPE_CHECKING:
    from datetime import date

    from toward.journal.kinds import Entry

KEPT: Final = 1000
QUESTIONS: Final[tuple[Question, ...]] = get_args(Question)


class CheckIns(Sealed[CheckIn]):
    """The reader's check-ins."""

    def __init__(self) -> None:
        super().__init__("checkin", KEPT)
        self.days: set[date] = set()
        self._asked: dict[Question, int] = {}

    def take(self, entry: Entry, body: CheckIn) -> None:
        """Fold in a check-in."""
        super().take(entry, body)
        self.days.add(day_of(entry.at_ms, entry.tz_min))
        if body.question is not None:
            self._asked[body.question] = max(entry.at_ms, self._asked.get(body.question, entry.at_ms))

    def today(self, now_ms: int, tz_min: int) -> tuple[Answer[CheckIn], ...]:
        """Return the check-ins of the reader's day, newest first."""
        return self.on(day_of(now_ms, tz_min))

    @property
    def next_question(self) -> Question:
        """The attachment question whose turn it is: one never answered, else the one answered longest ago."""
        return min(QUESTIONS, key=lambda question: (self._asked.get(question, -1), QUESTIONS.index(question)))
