"""The two pictures: what is kept, what stays visible, what the other never sees, and that nothing is counted."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.pages.rooms import HOUR_MS, Rooms, said
from toward.catalogue import words
from toward.journal.kinds import Agreement, AgreementChanged, Connection, Frightened, NotCome, Sign
from toward.vault import pairing, portable

if TYPE_CHECKING:
    from toward.vault import Arrival

DAY = "2025-11-24"
MINE = "/ours", "/ours/pictures", "/ours/pictures/why", "/ours/connection", "/ours/shown", "/ours/life", "/turn", "/"
STAMPED = re.compile(r"[0-9a-f]{32,}|content=\"[^\"]*\"")


def main(html: str) -> str:
    """The main part as a person reads it."""
    return unescape(said(html))


def bodies(rooms: Rooms, person: Arrival, kind: type) -> list[object]:
    """What one person can read of a kind."""
    return [entry.body for entry in rooms.again(person).entries if isinstance(entry.body, kind)]


def all_of_it(rooms: Rooms, mara: Arrival) -> None:
    """Everything that the two pictures can hold of one person, through the pages."""
    phone = rooms.phone(mara)
    phone.post("/ours/connection", data={"source": "meal", "felt": "close", "words": "quinces"})
    phone.post("/ours/connection/plan", data={"source": "friends", "when": "tomorrow", "words": "marmalade"})
    phone.post("/ours/shown/sign", data={"of": "no", "so": "no", "words": "ocelots"})
    phone.post("/ours/shown/not-come", data={"words": "herons"})
    phone.post("/ours/shown/frightened", data={"words": "lanterns"})


SECRETS = ("quinces", "marmalade", "ocelots", "herons", "lanterns")


def test_the_other_sees_nothing_of_it(rooms: Rooms) -> None:
    """No entry, no page, no file, no byte of the other's is different, whatever one of them noted here."""
    mara, lin = rooms.couple()

    def seen() -> tuple[object, ...]:
        phone = rooms.phone(lin)
        pages = [STAMPED.sub("*", phone.get(path, follow_redirects=True).text) for path in MINE]
        entries = [(one.id, one.body) for one in rooms.again(lin).entries]
        return pages, entries, STAMPED.sub("*", portable.export(rooms.again(lin)).decode()[200:])

    before = seen()
    all_of_it(rooms, mara)
    own = " ".join(rooms.phone(mara).get(path).text for path in ("/ours/connection", "/ours/shown"))
    assert all(secret in own for secret in SECRETS)
    after = seen()
    assert after[0] == before[0]
    assert after[1] == before[1]
    assert not any(secret in str(after) for secret in SECRETS)


def test_a_source_takes_two_taps(rooms: Rooms) -> None:
    """What was there and how it felt, alone and whole: one choice and one button; the words may be left out."""
    solo = rooms.arrive("Solo")
    phone = rooms.phone(solo)
    page = phone.get("/ours/connection").text
    assert "partner" not in main(page).lower()
    assert phone.post("/ours/connection", data={"source": "pet", "felt": "calm"}).status_code == 303
    assert bodies(rooms, solo, Connection) == [Connection(source="pet", day=DAY, felt="calm")]
    page = main(phone.get("/ours/connection?noted=1").text)
    assert words("pictures.close.noted") in page
    assert f"{words('pictures.source.pet')} · {words('pictures.feeling.calm')}" in page


@pytest.mark.parametrize("lacking", [{"felt": "calm"}, {"source": "pet"}, {"source": "cat", "felt": "calm"}])
def test_half_a_note_is_not_kept(rooms: Rooms, lacking: dict[str, str]) -> None:
    """Both taps are needed; the one that was made stays made."""
    solo = rooms.arrive("Solo")
    again = rooms.phone(solo).post("/ours/connection", data=lacking)
    assert again.status_code == 400
    assert bodies(rooms, solo, Connection) == []
    assert ("checked" in again.text.partition("<main")[2]) == (lacking.get("source") == "pet")


def test_a_plan_comes_to_be_or_is_let_go_and_its_day_passes_in_silence(rooms: Rooms) -> None:
    """Ahead until one of the two; a week later it is still just there."""
    solo = rooms.arrive("Solo")
    phone = rooms.phone(solo)
    for source in ("play", "group"):
        phone.post("/ours/connection/plan", data={"source": source, "when": "today"})
    phone.post("/ours/connection/plan", data={"source": "meal", "when": "other", "day": "2025-12-01"})
    assert phone.post("/ours/connection/plan", data={"source": "meal", "when": "other"}).status_code == 400
    rooms.now_ms += 7 * 24 * HOUR_MS
    planned = rooms.again(solo).life.connections.planned
    assert [one.source for one in planned] == ["play", "group", "meal"]
    play, group, _ = planned
    phone.post(f"/ours/connection/plan/{play.id.hex()}", data={"felt": "light"})
    phone.post("/ours/put-away", data={"entry": group.id.hex(), "to": "/ours/connection"})
    life = rooms.again(solo).life.connections
    assert [one.source for one in life.planned] == ["meal"]
    assert [(one.source, one.felt, one.day.isoformat()) for one in life.there] == [("play", "light", DAY)]
    assert phone.get(f"/ours/connection/plan/{play.id.hex()}").status_code == 404


