"""What is said of a message while it is written: nothing is kept, answers have one length, danger goes first."""

from __future__ import annotations

import doctest
import json
import logging
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pages.two import Two, says
from tests.web.stand import browser
from toward import words as soft
from toward.catalogue import words
from toward.journal.kinds import Agreement, Answer, CheckIn, Invitation, Reached
from toward.vault import pairing
from toward.web import softening
from toward.web.pages.soften import ANSWER_BYTES, padded
from toward.web.safe_slot import keep_answer
from toward.web.softening import SLOT_MOST, SLOTS, Help, Mark, together

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HARSH = "You never listen, you only care about work"
WARM = "I miss you. Would you sit with me for ten minutes tonight?"
CLEAR = "See you at seven, I will bring bread"
THREAT = "If you leave me I'll kill you"
FEAR = "I'm scared of what you do when you drink. You hit me."
DARK = "I don't want to live any more"
BOTH = "If you leave me I will kill myself"
FRENCH = "Tu ne m'écoutes jamais, tu ne penses qu'au travail"
HEBREW = "אתה אף פעם לא מקשיב לי ואני כל כך עצוב"
TEXTS = (HARSH, WARM, CLEAR, THREAT, FEAR, DARK, BOTH, FRENCH, HEBREW, "", " \n", "\U0001f600", f"{HARSH}. " * 250)
SCRIPT = f"<script>alert(1)</script> {HARSH} <img src=x onerror=alert(2)>"


@pytest.fixture
def two(tmp_path: Path) -> Two:
    """Two who have joined."""
    return Two(tmp_path)


def raw(two: Two, text: str, **more: str | list[str]) -> bytes:
    """Mara's browser asks about a text."""
    answer = two.mara.client.post("/soften", data={"text": text, **more})
    assert answer.status_code == 200
    content: bytes = answer.content
    return content


def ask(two: Two, text: str, **more: str | list[str]) -> dict[str, Any]:
    """The answer, read."""
    found: dict[str, Any] = json.loads(raw(two, text, **more))
    return found


def rows(two: Two) -> list[Any]:
    """Every row of every table."""
    tables = sa.MetaData()
    engine = two.home.vault.database.engine
    tables.reflect(engine)
    with engine.connect() as connection:
        return [
            (name, connection.execute(sa.select(table)).fetchall()) for name, table in sorted(tables.tables.items())
        ]


