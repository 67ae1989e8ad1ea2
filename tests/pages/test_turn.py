"""Turning toward: what is written, what the other sees of it, and what they never do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pages.two import Two, links, says
from toward.journal.kinds import Agreement, AgreementChanged, Answer, Invitation, InvitationOpened, Reached
from toward.vault import pairing

if TYPE_CHECKING:
    from pathlib import Path

HOUR = 60
DAY = 24 * HOUR
ASK = "Would you sit with me for ten minutes tonight?"
INNER = {"fear": "you turn away", "offer": "a cup of tea", "imagined": "you laugh", "if_no": "a long bath"}


@pytest.fixture
def two(tmp_path: Path) -> Two:
    """Two who have joined."""
    return Two(tmp_path)


def ask(two: Two, **more: str) -> str:
    """Mara reaches; returns the invitation's id."""
    where = two.mara.post("/turn/reach", go="send", ask=ASK, **more)
    return where.partition("?")[0].removeprefix("/turn/thread/")


def ask_and_open(two: Two) -> str:
    """Mara reaches and Lin opens it; returns the invitation's id."""
    invitation = ask(two)
    two.lin.post(f"/turn/open/{invitation}")
    return invitation


# ---------------------------------------------------------------------------------------------- reaching


def test_sends_the_ask_and_keeps_the_inner_half(two: Two) -> None:
    """The partner gets one sentence; the fear, the film and the plan stay with the one who wrote them."""
    invitation = ask(two, **INNER)
    reached = two.mara.wrote(Reached)[0].body
    assert reached == Reached(**INNER, ask=ASK, invitation=bytes.fromhex(invitation))
    shared = [entry.body for entry in two.lin.session.entries if not entry.mine]
    assert Invitation(door="reach", words=ASK) in shared
    assert not any(isinstance(body, Reached) for body in shared)


def test_reading_once_more_loses_nothing_and_writes_nothing(two: Two) -> None:
    """Without a script the server shows the ask alone and hands back all that was typed, also to change it."""
    read = two.mara.client.post("/turn/reach", data={"go": "read", "ask": ASK, **INNER})
    for text in (ASK, *INNER.values()):
        assert text in read.text
    changed = two.mara.client.post("/turn/reach", data={"go": "change", "ask": ASK, **INNER})
    for text in (ASK, *INNER.values()):
        assert text in changed.text
    assert not two.mara.wrote(Reached, Invitation)


def test_an_empty_ask_is_not_sent_and_nothing_is_lost(two: Two) -> None:
    """The same page again, with the fear still in it and the place marked."""
    html = two.mara.refused("/turn/reach", go="send", ask=" ", fields=INNER)
    assert says(html, "web.field.empty")
    assert INNER["fear"] in html
    assert not two.mara.wrote(Reached, Invitation)


def test_keeping_it_sends_nothing(two: Two) -> None:
    """What was kept can be used later by its writer; the partner's page does not change."""
    before = two.lin.get("/turn")
    assert two.mara.post("/turn/reach", go="keep", ask=ASK, **INNER) == "/turn?done=kept"
    assert two.lin.get("/turn") == before
    home = two.mara.get("/turn")
    assert ASK in home
    (use,) = links(home, "/turn/reach?from=")
    assert ASK in two.mara.get(use)


def test_keeping_nothing_writes_nothing(two: Two) -> None:
    """An empty form leaves no trace."""
    two.mara.post("/turn/reach", go="keep")
    assert not two.mara.wrote(Reached)


def test_nobody_s_kept_words_open_for_another(two: Two) -> None:
    """An id of one person's entry is nothing to the other."""
    two.mara.post("/turn/reach", go="keep", ask=ASK)
    kept = two.mara.wrote(Reached)[0].id.hex()
    two.lin.get(f"/turn/reach?from={kept}", status=404)


def test_asks_first_whether_it_is_hard_or_frightening(two: Two) -> None:
    """Before the first door, and only then; what is behind stays open whatever was answered."""
    two.lin.session.keep_in_slot(b"")
    for door in ("/turn/reach", "/turn/come-back", "/turn/meet"):
        assert 'action="/before"' in two.lin.get(door)
    two.lin.post("/before", answer="afraid", to="/turn/reach")
    assert 'action="/turn/reach#step-7"' in two.lin.get("/turn/reach")
    assert two.lin.post("/turn/reach", go="send", ask=ASK).startswith("/turn/thread/")


