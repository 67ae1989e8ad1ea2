"""What the tests of the web core stand on: people in memory, a few pages, and a browser's manners."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from toward.errors import SpaceClosed, TooManyAttempts, WrongPassphrase
from toward.journal.projections import Life
from toward.web.app import create_app
from toward.web.page import Page
from toward.web.pages import pages as real_pages
from toward.web.settings import IMPORT_BYTES, Settings

with warnings.catch_warnings():
    # Starlette's test client would rather have httpx's successor; until that is settled it works as well with httpx.
    warnings.simplefilter("ignore", DeprecationWarning)
    warnings.simplefilter("ignore", UserWarning)
    from starlette.testclient import TestClient as TestClient  # noqa: PLC0414 - handed on to the tests

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.applications import Starlette
    from starlette.responses import Response

    from toward.vault import Session, Vault
    from toward.web.context import Context

TEMPLATES = Path(__file__).parent / "templates"
MARA, LIN = b"m" * 16, b"l" * 16
SPACE, LIVE_KEY = b"s" * 16, b"k" * 32
HERE = "http://localhost"


class FakePartner(NamedTuple):
    """The other of the two."""

    person: bytes
    name: str
    space: bytes = SPACE
    open: bool = True


class FakeKeyring(NamedTuple):
    """What a page may know of somebody's keys."""

    box_public: bytes = b"b" * 32


class FakeSession:
    """A session without a vault: what was written is in ``written``."""

    live_key = LIVE_KEY
    keyring = FakeKeyring()

    def __init__(self, person: bytes, name: str, partner: FakePartner | None = None) -> None:
        self.person = person
        self.name = name
        self.partner = partner
        self.tz_min = 0
        self.life = Life(person)
        self.written: list[Any] = []

    def seated(self) -> tuple[int, int]:
        """It never ends."""
        return 1, 1

    def write(self, body: object) -> None:
        """Keep *body*."""
        self.written.append(body)


class FakeVault:
    """Sessions by token."""

    def __init__(self) -> None:
        self.sessions: dict[str, FakeSession] = {
            "mara-token": FakeSession(MARA, "Mara", FakePartner(LIN, "Lin")),
            "solo-token": FakeSession(b"o" * 16, "Solo"),
        }
        self.setup = "setup-token"
        self.people = True
        self.closed = False

    def session(self, token: str) -> FakeSession | None:
        """The session of a token."""
        return self.sessions.get(token)

    def has_people(self) -> bool:
        """Whether anybody lives here."""
        return self.people

    def check_setup(self, token: str) -> bool:
        """Whether a setup link is good."""
        return token == self.setup

    def close(self) -> None:
        """Remember it."""
        self.closed = True

    @property
    def mara(self) -> FakeSession:
        """Her session."""
        return self.sessions["mara-token"]


def _note(ctx: Context) -> Response:
    return ctx.render("note.html", kept="as kept before")


def _keep_note(ctx: Context) -> Response:
    words = ctx.form.text("words", max=40)
    if words == "crash":
        message = f"this must not be in a log: {words}"
        raise RuntimeError(message)
    if words == "closed":
        raise SpaceClosed
    if words == "often":
        raise TooManyAttempts(retry_after_s=120)
    session = cast("FakeSession", ctx.who)
    session.write((words, ctx.form.choice("body", ("open", "shut")), ctx.form.maybe_integer("felt", 1, 7)))
    return ctx.redirect("/note", kept="1")


def _sign_in(ctx: Context) -> Response:
    return ctx.render("sign_in.html")


def _signed_in(ctx: Context) -> Response:
    if ctx.form.secret("passphrase") != "open sesame":
        raise WrongPassphrase
    token = "mara-token" if ctx.form.raw("who") == "mara" else "solo-token"
    ctx.cookies.keep_session(token)
    session = ctx.vault.session(token)
    assert session is not None
    return ctx.resume(session)


def _crash(ctx: Context) -> Response:
    raise RuntimeError(ctx.path["secret"])


def _import(ctx: Context) -> Response:
    return ctx.json({"bytes": len(ctx.form.file("file")), "label": ctx.form.line("label")})


def _home(ctx: Context) -> Response:
    return ctx.json({"me": ctx.who.name, "tz": ctx.who.tz_min, "url": ctx.url("/note")})


PAGES = [
    *real_pages()[:0],
    Page("/", get=_home),
    Page("/note", get=_note, post=_keep_note),
    Page("/sign-in", get=_sign_in, post=_signed_in, needs="nobody"),
    Page("/start", get=_sign_in, needs="nobody"),
    Page("/made", get=_note, needs="setup"),
    Page("/ours", get=_note, needs="couple"),
    Page("/crash/{secret}", get=_crash, needs="nobody"),
    Page("/import", post=_import, limit=IMPORT_BYTES),
    Page("/look", get=_sign_in, needs="nobody", frames=True),
]


def app_of(vault: FakeVault, settings: Settings | None = None, **options: Any) -> Starlette:  # noqa: ANN401
    """The app with the pages above and those of the core."""
    core = [page for page in real_pages() if page.path in {"/leave", "/back", "/offline", "/setup/{token}"}]
    return create_app(
        cast("Vault", vault),
        settings=settings,
        pages=[*core, *PAGES],
        templates=[TEMPLATES],
        now_ms=lambda: 1_764_000_000_000,
        **options,
    )


def demo_of(session: FakeSession) -> Callable[[], Session]:
    """Opens the session that every visitor of a look-around gets."""
    return lambda: cast("Session", session)


def browser(app: Starlette, at: str = HERE, **cookies: str) -> TestClient:
    """A browser that speaks as a page of *at* does, with *cookies* by their short names."""
    prefix = "__Host-toward-" if at.startswith("https") else "toward-"
    client = TestClient(
        app,
        base_url=at,
        follow_redirects=False,
        headers={"origin": at, "sec-fetch-site": "same-origin", "accept": "text/html"},
    )
    for name, value in cookies.items():
        client.cookies.set(prefix + name, value)
    return client


def set_cookies(response: Any) -> dict[str, str]:  # noqa: ANN401 - whichever client is behind the test client
    """The ``Set-Cookie`` lines of an answer, by cookie name."""
    lines: list[str] = response.headers.get_list("set-cookie")
    return {line.partition("=")[0]: line for line in lines}
