"""What came from the partner: the hearing gate, the words, and an answer that keeps one's dignity.

"Not now" is a link and asks the server for nothing about it. Opening writes one private row, and nothing that its
author could ever see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from toward.errors import NotFound
from toward.journal.kinds import Answer, InvitationOpened, Reply
from toward.web import appointments
from toward.web.page import Page
from toward.web.softening import looked, writing
from toward.web.threads import asks_for_company, id_in, lines_of, thread_in

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context

REPLIES: Final[tuple[Reply, ...]] = get_args(Reply)
MOST: Final = 1000


def first(ctx: Context) -> Response:
    """Go to what has waited longest, or to Turn where nothing does."""
    waiting = ctx.who.life.invitations.waiting
    return ctx.redirect(f"/turn/open/{waiting[0].hex()}" if waiting else "/turn")


def look(ctx: Context) -> Response:
    """Ask first whether anything can be taken in right now; show the words once the answer was yes."""
    invitation = id_in(ctx)
    if invitation in ctx.who.life.invitations.waiting:
        return ctx.render("turn/open.html")
    if thread_in(ctx).mine:
        return ctx.redirect(f"/turn/thread/{ctx.path['id']}")
    return show(ctx)


def take_in(ctx: Context) -> Response:
    """Open it."""
    invitation = id_in(ctx)
    if invitation in ctx.who.life.invitations.waiting:
        ctx.who.write(InvitationOpened(invitation=invitation))
    return ctx.redirect(f"/turn/open/{ctx.path['id']}")


def show(ctx: Context) -> Response:
    """Show the words and the ways to answer."""
    thread = thread_in(ctx)
    if thread.mine:
        raise NotFound
    talk_at_ms = thread.body.talk_at_ms or 0
    return ctx.render(
        "turn/answer.html",
        id=thread.id.hex(),
        lines=lines_of(ctx, thread),
        talk_at=ctx.times.said(talk_at_ms) if talk_at_ms > ctx.now_ms else "",
        days=appointments.days(ctx, appointments.DAYS_TO_TALK),
        clock=appointments.clock_in_doubt(ctx),
        writing=writing(ctx, "words"),
    )


def reply(ctx: Context) -> Response:
    """Send an answer. "At the time you named" is theirs; any other time is typed."""
    thread = thread_in(ctx)
    if thread.mine:
        raise NotFound
    if again := looked(ctx, "words", show):
        return again
    then = ctx.form.raw("reply") == "yes_then"
    chosen: Reply = "yes_at" if then else ctx.form.choice("reply", REPLIES)
    words = ctx.form.text("words", max=MOST, required=chosen == "own")
    at_ms = None
    if then:
        at_ms = thread.body.talk_at_ms
    elif chosen in {"yes_at", "cant_yet"}:
        at_ms = appointments.named(ctx, ctx.form, typed_only=True)
    ctx.who.write(Answer(invitation=thread.id, reply=chosen, words=words, at_ms=at_ms))
    if chosen == "yes_now" and asks_for_company(ctx, thread):
        return ctx.redirect("/settle/quiet-company")
    if chosen == "yes_now":
        return ctx.redirect(f"/turn/meet/{thread.id.hex()}")
    return ctx.redirect(f"/turn/thread/{thread.id.hex()}", done="answered")


PAGES = [
    Page("/turn/open", get=first, needs="couple"),
    Page("/turn/open/{id}", get=look, post=take_in, needs="couple"),
    Page("/turn/answer/{id}", get=show, post=reply, needs="couple"),
]
