"""The one next step, as a page shows it: the guide's, under the gates, with its words and its address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from toward.guide.next_step import weigh
from toward.web.library import library_of, path_of
from toward.web.pages.before import gates_of
from toward.web.reckoned import hint

if TYPE_CHECKING:
    from toward.web.context import Context

OPEN_PATH: Final = "/turn/open"
HELP_PATH: Final = "/within/care"


class Suggested(NamedTuple):
    """One step. ``help`` are words for who can help, at ``help_href``; empty where nobody need be called.

    ``put_by`` is its name where it may be put by; empty for what answers a person's own word.
    """

    id: str
    title: str
    reason: str
    href: str
    help: str
    help_href: str
    put_by: str


def suggested(ctx: Context) -> Suggested:
    """Return the next step for the reader now."""
    name = ctx.who.partner.name if ctx.who.partner else ctx.t("common.partner")
    gates = gates_of(ctx)
    library = library_of(ctx)
    step, rule = weigh(
        ctx.who.life,
        gates,
        ctx.now_ms,
        solo=not gates.partner_open,
        tz_min=ctx.who.tz_min,
        practices=library.values(),
        hint=hint(ctx) if ctx.who.life.preferences.suggestions else "",
    )
    path = waiting_path(ctx) if step.id == "open_invitation" else step.path
    title = ctx.t(f"guide.{step.id}.title", partner=name)
    if step.practice:
        practice = library[step.practice]
        path, title = path_of(practice), practice.en.title
    return Suggested(
        id=step.id,
        title=title,
        reason=ctx.t(step.reason, partner=name),
        href=ctx.url(path),
        help=ctx.t(step.help) if step.help else "",
        help_href=ctx.url(HELP_PATH),
        put_by="" if rule is None or rule.always or rule.again == "day" else step.name,
    )


def waiting_path(ctx: Context) -> str:
    """Return where the invitation that came first waits to be opened."""
    return f"{OPEN_PATH}/{ctx.who.life.invitations.waiting[0].hex()}"
