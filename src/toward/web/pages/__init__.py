"""Every page, one file per thing a person does. A page that is not in ``pages()`` does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toward.web.page import Page


def pages() -> list[Page]:
    """Return all pages. Order matters only where one path would match another's pattern."""
    from toward.web.pages import (
        add_device,
        away,
        before,
        check_in,
        join,
        ladder,
        leave_shared,
        lock,
        look,
        moments,
        new_person,
        now,
        offline,
        one_phone,
        open_setup,
        pair,
        recover,
        sign_in,
        start,
        within,
    )

    return [
        *add_device.PAGES,
        *away.PAGES,
        *before.PAGES,
        *check_in.PAGES,
        *join.PAGES,
        *ladder.PAGES,
        leave_shared.PAGE,
        *lock.PAGES,
        look.PAGE,
        moments.PAGE,
        *new_person.PAGES,
        now.PAGE,
        offline.PAGE,
        one_phone.PAGE,
        open_setup.PAGE,
        *pair.PAGES,
        recover.PAGE,
        sign_in.PAGE,
        start.PAGE,
        *within.PAGES,
    ]
