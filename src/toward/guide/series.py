"""From a journal to the arrays of the model of two; ``rows`` says what each entry becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from toward.dyad.events import Journal, journal
from toward.guide.rows import DAY_MS, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toward.journal.kinds import Entry


class Series(NamedTuple):
    """The model's journal, and the UTC time in milliseconds at which its day 0 begins."""

    journal: Journal
    origin_ms: int

    def at_ms(self, time_days: float) -> int:
        """Return the time of a row in UTC milliseconds."""
        return self.origin_ms + round(time_days * DAY_MS)


def series(entries: Iterable[Entry], now_ms: int) -> Series:
    """Return what ``entries`` tell the model, in order of time; entries of any order, from the reader's view.

    Entries later than a day from now or older than ten years are left out, and so is what nobody has answered yet.
    """
    told = rows_of(entries, now_ms)
    return Series(journal((told.day(at), who, what, value) for at, who, what, value in told.rows), told.origin_ms)
