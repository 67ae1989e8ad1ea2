"""Not this one: a suggestion put by rests for a while. No reason is asked, and nothing takes its place by force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.journal.kinds import StepPutBy
from toward.web.page import Page
from toward.web.suggestion import suggested

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def post(ctx: Context) -> Response:
    """Write it down, if it is what stands there; whatever was meant a moment ago and is gone needs no putting by."""
    now = suggested(ctx)
    if now.put_by and ctx.form.raw("step") == now.put_by:
        ctx.who.write(StepPutBy(step=now.put_by))
    return ctx.redirect("/")


PAGE = Page("/put-by", post=post)
