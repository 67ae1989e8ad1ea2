"""Documentation held to the code: rooms, modules and files that a page names exist, and none is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "toward"
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def text(name: str) -> str:
    """A page of the documentation."""
    return (ROOT / "docs" / name).read_text("utf-8")


def test_every_room_is_in_the_table_of_rooms() -> None:
    """A package of the program that the architecture page does not name is a room nobody finds."""
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    rooms |= {path.stem for path in PACKAGE.glob("*.py") if not path.stem.startswith("_")}
    named = set(re.findall(r"^\| `toward\.(\w+)` \|", text("architecture.md"), re.MULTILINE))
    assert named == rooms


def test_every_module_of_the_vault_is_explained() -> None:
    """One idea a module, and each said."""
    page = text("architecture.md")
    section = page[page.index("## The vault") : page.index("## Live")]
    named = set(re.findall(r"`(\w+)`", section))
    modules = {path.stem for path in (PACKAGE / "vault").glob("*.py") if path.stem != "__init__"} | {"migrations"}
    assert modules <= named


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """A relative link names a file of this repository."""
    for target in LINK.findall(page.read_text("utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_files_that_a_page_names_exist(page: Path) -> None:
    """A path in code marks with a slash and an ending is one of ours, from the root or the package."""
    for name in re.findall(r"`([\w./-]+/[\w.-]+\.(?:py|toml|md|css|js|html))`", page.read_text("utf-8")):
        places = (ROOT / name, PACKAGE / name, ROOT / "src" / name)
        assert any(place.exists() for place in places), name
