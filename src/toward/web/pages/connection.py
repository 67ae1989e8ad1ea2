"""What feels close: everyday sources of connection, noted or planned in two taps. Private, in words, nothing added up.

The first tap chooses the source, the second is the button that sends it: how it felt, or for which day. It is whole for
somebody alone, and nothing here is about a partner unless they make it so.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple, get_args

from toward.errors import BadInput, NotFound
from toward.journal.kinds import Connection
from toward.journal.kinds.trust import Feeling, Source
from toward.web import appointments
from toward.web.page import Page
from toward.web.threads import id_in

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.journal.projections import Noted
    from toward.web.context import Context

SOURCES: Final[tuple[Source, ...]] = get_args(Source)
FEELINGS: Final[tuple[Feeling, ...]] = get_args(Feeling)
SHOWN: Final = 30
LONGEST: Final = 120
DAYS: Final = 28


class Told(NamedTuple):
    """One source in words."""

    id: str
    source: Source
    felt: Feeling | None
    words: str
    day: str


def get(ctx: Context) -> Response:
    """Ask what was there and how it felt; below, what is ahead and what was there."""
    connections = ctx.who.life.connections
    return ctx.render(
        "pictures/close.html",
        sources=SOURCES,
        feelings=FEELINGS,
        longest=LONGEST,
        planned=[_told(ctx, one) for one in connections.planned[:SHOWN]],
        there=[_told(ctx, one) for one in connections.there[:SHOWN]],
        noted=bool(ctx.query.get("noted")),
        edit=bool(ctx.query.get("edit")),
    )


def note(ctx: Context) -> Response:
    """Keep what was there today."""
    ctx.who.write(
        Connection(
            source=ctx.form.choice("source", SOURCES),
            day=ctx.times.today.isoformat(),
            words=ctx.form.line("words", max=LONGEST, required=False),
            felt=ctx.form.choice("felt", FEELINGS),
        )
    )
    return ctx.redirect("/ours/connection", noted="1")


def plan(ctx: Context) -> Response:
    """Ask what would do good, and when."""
    return ctx.render("pictures/plan.html", sources=SOURCES, longest=LONGEST, days=appointments.days(ctx, DAYS)[2:])


def keep_plan(ctx: Context) -> Response:
    """Keep a plan. It reminds nobody, and a day that has passed says nothing."""
    ctx.who.write(
        Connection(
            source=ctx.form.choice("source", SOURCES),
            day=_day(ctx),
            words=ctx.form.line("words", max=LONGEST, required=False),
            planned=True,
        )
    )
    return ctx.redirect("/ours/connection")


def one(ctx: Context) -> Response:
    """Ask of one that was planned how it felt."""
    return ctx.render("pictures/came.html", plan=_told(ctx, _plan(ctx)), feelings=FEELINGS)


def came(ctx: Context) -> Response:
    """Keep that it came to be."""
    planned = _plan(ctx)
    ctx.who.write(
        Connection(
            source=planned.source,
            day=min(planned.day, ctx.times.today).isoformat(),
            words=planned.words,
            felt=ctx.form.choice("felt", FEELINGS),
            plan=planned.id,
        )
    )
    return ctx.redirect("/ours/connection", noted="1")


def _plan(ctx: Context) -> Noted:
    found = ctx.who.life.connections.plan(id_in(ctx))
    if found is None:
        raise NotFound
    return found


def _day(ctx: Context) -> str:
    when = ctx.form.choice("when", ("today", "tomorrow", "other"))
    if when == "other":
        named = appointments.named_day(ctx, ctx.form, required=True)
        if named is None:  # pragma: no cover - required
            raise BadInput(field="day", reason="day")
        return named
    return (ctx.times.today + timedelta(days=when == "tomorrow")).isoformat()


def _told(ctx: Context, noted: Noted) -> Told:
    return Told(noted.id.hex(), noted.source, noted.felt, noted.words, ctx.times.day(noted.day))


PAGES = [
    Page("/ours/connection", get=get, post=note),
    Page("/ours/connection/plan", get=plan, post=keep_plan),
    Page("/ours/connection/plan/{id}", get=one, post=came),
]
