"""One of the two has left: what the other was just writing is not lost, and what a page then says is true."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.pages.two import Two, says
from tests.vault.couple import PASSPHRASE
from toward.journal.kinds import Invitation
from toward.vault import erasing, pairing
from toward.web.cookies import TrustedPerson, pack_people

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TYPED = "It got too much in me. I am sorry for the door."


@pytest.fixture
def two(tmp_path: Path) -> Two:
    """Two who have joined."""
    return Two(tmp_path)


def asked(two: Two) -> str:
    """Mara has asked for something; returns its id."""
    return two.mara.session.write(Invitation(door="reach", words="Would you sit with me?")).id.hex()


def in_an_hour(two: Two) -> str:
    """A time as the form of Come back has it."""
    page = two.lin.get("/turn/come-back")
    start = page.index('name="when"')
    return page[start:].split('value="', 1)[1].split('"', 1)[0]


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (lambda _: "/turn/come-back", lambda two: {"words": TYPED, "when": in_an_hour(two)}),
        (lambda _: "/turn/reach", lambda _: {"ask": TYPED, "go": "send"}),
        (lambda _: "/turn/agree", lambda _: {"words": TYPED}),
        (lambda two: f"/turn/answer/{asked(two)}", lambda _: {"reply": "own", "words": TYPED}),
    ],
    ids=["come back", "reach", "agree", "answer"],
)
def test_words_for_somebody_who_has_just_left_are_still_there(
    two: Two, path: Callable[[Two], str], fields: Callable[[Two], dict[str, str]]
) -> None:
    """The page says that the space is closed, and shows what was written."""
    where, typed = path(two), fields(two)
    if "answer" in where:
        two.lin.post(where.replace("answer", "open"))
    pairing.unpair(two.mara.session)
    html = two.lin.refused(where, status=409, fields=typed)
    assert says(html, "error.space_closed.title")
    assert TYPED in html


def test_an_answer_to_what_was_taken_back_meanwhile_is_not_lost(two: Two) -> None:
    """The invitation is not there any more; the words that were to answer it are."""
    invitation = asked(two)
    two.lin.post(f"/turn/open/{invitation}")
    two.mara.post(f"/turn/take-back/{invitation}")
    html = two.lin.refused(f"/turn/answer/{invitation}", status=404, reply="own", words=TYPED)
    assert says(html, "error.not_found.title")
    assert TYPED in html
    assert ">own<" not in html


def test_what_a_session_that_ended_carries_on_is_shown_to_its_writer(two: Two) -> None:
    """The page that says "here is what you wrote" shows it, and none of the choices that went with it."""
    two.lin.client.cookies.set("toward-device", pack_people([trusted_person(two)]))
    two.lin.session.sign_out()
    stopped = two.lin.client.post("/turn/reach", data={"ask": TYPED, "go": "send"})
    fields = dict(re.findall(r'<textarea name="([a-z-]+)" hidden>\n(.*?)</textarea>', stopped.text))
    again = two.lin.client.post("/sign-in", data={"passphrase": PASSPHRASE, **fields})
    assert says(unescape(again.text), "web.again.title")
    assert f'<p class="said you">{TYPED}</p>' in again.text
    assert '<p class="said you">send</p>' not in again.text


def trusted_person(two: Two) -> TrustedPerson:
    """What Lin's phone keeps of her."""
    device = two.lin.arrival.device
    return TrustedPerson(device.person, device.id, device.secret, "Lin")


def test_words_for_a_pause_are_not_passed_over_in_silence(two: Two) -> None:
    """Proposing them to nobody says why it did not go out."""
    pairing.unpair(two.mara.session)
    html = two.lin.refused("/pause/words", status=409, do="propose", words="red balloon")
    assert says(html, "error.space_closed.title")


def test_turn_says_of_a_closed_space_only_what_is_true(two: Two) -> None:
    """Nothing was said, something was said, it was forgotten: three states and a sentence for each."""
    assert not says(two.lin.get("/turn"), "turn.home.closed_empty")
    pairing.unpair(two.mara.session)
    html = two.lin.get("/turn")
    assert says(html, "turn.home.closed_empty")
    assert not says(html, "turn.home.closed")
    erasing.forget_shared(two.lin.session)
    assert says(two.lin.get("/turn"), "turn.home.closed_forgotten")


def test_what_was_said_is_there_until_it_is_forgotten(two: Two) -> None:
    """Turn promises it as long as it can show it."""
    asked(two)
    pairing.unpair(two.mara.session)
    html = two.mara.get("/turn")
    assert says(html, "turn.home.closed")
    assert "Would you sit with me?" in html
    erasing.forget_shared(two.mara.session)
    html = two.mara.get("/turn")
    assert says(html, "turn.home.closed_forgotten")
    assert "Would you sit with me?" not in html


def test_whoever_was_left_finds_the_way_to_join_again(two: Two) -> None:
    """It stands where one looks for what is shared."""
    pairing.unpair(two.mara.session)
    assert says(two.lin.get("/settings/shared"), "yours.shared.join")
