"""A person's own source: named in their words, met for a minute, in peaceful times as well.

It also opens Pause and Turn, folded, since those pages are seen over shoulders. How often it was met is shown nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from toward.journal.kinds import Settled, Source, SourceSort
from toward.web.page import Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context

SORTS: Final[tuple[SourceSort, ...]] = get_args(SourceSort)
MOST: Final = 500
PRACTICE: Final = "my_source"


def meet(ctx: Context) -> Response:
    """Stay a minute with it; somebody who has not said what it is, is asked first."""
    inner = ctx.who.life.inner
    if inner.chosen is None:
        return ctx.redirect("/within/source/choose")
    return ctx.render("within/source.html", source=inner.source)


def met(ctx: Context) -> Response:
    """Keep that one looked after oneself."""
    ctx.who.write(Settled(practice=PRACTICE, how="alone", minutes=1))
    return ctx.redirect("/within/kept")


def ask(ctx: Context) -> Response:
    """Ask what it is."""
    chosen = ctx.who.life.inner.chosen
    return ctx.render("within/source_choose.html", sorts=SORTS, chosen=chosen or Source(sort="words"), longest=MOST)


def choose(ctx: Context) -> Response:
    """Keep it. "None" is a whole answer, and needs no words."""
    sort = ctx.form.choice("sort", SORTS)
    words = ctx.form.text("words", max=MOST, required=sort != "none")
    source = Source(sort=sort, words="" if sort == "none" else words)
    if source != ctx.who.life.inner.chosen:
        ctx.who.write(source)
    return ctx.redirect("/within/source")


PAGES = [
    Page("/within/source", get=meet, post=met),
    Page("/within/source/choose", get=ask, post=choose),
]
