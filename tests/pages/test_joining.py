"""Two people join and part: by six words, on two phones or on one, and alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.pages.arriving import PASSPHRASE, PERSON, Home, invite, says, sheet_of
from toward.vault import pairing
from toward.web.qr import opens_only_here

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with nobody in it."""
    return Home(tmp_path)


def test_two_join_by_six_words(home: Home) -> None:
    """Invite, type, see who invites, make a space, be asked about, and be two."""
    mara = home.person("Mara")[0]
    code = invite(mara)
    lin = home.browser()
    seen = lin.post("/join", data={"code": code.upper().replace(" ", ", ")}).text
    assert says(seen, "pair.accept.invites", partner="Mara")
    assert says(seen, "start.honest.host")
    assert says(lin.post("/join", data={"code": code, "step": "agree"}).text, "start.setup.title")
    made = lin.post("/join", data={**PERSON, "code": code, "step": "person", "name": "Lin"})
    assert made.headers["location"] == "/join/sheet"
    assert sheet_of(lin.get("/join/sheet").text)
    assert lin.post("/join/sheet").headers["location"] == "/pair"
    assert says(lin.get("/pair").text, "pair.confirm.waiting", partner="Mara")
    assert mara.get("/pair/state").json() == {"state": "answered"}
    assert says(mara.get("/pair").text, "pair.confirm.answered", partner="Lin")
    mara.post("/pair", data={"do": "agree", "name": "Lin"})
    assert says(mara.get("/pair").text, "pair.confirm.done", partner="Lin")
    assert says(lin.get("/pair").text, "pair.confirm.done", partner="Mara")
    assert home.browser().post("/join", data={"code": code}).status_code == 410


def test_says_where_a_code_can_be_opened(home: Home) -> None:
    """On this machine's own address no phone can follow the square, and the page says so before anybody tries."""
    mara = home.person("Mara")[0]
    invite(mara)
    assert says(mara.get("/pair").text, "pair.code.only_here")
    assert says(mara.post("/settings/device").text, "pair.code.only_here")
    assert opens_only_here("http://[::1]:8787/join")
    assert not opens_only_here("https://toward.local:8787/join")


def test_says_no_to_the_wrong_person(home: Home) -> None:
    """The one who invited may stop; whoever answered is alone, and the words are spent."""
    mara, lin = home.person("Mara")[0], home.person("Lin")[0]
    code = invite(mara)
    assert lin.post("/join", data={"code": code, "step": "agree"}).headers["location"] == "/pair"
    mara.post("/pair", data={"do": "take_back"})
    for client in (mara, lin):
        assert client.get("/pair/state").json() == {"state": "alone"}
    mara.post("/pair", data={"do": "agree", "name": "Lin"})
    assert mara.get("/pair/state").json() == {"state": "alone"}


def test_agrees_only_to_the_person_that_was_shown(home: Home) -> None:
    """A yes to one name is no yes to another who has answered since."""
    mara, lin = home.person("Mara")[0], home.person("Lin")[0]
    lin.post("/join", data={"code": invite(mara), "step": "agree"})
    mara.post("/pair", data={"do": "agree", "name": "Kim"})
    assert mara.get("/pair/state").json() == {"state": "answered"}


def test_tells_the_time_until_when_a_code_works(home: Home) -> None:
    """As a time of day where the browser's clock is known, otherwise in minutes."""
    mara = home.person()[0]
    invite(mara)
    assert says(mara.get("/pair").text, "pair.code.expires", n=30)
    mara.cookies.set("toward-tz", "60")
    assert says(mara.get("/pair").text, "pair.code.until", time="17:30")
    home.clock.now_ms += 31 * 60_000
    assert mara.get("/pair/state").json() == {"state": "alone"}


@pytest.mark.parametrize(("typed", "key"), [("zoo qwerty", "web.field.unknown"), ("zoo zoo", "web.field.count")])
def test_names_a_slip_in_the_six_words(home: Home, typed: str, key: str) -> None:
    """What is wrong stands beside the field, with what was typed."""
    home.person()
    answer = home.browser().post("/join", data={"code": typed})
    assert answer.status_code == 400
    assert says(answer.text, key, given=2, wanted=6, word="qwerty")
    assert f'value="{typed}"' in answer.text


