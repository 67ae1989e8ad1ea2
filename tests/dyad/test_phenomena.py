"""What the model must show: the dance, the ladder, the held hand, and what helps out of the trap."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.dyad.couples import SAFE, TRAP, TWO_VALLEYS
from toward import dyad
from toward.dyad import events, params
from toward.dyad.trust import trust
from toward.errors import BadInput

LIVES = 300
#: Nothing happens but what is planned.
NOTHING = dyad.Habits(0, *(0.0 for _ in range(14)), 1.0)  # type: ignore[call-arg, arg-type, unused-ignore]


def safe_share(
    *, habits: dyad.Habits = dyad.HABITS, planned: dyad.Journal | None = None, start: tuple[float, float] = TRAP
) -> float:
    """Share of lives that are on the safe side of the saddle after 21 days."""
    ends = [
        dyad.simulate(TWO_VALLEYS, days=21, seed=seed, habits=habits, planned=planned, start=start).x[-1]
        for seed in range(LIVES)
    ]
    return float(np.mean([end.sum() > 3.57 + 3.52 for end in ends]))


def daily(who: str) -> dyad.Journal:
    """Inner practice every day."""
    return dyad.journal([(day + 0.5, who, "practice", 1.0) for day in range(21)])


def test_what_helps_out_of_the_trap() -> None:
    """Nothing 8.5 %, three times the bids 1.2 %, a softening 69 %, one every third day 100 %, practice 71 and 99 %."""
    once = dyad.journal([(0.5, "both", "softening", 1.0)])
    often = dyad.journal([(day + 0.5, "both", "softening", 1.0) for day in range(0, 21, 3)])
    assert safe_share() == pytest.approx(0.085, abs=0.05)
    assert safe_share(habits=dyad.HABITS._replace(bids=3 * dyad.HABITS.bids)) == pytest.approx(0.012, abs=0.015)
    assert safe_share(planned=once) == pytest.approx(0.69, abs=0.08)
    assert safe_share(planned=often) > 0.98
    assert safe_share(planned=daily("a")) == pytest.approx(0.71, abs=0.09)
    assert safe_share(planned=daily("both")) > 0.94


def test_bids_are_answered_in_safety_and_missed_in_the_trap() -> None:
    """About .87 in the safe valley and .27 in the trap (tuned to resemble a popular figure: no validation)."""
    met: dict[tuple[float, float], list[float]] = {SAFE: [], TRAP: []}
    for start, values in met.items():
        for seed in range(120):
            made = dyad.simulate(TWO_VALLEYS, days=7, seed=seed, start=start)
            if (made.x[:, 0].max() < 4.0) == (start == TRAP):
                values += list(made.journal.value[made.journal.kind == events.CODES["bid"]] > 0)
    assert np.mean(met[SAFE]) == pytest.approx(0.87, abs=0.06)
    assert np.mean(met[TRAP]) == pytest.approx(0.27, abs=0.05)


def fall_at_conflict(*, held: bool, ease: float) -> float:
    """How far a conflict lowers a, just after a hand was held or not."""
    rows = [(1.0, "both", "conflict", 1.0)] + ([(1.0 - 1 / 48, "both", "touch", 1.0)] if held else [])
    made = [
        dyad.simulate(
            dyad.TYPICAL,
            days=1.0,
            seed=2,
            habits=NOTHING,
            planned=dyad.journal(given),
            start=SAFE,
            constants=dyad.CONSTANTS._replace(ease_start=ease),
        ).x[-1, 0]
        for given in (rows, rows[1:])
    ]
    return float(made[1] - made[0])


def test_a_held_hand_lowers_a_threat_by_who_holds_it() -> None:
    """Coan's order: the partner's hand under a stranger's under none; more with higher learned ease."""
    alone = fall_at_conflict(held=False, ease=0.5)
    stranger = fall_at_conflict(held=True, ease=0.0)
    partner = fall_at_conflict(held=True, ease=0.5)
    close = fall_at_conflict(held=True, ease=0.9)
    assert close < partner < stranger <= alone
    assert stranger > 0.9 * alone


