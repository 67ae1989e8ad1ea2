"""Our dance: found alone, kept in versions, shown by choice and part by part, one picture out of two halves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from msgspec import convert

from tests.pages.two import Two, links, says
from tests.web.stand import browser
from toward.catalogue import words
from toward.journal.kinds import DanceExit, DanceHalf, DanceMoment, DanceNamed, DanceShared, DanceTakenBack
from toward.vault import pairing, portable
from toward.vault.tables import entries

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pages.two import Person

MINE = {
    "do": "I ask again, louder",
    "cue": "when you look away, it drops in me",
    "tells": "I do not count",
    "shows": "a hard voice",
    "body": "a tight chest",
    "soft": "lonely",
    "fear": "I do not matter to you",
    "long": "to be chosen",
    "guess": "a heart of stone, I guess",
    "name": "the storm",
}
THEIRS = {"do": "I go quiet and leave the room", "fear": "I can't get it right", "guess": "nothing is enough, I guess"}
PARTS = ("do", "cue", "tells", "shows", "body", "soft", "fear", "long")


@pytest.fixture
def two(tmp_path: Path) -> Two:
    """Two who have joined."""
    return Two(tmp_path)


def keeps(person: Person, fields: dict[str, str]) -> str:
    """Keep a half, and return its id."""
    assert person.post("/ours/dance/half", go="keep", **fields) == "/ours/dance"
    return person.wrote(DanceHalf)[-1].id.hex()


def shows(person: Person, half: str, *parts: str) -> None:
    """Show parts of a half."""
    answer = person.client.post("/ours/dance/share", data={"half": half, "parts": list(parts or PARTS)})
    assert answer.status_code == 303, answer.text


def both_in(two: Two) -> None:
    """Both halves are in the picture."""
    shows(two.mara, keeps(two.mara, MINE))
    shows(two.lin, keeps(two.lin, THEIRS))


# ------------------------------------------------------------------------------------------------ alone


def test_a_half_is_kept_in_versions_and_read_again(two: Two) -> None:
    """Everything typed comes back; the same half twice is one version; the one before stays to be read."""
    first = {"go": "keep", **MINE, "reactions": ["anger", "explain"], "fears": "rejection"}
    assert two.solo.client.post("/ours/dance/half", data=first).status_code == 303
    assert two.solo.client.post("/ours/dance/half", data=first).status_code == 303
    kept = two.solo.wrote(DanceHalf)
    assert [one.body for one in kept] == [
        convert({**MINE, "kind": "dance_half", "reactions": ["anger", "explain"], "fears": ["rejection"]}, DanceHalf),
    ]
    html = two.solo.get("/ours/dance/half")
    assert all(text in html for text in MINE.values())
    assert html.count(" checked") == 3
    two.clock.pass_minutes(1)
    keeps(two.solo, {**MINE, "do": "I ask once"})
    assert "I ask once" in two.solo.get("/ours/dance")
    assert "I ask again, louder" in two.solo.get("/ours/dance/earlier")


def test_alone_one_half_is_whole(two: Two) -> None:
    """A name, a picture, ways out; nothing on the way speaks of showing it to anybody."""
    assert says(two.solo.get("/ours/dance"), "dance.home.how_solo")
    keeps(two.solo, MINE)
    html = two.solo.get("/ours/dance")
    assert "the storm" in html
    assert 'class="dance one"' in html
    assert not links(html, "/ours/dance/share")
    assert two.solo.client.get("/ours/dance/share").headers["location"] == "/ours/dance"
    two.clock.pass_minutes(1)
    two.solo.post("/ours/dance/name", name="the long cold")
    assert "the long cold" in two.solo.get("/ours/dance")
    assert two.solo.wrote(DanceHalf)[-1].body.do == MINE["do"]  # type: ignore[union-attr]
    assert not two.solo.wrote(DanceNamed)


def test_nothing_typed_is_no_version(two: Two) -> None:
    """An empty form leaves nothing behind."""
    two.solo.post("/ours/dance/half", go="keep")
    assert not two.solo.wrote(DanceHalf)


def test_what_is_too_long_comes_back_whole(two: Two) -> None:
    """Every field and tick is there again."""
    fields = {"go": "keep", **MINE, "long": "x" * 1001, "reactions": "anger"}
    answer = two.solo.client.post("/ours/dance/half", data=fields)
    assert answer.status_code == 400
    assert "x" * 1001 in answer.text
    assert MINE["guess"] in answer.text
    assert answer.text.count(" checked") == 1


# ------------------------------------------------------------------------------------------- shown by choice


def test_a_half_not_shown_leaves_no_byte_with_the_other(two: Two) -> None:
    """Whatever Lin reads, exports or measures is as it was: pages, file, entries, and the sizes of shared rows."""
    pages = ("/", "/ours", "/ours/dance", "/ours/dance/earlier", "/ours/dance/exit", "/turn", "/settings/shared")

    def all_of_lins() -> tuple[object, ...]:
        read = [two.lin.client.get(page, follow_redirects=True).text for page in pages]
        session = two.lin.session
        assert session.couple is not None
        space = entries.c.space == session.couple.space
        with two.home.vault.database.read() as connection:
            sizes = sorted(
                len(one) for one in connection.execute(sa.select(entries.c.ciphertext).where(space)).scalars()
            )
        return read, len(session.entries), sizes, portable.export(session)

    before = all_of_lins()
    half = keeps(two.mara, MINE)
    two.mara.get("/ours/dance/share")
    two.mara.post("/ours/dance/happened")
    two.mara.post("/ours/dance/exit", words="we held hands")
    two.mara.refused("/ours/dance/share", fields={"half": half})
    assert all_of_lins() == before


def test_private_versions_have_one_size(two: Two) -> None:
    """On the disk a full half and an empty one, a guess or none, are rows alike."""
    keeps(two.mara, {"do": "x"})
    keeps(two.mara, MINE)
    own = entries.c.space == two.mara.session.keyring.space
    with two.home.vault.database.read() as connection:
        sizes = {len(one) for one in connection.execute(sa.select(entries.c.ciphertext).where(own)).scalars()}
    assert len(sizes) == 1


def test_what_is_guessed_and_what_is_left_out_is_not_shown(two: Two) -> None:
    """The other reads the parts that were ticked, and of guesses nothing: there is no field for them."""
    shows(two.mara, keeps(two.mara, MINE), "do", "fear", "long")
    assert "guess" not in DanceShared.__struct_fields__
    assert two.mara.wrote(DanceShared)[0].body == DanceShared(do=MINE["do"], fear=MINE["fear"], long=MINE["long"])
    everything = repr(two.lin.session.entries) + portable.export(two.lin.session).decode()
    for part in ("cue", "tells", "shows", "body", "guess"):
        assert MINE[part] not in everything
    html = two.lin.get("/ours/dance/theirs")
    assert MINE["fear"] in html
    assert MINE["tells"] not in html


def test_another_version_than_the_one_seen_is_not_shown(two: Two) -> None:
    """What was looked at is what goes, even if another device kept a later one meanwhile."""
    seen = keeps(two.mara, MINE)
    two.clock.pass_minutes(1)
    keeps(two.mara, {**MINE, "do": "something I never looked at"})
    shows(two.mara, seen)
    assert two.mara.wrote(DanceShared)[0].body.do == MINE["do"]  # type: ignore[union-attr]
    two.mara.refused("/ours/dance/share", status=404, half="0" * 32, parts="do")
    other = keeps(two.lin, THEIRS)
    two.mara.refused("/ours/dance/share", status=404, half=other, parts="do")


def test_one_half_alone_makes_no_picture_and_reading_it_shows_nowhere(two: Two) -> None:
    """It waits without a word about whether it was read; the picture comes with the second half."""
    shows(two.mara, keeps(two.mara, MINE))
    assert says(two.lin.get("/ours/dance"), "dance.home.they_shared", partner="Mara")
    before = two.mara.client.get("/ours/dance").text
    assert MINE["soft"] in two.lin.get("/ours/dance/theirs")
    keeps(two.lin, THEIRS)
    assert two.mara.client.get("/ours/dance").text == before
    shows(two.lin, two.lin.wrote(DanceHalf)[-1].id.hex())
    for person, other in ((two.mara, "Lin"), (two.lin, "Mara")):
        html = person.get("/ours/dance")
        assert says(html, "dance.picture.against", name="the storm")
        assert says(html, "dance.picture.theirs", partner=other)
    assert THEIRS["guess"] not in two.mara.get("/ours/dance")


def test_the_picture_says_in_order_what_it_draws(two: Two) -> None:
    """The list beside the figure goes round: mine, in them, theirs, in me. Nobody's hue or place says more."""
    both_in(two)
    found = re.findall(r'<li class="(you|them)">(.*?)</li>', two.lin.get("/ours/dance"))
    assert found == [
        ("you", f"You: {THEIRS['do']}"),
        ("them", f"In Mara, beneath: afraid that {MINE['fear']}"),
        ("them", f"Mara: {MINE['do']}"),
        ("you", f"In you, beneath: afraid that {THEIRS['fear']}"),
    ]


