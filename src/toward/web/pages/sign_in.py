"""Coming back on a device that one trusts: who, and the passphrase. What was interrupted carries on (see ``carry``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.errors import BadInput
from toward.vault import pairing
from toward.web.closed import closed
from toward.web.device_name import device_name
from toward.web.page import PAIR_PATH, SIGN_IN_PATH, Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def get(ctx: Context) -> Response:
    """Ask those who trust this device for their passphrase; show a stranger nothing."""
    people = ctx.cookies.people
    if ctx.page.path == SIGN_IN_PATH and ctx.session is not None:
        return ctx.redirect("/")
    if not people:
        return closed(ctx)
    names = [(one.person.hex(), one.name or ctx.t("person.sign_in.new_here")) for one in people]
    return ctx.render("person/sign_in.html", people=names, first=ctx.carried.person if ctx.carried else "", me=None)


def post(ctx: Context) -> Response:
    """Open the person's keys and go on where they were."""
    wanted = ctx.form.raw("who") or (ctx.cookies.people[0].person.hex() if len(ctx.cookies.people) == 1 else "")
    trusted = next((one for one in ctx.cookies.people if one.person.hex() == wanted), None)
    if trusted is None:
        raise BadInput(field="who", reason="choose")
    device = ctx.device_of(trusted.person)
    assert device is not None  # noqa: S101 - it is among the people of the same cookie
    session, token = ctx.vault.sign_in(device, ctx.form.secret("passphrase"), label=device_name(ctx))
    ctx.sign_out_here()
    ctx.cookies.keep_session(token)
    ctx.trust(device, session.name)
    waits = pairing.standing(session).state == "answered"
    return ctx.resume(session, PAIR_PATH if waits else "/")


PAGE = Page(SIGN_IN_PATH, get=get, post=post, needs="nobody")
