"""The way back in after a pause: what I did, what it was like for you, what I did not see, what next.

It is a guide to be read out. One phone is enough, and so is none but one's own: nothing here waits for the other, and
nothing that is noted leaves its writer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toward.journal.kinds import WayBack
from toward.web.page import Page
from toward.web.pages.before import gate
from toward.web.threads import open_partner

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context

FIELDS: Final = ("did", "like", "missed", "next")
MOST: Final = 1000


def get(ctx: Context) -> Response:
    """Show the four steps."""
    asked = None if ctx.problem else gate(ctx, "turn")
    return asked or ctx.render("pause/back.html", fields=FIELDS, has_company=open_partner(ctx) is not None)


def post(ctx: Context) -> Response:
    """Keep what was noted, if anything was."""
    notes = WayBack(**{name: ctx.form.text(name, max=MOST, required=False) for name in FIELDS})
    if notes != WayBack():
        ctx.who.write(notes)
    return ctx.redirect("/pause/back/done")


def done(ctx: Context) -> Response:
    """Say that it is enough."""
    return ctx.render("pause/back_done.html", has_company=open_partner(ctx) is not None)


PAGES = [
    Page("/pause/back", get=get, post=post),
    Page("/pause/back/done", get=done),
]
