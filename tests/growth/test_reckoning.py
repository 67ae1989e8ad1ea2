"""In the child: what is told of somebody's own days, what is left a guess, and what is not said at all."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest

from tests.growth.made import of_made_up
from toward import dyad
from toward.errors import Damaged
from toward.growth import Answer, Effect, Question, Way, frames
from toward.growth.child import serve
from toward.growth.reckoning import OWN, TIMES, answers, times_of
from toward.growth.told import LEARNT

if TYPE_CHECKING:
    from collections.abc import Iterator

SOFT = dyad.TYPICAL._replace(js=1.2, e_a=0.4)


def told(question: Question) -> list[Answer]:
    """All answers to a question."""
    return list(answers(question))


def with_rows(question: Question, *rows: tuple[float, int, str, float]) -> Question:
    """The question with more rows in it."""
    columns = zip(question.time_days, question.partner, question.kind, question.value, strict=True)
    times, partners, kinds, values = zip(*sorted([*columns, *rows]), strict=True)
    return Question(times, partners, kinds, values, question.days, question.weigh)


def test_tells_the_way_first_and_then_the_whole() -> None:
    """The same way twice, and a softer word that answers speak of; what is a guess has no number."""
    first, whole = told(of_made_up(SOFT, days=42))
    assert not first.whole
    assert whole.whole
    assert first.way == whole.way
    names = [effect.practice for effect in whole.effects]
    assert "softening" in names
    assert not set(names) & set(whole.guesses)
    assert set(names) | set(whole.guesses) <= set(OWN)
    for effect in whole.effects:
        assert effect.learnt >= LEARNT
        assert effect.low <= effect.mean <= effect.high
    softer = next(effect for effect in whole.effects if effect.practice == "softening")
    assert softer.helps
    assert whole.hint in {effect.practice for effect in whole.effects if effect.helps}


def before(question: Question, rows: int = 1) -> Question:
    """The question some rows earlier."""
    shorter = Question(
        question.time_days[:-rows],
        question.partner[:-rows],
        question.kind[:-rows],
        question.value[:-rows],
        question.days[:-1],
        question.weigh,
    )
    assert shorter.days[-1] <= shorter.time_days[-1]
    return shorter


@pytest.mark.parametrize("weigh", [True, False])
def test_a_start_brings_a_line_sooner_and_changes_nothing_else(*, weigh: bool) -> None:
    """A line more, the same to the eye; then every byte as without it, from whatever there was before."""
    question = of_made_up(SOFT, days=28, weigh=weigh)
    cold = told(question)
    for rows in (1, 2):
        start = told(before(question, rows))[-1].start
        quick, *rest = told(msgspec.structs.replace(question, start=start))
        assert rest == cold
        assert quick.way is not None
        assert cold[0].way is not None
        assert not quick.whole
        assert quick.start == ()
        assert quick.way.mean == pytest.approx(cold[0].way.mean, abs=0.05)
        assert quick.way.sd == pytest.approx(cold[0].way.sd, rel=0.1)
        assert quick.way.change == pytest.approx(cold[0].way.change, abs=0.05)
    assert cold[-1].whole


def test_a_start_that_is_none_costs_its_line_only() -> None:
    """Too short, no numbers, another couple's: answered as if there were none."""
    question = of_made_up(SOFT, days=28, weigh=False)
    cold = told(question)
    size = len(cold[-1].start)
    other = told(of_made_up(dyad.TYPICAL._replace(m_a=2.5, m_b=3.0), days=60, seed=9, weigh=False))[-1].start
    for start in ((1.0, 2.0), (math.nan,) * size, (0.0,) * size, (-1.0,) * size, other):
        assert told(msgspec.structs.replace(question, start=start)) == cold


def test_nothing_is_said_from_a_start_where_answers_say_nothing() -> None:
    """All the same from now on: no line, however good the start."""
    same = Question(tuple(map(float, range(20))), (0,) * 20, ("checkin",) * 20, (4.0,) * 20, (0.0, 19.0), weigh=True)
    start = told(of_made_up(SOFT, days=28, weigh=False))[-1].start
    assert told(msgspec.structs.replace(same, start=start)) == [Answer(None)]


def test_the_way_is_the_reader_s_own() -> None:
    """It is near what they felt; with the partners' names exchanged it is the other's."""
    question = of_made_up(dyad.TYPICAL, days=28, weigh=False)
    way = told(question)[-1].way
    assert way is not None
    mine = [
        value
        for who, kind, value in zip(question.partner, question.kind, question.value, strict=True)
        if kind == "checkin" and who == 0
    ]
    assert abs(np.mean(mine) - np.mean(way.mean)) < 0.4
    assert way.change == pytest.approx(way.mean[-1] - way.mean[0])
    swapped = msgspec.structs.replace(question, partner=tuple({0: 1, 1: 0}.get(who, who) for who in question.partner))
    other = told(swapped)[-1].way
    assert other is not None
    assert other.mean != way.mean


