"""The one page that is served without a lock: how a device comes to trust the lock.

Anybody in the network may read it, so it holds nothing of anybody: the certificate (public by nature), the steps, the
looks of the pages. No cookie is read or set and no script sent; every other address leads to the locked pages, and
what stood behind it in the address is dropped on the way.

It does not show the fingerprint. Whoever could change the certificate on its way could change this page as well; what
a phone shows is to be compared with the terminal, or with a phone that trusts the house already (``/trust``).
"""

from __future__ import annotations

import logging
import threading
from functools import cached_property
from typing import TYPE_CHECKING, Final

from cryptography.x509 import load_der_x509_certificate
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from toward.errors import NotFound
from toward.web.lan.authority import called
from toward.web.lan.profile import MEDIA_TYPE as PROFILE_TYPE
from toward.web.lan.profile import profile
from toward.web.lan.systems import system_of, systems
from toward.web.policy import policy_of
from toward.web.security import SecurityLayer
from toward.web.settings import Settings
from toward.web.static_files import StaticFiles
from toward.web.templating import Templates

if TYPE_CHECKING:
    import socket

    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send
    from uvicorn import Config

    from toward.errors import TowardError

CERTIFICATE_TYPE: Final = "application/x-x509-ca-cert"
LOOKS: Final = (".css", ".woff2", ".txt")

log = logging.getLogger("toward.web.lan")


class Looks(StaticFiles):
    """Styles and fonts only."""

    @cached_property
    def files(self) -> dict[str, bytes]:
        """Every style and font by its path."""
        return {path: data for path, data in super().files.items() if path.endswith(LOOKS)}


class TrustPage:
    """The page for a house called *name* whose locked pages stand on *port*; *address* opens them too, if known."""

    def __init__(self, authority: bytes, name: str, port: int, address: str = "", language: str = "en") -> None:
        self.authority = authority
        self.name = name
        self.title = called(load_der_x509_certificate(authority))
        self.locked = f"https://{name}:{port}/"
        self.by_address = f"https://{address}:{port}/" if address else ""
        self.language = language
        self.looks = Looks()
        self.templates = Templates(language, self.looks)

    def app(self) -> Starlette:
        """Return the app."""
        return Starlette(
            routes=[
                Route("/", self.page),
                Route("/for/{system}", self.page),
                Route(f"/{self.file('certificate')}", self.certificate),
                Route(f"/{self.file('profile')}", self.profile),
                Route("/static/{fingerprint}/{path:path}", self.looks.answer),
                Route("/{rest:path}", self.elsewhere),
            ],
            middleware=[
                Middleware(SecurityLayer, settings=Settings(hosts=frozenset({self.name})), nested=False, refuse=_refuse)
            ],
            exception_handlers={NotFound: _nothing},
        )

    def file(self, kind: str) -> str:
        """Return what the downloaded file is called."""
        ending = "mobileconfig" if kind == "profile" else "crt"
        return f"{self.name.removesuffix('.local')}.{ending}"

    def page(self, request: Request) -> Response:
        """Show the steps for the device that asks, or for the one that was chosen."""
        known = systems(self.language)
        chosen = request.path_params.get("system", "")
        if chosen and chosen not in known:
            raise NotFound
        browser = request.headers.get("user-agent", "")
        system = known[chosen] if chosen else system_of(browser, self.language)
        file = self.file(system.file)
        html = self.templates.render(
            "trust/steps.html",
            system=system,
            others=[one for one in known.values() if one is not system],
            name=self.name,
            title=self.title,
            file=file,
            locked=self.locked,
            by_address=self.by_address,
            fill=lambda text: text.replace("{title}", self.title).replace("{file}", file),
        )
        return HTMLResponse(html)

    def certificate(self, request: Request) -> Response:
        """Send the certificate."""
        return self._download(request, self.authority, CERTIFICATE_TYPE, self.file("certificate"))

    def profile(self, request: Request) -> Response:
        """Send the certificate in the form that Apple's devices take."""
        content = profile(self.authority, self.name, self.title, self.templates.words)
        return self._download(request, content, PROFILE_TYPE, self.file("profile"))

    def elsewhere(self, request: Request) -> Response:
        """Lead to the locked pages, and take nothing along."""
        del request
        return RedirectResponse(self.locked, 307)

    def _download(self, request: Request, content: bytes, media_type: str, name: str) -> Response:
        policy_of(request.scope).cache = "no-store"
        # Apple's devices open a profile only when it is not an attachment.
        how = "inline" if media_type == PROFILE_TYPE else "attachment"
        return Response(content, media_type=media_type, headers={"content-disposition": f'{how}; filename="{name}"'})


class TrustServer:
    """Serves a page on *listener* beside the real server, in a thread of its own, for as long as the process lives."""

    def __init__(self, settings: Config, listener: socket.socket) -> None:
        self._settings = settings
        self._listener = listener

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._run, name="trust page", daemon=True).start()

    def _run(self) -> None:
        from uvicorn import Server

        try:
            Server(self._settings).run(sockets=[self._listener])
        except (OSError, RuntimeError) as error:
            log.warning("the page for new phones has stopped: %s", type(error).__name__)


def _nothing(request: Request, error: Exception) -> Response:
    del request, error
    return Response(status_code=404)


async def _refuse(scope: Scope, receive: Receive, send: Send, error: TowardError) -> None:
    await Response(status_code=error.status)(scope, receive, send)
