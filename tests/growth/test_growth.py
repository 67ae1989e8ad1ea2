"""Keeping answers: each reader's own, for as long as the reader is there; and losing the child without harm."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.growth.made import TELLS, Here, fake_child, leaves, of_made_up, question
from toward.growth import Answer, Growth, Question
from toward.growth.kept import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from toward.growth.process import Child


class Reader:
    """Stands for somebody's opened journal."""


@pytest.fixture
def growth() -> Iterator[Callable[..., Growth]]:
    """Makes a growth over a child that is no model, and closes it."""
    made: list[Growth] = []

    def make(body: str = TELLS, **wishes: float) -> Growth:
        made.append(Growth(fake_child(body), **wishes))
        return made[-1]

    yield make
    for one in made:
        one.close()


def child_of(growth: Growth) -> Child:
    """Its child."""
    return growth._child


def is_there(pid: int) -> bool:
    """Whether a process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_first_answer_comes_before_practices_are_weighed(growth: Callable[..., Growth]) -> None:
    """A line is there at once, the whole a little later; and nobody waits longer than they said."""
    mine, reader = growth("import time; tell(Answer(way, whole=False)); time.sleep(0.6); tell(whole)"), Reader()
    assert mine.told(reader, 1, question) is None
    first = mine.told(reader, 1, question, wait_s=20)
    assert first is not None
    assert not first.whole
    assert first.way is not None
    began = time.monotonic()
    part = mine.told(reader, 1, question, wait_s=0.05, whole=True)
    assert time.monotonic() - began < 0.5
    assert part == first
    whole = mine.told(reader, 1, question, wait_s=20, whole=True)
    assert whole is not None
    assert whole.hint == "softening"


def test_a_question_is_made_and_asked_only_when_the_life_has_changed(growth: Callable[..., Growth]) -> None:
    """The same key makes none; another key with the same question asks none; another question does."""
    mine, reader, made = growth(), Reader(), list[int]()

    def make(number: int = 0) -> Question:
        made.append(number)
        return question(number)

    for key, number, times in ((1, 0, 1), (1, 0, 1), (2, 0, 2), (2, 0, 2), (3, 1, 3)):
        answer = mine.told(reader, key, lambda number=number: make(number), wait_s=20, whole=True)  # type: ignore[misc]
        assert answer is not None
        assert len(made) == times
    assert len(mine) == 1


def test_what_somebody_is_told_goes_with_them(growth: Callable[..., Growth]) -> None:
    """No sign-out needs to be told of: where the opened journal goes, the answer does; and it can be forgotten."""
    mine, one, other = growth(), Reader(), Reader()
    for reader in (one, other):
        assert mine.told(reader, 1, question, wait_s=20, whole=True) is not None
    assert len(mine) == 2
    del reader, one
    gc.collect()
    assert len(mine) == 1
    mine.forget(other)
    mine.forget(Reader())
    assert len(mine) == 0


def test_nobody_gets_another_s_answer(growth: Callable[..., Growth]) -> None:
    """The same key and the same question by another reader is asked anew."""
    mine, one, other = growth(), Reader(), Reader()
    assert mine.told(one, 1, question, wait_s=20, whole=True) is not None
    assert mine.told(other, 1, question) is None


def test_what_is_not_wanted_any_more_is_not_worked_out(growth: Callable[..., Growth]) -> None:
    """While one question is worked out, three come and the reader goes: none of them reaches the child."""
    mine, busy, gone = growth("import time; time.sleep(0.4); tell(whole)"), Reader(), Reader()
    mine.told(busy, 0, question)
    for number in (1, 2, 3):
        mine.told(gone, number, lambda number=number: question(number))  # type: ignore[misc]
    del gone
    assert mine.told(busy, 0, question, wait_s=20) is not None
    began = time.monotonic()
    assert mine.told(Reader(), 9, lambda: question(9), wait_s=20) is not None
    assert time.monotonic() - began < 1.2


class Starts:
    """A growth in this process, and what each question that was asked started from."""

    def __init__(self) -> None:
        self.child = Here(leaves)
        self.growth = Growth(self.child)

    def ask(self, reader: Reader, number: int, *, standing: str = "two") -> Answer:
        """Ask and wait for the whole."""
        answer = self.growth.told(reader, number, lambda: question(number), standing=standing, wait_s=20, whole=True)
        assert answer is not None
        return answer

    @property
    def begun(self) -> list[tuple[float, ...]]:
        """From where, in order."""
        return [msgspec.msgpack.decode(data, type=Question).start for data in self.child.asked]


@pytest.fixture
def starts() -> Iterator[Starts]:
    """One of them, closed in the end."""
    made = Starts()
    yield made
    made.growth.close()


LEFT = (123456.0, sum(question().value))


def test_a_question_starts_where_the_reader_s_last_one_was_left(starts: Starts) -> None:
    """The first from nowhere, the next from there; no answer that is handed out holds it."""
    reader = Reader()
    answers = [starts.ask(reader, number) for number in (1, 2, 3)]
    assert starts.begun == [(), LEFT, LEFT]
    assert all(answer.start == () for answer in answers)


def test_a_start_is_the_reader_s_own_and_goes_with_the_answer(starts: Starts) -> None:
    """Nobody else's question has it; it goes when the answer is forgotten, or the reader shares with nobody now."""
    one, other = Reader(), Reader()
    starts.ask(one, 1)
    starts.ask(other, 1)
    starts.ask(one, 2, standing="alone")
    starts.growth.forget(other)
    starts.ask(other, 2)
    assert starts.begun == [(), (), (), ()]
    starts.ask(other, 3)
    assert starts.begun[-1] == LEFT


