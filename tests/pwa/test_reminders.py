"""Reminders from the settings to the browser's maker: what is kept, what is sent, and what the disk tells of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
import pytest
import sqlalchemy as sa

from tests.pages.rooms import HOUR_MS, NOON_MS, PASSPHRASE, Rooms
from tests.pwa.push_places import Maker, Subscription, text
from tests.vault.grep_disk import find_bytes
from tests.web.stand import TestClient, browser
from toward.catalogue import words
from toward.journal.kinds import PauseCalled, PauseMoved
from toward.vault import Kdf, Vault, erasing, reminders
from toward.vault.devices import remove_device, sign_out_elsewhere
from toward.vault.tables import pushes
from toward.vault.tables import reminders as table
from toward.web.app import create_app
from toward.web.push import Carrier, message, plan
from toward.web.push.keeping import keep_up

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from toward.vault import Arrival

STEP_MS = reminders.STEP_MS
DAY_MS = 24 * HOUR_MS
TIMES = {"check_in_at": "20:00", "waiting_at": "12:00", "quiet_from": "22:00", "quiet_to": "07:00"}


class Post:
    """A home whose carrier brings to a maker on this machine, and the browser of one who lives there."""

    def __init__(self, folder: Path) -> None:
        self.rooms = Rooms(folder)
        self.maker = Maker()
        self.carrier = Carrier(self.rooms.vault, may=self.maker.may)
        self.rooms.app = create_app(self.rooms.vault, now_ms=lambda: self.rooms.now_ms, carrier=self.carrier)
        self.browser = Subscription()

    def phone(self, person: Arrival) -> TestClient:
        """A phone on UTC on which *person* is signed in."""
        return browser(self.rooms.app, session=person.token, tz="0")

    def wish(self, phone: TestClient, path: str = "/phone", **fields: str) -> int:
        """Send the form as push.js fills it in; returns the status."""
        said = {
            "do": "keep",
            "place": f"{self.maker.origin}{path}",
            "p256dh": text(self.browser.p256dh),
            "auth": text(self.browser.auth),
            **TIMES,
            **fields,
        }
        status: int = phone.post("/settings/reminders", data=said).status_code
        return status

    def planned(self) -> list[reminders.Push]:
        """Everything that is planned, in time."""
        with self.rooms.vault.database.read() as connection:
            found = connection.execute(sa.select(pushes.c.due, pushes.c.body).order_by(pushes.c.due)).all()
        return [reminders.Push(row.due, bytes(row.body)) for row in found]

    def real(self) -> list[int]:
        """When messages are planned that this browser can open."""
        return [push.due for push in self.planned() if self.browser.open(push.body) is not None]

    def run(self, hours: float) -> list[int]:
        """Let time pass, from one due message to the next; returns the steps in which one came that opens."""
        came: list[int] = []
        ends = self.rooms.now_ms + int(hours * HOUR_MS)
        while (planned := self.planned()) and planned[0].due * STEP_MS <= ends:
            self.rooms.now_ms = max(self.rooms.now_ms, planned[0].due * STEP_MS)
            before = len(self.maker.got)
            self.carrier.round()
            if any(self.browser.open(one.body) for one in self.maker.got[before:]):
                came.append(self.rooms.now_ms // STEP_MS)
        self.rooms.now_ms = ends
        return came


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    """A home with a carrier."""
    made = Post(tmp_path / "home")
    yield made
    made.maker.close()
    made.rooms.vault.close()


def clock(step: int) -> str:
    """A step's time of day, UTC."""
    return f"{step * 5 // 60 % 24:02}:{step * 5 % 60:02}"


def test_comes_each_day_at_its_time_and_says_nothing(post: Post) -> None:
    """What was wished arrives when it was wished, with the one fixed content, signed and soon forgotten."""
    phone = post.phone(post.rooms.arrive("Mara"))
    assert post.wish(phone, check_in="on", waiting="on") == 303
    came = post.run(48)
    assert sorted({clock(step) for step in came}) == ["12:00", "20:00"]
    assert len(came) == 4
    assert len(post.maker.got) > len(came), "and what nobody can open goes as well"
    last = post.maker.got[0]
    assert last.path == "/phone"
    assert last.headers["Content-Encoding"] == "aes128gcm"
    assert last.headers["Authorization"].startswith("vapid t=")
    assert int(last.headers["Ttl" if "Ttl" in last.headers else "TTL"]) <= 3600
    assert post.browser.open(last.body) in {None, message.CONTENT}


