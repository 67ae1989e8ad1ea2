"""Times and days in words, as the reader's own clock has them.

>>> from toward.catalogue import Catalogue
>>> times = Times(Catalogue.load("en"), now_ms=1_764_000_000_000, tz_min=60)
>>> times.clock(1_764_000_000_000), times.at(1_764_090_000_000)
('17:00', 'Tomorrow, 18:00')
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toward.journal.projections import day_of

if TYPE_CHECKING:
    from datetime import date

    from toward.catalogue import Catalogue

DAY_MIN: Final = 24 * 60
_WHOLE: Final = 3
"""A day is written with year, month and day; a page may know only the first of these."""


class Times:
    """Words for times, seen from ``now_ms`` by somebody ``tz_min`` minutes east of UTC."""

    def __init__(self, words: Catalogue, now_ms: int, tz_min: int) -> None:
        self._words = words
        self._tz_min = tz_min
        self.today: date = day_of(now_ms, tz_min)

    def clock(self, at_ms: int) -> str:
        """Return the time of day, "20:15"."""
        minute = (at_ms // 60_000 + self._tz_min) % DAY_MIN
        return f"{minute // 60}:{minute % 60:02d}"

    def day(self, day: date) -> str:
        """Return "Today", "Tomorrow", "Yesterday", or the date; without its year if that is this one."""
        for away, key in ((0, "common.today"), (1, "common.tomorrow"), (-1, "common.yesterday")):
            if (day - self.today).days == away:
                return self._words.words(key)
        key = "common.date_short" if day.year == self.today.year else "common.date"
        return self._words.words(key, d=day.day, month=self._month(day.month), year=day.year)

    def at(self, at_ms: int) -> str:
        """Return the day and the time; today's is the time alone."""
        day = day_of(at_ms, self._tz_min)
        if day == self.today:
            return self.clock(at_ms)
        return self._words.words("common.at_time", day=self.day(day), time=self.clock(at_ms))

    def said(self, at_ms: int) -> str:
        """Return a time as it stands inside a sentence: "18:30", "9:00 tomorrow", "9:00 on 3 May"."""
        day, clock = day_of(at_ms, self._tz_min), self.clock(at_ms)
        near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((day - self.today).days)
        if near is None:
            return self._words.words("turn.time.other", time=clock, day=self.day(day))
        return self._words.words(f"turn.time.{near}", time=clock)

    def written(self, text: str) -> str:
        """Return a date that is known to the year, the month or the day ("2020", "2020-04", "2020-04-17") in words."""
        year, *rest = (int(part) for part in text.split("-"))
        if not rest:
            return str(year)
        key = "common.date" if len(rest) + 1 == _WHOLE else "common.date_month"
        return self._words.words(key, d=rest[-1], month=self._month(rest[0]), year=year)

    def _month(self, month: int) -> str:
        return self._words.words_list("common.months")[month - 1]
