"""Meet: one speaks, the other says it back, and then they swap.

The written guide is the whole of it, on one phone or none. Where both have the page open, ``meet.js`` lets the couple's
room lead both phones through the same turn; or the one phone that lies between them, which names whose turn it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.practices.library import load_library
from toward.web.page import Page
from toward.web.pages.before import gate
from toward.web.threads import open_partner, thread_in

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def of_thread(ctx: Context) -> Response:
    """Meet over an invitation."""
    return _meet(ctx, thread_in(ctx).id.hex())


def get(ctx: Context) -> Response:
    """Meet over nothing in particular, such as after a pause."""
    return _meet(ctx, "")


def _meet(ctx: Context, invitation: str) -> Response:
    return gate(ctx, "turn") or ctx.render(
        "turn/meet.html",
        practice=load_library()["meet"].en,
        is_live=open_partner(ctx) is not None,
        stop=ctx.url(f"/turn/agree/{invitation}" if invitation else "/turn/agree", met="1"),
    )


PAGES = [
    Page("/turn/meet", get=get, needs="couple"),
    Page("/turn/meet/{id}", get=of_thread, needs="couple"),
]