def test_the_end_of_a_pause_is_followed(post: Post) -> None:
    """Called, moved and ended elsewhere: the next visit of any of one's devices sets the reminder right."""
    mara, lin = post.rooms.couple()
    phone = post.phone(mara)
    post.wish(phone, pause="on")
    assert post.real() == []
    called = post.rooms.again(lin).write(PauseCalled(until_ms=NOON_MS + 2 * HOUR_MS))
    phone.get("/pause")
    assert post.real() == [-(-(NOON_MS + 2 * HOUR_MS) // STEP_MS)]
    post.rooms.again(lin).write(PauseMoved(pause=called.id, until_ms=NOON_MS + 3 * HOUR_MS))
    phone.get("/")
    ends = -(-(NOON_MS + 3 * HOUR_MS) // STEP_MS)
    assert post.real() == [ends]
    assert post.run(4) == [ends]


def test_a_visit_carries_a_plan_on_and_staying_away_ends_it(post: Post) -> None:
    """After two weeks without a visit nothing comes any more; a visit on the way begins the two weeks anew."""
    mara = post.rooms.arrive("Mara")
    phone = post.phone(mara)
    post.wish(phone, check_in="on")
    post.rooms.now_ms += 7 * DAY_MS
    phone.get("/")
    assert max(post.real()) * STEP_MS > NOON_MS + 19 * DAY_MS
    post.run(24 * (plan.DAYS + 1))
    assert post.planned() == []


def test_a_plan_that_is_up_to_date_is_left_alone(post: Post) -> None:
    """A second visit of the day writes nothing."""
    phone = post.phone(post.rooms.arrive("Mara"))
    post.wish(phone, check_in="on")
    before = post.planned()
    phone.get("/")
    assert post.planned() == before


def test_signing_out_ends_them_at_once(post: Post) -> None:
    """Nothing goes to a device where its owner has signed out, from there or from elsewhere."""
    mara = post.rooms.arrive("Mara")
    phone = post.phone(mara)
    post.wish(phone, check_in="on")
    other, token = post.rooms.vault.sign_in(mara.device._replace(id=b"o" * 16), PASSPHRASE, label="tablet")
    sign_out_elsewhere(other)
    assert post.run(36) == []
    assert not post.maker.got
    post.wish(post.phone(mara._replace(session=other, token=token)), check_in="on")
    assert len(post.run(24)) == 1
    other.sign_out()
    assert post.run(24) == []


def test_removed_stopped_and_erased_leave_no_row(post: Post) -> None:
    """Whatever ends a device's trust, or a person, takes the endpoint and the plan with it."""
    mara = post.rooms.arrive("Mara")
    other, token = post.rooms.vault.sign_in(mara.device._replace(id=b"o" * 16), PASSPHRASE, label="tablet")
    tablet = mara._replace(session=other, token=token)
    for person in (mara, tablet):
        post.wish(post.phone(person), check_in="on")
    remove_device(post.rooms.again(mara), b"o" * 16)
    assert [one.device for one in reminders.wanted(post.rooms.again(mara))] == [mara.device.id]
    assert post.phone(mara).post("/settings/reminders", data={"do": "stop"}).status_code == 303
    assert post.planned() == []
    post.wish(post.phone(mara), check_in="on")
    erasing.erase(post.rooms.again(mara))
    assert post.planned() == []


def test_a_browser_that_is_gone_is_forgotten(post: Post) -> None:
    """The maker's word for it ends them; its bad days do not."""
    mara = post.rooms.arrive("Mara")
    post.wish(post.phone(mara), check_in="on")
    post.maker.answers = [503, 429]
    assert post.run(24)
    assert reminders.wanted(post.rooms.again(mara))
    post.maker.answers = [410]
    post.run(24)
    assert not reminders.wanted(post.rooms.again(mara))


def test_follows_no_redirect(post: Post) -> None:
    """A maker that sends on elsewhere is not followed."""
    post.wish(post.phone(post.rooms.arrive("Mara")), check_in="on")
    post.maker.answers = [302] * 30
    post.run(24)
    assert {one.path for one in post.maker.got} <= {"/phone"}


def test_what_is_late_is_not_sent_and_two_workers_send_once(post: Post) -> None:
    """A house that slept wakes up in silence; of two carriers one takes what is due."""
    phone = post.phone(post.rooms.arrive("Mara"))
    post.wish(phone, check_in="on", waiting="on")
    post.rooms.now_ms += 2 * DAY_MS
    assert post.carrier.round() <= 1  # one may have been drawn for this very half hour
    post.maker.got.clear()
    due = post.planned()[0].due
    post.rooms.now_ms = due * STEP_MS
    other = Carrier(post.rooms.vault, may=post.maker.may)
    assert min(post.carrier.round(), other.round()) == 0
    assert len(post.maker.got) == len([one for one in post.maker.got if one.path == "/phone"]) >= 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"place": "https://router.local/admin"},
        {"place": ""},
        {"p256dh": "AAAA"},
        {"p256dh": "not base64 – at all"},
        {"p256dh": text(b"\4" + b"\1" * 64)},
        {"auth": text(b"short")},
        {"check_in_at": "25:00", "check_in": "on"},
        {"quiet_from": ""},
        {"do": "other"},
    ],
)
def test_what_does_not_fit_is_shown_again(post: Post, wrong: dict[str, str]) -> None:
    """Nothing is kept of a form with a place, a key or a time that is none."""
    mara = post.rooms.arrive("Mara")
    assert post.wish(post.phone(mara), **wrong) == 400
    assert not reminders.wanted(post.rooms.again(mara))


