"""Breathe, alone or together: one question, the breath, and the same question.

It is one form on one page. Without a script the picture moves by itself at the usual pace, and the words are a list;
with one (``settle.js``) the breath is the couple's, on one clock. What the live room writes down for both is its own
affair; here each keeps their own answer for themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from toward.errors import BadInput
from toward.guide.reading import read_gates
from toward.practices.breath import Plan
from toward.practices.library import load_library
from toward.web import settled
from toward.web.page import Page
from toward.web.pages.before import gate
from toward.web.threads import open_partner

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context
    from toward.web.forms import Form
    from toward.web.settled import How


class Pace(NamedTuple):
    """Seconds in and out."""

    in_s: float
    out_s: float

    @property
    def key(self) -> str:
        """The pace as a form sends it."""
        return f"{self.in_s:g}-{self.out_s:g}"


PACES: Final = (Pace(4, 5), Pace(4, 6), Pace(5, 5), Pace(5, 7), Pace(6, 8), Pace(6, 10))
MINUTES: Final = (1, 3, 5, 10, 20)
ALONE: Final = "breathe_alone"
TOGETHER: Final = "breathe_together"


def alone(ctx: Context) -> Response:
    """Show the breath for one."""
    return _show(ctx, ALONE)


def together(ctx: Context) -> Response:
    """Show the breath for two; asked first, the first time, whether it is hard or unsafe."""
    if open_partner(ctx) is None:
        return ctx.redirect("/settle/alone")
    return gate(ctx, "settle") or _show(ctx, TOGETHER)


def _show(ctx: Context, name: str) -> Response:
    wishes = ctx.who.life.preferences
    pace = Pace(wishes.breath_in_s, wishes.breath_out_s)
    practice = load_library()[name]
    return ctx.render(
        "settle/breathe.html",
        practice=practice.en,
        with_partner=name == TOGETHER,
        is_shut=read_gates(ctx.who.life, ctx.now_ms, afraid=False, partner_open=False).shut,
        pace=pace,
        paces=PACES if pace in PACES else (pace, *PACES),
        minutes=round(practice.minutes),
        lengths=MINUTES,
        wishes=wishes,
    )


def alone_done(ctx: Context) -> Response:
    """Keep a breath for one."""
    return _keep(ctx, ALONE, "alone")


def together_done(ctx: Context) -> Response:
    """Keep one's own side of a breath for two, and as what it came to be."""
    return _keep(ctx, TOGETHER, how_it_was(ctx.form))


def how_it_was(form: Form) -> How:
    """Say how a breath for two was done. The page says whether the other came; without a script it can't know."""
    if form.flag("one_phone"):
        return "one_phone"
    if form.flag("one_room"):
        return "one_room"
    return "together" if form.flag("met") else "alone"


def _keep(ctx: Context, name: str, how: How) -> Response:
    _keep_wishes(ctx)
    settled.keep(ctx, name, how, minutes=load_library()[name].minutes)
    return ctx.redirect("/settle/done", **({"heart": "1"} if ctx.form.flag("heart") else {}))


def _keep_wishes(ctx: Context) -> None:
    """Breathe next time as this time. A page without a script sends no choices, and changes none."""
    if "pace" not in ctx.form or not ctx.form.flag("chosen"):
        return
    pace = read_pace(ctx.form)
    before = ctx.who.life.preferences
    wishes = msgspec.structs.replace(
        before,
        breath_in_s=pace.in_s,
        breath_out_s=pace.out_s,
        sound=ctx.form.flag("sound"),
        vibration=ctx.form.flag("vibration"),
    )
    if wishes != before:
        ctx.who.write(wishes)


def read_pace(form: Form) -> Pace:
    """Return the pace that was chosen. Raises ``BadInput`` for one that nobody should breathe."""
    try:
        in_s, out_s = (float(part) for part in form.raw("pace").split("-"))
        plan = Plan(started_ms=0, in_s=in_s, out_s=out_s)
    except (ValueError, BadInput) as error:
        raise BadInput(field="pace", reason="choose") from error
    return Pace(plan.in_s, plan.out_s)


PAGES = [
    Page("/settle/alone", get=alone, post=alone_done, hearts=True),
    Page("/settle/together", get=together, post=together_done, needs="couple", hearts=True),
]
