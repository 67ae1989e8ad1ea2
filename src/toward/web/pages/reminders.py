"""Reminders on this device: which, when, and in which hours none. The browser asks its own question first."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from typing import TYPE_CHECKING, Final, NamedTuple

from toward.errors import BadInput
from toward.vault import keys, reminders
from toward.vault.reminders import MOST_ENDPOINT, QUIET_FROM, QUIET_TO, Wanted, Wishes
from toward.web.page import Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.vault import Session
    from toward.web.context import Context
    from toward.web.forms import Form

PATH: Final = "/settings/reminders"
EVENING_MIN: Final = 20 * 60
NOON_MIN: Final = 12 * 60
STEP_MIN: Final = 5
P256DH_BYTES: Final = 65
AUTH_BYTES: Final = 16

_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?::[0-5][0-9])?", re.ASCII)


class Shown(NamedTuple):
    """The form as it stands: times as a time field writes them."""

    check_in: bool
    check_in_at: str
    waiting: bool
    waiting_at: str
    pause: bool
    quiet_from: str
    quiet_to: str


def get(ctx: Context) -> Response:
    """Show them as they are on this device."""
    from toward.web.push.vapid import public_of

    here = None if ctx.is_demo else _here(ctx.who)
    return ctx.render(
        "phone/reminders.html",
        on=here is not None,
        shown=_shown(here.wishes if here else None),
        key=public_of(ctx.carrier.secret()) if ctx.carrier else "",
    )


def post(ctx: Context) -> Response:
    """Keep what is wanted here, or stop them."""
    from toward.web.push.keeping import make_plan

    if ctx.is_demo or ctx.carrier is None:
        return ctx.redirect(PATH)
    if ctx.form.choice("do", ("keep", "stop")) == "stop":
        reminders.forget(ctx.vault.database, ctx.who.device)
        return ctx.redirect(PATH)
    before = _here(ctx.who)
    place, p256dh, auth = _subscription(ctx, before)
    wishes = Wishes(
        p256dh=p256dh,
        auth=auth,
        secret=before.wishes.secret if before else keys.random_key(),
        check_in=_minute(ctx.form, "check_in_at") if ctx.form.flag("check_in") else None,
        waiting=_minute(ctx.form, "waiting_at") if ctx.form.flag("waiting") else None,
        pause=ctx.form.flag("pause"),
        quiet_from=_minute(ctx.form, "quiet_from"),
        quiet_to=_minute(ctx.form, "quiet_to"),
        tz_min=ctx.cookies.tz_min,
    )
    make_plan(ctx.who, Wanted(ctx.who.device, place, wishes))
    return ctx.redirect(PATH)


def _here(session: Session) -> Wanted | None:
    return next((one for one in reminders.wanted(session) if one.device == session.device), None)


def _subscription(ctx: Context, before: Wanted | None) -> tuple[str, bytes, bytes]:
    """What the browser's script filled in; without it, what it said the last time."""
    place = ctx.form.line("place", max=MOST_ENDPOINT, required=before is None)
    if before is not None and not place:
        return before.endpoint, before.wishes.p256dh, before.wishes.auth
    if ctx.carrier is None or not ctx.carrier.may(place):
        raise BadInput(field="place", reason="form")
    return place, _bytes(ctx.form, "p256dh", P256DH_BYTES), _bytes(ctx.form, "auth", AUTH_BYTES)


def _bytes(form: Form, name: str, length: int) -> bytes:
    try:
        value = urlsafe_b64decode(form.line(name, max=200).encode("ascii") + b"==")
    except ValueError as error:
        raise BadInput(field=name, reason="form") from error
    if len(value) != length:
        raise BadInput(field=name, reason="form")
    return value


def _minute(form: Form, name: str) -> int:
    """Return a time of day, down to a step: finer than that nothing is sent."""
    match = _TIME.fullmatch(form.line(name, max=8))
    if match is None:
        raise BadInput(field=name, reason="choose")
    return (int(match[1]) * 60 + int(match[2])) // STEP_MIN * STEP_MIN


def _shown(wishes: Wishes | None) -> Shown:
    check_in, waiting = (wishes.check_in, wishes.waiting) if wishes else (EVENING_MIN, None)
    return Shown(
        check_in=check_in is not None,
        check_in_at=_clock(EVENING_MIN if check_in is None else check_in),
        waiting=waiting is not None,
        waiting_at=_clock(NOON_MIN if waiting is None else waiting),
        pause=wishes.pause if wishes else True,
        quiet_from=_clock(wishes.quiet_from if wishes else QUIET_FROM),
        quiet_to=_clock(wishes.quiet_to if wishes else QUIET_TO),
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


PAGE = Page(PATH, get=get, post=post)
