"""Bringing another phone home: where it learns to trust this machine, and what to compare.

The page for new phones can't be believed about its own certificate (it is served without a lock); this one can, since
it came over a connection that this phone trusts already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.errors import NotFound
from toward.web.closed import closed, has_setup
from toward.web.page import Page
from toward.web.qr import drawn

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def get(ctx: Context) -> Response:
    """Show the square and the digits; only where this machine has made its own certificates."""
    if ctx.session is None and not has_setup(ctx):
        return closed(ctx)
    trust = ctx.settings.trust
    if trust is None:
        raise NotFound
    return ctx.render("trust/bring.html", trust=trust, svg=drawn(trust.url))


PAGE = Page("/trust", get=get, needs="nobody")
