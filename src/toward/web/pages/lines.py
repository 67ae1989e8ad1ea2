"""Whether both see both lines: it takes two, either stops it, and nothing tells who agreed first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.web import line_sharing
from toward.web.page import Page
from toward.web.threads import open_partner

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def get(ctx: Context) -> Response:
    """Say what would be seen, and ask."""
    if open_partner(ctx) is None:
        return ctx.redirect("/ours")
    line = ctx.who.life.line
    return ctx.render(
        "ours/lines.html",
        i_share=line.i_share,
        both_share=line.both_share,
        has_earlier=line_sharing.has_earlier(ctx.who, ctx.times.today),
        earlier_done=bool(ctx.query.get("earlier")),
    )


def post(ctx: Context) -> Response:
    """Agree, stop, or bring one's days from before."""
    wish = ctx.form.choice("do", ("on", "off", "earlier"))
    if open_partner(ctx) is None:
        return ctx.redirect("/ours")
    if wish == "earlier":
        line_sharing.show_earlier(ctx.who, ctx.times.today)
        return ctx.redirect("/ours/lines", earlier="1")
    line_sharing.agree(ctx.who, on=wish == "on")
    return ctx.redirect("/ours/lines")


PAGE = Page("/ours/lines", get=get, post=post, needs="couple")
