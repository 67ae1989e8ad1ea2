"""Help lines as data: who answers, for whom, and where and when the number was read.

A number is here only if somebody read it at ``source``. ``source_date`` is the page's own date where it has one;
``checked`` is the day of reading. A number read more than a year ago is still shown, since an old line beats none, but
the page says so.
"""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

ForWhom = Literal["emergency", "afraid", "hurting", "crisis"]
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}$")]
Text = Annotated[str, Meta(min_length=1, max_length=300)]
Link = Annotated[str, Meta(pattern=r"^https?://\S+$")]

YEAR: Final = timedelta(days=365)
ORDER: Final[tuple[ForWhom, ...]] = ("emergency", "afraid", "crisis", "hurting")


class HelpLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One service. ``for_whom``: in danger now, afraid of a partner, close to giving up, or hurting a partner."""

    country: Country
    for_whom: ForWhom
    name: Text
    serves: Text
    number: Annotated[str, Meta(pattern=r"^[0-9 ]{3,20}$")] | None = None
    web: Annotated[str, Meta(pattern=r"^[a-z0-9.-]+\.[a-z]{2,}$")] | None = None
    by_text: Text | None = None
    hours: Text
    languages: tuple[Text, ...]
    source: Link
    source_date: Annotated[str, Meta(pattern=r"^\d{4}(-\d{2}){0,2}$")] | None = None
    checked: date
    note: Text | None = None

    @property
    def dial(self) -> str:
        """The number for a ``tel:`` link, without spaces; empty where there is only an address."""
        return (self.number or "").replace(" ", "")


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    line: tuple[HelpLine, ...]


def helplines(country: str, language: str = "en") -> list[HelpLine]:
    """Return what is known for *country* (two letters, any case), emergency first; empty where nothing was read."""
    return sorted(
        (line for line in _all(language) if line.country == country.upper()),
        key=lambda line: ORDER.index(line.for_whom),
    )


def countries(language: str = "en") -> tuple[str, ...]:
    """Return the countries that have any line, in order."""
    return tuple(sorted({line.country for line in _all(language)}))


def stale(line: HelpLine, today: date) -> bool:
    """Say whether *line* was read more than a year before *today*."""
    return today - line.checked > YEAR


@cache
def _all(language: str) -> tuple[HelpLine, ...]:
    text = (Path(__file__).parent / language / "helplines.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), _File).line
