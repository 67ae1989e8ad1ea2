"""Every page, one file per thing a person does. A page that is not in ``pages()`` does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toward.web.page import Page


def pages() -> list[Page]:
    """Return all pages. Order matters only where one path would match another's pattern."""
    from toward.web.pages import away, before, offline, open_setup

    return [
        *away.PAGES,
        *before.PAGES,
        offline.PAGE,
        open_setup.PAGE,
    ]
