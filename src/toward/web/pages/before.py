"""Asked once, alone, before the first Turn or the first practice for two: is this hard, or are you afraid?

Also where the self-check of the Safety panel is sent, if somebody sends it: what is kept, what holds for one visit,
what is shown again by passphrase and what is forgotten all go to this one address, beside the answers everybody gives.

An answer changes what is *suggested* and nothing else. Everything stays open, sends and arrives as before: somebody
who is afraid may have to play along. So that the way through shows nothing, every answer makes the same write and leads
to the same addresses under the same title; after a few minutes the page behind it is empty of any answer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, cast, get_args

from toward.guide import read_gates
from toward.journal.projections import day_of
from toward.vault import accounts
from toward.web import safe_slot
from toward.web.page import Page
from toward.web.safe_slot import Check, Hardness, YesNo, keep_answer, read_slot

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.guide import Gates
    from toward.web.context import Context

ANSWERS: Final[tuple[Hardness, ...]] = get_args(Hardness)
QUESTIONS: Final = (*(f"year_{n}" for n in range(1, 5)), *(f"now_{n}" for n in range(1, 6)))
"""The self-check's, in order; their words are ``safety.check.<name>``."""
DO: Final = ("answer", "visit", "keep", "show", "open", "forget")
SHOWN_MS: Final = 10 * 60_000
"""So long after the answer the next page still speaks to it; then whoever goes back finds nothing."""

# One way to read each text, so that none takes long: "(?:[a-z]+/?)*" would try every way to cut a word into words.
_PATH = re.compile(r"/(?:[a-z0-9-]+(?:/[a-z0-9-]+)*/?)?", re.ASCII)


class Kept(NamedTuple):
    """A kept check as its writer sees it: the questions they said yes to, by name."""

    day: str
    yes: tuple[str, ...]
    plan: str


def gate(ctx: Context, place: str) -> Response | None:
    """Return the page that asks, the first time somebody comes to a door of *place* ("turn", "settle"); else None."""
    if read_slot(ctx.who).now(ctx.now_ms) is not None:
        return None
    return _ask(ctx, place, ctx.full_path.partition("?")[0])


def last_gate(ctx: Context, place: str) -> Response | None:
    """Return the page that asks whoever was never asked at all, at a door before which there was an earlier one.

    Here two are about to open something together: an answer "for this visit" that has just run out is no reason to stop
    them. Nobody comes to a first practice for two without having been asked.
    """
    return None if read_slot(ctx.who).was_asked else _ask(ctx, place, ctx.full_path.partition("?")[0])


def gates_of(ctx: Context) -> Gates:
    """Return what may be suggested now: by the answers given here, by check-ins, and by a pause that runs."""
    return read_gates(
        ctx.who.life,
        ctx.now_ms,
        afraid=read_slot(ctx.who).afraid(ctx.now_ms),
        partner_open=ctx.who.partner is not None and ctx.who.partner.open,
    )


def get(ctx: Context) -> Response:
    """Ask, or ask again: things change. A passphrase that did not fit is asked for again."""
    if ctx.typed.get("do") == "open":
        return _show(ctx)
    return _ask(ctx, ctx.typed.get("place"), _path(ctx.typed.get("to")))


def post(ctx: Context) -> Response:
    """Keep the answer and go on. Which answer it was shows nowhere in the way there."""
    do = ctx.form.maybe("do", DO) or "answer"
    if do == "show":
        return _show(ctx)
    if do == "open":
        return _open(ctx)
    to = _path(ctx.form.raw("to"))
    if do == "answer":
        keep_answer(ctx.who, ctx.form.choice("answer", ANSWERS), ctx.now_ms, for_visit=ctx.form.flag("visit"))
    elif do == "forget":
        safe_slot.forget_check(ctx.who)
        return ctx.redirect(to)
    elif do == "keep":
        safe_slot.keep_check(ctx.who, _check(ctx))
    else:
        safe_slot.use_for_visit(ctx.who, signs=_check(ctx).signs, now_ms=ctx.now_ms)
    return ctx.redirect("/before/next", to=to)


def after(ctx: Context) -> Response:
    """Speak to the answer, for a few minutes: care and who to call, or a good word."""
    to = _path(ctx.query.get("to", "/"))
    held = read_slot(ctx.who)
    latest = held.latest_ms()
    if ctx.now_ms - latest >= SHOWN_MS:
        return ctx.redirect(to)
    note = ""
    if held.check is not None and held.check.at_ms == latest:
        note = "kept"
    elif held.visit is not None and held.visit.at_ms == latest:
        note = "held"
    return ctx.render("before/next.html", afraid=held.afraid(ctx.now_ms), note=note, to=ctx.url(to))


def _ask(ctx: Context, place: str, to: str) -> Response:
    return ctx.render("before/ask.html", place=place if place in {"turn", "settle"} else "", to=to)


def _check(ctx: Context) -> Check:
    """Return the check as it was filled in."""
    answers = tuple(cast("YesNo", ctx.form.maybe(f"own-{n}", ("y", "n")) or "") for n in range(1, len(QUESTIONS) + 1))
    plan = ctx.form.text("own-plan", max=safe_slot.MOST_PLAN, required=False)
    return Check(at_ms=ctx.now_ms, answers=answers, plan=plan, over=ctx.form.flag("own-over"))


def _show(ctx: Context) -> Response:
    """Ask for the passphrase, of everybody: that it is asked says nothing."""
    return ctx.render("before/open.html", can=ctx.device_of(ctx.who.person) is not None)


def _open(ctx: Context) -> Response:
    """Show what was kept to whoever knows the passphrase. Raises ``WrongPassphrase`` or ``TooManyAttempts``."""
    device = ctx.device_of(ctx.who.person)
    if device is None:
        return _show(ctx)
    accounts.open_keyring(
        ctx.vault.database, ctx.who.person, ctx.form.secret("passphrase"), device.secret, device.id, ctx.now_ms
    )
    return ctx.render("before/kept.html", kept=_kept(ctx))


def _kept(ctx: Context) -> Kept | None:
    check = read_slot(ctx.who).check
    if check is None:
        return None
    yes = tuple(name for name, answer in zip(QUESTIONS, check.answers, strict=False) if answer == "y")
    return Kept(ctx.times.day(day_of(check.at_ms, ctx.who.tz_min)), yes, check.plan)


def _path(text: str) -> str:
    """A path of this app, or home. Where a form leads on to is not for others to choose."""
    return text if _PATH.fullmatch(text) else "/"


PAGES = [
    Page("/before", get=get, post=post),
    Page("/before/next", get=after),
]
