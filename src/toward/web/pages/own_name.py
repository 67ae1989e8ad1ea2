"""What one is called here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.journal.kinds import Named
from toward.vault.identity import MAX_NAME, check_name
from toward.web.page import Page
from toward.web.pages.yours import saved

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def get(ctx: Context) -> Response:
    """Ask for the name."""
    return ctx.render("yours/name.html", most=MAX_NAME)


def post(ctx: Context) -> Response:
    """Keep it, here and among the people of this device; the partner hears of it at once if there is one."""
    name = check_name(ctx.form.line("name", max=MAX_NAME))
    if name != ctx.who.name:
        ctx.who.write(Named(name=name))
        ctx.who.refresh()
        device = ctx.device_of(ctx.who.person)
        if device is not None:
            ctx.trust(device, name)
    return saved(ctx)


PAGE = Page("/settings/name", get=get, post=post)