def test_kept_promises_never_cancel_what_was_frightening(rooms: Rooms) -> None:
    """Thirty kept agreements and thirty good signs later it stands first, in full, with its way to Safety."""
    mara, lin = rooms.couple()
    rooms.phone(mara).post("/ours/shown/frightened", data={"words": "lanterns"})
    rooms.now_ms += 24 * HOUR_MS
    for n in range(30):
        made = rooms.again(lin).write(Agreement(words=f"tea {n}"))
        rooms.again(lin).write(AgreementChanged(agreement=made.id, to="kept"))
        rooms.again(mara).write(Sign(of="truth", so=True, day=DAY))
    page = rooms.phone(mara).get("/ours/shown").text
    shown = main(page)
    assert "tea 29" in shown
    fright = shown.index("lanterns")
    assert fright < shown.index(words("pictures.shown.agreed"))
    assert words("pictures.shown.fright_stays") in shown
    section = page[page.index("data-frights") : page.index("</section>", page.index("data-frights"))]
    assert 'href="/before"' in section
    assert "tel:" in section
    assert words("pictures.shown.fright_title") not in main(rooms.phone(lin).get("/ours/shown").text)


def test_an_agreement_is_told_as_it_stands_and_what_did_not_come_changes_nothing_of_it(rooms: Rooms) -> None:
    """Ahead, done, moved, made good or let go, for both; what one felt about it stays with that one."""
    mara, lin = rooms.couple()
    session = rooms.again(mara)
    made = {}
    for text, to, day in (
        ("tea", None, None),
        ("a walk", "kept", None),
        ("a call", "moved", "2025-12-01"),
        ("bins", "repaired", None),
        ("a trip", "let_go", None),
    ):
        made[text] = session.write(Agreement(words=text))
        if to:
            session.write(AgreementChanged(agreement=made[text].id, to=to, day=day))  # type: ignore[arg-type]
    before = main(rooms.phone(lin).get("/ours/shown").text)
    for key in ("open", "kept", "repaired", "let_go"):
        assert words(f"pictures.shown.{key}") in before
    assert words("pictures.shown.moved", day="1 December") in before
    path = f"/ours/shown/not-come/{made['tea'].id.hex()}"
    assert "tea" in main(rooms.phone(mara).get(path).text)
    rooms.phone(mara).post(path, data={"words": ""})
    assert bodies(rooms, mara, NotCome) == [NotCome(agreement=made["tea"].id, day=DAY)]
    page = rooms.phone(mara).get("/ours/shown").text
    assert words("pictures.shown.not_come_hint") in main(page)
    assert path not in page
    assert main(rooms.phone(lin).get("/ours/shown").text) == before
    assert not rooms.again(mara).life.agreements.all[-1].changes


def test_nothing_is_counted(rooms: Rooms) -> None:
    """However much there is, no page of the two holds a number but those of days and of help lines."""
    mara, _ = rooms.couple()
    session = rooms.again(mara)
    for n in range(17):
        session.write(Connection(source="touch", felt="close", day=DAY))
        session.write(Sign(of="no", so=n % 2 == 0, day=DAY))
        session.write(NotCome(words="a call", day=DAY))
    for path in ("/ours/pictures", "/ours/connection", "/ours/shown"):
        page = main(rooms.phone(mara).get(path).text)
        assert not re.search(r"\d", page), path
        assert "%" not in page


def test_what_is_put_away_is_seen_no_more_and_not_lost(rooms: Rooms) -> None:
    """Gone from the page, there in one's own file; nobody can put away what is another's, shared or of another kind."""
    mara, lin = rooms.couple()
    all_of_it(rooms, mara)
    phone = rooms.phone(mara)
    for entry in rooms.again(mara).entries:
        if isinstance(entry.body, Frightened):
            assert phone.get("/ours/shown?edit=1").text.count(entry.id.hex()) == 1
            foreign = rooms.phone(lin).post("/ours/put-away", data={"entry": entry.id.hex(), "to": "/ours/shown"})
            assert foreign.status_code == 404
            phone.post("/ours/put-away", data={"entry": entry.id.hex(), "to": "/ours/shown"})
    assert "lanterns" not in phone.get("/ours/shown").text
    assert "lanterns" in portable.export(rooms.again(mara)).decode()
    shared = rooms.again(mara).write(Agreement(words="tea"))
    refused = phone.post("/ours/put-away", data={"entry": shared.id.hex(), "to": "/ours/shown"})
    assert refused.status_code == 404
    assert phone.post("/ours/put-away", data={"entry": shared.id.hex(), "to": "//x.org"}).status_code in {400, 404}


def test_signs_read_right_alone_and_after_a_partner_has_left(rooms: Rooms) -> None:
    """Alone it speaks of someone close; a closed space keeps what was agreed, and offers no way to change it."""
    solo = rooms.arrive("Solo")
    page = main(rooms.phone(solo).get("/ours/shown").text)
    assert words("pictures.shown.intro_solo") in page
    assert words("pictures.shown.agreed") not in page
    mara, lin = rooms.couple()
    made = rooms.again(mara).write(Agreement(words="tea"))
    assert made.id.hex() in rooms.phone(mara).get("/ours/shown").text
    pairing.unpair(rooms.again(lin))
    page = rooms.phone(mara).get("/ours/shown").text
    assert f"/turn/agreement/{made.id.hex()}" not in page
