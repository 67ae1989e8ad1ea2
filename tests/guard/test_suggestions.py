"""Nothing that the product suggests asks somebody in danger to be tender, open up, confront or practise for two."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.guide.test_gates import ANY_SUGGESTION
from tests.journal.lives import HOUR_MS, NOON_MS, journals
from tests.pages.rooms import HOUR_MS as ROOM_HOUR_MS
from toward.guide import CONSEQUENCES, SUGGESTIONS, Gates, allowed, next_step, of_practice, read_gates, withheld
from toward.guide.suggestions import PATHS
from toward.journal.kinds import CheckIn, Invitation, Memory, PauseCalled
from toward.practices.library import State, load_library, suitable
from toward.vault import Arrival, Session
from toward.web.library import path_of
from toward.web.pages import pages
from toward.web.pages.ladder import NEXT
from toward.web.safe_slot import Check, keep_answer, keep_check, use_for_visit

if TYPE_CHECKING:
    from tests.journal.lives import Journal
    from tests.pages.rooms import Rooms
    from toward.guide import Suggestion

NOT_ASKED = {"tenderness", "disclosure", "joint", "confront"}
AFRAID = st.builds(Gates, **{name: st.booleans() for name in Gates._fields if name != "afraid"}, afraid=st.just(True))
PLACES = ("/", "/settle", "/turn", "/within", "/ours")
LEAVING = {"/leave", "/back", "/before/next"}
SUGGESTED = re.compile(r"<a [^>]*data-suggested=[^>]*>")


# ------------------------------------------------------------------------------------------ the module


@given(ANY_SUGGESTION, AFRAID)
def test_whatever_could_be_suggested_asks_nothing_of_somebody_afraid(suggestion: Suggestion, gates: Gates) -> None:
    """Every step of the guide, every practice, and any that may yet be written, beside every other gate."""
    if allowed(suggestion, gates):
        assert not suggestion.asks & NOT_ASKED
        assert not suggestion.partner or not suggestion.asks
    assert withheld(gates) >= NOT_ASKED


@given(AFRAID, st.sampled_from(get_args(State)), st.booleans())
def test_every_practice_passes_the_same_gates(gates: Gates, state: State, alone: bool) -> None:  # noqa: FBT001 - drawn
    """Whichever way the library is asked, what is left over asks nothing toward the other."""
    left = suitable(load_library().values(), state, alone=alone, without=withheld(gates))
    assert all(not set(practice.asks) & NOT_ASKED for practice in left)


@given(journals(), st.booleans(), st.integers(-40, 60))
def test_whatever_happened_somebody_afraid_is_led_to_their_own_care(
    journal: Journal,
    solo: bool,  # noqa: FBT001 - drawn
    hours: int,
) -> None:
    """Any journal, any hour: the one next step is care for oneself, told without a word of the other."""
    life, now_ms = journal.life(), NOON_MS + hours * HOUR_MS
    gates = read_gates(life, now_ms, afraid=True, partner_open=not solo)
    found = next_step(life, gates, now_ms, solo=solo)
    assert found.id == "own_care"
    assert not SUGGESTIONS[found.id].asks


def test_there_is_something_left_for_somebody_afraid() -> None:
    """Care for oneself, movement and breath remain; and each tender step is known to be one."""
    left = {id_ for id_, suggestion in SUGGESTIONS.items() if allowed(suggestion, Gates(afraid=True))}
    assert {"own_care", "settle_alone", "move", "rest", "within", "check_in"} <= left
    assert not left & {"reach", "come_back", "remember_first", "breathe_together", "open_invitation", "pause_return"}


# ------------------------------------------------------------------------------------------- the pages


class Danger(NamedTuple):
    """One way to have said it."""

    name: str
    say: Callable[[Session, int], None]


def _signs(now_ms: int) -> Check:
    return Check(at_ms=now_ms, answers=("", "", "", "", "y"))


DANGERS = (
    Danger("asked", lambda who, now: keep_answer(who, "afraid", now, for_visit=False)),
    Danger("for a visit", lambda who, now: keep_answer(who, "afraid", now, for_visit=True)),
    Danger("a check", lambda who, now: keep_check(who, _signs(now))),
    Danger("a check for a visit", lambda who, now: use_for_visit(who, signs=True, now_ms=now)),
)


def asks_of(path: str) -> frozenset[str]:
    """What the page at a path asks of a person, as the guide and the library say."""
    path = path.partition("?")[0]
    asked: frozenset[str] = frozenset()
    for id_, own in PATHS.items():
        if path == own or path.startswith(own + "/"):
            asked |= SUGGESTIONS[id_].asks
    for practice in load_library().values():
        if path == path_of(practice):
            asked |= of_practice(practice).asks
    return asked


def everything(rooms: Rooms) -> tuple[Arrival, Arrival]:
    """A couple to whom a great deal could be suggested: a good day, an invitation that waits, moments, longing."""
    mara, lin = rooms.couple()
    rooms.again(lin).write(Invitation(door="reach", words="Would you sit with me?"))
    rooms.again(lin).write(Memory(words="rain on the roof", share=True))
    rooms.again(mara).write(Memory(words="the sea", share=True))
    rooms.again(mara).write(CheckIn(felt=6, body="open", answer="no"))
    return mara, lin


def suggested_on(rooms: Rooms, person: Arrival, paths: tuple[str, ...]) -> dict[str, list[str]]:
    """Where each page's suggestions lead."""
    phone = rooms.phone(person)
    found: dict[str, list[str]] = {}
    for path in paths:
        html = phone.get(path, follow_redirects=True).text
        tags = SUGGESTED.findall(html)
        found[path] = [match[1] for tag in tags if (match := re.search(r'href="([^"]*)"', tag))]
        assert len(found[path]) == len(tags)
    return found


