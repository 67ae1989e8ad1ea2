"""The application: pages, static files, the live socket, and the layers around them.

An app can stand inside another, below a prefix and over another vault: the look-around is two of these, ``/look/a`` and
``/look/b``, each seen by one of two invented people. Every address a page writes is asked of its context, which knows
the prefix.
"""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from threading import Lock
from typing import TYPE_CHECKING, Final

import anyio
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount, Route, WebSocketRoute

from toward.errors import NotFound, TowardError, Unavailable
from toward.web.context import EMPTY, Context, Surroundings
from toward.web.error_pages import ErrorPages, as_toward_error, note_error
from toward.web.forms import TooLarge, read_form
from toward.web.page import answer
from toward.web.pages import pages as all_pages
from toward.web.policy import policy_of
from toward.web.push import carry, keep_up
from toward.web.security import SecurityLayer
from toward.web.settings import Settings
from toward.web.static_files import StaticFiles
from toward.web.templating import Templates

SWEEP_S: Final = 60.0
"""So often opened words that nobody has used for long are forgotten, even while nobody asks for anything."""

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
    from pathlib import Path

    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Receive, Scope, Send
    from starlette.websockets import WebSocket

    from toward.growth import Growth
    from toward.live import Hub
    from toward.vault import Session, Vault
    from toward.web.forms import Form
    from toward.web.page import Page
    from toward.web.push import Carrier


class LazyApp:
    """An app that is made at its first visit: the look-around's invented history takes a moment, and most never ask."""

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        self._make = make
        self._made: ASGIApp | None = None
        self._lock = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Make the app in a worker thread if need be, and pass the request on."""
        if self._made is None:
            await run_in_threadpool(self._once)
        assert self._made is not None  # noqa: S101 - made or raised; says so to the type checker
        await self._made(scope, receive, send)

    def _once(self) -> None:
        with self._lock:
            if self._made is None:
                self._made = self._make()


def wall_clock_ms() -> int:
    """Milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


def create_app(  # noqa: PLR0913 - what an app is made of, by name
    vault: Vault,
    *,
    settings: Settings | None = None,
    hub: Hub | None = None,
    base: str = "",
    demo: Callable[[], Session] | None = None,
    inside: Mapping[str, ASGIApp] | None = None,
    pages: Sequence[Page] | None = None,
    templates: Sequence[Path] = (),
    now_ms: Callable[[], int] = wall_clock_ms,
    live: Callable[[WebSocket], Awaitable[None]] | ASGIApp | None = None,
    carrier: Carrier | None = None,
    growth: Growth | None = None,
) -> Starlette:
    """Return the app over *vault*.

    *demo* opens the session that every visitor gets: an invented person's. *inside* holds apps made with a *base* equal
    to their key. *hub* seats the sockets at ``/live`` and ``/live/alone`` and is closed with the app; *live* is another
    endpoint at the first, for tests. *templates* are folders to look in before the app's own. *carrier* brings
    reminders while the app runs. *growth* works out what answers say; it is closed with the app.
    """
    settings = settings or Settings()
    static = StaticFiles()
    rendering = Templates(settings.language, static, templates)
    here = Surroundings(
        vault=vault,
        templates=rendering,
        settings=settings,
        now_ms=now_ms,
        base=base,
        demo=demo,
        carrier=carrier,
        growth=growth,
    )
    errors = ErrorPages(rendering, base)
    every = list(all_pages() if pages is None else pages)
    by_path = {page.path: page for page in every}
    routes: list[BaseRoute] = [Route("/static/{fingerprint}/{path:path}", static.answer)]
    routes += [Mount(prefix, app) for prefix, app in (inside or {}).items()]
    routes += [Route(page.path, _endpoint(page, here, by_path, errors), methods=page.methods) for page in every]
    if hub is not None:
        from toward.web.live_seat import authenticate, authenticate_alone
        from toward.web.live_socket import LiveSocket

        live = LiveSocket(hub, authenticate)
        routes.append(WebSocketRoute("/live/alone", LiveSocket(hub, authenticate_alone)))
    if live is not None:
        routes.append(WebSocketRoute("/live", live))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_sweep, vault)
            if carrier is not None:
                tasks.start_soon(carry, carrier)
            yield
            tasks.cancel_scope.cancel()
        if hub is not None:
            await hub.close()
        if growth is not None:
            await run_in_threadpool(growth.close)
        await run_in_threadpool(vault.close)

    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[
            Middleware(SecurityLayer, settings=settings, nested=bool(base), refuse=errors.answer),
            Middleware(errors.around),
        ],
    )
    app.router.redirect_slashes = False  # it would redirect by the Host header, and form addresses are exact anyway
    app.router.default = _nothing_here
    app.state.here = here
    return app


async def _sweep(vault: Vault) -> None:
    while True:
        await anyio.sleep(SWEEP_S)
        vault.ledgers.sweep(vault.now_ms())


async def _nothing_here(scope: Scope, receive: Receive, send: Send) -> None:
    del receive
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 4404})
        return
    raise NotFound


def _keep_up(ctx: Context) -> None:
    """Let reminders follow what a visit has changed. Whatever goes wrong there is not what was asked for here."""
    session = vars(ctx).get("session")  # only if the page asked for it
    if session is not None and not ctx.is_demo:
        try:
            keep_up(session)
        except Exception as error:  # noqa: BLE001 - a page is not lost for a reminder
            note_error(error)


def _work_out(ctx: Context, writer: Session) -> None:
    """Ask for what a form may have changed, so that it is there when it is looked at."""
    from toward.web.reckoned import follow

    try:
        follow(ctx, writer)
    except Exception as error:  # noqa: BLE001 - nor for a picture
        note_error(error)


async def _form_of(request: Request, here: Surroundings, limit: int) -> Form:
    """Return what was sent.

    A limit larger than usual is for people who are signed in, or strangers would fill the memory. Whoever should have
    signed in is asked to, and what they sent is not read.
    """
    usual = most = here.settings.form_bytes
    if limit <= usual or await run_in_threadpool(here.session, here.cookies(request.scope)) is not None:
        most = limit
    headers = request.headers
    try:
        with anyio.fail_after(here.settings.form_seconds * max(1, most // usual / 8)):
            return await read_form(
                headers.get("content-type", ""), headers.get("content-length"), request.stream(), limit=most
            )
    except TooLarge:
        if most == limit:
            raise
        return EMPTY
    except TimeoutError as error:
        raise Unavailable from error


def _endpoint(
    page: Page,
    here: Surroundings,
    pages: Mapping[str, Page],
    errors: ErrorPages,
) -> Callable[[Request], object]:
    limit = page.limit or here.settings.form_bytes

    async def endpoint(request: Request) -> Response:
        policy = policy_of(request.scope)
        policy.frames_self |= page.frames
        policy.hears_hearts = page.hearts
        form = EMPTY
        if request.method == "POST":
            try:
                form = await _form_of(request, here, limit)
            except ClientDisconnect:
                return Response(status_code=400)
        return await run_in_threadpool(work, Context(here, request, page, form))

    def work(ctx: Context) -> Response:
        writer: Session | None = None
        try:
            if here.growth is not None and ctx.method == "POST":
                writer = ctx.session
            response = answer(ctx, pages)
        except TowardError as error:
            response = errors.response(as_toward_error(error), as_json=ctx.wants_json)
        if here.carrier is not None:
            _keep_up(ctx)
        if writer is not None:
            _work_out(ctx, writer)
        response.raw_headers.extend(ctx.cookies.headers())
        return response

    return endpoint
