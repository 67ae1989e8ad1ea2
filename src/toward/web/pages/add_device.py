"""A second device of one's own: the old one shows six words and a QR code, the new one takes them, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.web.closed import closed
from toward.web.page import SIGN_IN_PATH, Page
from toward.web.qr import drawn, minutes_left, opens_only_here, with_fragment

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def offer(ctx: Context) -> Response:
    """Say what adding a device is, and offer the code."""
    return ctx.render("person/add_device.html", trusted=ctx.device_of(ctx.who.person) is not None, code="")


def show(ctx: Context) -> Response:
    """Make the code and show it: no address leads to it a second time."""
    device = ctx.device_of(ctx.who.person)
    if device is None:  # a browser that is not trusted holds no secret to pass on
        return offer(ctx)
    link = ctx.vault.link_device(ctx.who, device.secret)
    address = ctx.origin + ctx.url("/device")
    return ctx.render(
        "person/add_device.html",
        trusted=True,
        code=link.words,
        svg=drawn(with_fragment(address, link.words)),
        address=address,
        only_here=opens_only_here(address),
        minutes=minutes_left(link.expires_ms, ctx.vault.now_ms()),
    )


def ask(ctx: Context) -> Response:
    """Ask the new device for the words."""
    return ctx.render("person/take_device.html", me=None) if ctx.vault.has_people() else closed(ctx)


def take(ctx: Context) -> Response:
    """Keep the secret that the words bring; the passphrase is asked for next, as on every trusted device."""
    device = ctx.vault.take_link(ctx.form.line("code", max=300))
    ctx.sign_out_here()
    ctx.cookies.drop_session()
    ctx.trust(device, "")
    return ctx.redirect(SIGN_IN_PATH)


PAGES = [
    Page("/settings/device", get=offer, post=show),
    Page("/device", get=ask, post=take, needs="nobody"),
]