def test_taken_out_again_the_picture_closes_for_both(two: Two) -> None:
    """Without a word to the other; what its writer has stays."""
    both_in(two)
    two.clock.pass_minutes(1)
    assert two.mara.post("/ours/dance/take-back") == "/ours/dance"
    html = two.lin.get("/ours/dance")
    assert MINE["do"] not in html
    assert not links(html, "/ours/dance/theirs")
    assert two.lin.client.get("/ours/dance/theirs").headers["location"] == "/ours/dance"
    assert MINE["do"] in two.mara.get("/ours/dance")
    two.mara.post("/ours/dance/take-back")
    assert len(two.mara.wrote(DanceTakenBack)) == 1


def test_revised_it_is_shown_anew_only_by_choice(two: Two) -> None:
    """A later draft changes no picture; shown, it takes the place of the one before, which both can still read."""
    both_in(two)
    two.clock.pass_minutes(1)
    later = keeps(two.mara, {**MINE, "do": "I say that I miss you"})
    assert "I say that I miss you" not in two.lin.get("/ours/dance")
    assert says(two.mara.get("/ours/dance"), "dance.home.changed")
    shows(two.mara, later)
    assert "I say that I miss you" in two.lin.get("/ours/dance")
    assert MINE["do"] in two.lin.get("/ours/dance/earlier")


