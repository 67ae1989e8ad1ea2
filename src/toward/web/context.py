"""What a page is given: who asks, what was typed, and the ways to answer."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse

from toward.errors import BadInput, NotFound, TowardError
from toward.web.carry import PREFIX, Carried, carried_in
from toward.web.cookies import Cookies, TrustedPerson
from toward.web.error_pages import wants_json
from toward.web.forms import Form, is_secret, is_shown_again
from toward.web.policy import policy_of
from toward.web.times import Times

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import Scope

    from toward.catalogue import Catalogue
    from toward.growth import Growth
    from toward.vault import Device, Session, Vault
    from toward.web.page import Page
    from toward.web.push import Carrier
    from toward.web.settings import Settings
    from toward.web.static_files import StaticFiles
    from toward.web.templating import Templates

EMPTY: Final = Form()
_CHOICE: Final = re.compile(r"[a-z0-9_:.-]*")
"""What a form sends for a choice, an id, a day or a time, and a word or two that nobody would miss."""


class Typed:
    """What was typed, for a form that is shown again. Passphrases are never shown again."""

    def __init__(self, form: Form) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in form.pairs():
            if is_shown_again(name):
                self._values.setdefault(name, []).append(value)

    def __bool__(self) -> bool:
        """Whether anything was typed."""
        return bool(self._values)

    def get(self, name: str, default: str = "") -> str:
        """Return what was typed into a field, or else *default* (what is kept already)."""
        return self._values.get(name, [default])[0]

    @property
    def texts(self) -> tuple[str, ...]:
        """What somebody wrote into it."""
        return texts_among(value for values in self._values.values() for value in values)

    def has(self, name: str, value: str) -> bool:
        """Say whether *value* was ticked or chosen under *name*."""
        return value in self._values.get(name, ())


def texts_among(values: Iterable[str]) -> tuple[str, ...]:
    """Return what somebody wrote, each once: all that is neither a choice, nor a number, nor a time."""
    return tuple(value for value in dict.fromkeys(map(str.strip, values)) if not _CHOICE.fullmatch(value))


class Problem:
    """Why a form was not taken, in the catalogue's words."""

    def __init__(self, error: TowardError, words: Catalogue) -> None:
        key = words_key(error, words)
        self.key = error.key
        self.status = error.status
        self.title = words.words(f"{key}.title", **error.details)
        self.way_out = words.words(f"{key}.way_out", **error.details)
        self.field = error.field if isinstance(error, BadInput) else ""
        reason = f"web.field.{error.reason}" if isinstance(error, BadInput) else ""
        self.errors = {self.field: words.words(reason, **error.details) if reason in words else self.way_out}
        if not self.field:
            self.errors = {}


def words_key(error: TowardError, words: Catalogue) -> str:
    """Return the key of the words for *error*: its own, or those of the nearest class above it that has any."""
    for kind in type(error).__mro__:
        key = f"error.{kind.__dict__.get('key', '')}"
        if f"{key}.title" in words:
            return key
    return "error.unknown"


class Surroundings:
    """What is the same for every page of one app: the vault, the words, the settings, where it is mounted."""

    def __init__(
        self,
        *,
        vault: Vault,
        templates: Templates,
        settings: Settings,
        now_ms: Callable[[], int],
        base: str = "",
        demo: Callable[[], Session] | None = None,
        carrier: Carrier | None = None,
        growth: Growth | None = None,
    ) -> None:
        self.vault = vault
        self.templates = templates
        self.settings = settings
        self.now_ms = now_ms
        self.base = base
        self.demo = demo
        self.carrier = carrier
        self.growth = growth

    def session(self, cookies: Cookies) -> Session | None:
        """Return the session that *cookies* open, reading on to now; None for nobody."""
        if self.demo is not None:
            found: Session | None = self.demo()
        else:
            found = self.vault.session(cookies.session) if cookies.session else None
        if found is not None:
            found.tz_min = cookies.tz_min
        return found

    def cookies(self, scope: Scope) -> Cookies:
        """Return the cookies that a request or a socket's handshake carried."""
        secure = policy_of(scope).own_origin.startswith("https:")
        return Cookies("; ".join(Headers(scope=scope).getlist("cookie")), secure=secure, base=self.base)


