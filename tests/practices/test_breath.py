"""The breath plan: a function of time and nothing else, with an out-breath that is never the shorter one."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from toward.errors import BadInput
from toward.practices.breath import FASTEST_BPM, SLOWEST_BPM, Part, Plan, fullness, phase


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any plan that may be breathed."""
    cycle_s = draw(st.floats(60 / FASTEST_BPM + 0.001, 60 / SLOWEST_BPM - 0.001))
    in_s = draw(st.floats(1.0, cycle_s / 2))
    assume(cycle_s - in_s >= in_s)
    return Plan(
        started_ms=draw(st.floats(0, 2e12)),
        in_s=in_s,
        out_s=cycle_s - in_s,
        minutes=draw(st.floats(0.1, 60)),
    )


def brute_force(plan: Plan, since_s: float) -> tuple[Part, int]:
    """Walk through the plan breath by breath, adding up times: the slow and obvious way."""
    if since_s < 0:
        return Part.BEFORE, 0
    at_s = 0.0
    for number in range(1, plan.breaths + 1):
        if since_s < at_s + plan.in_s:
            return Part.IN, number
        if since_s < at_s + plan.in_s + plan.out_s:
            return Part.OUT, number
        at_s += plan.in_s + plan.out_s
    return Part.DONE, plan.breaths


@given(plans(), st.floats(-0.1, 1.1))
def test_phase_agrees_with_walking_through_the_plan(plan: Plan, where: float) -> None:
    """Away from the turns, where rounding may decide, arithmetic and walking say the same."""
    since_s = where * plan.breaths * plan.cycle_s
    within_s = since_s % plan.cycle_s
    assume(min(abs(within_s - edge) for edge in (0, plan.in_s, plan.cycle_s)) > 0.01)
    found = phase(plan, plan.started_ms + since_s * 1000)
    assert (found.part, found.breath_number) == brute_force(plan, since_s)


@given(plans(), st.floats(0, 1))
def test_every_moment_has_a_fraction_and_a_fullness_within_bounds(plan: Plan, where: float) -> None:
    """Nothing drawn with a plan leaves its frame."""
    at_ms = plan.started_ms + where * (plan.ends_ms - plan.started_ms)
    found = phase(plan, at_ms)
    assert 0 <= found.fraction <= 1
    assert 0 <= fullness(plan, at_ms) <= 1
    assert 0 <= found.left_s <= plan.breaths * plan.cycle_s + 0.01
    assert found.breath_number <= plan.breaths


@given(plans(), st.integers(0, 1000))
def test_lungs_fill_while_breathing_in_and_empty_while_breathing_out(plan: Plan, slice_number: int) -> None:
    """Fullness only rises in an in-breath and only falls in an out-breath, and never jumps."""
    step_ms = plan.cycle_s
    at_ms = plan.started_ms + slice_number % 1000 * step_ms
    here, there = phase(plan, at_ms), phase(plan, at_ms + step_ms)
    before, after = fullness(plan, at_ms), fullness(plan, at_ms + step_ms)
    assert abs(after - before) <= 2 * (step_ms / 1000) / plan.in_s, "steeper than lungs are"
    if here.part is there.part is Part.IN:
        assert after >= before - 1e-9
    if here.part is there.part is Part.OUT:
        assert after <= before + 1e-9


@given(plans(), st.floats(-1e6, 1e7), st.floats(-1e6, 1e6))
def test_a_plan_that_begins_later_is_the_same_plan_later(plan: Plan, since_ms: float, shift_ms: float) -> None:
    """Only the time since the start counts: two clocks that differ by a constant see one breath."""
    moved = Plan(started_ms=plan.started_ms + shift_ms, in_s=plan.in_s, out_s=plan.out_s, minutes=plan.minutes)
    here, there = fullness(plan, plan.started_ms + since_ms), fullness(moved, moved.started_ms + since_ms)
    assert here == pytest.approx(there, abs=1e-4)


@given(plans())
def test_a_plan_ends_with_a_whole_breath_near_the_minutes_asked_for(plan: Plan) -> None:
    """Nobody is stopped half way through a breath, and the length is off by half a breath at most."""
    spent_s = (plan.ends_ms - plan.started_ms) / 1000
    assert math.isclose(spent_s / plan.cycle_s, plan.breaths, abs_tol=1e-3)
    assert plan.breaths == 1 or abs(spent_s - plan.minutes * 60) <= plan.cycle_s / 2 + 0.01
    assert phase(plan, plan.ends_ms + 1).part is Part.DONE
    assert fullness(plan, plan.ends_ms + 1) == 0


def test_the_usual_pace_is_six_breaths_a_minute_with_a_longer_out_breath() -> None:
    """Four seconds in, six seconds out, three minutes."""
    plan = Plan(started_ms=0)
    assert (plan.bpm, plan.breaths, plan.ends_ms) == (6, 18, 180_000)
    assert fullness(plan, 4000) == 1
    assert fullness(plan, 2000) == pytest.approx(0.5)
    assert fullness(plan, 7000) < 0.5, "lungs let go faster than they fill"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"in_s": 6, "out_s": 4}, "out_shorter_than_in"),
        ({"in_s": 0, "out_s": 10}, "out_shorter_than_in"),
        ({"in_s": 3, "out_s": 5}, "too_fast"),
        ({"in_s": 8, "out_s": 10}, "too_slow"),
        ({"minutes": 0}, "length"),
        ({"minutes": 61}, "length"),
        ({"in_s": math.nan}, "not_a_number"),
        ({"started_ms": math.inf}, "not_a_number"),
    ],
)
def test_refuses_what_nobody_should_breathe_and_says_why(wrong: dict[str, float], reason: str) -> None:
    """Each refusal has a reason for its words, names the field, and tells the way out."""
    with pytest.raises(BadInput) as refused:
        Plan(**{"started_ms": 0, **wrong})
    assert refused.value.reason == reason
    assert refused.value.field in {"started_ms", "in_s", "out_s", "minutes"}
    assert str(refused.value)
