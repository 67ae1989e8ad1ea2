"""The check-in: how safe it feels, how the body is, and, if they like, a little more. Under twenty seconds.

It is private unless its author shares it, each time anew. Shared ones are sealed until both have, and open as words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

from toward.errors import NotFound
from toward.journal.kinds import BodyState, CheckIn, Question
from toward.journal.projections import day_of
from toward.web.line_sharing import after_check_in
from toward.web.page import Page
from toward.web.suggestion import suggested

if TYPE_CHECKING:
    from datetime import date

    from starlette.responses import Response

    from toward.journal.opened import Opened
    from toward.web.context import Context
    from toward.web.forms import Form

BODIES: Final[tuple[BodyState, ...]] = get_args(BodyState)
QUESTIONS: Final[tuple[Question, ...]] = get_args(Question)
Reply = Literal["yes", "partly", "no", "unsure"]
Move = Literal["pressed", "pulled", "neither"]

REPLIES: Final[tuple[Reply, ...]] = get_args(Reply)
MOVES: Final[tuple[Move, ...]] = get_args(Move)
YES_NO: Final = ("yes", "no")
LONGEST: Final = 1000


class Extra(NamedTuple):
    """What a check-in asks beyond the scale and the body today: nothing, one question, or the two direct ones."""

    question: Question | None = None
    presence: bool = False


def extra_on(day: date, question: Question, *, together: bool, asked: bool) -> Extra:
    """Return what else to ask on a day: in turn the next question, the two direct ones, and nothing.

    It goes by the calendar and not by what was answered, so that leaving a question out never brings it back at once.
    The direct ones are about a partner; *asked* says that today's have been answered.
    """
    turn = day.toordinal() % 3
    if asked or turn == 2:  # noqa: PLR2004 - the third day of three
        return Extra()
    return Extra(question=question) if turn == 0 or not together else Extra(presence=True)


def extra_today(ctx: Context) -> Extra:
    """Return what else to ask the reader today."""
    checkins = ctx.who.life.checkins
    today = [answer.body for answer in checkins.today(ctx.now_ms, ctx.who.tz_min)]
    return extra_on(
        day_of(ctx.now_ms, ctx.who.tz_min),
        checkins.next_question,
        together=is_together(ctx),
        asked=any(body.question or body.there is not None or body.moved for body in today),
    )


def is_together(ctx: Context) -> bool:
    """Say whether there is an open space of two."""
    return ctx.who.partner is not None and ctx.who.partner.open


def opened_today(ctx: Context) -> list[Opened]:
    """Return the check-ins that opened on the reader's day, newest first. Memories open on their own page, together."""
    tz_min = ctx.who.tz_min
    today = day_of(ctx.now_ms, tz_min)
    opened = sorted(ctx.who.life.checkins.opened, key=lambda one: one.at_ms, reverse=True)
    return [one for one in opened if day_of(one.at_ms, tz_min) == today]


def get(ctx: Context) -> Response:
    """Show the whole check-in."""
    return ctx.render("now/check_in.html", together=is_together(ctx), extra=extra_today(ctx))


def post(ctx: Context) -> Response:
    """Keep it, and offer its words if its author said so now."""
    body = read(ctx.form, together=is_together(ctx))
    ctx.who.write(body)
    after_check_in(ctx.who, body.felt)
    return ctx.redirect("/check-in/kept")


def read(form: Form, *, together: bool) -> CheckIn:
    """Return the check-in that was filled in: the scale is the one thing it needs."""
    question = form.maybe("question", QUESTIONS)
    answer = form.maybe("answer", REPLIES)
    there = form.maybe("there", YES_NO)
    return CheckIn(
        felt=form.integer("felt", 1, 7),
        body=form.maybe("body", BODIES),
        question=question if answer else None,
        answer=answer if question else None,
        there=None if there is None else there == "yes",
        moved=form.maybe("moved", MOVES),
        words=form.text("words", max=LONGEST, required=False),
        share=together and form.flag("share"),
    )


def kept(ctx: Context) -> Response:
    """Show that it is kept, what opened, and what could come next."""
    today = ctx.who.life.checkins.today(ctx.now_ms, ctx.who.tz_min)
    if not today:
        return ctx.redirect("/check-in")
    step = suggested(ctx)
    return ctx.render(
        "now/kept.html",
        together=is_together(ctx),
        opened=opened_today(ctx)[:1] if is_together(ctx) else [],
        offered=today[0].id.hex() if today[0].offered and is_together(ctx) else "",
        step=step if step.id != "rest" else None,
    )


def take_back(ctx: Context) -> Response:
    """Offer it no more. One that has opened meanwhile stays open, and the page shows it."""
    entry = ctx.form.identity("entry")
    offered = {answer.id for answer in ctx.who.life.checkins.own if answer.offered}
    if entry in offered:
        ctx.who.withdraw(entry)
    elif not any(answer.id == entry for answer in ctx.who.life.checkins.own):
        raise NotFound
    return ctx.redirect("/check-in/kept")


PAGES = [
    Page("/check-in", get=get, post=post),
    Page("/check-in/kept", get=kept),
    Page("/check-in/take-back", post=take_back),
]
