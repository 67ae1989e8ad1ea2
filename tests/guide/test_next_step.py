"""The one next step: the gates first, then the body, then the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.guide.test_gates import GATES
from tests.journal.lives import DAY_MS, HOUR_MS, NOON_MS, SHARED, THEM, Journal, journals
from toward.catalogue import Catalogue
from toward.guide import SUGGESTIONS, Gates, Step, allowed, next_step, read_gates
from toward.guide.scene import BY_TURNS
from toward.guide.suggestions import PATHS
from toward.guide.variety import day_of, has_turn
from toward.journal import kinds
from toward.journal.kinds import CheckIn

if TYPE_CHECKING:
    from toward.journal.kinds import Body
    from toward.journal.projections import Life

OPEN = CheckIn(felt=5, body="open")
WORDS = Catalogue.load("en")


class Day(Journal):
    """A journal told in hours before now."""

    def ago(self, hours: float, body: Body, *, author: bytes | None = None) -> bytes:
        """Write something so many hours ago."""
        at_ms = NOON_MS - round(hours * HOUR_MS)
        return self.write(body, at_ms=at_ms) if author is None else self.write(body, author=author, at_ms=at_ms)

    def next(self, *, afraid: bool = False, solo: bool = False) -> Step:
        """Return the step of now."""
        life = self.life()
        gates = read_gates(life, NOON_MS, afraid=afraid, partner_open=not solo)
        return next_step(life, gates, NOON_MS, solo=solo)


def settled_in(*, solo: bool = False) -> Day:
    """A day of somebody who has looked, remembered, breathed and been kind to themselves: nothing is left to do."""
    day = Day()
    day.ago(900, kinds.Memory(words="rain"))
    for days in range(5):
        day.ago(days * 24 + 0.2, OPEN)
    day.ago(0.1, kinds.Settled(practice="three_breaths", how="alone", minutes=1))
    if not solo:
        day.ago(5, kinds.Together(practice="breathe_together", minutes=3), author=THEM)
    return day


@given(journals(), GATES, st.booleans(), st.integers(-40, 60))
def test_whatever_happened_the_step_passes_the_gates_and_has_words(
    journal: Journal,
    gates: Gates,
    solo: bool,  # noqa: FBT001
    hours: int,
) -> None:
    """Every step is allowed, leads somewhere, and its words are in the catalogue."""
    found = next_step(journal.life(), gates, NOON_MS + hours * HOUR_MS, solo=solo)
    assert allowed(SUGGESTIONS[found.id], gates._replace(partner_open=gates.partner_open and not solo))
    assert found.path == PATHS[found.id]
    for key in (f"guide.{found.id}.title", f"guide.{found.id}.action", found.reason, *filter(None, [found.help])):
        assert WORDS.gaps(key) <= {"partner"}, key


@given(journals())
def test_nothing_the_partner_keeps_to_themselves_changes_the_step(journal: Journal) -> None:
    """Offers, whether real or empty, change nothing (with one space; of two, the newest entry may say which is now)."""
    spaces = {entry.space for entry in journal.entries if entry.shared}
    assume(len(spaces) < 2)
    before = next_step(journal.life(), Gates(), NOON_MS, solo=False)
    offer = kinds.Offer(publics=bytes(64), slots=b"x", box=b"y")
    for author in (THEM, THEM):
        journal.write(offer, author=author, space=next(iter(spaces), SHARED))
    assert next_step(journal.life(), Gates(), NOON_MS, solo=False) == before


def test_every_suggestion_has_a_way_and_words() -> None:
    """Nothing can be suggested that leads nowhere or has nothing to say."""
    assert set(PATHS) == set(SUGGESTIONS)
    for id_ in SUGGESTIONS:
        for part in ("title", "reason", "action"):
            assert f"guide.{id_}.{part}" in WORDS


@pytest.mark.parametrize("days_away", [2, 20, 200])
def test_days_without_an_entry_are_never_mentioned(days_away: int) -> None:
    """Somebody who was away is met as on any day."""
    day = Day()
    day.ago(days_away * 24, OPEN)
    assert day.next() == step_of("check_in")


def step_of(id_: str) -> Step:
    """Return the step with an id and its own reason."""
    return Step(id_, SUGGESTIONS[id_].place, PATHS[id_], f"guide.{id_}.reason")


def test_a_day_begins_with_looking() -> None:
    """No check-in today: look first. "Today" is the person's day."""
    day = Day()
    assert day.next().id == "check_in"
    day.ago(1, OPEN)
    assert day.next().id == "remember_first"


