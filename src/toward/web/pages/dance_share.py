"""Showing one's half: by choice, part by part, after seeing what the other would read; and taking it out again.

Nobody waits for anybody: what one shows is there for the other to read or to leave, and whether they did shows nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from toward.errors import BadInput, NotFound, SpaceClosed
from toward.journal.kinds import DanceHalf, DanceNamed, DanceTakenBack
from toward.web.dance_view import PARTS, told
from toward.web.page import Page
from toward.web.pages.before import gate
from toward.web.pages.dance import NAME, as_shown, may_be_shared, name_of, steps
from toward.web.threads import open_partner
from toward.web.ticked import ticked

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.journal.projections.dance import Version
    from toward.web.context import Context


def ask(ctx: Context) -> Response:
    """Show each part as the other would read it."""
    half = _half(ctx)
    if half is None or not may_be_shared(half.half):
        return ctx.redirect("/ours/dance")
    if open_partner(ctx) is None:
        return ctx.redirect("/ours/dance")
    return (None if ctx.problem else gate(ctx, "ours")) or ctx.render(
        "dance/share.html", half=half.id.hex(), parts=told(as_shown(half.half), ctx.t)
    )


def share(ctx: Context) -> Response:
    """Put the chosen parts of the version that was shown into the picture."""
    wanted = ctx.form.identity("half")
    half = next((one for one in ctx.who.life.dance.versions if one.id == wanted), None)
    if half is None:
        raise NotFound
    if not may_be_shared(half.half):
        return steps(ctx, half.half, template="dance/not_a_dance.html")
    if open_partner(ctx) is None:
        raise SpaceClosed
    chosen = ticked(ctx.form, "parts", PARTS)
    shown = as_shown(half.half, frozenset(PARTS) - set(chosen))
    if not (shown.do or shown.reactions):
        raise BadInput(field="parts", reason="dance_do")
    ctx.who.write(shown)
    name = half.half.name
    if name and not ctx.who.life.couple.dance.name:
        ctx.who.write(DanceNamed(name=name))
    return ctx.redirect("/ours/dance")


def _half(ctx: Context) -> Version | None:
    return ctx.who.life.dance.half


def take_back(ctx: Context) -> Response:
    """Take one's half out of the picture."""
    if open_partner(ctx) is not None and ctx.who.life.couple.dance.mine is not None:
        ctx.who.write(DanceTakenBack())
    return ctx.redirect("/ours/dance")


def theirs(ctx: Context) -> Response:
    """Show the other's half to whoever asks for it."""
    shown = ctx.who.life.couple.dance.theirs
    if ctx.who.partner is None or shown is None:
        return ctx.redirect("/ours/dance")
    return gate(ctx, "ours") or ctx.render(
        "dance/theirs.html",
        parts=told(shown.half, ctx.t),
        mine_too=ctx.who.life.couple.dance.mine is not None,
        has_company=open_partner(ctx) is not None,
    )


def ask_name(ctx: Context) -> Response:
    """Ask for a name."""
    return ctx.render("dance/name.html", name=name_of(ctx), longest=NAME, has_company=open_partner(ctx) is not None)


def give_name(ctx: Context) -> Response:
    """Call it something: for both where there are two in it, else for oneself."""
    name = ctx.form.line("name", max=NAME)
    if open_partner(ctx) is not None and ctx.who.life.couple.dance.mine is not None:
        if name != ctx.who.life.couple.dance.name:
            ctx.who.write(DanceNamed(name=name))
        return ctx.redirect("/ours/dance")
    half = _half(ctx)
    before = half.half if half else DanceHalf()
    if name != before.name:
        ctx.who.write(replace(before, name=name))
    return ctx.redirect("/ours/dance")


PAGES = [
    Page("/ours/dance/share", get=ask, post=share),
    Page("/ours/dance/take-back", post=take_back),
    Page("/ours/dance/theirs", get=theirs),
    Page("/ours/dance/name", get=ask_name, post=give_name),
]
