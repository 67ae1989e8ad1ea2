"""What goes together with better days: the reader's own days, out of what they may read, and how sure that is.

By name, so that nothing is ranked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.web.better_days import WIDTH, shown
from toward.web.page import Page
from toward.web.reckoned import reckon

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def get(ctx: Context) -> Response:
    """Show what is known. Whoever is afraid sees what somebody sees of whom there is nothing to say yet."""
    found = reckon(ctx, whole=True)
    answer = found.answer if found.state == "told" else None
    effects = sorted(shown(answer.effects), key=lambda one: ctx.t(f"better.what.{one.practice}")) if answer else []
    guesses = sorted(ctx.t(f"better.what.{name}") for name in answer.guesses) if answer else []
    state = "few" if found.state in {"nothing", "told"} else found.state
    return ctx.render(
        "ours/better_days.html",
        state="" if effects or guesses else state,
        effects=effects,
        guesses=guesses,
        width=WIDTH,
        has_company=ctx.who.partner is not None,
    )


PAGE = Page("/ours/better-days", get=get)