def files(folder: Path) -> list[tuple[str, bytes]]:
    """Every file of the home and what is in it; SQLite's index of its own log aside, which every reader writes."""
    return [
        (path.name, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".db-shm" and not path.name.endswith("-shm")
    ]


# ------------------------------------------------------------------------------------------ what is said


def test_says_where_why_and_what_may_lie_under_it(two: Two) -> None:
    """The room's own answer: spans with a reason each, and five tentative questions."""
    found = ask(two, HARSH)
    there = soft.soften(HARSH)
    assert found["kind"] == "hard"
    assert found["say"] == words("soften.found.clear")
    assert [HARSH[start:end] for start, end, _ in found["marks"]] == ["You never listen", "you only care"]
    assert [found["reasons"][reason] for *_, reason in found["marks"]] == [span.why for span in there.spans]
    assert found["slots"] == list(there.softer)


@pytest.mark.parametrize("text", [CLEAR, "", " \n ", "no", "I'm angry that the bins were left again."])
def test_is_silent_on_a_clear_message(two: Two, text: str) -> None:
    """At most one warm word; no line, no question."""
    found = ask(two, text)
    assert found["kind"] in {"nothing", "warm"}
    assert not found["marks"]
    assert not any(found["slots"])


def test_one_warm_word_for_what_opens(two: Two) -> None:
    """And no line under it."""
    found = ask(two, WARM)
    assert (found["kind"], found["say"]) == ("warm", soft.soften(WARM).warm)
    assert not found["marks"]


def test_knows_english_only_and_says_so(two: Two) -> None:
    """Of a harsh sentence in another language it says nothing."""
    found = ask(two, FRENCH)
    assert found["kind"] == "note"
    assert found["say"] == soft.soften(FRENCH).note
    assert not found["marks"]


@given(before=st.text(max_size=20), after=st.text(max_size=20))
@settings(max_examples=60, deadline=None)
def test_places_are_counted_as_scripts_count(before: str, after: str) -> None:
    """Whatever stands around a phrase, its place in UTF-16 holds that phrase."""
    text = f"{before} \U0001f600 {HARSH} {after}"
    units = text.encode("utf-16-le", "surrogatepass")
    starts = (softening.units(text[: span.start]) for span in soft.soften(text).spans)
    for span, start in zip(soft.soften(text).spans, starts, strict=True):
        phrase = text[span.start : span.end]
        assert units[2 * start : 2 * (start + softening.units(phrase))].decode("utf-16-le", "surrogatepass") == phrase


def test_the_slots_make_one_message() -> None:
    """Left ones are left out, and five full ones fit the field."""
    assert doctest.testmod(softening).attempted
    assert together(["", " ", ""]) == ""
    assert len(together(["x" * SLOT_MOST] * len(SLOTS))) <= 1000


# ------------------------------------------------------------------------------------------ danger


@pytest.mark.parametrize(("text", "kind"), [(THREAT, "threat"), (FEAR, "fear"), (DARK, "self_harm")])
def test_danger_is_never_polished(two: Two, text: str, kind: str) -> None:
    """No line, no reason, no slot; also not for the harsh words beside it, nor later in the same writing."""
    for said in (text, f"{text}. {HARSH}."):
        found = ask(two, said)
        assert found == {"kind": kind, "say": soft.what_to_say_of(kind), "reasons": [], "marks": [], "slots": [""] * 5}  # type: ignore[arg-type]
    assert ask(two, HARSH, held="1")["kind"] == "nothing"
    assert ask(two, WARM, held="1")["kind"] == "nothing"
    assert ask(two, HARSH, beside=["a cup of tea", text])["kind"] == kind


def test_who_threatens_to_die_is_asked_to_stay_before_anything(two: Two, invitation: str) -> None:
    """It may be meant: crisis words and lines first, then what it does; with and without a script, never softer."""
    say, then = soft.what_to_say_of("self_harm"), soft.what_to_say_of("threat")
    for said in (BOTH, f"{BOTH}. {HARSH}."):
        found = ask(two, said)
        assert found == {"kind": "self_harm_threat", "say": say, "reasons": [], "marks": [], "slots": [""] * 5}
    assert ask(two, HARSH, held="1")["kind"] == "nothing"
    assert ask(two, HARSH, beside=[BOTH])["kind"] == "self_harm_threat"
    for path, field, _ in places(invitation):
        shown, _, blanks = look(two, path, **{field: BOTH}).partition("<template")
        order = [say, words("soften.self_harm.who"), then, words("soften.threat.who")]
        assert [shown.count(one) for one in order] == [1] * 4
        assert sorted(order, key=shown.index) == order
        assert shown.count("data-say") == 1
        assert "soften-hard" not in shown
        assert '<input type="hidden" name="soften-held" value="1">' in shown
        blank = blanks.partition('data-kind="self_harm_threat">')[2].partition("</template>")[0]
        assert sorted(order, key=blank.index) == order


@pytest.mark.parametrize(
    "state",
    [{"afraid": True}, {"rung": "coerce"}, {"rung": "despair"}, {"body": "revved"}, {"body": "shut"}],
    ids=lambda state: next(iter(state.values())) if "afraid" not in state else "afraid",
)
def test_the_guide_s_gates_hold_here(two: Two, state: dict[str, Any]) -> None:
    """A harsh or a tender message then gets the very bytes that a clear one gets; danger is still answered."""
    nothing = raw(two, CLEAR)
    if state.pop("afraid", False):
        keep_answer(two.mara.session, "afraid", two.clock.now_ms, for_visit=False)
    else:
        two.mara.session.write(CheckIn(felt=3, **state))
    assert raw(two, HARSH) == raw(two, WARM) == raw(two, CLEAR) == nothing
    assert ask(two, FEAR)["kind"] == "fear"
    assert ask(two, THREAT)["kind"] == "threat"
    html = look(two, "/turn/reach", ask=HARSH)
    assert says(html, "soften.look.nothing")
    assert "soften-reasons li" not in html


# ------------------------------------------------------------------------------------------ nothing is kept


def test_every_answer_has_one_length(two: Two) -> None:
    """Whoever sees lengths go by learns nothing, and the headers say no more."""
    answers = [two.mara.client.post("/soften", data={"text": text}) for text in TEXTS]
    assert {len(answer.content) for answer in answers} == {ANSWER_BYTES}
    assert len({tuple(sorted((name, value) for name, value in answer.headers.items())) for answer in answers}) == 1


def test_the_longest_answer_fits() -> None:
    """Six phrases for six reasons, every slot at its longest, and the longest sentence to say."""
    texts = json.loads((soft_data() / "texts.json").read_text("utf-8"))
    whys = sorted(texts["why"].values(), key=len)[-6:]
    family = max(texts["softer"].values(), key=lambda slots: sum(map(len, slots.values())))
    slots = (max(texts["saw"].values(), key=len), *family.values())
    marks = tuple(Mark(99_999, 99_999, n, "") for n in range(6))
    say = max((*texts["danger"].values(), *texts["notes"].values()), key=len)
    assert len(padded(Help("self_harm", say, tuple(whys), marks, slots))) == ANSWER_BYTES


def soft_data() -> Path:
    """Where the room keeps its texts."""
    from pathlib import Path

    return Path(soft.__file__).parent / "data"


def test_looking_writes_nothing_and_the_other_sees_nothing(
    two: Two, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Not a row, not a byte on the disk, not a line in a log, not a letter on any page of the other."""
    sent = two.lin.session.write(Invitation(door="reach", words=CLEAR)).id.hex()
    two.mara.post(f"/turn/open/{sent}")
    lins = ("/", "/turn", "/ours", "/within", "/settings", "/pause", f"/turn/thread/{sent}")
    two.mara.get("/turn/reach")
    pages, table, disk = [two.lin.get(path) for path in lins], rows(two), files(tmp_path)
    assert len(disk) >= 1
    caplog.set_level(logging.DEBUG)
    for text in TEXTS:
        ask(two, text, beside=[FEAR])
        for path, field in (
            ("/turn/reach", "ask"),
            ("/turn/come-back", "words"),
            (f"/turn/answer/{sent}", "words"),
            ("/turn/agree", "words"),
        ):
            look(two, path, **{field: text})
    assert rows(two) == table
    assert files(tmp_path) == disk
    assert [two.lin.get(path) for path in lins] == pages
    assert not [record for record in caplog.records if record.name.startswith("toward")]
    assert "never listen" not in caplog.text


def test_a_stranger_is_not_answered(two: Two) -> None:
    """Only who is signed in; and the address has no page."""
    answer = browser(two.app).post("/soften", data={"text": HARSH}, headers={"accept": "application/json"})
    assert answer.status_code == 401
    assert "never" not in answer.text
    assert two.mara.client.get("/soften").status_code in {404, 405}


def test_somebody_alone_is_answered_too(two: Two) -> None:
    """Soft words help on paper as well."""
    assert two.solo.client.post("/soften", data={"text": HARSH}).json()["kind"] == "hard"
    assert "soften-reasons" in unescape(two.solo.client.post("/turn/reach", data={"soften": "look", "ask": HARSH}).text)


# ------------------------------------------------------------------------------------------ without a script


def look(two: Two, path: str, **fields: str) -> str:
    """Mara presses the second button."""
    answer = two.mara.client.post(path, data={"soften": "look", **fields})
    assert answer.status_code == 200
    html: str = unescape(answer.text)
    return html


@pytest.fixture
def invitation(two: Two) -> str:
    """Lin asked, and Mara has opened it."""
    sent = two.lin.session.write(Invitation(door="reach", words=CLEAR)).id.hex()
    two.mara.post(f"/turn/open/{sent}")
    return sent


def places(invitation: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Every place in Turn where somebody writes to the other, with what else they may have filled in."""
    yield "/turn/reach", "ask", {"fear": "I am too much", "if_no": "a long bath"}
    yield "/turn/come-back", "words", {"when": "own", "time": "21:07"}
    yield f"/turn/answer/{invitation}", "words", {"reply": "cant_yet", "time": "21:07"}
    yield "/turn/agree", "words", {"day": ""}
    yield f"/turn/agree/{invitation}", "words", {"day": ""}


def test_a_second_button_shows_the_same_and_loses_nothing(two: Two, invitation: str) -> None:
    """Reasons and slots below the words, everything else as it was typed, and nothing sent."""
    for path, field, others in places(invitation):
        html = look(two, path, **{field: HARSH}, **others)
        assert f"\n{HARSH}</textarea>" in html, path
        assert '<q class="said" dir="auto">You never listen</q>' in html, path
        assert soft.soften(HARSH).softer.fear in html, path  # type: ignore[operator]
        for value in filter(None, others.values()):
            assert value in html, (path, value)
    assert not two.mara.wrote(Invitation, Answer, Agreement, Reached)


def test_own_words_go_in_and_come_back(two: Two, invitation: str) -> None:
    """What was written before stays in the page until it is sent; empty slots change nothing."""
    for path, field, _ in places(invitation):
        used = look(
            two, path, **{field: HARSH, "soften": "use", "soften-feel": "I felt alone", "soften-invite": "Tea?"}
        )
        assert "\nI felt alone. Tea?</textarea>" in used, path
        assert f'<textarea name="soften-was" hidden>\n{HARSH}</textarea>' in used, path
        back = look(two, path, **{field: "I felt alone. Tea?", "soften": "back", "soften-was": HARSH})
        assert f"\n{HARSH}</textarea>" in back, path
        assert 'name="soften-was"' not in back, path
        assert f"\n{HARSH}</textarea>" in look(two, path, **{field: HARSH, "soften": "use"}), path


@pytest.mark.parametrize(("text", "kind"), [(THREAT, "threat"), (FEAR, "fear"), (DARK, "self_harm")])
def test_danger_without_a_script(two: Two, invitation: str, text: str, kind: str) -> None:
    """Who helps, and no slot; the rest of the writing is left alone; sending still sends."""
    for path, field, _ in places(invitation):
        html = look(two, path, **{field: f"{text}. {HARSH}."}).partition("<template")[0]
        assert soft.what_to_say_of(kind) in html  # type: ignore[arg-type]
        assert "soften-hard" not in html
        assert '<input type="hidden" name="soften-held" value="1">' in html
        later = look(two, path, **{field: HARSH, "soften-held": "1"}).partition("<template")[0]
        assert "soften-hard" not in later
    assert two.mara.post("/turn/reach", go="send", ask=text).startswith("/turn/thread/")
    assert two.mara.wrote(Invitation)[0].body == Invitation(door="reach", words=text)


def test_the_slots_are_never_sent(two: Two) -> None:
    """What stands in them when the message goes is dropped."""
    two.mara.post("/turn/reach", **{"go": "send", "ask": CLEAR, "soften-fear": "I do not matter", "soften-was": HARSH})
    kept = [entry.body for entry in two.mara.session.entries if entry.mine]
    assert Invitation(door="reach", words=CLEAR) in kept
    assert "I do not matter" not in repr(kept)
    assert "never listen" not in repr(kept)


def test_text_that_tries_to_break_the_page_stays_text(two: Two) -> None:
    """Tags arrive as letters, in the field and in the phrases."""
    answer = two.mara.client.post("/turn/reach", data={"soften": "look", "ask": SCRIPT})
    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text
    assert SCRIPT in unescape(answer.text)
    assert ask(two, SCRIPT)["kind"] == "hard"


def test_too_long_a_text_is_looked_at_as_far_as_it_is_read(two: Two) -> None:
    """Ten thousand characters of any script fit the form."""
    assert ask(two, "\U0001f600" * 9_000 + HARSH)["kind"] in {"hard", "nothing", "note"}
    assert ask(two, (HARSH + ". ") * 240)["kind"] == "hard"


def test_with_the_shared_space_closed_it_still_helps(two: Two) -> None:
    """Whoever left can go on finding their words."""
    pairing.unpair(two.lin.session)
    assert ask(two, HARSH)["kind"] == "hard"
