"""Reach: from the fear to one small ask that can be refused.

All steps are one form on one page, and the browser moves between them by fragments (``#step-4``): its own *Back*
works, nothing typed travels before the ask, and no address tells more than "Reach". Whether it is hard or unsafe opens
in place and is sent nowhere. What is written at the last of them is looked at on the way, and kept nowhere
(``softening``). The last step, reading it as if it came to oneself, is a script's (``reach.js``) or,
without one, the server's, which hands back everything that was typed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toward.errors import BadInput, NotFound, SpaceClosed
from toward.journal.kinds import Invitation, Reached
from toward.web.page import Page
from toward.web.pages.before import gate
from toward.web.pages.turn import kept_ask
from toward.web.softening import looked, writing
from toward.web.threads import open_partner, pause_until

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context

FIELDS: Final = ("fear", "offer", "imagined", "if_no", "ask")
MOST: Final = 1000


def get(ctx: Context) -> Response:
    """Show the steps, with what was typed before, or with an ask that was kept."""
    if ctx.problem or ctx.typed:
        return _steps(ctx, {})
    return gate(ctx, "turn") or _steps(ctx, {"ask": _kept(ctx)})


def _steps(ctx: Context, before: dict[str, str]) -> Response:
    values = {name: ctx.typed.get(name, before.get(name, "")) for name in FIELDS}
    return _show(ctx, "turn/reach.html", values)


def post(ctx: Context) -> Response:
    """Read it once more, change it, keep it, or send it."""
    if again := looked(ctx, "ask", get):
        return again
    go = ctx.form.choice("go", ("read", "change", "keep", "send"))
    values = {name: ctx.form.text(name, max=MOST, required=False) for name in FIELDS}
    if go == "change":
        return _steps(ctx, values)
    if go == "keep":
        if any(values.values()):
            ctx.who.write(_inner(values, None))
        return ctx.redirect("/turn", done="kept")
    if not values["ask"]:
        raise BadInput(field="ask", reason="empty")
    if go == "read":
        return _show(ctx, "turn/reach_read.html", values)
    if open_partner(ctx) is None:
        raise SpaceClosed
    sent = ctx.who.write(Invitation(door="reach", words=values["ask"]))
    ctx.who.write(_inner(values, sent.id))
    return ctx.redirect(f"/turn/thread/{sent.id.hex()}", done="sent")


def _inner(values: dict[str, str], invitation: bytes | None) -> Reached:
    fear, offer, imagined, if_no, ask = (values[name] for name in FIELDS)
    return Reached(fear=fear, offer=offer, imagined=imagined, if_no=if_no, ask=ask, invitation=invitation)


def _show(ctx: Context, template: str, values: dict[str, str]) -> Response:
    return ctx.render(
        template,
        values=values,
        has_company=open_partner(ctx) is not None,
        pause_until=pause_until(ctx),
        source=ctx.who.life.inner.source,
        writing=writing(ctx, "ask", FIELDS[:-1]),
    )


def _kept(ctx: Context) -> str:
    """The kept ask that the address names, to begin from."""
    wanted = ctx.query.get("from", "")
    if not wanted:
        return ""
    found = (kept_ask(entry) for entry in reversed(ctx.who.entries) if entry.id.hex() == wanted)
    ask = next(found, "")
    if not ask:
        raise NotFound
    return ask


PAGE = Page("/turn/reach", get=get, post=post)
