"""Our dance: one's own half, found alone and in order; kept as a draft of its own each time.

What frightens, forces or hurts is no part of a dance of two. Whoever writes of it is told so, gently and with both
possibilities named, since a half is written by whoever does it and by whoever it is done to. Nothing typed is lost, it
can be kept, and the partner learns nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from toward.guide.frightening import is_frightening
from toward.journal.kinds import DanceHalf, Fear, Reaction
from toward.journal.kinds.dance import DanceShared
from toward.journal.projections.dance import told_once
from toward.web.dance_view import CHOSEN, PARTS, loop, short, told
from toward.web.page import Page
from toward.web.pages.before import gate
from toward.web.threads import open_partner
from toward.web.ticked import ticked, ticked_again

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.journal.projections.dance import ShownHalf, Version, WayOut
    from toward.web.context import Context
    from toward.web.dance_view import Half, Told

REACTIONS: Final[tuple[Reaction, ...]] = get_args(Reaction)
FEARS: Final[tuple[Fear, ...]] = get_args(Fear)
MOST: Final = 1000
NAME: Final = 40
"""A name has to stand over a picture."""
FRIGHTENS: Final = "frighten"


def home(ctx: Context) -> Response:
    """Show the picture where both halves are in it; else one's own, and what could come next."""
    asked = gate(ctx, "ours")
    if asked is not None:
        return asked
    ours, own = ctx.who.life.couple.dance, ctx.who.life.dance
    together = ctx.who.partner is not None
    both = together and ours.mine is not None and ours.theirs is not None
    half = own.half
    return ctx.render(
        "dance/picture.html" if both else "dance/home.html",
        name=name_of(ctx),
        mine=_told(ctx, ours.mine.half if both and ours.mine else half.half if half else None),
        theirs=_told(ctx, ours.theirs.half if both and ours.theirs else None),
        loops=_loops(ctx, both=both),
        shorts=_shorts(ctx) if both else (),
        shared=together and ours.mine is not None,
        they_shared=together and ours.theirs is not None,
        may_share=open_partner(ctx) is not None and half is not None and may_be_shared(half.half),
        outside=half is not None and not may_be_shared(half.half),
        changed=is_changed(ctx),
        exits=exits_of(ctx),
        has_earlier=len(own.versions) > 1 or len(ours.shown(mine=False)) > 1,
        has_company=open_partner(ctx) is not None,
    )


def name_of(ctx: Context) -> str:
    """Return what the dance is called: by both, or else by the reader."""
    half = ctx.who.life.dance.half
    return ctx.who.life.couple.dance.name or (half.half.name if half else "")


def exits_of(ctx: Context) -> tuple[WayOut, ...]:
    """Return the ways out that the reader knows, newest first, each told once."""
    return told_once((*ctx.who.life.dance.exits, *ctx.who.life.couple.dance.exits))


def may_be_shared(half: DanceHalf) -> bool:
    """Say whether a half is one of a dance: nobody frightens, forces or hurts in it."""
    return not half.frightens and not is_frightening(*(getattr(half, part) for part in PARTS), half.name)


def is_changed(ctx: Context) -> bool:
    """Say whether one's half is another than the one that is in the picture."""
    half, shown = ctx.who.life.dance.half, ctx.who.life.couple.dance.mine
    return half is not None and shown is not None and half.at_ms > shown.at_ms


def _told(ctx: Context, half: Half | None) -> tuple[Told, ...]:
    return told(half, ctx.t) if half else ()


def _loops(ctx: Context, *, both: bool) -> tuple[object, object]:
    ours, own = ctx.who.life.couple.dance, ctx.who.life.dance
    if both and ours.mine and ours.theirs:
        return loop(ours.mine.half, ctx.t), loop(ours.theirs.half, ctx.t)
    return (loop(own.half.half, ctx.t) if own.half else None), None


