"""The twelve words: shown until their owner says "I have them", and later again for their passphrase.

A device that one trusts keeps what the words stand for, so that it can say them at any time. On another browser only a
new sheet can be seen, as long as it waits (see ``vault.sheets``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toward.vault import sheets
from toward.vault.wordlist import to_sheet
from toward.web.own_secret import prove
from toward.web.page import PAIR_PATH, Page
from toward.web.pages.yours import HOME

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from toward.web.context import Context

NEW: Final = "/settings/known/sheet"
PATH: Final = "/settings/sheet"


def arrived(ctx: Context) -> Response:
    """Show the first person's sheet."""
    return _waiting(ctx, "person/sheet.html", place=ctx.t("start.step", n=2, total=2))


def joined(ctx: Context) -> Response:
    """Show the sheet of somebody who was invited."""
    return _waiting(ctx, "person/sheet.html", place=ctx.t("pair.step", n=3, total=3))


def renewed(ctx: Context) -> Response:
    """Show a sheet in the place of an older one."""
    return _waiting(ctx, "yours/new_sheet.html")


def has_it(onward: str) -> Callable[[Context], Response]:
    """Return what takes the word that somebody has the sheet: it waits no longer, and they go *onward*."""

    def post(ctx: Context) -> Response:
        sheets.have_them(ctx.who)
        return ctx.redirect(onward)

    return post


def ask(ctx: Context) -> Response:
    """Ask for the passphrase, where this browser can show the words again."""
    device = ctx.device_of(ctx.who.person)
    if device is None and _words(ctx):
        return ctx.redirect(NEW)
    return ctx.render("yours/sheet.html", trusted=device is not None)


def show(ctx: Context) -> Response:
    """Show them in answer to the passphrase: no address leads there without it."""
    device = ctx.device_of(ctx.who.person)
    if device is None or ctx.is_demo:
        return ctx.redirect(PATH)
    prove(ctx, device.secret)
    return ctx.render("yours/sheet_again.html", words=to_sheet(device.secret).split(), name=ctx.who.name)


def _words(ctx: Context) -> str | None:
    return None if ctx.is_demo else sheets.waiting(ctx.who, ctx.cookies.session)


def _waiting(ctx: Context, template: str, *, place: str = "") -> Response:
    words = _words(ctx)
    if words is None:
        return ctx.redirect(PATH)
    return ctx.render(template, place=place, words=words.split(), name=ctx.who.name)


PAGES = [
    Page("/start/sheet", get=arrived, post=has_it(PAIR_PATH)),
    Page("/join/sheet", get=joined, post=has_it(PAIR_PATH)),
    Page(NEW, get=renewed, post=has_it(HOME)),
    Page(PATH, get=ask, post=show),
]
