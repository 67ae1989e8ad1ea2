"""Opening one's space on any device, with the twelve words of the recovery sheet and the passphrase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.errors import WrongPassphrase
from toward.web.closed import closed
from toward.web.device_name import device_name
from toward.web.page import Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def get(ctx: Context) -> Response:
    """Ask for the words and the passphrase."""
    return ctx.render("person/recover.html", me=None) if ctx.vault.has_people() else closed(ctx)


def post(ctx: Context) -> Response:
    """Sign in, and trust this device if it is one's own."""
    sheet = ctx.form.secret("sheet")
    passphrase = ctx.form.secret("passphrase")
    if not ctx.vault.has_people():
        raise WrongPassphrase
    device = ctx.vault.recover(sheet)
    session, token = ctx.vault.sign_in(device, passphrase, label=device_name(ctx))
    ctx.sign_out_here()
    ctx.cookies.keep_session(token)
    if ctx.form.flag("trust"):
        ctx.trust(device, session.name)
    return ctx.redirect("/")


PAGE = Page("/recover", get=get, post=post, needs="nobody")
