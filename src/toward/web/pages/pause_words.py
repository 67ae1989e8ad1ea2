"""For the next pause, in calm: words to call it by, which take two, and a plan of one's own for leaving and waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toward.errors import SpaceClosed
from toward.journal.kinds import PausePlan, PauseWords, PauseWordsAgreed
from toward.web.page import Page
from toward.web.threads import open_partner, pause_until

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context

LONGEST: Final = 60
"""Words that are said in the worst minute of a week have to be few."""
MOST: Final = 500


def get(ctx: Context) -> Response:
    """Show what is agreed, what is proposed, and one's own plan. While a pause runs there is nothing to agree on."""
    words = ctx.who.life.couple.pause_words
    return ctx.render(
        "pause/words.html",
        calm=not pause_until(ctx),
        has_company=open_partner(ctx) is not None,
        agreed=words.agreed,
        proposal=words.open,
        plan=ctx.who.life.pause_plan,
        longest=LONGEST,
        most=MOST,
    )


def post(ctx: Context) -> Response:
    """Propose words, agree to theirs, or keep one's own plan."""
    do = ctx.form.choice("do", ("propose", "agree", "plan"))
    if do == "plan":
        leaving, waiting = (ctx.form.text(name, max=MOST, required=False) for name in ("leaving", "waiting"))
        plan = PausePlan(leaving=leaving, waiting=waiting)
        if plan != ctx.who.life.pause_plan:
            ctx.who.write(plan)
    elif open_partner(ctx) is None:
        raise SpaceClosed
    elif not pause_until(ctx):
        _agree(ctx) if do == "agree" else _propose(ctx)
    return ctx.redirect("/pause/words")


def _propose(ctx: Context) -> None:
    """Propose words. The other's own, typed once more, are agreed to."""
    said = ctx.form.line("words", max=LONGEST)
    words = ctx.who.life.couple.pause_words
    if words.open is not None and said == words.open.words:
        _agree(ctx)
    elif said != words.agreed:
        ctx.who.write(PauseWords(words=said))


def _agree(ctx: Context) -> None:
    """Agree to what the other proposed last."""
    proposal = ctx.who.life.couple.pause_words.open
    if proposal is not None and not proposal.mine:
        ctx.who.write(PauseWordsAgreed(proposal=proposal.id))


PAGE = Page("/pause/words", get=get, post=post)
