"""Times of day as people read them."""

from __future__ import annotations

from typing import Final

MINUTE_MS: Final = 60_000
DAY_MINUTES: Final = 24 * 60


def time_of_day(at_ms: int, tz_min: int) -> str:
    """Return the clock's time for somebody *tz_min* minutes from UTC.

    >>> time_of_day(1_764_000_000_000, 60)
    '17:00'
    """
    hours, minutes = divmod((at_ms // MINUTE_MS + tz_min) % DAY_MINUTES, 60)
    return f"{hours:02}:{minutes:02}"


def minutes_left(at_ms: int, now_ms: int) -> int:
    """Return how many minutes there are until *at_ms*, begun ones included; at least 1."""
    return max(1, -((now_ms - at_ms) // MINUTE_MS))
