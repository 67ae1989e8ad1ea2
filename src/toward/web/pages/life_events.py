"""Life: what shook from outside, on one's own line. Private, unless its writer shows it to both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, get_args

from toward.errors import BadInput, NotFound, SpaceClosed
from toward.journal.kinds import LifeEvent, LifeEventShown, LifeEventTakenBack, PutAway
from toward.journal.kinds.life import Pull, Shock
from toward.journal.projections import parse_day
from toward.web.charts import line_chart
from toward.web.page import Page
from toward.web.threads import id_in, open_partner

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.journal.projections import Event
    from toward.web.context import Context

SORTS: Final[tuple[Shock, ...]] = get_args(Shock)
PULLS: Final[tuple[Pull, ...]] = get_args(Pull)
LONGEST: Final = 80
"""It has to fit beside a line."""
SHOWN: Final = 100


class Told(NamedTuple):
    """One event in words. ``change`` is what its reader can do about it: "show", "take_back" or nothing."""

    id: str
    label: str
    sort: Shock
    day: str
    shown: bool
    mine: bool
    change: str


def get(ctx: Context) -> Response:
    """Show the line with what shook it, and the events."""
    life = ctx.who.life
    return ctx.render(
        "life/home.html",
        chart=line_chart(life.line, ctx.times.today, partner=life.partner_name),
        events=[_told(ctx, event) for event in life.events[:SHOWN]],
        noted=bool(ctx.query.get("noted")),
        edit=bool(ctx.query.get("edit")),
    )


def new(ctx: Context) -> Response:
    """Ask what happened."""
    return ctx.render(
        "life/new.html",
        sorts=SORTS,
        pulls=PULLS,
        longest=LONGEST,
        today=ctx.times.today.isoformat(),
        may_share=open_partner(ctx) is not None,
    )


def keep(ctx: Context) -> Response:
    """Keep it for oneself, or for both where that was asked for."""
    label = ctx.form.line("label", max=LONGEST)
    sort = ctx.form.maybe("sort", SORTS) or "other"
    pull = ctx.form.choice("pull", PULLS)
    day = parse_day(ctx.form.raw("day"))
    if day is None or day > ctx.times.today:
        raise BadInput(field="day", reason="day")
    share = ctx.form.flag("share")
    if share and open_partner(ctx) is None:
        raise SpaceClosed
    kind = LifeEventShown if share else LifeEvent
    ctx.who.write(kind(label=label, sort=sort, pull=pull, day=day.isoformat()))
    return ctx.redirect("/ours/life", noted="1")


def change(ctx: Context) -> Response:
    """Show one's own to both, or take it back."""
    event = next((one for one in ctx.who.life.events if one.id == id_in(ctx) and one.mine), None)
    if event is None:
        raise NotFound
    if open_partner(ctx) is None:
        raise SpaceClosed
    if event.shown:
        ctx.who.write(LifeEventTakenBack(event=event.id))
    else:
        ctx.who.write(LifeEventShown(label=event.label, sort=event.sort, pull=event.pull, day=event.day.isoformat()))
        ctx.who.write(PutAway(entry=event.id))
    return ctx.redirect("/ours/life")


def _told(ctx: Context, event: Event) -> Told:
    can_change = event.mine and open_partner(ctx) is not None
    change_to = ("take_back" if event.shown else "show") if can_change else ""
    return Told(event.id.hex(), event.label, event.sort, ctx.times.day(event.day), event.shown, event.mine, change_to)


PAGES = [
    Page("/ours/life", get=get),
    Page("/ours/life/new", get=new, post=keep),
    Page("/ours/life/{id}", post=change),
]