def test_turn_looks_the_same_to_somebody_who_is_afraid(two: Two) -> None:
    """The page is seen over shoulders, so the answer shows nowhere on it."""
    before = two.lin.get("/turn")
    two.lin.post("/before", answer="afraid", to="/turn")
    assert two.lin.get("/turn") == before


# ------------------------------------------------------------------------------------------- coming back


def test_coming_back_names_a_time(two: Two) -> None:
    """The other reads the sentence and the time, by their own clock."""
    two.mara.post("/turn/come-back", when="in60", words="it got too much in me")
    sent = two.mara.wrote(Invitation)[0]
    assert sent.body == Invitation(
        door="come_back", words="it got too much in me", talk_at_ms=sent.at_ms + HOUR * 60_000
    )
    two.lin.post(f"/turn/open/{sent.id.hex()}")
    html = two.lin.get(f"/turn/open/{sent.id.hex()}")
    assert says(html, "turn.come_back.body")
    assert "it got too much in me" in html


@pytest.mark.parametrize(
    "fields", [{}, {"when": "own"}, {"when": "own", "time": "25:00"}, {"when": "in0x"}, {"when": "at1"}]
)
def test_coming_back_needs_a_time_to_come(two: Two, fields: dict[str, str]) -> None:
    """Without one, or with one that is over, the words are still there and nothing is sent."""
    html = two.mara.refused("/turn/come-back", words="it got too much", fields=fields)
    assert "it got too much" in html
    assert not two.mara.wrote(Invitation)


# ------------------------------------------------------------------------------- opening, and who can tell


def test_only_that_something_waits_is_shown(two: Two) -> None:
    """Not the words, not the door, not how many; looking at the gate and leaving writes nothing."""
    invitation = ask(two)
    home = two.lin.get("/turn")
    assert says(home, "turn.home.waits", partner="Mara")
    assert ASK not in home
    before = len(two.lin.session.entries)
    gate = two.lin.get(f"/turn/open/{invitation}")
    assert says(gate, "turn.open.ready")
    assert ASK not in gate
    two.lin.get("/")
    assert len(two.lin.session.entries) == before
    ask(two)
    assert two.lin.get("/turn").count("/turn/open/") == home.count("/turn/open/")


def test_opening_changes_no_byte_of_the_sender_s_pages(two: Two) -> None:
    """There are no read receipts: not in Turn, not in the thread, not at home."""
    invitation = ask(two)
    pages = ("/turn", f"/turn/thread/{invitation}", "/")
    before = [two.mara.client.get(page).content for page in pages]
    two.lin.post(f"/turn/open/{invitation}")
    assert ASK in two.lin.get(f"/turn/open/{invitation}")
    assert [two.mara.client.get(page).content for page in pages] == before
    assert [entry.body for entry in two.lin.wrote(InvitationOpened)] == [
        InvitationOpened(invitation=bytes.fromhex(invitation))
    ]


def test_opening_twice_is_opening_once(two: Two) -> None:
    """A doubled tap writes one row."""
    invitation = ask_and_open(two)
    two.lin.post(f"/turn/open/{invitation}")
    assert len(two.lin.wrote(InvitationOpened)) == 1


def test_an_id_that_is_none_is_nothing(two: Two) -> None:
    """Neither a short one, nor one that nobody has, nor one's own where it is the other's to answer."""
    invitation = ask(two)
    for path in ("/turn/open/xyz", f"/turn/open/{'0' * 32}", f"/turn/thread/{'0' * 32}", "/turn/agreement/1"):
        two.lin.get(path, status=404)
    two.lin.get(f"/turn/thread/{invitation}", status=404)
    two.mara.refused(f"/turn/answer/{invitation}", status=404, reply="no")
    two.lin.refused(f"/turn/answer/{invitation}", status=404, reply="no")


# -------------------------------------------------------------------------------------------- answering


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"reply": "yes_now"}, "yes_now"),
        ({"reply": "no"}, "no"),
        ({"reply": "own", "words": "let me think"}, "own"),
    ],
)
def test_an_answer_reaches_the_one_who_asked(two: Two, fields: dict[str, str], key: str) -> None:
    """It stands in the thread, with its words."""
    invitation = ask_and_open(two)
    where = two.lin.post(f"/turn/answer/{invitation}", **fields)
    assert where.startswith("/turn/meet/" if key == "yes_now" else "/turn/thread/")
    html = two.mara.get(f"/turn/thread/{invitation}")
    assert says(html, f"turn.answered.{key}", partner="Lin")
    assert fields.get("words", "") in html
    assert says(two.lin.get(f"/turn/thread/{invitation}"), f"turn.you_answered.{key}")


