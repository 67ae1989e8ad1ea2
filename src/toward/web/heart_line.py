"""The line about a heart after a session, in words: what changed, and whether two moved together. Never a score."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from toward.journal.projections.hearts import HeartLine
    from toward.web.context import Context

RECENT_MS: Final = 10 * 60_000
LEAST_CHANGE: Final = 1.5
"""Beats a minute; less is what a heart does by itself from one minute to the next."""
POOR: Final = 0.6
MOST_STRETCHES: Final = 3


def newest(ctx: Context) -> HeartLine | None:
    """Return the line of the session that the reader ended just now."""
    found = next(iter(ctx.who.life.hearts), None)
    return found if found is not None and ctx.now_ms - found.at_ms < RECENT_MS else None


def sentences(ctx: Context, line: HeartLine, partner: str) -> list[str]:
    """Return what is said of *line*, in order."""
    said = _changes(ctx, line, partner)
    if line.heard < POOR:
        said.append(ctx.t("settle.heart.poor"))
    if line.together == "above":
        said.append(ctx.t("settle.heart.above", when=_when(ctx, line)))
    elif line.together is not None:
        said.append(ctx.t(f"settle.heart.{line.together}"))
    return said


def _changes(ctx: Context, line: HeartLine, partner: str) -> list[str]:
    mine, theirs = line.slowed, line.they_slowed
    if mine is None:
        return [ctx.t("settle.heart.short")]
    if theirs is not None and min(mine, theirs) >= LEAST_CHANGE:
        return [ctx.t("settle.heart.both_slowed", partner=partner, n=round(mine), m=round(theirs))]
    said = [ctx.t(f"settle.heart.{_way(mine)}", n=round(abs(mine)))]
    if theirs is not None:
        said.append(ctx.t(f"settle.heart.they_{_way(theirs)}", partner=partner, n=round(abs(theirs))))
    return said


def _way(slowed: float) -> str:
    if abs(slowed) < LEAST_CHANGE:
        return "same"
    return "slowed" if slowed > 0 else "sped"


def _when(ctx: Context, line: HeartLine) -> str:
    """The first stretches, by the minutes that they touch, counted from one."""
    told = []
    for start, end in line.stretches[:MOST_STRETCHES]:
        first, last = math.floor(start) + 1, max(math.ceil(end), math.floor(start) + 1)
        key = "minute" if first == last else "minutes"
        told.append(ctx.t(f"settle.heart.{key}", n=first, m=last))
    return ", ".join(told)
