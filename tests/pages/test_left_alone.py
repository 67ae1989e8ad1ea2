"""One of the two has left: what the other was just writing is not lost, and what a page then says is true."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pages.two import Two, says
from toward.journal.kinds import Invitation
from toward.vault import erasing, pairing

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
