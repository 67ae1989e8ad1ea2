"""One's devices in Yours: known by their days and by names of one's own, and taken away one by one."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from tests.pages.rooms import PASSPHRASE, Rooms, said
from toward.catalogue import words
from toward.vault import devices

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def text(phone: TestClient, path: str) -> str:
    """The main part of a page, as it is read."""
    return unescape(said(phone.get(path).text))


def test_devices_are_listed_by_day_and_removed(rooms: Rooms) -> None:
    """Each with its days and no times; this one can't be removed by a slip, and nobody else's can at all."""
    mara, lin = rooms.couple()
    device = rooms.vault.recover(mara.sheet)
    _, token = rooms.vault.sign_in(device, PASSPHRASE, label="tablet")
    phone = rooms.phone(mara)
    page = text(phone, "/settings/devices")
    assert f"tablet {words('yours.devices.added', day='Today')} · {words('yours.devices.used', day='Today')}" in page
    assert words("yours.devices.this") in page
    assert not re.search(r"\d:\d\d", page)
    assert phone.get("/settings/devices").text.count('value="remove"') == 1
    refused = rooms.phone(lin).post("/settings/devices", data={"do": "remove", "device": device.id.hex()})
    assert refused.status_code == 404
    where = phone.post("/settings/devices", data={"do": "remove", "device": device.id.hex()}).headers["location"]
    assert words("yours.devices.done_remove") in text(phone, where)
    assert rooms.vault.session(token) is None
    assert len(devices.devices_of(rooms.again(mara))) == 1


def test_a_device_gets_a_name_of_ones_own(rooms: Rooms) -> None:
    """This one and another, known by their days; what does not fit comes back with what was typed."""
    mara, lin = rooms.couple()
    rooms.vault.sign_in(rooms.vault.recover(mara.sheet), PASSPHRASE, label="phone")
    phone = rooms.phone(mara)
    assert "phone 2 " in text(phone, "/settings/devices")
    here, other = (one.id.hex() for one in devices.devices_of(rooms.again(mara)))
    asked = unescape(said(phone.post("/settings/devices", data={"do": "ask", "device": other}).text))
    assert f"phone 2 · {words('yours.devices.added', day='Today')}" in asked
    assert words("yours.devices.this") in phone.post("/settings/devices", data={"do": "ask", "device": here}).text
    for label, key in ((" ", "empty"), ("x" * 31, "long"), ("\N{SLIGHTLY SMILING FACE}" * 20, "long")):
        wrong = phone.post("/settings/devices", data={"do": "name", "device": other, "label": label})
        assert wrong.status_code == 400
        assert words(f"web.field.{key}", most=30 if label[0] == "x" else 15) in unescape(wrong.text)
        assert f'value="{label}"' in wrong.text
        assert f'value="{other}"' in wrong.text
    named = {"do": "name", "device": other, "label": "  Küche  <b>"}
    where = phone.post("/settings/devices", data=named).headers["location"]
    assert words("yours.devices.done_name") in text(phone, where)
    assert "Küche &lt;b&gt;" in phone.get("/settings/devices").text
    assert [one.label for one in devices.devices_of(rooms.again(mara))] == ["phone", "Küche <b>"]
    for do in ("ask", "name"):
        assert rooms.phone(lin).post("/settings/devices", data={**named, "do": do}).status_code == 404
    assert [one.label for one in devices.devices_of(rooms.again(mara))] == ["phone", "Küche <b>"]
