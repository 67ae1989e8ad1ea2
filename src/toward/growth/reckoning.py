"""In the child: from a question to its answers. First where the reader was, which is quick; then what goes with it.

With a start from the reader's last answer there is a line before the fit's own, for whoever waits (``dyad.again``). The
fit that follows knows nothing of the start: what is told in the end, and what the next question starts from, is the
same to the last bit whatever was asked before.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from toward import dyad
from toward.dyad.effects import PRACTICES, all_differences, learnt
from toward.dyad.estimate import notes
from toward.dyad.forecasts import frightened
from toward.errors import BadInput
from toward.growth.told import LEARNT, Answer, Effect, Way

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toward.growth.asked import Question

Array = NDArray[np.float64]

SILENT: Final = frozenset({"no_answers", "few_answers", "no_spread", "not_settled", "flat"})
"""Notes of a fit that says too little to be drawn. That there is one person only is no reason: it is about that one."""
OWN: Final = ("bid_a", "practice_a", "practice_both", "softening", "touch")
"""What the reader does, or both do. What the other does alone is not weighed: that would be a verdict on them."""
TIMES: Final = 3
"""Less often than this it was an event, and no practice that goes together with anything."""
DRAWS: Final = 100
DAYS: Final = 2.0
"""What is done today shows in the days after it, and in a week it is lost among everything else."""


def warm() -> None:
    """Load every kernel that an answer needs, or compile it, by weighing a softer word of two made-up people."""
    habits = dyad.HABITS._replace(softenings=1.0)
    made = dyad.simulate(dyad.TYPICAL, days=7, seed=1, habits=habits).journal
    fit = dyad.fit(made, valleys=False)
    dyad.path(fit, made.time_days[-1:])
    dyad.again(made, made.time_days[-1:], fit.laplace.start)
    all_differences(fit, ("softening",), days=DAYS, most=2)


def answers(question: Question) -> Iterator[Answer]:
    """Yield the reader's way, at once if there is a start; then the fit's own; and then everything, if it is wanted."""
    journal = dyad.journal(zip(question.time_days, question.partner, question.kind, question.value, strict=True))
    weigh = question.weigh and not frightened(journal)
    days = np.array(question.days)
    quick = _quick(journal, days, question.start)
    if quick is not None:
        yield Answer(quick, whole=False)
    found = dyad.fit(journal, valleys=False)
    if SILENT & set(found.notes):
        yield Answer(None)
        return
    way, start = _way(dyad.path(found, days)), _packed(found.laplace.start)
    yield Answer(way, whole=not weigh, start=start)
    if weigh:
        yield msgspec.structs.replace(_weighed(found, way), start=start)


def _quick(journal: dyad.Journal, days: Array, numbers: tuple[float, ...]) -> Way | None:
    """The way from where the last fit came to rest; None without it, or where only a fit can say."""
    if not numbers or SILENT & set(notes(journal)):
        return None
    with suppress(BadInput):  # a start that is none costs its line only
        path = dyad.again(journal, days, _unpacked(numbers))
        return _way(path) if path is not None else None
    return None


def _packed(start: dyad.Start) -> tuple[float, ...]:
    """A start as plain numbers: where, and the lower half of the covariance."""
    return (*start.z.tolist(), *start.covariance[np.tril_indices(start.z.size)].tolist())


def _unpacked(numbers: tuple[float, ...]) -> dyad.Start:
    """What ``_packed`` was given. Raises ``BadInput`` for another count of numbers."""
    size = len(dyad.TYPICAL)
    if len(numbers) != size + size * (size + 1) // 2:
        message = f"a start of {len(numbers)} numbers"
        raise BadInput(message, field="start", reason="shape")
    covariance = np.zeros((size, size))
    covariance[np.tril_indices(size)] = numbers[size:]
    return dyad.Start(np.array(numbers[:size]), covariance + np.tril(covariance, -1).T)


def _way(path: dyad.Path) -> Way:
    return Way(
        tuple(path.mean[:, 0].tolist()),
        tuple(path.sd[:, 0].tolist()),
        float(path.change[0]),
        float(path.change_sd[0]),
    )


def times_of(journal: dyad.Journal) -> dict[str, int]:
    """How often each practice was done, as far as the reader knows."""
    kind, partner, value = (column.tolist() for column in (journal.kind, journal.partner, journal.value))
    found = dict.fromkeys(OWN, 0)
    for code, who, worth in zip(kind, partner, value, strict=True):
        name = dyad.KINDS[code]
        if name == "practice":
            name = {0: "practice_a", 2: "practice_both"}.get(who, "")
        elif name == "bid":
            name = "bid_a" if who == 0 else ""
        elif name == "touch" and worth <= 0:
            name = ""  # what was not welcome is not what the practice means
        if name in found:
            found[name] += 1
    return found


def _weighed(fit: dyad.Fit, way: Way) -> Answer:
    done = [name for name, times in times_of(fit.journal).items() if times >= TIMES]
    known = {name: learnt(fit, name) for name in done}
    # A simulation of what is not learnt has a narrow band around the guess, which would look like knowledge.
    gaps = all_differences(fit, [name for name in done if known[name] >= LEARNT], days=DAYS, most=DRAWS)
    effects = []
    for name, gap in gaps.items():
        low, high = np.quantile(gap[:, 0], [0.1, 0.9]).tolist()
        effects.append(Effect(name, float(gap[:, 0].mean()), low, high, known[name]))
    return Answer(way, tuple(effects), tuple(name for name in done if name not in gaps), _hint(fit, effects))


def _hint(fit: dyad.Fit, effects: list[Effect]) -> str:
    """The model's next practice of those that help, if its own rules let it choose.

    Of the moment's body it knows less than the guide, which has gates of its own.
    """
    helps = {effect.practice for effect in effects if effect.helps}
    if not helps:
        return ""
    chosen = dyad.next_practice(fit, gates=dyad.Gates(veto=frozenset(PRACTICES) - helps), days=DAYS)
    return chosen.practice if chosen.practice in helps and chosen.why == "helps" else ""
