"""Ours: what each of the two sees of what they lived, and what they see of each other's line only if both agree."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.pages.rooms import HOUR_MS, Rooms, said
from toward.catalogue import words
from toward.journal.kinds import (
    Agreement,
    AgreementChanged,
    Answer,
    CheckIn,
    DanceMoment,
    Invitation,
    LinePoint,
    LineShared,
    Memory,
    Moment,
    Settled,
    Together,
)
from toward.vault import pairing, portable
from toward.web import line_sharing

if TYPE_CHECKING:
    from toward.vault import Arrival

DAY_MS = 24 * HOUR_MS


def check_in(rooms: Rooms, person: Arrival, felt: int) -> None:
    """A check-in by its page."""
    assert rooms.phone(person).post("/check-in", data={"felt": str(felt)}).status_code == 303


def points(rooms: Rooms, person: Arrival) -> list[int]:
    """What the shared space holds of a person's line."""
    return [one.body.felt for one in rooms.again(person).entries if one.mine and isinstance(one.body, LinePoint)]


# ---------------------------------------------------------------------------------------------- the line


@pytest.mark.parametrize(("days", "key"), [(0, "empty"), (1, "one"), (2, "two"), (4, "unsure")])
def test_the_line_begins_small(rooms: Rooms, days: int, key: str) -> None:
    """No point, one, two, a few: each has its sentence, and none claims more than it knows."""
    mara = rooms.arrive("Mara")
    for _ in range(days):
        check_in(rooms, mara, 4)
        rooms.now_ms += DAY_MS
    page = said(rooms.phone(mara).get("/ours").text)
    assert words(f"ours.line.{key}", felt=words("ours.felt.between")) in page
    assert ("<svg" in rooms.phone(mara).get("/ours").text.partition('class="chart"')[2]) == (days > 0)


def test_every_half_year_of_a_long_line_can_be_seen(rooms: Rooms) -> None:
    """From the newest back to the first, each day in exactly one of them; then there is nothing before."""
    mara = rooms.arrive("Mara")
    phone, session = rooms.phone(mara), rooms.again(mara)
    today = rooms.now_ms // DAY_MS * DAY_MS + 7 * HOUR_MS
    for back in range(0, 900, 30):
        session.write(CheckIn(felt=4), at_ms=today - back * DAY_MS)
    told, shown, path = len(rooms.again(mara).life.line.mine), 0, "/ours"
    for _ in range(5):
        html = phone.get(path).text
        shown += html.count('<th scope="row"')
        further = re.search(r'href="(/ours/line[^"]*)">' + words("ours.line.before"), html)
        if further is None:
            break
        path = further[1]
        assert words("ours.line.after") in said(phone.get(path).text)
        assert "of late" not in said(phone.get(path).text)
    assert (shown, path) == (told, "/ours/line?back=4")
    assert phone.get("/ours/line?back=9").headers["location"] == "/ours"
    assert phone.get("/ours/line?back=x").status_code == 200


def test_both_lines_take_two(rooms: Rooms) -> None:
    """One who agrees shares nothing yet, and the other's page is the same byte for byte; with both it begins."""
    mara, lin = rooms.couple()
    check_in(rooms, mara, 6)
    before = rooms.phone(lin).get("/ours/lines").text
    assert rooms.phone(mara).post("/ours/lines", data={"do": "on"}).headers["location"] == "/ours/lines"
    assert words("ours.share.waiting") in said(rooms.phone(mara).get("/ours/lines").text)
    assert rooms.phone(lin).get("/ours/lines").text == before
    check_in(rooms, mara, 5)
    assert points(rooms, mara) == []
    rooms.phone(lin).post("/ours/lines", data={"do": "on"})
    for one in (mara, lin):
        assert words("ours.share.both") in said(rooms.phone(one).get("/ours/lines").text)
        assert rooms.again(one).life.line.theirs == ()
    check_in(rooms, mara, 2)
    assert points(rooms, mara) == [2]
    assert [day.mean for day in rooms.again(lin).life.line.theirs] == [2]
    assert "Mara" in said(rooms.phone(lin).get("/ours").text)


def test_agreeing_twice_writes_once(rooms: Rooms) -> None:
    """A second tap is not a second agreement."""
    mara, _ = rooms.couple()
    for wish in ("on", "on", "off", "off"):
        rooms.phone(mara).post("/ours/lines", data={"do": wish})
    said_so = [one.body.on for one in rooms.again(mara).entries if isinstance(one.body, LineShared)]
    assert said_so == [True, False]