def test_either_names_it_and_the_latest_name_stands(two: Two) -> None:
    """The first name comes with the first half that has one."""
    both_in(two)
    assert "the storm" in two.lin.get("/ours/dance")
    two.clock.pass_minutes(1)
    two.lin.post("/ours/dance/name", name="the  tide")
    assert "the tide" in two.mara.get("/ours/dance")
    assert "the tide" in two.mara.get("/ours")
    two.lin.post("/ours/dance/name", name="the tide")
    assert len(two.lin.wrote(DanceNamed)) == 1


def test_after_one_has_left_nothing_can_be_shown(two: Two) -> None:
    """The draft stays and can be changed; the picture can still be read."""
    half = keeps(two.mara, MINE)
    both_in(two)
    pairing.unpair(two.lin.session)
    two.mara.client.post("/ours/dance/share", data={"half": half, "parts": "do"})
    two.mara.post("/ours/dance/exit", words="we laughed", show="on")
    two.mara.post("/ours/dance/take-back")
    assert len(two.mara.wrote(DanceShared, DanceExit, DanceTakenBack)) == 1
    html = two.mara.get("/ours/dance")
    assert MINE["do"] in html
    assert not links(html, "/ours/dance/share")


# ----------------------------------------------------------------------------------- what is no part of a dance

REFUSED = (
    {"do": "I block the door"},
    {"do": "I ask", "cue": "when you hit me"},
    {"do": "I go quiet", "fear": "I am afraid of what you might do"},
    {"do": "I ask", "reactions": "frighten"},
)


