"""Joining by six words: type them, see who invites and what each can read, agree, and (if new) make a space.

One address, three screens, each the answer to the form before it; the words travel in the form and never in an address.
Somebody who is signed in already only agrees.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from toward.errors import BadInput, CodeSpent, Conflict
from toward.vault import pairing
from toward.web.closed import closed
from toward.web.newcomer import called, come_in, person_form
from toward.web.page import PAIR_PATH, Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def get(ctx: Context) -> Response:
    """Ask for the words, or go back to the screen whose form did not fit."""
    if not ctx.vault.has_people():
        return closed(ctx)
    code = ctx.typed.get("code")
    try:
        inviter = pairing.who_invites(ctx.vault, code).name
    except (BadInput, CodeSpent):
        return ctx.render("pair/code.html", called=called(ctx))
    if ctx.typed.get("step") == "person" and ctx.session is None:
        return person_form(ctx, place=ctx.t("pair.step", n=2, total=3), code=code, inviter=inviter)
    return consent(ctx, code, inviter)


def post(ctx: Context) -> Response:
    """Take the next step with the words that were typed."""
    code = ctx.form.line("code", max=300)
    inviter = pairing.who_invites(ctx.vault, code).name
    step = ctx.form.maybe("step", ("agree", "person"))
    if step is None:
        return consent(ctx, code, inviter)
    if ctx.session is not None:
        pairing.accept(ctx.who, code)
        return ctx.redirect(PAIR_PATH)
    if step == "agree":
        return person_form(ctx, place=ctx.t("pair.step", n=2, total=3), code=code, inviter=inviter)
    arrival = come_in(ctx, invite=code, inviter=inviter)
    # Their space is made and its sheet has to be seen, whatever became of the invitation in this very second.
    with contextlib.suppress(CodeSpent, Conflict):
        pairing.accept(arrival.session, code)
    return ctx.redirect("/join/sheet")


def consent(ctx: Context, code: str, inviter: str) -> Response:
    """Show who invites, and what each of the two will be able to read."""
    return ctx.render(
        "pair/consent.html",
        code=code,
        inviter=inviter,
        called=called(ctx),
        place="" if ctx.session else ctx.t("pair.step", n=1, total=3),
        known_here=ctx.session is None and bool(ctx.cookies.people),
    )


def signed_in_first(ctx: Context) -> Response:
    """Agree as somebody who has a space here: signing in carries the words along (see ``carry``)."""
    code = ctx.form.line("code", max=300)
    return consent(ctx, code, pairing.who_invites(ctx.vault, code).name)


def to_code(ctx: Context) -> Response:
    """Ask for the words again."""
    return ctx.redirect("/join")


PAGES = [
    Page("/join", get=get, post=post, needs="nobody"),
    Page("/join/signed-in", get=to_code, post=signed_in_first),
]
