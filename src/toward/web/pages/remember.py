"""Remember: a good moment of each, sealed until both have put one in, opened together, and a minute of breath.

Of two, each is asked alone whether it is hard or unsafe before they look for a moment: between a moment that is sealed
and the one that is opened nothing stands.
Nothing here tells whether the other has put one in before both have. Alone it is whole: a moment, a minute, enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from toward.errors import NotFound
from toward.journal.kinds import Memory, Settled
from toward.journal.opened import Opened
from toward.journal.projections import Answer
from toward.web import settled
from toward.web.page import Page
from toward.web.pages.before import gate, last_gate
from toward.web.threads import open_partner

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.journal.kinds import Said
    from toward.web.context import Context

PRACTICE: Final = "remember"
TONES: Final = ("close", "light", "laughed")
LONGEST: Final = 1000
WAITS_MS: Final = 24 * 3_600_000
"""A sealed moment waits a day for the other's; then its evening has passed, and it stays its author's own."""
SHOWN: Final = 30


class Standing(NamedTuple):
    """Where the reader stands: a pair that they have not opened yet, or a moment of theirs that waits, or neither."""

    pair: Opened | None
    sealed: Answer[Memory] | None

    @property
    def state(self) -> str:
        """One word for a page that looks whether there is news for it."""
        if self.pair is not None:
            return "ready"
        return "sealed" if self.sealed is not None else "open"


def standing(ctx: Context) -> Standing:
    """Return where the reader stands. A pair counts as opened once they have ended its minute."""
    memories = ctx.who.life.memories
    ended_ms = max((done.at_ms for done in ctx.who.life.practices if done.practice == PRACTICE), default=-1)
    pair = next((pair for pair in memories.pairs if pair.at_ms > ended_ms), None)
    sealed = memories.sealed if open_partner(ctx) else None
    return Standing(pair, sealed if sealed is not None and ctx.now_ms - sealed.at_ms <= WAITS_MS else None)


def get(ctx: Context) -> Response:
    """Ask for a moment; or say that it is sealed; or that both are here."""
    now = standing(ctx)
    if ctx.wants_json:
        return ctx.json({"state": now.state})
    with_partner = open_partner(ctx) is not None
    if now.pair is not None and with_partner and not ctx.problem:
        stopped = last_gate(ctx, "settle")
        return stopped or ctx.render("remember/ready.html", pair=now.pair, wishes=ctx.who.life.preferences)
    if now.pair is not None and not ctx.problem:
        return ctx.redirect("/remember/open")
    if now.sealed is not None and not ctx.problem:
        return ctx.render(
            "remember/sealed.html",
            mine=now.sealed,
            until=ctx.times.said(now.sealed.at_ms + WAITS_MS),
            **_earlier(ctx, now),
        )
    stopped = gate(ctx, "settle") if with_partner and not ctx.problem else None
    return stopped or ctx.render(
        "remember/write.html", with_partner=with_partner, again=_again(ctx), **_earlier(ctx, now)
    )


def _again(ctx: Context) -> Memory | None:
    """The reader's newest moment, if it waited its day and they want to put it in once more."""
    newest = ctx.who.life.memories.sealed
    return newest.body if newest is not None and ctx.query.get("again") else None


def _earlier(ctx: Context, now: Standing) -> dict[str, Any]:
    """Return what can be read again: pairs that were opened, and the reader's own, each told once."""
    memories = ctx.who.life.memories
    waiting = now.sealed.id if now.sealed else b""
    own: dict[str, Answer[Memory]] = {}
    for answer in memories.own:
        if answer.opened is None and answer.id != waiting:
            own.setdefault(answer.body.words, answer)
    lapsed = memories.sealed
    return {
        "pairs": [pair for pair in memories.pairs if pair is not now.pair][:SHOWN],
        "own": list(own.values())[:SHOWN],
        "lapsed": lapsed is not None and now.sealed is None and open_partner(ctx) is not None,
    }


def post(ctx: Context) -> Response:
    """Seal it to open together, or keep it."""
    share = ctx.form.choice("go", ("share", "keep")) == "share" and open_partner(ctx) is not None
    body = Memory(
        words=ctx.form.text("words", max=LONGEST),
        tone=ctx.form.maybe("tone", TONES) or "close",
        share=share,
    )
    ctx.who.write(body)
    return ctx.redirect("/remember" if share else "/remember/mine")


def take_back(ctx: Context) -> Response:
    """Offer it no more. One that has opened meanwhile stays open."""
    entry = ctx.form.identity("entry")
    own = {answer.id: answer for answer in ctx.who.life.memories.own}
    if entry not in own:
        raise NotFound
    if own[entry].offered:
        ctx.who.withdraw(entry)
    return ctx.redirect("/remember")


def mine(ctx: Context) -> Response:
    """Breathe a minute with one's own moment."""
    latest = ctx.who.life.memories.latest
    if latest is None:
        return ctx.redirect("/remember")
    return _open(ctx, latest.body, None)


def open_now(ctx: Context) -> Response:
    """Open both without waiting for anybody."""
    pair = standing(ctx).pair
    if pair is None:
        return ctx.redirect("/remember")
    return _open(ctx, pair.mine, pair.theirs)


def _open(ctx: Context, mine: Memory | Said, theirs: Said | None) -> Response:
    return ctx.render("remember/open.html", mine=mine, theirs=theirs, wishes=ctx.who.life.preferences)


def end(ctx: Context) -> Response:
    """Keep that it was done. It is enough for today."""
    met = ctx.form.flag("met")
    minutes = settled.spent_minutes(ctx.form, 1.0)
    ctx.who.write(Settled(practice=PRACTICE, how="together" if met else "alone", minutes=minutes))
    return ctx.redirect("/remember/enough")


def enough(ctx: Context) -> Response:
    """Say so."""
    return ctx.render("remember/enough.html")


PAGES = [
    Page("/remember", get=get, post=post),
    Page("/remember/take-back", post=take_back),
    Page("/remember/mine", get=mine),
    Page("/remember/open", get=open_now),
    Page("/remember/enough", get=enough, post=end),
]