def test_says_nothing_where_answers_say_nothing() -> None:
    """Too few, or all the same: no way, no effect, no hint."""
    few = Question((0.0, 1.0), (0, 0), ("checkin", "checkin"), (4.0, 5.0), (0.0,), weigh=True)
    same = Question(tuple(map(float, range(20))), (0,) * 20, ("checkin",) * 20, (4.0,) * 20, (0.0, 19.0), weigh=True)
    for question in (few, same):
        assert told(question) == [Answer(None)]


def test_one_person_alone_has_a_way() -> None:
    """Nobody else needs to be there."""
    question = of_made_up(dyad.TYPICAL, days=28)
    columns = zip(question.time_days, question.partner, question.kind, question.value, strict=True)
    mine = [row for row in columns if row[1] == 0]
    times, partners, kinds, values = zip(*mine, strict=True)
    alone = Question(times, partners, kinds, values, question.days, weigh=True)
    assert told(alone)[-1].way is not None


@pytest.mark.parametrize("who", [0, 1])
def test_weighs_nothing_where_there_is_fear(who: int) -> None:
    """Told by the reader, or by an act that frightened at any time: a line, and no word of what helps."""
    question = of_made_up(SOFT, days=42)
    afraid = msgspec.structs.replace(question, weigh=False)
    frightened = with_rows(question, (2.0, who, "frightening", 1.0))
    for one in (afraid, frightened):
        (only,) = told(one)
        assert only.whole
        assert only.way is not None
        assert (only.effects, only.guesses, only.hint) == ((), (), "")


def test_counts_what_the_reader_did_and_what_both_did() -> None:
    """Not what the other did alone, not a touch that was not welcome, and nothing done twice only."""
    rows = [
        *((float(n), "a", "practice", 1.0) for n in range(TIMES)),
        *((n + 0.1, "b", "practice", 1.0) for n in range(9)),
        *((n + 0.2, "both", "practice", 1.0) for n in range(4)),
        *((n + 0.3, "a", "touch", 1.0 if n else -1.0) for n in range(3)),
        *((n + 0.4, "b", "bid", 1.0) for n in range(5)),
        (0.5, "a", "bid", 0.0),
        (0.6, "b", "softening", 1.0),
    ]
    counted = times_of(dyad.journal(rows))
    assert counted == {"bid_a": 1, "practice_a": TIMES, "practice_both": 4, "softening": 1, "touch": 2}


# ------------------------------------------------------------------------------------------ the pipe


def served(*questions: bytes, reckon: object = answers) -> list[Answer]:
    """What a child writes that is sent these frames."""
    pipe, out = io.BytesIO(), io.BytesIO()
    for data in questions:
        frames.write(pipe, data)
    pipe.seek(0)
    serve(pipe, out, reckon)  # type: ignore[arg-type]
    out.seek(0)
    found = []
    while (data := frames.read(out)) is not None:  # type: ignore[assignment]
        found.append(msgspec.msgpack.decode(data, type=Answer))
    return found


def test_what_fails_is_answered_with_what_there_was() -> None:
    """A question that is none, a fit that breaks before or behind its first answer: each is answered to its end."""
    way = Way((4.0,), (0.5,), 0.0, 0.0)

    def breaks(question: Question) -> Iterator[Answer]:
        if question.weigh:
            yield Answer(way, whole=False)
        raise ZeroDivisionError

    ask = [
        msgspec.msgpack.encode(Question((0.0,), (0,), ("checkin",), (4.0,), (0.0,), weigh)) for weigh in (True, False)
    ]
    assert served(b"no question", *ask, reckon=breaks) == [
        Answer(None),
        Answer(way, whole=False),
        Answer(way),
        Answer(None),
    ]
    wrong = msgspec.msgpack.encode(Question((0.0,), (0,), ("nonsense",), (4.0,), (0.0,), weigh=True))
    assert served(wrong) == [Answer(None)]


def test_a_frame_is_whole_or_none() -> None:
    """The end is the end; half a frame, or one that claims to be endless, is damage."""
    assert frames.read(io.BytesIO()) is None
    for data in (b"\0\0", b"\0\0\0\4abc", b"\xff\xff\xff\xffabc"):
        with pytest.raises(Damaged):
            frames.read(io.BytesIO(data))


def test_helps_only_what_is_clear_of_none_and_can_be_felt() -> None:
    """A hair's breadth helps nobody, and a wide band says nothing."""
    for mean, low, expected in ((0.5, 0.1, True), (0.5, -0.1, False), (0.05, 0.01, False)):
        assert Effect("touch", mean, low, 1.0, 0.5).helps is expected