def test_a_button_that_needs_a_script_waits_for_it(post: Post) -> None:
    """To begin is shown by the script that can; to save or stop is there without."""
    phone = post.phone(post.rooms.arrive("Mara"))
    assert '<div class="actions" data-begin hidden>' in phone.get("/settings/reminders").text
    post.wish(phone, check_in="on")
    assert '<div class="actions" data-begin>' in phone.get("/settings/reminders").text


def test_times_change_without_a_script(post: Post) -> None:
    """Once the browser has said where it takes them, the form alone changes the times."""
    mara = post.rooms.arrive("Mara")
    phone = post.phone(mara)
    post.wish(phone, check_in="on")
    assert post.wish(phone, place="", p256dh="", auth="", waiting="on", waiting_at="09:32") == 303
    assert {clock(step) for step in post.real()} == {"09:30"}
    html = phone.get("/settings/reminders").text
    assert f'<noscript><p class="notice">{words("reminders.home.no_script")}</p></noscript>' in html
    assert re.search(r'name="waiting_at"[^>]*value="09:30"', html)
    assert not re.search(r'name="check_in" value="on" checked', html)


def test_a_page_is_not_lost_for_a_reminder(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever breaks while a plan is made anew, what was asked for is answered."""
    phone = post.phone(post.rooms.arrive("Mara"))
    post.wish(phone, check_in="on")
    monkeypatch.setattr(plan, "made_for", lambda *_: 1 / 0)
    assert phone.get("/settings").status_code == 200


def test_the_disk_holds_an_endpoint_and_times_and_no_more(tmp_path: Path) -> None:
    """Every byte of the data folder: no browser's key, and the same columns and sizes whatever is on."""
    shapes: list[tuple[int, set[int]]] = []
    everything: dict[str, object] = {"check_in": 60 * 20, "waiting": 60 * 12, "pause": True}
    for fields in (everything, {}):
        folder = tmp_path / f"house-{len(shapes)}"
        vault = Vault.open(folder, kdf=Kdf.TRIVIAL, now_ms=lambda: NOON_MS)
        mara = vault.create_person("Mara", PASSPHRASE, setup=vault.new_setup_token(), label="phone")
        session, theirs = vault.session(mara.token), Subscription()
        assert session is not None
        wishes = reminders.Wishes(p256dh=theirs.p256dh, auth=theirs.auth, secret=b"a secret to be found" * 2)
        wishes = msgspec.structs.replace(wishes, **fields)
        reminders.keep(session, reminders.Wanted(session.device, "https://fcm.googleapis.com/here", wishes), [])
        keep_up(session)
        with vault.database.read() as connection:
            sealed = connection.execute(sa.select(table.c.sealed)).scalar_one()
            rows = connection.execute(sa.select(pushes)).all()
        shapes.append((len(sealed), {len(row.body) for row in rows}))
        assert 3 * (plan.DAYS - 1) <= len(rows) <= 3 * plan.DAYS
        vault.close()
        assert find_bytes(folder, [b"https://fcm.googleapis.com/here"])
        assert find_bytes(folder, [theirs.p256dh, theirs.auth, b"a secret to be found"]) == []
    assert shapes[0] == shapes[1]
