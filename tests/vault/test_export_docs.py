"""``docs/export.md`` held to the code: every kind in a file, every field of it, every column of the table."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec.inspect as look
import pytest

from toward.journal import codec
from toward.vault import portable
from toward.vault.portable import NEVER_TAKEN, File, Item
from toward.vault.spreadsheet import COLUMNS

if TYPE_CHECKING:
    import msgspec

PAGE = (Path(__file__).parents[2] / "docs" / "export.md").read_text("utf-8")
TOLD = {tag: kind for tag, kind in codec.KINDS.items() if tag not in NEVER_TAKEN}


def section(heading: str) -> str:
    """The part of the page below a heading, up to the next one of its rank or above."""
    rank = heading.partition(" ")[0]
    found = re.search(rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{len(rank)}}} |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"docs/export.md has no section {heading!r}"
    return found[1]


def rows(text: str) -> list[tuple[str, str]]:
    """The first two cells of each row of a section's table."""
    return re.findall(r"^\| `(\w+)` \| (.*?) \|", text, re.MULTILINE)


def described(info: look.Type) -> str:  # noqa: C901, PLR0911, PLR0912 - one line for each sort
    """What a field can be, in words."""
    match info:
        case look.BoolType():
            return "yes or no"
        case look.NoneType():
            return "nothing"
        case look.IntType() if info.ge is not None:
            return f"whole number, {info.ge} to {info.le}"
        case look.IntType():
            return "whole number"
        case look.FloatType() if info.ge is not None:
            return f"number, {info.ge:g} to {info.le:g}"
        case look.FloatType():
            return "number"
        case look.BytesType() if info.min_length:
            return f"{info.min_length} bytes"
        case look.BytesType():
            return "bytes"
        case look.StrType() if info.pattern:
            return "a day, `2025-11-24`"
        case look.StrType() if info.max_length:
            return f"text, {info.max_length} at most"
        case look.StrType():
            return "text"
        case look.LiteralType():
            return ", ".join(f"`{value}`" for value in info.values)
        case look.UnionType():
            return " or ".join(
                described(one) for one in sorted(info.types, key=lambda one: isinstance(one, look.NoneType))
            )
        case look.StructType():
            return f"see {info.cls.__name__.lower()}"
        case look.ListType():
            return "list"
        case look.VarTupleType():
            return f"any of {described(info.item_type)}"
        case look.DictType():
            return "the fields of its kind"
    raise TypeError(info)


def fields(struct: type[msgspec.Struct]) -> list[tuple[str, str]]:
    """Each field with what it can be."""
    info = look.type_info(struct)
    assert isinstance(info, look.StructType)
    return [(field.encode_name, described(field.type)) for field in info.fields]


@pytest.mark.parametrize("tag", TOLD)
def test_tells_every_field_of_a_kind(tag: str) -> None:
    """In the order of the code, with the same limits."""
    assert rows(section(f"### {tag}")) == fields(TOLD[tag])


def test_tells_no_kind_that_is_not_there() -> None:
    """Every third-rank heading below "Kinds" is a kind; what is never in a file is named as that."""
    kinds = re.findall(r"^### (\w+)$", section("## Kinds"), re.MULTILINE)
    assert sorted(kinds) == sorted([*TOLD, "said"])
    assert set(re.findall(r"^- `(\w+)`", section("## What is never in a file"), re.MULTILINE)) == NEVER_TAKEN


def test_tells_the_fields_of_the_file_and_of_an_entry() -> None:
    """The frame around the kinds."""
    assert rows(section("## The file")) == fields(File)
    assert rows(section("## An entry")) == fields(Item)
    said = next(one for one in look.type_info(codec.KINDS["released"]).fields if one.name == "said")  # type: ignore[attr-defined]
    assert rows(section("### said")) == fields(said.type.cls)


def test_tells_format_version_and_limit() -> None:
    """The numbers on the page are those of the code."""
    assert f'`"{portable.FORMAT}"`' in PAGE
    assert f"version {portable.VERSION}" in PAGE
    assert f"{portable.MAX_BYTES // 1024**2} MB" in PAGE


def test_tells_every_column_of_the_table() -> None:
    """In order."""
    assert tuple(name for name, _ in rows(section("## Check-ins as a table"))) == COLUMNS
