"""Yours: every setting does what it says, keys change hands safely, and leaving takes all along or leaves nothing."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from tests.pages.rooms import PASSPHRASE, YOURS, Rooms, said
from toward.catalogue import words
from toward.errors import WrongPassphrase
from toward.journal.kinds import CheckIn, Invitation, Preferences
from toward.vault import Vault, portable
from toward.web.app import create_app
from toward.web.cookies import TrustedPerson, pack_people, unpack_people
from toward.web.pages.bring_in import AROUND
from toward.web.settings import IMPORT_BYTES

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from toward.vault import Arrival

NEW = "seven slow herons by the lake"
CHANGE = {"passphrase-now": PASSPHRASE, "passphrase": NEW, "passphrase-again": NEW, "name": "Mara"}


def trusted(rooms: Rooms, *people: Arrival) -> TestClient:
    """A phone on which the first is signed in and that all of them trust."""
    phone = rooms.phone(people[0])
    phone.cookies.clear()
    device = [TrustedPerson(one.device.person, one.device.id, one.device.secret, one.session.name) for one in people]
    for name, value in (("toward-session", people[0].token), ("toward-device", pack_people(device))):
        phone.cookies.set(name, value, domain="localhost.local")
    return phone


def text(phone: TestClient, path: str) -> str:
    """The main part of a page, as it is read."""
    answer = phone.get(path)
    assert answer.status_code == 200, path
    return unescape(said(answer.text))


@pytest.mark.parametrize("path", YOURS)
def test_every_page_is_there_alone_and_for_two(rooms: Rooms, path: str) -> None:
    """Each has one heading and at most one primary button, with a partner and without."""
    for one in (rooms.couple()[0], rooms.arrive("Solo")):
        html = trusted(rooms, one).get(path).text
        assert html.count("<h1>") == 1
        assert html.count('class="button primary"') <= 1


def test_home_leads_to_every_page(rooms: Rooms) -> None:
    """Nothing is hidden behind an address."""
    html = rooms.phone(rooms.arrive("Solo")).get("/settings").text
    for path in (*YOURS[1:], "/pair", "/lock"):
        assert f'href="{path}"' in html
    assert "/settings/device" in rooms.phone(rooms.arrive("Other")).get("/settings/devices").text


# ------------------------------------------------------------------------------------------- how it is here


def test_a_new_name_is_known_to_both_and_to_the_device(rooms: Rooms) -> None:
    """The other reads it, and the next sign-in asks for it; the same name again writes nothing."""
    mara, lin = rooms.couple()
    phone = trusted(rooms, mara)
    answer = phone.post("/settings/name", data={"name": "  Mara   Lou "})
    assert answer.headers["location"] == "/settings?saved=1"
    assert rooms.again(mara).name == "Mara Lou"
    assert rooms.again(lin).partner.name == "Mara Lou"  # type: ignore[union-attr]
    assert unpack_people(phone.cookies["toward-device"])[0].name == "Mara Lou"
    assert words("yours.home.saved") in text(phone, "/settings?saved=1")
    before = len(rooms.again(mara).entries)
    phone.post("/settings/name", data={"name": "Mara Lou"})
    assert len(rooms.again(mara).entries) == before


@pytest.mark.parametrize(("name", "key"), [(" ", "empty"), ("x" * 41, "too_long")])
def test_a_name_that_does_not_fit_is_asked_again(rooms: Rooms, name: str, key: str) -> None:
    """With what was typed, and why."""
    mara = rooms.arrive("Mara")
    answer = rooms.phone(mara).post("/settings/name", data={"name": name})
    assert answer.status_code == 400
    assert words(f"web.field.{key}", n=41, max=40) in unescape(answer.text)
    assert rooms.again(mara).name == "Mara"


def test_wishes_are_kept_and_leave_each_other_alone(rooms: Rooms) -> None:
    """The breath page does not touch the country, nor the other way round; what is the same is not written again."""
    mara = rooms.arrive("Mara")
    phone = rooms.phone(mara)
    phone.post("/settings/guide", data={"country": "GB"})
    phone.post("/settings/breath", data={"pace": "5-7", "vibration": "on"})
    expected = Preferences(
        breath_in_s=5, breath_out_s=7, sound=False, vibration=True, suggestions=False, reckon=False, country="GB"
    )
    assert rooms.again(mara).life.preferences == expected
    written = len(rooms.again(mara).entries)
    phone.post("/settings/breath", data={"pace": "5-7", "vibration": "on"})
    assert len(rooms.again(mara).entries) == written
    assert 'value="5-7" checked' in phone.get("/settings/breath").text
    assert 'value="GB" selected' in phone.get("/settings/guide").text
    assert phone.get("/settings/guide").text.count("checked") == 0


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/settings/breath", {"pace": "1-1"}),
        ("/settings/breath", {"pace": "8-4"}),
        ("/settings/breath", {"pace": "nan-nan"}),
        ("/settings/breath", {}),
        ("/settings/guide", {"country": "Atlantis"}),
        ("/ours/lines", {"do": "more"}),
        ("/settings/devices", {"do": "remove", "device": "x"}),
        ("/settings/devices", {"do": "name", "device": "x", "label": "mine"}),
        ("/settings/export", {}),
    ],
)
def test_nonsense_is_asked_again(rooms: Rooms, path: str, typed: dict[str, str]) -> None:
    """A form made by hand changes nothing."""
    mara, _ = rooms.couple()
    before = len(rooms.again(mara).entries)
    assert rooms.phone(mara).post(path, data=typed).status_code == 400
    assert len(rooms.again(mara).entries) == before


# ------------------------------------------------------------------------------------------------- the key


def test_signing_out_elsewhere_and_here(rooms: Rooms) -> None:
    """The others end and this stays; then this one ends, and the device keeps its trust."""
    mara = rooms.arrive("Mara")
    _, token = rooms.vault.sign_in(mara.device, PASSPHRASE)
    phone = trusted(rooms, mara)
    where = phone.post("/settings/devices", data={"do": "others"}).headers["location"]
    assert words("yours.devices.done_others") in text(phone, where)
    assert rooms.vault.session(token) is None
    assert phone.post("/settings/sign-out").headers["location"] == "/sign-in"
    assert rooms.vault.session(mara.token) is None
    assert "toward-session" not in phone.cookies
    assert len(unpack_people(phone.cookies["toward-device"])) == 1


def test_a_passphrase_changes_and_the_other_sessions_end(rooms: Rooms) -> None:
    """The new one opens, the old one does not."""
    mara = rooms.arrive("Mara")
    _, token = rooms.vault.sign_in(mara.device, PASSPHRASE)
    phone = trusted(rooms, mara)
    answer = phone.post("/settings/passphrase", data=CHANGE)
    assert answer.status_code == 303, "Back would ask to send the passphrases again"
    assert words("yours.passphrase.done") in unescape(phone.get(answer.headers["location"]).text)
    assert rooms.vault.session(token) is None
    assert rooms.vault.session(mara.token) is not None
    with pytest.raises(WrongPassphrase):
        rooms.vault.sign_in(mara.device, PASSPHRASE)
    assert rooms.vault.sign_in(mara.device, NEW)


@pytest.mark.parametrize("path", ["/settings/passphrase", "/settings/known"])
@pytest.mark.parametrize(
    ("typed", "status", "key"),
    [
        ({"passphrase-now": "not this one"}, 401, "error.wrong_passphrase.title"),
        ({"passphrase-now": ""}, 400, "web.field.empty"),
        ({"passphrase": "short", "passphrase-again": "short"}, 400, "web.field.short"),
        ({"passphrase": "iloveyou1", "passphrase-again": "iloveyou1"}, 400, "web.field.too_weak"),
        ({"passphrase": "MaraMaraLin", "passphrase-again": "MaraMaraLin"}, 400, "web.field.too_weak"),
        ({"passphrase-again": "another"}, 400, "web.field.mismatch"),
    ],
)
def test_what_does_not_fit_changes_no_key(
    rooms: Rooms, path: str, typed: dict[str, str], status: int, key: str
) -> None:
    """It says why, shows no passphrase again, and the old one goes on opening."""
    mara, _ = rooms.couple()
    answer = trusted(rooms, mara).post(path, data={**CHANGE, **typed})
    assert answer.status_code == status
    assert words(key, least=8) in unescape(answer.text)
    assert NEW not in answer.text
    assert rooms.vault.sign_in(mara.device, PASSPHRASE)


def test_a_browser_that_is_not_trusted_asks_for_the_sheet(rooms: Rooms) -> None:
    """Without the cookie's half of the key the words of the sheet are that half; a slip in them is explained."""
    mara = rooms.arrive("Mara")
    phone = rooms.phone(mara)
    assert 'name="sheet"' in phone.get("/settings/passphrase").text
    assert 'name="sheet"' not in trusted(rooms, mara).get("/settings/passphrase").text
    for slip in ({"sheet": "eleven words only"}, {"sheet": mara.sheet, "passphrase-now": "not this one"}):
        for path in ("/settings/passphrase", "/settings/known"):
            wrong = phone.post(path, data={**CHANGE, **slip})
            assert wrong.status_code in {400, 401}
            assert f">\n{slip['sheet']}</textarea>" in wrong.text
            assert wrong.headers["cache-control"] == "no-store"
    answer = phone.post("/settings/passphrase", data={**CHANGE, "sheet": mara.sheet})
    assert words("yours.passphrase.done") in unescape(phone.get(answer.headers["location"]).text)
    assert rooms.vault.sign_in(mara.device, NEW)


