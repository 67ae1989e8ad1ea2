"""One thread: what was asked, what was answered and what was agreed. Taking one's own back, and one's own care."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.errors import NotFound
from toward.journal.kinds import InvitationWithdrawn
from toward.web.page import Page
from toward.web.threads import care_of, open_partner, show, thread_in

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.journal.projections import Thread
    from toward.web.context import Context
    from toward.web.threads import Care


def get(ctx: Context) -> Response:
    """Show the thread, and the one next thing it leads to."""
    thread = thread_in(ctx)
    done = ctx.query.get("done", "")
    return ctx.render(
        "turn/thread.html",
        thread=show(ctx, thread),
        has_company=open_partner(ctx) is not None,
        plan=thread.reached.if_no if thread.reached else "",
        done=done if done in {"sent", "answered"} else "",
    )


def take_back(ctx: Context) -> Response:
    """Take one's own back while it is unanswered. What has an answer stays, and the page says so."""
    thread = thread_in(ctx)
    if not thread.mine:
        raise NotFound
    if thread.answers:
        return ctx.redirect(f"/turn/thread/{thread.id.hex()}")
    ctx.who.write(InvitationWithdrawn(invitation=thread.id))
    return ctx.redirect("/turn", done="taken_back")


def care(ctx: Context) -> Response:
    """Show one's own care after a no or a silence: what one wanted to do for oneself, and no way to ask again."""
    thread = thread_in(ctx)
    why = care_of(thread, ctx.now_ms)
    if why is None:
        return ctx.redirect(f"/turn/thread/{thread.id.hex()}")
    return _care(ctx, thread, why)


def care_now(ctx: Context) -> Response:
    """Show it for the newest that needs it, or go where care is for everybody."""
    found = ((thread, care_of(thread, ctx.now_ms)) for thread in ctx.who.life.invitations.sent)
    return next((_care(ctx, thread, why) for thread, why in found if why), ctx.redirect("/within/care"))


def _care(ctx: Context, thread: Thread, why: Care) -> Response:
    return ctx.render("turn/care.html", why=why, plan=thread.reached.if_no if thread.reached else "")


PAGES = [
    Page("/turn/thread/{id}", get=get, needs="couple"),
    Page("/turn/take-back/{id}", get=get, post=take_back, needs="couple"),
    Page("/turn/care", get=care_now),
    Page("/turn/care/{id}", get=care, needs="couple"),
]
