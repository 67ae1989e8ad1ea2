"""The steps to trust on each kind of device, read from the catalogue of what their systems call things."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, Literal

import msgspec
from msgspec import Struct

from toward.catalogue.book import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable

ARROW, ON, TICK = " >", " on", " tick"
MARKS: Final = {ARROW: "arrow", ON: "on", TICK: "tick"}


class Row(Struct, frozen=True):
    """A line of a drawn screen. *mark* is "arrow", "on", "tick" or nothing."""

    text: str
    mark: str = ""


class Screen(Struct, frozen=True, forbid_unknown_fields=True):
    """What a drawing shows: a list of settings, or a dialog that asks; the row under the finger is *press*."""

    title: str
    rows: tuple[str, ...]
    press: int
    kind: Literal["list", "dialog"] = "list"

    def drawn(self, fill: Callable[[str], str]) -> tuple[Row, ...]:
        """Return the rows with what *fill* knows filled in, and their marks apart."""
        return tuple(_row(fill(row)) for row in self.rows)


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to do: the words under ``trust.step.<say>``, what the system calls it, and its drawing."""

    say: str
    label: str = ""
    screen: Screen | None = None


class System(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of device."""

    key: str
    name: str
    marks: tuple[str, ...]
    file: Literal["profile", "certificate"]
    frame: Literal["phone", "window"]
    browser: str
    step: tuple[Step, ...]


class _File(Struct, forbid_unknown_fields=True):
    system: tuple[System, ...]


@cache
def systems(language: str) -> dict[str, System]:
    """Return every kind of device by its key, in the order in which they are looked for."""
    data = (FOLDER / language / "systems.toml").read_bytes()
    return {one.key: one for one in msgspec.toml.decode(data, type=_File).system}


def system_of(browser: str, language: str) -> System:
    """Return the kind of device that *browser* (as it calls itself) runs on; the first where it does not say."""
    known = systems(language)
    if "Firefox" in browser and "Android" not in browser:
        return known["linux"]  # Firefox keeps its own list of whom to trust, on every computer
    return next((one for one in known.values() if any(mark in browser for mark in one.marks)), known["apple"])


def _row(text: str) -> Row:
    for ending, mark in MARKS.items():
        if text.endswith(ending):
            return Row(text.removesuffix(ending), mark)
    return Row(text)
