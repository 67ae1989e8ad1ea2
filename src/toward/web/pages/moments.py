"""Marking something that happened on one's own line: an event, a loss, a good day, a way out of a fight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

from toward.errors import BadInput
from toward.journal.kinds import Moment
from toward.journal.projections import parse_day
from toward.web.page import Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context

Sort = Literal["life", "hard", "good", "exit"]
SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
LONGEST: Final = 80
"""It has to fit beside a line; what is longer is a story, and belongs to a check-in's words."""


def get(ctx: Context) -> Response:
    """Show the form and what is marked already."""
    return ctx.render(
        "moments/home.html",
        sorts=SORTS,
        longest=LONGEST,
        today=ctx.times.today.isoformat(),
        marks=[(ctx.times.day(mark.day), mark) for mark in reversed(ctx.who.life.line.marks)],
    )


def post(ctx: Context) -> Response:
    """Keep it on the day it happened."""
    label = ctx.form.line("label", max=LONGEST)
    day = parse_day(ctx.form.raw("day"))
    if day is None or day > ctx.times.today:
        raise BadInput(field="day", reason="day")
    ctx.who.write(Moment(label=label, sort=ctx.form.choice("sort", SORTS), day=day.isoformat()))
    return ctx.redirect("/moments")


PAGE = Page("/moments", get=get, post=post)
