"""What the browser keeps: a session, the people who trust this device, a setup link just opened, and "away".

| cookie  | holds                                                      | for how long        |
|---------|------------------------------------------------------------|---------------------|
| session | a random token                                             | 30 days             |
| device  | per person who trusts it: ids, the device secret, the name | 400 days (the most a browser grants) |
| setup   | the one-time token of the setup link                       | 1 hour              |
| away    | "1": this browser was left quickly                         | 1 hour              |
| plain   | "1": show the plain name and icon                         | 400 days            |
| tz      | minutes from UTC, written by a script; else the house's    | the browser's session |

All are ``SameSite=Lax`` and, but for *away* and *tz*, ``HttpOnly``. Under HTTPS they are ``Secure`` and their names
begin with ``__Host-``, so that no other name or plain page can plant one. A cookie that does not parse is no cookie:
never an error.
"""

from __future__ import annotations

import re
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from msgspec import Meta, Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

HOUR_S: Final = 3600
DAY_S: Final = 24 * HOUR_S
SESSION_S: Final = 30 * DAY_S
DEVICE_S: Final = 400 * DAY_S
MOST_PEOPLE: Final = 6
BROWSER_WIDE: Final = frozenset({"away", "tz"})
"""True of a browser as a whole, look-around included."""
LONGEST_NAME: Final = 40
FURTHEST_MIN: Final = 14 * 60
LONGEST_VALUE: Final = 3800
"""Browsers drop a cookie above 4,096 bytes with its name and attributes."""

Id = Annotated[bytes, Meta(min_length=16, max_length=16)]
_OFFSET = re.compile(r"-?[0-9]{1,3}", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{1,512}", re.ASCII)


class TrustedPerson(Struct, frozen=True, array_like=True):
    """Somebody who trusts this device. The first of the list is whoever signed in last."""

    person: Id
    device: Id
    secret: Annotated[bytes, Meta(min_length=16, max_length=64)]
    name: str


_people = msgspec.msgpack.Decoder(Annotated[tuple[TrustedPerson, ...], Meta(max_length=MOST_PEOPLE)])


def house_tz_min() -> int:
    """Return how far this machine's clock is from UTC now, in minutes: where a house stands, its people mostly are."""
    return time.localtime().tm_gmtoff // 60


def pack_people(people: Iterable[TrustedPerson]) -> str:
    """Return the device cookie's value: at most ``MOST_PEOPLE``, names cut to ``LONGEST_NAME``."""
    short = [msgspec.structs.replace(one, name=one.name[:LONGEST_NAME]) for one in people][:MOST_PEOPLE]
    return urlsafe_b64encode(msgspec.msgpack.encode(short)).rstrip(b"=").decode()


def unpack_people(value: str) -> tuple[TrustedPerson, ...]:
    """Return the people in a device cookie; nobody if it is malformed."""
    if not value or len(value) > LONGEST_VALUE:
        return ()
    try:
        people: tuple[TrustedPerson, ...] = _people.decode(_unbase64(value))
    except (ValueError, msgspec.MsgspecError):
        return ()
    return people


def _unbase64(value: str) -> bytes:
    return urlsafe_b64decode(value.encode("ascii") + b"=" * (-len(value) % 4))


def parse(header: str) -> dict[str, str]:
    """Return the cookies of a ``Cookie`` header; of two with one name the first, which is the more specific one."""
    found: dict[str, str] = {}
    for pair in header.split(";"):
        name, equals, value = pair.strip().partition("=")
        if equals and name:
            found.setdefault(name, value)
    return found


class Cookies:
    """The cookies of one request, and those to set with its answer."""

    def __init__(self, header: str, *, secure: bool, base: str = "") -> None:
        self._sent = parse(header)
        self._secure = secure
        self._base = base
        self._set: dict[str, str] = {}
        self._people: tuple[TrustedPerson, ...] | None = None

    def name(self, short: str) -> str:
        """Return the full name of a cookie. ``__Host-`` is only allowed with ``Secure`` and the root path."""
        return f"__Host-toward-{short}" if self._secure and self._path(short) == "/" else f"toward-{short}"

    @property
    def session(self) -> str:
        """The session token, or nothing."""
        return self._token("session")

    @property
    def setup(self) -> str:
        """The setup token, or nothing."""
        return self._token("setup")

    @property
    def away(self) -> bool:
        """Whether this browser was left quickly within the hour."""
        return self._token("away") == "1"

    @property
    def people(self) -> tuple[TrustedPerson, ...]:
        """Who trusts this device, the latest first."""
        if self._people is None:
            self._people = unpack_people(self._sent.get(self.name("device"), ""))
        return self._people

    @property
    def tz_min(self) -> int:
        """How far this browser's clock is from UTC, in minutes; the house's own, where no script has said."""
        said = self._said_tz_min
        return house_tz_min() if said is None else said

    @property
    def knows_tz(self) -> bool:
        """Whether this browser's script has said where its clock stands: without it a time of day is a good guess."""
        return self._said_tz_min is not None

    @property
    def plain(self) -> bool:
        """Whether this browser shows the plain name and icon."""
        return self._token("plain") == "1"

    def look_plain(self, *, on: bool) -> None:
        """Show the plain name and icon in this browser, or our own."""
        self._put("plain", "1" if on else "", DEVICE_S if on else 0)

    def keep_session(self, token: str) -> None:
        """Sign this browser in."""
        self._put("session", token, SESSION_S)

    def drop_session(self) -> None:
        """Sign this browser out; the device stays trusted."""
        self._put("session", "", 0)

    def keep_setup(self, token: str) -> None:
        """Remember the setup link for the hour that setting up takes."""
        self._put("setup", token, HOUR_S)

    def drop_setup(self) -> None:
        """The setup link is spent."""
        self._put("setup", "", 0)

    def go_away(self) -> None:
        """Show nothing of Toward in this browser until somebody comes back on purpose."""
        self._put("away", "1", HOUR_S, http_only=False)  # read by exit.js when a page returns from memory

    def come_back(self) -> None:
        """Open again."""
        self._put("away", "", 0, http_only=False)

    def trust(self, someone: TrustedPerson) -> None:
        """Put *someone* first among the people of this device; the one not seen for longest makes room."""
        self._keep_people((someone, *(one for one in self.people if one.person != someone.person)))

    def distrust(self, person: bytes) -> None:
        """Forget *person* on this device."""
        self._keep_people(tuple(one for one in self.people if one.person != person))

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Return a ``Set-Cookie`` header for everything that changed."""
        return [(b"set-cookie", line.encode("latin-1")) for line in self._set.values()]

    @property
    def _said_tz_min(self) -> int | None:
        value = self._token("tz")
        return int(value) if _OFFSET.fullmatch(value) and abs(int(value)) <= FURTHEST_MIN else None

    def _path(self, short: str) -> str:
        return "/" if short in BROWSER_WIDE else self._base or "/"

    def _token(self, short: str) -> str:
        value = self._sent.get(self.name(short), "")
        return value if _TOKEN.fullmatch(value) else ""

    def _keep_people(self, people: tuple[TrustedPerson, ...]) -> None:
        self._people = people[:MOST_PEOPLE]
        self._put("device", pack_people(self._people) if people else "", DEVICE_S if people else 0)

    def _put(self, short: str, value: str, seconds: int, *, http_only: bool = True) -> None:
        parts = [f"{self.name(short)}={value}", f"Path={self._path(short)}", f"Max-Age={seconds}", "SameSite=Lax"]
        if http_only:
            parts.append("HttpOnly")
        if self._secure:
            parts.append("Secure")
        self._set[short] = "; ".join(parts)
