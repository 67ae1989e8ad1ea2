"""What has been shown: what was agreed and what became of it, signs that somebody saw, and what was frightening.

Agreements are both's; all else here is one person's and tells the other nothing. What was frightening stands first, for
as long as its writer leaves it there: nothing kept comes before it or takes its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, get_args

from toward.errors import NotFound
from toward.journal.kinds import Frightened, NotCome, Sign
from toward.journal.kinds.trust import SignOf
from toward.web.page import Page
from toward.web.threads import id_in, open_partner

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.journal.projections import Agreed
    from toward.web.context import Context

SIGNS: Final[tuple[SignOf, ...]] = get_args(SignOf)
SHOWN: Final = 40
LONGEST: Final = 500


class Word(NamedTuple):
    """One thing in words. ``key`` is its sentence where it has one; ``href`` leads to it."""

    id: str
    key: str
    words: str
    day: str
    href: str = ""


def get(ctx: Context) -> Response:
    """Show the picture."""
    life = ctx.who.life
    shown = life.shown
    return ctx.render(
        "pictures/shown.html",
        has_company=ctx.who.partner is not None,
        frights=[Word(one.id.hex(), "", one.words, ctx.times.day(one.day)) for one in shown.frightening],
        agreed=[_agreed(ctx, one) for one in life.agreements.all[:SHOWN]],
        not_come=[
            Word(one.id.hex(), "", _waited_for(ctx, one.agreement, one.words), ctx.times.day(one.day))
            for one in shown.not_come[:SHOWN]
        ],
        signs=[
            Word(
                one.id.hex(),
                f"pictures.sign.{one.of}.{'so' if one.so else 'not_so'}",
                one.words,
                ctx.times.day(one.day),
            )
            for one in shown.signs[:SHOWN]
        ],
        waited={one.agreement.hex() for one in shown.not_come if one.agreement},
        any_not_so=any(not one.so for one in shown.signs[:SHOWN]),
        noted=bool(ctx.query.get("noted")),
        edit=bool(ctx.query.get("edit")),
    )


def sign(ctx: Context) -> Response:
    """Ask what they saw."""
    return ctx.render("pictures/sign.html", signs=SIGNS, longest=LONGEST)


def keep_sign(ctx: Context) -> Response:
    """Keep a sign, so or not so."""
    of = ctx.form.choice("of", SIGNS)
    so = ctx.form.choice("so", ("yes", "no")) == "yes"
    words = ctx.form.text("words", max=LONGEST, required=False)
    ctx.who.write(Sign(of=of, so=so, words=words, day=ctx.times.today.isoformat()))
    return ctx.redirect("/ours/shown", noted="1")


def not_come(ctx: Context) -> Response:
    """Ask what did not come."""
    return ctx.render("pictures/not_come.html", agreed="", longest=LONGEST)


def keep_not_come(ctx: Context) -> Response:
    """Keep it for whoever felt it."""
    words = ctx.form.text("words", max=LONGEST)
    ctx.who.write(NotCome(words=words, day=ctx.times.today.isoformat()))
    return ctx.redirect("/ours/shown", noted="1")


def not_come_of(ctx: Context) -> Response:
    """Ask about something that was agreed."""
    return ctx.render("pictures/not_come.html", agreed=_agreement(ctx).words, longest=LONGEST)


def keep_not_come_of(ctx: Context) -> Response:
    """Keep it for whoever felt it. The agreement itself stays as it is, for both."""
    agreed = _agreement(ctx)
    words = ctx.form.text("words", max=LONGEST, required=False)
    ctx.who.write(NotCome(agreement=agreed.id, words=words, day=ctx.times.today.isoformat()))
    return ctx.redirect("/ours/shown", noted="1")


def fright(ctx: Context) -> Response:
    """Ask what was frightening, and who can help."""
    return ctx.render("pictures/fright.html", longest=LONGEST)


def keep_fright(ctx: Context) -> Response:
    """Keep it."""
    words = ctx.form.text("words", max=LONGEST, required=False)
    ctx.who.write(Frightened(words=words, day=ctx.times.today.isoformat()))
    return ctx.redirect("/ours/shown")


def _agreement(ctx: Context) -> Agreed:
    agreed = ctx.who.life.agreements.agreed(id_in(ctx))
    if agreed is None:
        raise NotFound
    return agreed


def _agreed(ctx: Context, agreed: Agreed) -> Word:
    """One agreement, told as it stands: ahead, done, moved, made good or let go."""
    day = ctx.times.day(agreed.day) if agreed.day else ""
    state = agreed.state
    if state == "agreed" or (state == "moved" and not day):
        state_words = ctx.t("pictures.shown.open_day", day=day) if day else ctx.t("pictures.shown.open")
    else:
        state_words = ctx.t(f"pictures.shown.{state}", day=day)
    href = ctx.url(f"/turn/agreement/{agreed.id.hex()}") if open_partner(ctx) else ""
    return Word(agreed.id.hex(), state_words, agreed.words, day, href)


def _waited_for(ctx: Context, agreement: bytes | None, words: str) -> str:
    """What did not come, in words: those of the agreement first, if it was one and is still known here."""
    agreed = ctx.who.life.agreements.agreed(agreement) if agreement else None
    return "\n".join(part for part in (agreed.words if agreed else "", words) if part)


PAGES = [
    Page("/ours/shown", get=get),
    Page("/ours/shown/sign", get=sign, post=keep_sign),
    Page("/ours/shown/not-come", get=not_come, post=keep_not_come),
    Page("/ours/shown/not-come/{id}", get=not_come_of, post=keep_not_come_of),
    Page("/ours/shown/frightened", get=fright, post=keep_fright),
]
