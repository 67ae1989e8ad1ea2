"""Another passphrase; and "someone knows it": new keys, a new sheet, and everybody else signed out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.vault import rotation
from toward.web import strength
from toward.web.device_name import device_name
from toward.web.newcomer import SUGGESTION
from toward.web.own_secret import is_trusted, new_passphrase, own_secret
from toward.web.page import Page
from toward.web.pages.yours import HOME

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def change(ctx: Context) -> Response:
    """Ask for the old passphrase and a new one; afterwards, say that it is done."""
    if ctx.query.get("done") and not ctx.problem:
        return ctx.render("yours/changed.html")
    return _form(ctx, "yours/passphrase.html")


def changed(ctx: Context) -> Response:
    """Change it. All other sessions end."""
    if ctx.is_demo:
        return ctx.redirect(HOME)
    chosen, secret = new_passphrase(ctx), own_secret(ctx)
    rotation.change_passphrase(ctx.who, ctx.form.secret("passphrase-now"), chosen, secret)
    return ctx.redirect("/settings/passphrase", done="1")


def known(ctx: Context) -> Response:
    """Say what new keys do and do not do, and ask for the passphrases."""
    return _form(ctx, "yours/known.html")


def renew(ctx: Context) -> Response:
    """Make new keys and go on to the new sheet."""
    if ctx.is_demo:
        return ctx.redirect(HOME)
    was_trusted = is_trusted(ctx)
    name, label = ctx.who.name, device_name(ctx)
    chosen, secret = new_passphrase(ctx), own_secret(ctx)
    renewed = rotation.someone_knows(ctx.who, ctx.form.secret("passphrase-now"), chosen, secret, label)
    ctx.cookies.keep_session(renewed.token)
    if was_trusted:
        ctx.trust(renewed.device, name)
    return ctx.redirect("/settings/known/sheet")


def _form(ctx: Context, template: str) -> Response:
    suggested = ctx.form.raw(SUGGESTION)[:200] or strength.suggestion()
    return ctx.render(template, trusted=is_trusted(ctx), suggested=suggested)


PAGES = [
    Page("/settings/passphrase", get=change, post=changed),
    Page("/settings/known", get=known, post=renew),
]
