"""How a page is written: a path, what it needs, and plain functions ``get`` and ``post`` from a context to an answer.

    from toward.web.page import Page

    def get(ctx):
        return ctx.render("check_in.html", today=ctx.who.life.checkins.today)

    def post(ctx):
        felt = ctx.form.integer("felt", 1, 7)
        ctx.who.write(CheckIn(felt=felt, words=ctx.form.text("words", max=1000, required=False)))
        return ctx.redirect("/")

    PAGE = Page("/check-in", get=get, post=post, needs="person")

Both run in a worker thread, so the vault may take its time. What goes wrong in ``post`` shows the same page again by
its own ``get``, with ``problem`` and ``errors`` explained and ``typed`` filled in: nothing that was typed is lost.
Where a session has ended, what was typed is carried through signing in (``carry``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from starlette.responses import RedirectResponse

from toward.errors import CodeSpent, NotAllowed, NotFound, SignInNeeded, TowardError, WrongPassphrase
from toward.web.error_pages import note_error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.responses import Response

    from toward.web.context import Context

Needs = Literal["nobody", "setup", "person", "couple"]

START_PATH: Final = "/start"
SIGN_IN_PATH: Final = "/sign-in"
PAIR_PATH: Final = "/pair"


class Page:
    """One thing that a person does, and its address.

    *needs*: "nobody" is open to all; "setup" asks for an opened setup link; "person" for a session; "couple" for a
    session of somebody in a couple. *limit* is the most bytes a form may have. *frames* lets the page show the
    look-around; *hearts* lets it ask for a heart-rate strap and the camera.
    *hides* is False for the few pages that answer even in a browser that was left quickly.
    """

    def __init__(
        self,
        path: str,
        *,
        get: Callable[[Context], Response] | None = None,
        post: Callable[[Context], Response] | None = None,
        needs: Needs = "person",
        limit: int | None = None,
        frames: bool = False,
        hearts: bool = False,
        hides: bool = True,
    ) -> None:
        self.path = path
        self.get = get
        self.post = post
        self.needs = needs
        self.limit = limit
        self.frames = frames
        self.hearts = hearts
        self.hides = hides
        self.methods = [name for name, function in (("GET", get), ("POST", post)) if function]

    def __repr__(self) -> str:
        """Show the path and what it needs."""
        return f"Page({self.path!r}, needs={self.needs!r})"


def answer(ctx: Context, pages: Mapping[str, Page]) -> Response:
    """Return the answer to one request; raises what ``error_pages`` shall explain."""
    page = ctx.page
    if page.hides and ctx.method == "GET" and ctx.cookies.away:
        return ctx.render("error_away.html")
    try:
        stopped = _gate(ctx)
        return stopped or _call(ctx)
    except WrongPassphrase:
        raise
    except SignInNeeded as error:
        sign_in = pages.get(SIGN_IN_PATH)
        if sign_in is None or sign_in.get is None or page is sign_in or ctx.wants_json:
            raise
        ctx.carried = ctx.carry()
        response = sign_in.get(ctx)
        response.status_code = error.status
        return response


def _gate(ctx: Context) -> Response | None:
    """Return where somebody is sent who lacks what the page needs; None if they may go on."""
    needs = ctx.page.needs
    if needs == "nobody" or ctx.is_demo:
        return None
    if needs == "setup":
        if not (ctx.cookies.setup and ctx.vault.check_setup(ctx.cookies.setup)):
            raise CodeSpent
        return None
    if ctx.session is None:
        if not ctx.vault.has_people():
            return ctx.redirect(START_PATH)
        raise SignInNeeded
    if needs == "couple" and ctx.session.partner is None:
        return ctx.redirect(PAIR_PATH)
    return None


def _call(ctx: Context) -> Response:
    page = ctx.page
    if ctx.method != "POST":
        if page.get is None:
            raise NotFound
        return page.get(ctx)
    if page.post is None:
        raise NotAllowed
    try:
        return page.post(ctx)
    except SignInNeeded as error:
        if not isinstance(error, WrongPassphrase):
            raise
        return _again(ctx, error)
    except Exception as error:
        if page.get is None:
            raise
        if not isinstance(error, TowardError):
            note_error(error)
            return _again(ctx, TowardError())
        return _again(ctx, error)


def _again(ctx: Context, error: TowardError) -> Response:
    """Show the page again with what was typed. If even that fails, the first error is the one to explain.

    What the page was about may be gone by now, such as an invitation that was taken back while its answer was written.
    """
    get = ctx.page.get
    if get is None:
        raise error
    ctx.show_again(error)
    try:
        response = get(ctx)
    except TowardError:
        return _words_alone(ctx, error)
    if isinstance(response, RedirectResponse):
        return _words_alone(ctx, error)  # the page is not there any more; a redirect would swallow why
    response.status_code = error.status
    return response


def _words_alone(ctx: Context, error: TowardError) -> Response:
    """Explain the error, with what was written beside it; raises it where nothing was."""
    if ctx.wants_json or not ctx.typed.texts:
        raise error from None
    return ctx.render("error.html", texts=ctx.typed.texts)
