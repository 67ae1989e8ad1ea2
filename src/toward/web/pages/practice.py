"""A practice, step by step: a list that needs no script, or one step at a time as long as it lasts.

Those of Settle stand below ``/settle``, the others below ``/practice``; it is the same page. Some have a page of their
own (``library.PATHS``), and whoever comes here for one of those is led there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toward.errors import NotFound, SpaceClosed
from toward.guide.reading import fresh_check_in
from toward.journal.kinds import Invitation
from toward.web import settled
from toward.web.library import PATHS, path_of, practice_in
from toward.web.page import Page
from toward.web.pages.before import gate
from toward.web.threads import open_partner

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.practices.library import Practice
    from toward.web.context import Context

COMPANY: Final = "quiet_company"
REST_MS: Final = 12 * 3_600_000
"""So long after asking for company it can't be asked for again here: a second ask is a push."""


def practice_of(ctx: Context) -> Practice:
    """Return the practice of Settle that the address names. Raises ``NotFound`` for one that belongs elsewhere."""
    practice = practice_in(ctx)
    if practice.place != "settle" or practice.id in PATHS:
        raise NotFound
    return practice


def get(ctx: Context) -> Response:
    """Show a practice of Settle."""
    return show(ctx, practice_of(ctx), "/settle")


def get_other(ctx: Context) -> Response:
    """Show any other practice, or lead to where it is done."""
    practice = practice_in(ctx)
    if path_of(practice) != f"/practice/{ctx.path['practice']}":
        return ctx.redirect(path_of(practice))
    return show(ctx, practice, "/practices")


def show(ctx: Context, practice: Practice, without_partner: str) -> Response:
    """Show a practice; one for two asks first, the first time, whether it is hard or unsafe."""
    is_for_two = practice.company == "together"
    if is_for_two and open_partner(ctx) is None:
        return ctx.redirect(without_partner)
    asked = gate(ctx, "settle" if practice.place == "settle" else "turn") if is_for_two else None
    return asked or ctx.render(
        "practices/practice.html",
        practice=practice,
        told=practice.en,
        turns=any(step.who != "both" for step in practice.en.steps),
        wishes=ctx.who.life.preferences,
        not_fit=not_fit(ctx, practice),
        may_ask=practice.id == COMPANY and may_ask(ctx),
        asked=practice.id == COMPANY and bool(ctx.query.get("asked")),
        hands=practice.id == "hold_hands",
        company=practice.id == COMPANY,
    )


def not_fit(ctx: Context, practice: Practice) -> str:
    """Return the state of the body that a check-in which still counts told, if this does not suit it; else nothing.

    It is told beside the practice and stops nobody.
    """
    fresh = fresh_check_in(ctx.who.life, ctx.now_ms)
    state = fresh.body.body if fresh else None
    fits = state is None or state == "open" or practice.fits(state, alone=practice.company != "together")
    return "" if fits else str(state)


def post(ctx: Context) -> Response:
    """Keep that a practice of Settle was done; or ask for company."""
    practice = practice_of(ctx)
    if ctx.form.raw("do") == "ask" and practice.id == COMPANY:
        return ask(ctx)
    how = company_kept(ctx) if practice.id == COMPANY else how_it_is_done(practice)
    settled.keep(ctx, practice.id, how, minutes=practice.minutes)
    return ctx.redirect("/practices/done" if practice.measure == "threat" else "/settle/done")


def post_other(ctx: Context) -> Response:
    """Keep that another practice was done."""
    practice = practice_in(ctx)
    if practice.id in PATHS:
        raise NotFound
    settled.keep(ctx, practice.id, how_it_is_done(practice), minutes=practice.minutes)
    return ctx.redirect("/practices/done")


def how_it_is_done(practice: Practice) -> settled.How:
    """Return in what company it was done, as far as the practice says: what suits both is one's own."""
    if practice.company != "together":
        return "alone"
    return "together" if practice.room == "apart" else "one_room"


def company_kept(ctx: Context) -> settled.How:
    """Return how quiet company was kept: in one place; or each where they were, if the other came."""
    if not ctx.form.flag("apart"):
        return "one_room"
    return "together" if ctx.form.flag("met") else "alone"


def may_ask(ctx: Context) -> bool:
    """Whether nothing that the reader asked still waits or has just been answered."""
    return not any(ctx.now_ms - thread.at_ms < REST_MS for thread in ctx.who.life.invitations.sent)


def ask(ctx: Context) -> Response:
    """Ask for company without words: an invitation like any other, opened and answered in the partner's own time."""
    if open_partner(ctx) is None:
        raise SpaceClosed
    if may_ask(ctx):
        ctx.who.write(Invitation(door="reach", words=ctx.t("settle.shut.company_said")))
    return ctx.redirect("/settle/quiet-company", asked="1")


PAGES = [
    Page("/settle/{practice}", get=get, post=post),
    Page("/practice/{practice}", get=get_other, post=post_other),
]
