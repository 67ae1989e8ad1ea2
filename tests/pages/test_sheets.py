"""What a phone loads before it can draw: three sheets for every page, and one more where a place has its own."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, Final

import pytest

from toward.web.static_files import StaticFiles
from toward.web.templating import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

    from tests.pages.rooms import Rooms

BASE: Final = ("css/tokens.css", "css/base.css", "css/parts.css")
MOST_BYTES: Final = 10_000
"""All of a page's sheets, compressed: seven packets, where a connection may send ten before it waits (RFC 6928)."""

_LINKED = re.compile(r"""<link rel="stylesheet" href="(?:/static/\w+/|\{\{ static\(')([\w./-]+)(?:'\) \}\})?">""")
_PARENT = re.compile(r"""\{%-?\s*extends\s+"([^"]+)\"""")
_INSIDE = re.compile(r"""<a\b[^>]*\shref="(/[^"#]*)""")
NOT_FOLLOWED: Final = re.compile(r"/(leave|static|look|settings/export)\b")


def sheets_of(template: str) -> list[str]:
    """The sheets that a template names, those of the templates that it extends first."""
    text = (FOLDER / template).read_text(encoding="utf-8")
    parent = _PARENT.search(text)
    return [*(sheets_of(parent[1]) if parent else []), *_LINKED.findall(text)]


def templates() -> list[str]:
    """Every template that is a page and no part of one."""
    every = {path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.html")}
    return sorted(name for name, text in every.items() if _PARENT.search(text) or "<!doctype" in text)


def assert_light(sheets: list[str], where: str) -> None:
    """Three sheets of the whole house, then at most one of the place."""
    files = StaticFiles().files
    assert tuple(sheets[:3]) == BASE, where
    assert len(sheets) <= 4, f"{where}: {sheets}"
    assert sum(len(gzip.compress(files[sheet], 9)) for sheet in sheets) <= MOST_BYTES, f"{where}: {sheets}"


@pytest.mark.parametrize("template", templates())
def test_a_page_loads_the_sheets_of_its_own_place_alone(template: str) -> None:
    """Every template, also those that only answer a form."""
    # What an emptied browser shows has no look at all: it must not tell what it is.
    if sheets_of(template):
        assert_light(sheets_of(template), template)


def walk(phone: TestClient, start: str) -> Iterator[tuple[str, str]]:
    """Every page that links lead to from *start*."""
    seen, waiting = {start}, [start]
    while waiting:
        path = waiting.pop()
        answer = phone.get(path, follow_redirects=True)
        if "<!doctype html>" not in answer.text:
            continue
        yield path, answer.text
        found = {link.partition("?")[0] for link in _INSIDE.findall(answer.text)} - seen
        waiting += sorted(link for link in found if not NOT_FOLLOWED.match(link))
        seen |= found


def test_every_page_that_links_lead_to_is_light(rooms: Rooms) -> None:
    """As they are served to one of two: the sheets that the templates name, and at least one page with each sheet."""
    mara, _ = rooms.couple()
    used: set[str] = set()
    pages = 0
    for path, html in walk(rooms.phone(mara), "/"):
        sheets = _LINKED.findall(html)
        assert_light(sheets, path)
        used.update(sheets)
        pages += 1
    assert pages > 25
    assert {*BASE, "css/settle.css", "css/turn.css", "css/yours.css"} <= used


def test_no_sheet_lies_unused() -> None:
    """Each one is linked by a page."""
    linked = {sheet for template in templates() for sheet in sheets_of(template)}
    assert {path for path in StaticFiles().files if path.endswith(".css")} == linked
