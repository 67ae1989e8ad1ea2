"""The library: what to do, by what it is for. First a few things it may be for, then what there is, then one of them.

It is a menu and not a suggestion, so nothing that somebody answered about their safety changes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, get_args

from toward.errors import NotFound
from toward.practices.library import Aim
from toward.web import settled
from toward.web.library import library_of, path_of
from toward.web.page import Page
from toward.web.threads import open_partner

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.practices.library import Practice
    from toward.web.context import Context

AIMS: Final[tuple[Aim, ...]] = get_args(Aim)
TAB: Final = {"settle_alone": "settle", "settle_together": "settle", "turn": "turn", "repair": "turn"}


class Row(NamedTuple):
    """One practice of a shelf."""

    title: str
    summary: str
    minutes: int
    href: str


def get(ctx: Context) -> Response:
    """Show what there is to do things for; what has nothing for a person alone is left out for one."""
    return ctx.render("practices/home.html", aims=[(aim, ctx.url(address(aim))) for aim in AIMS if shelf(ctx, aim)])


def of_aim(ctx: Context) -> Response:
    """Show what there is for one thing."""
    aim = aim_in(ctx)
    found = [Row(one.en.title, one.en.summary, round(one.minutes), ctx.url(path_of(one))) for one in shelf(ctx, aim)]
    return ctx.render("practices/aim.html", aim=aim, rows=found, tab=TAB.get(aim, "ours"))


def done(ctx: Context) -> Response:
    """Say what they said themselves, if they were asked, and let it be enough."""
    last = settled.just_done(ctx)
    if last is None:
        return ctx.redirect("/practices")
    practice = library_of(ctx).get(last.practice)
    return ctx.render(
        "practices/done.html",
        change=settled.change(last),
        measure=practice.measure if practice else "none",
        with_someone=practice is not None and practice.company != "alone",
        more=ctx.url(address(practice.aim) if practice else "/practices"),
        tab=practice.place if practice else "ours",
    )


def address(aim: Aim) -> str:
    """Return where the practices for one thing are."""
    return f"/practices/{aim.replace('_', '-')}"


def aim_in(ctx: Context) -> Aim:
    """Return what the address names. Raises ``NotFound`` for nothing."""
    asked = ctx.path["aim"]
    for aim in AIMS:
        if aim.replace("_", "-") == asked:
            return aim
    raise NotFound


def shelf(ctx: Context, aim: Aim) -> list[Practice]:
    """Return what this person can do for one thing, shortest first."""
    alone = open_partner(ctx) is None
    found = [one for one in library_of(ctx).values() if one.aim == aim and not (alone and one.company == "together")]
    return sorted(found, key=lambda one: (one.minutes, one.id))


PAGES = [
    Page("/practices", get=get),
    Page("/practices/done", get=done),
    Page("/practices/{aim}", get=of_aim),
]
