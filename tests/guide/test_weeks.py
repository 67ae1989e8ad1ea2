"""Two hundred scripted weeks: no gate passed, nothing twice a week unless it did good, and quiet days."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

from tests.journal.lives import DAY_MS, HOUR_MS, ME, NOON_MS, THEM, Journal
from toward.catalogue import Catalogue
from toward.guide import SUGGESTIONS, Gates, allowed, read_gates
from toward.guide.gates import of_practice, withheld
from toward.guide.next_step import Found, weigh
from toward.guide.practising import PRACTICES, REASONS
from toward.guide.rules import RULES
from toward.guide.variety import WEEK_MS, loves
from toward.journal import kinds
from toward.journal.kinds import CheckIn
from toward.journal.projections import Life
from toward.practices.library import load_library

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toward.journal.kinds.base import BodyState, Rung
    from toward.journal.kinds.life import Pull
    from toward.practices.library import Practice

LIBRARY: Final = load_library()
WORDS: Final = Catalogue.load("en")
SCRIPTS: Final = ("solo", "one engaged", "both", "in crisis", "in danger")
WEEKS_EACH: Final = 40
SEEDS: Final = 8
WEEKS_A_LIFE: Final = WEEKS_EACH // SEEDS
HINTS: Final = ("", *REASONS, "practice_b", "made_up")
"""What the model may hint at, those toward the other too, in danger as well; and what no model of ours says."""


class Moment(NamedTuple):
    """One look at the page: when, the life (which goes on), its gates, what the model hinted, and what stood there."""

    at_ms: int
    life: Life
    gates: Gates
    hint: str
    found: Found

    @property
    def practice(self) -> Practice | None:
        """The library's practice, where it is one."""
        return LIBRARY.get(self.found.step.practice)


def _check_in(rng: random.Random, script: str) -> CheckIn:
    worse = script in {"in crisis", "in danger"}
    bodies: list[BodyState | None] = ["open", "open", "open", "revved", None]
    rungs: list[Rung | None] = ["ask", "complain", None, None, None]
    if worse:
        bodies = ["shut", "revved", "revved", "open", None]
        rungs = ["coerce", "despair", "desperate", "anger", None]
    return CheckIn(
        felt=rng.randint(1, 4) if worse else rng.randint(3, 7),
        body=rng.choice(bodies),
        rung=rng.choice(rungs),
        question=rng.choice(["there", None]),
        answer=rng.choice(["no", "partly", "yes", None]),
        moved=rng.choice(["pulled", "neither", None, None]),
    )


def _day(journal: Journal, rng: random.Random, script: str, at_ms: int) -> None:
    """What happens on one day, before noon."""
    if script != "solo" and rng.random() < 0.12:
        body = kinds.Invitation(door="reach", words="a walk?")
        journal.write(body, author=THEM if rng.random() < 0.5 else ME, at_ms=at_ms - 3 * HOUR_MS)
    if script in {"both", "in crisis"} and rng.random() < 0.06:
        journal.write(kinds.PauseCalled(until_ms=at_ms + 5 * HOUR_MS), author=THEM, at_ms=at_ms - 2 * HOUR_MS)
    if rng.random() < 0.03:
        journal.write(kinds.Memory(words="rain"), at_ms=at_ms - 2 * HOUR_MS)
    if script == "in danger" and rng.random() < 0.1:
        journal.write(kinds.Frightened(words="the door", day="2023-12-09"), at_ms=at_ms - 2 * HOUR_MS)
    if rng.random() < (0.5 if script == "one engaged" else 0.85):
        journal.write(_check_in(rng, script), at_ms=at_ms - HOUR_MS)


def _follow(journal: Journal, rng: random.Random, moment: Moment) -> None:
    """What somebody does with a suggestion: some of it, puts some by, and leaves most."""
    step, chance = moment.found.step, rng.random()
    rule = moment.found.rule
    if step.practice and chance < 0.4:
        after = rng.choice([3, 6, None])
        body = kinds.Settled(practice=step.practice, how="alone", minutes=4, before=4 if after else None, after=after)
        journal.write(body, at_ms=moment.at_ms + HOUR_MS)
    elif rule is not None and not rule.always and rule.again != "day" and chance < 0.55:
        journal.write(kinds.StepPutBy(step=step.name), at_ms=moment.at_ms + HOUR_MS)


def weeks(script: str, seed: int) -> Iterator[Moment]:
    """Look twice a day, at noon and in the evening, for some weeks of somebody's life."""
    rng, hints = random.Random(f"{script} {seed}"), random.Random(f"hints {script} {seed}")
    journal, life, taken = Journal(), Life(ME), 0
    for day in range(7 * WEEKS_A_LIFE):
        at_ms = NOON_MS + day * DAY_MS
        _day(journal, rng, script, at_ms)
        for later_h in (0, 7):
            now_ms = at_ms + later_h * HOUR_MS
            for entry in journal.entries[taken:]:
                life.take(entry)
            taken = len(journal.entries)
            gates = read_gates(life, now_ms, afraid=script == "in danger" and day > 3, partner_open=script != "solo")
            hint = hints.choice(HINTS)
            found = weigh(life, gates, now_ms, solo=script == "solo", practices=LIBRARY.values(), hint=hint)
            moment = Moment(now_ms, life, gates, hint, found)
            yield moment
            if not later_h:
                _follow(journal, rng, moment)


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("script", SCRIPTS)
def test_no_gate_is_passed_and_nothing_comes_twice_a_week(script: str, seed: int) -> None:
    """Every look of five weeks: allowed, with words, on its turn, and let rest when put by."""
    shown: dict[str, tuple[int, int]] = {}
    for moment in weeks(script, seed):
        step, rule = moment.found
        assert allowed(SUGGESTIONS[step.id], moment.gates)
        if moment.practice is not None:
            assert allowed(of_practice(moment.practice), moment.gates)
            assert not set(moment.practice.asks) & withheld(moment.gates)
        for key in (f"guide.{step.id}.title", f"guide.{step.id}.action", step.reason):
            assert WORDS.gaps(key) <= {"partner"}
        if step.reason in REASONS.values():
            assert step.reason == REASONS[moment.hint]
            assert not any((moment.gates.afraid, moment.gates.coercing, moment.gates.despair))
        if rule is None or rule.always:
            continue
        assert not moment.life.put_by.rests(step.name, moment.at_ms)
        if rule.again != "week":
            continue
        day = moment.at_ms // DAY_MS
        last_day, last_ms = shown.get(step.name, (day, 0))
        if last_day != day and moment.at_ms - last_ms < WEEK_MS:
            assert step.practice, step.name
            assert loves(moment.life, step.practice), step.name
        shown[step.name] = (day, moment.at_ms)


