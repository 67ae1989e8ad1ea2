"""What helps one of the two while a pause runs: by who they are in it, by their body, and by their own plan.

Their body is as they say on the page, which is kept nowhere, or as it was at a check-in that still counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from toward.guide.reading import fresh_check_in
from toward.practices.library import suitable
from toward.web.library import library_of, path_of
from toward.web.pages.before import gates_of

if TYPE_CHECKING:
    from toward.practices.library import Ask, State
    from toward.web.context import Context

STATES: Final[tuple[State, ...]] = ("revved", "shut", "open")
FEW: Final = 3
_NOTHING_TOWARD: Final[frozenset[Ask]] = frozenset({"tenderness", "disclosure", "joint", "confront"})


def settling(ctx: Context, *, leaves: bool) -> dict[str, Any]:
    """Return what the page of a pause knows of settling. *leaves* is for whoever stepped out, or is alone."""
    body = body_of(ctx)
    plan = ctx.who.life.pause_plan
    return {
        "leaves": leaves,
        "body": body,
        "chosen": "body" in ctx.query,
        "states": STATES,
        "shut": body == "shut" or (not body and gates_of(ctx).shut),
        "practices": practices(ctx, body) if body else [],
        "plan": plan.leaving if leaves else plan.waiting,
        "source": ctx.who.life.inner.source,
    }


def body_of(ctx: Context) -> State | None:
    """Return how their body is: as they say now, or as they said a short while ago."""
    said = next((state for state in STATES if state == ctx.query.get("body")), None)
    fresh = fresh_check_in(ctx.who.life, ctx.now_ms)
    return said or (fresh.body.body if fresh else None)


def practices(ctx: Context, body: State) -> list[tuple[str, str, str]]:
    """Return a few ways to settle alone that suit a body, as (title, summary, address)."""
    alone = (one for one in library_of(ctx).values() if one.aim == "settle_alone")
    fitting = suitable(alone, body, alone=True, without=_NOTHING_TOWARD)
    return [(one.en.title, one.en.summary, ctx.url(path_of(one))) for one in fitting[:FEW]]