def test_yes_at_the_named_time_takes_it_over(two: Two) -> None:
    """The time that the one who came back named is the first to choose."""
    sent = two.mara.post("/turn/come-back", when="in120").partition("?")[0].removeprefix("/turn/thread/")
    two.lin.post(f"/turn/open/{sent}")
    two.lin.post(f"/turn/answer/{sent}", reply="yes_then")
    invitation, answer = two.mara.wrote(Invitation)[0].body, two.lin.wrote(Answer)[0].body
    assert isinstance(invitation, Invitation)
    assert isinstance(answer, Answer)
    assert (answer.reply, answer.at_ms) == ("yes_at", invitation.talk_at_ms)


@pytest.mark.parametrize("reply", ["yes_at", "cant_yet"])
def test_an_answer_with_a_time_needs_it(two: Two, reply: str) -> None:
    """Without the time the page comes back and marks the time, not the answer; with it, it is kept as a moment."""
    invitation = ask_and_open(two)
    html = two.lin.refused(f"/turn/answer/{invitation}", reply=reply, words="gladly")
    assert says(html, "web.field.time")
    assert not says(html, "web.field.choose")
    assert "gladly" in html
    assert ASK in html
    two.lin.post(f"/turn/answer/{invitation}", reply=reply, time="23:30")
    answer = two.lin.wrote(Answer)[0].body
    assert isinstance(answer, Answer)
    assert answer.at_ms is not None
    assert answer.at_ms // 60_000 % (24 * 60) == 23 * 60 + 30
    assert two.clock.now_ms <= answer.at_ms <= two.clock.now_ms + DAY * 60_000


def test_own_words_need_words(two: Two) -> None:
    """An empty answer is none."""
    invitation = ask_and_open(two)
    assert says(two.lin.refused(f"/turn/answer/{invitation}", reply="own"), "web.field.empty")
    assert not two.lin.wrote(Answer)


# ------------------------------------------------------------------------------------- no, and silence


def test_a_no_opens_one_s_own_care_and_no_retry(two: Two) -> None:
    """What one wanted to do for oneself is there; a way to ask again is not."""
    invitation = ask(two, **INNER)
    two.lin.post(f"/turn/open/{invitation}")
    two.lin.post(f"/turn/answer/{invitation}", reply="no")
    assert f"/turn/care/{invitation}" in two.mara.get(f"/turn/thread/{invitation}")
    html = two.mara.get(f"/turn/care/{invitation}")
    assert says(html, "turn.care.after_no")
    assert INNER["if_no"] in html
    assert not links(html, "/turn/reach")
    assert two.mara.get("/turn/care") == html


def test_silence_for_a_day_opens_the_same(two: Two) -> None:
    """Not before; whether the other opened it makes no difference; and they are not told."""
    invitation = ask_and_open(two)
    care = f"/turn/care/{invitation}"
    two.clock.pass_minutes(DAY - 1)
    assert care not in two.mara.get(f"/turn/thread/{invitation}")
    lin_before = two.lin.get("/turn")
    two.clock.pass_minutes(1)
    assert care in two.mara.get(f"/turn/thread/{invitation}")
    assert says(two.mara.get(care), "turn.care.after_silence")
    assert two.lin.get("/turn") == lin_before


def test_not_yet_becomes_silence_a_day_after_its_time(two: Two) -> None:
    """The time that was named is waited for first."""
    invitation = ask_and_open(two)
    two.lin.post(f"/turn/answer/{invitation}", reply="cant_yet", when="in120")
    two.clock.pass_minutes(DAY)
    assert f"/turn/care/{invitation}" not in two.mara.get(f"/turn/thread/{invitation}")
    two.clock.pass_minutes(2 * HOUR)
    assert f"/turn/care/{invitation}" in two.mara.get(f"/turn/thread/{invitation}")


def test_taken_back_it_was_never_there(two: Two) -> None:
    """The other's page is what it was before, byte for byte, and the address leads nowhere."""
    before = two.lin.get("/turn")
    invitation = ask(two)
    assert two.lin.get("/turn") != before
    two.mara.post(f"/turn/take-back/{invitation}")
    assert two.lin.get("/turn") == before
    two.lin.get(f"/turn/open/{invitation}", status=404)
    assert ASK not in two.mara.get("/turn")


