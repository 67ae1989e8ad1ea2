"""Bringing a file in: all of it that is not here yet, or, if anything in it does not read, nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toward.vault.portable import import_
from toward.web.page import Page
from toward.web.settings import IMPORT_BYTES

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context

PATH: Final = "/settings/import"
AROUND: Final = 64 * 1024
"""What a form adds to the file it carries."""


def get(ctx: Context) -> Response:
    """Ask for the file; afterwards, say what came of it."""
    done = ctx.query.get("done", "")
    return ctx.render("yours/import.html", done=int(done) if done.isdecimal() and len(done) < 9 else None)  # noqa: PLR2004


def post(ctx: Context) -> Response:
    """Bring it in."""
    if ctx.is_demo:
        return ctx.redirect(PATH)
    return ctx.redirect(PATH, done=str(import_(ctx.who, ctx.form.file("file"))))


PAGE = Page(PATH, get=get, post=post, limit=IMPORT_BYTES + AROUND)
