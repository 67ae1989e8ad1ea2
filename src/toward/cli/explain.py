"""What Toward raises on purpose, as a terminal says it: what was wrong, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.errors import BadInput

if TYPE_CHECKING:
    from toward.errors import TowardError


def explain(error: TowardError) -> str:
    """Return the error's own words where it has some; otherwise the catalogue's for its reason or its kind."""
    from toward.catalogue import Catalogue

    own = str(error)
    if own and own != error.__class__.__doc__:
        return own
    english = Catalogue.load("en")
    reason = f"web.field.{error.reason}" if isinstance(error, BadInput) else ""
    if reason in english:
        return english.words(reason, **error.details)
    title, way_out = (english.words(f"error.{error.key}.{part}", **error.details) for part in ("title", "way_out"))
    return f"{title}. {way_out}"