def test_a_first_moment_comes_before_the_rest() -> None:
    """It is the first thing two people do here."""
    day = Day()
    day.ago(0.1, OPEN)
    assert day.next().id == "remember_first"
    assert day.next(solo=True).id == "remember_first"


@pytest.mark.parametrize(
    ("body", "id_"),
    [(CheckIn(felt=2, body="shut"), "move"), (CheckIn(felt=2, body="revved"), "settle_alone")],
)
def test_the_body_comes_first(body: CheckIn, id_: str) -> None:
    """Shut down: move. Revved up: settle alone. Whatever waits, waits."""
    day = settled_in()
    day.ago(1, kinds.Invitation(door="reach", words="walk?"), author=THEM)
    day.ago(0.05, body)
    assert day.next().id == id_


def test_despair_and_fear_lead_to_care() -> None:
    """Despair names who to call; fear leads to care without naming it, since somebody may look on."""
    day = settled_in()
    assert day.next(afraid=True) == step_of("own_care")
    day.ago(1, CheckIn(felt=1, rung="despair"))
    found = day.next()
    assert (found.id, found.help) == ("own_care", "now.rung.despair.help_link")


def test_coercing_leads_away_and_to_help() -> None:
    """No reaching: alone, and who helps to stop; moving if the body has shut down."""
    day = settled_in()
    day.ago(1, CheckIn(felt=2, rung="coerce"))
    found = day.next()
    assert (found.id, found.reason, found.help) == (
        "settle_alone",
        "now.rung.coerce.step",
        "now.rung.coerce.help_link",
    )
    day.ago(0.05, CheckIn(felt=2, body="shut"))
    assert day.next().id == "move"


def test_a_pause_is_for_oneself_and_then_for_both() -> None:
    """While it runs: settle. When its time has come: say where you are, once."""
    day = settled_in()
    pause = day.ago(2, kinds.PauseCalled(until_ms=NOON_MS + HOUR_MS), author=THEM)
    assert day.next() == step_of("settle_alone")._replace(reason="pause.running.now")
    day.ago(1, kinds.PauseMoved(pause=pause, until_ms=NOON_MS))
    assert day.next() == step_of("pause_return")
    day.ago(0, kinds.PauseReturned(pause=pause, reply="ready"))
    assert day.next().id == "rest"
    day.ago(0, kinds.PauseReturned(pause=pause, reply="ready"), author=THEM)
    assert day.next() == step_of("pause_return")._replace(reason="pause.return.both_ready")


def test_what_waits_waits_for_an_open_moment() -> None:
    """Open: it can be opened. Not open, or not known: it is not pressed."""
    day = settled_in()
    day.ago(1, kinds.Invitation(door="reach", words="walk?"), author=THEM)
    assert day.next().id == "open_invitation"
    day.ago(0.05, CheckIn(felt=2))
    assert day.next().id != "open_invitation"


@pytest.mark.parametrize(("hours", "id_"), [(1, "after_no"), (25, "rest")])
def test_a_no_leads_to_kindness_and_not_to_a_retry(hours: float, id_: str) -> None:
    """For a day, until something kind was done; asking again is not suggested though the person longs."""
    day = Day()
    day.ago(900, kinds.Memory(words="rain"))
    sent = day.ago(hours + 1, kinds.Invitation(door="reach", words="walk?"))
    day.ago(hours, kinds.Answer(invitation=sent, reply="no"), author=THEM)
    day.ago(5, kinds.Together(practice="breathe_together", minutes=3))
    if id_ == "rest":
        day.ago(2, kinds.Settled(practice="three_breaths", how="alone", minutes=1))
    day.ago(0.1, CheckIn(felt=5, body="open", rung="ask", question="there", answer="no"))
    assert day.next().id == id_
    day.ago(0.05, kinds.Settled(practice="bath", how="alone", minutes=9))
    assert day.next().id == "rest"


