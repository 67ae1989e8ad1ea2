"""The Safety panel: in every page, small, without a way out of it that leaves a trace, and honest about its numbers."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pytest

from toward.catalogue import countries, helplines, words
from toward.web.static_files import StaticFiles
from toward.web.templating import Templates

if TYPE_CHECKING:
    from tests.pages.rooms import Rooms

MOST_BYTES = 5_000
"""As sent, compressed: it is in every page."""


def panel(country: str = "", *, me: str | None = None, old: bool = False) -> str:
    """The panel's HTML."""
    templates = Templates("en", StaticFiles())
    if old:
        templates.environment.globals["help_is_old"] = lambda _: True
    return templates.render("parts/safety.html", country=country, me=me)


@pytest.mark.parametrize("country", ["", "GB", "DE", "FR"])
def test_is_small_and_asks_the_server_for_nothing(country: str) -> None:
    """No form, no address but telephone numbers, no picture: what is opened here is nowhere else."""
    html = panel(country, me="Mara")
    assert len(gzip.compress(html.encode())) <= MOST_BYTES
    assert not re.search(r"<(?:form|a(?! href=\"tel:)|img|script|link|iframe)\b", html)


@pytest.mark.parametrize("country", ["", *countries()])
def test_holds_every_line_whichever_country_was_chosen(country: str) -> None:
    """A partner may have chosen the country, and people travel; the chosen one is only the first and open."""
    html = panel(country)
    for one in countries():
        for line in helplines(one):
            assert line.name.replace("'", "&#39;") in html
            assert (line.number or line.web or "") in html
    folds = re.findall(r"<details class=\"more\"( open)?><summary>([^<]+)", html)
    opened = [title for is_open, title in folds if is_open]
    assert opened == ([words(f"safety.country.{country.lower()}")] if country else [])


def test_the_emergency_number_stands_before_all_else() -> None:
    """In words for everywhere, as a link where the country is known."""
    assert panel().index(words("safety.panel.emergency")) < panel().index(words("safety.question.title"))
    assert panel("GB").index('href="tel:999"') < panel("GB").index(words("safety.question.title"))
    assert words("safety.lines.none") in panel("FR")


def test_says_how_old_its_numbers_are() -> None:
    """Each says where its age is known or unknown; one read long ago says that it may have changed."""
    assert panel().count(words("safety.lines.stale")) == 0
    lines = [line for country in countries() for line in helplines(country)]
    assert panel(old=True).count(words("safety.lines.stale")) == len(lines)
    assert panel().count("The page we read is from") == sum(line.source_date is not None for line in lines)
    assert panel().count("Read on ") >= len(countries())
    assert all(line.source_date or line.note for line in lines)


def test_is_the_same_on_every_page(rooms: Rooms) -> None:
    """On home, at a check-in, at a practice; where nobody is known, there is only nowhere to keep an answer."""
    mara = rooms.phone(rooms.arrive("Mara"))
    pages = [mara.get(path).text for path in ("/", "/check-in", "/ladder", "/within/care", "/moments")]
    last = words("safety.truth.body")
    texts = {page[page.index("data-safety>") : page.index(last) + len(last)] for page in pages}
    assert len(texts) == 1
    known = texts.pop()
    assert words("safety.question.afraid_body") in known
    stranger = mara.get("/nowhere").text
    unknown = stranger[stranger.index("data-safety>") : stranger.index(last) + len(last)]
    start, end = (known.index(mark) for mark in ('<label class="field">', words("safety.check.neither")))
    rest = known[end + len(words("safety.check.neither")) + len("</p>") :]
    assert (known[:start] + rest).split() == unknown.split()