def test_a_start_makes_no_other_question_of_it(starts: Starts) -> None:
    """The same rows asked again under another key are not asked again, wherever they would start."""
    reader = Reader()
    starts.ask(reader, 1)
    assert starts.growth.told(reader, "new", lambda: question(1), standing="two", wait_s=20, whole=True) is not None
    assert len(starts.child.asked) == 1
    assert question(1).digest == msgspec.structs.replace(question(1), start=LEFT).digest


def test_what_lost_the_child_does_not_start_from_there_again(growth: Callable[..., Growth]) -> None:
    """A child that can't bear a start is not given it a second time."""
    fails = "tell(Answer(way, start=(1.0, 2.0))) if len(msgspec.msgpack.decode(data)[-1]) == 0 else sys.exit(3)"
    mine, reader = growth(fails, rest_s=0.0), Reader()
    assert mine.told(reader, 1, lambda: question(1), wait_s=20) is not None
    assert mine.told(reader, 2, lambda: question(2), wait_s=20) is None
    assert mine.told(reader, 2, lambda: question(2), wait_s=20) is not None


def test_no_question_is_answered_with_nothing(growth: Callable[..., Growth]) -> None:
    """And nothing is kept of somebody who had an answer before."""
    mine, reader = growth(), Reader()
    assert mine.told(reader, 1, question, wait_s=20, whole=True) is not None
    assert mine.told(reader, 2, lambda: None) is NOTHING
    assert len(mine) == 0


@pytest.mark.parametrize(
    "body", ["sys.exit(3)", "sys.stdout.buffer.write(b'junk' * 99); sys.stdout.flush()", "tell({'no': 'answer'})"]
)
def test_a_child_that_is_lost_is_left_alone_and_then_tried_again(growth: Callable[..., Growth], body: str) -> None:
    """It fails, speaks nonsense, or says what is no answer: nothing is told, and later it may be better."""
    mine, reader = growth(body, rest_s=0.5), Reader()
    assert mine.told(reader, 1, question, wait_s=20) is None
    assert not mine.well
    assert child_of(mine).pid is None
    assert mine.told(reader, 1, question, wait_s=20) is None
    time.sleep(0.6)
    mine._child = fake_child()
    assert mine.told(reader, 1, question, wait_s=20, whole=True) is not None


