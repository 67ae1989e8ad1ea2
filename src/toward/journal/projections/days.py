"""Days as their writer lived them.

Times come from whoever wrote the entry. A partner's program could write any number, so none may break a page: what lies
outside the calendar counts as its first or last day.
"""

from __future__ import annotations

from datetime import date
from typing import Final

DAY_MS: Final = 86_400_000
_EPOCH: Final = date(1970, 1, 1).toordinal()
_LAST: Final = date.max.toordinal()


def day_of(at_ms: int, tz_min: int) -> date:
    """Return the writer's day at a time, ``tz_min`` minutes east of UTC.

    >>> day_of(0, -60)
    datetime.date(1969, 12, 31)
    """
    return date.fromordinal(min(max((at_ms + tz_min * 60_000) // DAY_MS + _EPOCH, 1), _LAST))


def parse_day(text: str | None) -> date | None:
    """Return the day that an entry names, or None for none and for a day that no calendar has."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
