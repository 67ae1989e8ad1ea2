"""The devices that hold one's key: seen by day, called what one likes, removed one by one, or signed out all at once.

A name is asked for in the answer to a button, so that no address tells one device from another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from toward.errors import NotFound
from toward.journal.projections import day_of
from toward.vault.devices import MAX_LABEL, devices_of, name_device, remove_device, sign_out_elsewhere
from toward.web.page import Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.vault.devices import Owned
    from toward.web.context import Context

PATH: Final = "/settings/devices"
DAY_MS: Final = 24 * 3_600_000


class Shown(NamedTuple):
    """A device as its owner reads of it."""

    id: str
    label: str
    added: str
    used: str
    this: bool


def get(ctx: Context) -> Response:
    """Show them, this one first; or go back to a name that did not fit."""
    if ctx.typed.get("do") == "name":
        return _ask_name(ctx, ctx.form.identity("device"))
    return ctx.render(
        "yours/devices.html",
        devices=[_shown(ctx, device) for device in devices_of(ctx.who)],
        done=ctx.query.get("done", ""),
    )


def post(ctx: Context) -> Response:
    """Name one, remove one, or sign out everywhere else."""
    do = ctx.form.choice("do", ("ask", "name", "remove", "others"))
    if do == "ask":
        return _ask_name(ctx, ctx.form.identity("device"))
    if ctx.is_demo:
        return ctx.redirect(PATH)
    match do:
        case "name":
            name_device(ctx.who, ctx.form.identity("device"), ctx.form.line("label", max=200, required=False))
        case "remove":
            remove_device(ctx.who, ctx.form.identity("device"))
        case "others":
            sign_out_elsewhere(ctx.who)
    return ctx.redirect(PATH, done=do)


def _ask_name(ctx: Context, wanted: bytes) -> Response:
    """Ask what a device shall be called. Raises ``NotFound`` if it is not one's own."""
    device = next((one for one in devices_of(ctx.who) if one.id == wanted), None)
    if device is None:
        raise NotFound
    return ctx.render("yours/device_name.html", device=_shown(ctx, device), called=device.label, most=MAX_LABEL)


def _shown(ctx: Context, device: Owned) -> Shown:
    label = device.label or ctx.t("yours.devices.nameless")
    used = "" if device.seen is None else _day(ctx, device.seen)
    return Shown(device.id.hex(), label, _day(ctx, device.added), used, device.this)


def _day(ctx: Context, days: int) -> str:
    return ctx.times.day(day_of(days * DAY_MS, 0))


PAGE = Page(PATH, get=get, post=post)