def test_a_name_outlives_the_invitation_under_which_it_was_typed(home: Home) -> None:
    """The code is spent while somebody types: with a new one they find their name again, and no passphrase."""
    mara = home.person("Mara")[0]
    code, lin = invite(mara), home.browser()
    mara.post("/pair", data={"do": "take_back"})
    spent = lin.post("/join", data={**PERSON, "code": code, "step": "person", "name": "Lin <3"})
    assert spent.status_code == 410
    assert PASSPHRASE not in spent.text
    kept = '<input type="hidden" name="name" value="Lin &lt;3">'
    assert kept in spent.text
    again = {"code": invite(mara), "name": "Lin <3"}
    assert kept in lin.post("/join", data=again).text
    assert 'value="Lin &lt;3"' in lin.post("/join", data={**again, "step": "agree"}).text


def test_somebody_in_a_couple_joins_nobody_else(home: Home) -> None:
    """The page says so, and nothing changes for anybody."""
    mara, _ = home.couple()
    kim = home.person("Kim")[0]
    answer = mara.post("/join", data={"code": invite(kim), "step": "agree"})
    assert answer.status_code == 409
    assert says(answer.text, "error.already_paired.title")
    assert kim.get("/pair/state").json() == {"state": "invited"}


def test_a_space_is_made_even_if_the_invitation_dies_in_the_same_second(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever typed a name and a passphrase gets their sheet, whatever became of the invitation."""
    mara = home.person("Mara")[0]
    code = invite(mara)
    really = pairing.accept

    def too_late(session: object, typed: str) -> pairing.Pairing:
        mara.post("/pair", data={"do": "take_back"})
        return really(session, typed)  # type: ignore[arg-type]

    monkeypatch.setattr("toward.web.pages.join.pairing.accept", too_late)
    lin = home.browser()
    made = lin.post("/join", data={**PERSON, "code": code, "step": "person", "name": "Lin"})
    assert made.headers["location"] == "/join/sheet"
    assert sheet_of(lin.get("/join/sheet").text)
    assert lin.get("/pair/state").json() == {"state": "alone"}


def test_one_phone_between_two(home: Home) -> None:
    """Handing over locks the first; the second makes a space on the same phone, hands back, and the first says yes."""
    phone = home.person("Mara")[0]
    before = phone.cookies["toward-session"]
    seen = phone.post("/pair/one-phone").text
    assert home.vault.session(before) is None
    found = re.search(r'name="code" value="([a-z ]+)"', seen)
    assert found
    assert phone.get("/pair").status_code == 401
    code = found[1]
    made = phone.post("/join", data={**PERSON, "code": code, "step": "person", "name": "Lin"})
    assert made.headers["location"] == "/join/sheet"
    assert sheet_of(phone.get("/join/sheet").text)
    assert says(phone.get("/pair").text, "pair.one_phone.give_back", partner="Mara")
    phone.post("/lock/now")
    page = phone.get("/sign-in").text
    ids = dict(re.findall(r'value="([0-9a-f]{32})".*?<b>(\w+)</b>', page))
    assert sorted(ids.values()) == ["Lin", "Mara"]
    who = next(one for one, name in ids.items() if name == "Mara")
    answer = phone.post("/sign-in", data={"who": who, "passphrase": PASSPHRASE})
    assert answer.headers["location"] == "/pair"
    phone.post("/pair", data={"do": "agree", "name": "Lin"})
    assert says(phone.get("/pair").text, "pair.confirm.done", partner="Lin")


# ----------------------------------------------------------------------------------------------- leaving


def test_leaves_at_once_and_alone_and_forgets_by_choice(home: Home) -> None:
    """One page, one press; each may go on reading until they give it up; the other's own choice stays theirs."""
    mara, lin = home.couple()
    assert says(mara.get("/settings/leave").text, "pair.unpair.notice")
    assert mara.post("/settings/leave", data={"do": "leave"}).headers["location"] == "/settings/leave"
    for client in (mara, lin):
        page = client.get("/settings/leave").text
        assert says(page, "pair.unpair.closed")
        assert says(page, "pair.unpair.forget_hint")
    mara.post("/settings/leave", data={"do": "leave"})
    mara.post("/settings/leave", data={"do": "forget"})
    assert says(mara.get("/settings/leave").text, "pair.unpair.forgotten")
    assert says(lin.get("/settings/leave").text, "pair.unpair.remains")
    assert says(mara.get("/pair").text, "pair.unpair.again")
    assert invite(mara)


def test_somebody_alone_has_nothing_to_leave(home: Home) -> None:
    """The page leads to joining, and a stray press does nothing."""
    mara = home.person()[0]
    assert mara.get("/settings/leave").headers["location"] == "/pair"
    assert mara.post("/settings/leave", data={"do": "forget"}).status_code == 303
