"""A practice of Settle, step by step: a list that needs no script, or one step at a time as long as it lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toward.errors import NotFound, SpaceClosed
from toward.journal.kinds import Invitation
from toward.practices.library import load_library
from toward.web import settled
from toward.web.page import Page
from toward.web.pages.before import gate
from toward.web.pages.settle import PATHS
from toward.web.threads import open_partner

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.practices.library import Practice
    from toward.web.context import Context

COMPANY: Final = "quiet_company"
REST_MS: Final = 12 * 3_600_000
"""So long after asking for company it can't be asked for again here: a second ask is a push."""


def practice_of(ctx: Context) -> Practice:
    """Return the practice that the address names. Raises ``NotFound`` for one that does not belong here."""
    practice = load_library().get(ctx.path["practice"].replace("-", "_"))
    if practice is None or practice.place != "settle" or practice.id in PATHS:
        raise NotFound
    return practice


def get(ctx: Context) -> Response:
    """Show a practice; one for two asks first, the first time, whether it is hard or unsafe."""
    practice = practice_of(ctx)
    is_for_two = practice.company == "together"
    if is_for_two and open_partner(ctx) is None:
        return ctx.redirect("/settle")
    asked = gate(ctx, "settle") if is_for_two else None
    return asked or ctx.render(
        "settle/practice.html",
        practice=practice,
        told=practice.en,
        may_ask=practice.id == COMPANY and may_ask(ctx),
        asked=practice.id == COMPANY and bool(ctx.query.get("asked")),
        hands=practice.id == "hold_hands",
    )


def post(ctx: Context) -> Response:
    """Keep that it was done; or ask for company."""
    practice = practice_of(ctx)
    if ctx.form.raw("do") == "ask" and practice.id == COMPANY:
        return ask(ctx)
    how: settled.How = "one_room" if practice.company == "together" else "alone"
    settled.keep(ctx, practice.id, how, minutes=practice.minutes)
    return ctx.redirect("/settle/done")


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


PAGES = [Page("/settle/{practice}", get=get, post=post)]