@pytest.mark.parametrize("script", SCRIPTS)
def test_there_is_variety_and_there_are_quiet_days(script: str) -> None:
    """Open lives meet many practices; no life is asked something every day; the endangered are asked nothing of two."""
    moments = [moment for seed in range(SEEDS) for moment in weeks(script, seed)]
    names = {moment.found.step.name for moment in moments}
    of_itself = [moment for moment in moments if moment.found.rule and moment.found.rule.again == "week"]
    assert len(of_itself) < 0.8 * len(moments)
    if script in {"solo", "both", "one engaged"}:
        assert sum(name.startswith("practice:") for name in names) >= 6
        assert any(moment.found.step.id == "rest" for moment in moments)
    if script == "in danger":
        after = {moment.found.step.id for moment in moments if moment.gates.afraid}
        assert after <= {"own_care", "settle_alone", "move"}


def test_every_rule_is_met_in_some_life() -> None:
    """No rule is there for nothing: each gives the step of some moment in these weeks or in those of its own."""
    met = {
        moment.found.rule.name
        for script in SCRIPTS
        for seed in range(SEEDS)
        for moment in weeks(script, seed)
        if moment.found.rule
    }
    own = {"shaken", "agreed_for_today", "room_for_two", "pause_is_over", "coercing"}
    assert {rule.name for rule in RULES} - own <= met


def test_a_hard_event_makes_two_days_of_care_and_a_good_one_none() -> None:
    """The day it happened and the next."""
    told: tuple[tuple[Pull, str], ...] = (("hard", "own_care"), ("good", "rest"))
    for pull, expected in told:
        journal = Journal()
        journal.write(kinds.Memory(words="rain"), at_ms=NOON_MS - 900 * HOUR_MS)
        journal.write(kinds.LifeEvent(label="the call", pull=pull, day="2023-12-09"), at_ms=NOON_MS - 2 * HOUR_MS)
        for days, wanted in ((0, expected), (1, expected), (2, "rest")):
            now_ms = NOON_MS + days * DAY_MS
            journal.write(CheckIn(felt=4), at_ms=now_ms - HOUR_MS)
            gates = read_gates(journal.life(), now_ms, afraid=False, partner_open=False)
            found = weigh(journal.life(), gates, now_ms, solo=True)
            assert found.step.id in ({wanted, "within", "pair"} if wanted == "rest" else {wanted})


def test_a_hint_goes_before_others_on_its_day_and_makes_nothing_come_oftener() -> None:
    """Sixteen open days with each hint and without: its sort comes more often, and nothing twice a week."""
    more = 0
    for hint, practices in PRACTICES.items():
        days: dict[str, list[str]] = {"": [], hint: []}
        for given, names in days.items():
            journal = Journal()
            journal.write(kinds.Memory(words="rain"), at_ms=NOON_MS - 900 * HOUR_MS)
            for day in range(16):
                now_ms = NOON_MS + day * DAY_MS
                journal.write(CheckIn(felt=6, body="open"), at_ms=now_ms - HOUR_MS)
                gates = read_gates(journal.life(), now_ms, afraid=False, partner_open=True)
                found = weigh(journal.life(), gates, now_ms, solo=False, practices=LIBRARY.values(), hint=given)
                names.append(found.step.name)
                assert (found.step.reason == REASONS[hint]) == (found.rule is not None and found.rule.name == "helps")
        hinted = {f"practice:{name}" for name in practices} | {"within", "breathe_together"}
        with_it, without = (sum(name in hinted for name in days[given]) for given in (hint, ""))
        assert with_it >= without
        more += with_it - without
        for name in set(days[hint]) - {"rest"}:
            places = [day for day, one in enumerate(days[hint]) if one == name]
            assert all(after - before >= 8 for before, after in pairwise(places))
    assert more > 0


def test_longing_is_told_why_asking_may_be_good_and_comes_no_oftener() -> None:
    """A hint at asking gives the step that comes anyway another reason, and brings none by itself."""
    for answer, expected in (("no", "reach"), ("yes", None)):
        journal = Journal()
        journal.write(kinds.Memory(words="rain"), at_ms=NOON_MS - 900 * HOUR_MS)
        journal.write(CheckIn(felt=6, body="open", question="there", answer=answer), at_ms=NOON_MS - HOUR_MS)  # type: ignore[arg-type]
        gates = read_gates(journal.life(), NOON_MS, afraid=False, partner_open=True)
        found = weigh(journal.life(), gates, NOON_MS, solo=False, practices=LIBRARY.values(), hint="bid_a")
        if expected:
            assert (found.step.id, found.step.reason) == (expected, REASONS["bid_a"])
        else:
            assert found.step.id != "reach"