def test_either_stops_it_for_both(rooms: Rooms) -> None:
    """Nothing more goes in, and neither sees the other's line any more, not even what was there."""
    mara, lin = rooms.couple()
    for one in (mara, lin):
        rooms.phone(one).post("/ours/lines", data={"do": "on"})
    check_in(rooms, mara, 2)
    check_in(rooms, lin, 6)
    rooms.phone(lin).post("/ours/lines", data={"do": "off"})
    check_in(rooms, mara, 7)
    assert points(rooms, mara) == [2]
    for one in (mara, lin):
        line = rooms.again(one).life.line
        assert not line.both_share
        assert line.theirs == ()


def test_earlier_days_come_only_if_asked_and_once_each(rooms: Rooms) -> None:
    """A day is one rounded point, without its time; what is older than half a year stays away."""
    mara, lin = rooms.couple()
    session = rooms.again(mara)
    day = rooms.now_ms // DAY_MS * DAY_MS
    for back, felt in ((300, 1), (3, 2), (3, 5), (2, 6)):
        session.write(CheckIn(felt=felt), at_ms=day - back * DAY_MS + 7 * HOUR_MS)
    phone = rooms.phone(mara)
    phone.post("/ours/lines", data={"do": "earlier"})
    assert points(rooms, mara) == []
    for one in (mara, lin):
        rooms.phone(one).post("/ours/lines", data={"do": "on"})
    assert points(rooms, mara) == []
    assert words("ours.share.earlier") in said(phone.get("/ours/lines").text)
    where = phone.post("/ours/lines", data={"do": "earlier"}).headers["location"]
    assert words("ours.share.earlier_done") in said(phone.get(where).text)
    assert words("ours.share.from_now") not in said(phone.get(where).text), "it is shown from earlier on now"
    assert points(rooms, mara) == [4, 6]
    phone.post("/ours/lines", data={"do": "earlier"})
    assert points(rooms, mara) == [4, 6]
    written = [one.at_ms for one in rooms.again(lin).entries if isinstance(one.body, LinePoint)]
    assert [at % DAY_MS for at in written] == [12 * HOUR_MS] * 2
    assert words("ours.share.earlier") not in said(phone.get("/ours/lines").text)


def test_a_point_tells_no_time_of_day(rooms: Rooms) -> None:
    """Whenever somebody looks, the other learns the day."""
    mara, lin = rooms.couple()
    for one in (mara, lin):
        rooms.phone(one).post("/ours/lines", data={"do": "on"})
    for hours in (1, 5, 3):
        rooms.now_ms += hours * HOUR_MS
        session = rooms.again(mara)
        session.tz_min = -600
        line_sharing.after_check_in(session, 4)
    at = {
        (one.at_ms + one.tz_min * 60_000) % DAY_MS
        for one in rooms.again(lin).entries
        if isinstance(one.body, LinePoint)
    }
    assert at == {12 * HOUR_MS}


def test_a_rung_is_a_point_too(rooms: Rooms) -> None:
    """The ladder asks how safe it felt like any check-in; the rung itself stays its author's."""
    mara, lin = rooms.couple()
    for one in (mara, lin):
        rooms.phone(one).post("/ours/lines", data={"do": "on"})
    rooms.phone(mara).post("/ladder", data={"rung": "anger", "felt": "2"})
    assert points(rooms, mara) == [2]


def test_leaving_ends_it(rooms: Rooms) -> None:
    """In a closed space nothing is written, and the page leads back to Ours; alone there is nothing to agree on."""
    mara, lin = rooms.couple()
    for one in (mara, lin):
        rooms.phone(one).post("/ours/lines", data={"do": "on"})
    pairing.unpair(rooms.again(lin))
    check_in(rooms, mara, 3)
    assert points(rooms, mara) == []
    assert rooms.phone(mara).get("/ours/lines").headers["location"] == "/ours"
    assert words("ours.share.title") not in said(rooms.phone(mara).get("/ours").text)
    solo = rooms.arrive("Solo")
    assert rooms.phone(solo).get("/ours/lines").headers["location"] == "/pair"


# ------------------------------------------------------------------------------------------ what was lived


