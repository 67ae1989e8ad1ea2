"""What a phone reads to put the app on its home screen: a name, icons, colours, where it opens.

A browser asks for it without a session, so which name it is stands in the address. The plain one is an app of its own
(``id``): a phone that has it can't be led to rename it by a page that shows the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import JSONResponse

from toward.web.page import Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context

PAPER: Final = "#faf6f0"
"""``--paper`` of tokens.css: what a phone shows while the first page comes."""
SIZES: Final = (192, 512)


def get(ctx: Context) -> Response:
    """Return the manifest."""
    plain = "plain" in ctx.query
    name = ctx.t("phone.plain.name") if plain else ctx.t("common.name")
    icons = [
        {
            "src": ctx.static.url(f"icons/{'neutral' if plain else 'icon'}-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size in SIZES
        for purpose in ("any", "maskable")
    ]
    manifest = {
        "id": "/?plain" if plain else "/",
        "name": name,
        "short_name": name,
        "lang": ctx.settings.language,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": icons,
    }
    if not plain:
        pause = {"name": ctx.t("now.home.pause"), "url": "/pause"}
        manifest["shortcuts"] = [pause]
    return JSONResponse(manifest, media_type="application/manifest+json")


PAGE = Page("/manifest.webmanifest", get=get, needs="nobody", hides=False)
