"""Help lines: each was read somewhere, says when, and can be called."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from toward.catalogue import HelpLine, countries, helplines, stale
from toward.catalogue.helplines import ORDER

LINES = [line for country in countries() for line in helplines(country)]
GOOD: dict[str, Any] = {
    "country": "GB",
    "for_whom": "afraid",
    "name": "A line",
    "serves": "Anyone",
    "number": "0800 000",
    "hours": "Day and night",
    "languages": ["English"],
    "source": "https://example.org/",
    "checked": date(2026, 1, 1),
}


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.country} {line.for_whom} {line.name}")
def test_each_can_be_reached_and_traced(line: HelpLine) -> None:
    """A line has a number or an address, a page it was read on, and a day of reading after the page's own."""
    assert line.number or line.web
    assert line.dial.isdigit() or not line.number
    assert line.source.startswith("https://")
    if line.source_date:
        assert line.source_date[:4] <= str(line.checked.year)
    else:
        assert line.note, "a page without a date is said to be one"


def test_lists_danger_first() -> None:
    """In every country the emergency number comes before all else, and each country has one."""
    for country in countries():
        order = [ORDER.index(line.for_whom) for line in helplines(country)]
        assert order == sorted(order)
        assert helplines(country)[0].for_whom == "emergency"


def test_each_country_has_help_for_the_afraid_and_the_hopeless() -> None:
    """A country is only listed with somebody for each of the two."""
    for country in countries():
        assert {"afraid", "crisis"} <= {line.for_whom for line in helplines(country)}


def test_ships_nothing_that_nobody_read() -> None:
    """A country without a line gives none rather than a guess; small letters do as well."""
    assert helplines("ZZ") == []
    assert helplines("") == []
    assert helplines("gb") == helplines("GB") != []


def test_grows_stale_after_a_year() -> None:
    """A line read a year ago is fresh to the day and stale on the next."""
    line = msgspec.convert(GOOD, HelpLine)
    assert not stale(line, line.checked)
    assert not stale(line, line.checked + timedelta(days=365))
    assert stale(line, line.checked + timedelta(days=366))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("country", "gb"),
        ("for_whom", "all"),
        ("number", "call us"),
        ("source", "somewhere"),
        ("source_date", "last year"),
        ("checked", "today"),
        ("name", ""),
        ("tel", "1"),
    ],
)
def test_refuses_a_line_that_is_not_one(field: str, value: str) -> None:
    """The schema names the field that does not fit."""
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.convert({**GOOD, field: value}, HelpLine)