def _shorts(ctx: Context) -> tuple[str, ...]:
    """The dance in four short sentences: what I do, what it stirs in them, what they do, what it stirs in me."""
    ours = ctx.who.life.couple.dance
    if ours.mine is None or ours.theirs is None:
        return ()
    (i_do, in_me), (they_do, in_them) = short(ours.mine.half, ctx.t), short(ours.theirs.half, ctx.t)
    return i_do, in_them, they_do, in_me


# ------------------------------------------------------------------------------------------ one's own half


def ask(ctx: Context) -> Response:
    """Show the steps, with what was typed or kept before."""
    if ctx.problem:
        return steps(ctx)
    return gate(ctx, "ours") or steps(ctx)


def steps(ctx: Context, half: DanceHalf | None = None, *, template: str = "dance/half.html") -> Response:
    """Show a half to be changed, or why it is no part of a dance."""
    kept = ctx.who.life.dance.half
    if half is None:
        half = _typed(ctx) if ctx.problem else kept.half if kept else DanceHalf()
    return ctx.render(
        template,
        half=half,
        reactions=REACTIONS,
        fears=FEARS,
        frightens=FRIGHTENS,
        longest_name=NAME,
        has_company=open_partner(ctx) is not None,
    )


def keep(ctx: Context) -> Response:
    """Keep it as a version of its own. What is no part of a dance is first told so, with everything still there."""
    go = ctx.form.choice("go", ("keep", "change", "alone"))
    half = _filled(ctx)
    if go == "change":
        return steps(ctx, half)
    if go == "keep" and not may_be_shared(half):
        return steps(ctx, half, template="dance/not_a_dance.html")
    if half != DanceHalf():
        before = ctx.who.life.dance.half
        if before is None or before.half != half:
            ctx.who.write(half)
    return ctx.redirect("/ours/dance")


def _filled(ctx: Context) -> DanceHalf:
    form = ctx.form
    return DanceHalf(
        reactions=ticked(form, "reactions", REACTIONS),
        frightens=bool(ticked(form, "reactions", (FRIGHTENS,))),
        fears=ticked(form, "fears", FEARS),
        guess=form.text("guess", max=MOST, required=False),
        name=form.line("name", max=NAME, required=False),
        **{part: form.text(part, max=MOST, required=False) for part in PARTS},
    )


def _typed(ctx: Context) -> DanceHalf:
    """What was typed into a form that was not taken."""
    typed = ctx.typed
    return DanceHalf(
        reactions=ticked_again(typed, "reactions", REACTIONS),
        frightens=typed.has("reactions", FRIGHTENS),
        fears=ticked_again(typed, "fears", FEARS),
        guess=typed.get("guess"),
        name=typed.get("name"),
        **{part: typed.get(part) for part in PARTS},
    )


def earlier(ctx: Context) -> Response:
    """Show how one's half was before, and how theirs was, as far as they show it."""
    ours = ctx.who.life.couple.dance
    together = ours.mine is not None and ours.theirs is not None
    return ctx.render(
        "dance/earlier.html",
        mine=[_dated(ctx, one) for one in ctx.who.life.dance.versions[1:]],
        theirs=[_dated(ctx, one) for one in ours.shown(mine=False)[1:]] if together else [],
    )


def _dated(ctx: Context, one: Version | ShownHalf) -> tuple[str, tuple[Told, ...]]:
    return ctx.times.at(one.at_ms), told(one.half, ctx.t)


def as_shown(half: DanceHalf, without: frozenset[str] = frozenset()) -> DanceShared:
    """Return what the other would read of a half. What its writer guesses about them is not in it."""
    wanted = [part for part in PARTS if part not in without]
    fields = [*wanted, *(CHOSEN[part] for part in wanted if part in CHOSEN)]
    return DanceShared(**{name: getattr(half, name) for name in fields})


PAGES = [
    Page("/ours/dance", get=home),
    Page("/ours/dance/half", get=ask, post=keep),
    Page("/ours/dance/earlier", get=earlier),
]
