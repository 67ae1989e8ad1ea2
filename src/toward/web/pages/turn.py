"""Turn: two doors, what waits, and what was said between the two.

It looks the same to somebody who said they are afraid as to anybody else: this page is seen over shoulders. That
something was opened changes no byte of the page of whoever sent it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toward.journal.kinds import Reached
from toward.web.page import Page
from toward.web.threads import current_threads, open_partner, pause_until, small

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.responses import Response

    from toward.journal.kinds import Entry
    from toward.web.context import Context

EARLIER: Final = 30
KEPT: Final = 5


def get(ctx: Context) -> Response:
    """Show the doors, and under them what there is."""
    life = ctx.who.life
    threads = current_threads(ctx)
    waiting = life.invitations.waiting
    done = ctx.query.get("done", "")
    return ctx.render(
        "turn/home.html",
        has_company=open_partner(ctx) is not None,
        closed=_closed(ctx, said=bool(threads or life.agreements.open)),
        pause_until=pause_until(ctx),
        waiting=waiting[0].hex() if waiting and open_partner(ctx) else "",
        recent=[thread for thread in threads if thread.recent],
        earlier=[thread for thread in threads if not thread.recent][:EARLIER],
        ahead=small(ctx, life.agreements.open),
        kept=list(_kept(ctx)),
        source=life.inner.source,
        done=done if done in {"kept", "taken_back"} else "",
    )


def _closed(ctx: Context, *, said: bool) -> str:
    """Return what is true of a shared space that was left; empty where there is none, or it is open."""
    if ctx.who.partner is None or open_partner(ctx) is not None:
        return ""
    couple = ctx.who.couple
    if not (couple and couple.keys):
        return "closed_forgotten"
    return "closed" if said else "closed_empty"


def _kept(ctx: Context) -> Iterator[tuple[str, str]]:
    """The newest asks that were written and not sent, as (id, words)."""
    found = 0
    for entry in reversed(ctx.who.entries):
        ask = kept_ask(entry)
        if ask and found < KEPT:
            found += 1
            yield entry.id.hex(), ask


def kept_ask(entry: Entry) -> str:
    """Return the ask that an entry keeps for its writer alone; empty for any other entry."""
    body = entry.body
    return body.ask if isinstance(body, Reached) and body.invitation is None else ""


PAGE = Page("/turn", get=get)
