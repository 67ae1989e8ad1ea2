"""A pause: called alone, from day one, without a reason.

While it runs both see that it runs, when it ends, and what helps now: to leave is hard in one way and to wait in
another, so each gets words of their own, and practices for how their body is. Whoever called it may move its end
anywhere; the other only later, so that moving is no way to follow. A person alone gets the settling without an entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from toward.errors import BadInput, NotFound
from toward.journal.kinds import PauseCalled, PauseMoved, PauseReturned
from toward.journal.projections.pauses import LONGEST_MS, Reply
from toward.web import appointments
from toward.web.page import Page
from toward.web.pause_settling import settling
from toward.web.threads import open_partner

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.journal.projections import Pause
    from toward.web.context import Context

REPLIES: Final[tuple[Reply, ...]] = get_args(Reply)
SHORTEST_MS: Final = 20 * 60_000
REST_MS: Final = 12 * 3_600_000
"""So long "not today" stands where the pause stood."""


def get(ctx: Context) -> Response:
    """Show the one thing that there is to a pause now."""
    if open_partner(ctx) is None:
        return ctx.render("pause/solo.html", **settling(ctx, leaves=True))
    pause = ctx.who.life.pauses.current(ctx.now_ms)
    if pause is None:
        whose = "" if ctx.query.get("new") or ctx.problem else _not_today(ctx)
        return ctx.render("pause/over.html", whose=whose) if whose else _ask_when(ctx)
    if pause.phase == "running":
        return _show(
            ctx,
            "pause/running.html",
            pause,
            agreed=ctx.who.life.couple.pause_words.agreed,
            **settling(ctx, leaves=pause.mine),
        )
    if pause.phase == "ready":
        return _ask_when(ctx) if ctx.query.get("new") or ctx.problem else ctx.render("pause/ready.html")
    return _show(ctx, "pause/return.html", pause)


def _ask_when(ctx: Context) -> Response:
    return ctx.render(
        "pause/call.html",
        times=appointments.offered(ctx, longest_ms=LONGEST_MS),
        clock=appointments.clock_in_doubt(ctx),
        agreed=ctx.who.life.couple.pause_words.agreed,
        source=ctx.who.life.inner.source,
    )


def _show(ctx: Context, template: str, pause: Pause, **more: object) -> Response:
    return ctx.render(template, None, pause=pause, until=ctx.times.said(pause.until_ms), **more)


def _not_today(ctx: Context) -> str:
    """Who said "not today" to the last pause, within the half day: "mine", "theirs" or "" for nobody."""
    couple = ctx.who.partner.space if ctx.who.partner else b""
    of_pauses = [
        entry
        for entry in ctx.who.entries
        if entry.space == couple and isinstance(entry.body, (PauseCalled, PauseMoved, PauseReturned))
    ]
    last = max(of_pauses, key=lambda entry: (entry.at_ms, entry.id), default=None)
    if last is None or not isinstance(last.body, PauseReturned) or ctx.now_ms - last.at_ms > REST_MS:
        return ""
    return ("mine" if last.mine else "theirs") if last.body.reply == "not_today" else ""


def call(ctx: Context) -> Response:
    """Call a pause. A time nearer than 20 minutes is taken as 20: nobody in a fight is sent back to a form."""
    if open_partner(ctx) is None or _runs(ctx):
        return ctx.redirect("/pause")
    if "when" not in ctx.form and "time" not in ctx.form:
        return ctx.redirect("/pause", new="1")
    ctx.who.write(PauseCalled(until_ms=_until(ctx)))
    return ctx.redirect("/pause")


def _runs(ctx: Context) -> bool:
    pause = ctx.who.life.pauses.current(ctx.now_ms)
    return pause is not None and pause.phase == "running"


def _until(ctx: Context) -> int:
    named = appointments.named(ctx, ctx.form)
    return min(max(named, ctx.now_ms + SHORTEST_MS), ctx.now_ms + LONGEST_MS)


def ask_to_move(ctx: Context) -> Response:
    """Show the times to which the end can be moved."""
    pause = ctx.who.life.pauses.current(ctx.now_ms)
    if pause is None or pause.phase == "ready":
        return ctx.redirect("/pause")
    after_ms = _earliest(pause)
    now_at = ctx.times.said(pause.until_ms) if pause.phase == "running" else ""
    times = appointments.offered(ctx, longest_ms=LONGEST_MS, after_ms=after_ms)
    return ctx.render(
        "pause/move.html",
        until=now_at,
        later_only=after_ms > 0 and pause.phase == "running",
        times=[one for one in times if one.hint != now_at],  # the minute it is at already is no other time
        clock=appointments.clock_in_doubt(ctx),
    )


def _earliest(pause: Pause) -> int:
    return 0 if pause.mine else pause.until_ms


def move(ctx: Context) -> Response:
    """Move the end. Asked for when the time has come, it says as well that more time is needed."""
    pause = ctx.who.life.pauses.current(ctx.now_ms)
    if pause is None or pause.phase == "ready":
        raise NotFound
    until_ms = _until(ctx)
    if until_ms <= _earliest(pause):
        raise BadInput(field="time" if ctx.form.raw("when") == "own" else "when", reason="later")
    if pause.phase == "return":
        ctx.who.write(PauseReturned(pause=pause.id, reply="more_time"))
    ctx.who.write(PauseMoved(pause=pause.id, until_ms=until_ms))
    return ctx.redirect("/pause")


def come_back(ctx: Context) -> Response:
    """Say where one is: ready, or not today. More time leads to naming it."""
    reply = ctx.form.choice("reply", REPLIES)
    pause = ctx.who.life.pauses.current(ctx.now_ms)
    if reply == "more_time":
        return ctx.redirect("/pause/move")
    if pause is not None and pause.phase == "return":
        ctx.who.write(PauseReturned(pause=pause.id, reply=reply))
    return ctx.redirect("/pause")


PAGES = [
    Page("/pause", get=get, post=call),
    Page("/pause/move", get=ask_to_move, post=move, needs="couple"),
    Page("/pause/return", get=get, post=come_back, needs="couple"),
]
