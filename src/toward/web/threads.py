"""An invitation, its answers and what was agreed as one thing, told to one of the two.

What is told to the author is the same whether it was opened or not: nothing here knows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from toward.errors import NotFound
from toward.journal.kinds import Door
from toward.web.appointments import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toward.journal.kinds import Answer
    from toward.journal.projections import Agreed, Thread
    from toward.vault import Partner
    from toward.web.context import Context

RECENT_MS: Final = 14 * DAY_MS
SILENCE_MS: Final = DAY_MS
"""After so long without an answer one's own care is offered, and nothing that reminds the other."""

Care = Literal["after_no", "after_silence"]
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_TIMED: Final = {"yes_at": "yes_later", "cant_yet": "not_yet"}
"""What an answer says whose time is missing."""


class Told(NamedTuple):
    """One answer: who gave it, what it comes to in a sentence, and their own words."""

    mine: bool
    sentence: str
    words: str


class Small(NamedTuple):
    """One agreement: its words, its day in words, how it stands ("" while it is ahead)."""

    id: str
    words: str
    day: str
    state: str


class Shown(NamedTuple):
    """A thread as a page shows it. ``lines`` are what its author said; ``care`` is set where their own care is due."""

    id: str
    mine: bool
    door: Door
    lines: tuple[str, ...]
    answers: tuple[Told, ...]
    agreements: tuple[Small, ...]
    care: Care | None
    yes: bool
    near: bool
    """Whether it asks to be near without words, which a meeting of words is no answer to."""
    recent: bool


def id_in(ctx: Context, name: str = "id") -> bytes:
    """Return the id in the page's address; raises ``NotFound`` for what is none."""
    text = ctx.path[name]
    if not _ID.fullmatch(text):
        raise NotFound
    return bytes.fromhex(text)


def thread_in(ctx: Context) -> Thread:
    """Return the thread that the address names. One that was taken back before it was answered is not there."""
    thread = ctx.who.life.invitations.thread(id_in(ctx))
    if thread is None or is_gone(thread):
        raise NotFound
    return thread


def is_gone(thread: Thread) -> bool:
    """Whether its author took it back in time. Two who acted at once keep what was answered."""
    return thread.withdrawn and not thread.answers


def open_partner(ctx: Context) -> Partner | None:
    """Return the partner to whom something can be sent now."""
    partner = ctx.who.partner
    return partner if partner is not None and partner.open else None


def pause_until(ctx: Context) -> str:
    """Return when the pause that runs ends, as it stands in a sentence; empty while none runs."""
    pause = ctx.who.life.pauses.current(ctx.now_ms) if open_partner(ctx) else None
    return ctx.times.said(pause.until_ms) if pause and pause.phase == "running" else ""


def current_threads(ctx: Context) -> list[Shown]:
    """Return every thread that the reader may see, newest first."""
    return [show(ctx, thread) for thread in ctx.who.life.invitations.threads if not is_gone(thread)]


def show(ctx: Context, thread: Thread) -> Shown:
    """Tell one thread."""
    latest = max([thread.at_ms, *(one.at_ms for one in thread.answers), *(one.at_ms for one in thread.agreements)])
    last = thread.answer.body if thread.answer else None
    return Shown(
        id=thread.id.hex(),
        mine=thread.mine,
        door=thread.body.door,
        lines=lines_of(ctx, thread),
        answers=tuple(_told(ctx, one.body, mine=not thread.mine) for one in thread.answers),
        agreements=small(ctx, thread.agreements),
        care=care_of(thread, ctx.now_ms),
        yes=last is not None and last.reply in {"yes_now", "yes_at"},
        near=asks_for_company(ctx, thread),
        recent=ctx.now_ms - latest < RECENT_MS,
    )


def asks_for_company(ctx: Context, thread: Thread) -> bool:
    """Whether it is the one sentence that *Quiet company* sends, as it is."""
    return thread.body.door == "reach" and thread.body.words == ctx.t("settle.shut.company_said")


def lines_of(ctx: Context, thread: Thread) -> tuple[str, ...]:
    """Return what its author said. *Come back* is said in words that are the same for everybody, and their own."""
    body = thread.body
    if body.door == "reach":
        return (body.words,)
    lines = [ctx.t("turn.come_back.body")]
    if body.talk_at_ms is not None:
        lines.append(ctx.t("turn.come_back.at", time=ctx.times.said(body.talk_at_ms)))
    return (*lines, *([body.words] if body.words else []))


def care_of(thread: Thread, now_ms: int) -> Care | None:
    """Return why its author's own care is due: a no, or silence for a day since they asked or since the time named."""
    if not thread.mine:
        return None
    if thread.answer is None:
        return "after_silence" if now_ms - thread.at_ms >= SILENCE_MS else None
    answer = thread.answer.body
    if answer.reply == "no":
        return "after_no"
    if answer.reply == "cant_yet" and now_ms - (answer.at_ms or thread.answer.at_ms) >= SILENCE_MS:
        return "after_silence"
    return None


def small(ctx: Context, agreements: Iterable[Agreed]) -> tuple[Small, ...]:
    """Tell agreements."""
    return tuple(
        Small(
            id=one.id.hex(),
            words=one.words,
            day=ctx.times.day(one.day) if one.day else "",
            state="" if one.open else ctx.t(f"turn.agreed.was_{one.state}"),
        )
        for one in agreements
    )


def _told(ctx: Context, answer: Answer, *, mine: bool) -> Told:
    partner = ctx.who.partner.name if ctx.who.partner else ""
    key = answer.reply if answer.at_ms is not None else _TIMED.get(answer.reply, answer.reply)
    time = ctx.times.said(answer.at_ms) if answer.at_ms is not None else ""
    if mine:
        return Told(mine, ctx.t(f"turn.you_answered.{key}", time=time), answer.words)
    return Told(mine, ctx.t(f"turn.answered.{key}", partner=partner, time=time), answer.words)
