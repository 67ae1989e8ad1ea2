"""The gates: every suggestion beside every gate."""

from __future__ import annotations

import typing

from hypothesis import given
from hypothesis import strategies as st

from tests.journal.lives import HOUR_MS, NOON_MS, THEM, Journal
from toward.guide import CONSEQUENCES, SUGGESTIONS, Gates, Suggestion, allowed, of_practice, read_gates, withheld
from toward.journal.kinds import CheckIn, PauseCalled, Rung
from toward.practices.library import Ask, load_library, suitable

GATES = st.builds(Gates, **dict.fromkeys(Gates._fields, st.booleans()))
ASKS = st.frozensets(st.sampled_from(typing.get_args(Ask)))
ANY_SUGGESTION = st.one_of(
    st.sampled_from(list(SUGGESTIONS.values())),
    st.sampled_from([of_practice(practice) for practice in load_library().values()]),
    st.builds(Suggestion, st.just("any"), st.just("settle"), ASKS, long_breath=st.booleans(), partner=st.booleans()),
)


@given(ANY_SUGGESTION, GATES)
def test_who_is_afraid_is_asked_for_nothing_toward_the_other(suggestion: Suggestion, gates: Gates) -> None:
    """Afraid, coercing, in despair, in a pause or revved up: no tenderness, disclosure, joint practice, confronting."""
    alone = gates.afraid or gates.coercing or gates.despair or gates.paused or gates.revved
    if allowed(suggestion, gates) and alone:
        assert not suggestion.asks


@given(ANY_SUGGESTION, GATES)
def test_a_body_that_shut_down_gets_no_long_breaths(suggestion: Suggestion, gates: Gates) -> None:
    """And is not asked to speak or to feel; being beside each other in silence stays possible."""
    if allowed(suggestion, gates) and gates.shut:
        assert not suggestion.long_breath
        assert suggestion.asks <= {"joint"}


@given(ANY_SUGGESTION, GATES)
def test_alone_nothing_needs_two(suggestion: Suggestion, gates: Gates) -> None:
    """Without a partner here, nothing that takes two is suggested."""
    if allowed(suggestion, gates) and not gates.partner_open:
        assert not suggestion.partner
        assert "joint" not in suggestion.asks


@given(ANY_SUGGESTION, GATES, st.sampled_from(["afraid", "coercing", "despair", "paused", "revved", "shut"]))
def test_closing_a_gate_never_opens_anything(suggestion: Suggestion, gates: Gates, gate: str) -> None:
    """One more reason for care takes suggestions away and adds none."""
    closed = gates._replace(**{gate: True})
    assert allowed(suggestion, gates) or not allowed(suggestion, closed)


@given(GATES)
def test_care_and_rest_are_always_there(gates: Gates) -> None:
    """Whatever holds, one's own care, moving, looking and resting may be suggested."""
    for always in ("own_care", "after_no", "move", "check_in", "rest"):
        assert allowed(SUGGESTIONS[always], gates)


def test_with_no_gate_everything_may_be_suggested() -> None:
    """Gates are the only reason to leave something out."""
    assert all(allowed(suggestion, Gates()) for suggestion in SUGGESTIONS.values())


@given(GATES, st.sampled_from(["open", "revved", "shut", "any"]), st.booleans())
def test_the_library_obeys_the_gates(
    gates: Gates,
    state: typing.Literal["open", "revved", "shut", "any"],
    alone: bool,  # noqa: FBT001
) -> None:
    """What the library offers without what is withheld asks nothing of it, and there is always something alone."""
    library = load_library().values()
    offered = suitable(library, state, alone=alone, without=withheld(gates))
    assert not any(set(practice.asks) & withheld(gates) for practice in offered)
    assert suitable(library, state, alone=True, without=withheld(gates))


# ------------------------------------------------------------------------------------------- reading


def gates_after(*bodies: tuple[float, CheckIn], at_h: float = 0) -> Gates:
    """Return the gates after check-ins so many hours ago."""
    journal = Journal()
    for hours_ago, body in bodies:
        journal.write(body, at_ms=NOON_MS - round(hours_ago * HOUR_MS))
    return read_gates(journal.life(), NOON_MS + round(at_h * HOUR_MS), afraid=False, partner_open=True)


def test_every_rung_has_a_consequence() -> None:
    """In the order of the ladder; coercion stops reaching and despair calls for help."""
    assert tuple(CONSEQUENCES) == typing.get_args(Rung)
    assert (CONSEQUENCES["coerce"], CONSEQUENCES["despair"]) == ("stop", "crisis")


def test_a_body_holds_for_hours_and_not_for_days() -> None:
    """What was noticed just now counts; what was noticed this morning does not, and a later look replaces it."""
    revved = CheckIn(felt=2, body="revved")
    assert gates_after((0.1, revved)).revved
    assert not gates_after((4, revved)).revved
    assert not gates_after((0.2, revved), (0.1, CheckIn(felt=5, body="open"))).revved
    assert gates_after((0.1, CheckIn(felt=2, body="shut"))).shut


def test_frightening_and_despair_hold_for_a_day() -> None:
    """A later check-in that leaves the ladder out does not undo them."""
    later = (0.1, CheckIn(felt=5, body="open"))
    assert gates_after((20, CheckIn(felt=2, rung="coerce")), later).coercing
    assert gates_after((20, CheckIn(felt=2, rung="despair")), later).despair
    assert not gates_after((25, CheckIn(felt=2, rung="coerce")), later).coercing


def test_a_rung_speaks_for_a_body_that_was_not_named() -> None:
    """Anger is revved up and silence shut down, unless the person says otherwise."""
    assert gates_after((0.1, CheckIn(felt=3, rung="anger"))).revved
    assert gates_after((0.1, CheckIn(felt=3, rung="shut"))).shut
    assert not gates_after((0.1, CheckIn(felt=3, rung="anger", body="open"))).revved


def test_a_pause_of_either_closes_the_way_while_it_runs() -> None:
    """When its time has come it closes nothing; without a partner here there is none."""
    journal = Journal()
    journal.write(PauseCalled(until_ms=NOON_MS + HOUR_MS), author=THEM)
    life = journal.life()
    assert read_gates(life, NOON_MS, afraid=False, partner_open=True).paused
    assert not read_gates(life, NOON_MS + HOUR_MS, afraid=False, partner_open=True).paused
    assert not read_gates(life, NOON_MS, afraid=False, partner_open=False).paused
