"""Every page, one file per thing a person does. A page that is not in ``pages()`` does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toward.web.page import Page


def pages() -> list[Page]:
    """Return all pages. Order matters only where one path would match another's pattern."""
    from toward.web.pages import (
        add_device,
        agreement,
        away,
        before,
        breathe,
        check_in,
        come_back,
        invitation,
        join,
        ladder,
        leave_shared,
        lock,
        look,
        meet,
        moments,
        new_person,
        now,
        offline,
        one_phone,
        open_setup,
        pair,
        pause,
        practice,
        reach,
        recover,
        remember,
        settle,
        sign_in,
        start,
        thread,
        turn,
        within,
    )

    return [
        *add_device.PAGES,
        *agreement.PAGES,
        *away.PAGES,
        *before.PAGES,
        *breathe.PAGES,
        *check_in.PAGES,
        come_back.PAGE,
        *invitation.PAGES,
        *join.PAGES,
        *ladder.PAGES,
        leave_shared.PAGE,
        *lock.PAGES,
        look.PAGE,
        *meet.PAGES,
        moments.PAGE,
        *new_person.PAGES,
        now.PAGE,
        offline.PAGE,
        one_phone.PAGE,
        open_setup.PAGE,
        *pair.PAGES,
        *pause.PAGES,
        reach.PAGE,
        recover.PAGE,
        *remember.PAGES,
        *settle.PAGES,
        *practice.PAGES,  # its pattern would match the pages of settle
        sign_in.PAGE,
        start.PAGE,
        *thread.PAGES,
        turn.PAGE,
        *within.PAGES,
    ]
