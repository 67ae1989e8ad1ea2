"""What the browser keeps."""

from __future__ import annotations

import base64
import time
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toward.web.cookies import (
    LONGEST_NAME,
    LONGEST_VALUE,
    MOST_PEOPLE,
    Cookies,
    TrustedPerson,
    pack_people,
    parse,
    unpack_people,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

people = st.builds(
    TrustedPerson,
    person=st.binary(min_size=16, max_size=16),
    device=st.binary(min_size=16, max_size=16),
    secret=st.binary(min_size=16, max_size=64),
    name=st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
)


@given(st.lists(people, max_size=12))
def test_a_device_remembers_its_people_within_the_limit(everyone: list[TrustedPerson]) -> None:
    """What is packed comes back: the first six, their names cut, and never more than a browser keeps."""
    value = pack_people(everyone)
    kept = unpack_people(value)
    assert len(value) <= LONGEST_VALUE
    assert len(kept) == min(len(everyone), MOST_PEOPLE)
    for before, after in zip(everyone, kept, strict=False):
        assert (before.person, before.device, before.secret) == (after.person, after.device, after.secret)
        assert after.name == before.name[:LONGEST_NAME]


@given(st.text(max_size=5000) | st.binary(max_size=2000).map(lambda data: base64.urlsafe_b64encode(data).decode()))
def test_a_malformed_device_cookie_is_nobody(value: str) -> None:
    """Whatever somebody puts there, it is people or nobody, and never an error."""
    for one in unpack_people(value):
        assert len(one.person) == 16


def test_too_many_people_are_not_believed() -> None:
    """A cookie that we could not have written is ignored as a whole."""
    everyone = [TrustedPerson(bytes([n]) * 16, b"d" * 16, b"s" * 16, "") for n in range(MOST_PEOPLE + 1)]
    value = base64.urlsafe_b64encode(msgspec.msgpack.encode(everyone)).decode()
    assert unpack_people(value) == ()
    assert len(unpack_people(pack_people(everyone))) == MOST_PEOPLE


@given(st.text(st.characters(max_codepoint=255), max_size=300))
def test_any_cookie_header_parses(header: str) -> None:
    """No header is an error, and no token comes out of one that has a character a token can't have."""
    cookies = Cookies(header, secure=False)
    assert isinstance(parse(header), dict)
    assert cookies.session == "" or cookies.session.isascii()
    assert cookies.people == ()
    assert not cookies.away
    assert cookies.tz_min == 0


def test_of_two_cookies_with_one_name_the_first_counts() -> None:
    """Browsers send the more specific one first."""
    assert Cookies("toward-session=mine; toward-session=planted", secure=False).session == "mine"


def test_who_signed_in_last_comes_first() -> None:
    """Trusting again moves to the front; distrusting forgets; the last to go takes the cookie along."""
    one, two = (TrustedPerson(bytes([n]) * 16, b"d" * 16, b"s" * 16, str(n)) for n in (1, 2))
    cookies = Cookies("", secure=False)
    cookies.trust(one)
    cookies.trust(two)
    assert list(cookies.people) == [two, one]
    cookies.trust(one)
    assert list(cookies.people) == [one, two]
    cookies.distrust(one.person)
    assert list(cookies.people) == [two]
    cookies.distrust(two.person)
    assert b"Max-Age=0" in dict(cookies.headers())[b"set-cookie"]


def test_cookies_are_bound_to_https_where_there_is_https() -> None:
    """Under HTTPS the name itself promises Secure, the root path and no domain; a plain cookie is then not read."""
    secure = Cookies("toward-session=planted; __Host-toward-session=mine", secure=True)
    assert secure.session == "mine"
    secure.keep_session("t")
    line = secure.headers()[0][1].decode()
    assert line.startswith("__Host-toward-session=t; Path=/; ")
    assert {"HttpOnly", "Secure", "SameSite=Lax"} <= set(line.split("; "))
    assert "Domain" not in line
    plain = Cookies("", secure=False, base="/look/a")
    plain.keep_session("t")
    assert plain.headers()[0][1].decode().startswith("toward-session=t; Path=/look/a; ")
    assert "Secure" not in plain.headers()[0][1].decode()


def test_only_what_a_script_must_read_can_be_read() -> None:
    """Session, device and setup are HttpOnly; away is not, and counts for the whole browser."""
    cookies = Cookies("", secure=False, base="/look/a")
    cookies.keep_session("t")
    cookies.keep_setup("t")
    cookies.trust(TrustedPerson(b"p" * 16, b"d" * 16, b"s" * 16, "Mara"))
    cookies.go_away()
    lines = [line.decode() for _, line in cookies.headers()]
    assert [("HttpOnly" in line) for line in lines] == [True, True, True, False]
    assert "Path=/;" in lines[3]


@pytest.fixture
def in_kathmandu() -> Iterator[None]:
    """The machine's clock stands at +5:45 for a while, which no browser here would say by chance."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "<+0545>-5:45")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(("value", "said"), [("330", 330), ("-720", -720), ("0", 0)])
@pytest.mark.usefixtures("in_kathmandu")
def test_a_browser_that_says_where_its_clock_stands_is_believed(value: str, said: int) -> None:
    """Minutes up to fourteen hours either way, UTC itself among them, wherever the house stands."""
    cookies = Cookies(f"toward-tz={value}", secure=False)
    assert (cookies.tz_min, cookies.knows_tz) == (said, True)


@pytest.mark.parametrize("value", ["900", "1e3", "٣٣٠", "--5", ""])
@pytest.mark.usefixtures("in_kathmandu")
def test_without_a_plausible_offset_the_houses_own_counts(value: str) -> None:
    """Without a script, and for what no clock on earth says, a time is read by the clock of the house, as a guess."""
    cookies = Cookies(f"toward-tz={value}", secure=False)
    assert (cookies.tz_min, cookies.knows_tz) == (345, False)
