"""Within: one's own source, the six steps, words to recognise, and the practices for one that belong here.

A practice is a list of things to do that needs no script; with one, its steps come one at a time, each as long as it
lasts. Doing it is kept for oneself. Nothing here counts days, and none that was left out is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toward.errors import NotFound
from toward.journal.kinds import Settled
from toward.practices.library import load_library
from toward.web.page import Page
from toward.web.pages.dance import FEARS, REACTIONS

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.practices.library import Practice
    from toward.web.context import Context

CARE: Final = "own_care"
"""The practice at ``/within/care``: it stands beside the help lines."""


def home(ctx: Context) -> Response:
    """Show what is here, and what was found last time."""
    inner = ctx.who.life.inner
    return ctx.render("within/home.html", source=inner.source, last=inner.steps)


def know(ctx: Context) -> Response:
    """Show fears and reactions, as words to recognise oneself by."""
    return ctx.render("within/know.html", fears=FEARS, reactions=REACTIONS)


def practice_of(ctx: Context) -> Practice:
    """Return the practice that the address names. Raises ``NotFound`` for one that does not belong here."""
    practice = load_library().get(ctx.path["practice"].replace("-", "_"))
    if practice is None or practice.place != "within":
        raise NotFound
    return practice


def get(ctx: Context) -> Response:
    """Show a practice."""
    return ctx.render("within/practice.html", practice=practice_of(ctx))


def post(ctx: Context) -> Response:
    """Keep that it was done."""
    return _keep(ctx, practice_of(ctx))


def care(ctx: Context) -> Response:
    """Show one's own care, and who to call."""
    return ctx.render("within/care.html", practice=load_library()[CARE])


def care_done(ctx: Context) -> Response:
    """Keep that one looked after oneself."""
    return _keep(ctx, load_library()[CARE])


def kept(ctx: Context) -> Response:
    """Say that it was for them."""
    return ctx.render("within/kept.html")


def _keep(ctx: Context, practice: Practice) -> Response:
    ctx.who.write(Settled(practice=practice.id, how="alone", minutes=practice.minutes))
    return ctx.redirect("/within/kept")


PAGES = [
    Page("/within", get=home),
    Page("/within/care", get=care, post=care_done),
    Page("/within/kept", get=kept),
    Page("/within/fears", get=know),
]
PRACTICES = [Page("/within/{practice}", get=get, post=post)]
"""Their pattern would match the other pages of Within."""
