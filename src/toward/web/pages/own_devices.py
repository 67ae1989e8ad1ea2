"""The devices that hold one's key: seen by day, removed one by one, or signed out all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from toward.journal.projections import day_of
from toward.vault.devices import devices_of, remove_device, sign_out_elsewhere
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
    """Show them, this one first."""
    return ctx.render(
        "yours/devices.html",
        devices=[_shown(ctx, device) for device in devices_of(ctx.who)],
        done=ctx.query.get("done", ""),
    )


def post(ctx: Context) -> Response:
    """Remove one, or sign out everywhere else."""
    if ctx.is_demo:
        return ctx.redirect(PATH)
    if ctx.form.choice("do", ("remove", "others")) == "others":
        sign_out_elsewhere(ctx.who)
        return ctx.redirect(PATH, done="others")
    remove_device(ctx.who, ctx.form.identity("device"))
    return ctx.redirect(PATH, done="removed")


def _shown(ctx: Context, device: Owned) -> Shown:
    label = device.label or ctx.t("yours.devices.nameless")
    used = "" if device.seen is None else _day(ctx, device.seen)
    return Shown(device.id.hex(), label, _day(ctx, device.added), used, device.this)


def _day(ctx: Context, days: int) -> str:
    return ctx.times.day(day_of(days * DAY_MS, 0))


PAGE = Page(PATH, get=get, post=post)
