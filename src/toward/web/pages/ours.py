"""Ours: one's own line, good moments, what the two did and what they kept of what they said. Words, and no counts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from toward.journal.projections import day_of
from toward.web.charts import WEEKS, line_chart
from toward.web.library import library_of
from toward.web.page import Page
from toward.web.pages.dance import exits_of, name_of
from toward.web.pages.remember import standing
from toward.web.reckoned import reckon
from toward.web.threads import open_partner

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.journal.kinds import Memory
    from toward.journal.opened import Opened
    from toward.journal.projections import Agreed, Answer
    from toward.web.context import Context

FEW: Final = 3
HALF_YEAR: Final = timedelta(weeks=WEEKS)
MANY: Final = 100
MOST_DIGITS: Final = 4


class Done(NamedTuple):
    """What the two did on a day, in words."""

    title: str
    day: str


class WayOut(NamedTuple):
    """What got somebody out of a fight, in their words."""

    label: str
    day: date


def get(ctx: Context) -> Response:
    """Show the line, and the newest of everything else."""
    life = ctx.who.life
    partner = open_partner(ctx)
    found = reckon(ctx)
    return ctx.render(
        "ours/home.html",
        chart=line_chart(
            life.line, ctx.times.today, partner=life.partner_name, level=found.level, plain=found.state == "off"
        ),
        reckoned=found.state,
        has_before=_has_days_until(ctx, ctx.times.today - HALF_YEAR),
        has_company=ctx.who.partner is not None,
        may_share=partner is not None,
        pairs=pairs(ctx)[:1],
        own=own(ctx)[:1],
        has_more=len(pairs(ctx)) + len(own(ctx)) > 1,
        together=together(ctx)[:FEW],
        agreed=agreed(ctx)[:FEW],
        exits=exits(ctx)[:FEW],
        has_done=bool(together(ctx) or agreed(ctx) or exits(ctx)),
        has_keepsakes=bool(life.keepsakes),
        dance=name_of(ctx),
    )


def before(ctx: Context) -> Response:
    """Show an earlier half year of the line: the first before this one, or as many back as the address says."""
    back = ctx.query.get("back", "1")
    steps = max(int(back), 1) if back.isdecimal() and len(back) < MOST_DIGITS else 1
    end = ctx.times.today - HALF_YEAR * steps
    if not _has_days_until(ctx, end):
        return ctx.redirect("/ours")
    life = ctx.who.life
    chart = line_chart(life.line, end, partner=life.partner_name, plain=not ctx.who.life.preferences.reckon, past=True)
    return ctx.render("ours/before.html", chart=chart, back=steps, has_before=_has_days_until(ctx, end - HALF_YEAR))


def _has_days_until(ctx: Context, end: date) -> bool:
    """Say whether the reader told days that are no later than *end*."""
    return any(day.day <= end for day in ctx.who.life.line.mine)


def moments(ctx: Context) -> Response:
    """Show every good moment."""
    return ctx.render(
        "ours/moments.html", pairs=pairs(ctx)[:MANY], own=own(ctx)[:MANY], has_company=ctx.who.partner is not None
    )


def done(ctx: Context) -> Response:
    """Show what the two did, what they kept of what they agreed, and what got them out of a fight."""
    return ctx.render(
        "ours/together.html",
        together=together(ctx)[:MANY],
        agreed=agreed(ctx)[:MANY],
        exits=exits(ctx)[:MANY],
        has_company=ctx.who.partner is not None,
    )


def pairs(ctx: Context) -> list[Opened]:
    """Return the moments that opened together, newest first; without one that the reader has not opened yet."""
    unopened = standing(ctx).pair
    return [pair for pair in ctx.who.life.memories.pairs if pair is not unopened]


def own(ctx: Context) -> list[Answer[Memory]]:
    """Return the reader's own moments that are in no pair, newest first, each told once."""
    told: dict[str, Answer[Memory]] = {}
    for answer in ctx.who.life.memories.own:
        if answer.opened is None:
            told.setdefault(answer.body.words, answer)
    return list(told.values())


def together(ctx: Context) -> list[Done]:
    """Return what the two practised at the same time, newest first."""
    return [
        Done(practice_title(ctx, session.practice), ctx.times.day(day_of(session.at_ms, ctx.who.tz_min)))
        for session in ctx.who.life.together
    ]


def practice_title(ctx: Context, practice: str) -> str:
    """Return what a practice is called. A partner's program may name one that is not known here."""
    known = library_of(ctx).get(practice)
    return known.en.title if known else ctx.t("ours.together.other")


def agreed(ctx: Context) -> list[Agreed]:
    """Return the agreements that were kept, or made good, newest first."""
    return [one for one in ctx.who.life.agreements.all if one.state in {"kept", "repaired"}]


def exits(ctx: Context) -> list[WayOut]:
    """Return the ways out of a fight and out of the dance that the reader knows, newest first; each told once."""
    marked = [WayOut(mark.label, mark.day) for mark in ctx.who.life.line.marks if mark.sort == "exit"]
    danced = [WayOut(way.words, day_of(way.at_ms, ctx.who.tz_min)) for way in exits_of(ctx) if way.words]
    found: dict[str, WayOut] = {}
    for way in sorted(marked + danced, key=lambda way: way.day, reverse=True):
        found.setdefault(way.label, way)
    return list(found.values())


PAGES = [
    Page("/ours", get=get),
    Page("/ours/line", get=before),
    Page("/ours/moments", get=moments),
    Page("/ours/together", get=done),
]
