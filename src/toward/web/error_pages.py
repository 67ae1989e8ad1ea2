"""What went wrong, in one shape: a friendly page, or ``{"error": {"key", "title", "way_out", "field"}}`` for a script.

Neither says more than the catalogue does. A log line holds an id, the class of the error and the line of *our* code it
came through: never its message (which may quote what was typed), never a path, never a person.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response

from toward.errors import NotAllowed, NotFound, TooManyAttempts, TowardError, Unavailable

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from toward.web.templating import Templates

log: Final = logging.getLogger("toward.web")
PACKAGE: Final = Path(__file__).parents[1]
OUR_FAULT: Final = 500
SOCKET_BROKE: Final = 1011


class WrongMethod(NotAllowed):
    """This page takes no such request."""

    key = "method_not_allowed"
    status = 405


def note_error(error: BaseException) -> str:
    """Write one line about an error nobody expected; return the id that is on it."""
    error_id = secrets.token_hex(4)
    where = "outside"
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(PACKAGE):
            where = f"{'.'.join(path.relative_to(PACKAGE.parent).with_suffix('').parts)}:{frame.lineno}"
    log.error("error %s %s at %s", error_id, type(error).__name__, where)
    return error_id


def wants_json(headers: Headers) -> bool:
    """Say whether a script asks, and not a person."""
    accept = headers.get("accept", "")
    return "application/json" in accept and "text/html" not in accept


def as_toward_error(error: Exception) -> TowardError:
    """Return the error in terms of the one tree; details of others are not for showing."""
    if isinstance(error, TowardError):
        return error
    if isinstance(error, HTTPException):
        return {404: NotFound, 405: WrongMethod, 503: Unavailable}.get(error.status_code, TowardError)()
    return TowardError()


class ErrorPages:
    """Turns errors into answers; wraps an app so that none gets past it."""

    def __init__(self, templates: Templates, base: str = "") -> None:
        self.templates = templates
        self.base = base

    def around(self, app: ASGIApp) -> ASGIApp:
        """Return *app* with every error answered."""

        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            started = False

            async def watch(message: Message) -> None:
                nonlocal started
                started = started or message["type"] in {"http.response.start", "websocket.close"}
                await send(message)

            try:
                await app(scope, receive, watch)
            except Exception as error:  # noqa: BLE001 - the last net: a server's own would print what was typed
                if not isinstance(error, (TowardError, HTTPException)) or as_toward_error(error).status >= OUR_FAULT:
                    note_error(error)
                if started or scope["type"] == "lifespan":
                    return
                if scope["type"] == "websocket":
                    await send({"type": "websocket.close", "code": SOCKET_BROKE})
                else:
                    await self.answer(scope, receive, send, as_toward_error(error))

        return guarded

    async def answer(self, scope: Scope, receive: Receive, send: Send, error: TowardError) -> None:
        """Send the answer for *error*."""
        response = self.response(error, as_json=wants_json(Headers(scope=scope)))
        await response(scope, receive, send)

    def response(self, error: TowardError, *, as_json: bool = False) -> Response:
        """Return the answer for *error*."""
        from toward.web.context import Problem

        problem = Problem(error, self.templates.words)
        headers = {"retry-after": str(error.retry_after_s)} if isinstance(error, TooManyAttempts) else {}
        if as_json:
            shape = {"key": problem.key, "title": problem.title, "way_out": problem.way_out, "field": problem.field}
            return JSONResponse({"error": shape}, error.status, headers)
        html = self.templates.render(
            "error.html",
            problem=problem,
            url=lambda path: self.base + path,
            me=None,
            partner=None,
        )
        return HTMLResponse(html, error.status, headers)
