"""Deleting one's space: the name is typed, the keys are destroyed, and what stays elsewhere is said first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.errors import BadInput
from toward.vault import erasing
from toward.web.page import Page
from toward.web.pages.yours import HOME

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def get(ctx: Context) -> Response:
    """Say what goes and what stays."""
    return ctx.render("yours/erase.html")


def post(ctx: Context) -> Response:
    """Delete it, forget it in this browser, and say that it is gone."""
    typed, name = ctx.form.line("name", required=False), ctx.who.name
    if typed.casefold() != name.casefold():
        raise BadInput(field="name", reason="other_name")
    if ctx.is_demo:
        return ctx.redirect(HOME)
    person = ctx.who.person
    erasing.erase(ctx.who)
    ctx.session = None
    ctx.cookies.drop_session()
    ctx.cookies.distrust(person)
    return ctx.render("yours/erased.html")


PAGE = Page("/settings/erase", get=get, post=post)
