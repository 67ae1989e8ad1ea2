"""``docs/practices.md`` held to the schema: every field, and every word a field can be."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import msgspec.inspect as look
import pytest

from toward.practices import library
from toward.practices.library import Practice, Step, Telling, Ways, load_library

PAGE = (Path(__file__).parents[2] / "docs" / "practices.md").read_text("utf-8")
TABLES = [re.findall(r"^\| `(\w+)` \| (.*?) \|", part, re.MULTILINE) for part in PAGE.split("|---|---|---|")[1:]]


def names(struct: type) -> list[str]:
    """The fields of a struct as files call them, in order."""
    info = look.type_info(struct)
    assert isinstance(info, look.StructType)
    return [field.encode_name for field in info.fields]


def test_tells_every_field_in_order() -> None:
    """A practice, its words, a step."""
    for table, struct in zip(TABLES, (Practice, Telling, Step), strict=True):
        assert [name for name, _ in table] == names(struct)


@pytest.mark.parametrize(
    ("field", "type_"),
    [
        ("aim", library.Aim),
        ("place", library.Place),
        ("for_state", library.State),
        ("with", library.Company),
        ("room", library.Room),
        ("asks", library.Ask),
        ("sound", library.Sound),
        ("measure", library.Measure),
        ("strength", library.Strength),
        ("who", library.Turn),
    ],
)
def test_tells_every_word_that_a_field_can_be(field: str, type_: object) -> None:
    """In order, and none that it can't."""
    can_be = next(told for table in TABLES for name, told in table if name == field)
    assert re.findall(r"`(\w+)`", can_be) == list(get_args(type_))


def test_tells_how_many_ship_and_which_other_ways_there_are() -> None:
    """The number and the four ways are those of the code."""
    assert re.search(r"^no code\. (\d+) come", PAGE, re.MULTILINE)[1] == str(len(load_library()))  # type: ignore[index]
    assert "`, `".join(names(Ways)) in PAGE
