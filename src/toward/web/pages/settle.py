"""Settle: what fits now, alone or together; and the page after.

The list is a menu and not a suggestion, so nothing that somebody answered about their safety changes it: whoever looks
over a shoulder sees the same page. What the body is like is chosen in place, and is neither sent nor kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from toward.guide.reading import fresh_check_in
from toward.practices.library import State, load_library
from toward.web import heart_line, settled
from toward.web.library import path_of
from toward.web.page import Page
from toward.web.threads import open_partner

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context

STATES: Final[tuple[State, ...]] = ("open", "revved", "shut")
FIRST: Final = ("breathe_alone", "breathe_together", "move", "hum", "look_around", "hold_hands", "quiet_company")
"""Breathing is what is known best; then what brings somebody back who has gone far away. The library has the others."""


class Row(NamedTuple):
    """One practice of the list, and the states of the body that it suits."""

    title: str
    summary: str
    minutes: int
    href: str
    states: tuple[State, ...]


def rows(ctx: Context, *, alone: bool) -> list[Row]:
    """Return the practices of this place for one, or for two. What suits both is done alone or side by side."""
    shipped = load_library()
    fitting = [shipped[name] for name in FIRST if (shipped[name].company != "together") == alone]
    return [
        Row(
            title=practice.en.title,
            summary=practice.en.summary,
            minutes=round(practice.minutes),
            href=ctx.url(path_of(practice)),
            states=tuple(state for state in STATES if practice.fits(state, alone=alone)),
        )
        for practice in fitting
    ]


def get(ctx: Context) -> Response:
    """Show what fits, with the body as it was said at a check-in that still counts."""
    fresh = fresh_check_in(ctx.who.life, ctx.now_ms)
    return ctx.render(
        "settle/home.html",
        body=(fresh.body.body or "") if fresh else "",
        alone=rows(ctx, alone=True),
        together=rows(ctx, alone=False) if open_partner(ctx) else [],
    )


def done(ctx: Context) -> Response:
    """Say honestly what they said themselves, and let it be enough."""
    last = settled.just_done(ctx)
    if last is None:
        return ctx.redirect("/settle")
    heart = heart_line.newest(ctx)
    partner = open_partner(ctx)
    return ctx.render(
        "settle/done.html",
        change=settled.change(last),
        together=last.how != "alone",
        heart=heart_line.sentences(ctx, heart, partner.name if partner else ctx.t("settle.heart.other"))
        if heart
        else [],
        heart_comes="heart" in ctx.query and heart is None,
    )


PAGES = [
    Page("/settle", get=get),
    Page("/settle/done", get=done),
]
