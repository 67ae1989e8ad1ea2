"""Questions as a life gives rise to them, and children that need no model."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import msgspec

from toward.growth import Answer, Effect, Question, Way
from toward.growth.process import Child

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from toward.dyad import Habits, Parameters

FAKE = """
import sys
import msgspec
from toward.growth import frames
from toward.growth.told import Answer, Effect, Way

def tell(answer):
    frames.write(sys.stdout.buffer, msgspec.msgpack.encode(answer))

way = Way((4.0, 5.0), (0.5, 0.5), 1.0, 0.4)
whole = Answer(way, (Effect("softening", 0.5, 0.2, 0.8, 0.6),), ("touch",), "softening")
tell(Answer(None))
while (data := frames.read(sys.stdin.buffer)) is not None:
    {body}
"""
TELLS = "tell(Answer(way, whole=False)); tell(whole)"


def fake_child(body: str = TELLS) -> Child:
    """A child that answers each question by some lines of Python."""
    return Child(command=(sys.executable, "-P", "-c", FAKE.format(body=body)))


class Here(Child):
    """A child that works in this process, and remembers what it was asked."""

    def __init__(self, reckon: Callable[[Question], Iterable[Answer]]) -> None:
        super().__init__()
        self.asked: list[bytes] = []
        self._reckon = reckon

    def ask(self, question: bytes) -> Iterator[Answer]:
        """Answer in this thread."""
        self.asked.append(question)
        yield from self._reckon(msgspec.msgpack.decode(question, type=Question))


def leaves(question: Question) -> Iterable[Answer]:
    """A level way, then the whole; and as where it leaves off the sum of the question's values, known by its look."""
    way, start = (
        Way((3.0,) * len(question.days), (0.4,) * len(question.days), 0.0, 0.2),
        (123456.0, sum(question.value)),
    )
    return [Answer(way, whole=False, start=start), Answer(way, start=start)]


def says(*effects: Effect, guesses: tuple[str, ...] = (), hint: str = "") -> Callable[[Question], Iterable[Answer]]:
    """Answers each question with a level way around 3 and these effects, where they may be weighed."""

    def reckon(asked: Question) -> Iterable[Answer]:
        count = len(asked.days)
        way = Way((3.0,) * count, (0.4,) * count, 0.0, 0.2)
        return [Answer(way, effects, guesses, hint) if asked.weigh else Answer(way)]

    return reckon


def question(number: int = 0, *, weigh: bool = True) -> Question:
    """Some question; another number, another question."""
    return Question((0.0, 1.0 + number), (0, 0), ("checkin", "checkin"), (4.0, 5.0), (0.0, 1.0), weigh)


def of_made_up(
    couple: Parameters, *, days: int = 21, seed: int = 1, habits: Habits | None = None, weigh: bool = True
) -> Question:
    """What two made-up people's days would ask, a day at a time."""
    from toward import dyad

    often = habits or dyad.HABITS._replace(checkins=1, bids=0.3, softenings=0.2, touches=0.3, practices_a=0.4, marks=0)
    made = dyad.simulate(couple, days=days, seed=seed, habits=often).journal
    asked = tuple(float(made.time_days[0]) + day for day in range(days - 1))
    kinds = tuple(dyad.KINDS[code] for code in made.kind.tolist())
    return Question(
        tuple(made.time_days.tolist()), tuple(made.partner.tolist()), kinds, tuple(made.value.tolist()), asked, weigh
    )
