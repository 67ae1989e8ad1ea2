"""The story as data: what is told in ``story.toml``, checked when it is read."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from toward.errors import BadInput

FILE: Final = Path(__file__).parent / "story.toml"
DAYS: Final = 84

Who = Literal["mara", "lin"]
DayNumber = Annotated[int, Meta(ge=0, lt=DAYS)]
Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Told(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One event as it is told; ``write`` is an entry's body with references still in words."""

    on: DayNumber
    at: Clock
    who: Who
    write: dict[str, Any]
    name: str = ""


class Lines(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words beside check-ins, by how safe it felt, in the order in which they come up."""

    low: tuple[str, ...]
    mid: tuple[str, ...]
    high: tuple[str, ...]


class Story(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it. ``felt`` is a path of (day, felt safety) for each of the two."""

    people: dict[Who, str]
    felt: dict[Who, tuple[tuple[DayNumber, float], ...]]
    words: dict[Who, Lines]
    event: tuple[Told, ...]


@cache
def read_story(file: Path = FILE) -> Story:
    """Return the story. Raises ``BadInput`` that names what is wrong and where."""
    try:
        return msgspec.convert(tomllib.loads(file.read_text("utf-8")), Story)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadInput(f"{file.name}: {error}", field=file.name, reason=str(error)) from error