def test_a_child_that_takes_too_long_is_ended(growth: Callable[..., Growth], monkeypatch: pytest.MonkeyPatch) -> None:
    """A question that can't be answered in time is answered with nothing."""
    monkeypatch.setattr("toward.growth.process.ANSWER_S", 0.2)
    mine = growth("import time; time.sleep(60)")
    assert mine.told(Reader(), 1, question, wait_s=20) is None
    assert not mine.well


def test_a_child_ended_from_elsewhere_is_started_again(growth: Callable[..., Growth]) -> None:
    """Between two questions somebody may have ended it; the next one does not notice."""
    mine = growth()
    assert mine.told(Reader(), 1, question, wait_s=20) is not None
    process = child_of(mine)._process
    assert process is not None
    process.kill()
    process.wait()
    reader = Reader()
    assert mine.told(reader, 2, lambda: question(1), wait_s=20) is not None


def test_the_child_goes_when_nobody_asks_and_with_the_app(growth: Callable[..., Growth]) -> None:
    """Idle, it is ended and comes back when it is needed; closed, it is gone for good."""
    mine, reader = growth(idle_s=0.2), Reader()
    assert mine.told(reader, 1, question, wait_s=20, whole=True) is not None
    until = time.monotonic() + 10
    while child_of(mine).pid is not None:
        assert time.monotonic() < until
        time.sleep(0.02)
    assert mine.told(reader, 1, question) is not None
    assert mine.told(reader, 2, lambda: question(2), wait_s=20, whole=True) is not None
    pid = child_of(mine).pid
    mine.close()
    assert pid is None or not is_there(pid)
    assert not mine.well
    assert mine.told(reader, 3, lambda: question(3), wait_s=1) is None


def test_the_child_does_not_outlive_who_started_it() -> None:
    """A server that is killed closes the pipe, and the child ends with its input."""
    code = (
        "import os, time\n"
        "from tests.growth.made import fake_child, question\n"
        "from toward.growth import Growth\n"
        "growth = Growth(fake_child())\n"
        "growth.told(growth, 1, question, wait_s=20)\n"
        "print(growth._child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert is_there(pid)
    parent.kill()
    parent.communicate()
    until = time.monotonic() + 10
    while is_there(pid):
        assert time.monotonic() < until
        time.sleep(0.02)


def test_the_model_itself_answers_and_is_never_loaded_here() -> None:
    """The real child, once: a line and what goes with it, no NumPy on this side, and no secret on that one."""
    from toward import dyad

    asked = of_made_up(dyad.TYPICAL)
    code = (
        "import sys, msgspec\n"
        "from toward.growth import Growth, Question\n"
        "question = msgspec.json.decode(sys.stdin.buffer.read(), type=Question)\n"
        "growth = Growth()\n"
        "answer = growth.told(growth, 1, lambda: question, wait_s=300, whole=True)\n"
        "environment = open(f'/proc/{growth._child.pid}/environ', 'rb').read() if sys.platform == 'linux' else b''\n"
        "growth.close()\n"
        "heavy = {'numpy', 'scipy', 'numba', 'toward.dyad', 'toward.vault'} & set(sys.modules)\n"
        "print(msgspec.json.encode([answer, sorted(heavy), b'SECRET' in environment]).decode())\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        input=msgspec.json.encode(asked),
        capture_output=True,
        check=True,
        env={**os.environ, "SECRET": "postgres://somebody:SECRET@here"},
    )
    answer, heavy, leaked = msgspec.json.decode(run.stdout, type=tuple[Answer, list[str], bool])
    assert answer.way is not None
    assert len(answer.way.mean) == len(asked.days)
    assert all(0 < one < 2 for one in answer.way.sd)
    assert heavy == []
    assert not leaked
