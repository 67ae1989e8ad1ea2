"""Deleting one's space: the name and the passphrase are typed, the keys destroyed; what stays elsewhere is said first.

A phone that lies open is not enough: there is no way back from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.errors import BadInput
from toward.vault import erasing
from toward.web.own_secret import is_trusted, own_secret, prove
from toward.web.page import Page
from toward.web.pages.yours import HOME

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def get(ctx: Context) -> Response:
    """Say what goes and what stays."""
    return ctx.render("yours/erase.html", trusted=is_trusted(ctx))


def post(ctx: Context) -> Response:
    """Delete it, forget it in this browser, and say that it is gone."""
    typed, name = ctx.form.line("name", required=False), ctx.who.name
    if typed.casefold() != name.casefold():
        raise BadInput(field="name", reason="other_name")
    if ctx.is_demo:
        return ctx.redirect(HOME)
    prove(ctx, own_secret(ctx))
    person = ctx.who.person
    erasing.erase(ctx.who)
    ctx.session = None
    ctx.cookies.drop_session()
    ctx.cookies.distrust(person)
    return ctx.render("yours/erased.html")


PAGE = Page("/settings/erase", get=get, post=post)
