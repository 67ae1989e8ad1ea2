"""The service worker: the allow-list of what a browser may keep, in front of ``static/js/worker.js``.

It stands at the root because a worker answers for what is below its own address. The list is exactly what the offline
page needs. It names files by their fingerprint, so any change of a file is a change of this script, which a browser
looks for by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from starlette.responses import Response

from toward.web.page import Page

if TYPE_CHECKING:
    from toward.web.context import Context

KEPT: Final = (
    "css/base.css",
    "css/parts.css",
    "css/tokens.css",
    "icons/favicon.svg",
    "icons/icon-180.png",
    "js/away.js",
    "js/exit.js",
    "js/menu.js",
    "js/offline.js",
    "js/offline_page.js",
    "js/outbox.js",
    "js/safety.js",
    "vendor/fonts/atkinson-hyperlegible-next.woff2",
    "vendor/fonts/newsreader.woff2",
)
SCRIPTS: Final = ("vendor/tweetnacl/nacl-fast.min.js", "js/outbox.js")
"""What the worker itself runs on; a browser keeps these with it."""


def get(ctx: Context) -> Response:
    """Return the script."""
    kept = {
        "cache": f"toward-{ctx.static.fingerprint}",
        "page": "/offline",
        "files": [ctx.static.url(path) for path in KEPT],
        "scripts": [ctx.static.url(path) for path in SCRIPTS],
        "reminder": ctx.t("reminders.message"),
        "icon": ctx.static.url("icons/neutral-192.png"),
    }
    source = f"self.kept = {msgspec.json.encode(kept).decode()};\n".encode() + ctx.static.files["js/worker.js"]
    return Response(source, media_type="text/javascript")


PAGE = Page("/worker.js", get=get, needs="nobody", hides=False)