def test_ease_is_learned_from_any_contact_and_relearned() -> None:
    """Harsh contact raises its own cue as well; missed contact unlearns; modulators scale the step."""
    rows = [(day / 2 + 0.1, "both", "harshness", 1.0) for day in range(30)]
    rows += [(day / 2 + 0.2, "both", "voice", -1.0) for day in range(30)]
    plan = dyad.journal(rows)
    quiet = dyad.HABITS._replace(bids=0.0, touches=0.0, voices=0.0, harshnesses=0.0)
    made = dyad.simulate(days=16, seed=1, habits=quiet, planned=plan)
    assert (made.ease[:, 3] > 0.9).all()
    assert (made.ease[:, 2] < -0.5).all()
    assert made.ease[:, 0] == pytest.approx(dyad.CONSTANTS.ease_start)
    fast = dyad.simulate(days=16, seed=1, habits=quiet, planned=plan, modulators=(0.7, -0.7))
    assert fast.ease[0, 3] > made.ease[0, 3] > fast.ease[1, 3]


def test_missed_bids_climb_the_ladder() -> None:
    """Rungs grow with unanswered bids and fall with an answer."""

    def rung(values: list[float]) -> float:
        rows = [(1 + n / 48, "a", "bid", value) for n, value in enumerate(values)]
        rows.append((1 + len(values) / 48, "a", "rung", math.nan))
        given = dyad.journal(rows)
        quiet = dyad.HABITS._replace(bids=0.0, conflicts=0.0)
        told = [dyad.simulate(days=2, seed=seed, habits=quiet, planned=given).journal for seed in range(60)]
        return float(np.mean([j.value[j.kind == events.CODES["rung"]][0] for j in told]))

    assert rung([]) < rung([0.0]) < rung([0.0, 0.0, 0.0]) < rung([-1.0] * 3)
    assert rung([-1.0, -1.0, -1.0, 1.0]) == pytest.approx(rung([]), abs=0.25)


def test_trust_is_not_ease() -> None:
    """Kept words raise trust and leave ease alone; fright is neither forgotten nor outweighed; evidence fades."""
    rows = [(float(day), "b", "kept", 1.0) for day in range(20)]
    kept = dyad.journal(rows)
    assert trust(kept)[0].mean > 0.85
    assert trust(kept)[1].mean == 0.5
    assert trust(kept, until=200.0)[0].mean < trust(kept)[0].mean
    assert trust(dyad.journal([*rows, (20.0, "b", "broken", 1.0)]))[0].mean < trust(kept)[0].mean
    assert trust(dyad.journal([(0.5, "b", "frightening", 1.0), *rows]))[0].mean == 0.0
    assert trust(dyad.journal([])) == trust(dyad.journal([(0.0, "a", "checkin", 4)]))
    with pytest.raises(BadInput):
        trust(kept, until=1.0)


def test_the_same_seed_gives_the_same_life() -> None:
    """Simulation is a pure function, and a plan changes nothing before it happens."""
    one, two = dyad.simulate(days=9, seed=7), dyad.simulate(days=9, seed=7)
    assert np.array_equal(one.x, two.x)
    assert [column.tolist() for column in one.journal] == [column.tolist() for column in two.journal]
    dyad.check(one.journal)
    planned = dyad.simulate(days=9, seed=7, planned=dyad.journal([(5.0, "both", "softening", 1.0)]))
    before = one.time_days < 5.0
    assert np.array_equal(one.x[before], planned.x[before])
    assert planned.x[-1].sum() != one.x[-1].sum()


def test_busy_lives_have_journals() -> None:
    """However much happens at once, a partner and kind stands once at a time, so that a fit takes the journal."""
    busy = dyad.HABITS._replace(life_events=40.0, conflicts=20.0, bids=40.0, touches=20.0)
    planned = dyad.journal([(1.0, "both", "life_event", 2.0), (1.0, "a", "bid", 1.0)])
    for seed in range(5):
        made = dyad.simulate(days=3, seed=seed, habits=busy, planned=planned).journal
        dyad.check(made)
        at = (made.time_days == 1.0) & (made.kind == events.CODES["life_event"])
        assert made.value[at].tolist() == [2.0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": 0.0},
        {"days": math.nan},
        {"habits": dyad.HABITS._replace(bids=-1.0)},
        {"start": (math.nan, 4.0)},
        {"planned": dyad.journal([(99.0, "both", "softening", 1.0)]), "days": 3.0},
    ],
)
def test_impossible_lives_are_refused(wrong: dict[str, object]) -> None:
    """Days, habits, starts and plans outside their range say so."""
    with pytest.raises(BadInput):
        dyad.simulate(seed=0, **wrong)  # type: ignore[arg-type]
    with pytest.raises(BadInput):
        dyad.population(-1)


def test_names_of_parameters_mirror() -> None:
    """A couple mirrored twice is itself."""
    p = TWO_VALLEYS._replace(a_a=0.9)
    assert params.mirrored(params.mirrored(p)) == p
    assert params.mirrored(p).a_b == 0.9