class Context:
    """One request to one page."""

    def __init__(self, here: Surroundings, request: Request, page: Page, form: Form) -> None:
        self._here = here
        self.page = page
        self.cookies = here.cookies(request.scope)
        self.vault = here.vault
        self.settings = here.settings
        self.method = request.method
        self.path: Mapping[str, str] = request.path_params
        self.query: Mapping[str, str] = request.query_params
        self.full_path = _within(here.base, request)
        self.origin: str = policy_of(request.scope).own_origin
        self.wants_json = wants_json(request.headers)
        self.browser = request.headers.get("user-agent", "")
        self.now_ms = here.now_ms()
        self.carried: Carried | None = carried_in(form)
        self.form = form.without(PREFIX)
        self.typed = Typed(EMPTY)
        self.problem: Problem | None = None

    # ------------------------------------------------------------------------------------------- who asks

    @cached_property
    def session(self) -> Session | None:
        """Whose session this is; None for nobody. In the look-around it is always the same invented person's."""
        return self._here.session(self.cookies)

    @property
    def who(self) -> Session:
        """The session of a page that needs one."""
        if self.session is None:  # pragma: no cover - the gate of ``page`` has seen to it
            raise NotFound
        return self.session

    def device_of(self, person: bytes) -> Device | None:
        """Return what this browser keeps for signing *person* in; None if they do not trust it."""
        from toward.vault import Device

        found = (one for one in self.cookies.people if one.person == person)
        return next((Device(one.person, one.device, one.secret) for one in found), None)

    def trust(self, device: Device, name: str) -> None:
        """Keep in this browser what signs a person in, and put them first among its people."""
        self.cookies.trust(TrustedPerson(device.person, device.id, device.secret, name))

    def sign_out_here(self) -> None:
        """End the session that this browser came with, if there is one: another is to take its place."""
        if self.session is not None and not self.is_demo:
            self.session.sign_out()
            self.session = None

    @property
    def is_demo(self) -> bool:
        """Whether this is the look-around with its invented people."""
        return self._here.demo is not None

    # ------------------------------------------------------------------------------------------ what to say

    def t(self, key: str, /, **values: str | int) -> str:
        """Return words of the catalogue."""
        return self._here.templates.words.words(key, **values)

    @property
    def errors(self) -> Mapping[str, str]:
        """What is wrong with which field."""
        return self.problem.errors if self.problem else {}

    @cached_property
    def times(self) -> Times:
        """Times and days in words, by this browser's clock."""
        return Times(self._here.templates.words, self.now_ms, self.cookies.tz_min)

    @property
    def carrier(self) -> Carrier | None:
        """Who carries reminders; None where nobody does."""
        return self._here.carrier

    @property
    def growth(self) -> Growth | None:
        """Who works out what answers say; None where nobody does."""
        return self._here.growth

    @property
    def static(self) -> StaticFiles:
        """The static files."""
        return self._here.templates.static

    def url(self, path: str, /, **query: str) -> str:
        """Return the address of *path* within this app, wherever it is mounted."""
        if not path.startswith("/") or path.startswith("//"):
            message = f"not a path of this app: {path!r}"
            raise ValueError(message)
        return self._here.base + path + (f"?{urlencode(query)}" if query else "")

    # ------------------------------------------------------------------------------------------- how to say

    def render(self, template: str, /, status: int | None = None, **values: Any) -> Response:  # noqa: ANN401
        """Return a page. Beside *values* it knows ``me``, ``partner``, ``typed``, ``errors``, ``problem``, ``url`` …"""
        partner = self.session.partner if self.session else None
        known: dict[str, Any] = {
            "me": self.session.name if self.session else None,
            "partner": partner.name if partner else None,
            "typed": self.typed,
            "errors": self.errors,
            "problem": self.problem,
            "carried": self.carried,
            "demo": self.is_demo,
            "url": self.url,
            "now_ms": self.now_ms,
            "times": self.times,
            "country": self.session.life.preferences.country if self.session else "",
            "plain": self.cookies.plain,
            "can_bring": self.settings.trust is not None,
            "outbox": outbox_of(self.session) if self.session and not self.is_demo else "",
        }
        html = self._here.templates.render(template, **{**known, **values})
        return HTMLResponse(html, status or (self.problem.status if self.problem else 200))

    def redirect(self, path: str, /, **query: str) -> Response:
        """Go on to another page after a form was taken."""
        return RedirectResponse(self.url(path, **query), 303)

    def json(self, value: Any) -> Response:  # noqa: ANN401 - any JSON
        """Return data, for a page's own script."""
        return JSONResponse(value)

    def resume(self, session: Session, otherwise: str = "/") -> Response:
        """Go on where signing in interrupted: to the page that was asked for, or to the form that was being sent.

        The form is shown to its writer once more before it is sent. Unless it is known to be theirs, it is dropped: one
        of the two may have written it, and the other signed in.
        """
        carried = self.carried
        known = carried is not None and carried.person == session.person.hex()
        if carried is None or (not known and (carried.is_form or carried.person)):
            return self.redirect(otherwise)
        if carried.is_form:
            self.session = session
            fields = tuple(carried.fields)
            texts = texts_among(value for _, value in fields)
            return self.render("error_again.html", action=self.url(carried.to), fields=fields, texts=texts)
        return self.redirect(carried.to)

    def show_again(self, error: TowardError) -> None:
        """Prepare for the page to be shown once more with everything that was typed and *error* explained."""
        self.problem = Problem(error, self._here.templates.words)
        self.typed = Typed(self.form)
        self.method = "GET"

    def carry(self) -> Carried:
        """Return what was being done, to be carried through signing in."""
        people = self.cookies.people
        wanted: Iterator[tuple[str, str]] | tuple[()] = self.form.pairs() if self.method == "POST" else ()
        return Carried(
            to=self.full_path,
            is_form=self.method == "POST",
            person=people[0].person.hex() if people else "",
            fields=tuple((name, value) for name, value in wanted if not is_secret(name)),
        )


def outbox_of(session: Session) -> str:
    """Return to whom this browser may seal a check-in that it can't send: who is signed in, and their public key."""
    return f"{session.person.hex()} {session.keyring.box_public.hex()}"


def _within(base: str, request: Request) -> str:
    path = request.scope["path"].removeprefix(base) or "/"
    query = request.scope.get("query_string", b"").decode("latin-1")
    return f"{path}?{query}" if query else path