def test_alone_it_is_whole(rooms: Rooms) -> None:
    """No word of a partner, nothing missing: a line, one's own moments, one's own ways out."""
    solo = rooms.arrive("Solo")
    page = said(rooms.phone(solo).get("/ours").text)
    assert words("ours.home.intro_solo") in page
    assert words("ours.memories.empty_solo") in page
    for key in ("ours.together.title", "ours.together.empty", "ours.share.title"):
        assert words(key) not in page
    session = rooms.again(solo)
    session.write(Memory(words="swimming at night"))
    session.write(Moment(label="we went outside", sort="exit", day="2025-11-01"))
    page = said(rooms.phone(solo).get("/ours").text)
    assert "swimming at night" in page
    assert "we went outside" in page
    session.write(DanceMoment(what="exit", words="a hand on the table"))
    session.write(DanceMoment(what="exit", words="we went outside"))
    session.write(DanceMoment(what="happened", words="over the keys"))
    page = said(rooms.phone(solo).get("/ours/together").text)
    assert page.count("we went outside") == 1
    assert "a hand on the table" in page
    assert "over the keys" not in page


def test_a_pair_of_moments_stands_there_once_its_reader_has_opened_it(rooms: Rooms) -> None:
    """Before that it would spoil the opening; a moment of one's own waits for nobody."""
    mara, lin = rooms.couple()
    rooms.again(mara).write(Memory(words="rain without an umbrella", share=True))
    rooms.again(lin).write(Memory(words="toast at midnight", share=True))
    for _ in range(2):
        for one in (mara, lin):
            rooms.again(one)
    assert "toast" not in rooms.phone(mara).get("/ours").text
    assert "toast" not in rooms.phone(mara).get("/ours/moments").text
    rooms.again(mara).write(Settled(practice="remember", how="together", minutes=1))
    for path in ("/ours", "/ours/moments"):
        page = said(rooms.phone(mara).get(path).text)
        assert "toast at midnight" in page
        assert "rain without an umbrella" in page
    assert "umbrella" not in rooms.phone(lin).get("/ours/moments").text


def test_shows_what_was_done_and_kept_and_nothing_that_was_not(rooms: Rooms) -> None:
    """Practices by name, agreements kept or made good in their words; what was let go or is ahead is not here."""
    mara, lin = rooms.couple()
    session = rooms.again(mara)
    session.write(Together(practice="hold_hands", minutes=3))
    rooms.again(lin).write(Together(practice="../made-up", minutes=3))
    for text, to in (("walk on Sunday", "kept"), ("a call", "repaired"), ("a trip", "let_go"), ("tea", None)):
        made = session.write(Agreement(words=text))
        if to:
            session.write(AgreementChanged(agreement=made.id, to=to))  # type: ignore[arg-type]
    session.write(Moment(label="a lost job", sort="hard", day="2025-11-01"))
    for path in ("/ours", "/ours/together"):
        page = said(rooms.phone(mara).get(path).text)
        for shown in ("Hold hands", words("ours.together.other"), "walk on Sunday", "a call"):
            assert shown in page
        for hidden in ("a trip", "tea", "made-up"):
            assert hidden not in page
    assert "a lost job" not in said(rooms.phone(mara).get("/ours/together").text)


def test_keepsakes_tell_who_said_what_in_the_earlier_home(rooms: Rooms) -> None:
    """Words are told, names of people and points of lines are not; an answer without words has those of its sort."""
    mara, lin = rooms.couple()
    invitation = rooms.again(mara).write(Invitation(door="reach", words="Would you sit with me?"))
    rooms.again(lin).write(Answer(invitation=invitation.id, reply="cant_yet"))
    rooms.again(lin).write(LinePoint(felt=1))
    rooms.again(lin).write(Together(practice="hum", minutes=2))
    noor = rooms.arrive("Noor")
    assert words("ours.keepsake.link") not in rooms.phone(noor).get("/ours").text
    portable.import_(rooms.again(noor), portable.export(rooms.again(mara)))
    assert words("ours.keepsake.link") in said(rooms.phone(noor).get("/ours").text)
    page = unescape(said(rooms.phone(noor).get("/ours/keepsakes").text))
    for shown in ("Would you sit with me?", words("ours.keepsake.reply_cant_yet"), "Hum"):
        assert shown in page
    assert page.count("·") == 2
    assert words("ours.keepsake.title") in page
