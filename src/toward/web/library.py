"""The practices as pages show them: the shipped ones, those dropped into the data folder, and where each is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toward.errors import NotFound
from toward.practices.shelf import whole_library

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toward.practices.library import Practice
    from toward.web.context import Context

PATHS: Final[Mapping[str, str]] = {
    "breathe_alone": "/settle/alone",
    "breathe_together": "/settle/together",
    "meet": "/turn/meet",
    "remember": "/remember",
    "own_care": "/within/care",
    "three_breaths": "/within/three-breaths",
}
"""Practices that have a page of their own."""


def library_of(ctx: Context) -> Mapping[str, Practice]:
    """Return every practice there is here."""
    return whole_library(ctx.vault.folder)


def path_of(practice: Practice) -> str:
    """Return where a practice is done."""
    slug = practice.id.replace("_", "-")
    return PATHS.get(practice.id) or (f"/settle/{slug}" if practice.place == "settle" else f"/practice/{slug}")


def practice_in(ctx: Context) -> Practice:
    """Return the practice that the address names. Raises ``NotFound`` for none."""
    found = library_of(ctx).get(ctx.path["practice"].replace("-", "_"))
    if found is None:
        raise NotFound
    return found
