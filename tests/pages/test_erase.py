"""Deleting one's space in the browser: by its owner alone, who types the name and the passphrase, and then for good."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.pages.rooms import PASSPHRASE, Rooms
from tests.pages.test_yours import trusted
from toward.catalogue import words
from toward.journal.kinds import Invitation
from toward.web.cookies import unpack_people

if TYPE_CHECKING:
    from toward.vault import Arrival

RIGHT = {"name": " mara ", "passphrase-now": PASSPHRASE}


def stands(rooms: Rooms, mara: Arrival) -> bool:
    """Whether Mara is still here, with her session."""
    return mara.session.person in rooms.vault.people() and rooms.vault.session(mara.token) is not None


@pytest.mark.parametrize(
    ("typed", "status", "key"),
    [
        ({"name": "Lin"}, 400, "web.field.other_name"),
        ({"name": ""}, 400, "web.field.other_name"),
        ({"passphrase-now": ""}, 400, "web.field.empty"),
        ({"passphrase-now": "not this one"}, 401, "error.wrong_passphrase.title"),
    ],
)
def test_a_slip_deletes_nothing_and_says_so(rooms: Rooms, typed: dict[str, str], status: int, key: str) -> None:
    """Another name, or a passphrase that is not hers: it says what, and that nothing was deleted; the name stays."""
    mara, lin = rooms.couple()
    form = {**RIGHT, **typed}
    answer = trusted(rooms, mara, lin).post("/settings/erase", data=form)
    assert answer.status_code == status
    assert words(key) in unescape(answer.text)
    assert words("yours.erase.not_done") in unescape(answer.text)
    assert f'value="{form["name"]}"' in answer.text
    assert PASSPHRASE not in answer.text
    assert stands(rooms, mara)


def test_an_open_phone_is_not_enough(rooms: Rooms) -> None:
    """The partner, who knows the name and their own passphrase, deletes nothing; after five tries not even she can."""
    mara, lin = rooms.couple()
    phone = trusted(rooms, mara, lin)
    assert words("yours.erase.not_done") not in unescape(phone.get("/settings/erase").text)
    for guess in ("lin's own words here", "", "a quiet lamp", "mara", "guess", "another guess"):
        assert phone.post("/settings/erase", data={**RIGHT, "passphrase-now": guess}).status_code in {400, 401}
    assert phone.post("/settings/erase", data=RIGHT).status_code == 429
    assert stands(rooms, mara)


def test_a_space_is_deleted_by_its_owner(rooms: Rooms) -> None:
    """The name in any case and the passphrase leave no person, session or trust; what was shared stays Lin's."""
    mara, lin = rooms.couple()
    rooms.again(mara).write(Invitation(door="reach", words="a walk?"))
    phone = trusted(rooms, mara, lin)
    answer = phone.post("/settings/erase", data=RIGHT)
    assert words("yours.erase.gone") in unescape(answer.text)
    assert not stands(rooms, mara)
    assert "toward-session" not in phone.cookies
    assert [one.name for one in unpack_people(phone.cookies["toward-device"])] == ["Lin"]
    session = rooms.again(lin)
    assert not session.partner.open  # type: ignore[union-attr]
    assert any(isinstance(entry.body, Invitation) for entry in session.entries)


def test_a_browser_that_is_not_trusted_asks_for_the_sheet_too(rooms: Rooms) -> None:
    """Without the device's half of the key nothing could tell a right passphrase from a wrong one."""
    mara, lin = rooms.couple()
    phone = rooms.phone(mara)
    assert 'name="sheet"' in phone.get("/settings/erase").text
    assert 'name="sheet"' not in trusted(rooms, mara).get("/settings/erase").text
    for sheet in ("", "eleven words only", lin.sheet):
        answer = phone.post("/settings/erase", data={**RIGHT, "sheet": sheet})
        assert answer.status_code in {400, 401}
        assert f">\n{sheet}</textarea>" in answer.text
        assert stands(rooms, mara)
    assert words("yours.erase.gone") in phone.post("/settings/erase", data={**RIGHT, "sheet": mara.sheet}).text
    assert not stands(rooms, mara)
