"""Small agreements: written down, kept, moved, repaired or let go.

Nothing here counts, and a day that has passed says nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

from toward.errors import NotFound
from toward.journal.kinds import Agreement, AgreementChanged
from toward.web import appointments
from toward.web.page import Page
from toward.web.softening import looked, writing
from toward.web.threads import id_in, open_partner, small, thread_in

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.journal.projections import Agreed
    from toward.web.context import Context

Change = Literal["kept", "moved", "repaired", "let_go"]
MOST: Final = 1000
DAYS: Final = 28
CHANGES: Final[tuple[Change, ...]] = get_args(Change)


def new(ctx: Context) -> Response:
    """Ask for one small thing, if they like."""
    return ctx.render(
        "turn/agree.html",
        met=ctx.query.get("met") == "1",
        days=appointments.days(ctx, DAYS),
        writing=writing(ctx, "words"),
    )


def new_of_thread(ctx: Context) -> Response:
    """Ask for what comes out of an invitation."""
    thread_in(ctx)
    return new(ctx)


def agree(ctx: Context) -> Response:
    """Keep it for both."""
    return looked(ctx, "words", new) or _agree(ctx, None)


def agree_of_thread(ctx: Context) -> Response:
    """Keep it for both, as part of the thread."""
    return looked(ctx, "words", new_of_thread) or _agree(ctx, thread_in(ctx).id)


def _agree(ctx: Context, invitation: bytes | None) -> Response:
    words = ctx.form.text("words", max=MOST)
    ctx.who.write(Agreement(invitation=invitation, words=words, day=appointments.named_day(ctx, ctx.form)))
    return ctx.redirect(f"/turn/thread/{invitation.hex()}" if invitation else "/turn")


def get(ctx: Context) -> Response:
    """Show one agreement, and what can become of it."""
    agreed = _agreed(ctx)
    return ctx.render(
        "turn/agreement.html",
        agreed=small(ctx, [agreed])[0],
        thread=agreed.invitation.hex() if agreed.invitation else "",
        days=appointments.days(ctx, DAYS),
        can_change=agreed.open and open_partner(ctx) is not None,
    )


def change(ctx: Context) -> Response:
    """Say what became of it; either of the two may."""
    agreed = _agreed(ctx)
    to = ctx.form.choice("to", CHANGES)
    day = appointments.named_day(ctx, ctx.form, required=True) if to == "moved" else None
    ctx.who.write(AgreementChanged(agreement=agreed.id, to=to, day=day))
    return ctx.redirect("/turn")


def _agreed(ctx: Context) -> Agreed:
    agreed = ctx.who.life.agreements.agreed(id_in(ctx))
    if agreed is None:
        raise NotFound
    return agreed


PAGES = [
    Page("/turn/agree", get=new, post=agree, needs="couple"),
    Page("/turn/agree/{id}", get=new_of_thread, post=agree_of_thread, needs="couple"),
    Page("/turn/agreement/{id}", get=get, post=change, needs="couple"),
]
