"""Putting something of one's own out of sight: a wrong tap, or words that somebody else might find."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toward.errors import NotFound
from toward.journal.kinds import Connection, Frightened, LifeEvent, NotCome, PutAway, Sign
from toward.web.page import Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context

KINDS: Final = (Connection, NotCome, Sign, Frightened, LifeEvent)
BACK: Final = ("/ours/connection", "/ours/shown", "/ours/life")


def post(ctx: Context) -> Response:
    """Put it away, and go back to where it stood."""
    id_ = ctx.form.identity("entry")
    to = ctx.form.choice("to", BACK)
    mine = next((one for one in ctx.who.entries if one.id == id_ and one.mine and not one.shared), None)
    if mine is None or not isinstance(mine.body, KINDS):
        raise NotFound
    ctx.who.write(PutAway(entry=id_))
    return ctx.redirect(to)


PAGE = Page("/ours/put-away", post=post)