@pytest.mark.parametrize("fields", REFUSED)
def test_frightening_forcing_or_hurting_is_refused_and_nothing_is_lost(two: Two, fields: dict[str, str]) -> None:
    """Told gently, with who helps; the words can be changed, or kept alone; nobody learns of it."""
    before = two.lin.client.get("/ours/dance").text
    full = {**MINE, **fields}
    answer = two.mara.client.post("/ours/dance/half", data={"go": "keep", **full})
    assert answer.status_code == 200
    for key in ("title", "nothing_sent", "done_to_you_body", "done_by_you_body"):
        assert words(f"dance.refused.{key}") in answer.text
    assert not two.mara.wrote(DanceHalf)
    again = two.mara.client.post("/ours/dance/half", data={"go": "change", **full}).text
    for text in full.values():
        assert text in answer.text
        assert text in again
    two.mara.post("/ours/dance/half", go="alone", **full)
    half = two.mara.wrote(DanceHalf)[0]
    html = two.mara.get("/ours/dance")
    assert says(html, "dance.home.outside")
    assert not links(html, "/ours/dance/share")
    assert two.mara.client.get("/ours/dance/share").headers["location"] == "/ours/dance"
    sent = two.mara.client.post("/ours/dance/share", data={"half": half.id.hex(), "parts": list(PARTS)})
    assert words("dance.refused.title") in sent.text
    assert not two.mara.wrote(DanceShared)
    assert two.lin.client.get("/ours/dance").text == before


# ------------------------------------------------------------------------------------------------ moments


def test_that_it_happened_is_one_tap_and_counted_nowhere(two: Two) -> None:
    """Kept for its writer; however often, no page of theirs tells how often."""
    keeps(two.mara, MINE)
    before = [two.mara.client.get(path).text for path in ("/ours", "/ours/dance", "/moments")]
    for _ in range(3):
        assert two.mara.post("/ours/dance/happened") == "/ours/dance/happened"
    assert says(two.mara.get("/ours/dance/happened"), "dance.happened.gentle")
    assert [two.mara.client.get(path).text for path in ("/ours", "/ours/dance", "/moments")] == before
    assert [one.body for one in two.mara.wrote(DanceMoment)] == [DanceMoment(what="happened")] * 3


def test_a_way_out_is_remembered_and_is_a_tap_the_next_time(two: Two) -> None:
    """Private unless shown; shown once however often it helps."""
    both_in(two)
    two.mara.post("/ours/dance/exit", words="we held hands")
    assert "we held hands" in two.mara.get("/ours/dance")
    assert "we held hands" not in two.lin.get("/ours/dance")
    html = two.mara.get("/ours/dance/exit")
    assert 'name="which" value="we held hands"' in html
    for _ in range(2):
        two.clock.pass_minutes(1)
        two.mara.post("/ours/dance/exit", which="we held hands", words="", show="on")
    assert two.lin.get("/ours/dance").count("we held hands") == 1
    assert two.mara.get("/ours/dance").count("we held hands") == 1
    assert len(two.mara.wrote(DanceExit)) == 1
    two.mara.refused("/ours/dance/exit", words=" ")
    assert says(two.mara.refused("/ours/dance/exit", words="I blocked the door"), "web.field.dance")


def test_is_asked_before_the_first_dance_and_not_again(two: Two) -> None:
    """Alone, before anything of it is shown."""
    lena = two.home.arrive("Lena")
    phone = browser(two.app, session=lena.token, tz="0")
    for path in ("/ours/dance", "/ours/dance/half"):
        assert words("safety.question.title") in phone.get(path).text
    phone.post("/before", data={"answer": "hard", "to": "/ours/dance"})
    assert words("dance.home.begin") in phone.get("/ours/dance").text


def test_no_words_are_taken_for_markup(two: Two) -> None:
    """In the figure, its list, the name, the ways out, the source and the plan: letters stay letters."""
    evil = "<img src=x onerror=alert(1)>{{ 7*7 }}"
    for person in (two.mara, two.lin):
        shows(person, keeps(person, {**dict.fromkeys(PARTS, evil), "guess": evil, "name": evil[:40]}))
        person.post("/ours/dance/exit", words=evil, show="on")
        person.post("/within/source/choose", sort="words", words=evil)
        person.post("/pause/words", do="plan", leaving=evil, waiting=evil)
    two.mara.post("/pause/words", do="propose", words=evil)
    shown = 0
    for path in (
        "/ours",
        "/ours/dance",
        "/ours/dance/half",
        "/ours/dance/exit",
        "/ours/dance/theirs",
        "/within",
        "/pause/words",
    ):
        html = two.lin.client.get(path).text
        assert "<img" not in html, path
        shown += html.count("&lt;img src=x")
    assert shown > 20