def test_silence_is_met_with_care_too() -> None:
    """After half a day without an answer, for a day; before that it means nothing."""
    for hours, expected in ((11, "rest"), (13, "after_no"), (37, "rest")):
        day = settled_in()
        day.ago(hours, kinds.Invitation(door="reach", words="walk?"))
        day.entries = [entry for entry in day.entries if not isinstance(entry.body, kinds.Settled)]
        day.ago(hours + 1 if hours < 24 else 20, kinds.Settled(practice="bath", how="alone", minutes=9))
        assert day.next().id == expected, hours


def test_who_pulled_back_can_say_that_they_have_not_left() -> None:
    """Open again after pulling back: come back, unless something of theirs is on its way."""
    day = settled_in()
    day.ago(10, CheckIn(felt=3, moved="pulled"))
    assert day.next().id == "come_back"
    day.ago(0.1, kinds.Invitation(door="come_back", words="here"))
    assert day.next().id == "rest"


def test_who_longs_can_ask_for_something_small() -> None:
    """Open, and missing an answer: reach; two days after asking it is not suggested again."""
    day = settled_in()
    day.ago(0.05, CheckIn(felt=4, body="open", question="matter", answer="partly"))
    assert day.next().id == "reach"
    sent = day.ago(48, kinds.Invitation(door="reach", words="walk?"))
    day.ago(47, kinds.Answer(invitation=sent, reply="yes_now"), author=THEM)
    assert day.next().id == "rest"


def on_its_turn(life: Life, name: str) -> int:
    """A time at noon, within the next eight days, on which something that takes turns has its turn."""
    return next(at for days in range(8) if has_turn(life, day_of(at := NOON_MS + days * DAY_MS, 0), name, BY_TURNS))


def steps_of_a_wheel(day: Day, *, solo: bool = False) -> list[str]:
    """What eight days in a row suggest to somebody who looks in each morning and feels open."""
    found = []
    for days in range(8):
        now_ms = NOON_MS + days * DAY_MS
        day.write(OPEN, at_ms=now_ms - HOUR_MS)
        gates = Gates(partner_open=not solo)
        found.append(next_step(day.life(), gates, now_ms, solo=solo).id)
    return found


def test_calm_days_are_for_breathing_and_kindness_each_on_its_turn() -> None:
    """Within eight days each comes once, and most days ask nothing."""
    day = Day()
    day.ago(900, kinds.Memory(words="rain"))
    found = steps_of_a_wheel(day)
    assert sorted(set(found)) == ["breathe_together", "rest", "within"]
    assert found.count("rest") == 6
    breathed = Day()
    breathed.ago(900, kinds.Memory(words="rain"))
    at_ms = on_its_turn(breathed.life(), "breathe_together")
    breathed.write(kinds.Together(practice="breathe_together", minutes=3), at_ms=at_ms - DAY_MS)
    assert "breathe_together" not in steps_of_a_wheel(breathed)


def test_alone_it_is_whole() -> None:
    """The same alone: kindness on its turn, one word that there is room for two, then rest."""
    day = Day()
    day.ago(900, kinds.Memory(words="rain"))
    assert sorted(steps_of_a_wheel(day, solo=True)) == ["pair", *["rest"] * 6, "within"]
    assert day.next(solo=True, afraid=True).id == "own_care"
    assert settled_in(solo=True).next(solo=True).id == "rest"


def test_after_a_partner_has_left_nobody_is_told_to_invite() -> None:
    """Their space is closed: nothing of it is suggested, and no new partner either."""
    day = Day()
    day.ago(900, kinds.Memory(words="rain"))
    day.ago(30, kinds.PartnerKnown(space=b"s" * 16, person=THEM, name="Lin", sign_key=bytes(32), box_key=bytes(32)))
    day.ago(3, kinds.Invitation(door="reach", words="walk?"), author=THEM)
    day.ago(2, kinds.PauseCalled(until_ms=NOON_MS + DAY_MS), author=THEM)
    day.ago(0.1, OPEN)
    day.ago(0.05, kinds.Settled(practice="three_breaths", how="alone", minutes=1))
    assert day.next(solo=True).id == "rest"


def test_suggestions_can_be_switched_off() -> None:
    """Then only what the person's own word or a pause set off remains."""
    day = Day()
    day.ago(1, kinds.Preferences(suggestions=False))
    assert day.next().id == "rest"
    day.ago(0.1, CheckIn(felt=2, body="revved"))
    assert day.next().id == "settle_alone"