def test_someone_knows_it(rooms: Rooms) -> None:
    """A new sheet, shown until one has it; this browser goes on with the new keys, and everything old opens nothing."""
    mara, lin = rooms.couple()
    rooms.again(mara).write(CheckIn(felt=3, words="before"))
    _, elsewhere = rooms.vault.sign_in(mara.device, PASSPHRASE)
    phone = trusted(rooms, mara, lin)
    assert phone.post("/settings/known", data=CHANGE).headers["location"] == "/settings/known/sheet"
    answer = phone.get("/settings/known/sheet")
    assert answer.headers["cache-control"] == "no-store"
    sheet = " ".join(re.findall(r"<li>([a-z]+)</li>", answer.text.partition('<ol class="words">')[2])[:12])
    assert words("yours.known.done") in unescape(answer.text)
    assert rooms.vault.session(elsewhere) is None
    assert rooms.vault.session(mara.token) is None
    assert text(phone, "/settings").startswith(words("yours.home.title"))
    renewed, other = unpack_people(phone.cookies["toward-device"])
    assert (renewed.name, other.name) == ("Mara", "Lin")
    assert renewed.secret != mara.device.secret
    assert rooms.vault.sign_in(rooms.vault.recover(sheet), NEW)
    with pytest.raises(WrongPassphrase):
        rooms.vault.recover(mara.sheet)
    session = rooms.vault.session(phone.cookies["toward-session"])
    assert session is not None
    assert [answer.body.words for answer in session.life.checkins.own] == ["before"]
    assert rooms.again(lin).partner.open  # type: ignore[union-attr]