def test_taken_back_after_it_was_opened_it_is_gone_as_well(two: Two) -> None:
    """Nobody answers what is not asked any more."""
    invitation = ask_and_open(two)
    two.mara.post(f"/turn/take-back/{invitation}")
    two.lin.refused(f"/turn/answer/{invitation}", status=404, reply="no")
    assert ASK not in two.lin.get("/turn")


def test_what_is_answered_stays(two: Two) -> None:
    """Taking back comes too late, and only one's own can be taken back."""
    invitation = ask_and_open(two)
    two.lin.refused(f"/turn/take-back/{invitation}", status=404)
    two.lin.post(f"/turn/answer/{invitation}", reply="no")
    two.mara.post(f"/turn/take-back/{invitation}")
    assert ASK in two.lin.get(f"/turn/thread/{invitation}")


# -------------------------------------------------------------------------------------------- agreements


def test_an_agreement_belongs_to_its_thread(two: Two) -> None:
    """Invitation, answer and what was agreed are one thing, for both."""
    invitation = ask_and_open(two)
    two.lin.post(f"/turn/answer/{invitation}", reply="yes_at", when="in60")
    two.mara.post(f"/turn/agree/{invitation}", words="ten minutes after supper", day="")
    for person in (two.mara, two.lin):
        html = person.get(f"/turn/thread/{invitation}")
        assert "ten minutes after supper" in html
        assert ASK in html


@pytest.mark.parametrize("to", ["kept", "repaired", "let_go"])
def test_either_says_what_became_of_it(two: Two, to: str) -> None:
    """Then it is not ahead any more, for both."""
    two.mara.post("/turn/agree", words="phones away at supper")
    agreed = two.mara.wrote(Agreement)[0].id
    assert "phones away" in two.lin.get("/turn")
    two.lin.post(f"/turn/agreement/{agreed.hex()}", to=to)
    assert two.lin.wrote(AgreementChanged)[0].body == AgreementChanged(agreement=agreed, to=to)  # type: ignore[arg-type]
    assert "phones away" not in two.mara.get("/turn")
    assert says(two.mara.get(f"/turn/agreement/{agreed.hex()}"), f"turn.agreed.was_{to}")


def test_moving_needs_a_day_to_come(two: Two) -> None:
    """Yesterday is no day to move to; a day that is to come is shown to both."""
    two.mara.post("/turn/agree", words="a walk")
    path = f"/turn/agreement/{two.mara.wrote(Agreement)[0].id.hex()}"
    for day in ("", "2020-01-01", "someday"):
        two.mara.refused(path, to="moved", day=day)
    html = two.lin.get(path)
    assert says(html, "common.tomorrow")
    two.lin.post(path, to="moved", day="2025-10-12")
    assert says(two.mara.get(path), "common.date_short", d=12, month="October")


def test_a_day_that_passed_says_nothing(two: Two) -> None:
    """No word for what was not done, and no count."""
    two.mara.post("/turn/agree", words="a walk", day="2025-10-10")
    two.clock.pass_minutes(10 * DAY)
    html = two.lin.get("/turn")
    assert "a walk" in html
    assert says(html, "common.date_short", d=10, month="October")


# ------------------------------------------------------------------------------------------------ alone


def test_turn_is_whole_for_one(two: Two) -> None:
    """One door, no partner in any sentence, and what is written is kept."""
    home = two.solo.get("/turn")
    assert links(home, "/turn/reach")
    assert not links(home, "/turn/come-back")
    assert "None" not in home
    assert "None" not in two.solo.get("/turn/reach")
    assert says(two.solo.get("/turn/come-back"), "turn.come_back.alone")
    two.solo.post("/turn/reach", go="keep", ask=ASK, **INNER)
    assert ASK in two.solo.get("/turn")
    two.solo.refused("/turn/reach", status=409, go="send", ask=ASK)


def test_after_one_has_left_it_is_still_there_to_read(two: Two) -> None:
    """Nothing can be sent; nothing said is lost; nothing waits any more."""
    invitation = ask_and_open(two)
    two.lin.post(f"/turn/answer/{invitation}", reply="own", words="soon")
    ask(two)
    pairing.unpair(two.mara.session)
    html = two.lin.get("/turn")
    assert "soon" in html
    assert says(html, "turn.home.closed")
    assert not says(html, "turn.home.waits", partner="Mara")
    assert not links(html, "/turn/come-back")
    two.lin.refused(f"/turn/answer/{invitation}", status=409, reply="no")
