"""Leaving quickly, and coming back.

"Leave quickly" is a plain link here, and a script (``exit.js``) where there are scripts. For an hour this browser then
shows an empty page at every address of Toward, so that *Back* leads nowhere either. Nobody is signed out: it hides, it
does not lock. It can't hide the browser's own history list, the address in the bar, other open tabs or what a watched
device reports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

from toward.web.page import Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def leave(ctx: Context) -> Response:
    """Empty this browser's window and every page behind it."""
    ctx.cookies.go_away()
    return RedirectResponse("/", 303)  # not ``ctx.url``: leaving the look-around leaves all of it


def come_back(ctx: Context) -> Response:
    """Open again, on purpose."""
    ctx.cookies.come_back()
    return RedirectResponse("/", 303)


PAGES = [
    Page("/leave", get=leave, needs="nobody", hides=False),
    Page("/back", get=come_back, needs="nobody", hides=False),
]
