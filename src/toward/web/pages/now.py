"""Home: how it is right now, one thing one could do, a pause, what waits, and what opened today.

While a pause runs there is one thing on this page: the pause.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.guide.gates import allowed
from toward.guide.suggestions import SUGGESTIONS
from toward.web.page import Page
from toward.web.pages.before import gates_of
from toward.web.pages.check_in import extra_today, is_together, opened_today
from toward.web.pages.remember import standing
from toward.web.suggestion import suggested, waiting_path

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.journal.projections import Pause
    from toward.web.context import Context


def get(ctx: Context) -> Response:
    """Show the page that opens on a good morning and on a bad evening."""
    life, together = ctx.who.life, is_together(ctx)
    pause = life.pauses.current(ctx.now_ms) if together else None
    if pause is not None and pause.phase == "running":
        return ctx.render("now/paused.html", pause=pause, until=ctx.times.at(pause.until_ms))
    step = suggested(ctx)
    looked = bool(life.checkins.today(ctx.now_ms, ctx.who.tz_min))
    waits = together and bool(life.invitations.waiting) and step.id != "open_invitation"
    return ctx.render(
        "now/home.html",
        together=together,
        ask=not looked and step.id != "pause_return",
        extra=extra_today(ctx),
        step=step if life.preferences.suggestions or step.id != "rest" else None,
        waiting=ctx.url(waiting_path(ctx)) if waits else "",
        opened=opened_today(ctx)[:1] if together else [],
        moments=together and standing(ctx).pair is not None,
        pause_over=step.id != "pause_return" and _has_to_return(ctx, pause),
        has_source=life.inner.chosen is not None,
    )


def _has_to_return(ctx: Context, pause: Pause | None) -> bool:
    """Say whether the time they named has come: to settle first does not hide it, what keeps them safe does."""
    if pause is None or pause.phase != "return" or pause.my_reply is not None:
        return False
    return allowed(SUGGESTIONS["pause_return"], gates_of(ctx)._replace(revved=False))


PAGE = Page("/", get=get)
