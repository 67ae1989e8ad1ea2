"""Tagging a moment to the dance in two taps: it happened, or a way out was found, and which.

That it happened is kept for its writer and counted nowhere. A way out is kept for its writer, too, unless they show it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toward.errors import BadInput
from toward.guide.frightening import is_frightening
from toward.journal.kinds import DanceExit, DanceMoment
from toward.web.page import Page
from toward.web.pages.before import gates_of
from toward.web.pages.dance import exits_of, name_of
from toward.web.threads import open_partner

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context

LONGEST: Final = 120
SHOWN: Final = 6


def happened(ctx: Context) -> Response:
    """Keep that it happened."""
    ctx.who.write(DanceMoment(what="happened"))
    return ctx.redirect("/ours/dance/happened")


def after(ctx: Context) -> Response:
    """Say that it was seen, and what could come next."""
    return ctx.render(
        "dance/happened.html", name=name_of(ctx), shut=gates_of(ctx).shut, has_company=open_partner(ctx) is not None
    )


def ask_exit(ctx: Context) -> Response:
    """Ask which way out it was: one that helped before, or another."""
    return ctx.render(
        "dance/exit.html",
        name=name_of(ctx),
        exits=exits_of(ctx)[:SHOWN],
        longest=LONGEST,
        has_company=open_partner(ctx) is not None,
    )


def keep_exit(ctx: Context) -> Response:
    """Keep it, and show it to both where its writer says so."""
    known = ctx.form.line("which", required=False)
    words = known or ctx.form.line("words", max=LONGEST)
    if is_frightening(words):
        raise BadInput(field="words", reason="dance")
    ctx.who.write(DanceMoment(what="exit", words=words))
    if ctx.form.flag("show") and open_partner(ctx) is not None and not _is_shown(ctx, words):
        ctx.who.write(DanceExit(words=words))
    return ctx.redirect("/ours/dance")


def _is_shown(ctx: Context, words: str) -> bool:
    return any(way.words == words for way in ctx.who.life.couple.dance.exits)


PAGES = [
    Page("/ours/dance/happened", get=after, post=happened),
    Page("/ours/dance/exit", get=ask_exit, post=keep_exit),
]
