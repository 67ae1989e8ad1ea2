"""The look-around: this app twice more, over a vault in memory, for two people who do not exist.

Both phones share one vault and one hub of live rooms, so that they breathe in step and open what they sealed. All of it
is made at the first visit and gone with the process. What a visitor does there is seen by other visitors of the same
server, who are the two people it belongs to.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers

from toward.errors import NotFound
from toward.web.app import LazyApp, create_app, wall_clock_ms
from toward.web.cookies import Cookies
from toward.web.policy import policy_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from toward.growth import Growth
    from toward.live import Hub
    from toward.vault import Vault
    from toward.vault.accounts import Live
    from toward.web.settings import Settings

BASES = ("/look/a", "/look/b")


class Invented:
    """What both phones stand on."""

    def __init__(self, vault: Vault, hub: Hub, people: tuple[Live, Live]) -> None:
        self.vault = vault
        self.hub = hub
        self.people = people


class LookAround:
    """Two apps to mount at ``BASES``, made when somebody first asks for either."""

    def __init__(
        self, settings: Settings, now_ms: Callable[[], int] = wall_clock_ms, growth: Growth | None = None
    ) -> None:
        self.settings = settings
        self._growth = growth
        self._now_ms = now_ms
        self._lock = Lock()
        self._invented: Invented | None = None

    def apps(self) -> dict[str, ASGIApp]:
        """Return the two apps by the prefix where each belongs."""
        return {base: LazyApp(lambda place=place: self._app(place)) for place, base in enumerate(BASES)}  # type: ignore[misc]

    def invented(self) -> Invented:
        """Return the two people's vault, filled."""
        with self._lock:
            if self._invented is None:
                from toward.live import Hub
                from toward.vault import Kdf, Vault
                from toward.web.look_around_history import Turning, fill

                clock = Turning(self._now_ms)
                vault = Vault.open(Path(), url=":memory:", kdf=Kdf.TRIVIAL, now_ms=clock)
                self._invented = Invented(vault, Hub(), fill(vault, clock))
            return self._invented

    def _app(self, place: int) -> ASGIApp:
        from toward.vault import Session

        invented = self.invented()
        live = invented.people[place]

        def session() -> Session:
            # Out of the keys and not of a cookie's token: no visitor can sign an invented person out for the next one.
            return Session(invented.vault, live)

        return create_app(
            invented.vault,
            settings=self.settings,
            hub=invented.hub,
            base=BASES[place],
            demo=session,
            now_ms=self._now_ms,
            growth=self._growth,
        )


class ForGuests:
    """Lets in whoever holds the setup link or lives in *vault*; to all others there is nothing here."""

    def __init__(self, app: ASGIApp, vault: Vault) -> None:
        self._app = app
        self._vault = vault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a guest's request on; raises ``NotFound`` for a stranger's."""
        if scope["type"] in {"http", "websocket"} and not await run_in_threadpool(self._may_look, scope):
            raise NotFound
        await self._app(scope, receive, send)

    def _may_look(self, scope: Scope) -> bool:
        header = "; ".join(Headers(scope=scope).getlist("cookie"))
        cookies = Cookies(header, secure=policy_of(scope).own_origin.startswith("https:"))
        if cookies.session and self._vault.session(cookies.session) is not None:
            return True
        return bool(cookies.setup) and self._vault.check_setup(cookies.setup)
