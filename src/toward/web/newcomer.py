"""Becoming somebody here: a name and a passphrase that holds. The sheet comes next (``pages.own_sheet``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.errors import BadInput
from toward.vault.identity import MAX_NAME, MAX_PASSPHRASE, check_name, check_passphrase
from toward.web import strength
from toward.web.device_name import device_name

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.vault import Arrival
    from toward.web.context import Context

SUGGESTION = "passphrase-suggested"
"""The field that carries the suggestion along, so that it is still the same one when the form comes back."""


def person_form(ctx: Context, *, place: str, code: str = "", inviter: str = "") -> Response:
    """Return the form for a name and a passphrase; *code* is the invitation that lets somebody in, if one does."""
    suggested = ctx.form.raw(SUGGESTION)[:MAX_PASSPHRASE] or strength.suggestion()
    return ctx.render(
        "person/new.html", place=place, code=code, inviter=inviter, suggested=suggested, called=called(ctx)
    )


def called(ctx: Context) -> str:
    """Return the name that was typed before an invitation turned out to be spent: a new one asks for the rest."""
    return ctx.form.raw("name")[:MAX_NAME]


def come_in(ctx: Context, *, setup: str | None = None, invite: str | None = None, inviter: str = "") -> Arrival:
    """Make the person that was typed, sign this browser in and trust it.

    Raises ``BadInput`` for what does not fit and ``CodeSpent`` for a door that is no longer open.
    """
    name = check_name(ctx.form.line("name", max=MAX_NAME))
    passphrase = check_passphrase(ctx.form.secret("passphrase"))
    strength.check(passphrase, (name, inviter))
    if check_passphrase(ctx.form.secret("passphrase-again")) != passphrase:
        raise BadInput(field="passphrase-again", reason="mismatch")
    arrival = ctx.vault.create_person(name, passphrase, setup=setup, invite=invite, label=device_name(ctx))
    ctx.sign_out_here()
    ctx.cookies.keep_session(arrival.token)
    ctx.trust(arrival.device, name)
    ctx.session = arrival.session
    return arrival
