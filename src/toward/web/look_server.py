"""Serving nothing but the look-around: for somebody who wants to see before they install anything of their own."""

from __future__ import annotations

from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from msgspec import structs

from toward.growth import Growth
from toward.web.app import create_app
from toward.web.look_around import LookAround
from toward.web.pages import away, look, offline
from toward.web.server import Serving, leave_nothing_behind, listen, own_address, run_one

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.applications import Starlette


def serve(host: str, port: int, *, say: Callable[[str], None] = print) -> None:
    """Serve until told to stop. *say* prints the one address for whoever started this."""
    leave_nothing_behind()
    listener = listen(host, port)
    growth = Growth()
    around = LookAround(structs.replace(Serving(host=host).settings, look_around=True), growth=growth)
    Thread(target=around.invented, daemon=True).start()  # while somebody opens the address
    app = build(around, growth)
    say(own_address(host, listener.getsockname()[1]))
    run_one(app, listener)


def build(around: LookAround, growth: Growth | None = None) -> Starlette:
    """Return an app that shows both phones to whoever comes, and writes nothing to any disk.

    *growth* is that of the phones, closed with the app.
    """
    from toward.vault import Kdf, Vault

    nobody = Vault.open(Path(), url=":memory:", kdf=Kdf.TRIVIAL)
    only = [*away.PAGES, look.ONLY_PAGE, offline.PAGE]
    return create_app(nobody, settings=around.settings, inside=around.apps(), pages=only, growth=growth)
