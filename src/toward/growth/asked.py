"""What the child is asked: a reader's own view as columns of plain numbers, and the days to tell of."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from toward.journal.kinds import Entry

DAY_MS: Final = 86_400_000
WEEKS: Final = 26
"""Half a year, as on the line. What is older says little about now, and a fit's time grows with the weeks."""
FEWEST: Final = 10
"""Check-ins of one's own; with fewer the model would tell its starting guess."""
MOST: Final = 4000
"""Rows of a question: a busy half year has some 1500. A partner's program may claim any number; the newest stay."""


class Question(msgspec.Struct, frozen=True, array_like=True):
    """Rows in order of time (days, partner, the model's name of the kind, value) and the days to tell of.

    ``weigh`` says whether practices are to be weighed: never for somebody who is afraid. ``start`` is what the reader's
    last answer left (``Answer.start``), for a quicker line; what is answered in the end does not hang on it.
    """

    time_days: tuple[float, ...]
    partner: tuple[int, ...]
    kind: tuple[str, ...]
    value: tuple[float, ...]
    days: tuple[float, ...]
    weigh: bool
    start: tuple[float, ...] = ()

    @property
    def digest(self) -> bytes:
        """Tells one question from another, whatever it starts from."""
        return hashlib.sha256(msgspec.msgpack.encode(msgspec.structs.replace(self, start=()))).digest()


def ask(entries: Iterable[Entry], days_ms: Sequence[int], now_ms: int, *, weigh: bool) -> Question | None:
    """Return the question that a reader's view gives rise to, or None where it holds too few check-ins of their own.

    ``entries`` are all that one person may read, and nothing else. ``days_ms`` (UTC, in order) are the days to tell of,
    each at some time; what lies outside the reader's own check-ins is told at the nearest of them.
    """
    from toward.guide.rows import A, rows_of

    told = rows_of(entries, now_ms)
    begin = now_ms - WEEKS * 7 * DAY_MS
    rows = [row for row in told.rows if row[0] > begin][-MOST:]
    own = [at for at, who, what, _ in rows if what == "checkin" and who == A]
    if len(own) < FEWEST or not days_ms:
        return None
    times, partners, kinds, values = zip(*rows, strict=True)
    days = tuple(told.day(min(max(at, own[0]), own[-1])) for at in days_ms)
    return Question(tuple(map(told.day, times)), partners, kinds, values, days, weigh)