@pytest.mark.parametrize("danger", DANGERS, ids=[danger.name for danger in DANGERS])
@pytest.mark.parametrize("then", ["open", "rung", "pause"])
def test_no_page_suggests_it_either(rooms: Rooms, danger: Danger, then: str) -> None:
    """Now, Settle, Turn, Within, Ours and what comes after a check-in, a rung and an answer: every marked link."""
    mara, _ = everything(rooms)
    asked_before = suggested_on(rooms, mara, PLACES)
    assert any(asks_of(href) for hrefs in asked_before.values() for href in hrefs), "nothing to withhold: no test"
    danger.say(rooms.again(mara), rooms.now_ms)
    if then == "rung":
        rooms.again(mara).write(CheckIn(felt=2, rung="complain"))
    elif then == "pause":
        rooms.again(mara).write(PauseCalled(until_ms=rooms.now_ms + ROOM_HOUR_MS))
    more = ("/check-in/kept", "/ladder/next", "/before/next?to=/turn")
    found = suggested_on(rooms, mara, (*PLACES, *more))
    assert found["/"] == ([] if then == "pause" else ["/within/care"])
    for page, hrefs in found.items():
        for href in hrefs:
            assert not asks_of(href) & NOT_ASKED, (page, href)


def test_every_rung_leads_somewhere_alone() -> None:
    """The page after a rung suggests nothing toward the other, to anybody."""
    assert set(NEXT) == set(CONSEQUENCES.values())
    assert all(not SUGGESTIONS[step].asks for step in NEXT.values())


def test_everything_stays_open_to_somebody_afraid(rooms: Rooms) -> None:
    """Every page without a part in its address answers as before: the same status and the same way on."""
    mara, _ = everything(rooms)
    phone = rooms.phone(mara)
    keep_answer(rooms.again(mara), "hard", rooms.now_ms, for_visit=False)
    paths = sorted(page.path for page in pages() if "{" not in page.path and page.get and page.path not in LEAVING)

    def answers() -> list[tuple[str, int, str]]:
        got = [(path, phone.get(path)) for path in paths]
        return [(path, answer.status_code, answer.headers.get("location", "")) for path, answer in got]

    before = answers()
    keep_check(rooms.again(mara), _signs(rooms.now_ms))
    assert answers() == before
    assert len(paths) > 30
