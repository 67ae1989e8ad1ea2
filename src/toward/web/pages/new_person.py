"""The first person makes their space, by the setup link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.vault import pairing
from toward.web import strength
from toward.web.closed import closed, has_setup
from toward.web.newcomer import come_in, person_form
from toward.web.page import Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def get(ctx: Context) -> Response:
    """Ask for a name and a passphrase."""
    if ctx.session is not None:
        return ctx.redirect("/")
    if not has_setup(ctx):
        return closed(ctx)
    return person_form(ctx, place=ctx.t("start.step", n=1, total=2))


def post(ctx: Context) -> Response:
    """Make the person and go on to their sheet."""
    if not has_setup(ctx):
        return get(ctx)
    come_in(ctx, setup=ctx.cookies.setup)
    ctx.cookies.drop_setup()
    return ctx.redirect("/start/sheet")


def weigh(ctx: Context) -> Response:
    """Say how strong a passphrase is while it is typed, to somebody who is about to set one."""
    inviter = ""
    if ctx.session is None and not has_setup(ctx):
        inviter = pairing.who_invites(ctx.vault, ctx.form.raw("code")).name  # raises for a stranger
    found = strength.level(ctx.form.raw("passphrase"), (ctx.form.raw("name"), inviter))
    return ctx.json({"level": found, "words": ctx.t(f"person.strength.{strength.LEVELS[found]}")})


PAGES = [
    Page("/start/new", get=get, post=post, needs="nobody"),
    Page("/start/strength", post=weigh, needs="nobody"),
]
