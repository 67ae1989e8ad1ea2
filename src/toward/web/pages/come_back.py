"""Come back: "I went quiet. I have not left. I can talk at …", for the one who withdrew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toward.errors import SpaceClosed
from toward.journal.kinds import Invitation
from toward.web import appointments
from toward.web.page import Page
from toward.web.pages.before import gate
from toward.web.softening import looked, writing
from toward.web.threads import open_partner, pause_until

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context

MOST: Final = 1000


def get(ctx: Context) -> Response:
    """Show the sentence, and ask for the time."""
    if open_partner(ctx) is None:
        return ctx.render("turn/come_back_alone.html")
    stopped = None if ctx.problem or ctx.typed else gate(ctx, "turn")
    return stopped or ctx.render(
        "turn/come_back.html",
        times=appointments.offered(ctx),
        days=appointments.days(ctx, appointments.DAYS_TO_TALK),
        clock=appointments.clock_in_doubt(ctx),
        pause_until=pause_until(ctx),
        writing=writing(ctx, "words"),
    )


def post(ctx: Context) -> Response:
    """Tell the partner."""
    if again := looked(ctx, "words", get):
        return again
    if open_partner(ctx) is None:
        raise SpaceClosed
    talk_at_ms = appointments.named(ctx, ctx.form)
    words = ctx.form.text("words", max=MOST, required=False)
    sent = ctx.who.write(Invitation(door="come_back", words=words, talk_at_ms=talk_at_ms))
    return ctx.redirect(f"/turn/thread/{sent.id.hex()}", done="sent")


PAGE = Page("/turn/come-back", get=get, post=post)
