"""The two pictures side by side, and why they are two. Neither page shows anything of either."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.web.page import Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context


def get(ctx: Context) -> Response:
    """Show the two doors."""
    return ctx.render("pictures/home.html")


def why(ctx: Context) -> Response:
    """Say why closeness that is felt and trust that is shown are kept apart."""
    return ctx.render("pictures/why.html")


PAGES = [
    Page("/ours/pictures", get=get),
    Page("/ours/pictures/why", get=why),
]