# -------------------------------------------------------------------------------------------- out and in


def test_everything_goes_out_and_comes_in_elsewhere(rooms: Rooms) -> None:
    """The file of one home, uploaded in another: told in words, and there; uploaded again, nothing is new."""
    mara, lin = rooms.couple()
    rooms.again(mara).write(CheckIn(felt=3, words="höre: 🌧"))
    rooms.again(lin).write(Invitation(door="reach", words="a walk?"))
    answer = rooms.phone(mara).post("/settings/export", data={"what": "all"})
    assert answer.headers["content-disposition"] == 'attachment; filename="toward-2025-11-24.json"'
    assert answer.headers["cache-control"] == "no-store"
    file = portable.read_file(answer.content)
    assert [item.kind for item in file.entries] == ["named", "hello", "hello", "checkin", "invitation"]
    noor = rooms.arrive("Noor")
    phone = rooms.phone(noor)
    for n in (5, 0):
        where = phone.post("/settings/import", files={"file": ("a.json", answer.content)}).headers["location"]
        assert words("yours.import.done", n=n) in text(phone, where)
    assert rooms.again(noor).life.checkins.own[0].body.words == "höre: 🌧"
    assert len(rooms.again(noor).life.keepsakes) == 3


def test_check_ins_go_out_as_a_table(rooms: Rooms) -> None:
    """A spreadsheet opens it, umlauts and all, and runs nothing."""
    mara = rooms.arrive("Mara")
    rooms.again(mara).write(CheckIn(felt=3, words="=1+1 für uns"))
    answer = rooms.phone(mara).post("/settings/export", data={"what": "check-ins"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    _, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row[2] == "3"
    assert row[9] == "'=1+1 für uns"


def a_file(**item: Any) -> bytes:  # noqa: ANN401 - any field
    """A file with one entry, made by hand."""
    entry = {"id": b"i" * 16, "kind": "checkin", "version": 1, "at_ms": 0, "at": "", "tz_min": 0, "where": "private"}
    whole = {"format": "toward-export", "version": 1, "exported_at": "", "name": ""}
    return msgspec.json.encode({**whole, "entries": [{**entry, "author": "me", "body": {"felt": 3}, **item}]})


@pytest.mark.parametrize(
    ("file", "key"),
    [
        (b"", "web.field.empty"),
        (b"dear diary", "web.field.file"),
        (a_file().replace(b'"version":1,"exported_at"', b'"version":9,"exported_at"'), "web.field.newer"),
        (a_file(body={"felt": 9}), "web.field.entry"),
        (a_file(kind="partner_known", body={}), "web.field.entry"),
    ],
)
def test_a_bad_file_is_explained(rooms: Rooms, file: bytes, key: str) -> None:
    """What is wrong and where, beside the field; nothing has come in."""
    mara = rooms.arrive("Mara")
    before = len(rooms.again(mara).entries)
    answer = rooms.phone(mara).post("/settings/import", files={"file": ("a.json", file)})
    assert answer.status_code == 400
    assert words(key, number=1) in unescape(answer.text)
    assert len(rooms.again(mara).entries) == before


def test_a_file_that_is_too_big_is_refused(rooms: Rooms) -> None:
    """Just above the limit of a file the page explains; far above it is not even taken."""
    phone = rooms.phone(rooms.arrive("Mara"))
    answer = phone.post("/settings/import", files={"file": ("a.json", b" " * (IMPORT_BYTES + 1))})
    assert answer.status_code == 400
    assert words("web.field.file_size", most=64) in unescape(answer.text)
    length = {"content-length": str(IMPORT_BYTES + AROUND + 1), "content-type": "multipart/form-data; boundary=x"}
    assert phone.post("/settings/import", content=b"", headers=length).status_code == 413


# ------------------------------------------------------------------------------------------------ leaving


def test_what_is_shared_reads_right_in_every_standing(rooms: Rooms) -> None:
    """Alone, together, and after the space is closed."""
    mara, lin = rooms.couple()
    assert words("pair.sees.partner_sees") in text(rooms.phone(mara), "/settings/shared")
    rooms.phone(lin).post("/settings/leave", data={"do": "leave"})
    for one in (mara, lin):
        assert words("yours.shared.closed") in text(rooms.phone(one), "/settings/shared")
    assert words("yours.shared.alone") in text(rooms.phone(rooms.arrive("Solo")), "/settings/shared")


def test_an_invented_person_keeps_their_keys(rooms: Rooms, tmp_path: object) -> None:
    """In the look-around the pages can be seen, and what would end it for the next visitor does nothing."""
    del tmp_path
    mara = rooms.arrive("Mara")
    app = create_app(rooms.vault, now_ms=lambda: rooms.now_ms, demo=lambda: rooms.again(mara))
    from tests.web.stand import browser

    phone = browser(app)
    for path, typed in (
        ("/settings/erase", {"name": "Mara"}),
        ("/settings/sign-out", {}),
        ("/settings/passphrase", CHANGE),
        ("/settings/known", CHANGE),
        ("/settings/devices", {"do": "others"}),
        ("/settings/devices", {"do": "remove", "device": mara.device.id.hex()}),
        ("/settings/import", {}),
    ):
        assert phone.post(path, data=typed).status_code == 303, path
    assert isinstance(rooms.vault, Vault)
    assert rooms.vault.session(mara.token) is not None
    assert rooms.vault.sign_in(mara.device, PASSPHRASE)
