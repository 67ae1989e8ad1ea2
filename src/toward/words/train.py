"""Makes the shipped weights out of the corpus, byte for byte the same each time.

    python -m toward.words.train [--corpus corpus] [--strangers FOLDER] [--check]

One thread and no random number anywhere; weights are solved to eight digits and rounded to thousandths. Calibration and
thresholds come from messages of voices that the model at hand had not read. ``--strangers`` names a folder with
GoEmotions (train.tsv, labels.txt) and makes ``general.json`` anew as well; ``--check`` writes nothing and ends with 1
if it would change a file.

NumPy and SciPy are asked for here and in the solver, nowhere else in this room, and only when something is trained.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from toward.words.corpus import Labelling, Message, digest, read_corpus
from toward.words.features import features
from toward.words.heads import Head, heads
from toward.words.load import data
from toward.words.model import THOUSANDTHS
from toward.words.reading import read
from toward.words.rules import DANGER_FAMILIES, FAMILIES, HARSH, OPEN, hits
from toward.words.softening import NOT_EXCLUDED
from toward.words.solver import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # SciPy has no types

    Vector = NDArray[np.float64]

FOLDER: Final = Path(__file__).parent / "data"
RARE_RIDGE: Final = 3.0
STEEPEST_KEPT: Final = 1e-8
"""Weights that ship are solved to five digits below what is kept."""

STEEPEST_TRIED: Final = 1e-3
"""A model that is only asked about a voice and then thrown away may be a ten-thousandth off: half the time to train."""

PLAINER: Final = 1.4
"""How much surer than the corpus allows: it is made of near twins and traps, and ordinary messages are plainer."""

CLEAR_PRECISION: Final = 0.93
DANGER_RECALL: Final = 0.93
TWIN_WEIGHT: Final = 1.0
"""How much the difference of two near twins counts, each way, beside a message: it says which of their words hurts."""

FROM_RULES: Final = "rules"
"""The voice of what stands beside the rules; it is learnt from, and never measured on."""

EXAMPLE_WEIGHT: Final = 0.5
"""How much a rule's example counts beside a message of the corpus."""

ANTIDOTE_WEIGHT: Final = 1.5
"""How much an antidote counts: to be silent matters more than to find."""

TENDER_WEIGHT: Final = 1.4
"""How much a message counts that tells a feeling or a fear and is not harsh: the worst error is there."""

GENERAL_FEATURES: Final = 2000
HARD_EMOTIONS: Final = frozenset({"anger", "annoyance", "disapproval", "disgust"})
SOFT_EMOTIONS: Final = frozenset({"sadness", "fear", "love", "caring", "remorse", "grief", "nervousness", "gratitude"})


def seen_features(text: str) -> dict[str, float]:
    """Return the features of *text* as the models take them: the first value of each name."""
    reading = read(text)
    found: dict[str, float] = {}
    for name, value, _, _ in features(reading, hits(reading)):
        found.setdefault(name, value)
    return found


@dataclass(frozen=True, eq=False)
class Table:
    """Messages by features; column ``n`` is the feature ``names[n]``, seen in ``counts[n]`` messages."""

    matrix: csr_matrix
    names: tuple[str, ...]
    counts: Vector

    def columns(self, head: Head) -> NDArray[np.intp]:
        """Which columns *head* may see."""
        import numpy as np

        keep = [head.sees(name) for name in self.names]
        return np.flatnonzero(np.array(keep) & (self.counts >= head.seen_at_least))


def table(seen: Sequence[dict[str, float]], at_least: int = 2) -> Table:
    """Return the table of the features that *at_least* so many messages have, in the order of their names."""
    import numpy as np
    from scipy.sparse import csr_matrix

    counts = Counter(name for one in seen for name in one)
    names = tuple(sorted(name for name, count in counts.items() if count >= at_least))
    place = {name: number for number, name in enumerate(names)}
    rows, columns, values = [], [], []
    for row, one in enumerate(seen):
        for name, value in one.items():
            if name in place:
                rows.append(row)
                columns.append(place[name])
                values.append(value)
    matrix = csr_matrix((values, (rows, columns)), shape=(len(seen), len(names)), dtype=np.float64)
    return Table(matrix, names, np.array([counts[name] for name in names], dtype=np.float64))


@lru_cache(maxsize=1)
def _seen_by(head: Head, over: Table) -> tuple[NDArray[np.intp], Vector, csr_matrix]:
    """The columns that *head* may see, their scales, and the table of them: the same for every voice held out."""
    import numpy as np
    from scipy.sparse import diags

    columns = over.columns(head)
    scales = np.array([head.scales.get(over.names[column][0], 1.0) for column in columns])
    return columns, scales, (over.matrix[:, columns] @ diags(scales)).tocsr()


@dataclass(frozen=True)
class Fitted:
    """A model in full precision: the columns that it keeps, their weights, and the bias."""

    columns: NDArray[np.intp]
    weights: Vector
    bias: float

    def logits(self, matrix: csr_matrix) -> Vector:
        """Return what it says of each row."""
        return matrix[:, self.columns] @ self.weights + self.bias  # type: ignore[no-any-return]  # SciPy has no types


def fit_head(
    head: Head,
    over: Table,
    yes: Vector,
    counts: Vector,
    twins: Sequence[tuple[int, int]] = (),
    steepest: float = STEEPEST_KEPT,
) -> Fitted:
    """Fit *head* on the rows that count and keep the features that matter most: a large weight, seen often.

    *twins* are rows of which the first is yes and the second is not. Their difference counts both ways round, so that
    it turns the weights and not the bias.
    """
    import numpy as np
    from scipy.sparse import vstack

    columns, scales, seen = _seen_by(head, over)
    rows = counts > 0
    x, said, weights = seen[rows], yes[rows], (counts * np.where(yes > 0, head.yes_weight, 1.0))[rows]
    kept = [(one, other) for one, other in twins if rows[one] and rows[other]]
    if kept:
        apart = seen[[one for one, _ in kept]] - seen[[other for _, other in kept]]
        x = vstack([x, apart, -apart])
        said = np.concatenate([said, np.ones(len(kept)), np.zeros(len(kept))])
        weights = np.concatenate([weights, np.full(2 * len(kept), TWIN_WEIGHT)])
    found, bias = fit(x, said, weights, RARE_RIDGE, steepest)
    worth = np.abs(found) * np.sqrt(over.counts[columns])
    best = np.sort(np.argsort(-worth, kind="stable")[: head.keeps])
    return Fitted(columns[best], (found * scales)[best], bias)


def twins_of(head: Head, messages: Sequence[Message]) -> list[tuple[int, int]]:
    """Return the rows of near twins of which the first is yes to *head* and the second is not."""
    if not head.from_twins:
        return []
    pairs: dict[str, list[int]] = {}
    for row, message in enumerate(messages):
        if message.pair:
            pairs.setdefault(message.pair, []).append(row)
    return [
        (one, other)
        for rows in pairs.values()
        for one in rows
        for other in rows
        if head.is_yes(messages[one]) and not head.is_yes(messages[other])
    ]


def weights_of(messages: Sequence[Message]) -> Vector:
    """Return how much each message counts."""
    import numpy as np

    return np.array([_weight_of(message) for message in messages])


def _weight_of(message: Message) -> float:
    if message.voice == FROM_RULES:
        return EXAMPLE_WEIGHT if message.labels or message.danger else ANTIDOTE_WEIGHT
    return TENDER_WEIGHT if not message.is_harsh and message.labels & {"feeling", "fear"} else 1.0


def held_out(head: Head, over: Table, messages: Sequence[Message]) -> Vector:
    """Return the logit of each message from a model that had read no message of its voice."""
    import numpy as np

    voices = np.array([message.voice for message in messages])
    yes = np.array([float(head.is_yes(message)) for message in messages])
    counts, twins = weights_of(messages), twins_of(head, messages)
    said = np.zeros(len(messages))
    for voice in sorted({*voices} - {FROM_RULES}):
        away = voices == voice
        fitted = fit_head(head, over, yes, np.where(away, 0.0, counts), twins, STEEPEST_TRIED)
        said[away] = fitted.logits(over.matrix[away])
    return said


def calibrate(said: Vector, yes: Vector) -> tuple[float, float]:
    """Return (a, b) of p = 1 / (1 + exp(-(a z + b)))."""
    import numpy as np
    from scipy.sparse import csr_matrix

    slope, bias = fit(csr_matrix(said[:, None]), yes, np.ones_like(yes), 1e-3)
    return round(float(slope[0]), 3), round(bias, 3)


def clear_from(chance: Vector, yes: Vector) -> float:
    """Return the lowest probability, in hundredths, above which CLEAR_PRECISION of the messages are harsh."""
    for hundredth in range(60, 99):
        above = chance >= hundredth / 100
        if above.any() and yes[above].mean() >= CLEAR_PRECISION:
            return hundredth / 100
    return 0.99


def danger_from(chance: Vector, yes: Vector, signs: NDArray[np.bool_] | None = None) -> float:
    """Return the highest probability, in hundredths, at which DANGER_RECALL of the messages in danger are found.

    Where *signs* says that a rule fires, the answer needs no more than NOT_EXCLUDED, as in ``soften``.
    """
    import numpy as np

    by_rule = np.zeros(len(chance), bool) if signs is None else signs & (chance >= NOT_EXCLUDED)
    for hundredth in range(50, 2, -1):
        found = by_rule | (chance >= hundredth / 100)
        if found[yes > 0].mean() >= DANGER_RECALL if yes.any() else True:
            return hundredth / 100
    return 0.02


def _has_sign(text: str) -> bool:
    return any(hit.rule.family in DANGER_FAMILIES for hit in hits(read(text)))


def rules_digest() -> str:
    """Return a short fingerprint of the data that features are made from."""
    whole = sha256()
    names = [
        "classes.json",
        "concepts.json",
        "spelling.json",
        "tags.json",
        *(f"rules/{p.name}" for p in (FOLDER / "rules").glob("*")),
    ]
    for name in sorted(names):
        whole.update(name.encode() + (FOLDER / name).read_bytes())
    return whole.hexdigest()[:16]


def from_rules() -> list[Message]:
    """Return what stands beside the rules as messages: their examples, and what must not be taken for one."""
    found = []
    for family in FAMILIES:
        danger = DANGER_FAMILIES.get(family)
        label = frozenset({family} & {*HARSH, *OPEN})
        for raw in data(f"rules/{family}.json"):
            told = [(text, Labelling(label, danger)) for text in raw["examples"]]
            if family in HARSH or danger:
                told += [(text, Labelling(frozenset(), None)) for text in raw["antidotes"]]
            found += [Message(raw["id"], FROM_RULES, None, "plain", *labelling, text) for text, labelling in told]
    return found


def train(messages: Sequence[Message]) -> dict[str, Any]:
    """Return the shipped weights as a tree of plain values."""
    import numpy as np

    made_from = {"corpus": digest(messages), "rules": rules_digest()}
    messages = [*messages, *from_rules()]
    over = table([seen_features(message.text) for message in messages])
    signs = np.array([_has_sign(message.text) for message in messages if message.voice != FROM_RULES])
    of_people = np.array([message.voice != FROM_RULES for message in messages])
    biases, calibration = [], []
    thresholds = {"perhaps": 0.5, "clear": 0.99, "danger": 0.5}
    rows: dict[str, list[int]] = {}
    for number, head in enumerate(heads()):
        yes = np.array([float(head.is_yes(message)) for message in messages])
        said = held_out(head, over, messages)[of_people]
        a, b = calibrate(said, yes[of_people])
        if head.name == "harsh":
            a = round(PLAINER * a, 3)
        chance = 1 / (1 + np.exp(-(a * said + b)))
        if head.name == "harsh":
            thresholds["clear"] = clear_from(chance, yes[of_people])
        elif head.name == "danger":
            thresholds["danger"] = danger_from(chance, yes[of_people], signs)
        fitted = fit_head(head, over, yes, weights_of(messages), twins_of(head, messages))
        biases.append(round(fitted.bias * THOUSANDTHS))
        calibration.append([a, b])
        _add(rows, over, fitted, number)
    return {
        "heads": [head.name for head in heads()],
        "biases": biases,
        "calibration": calibration,
        "thresholds": thresholds,
        "made_from": made_from,
        **_columns(rows),
    }


def _add(rows: dict[str, list[int]], over: Table, fitted: Fitted, number: int) -> None:
    for column, weight in zip(fitted.columns, fitted.weights, strict=True):
        name = over.names[column]
        thousandths = round(float(weight) * THOUSANDTHS)
        if thousandths:
            rows.setdefault(name, []).extend((number, thousandths))


def _columns(rows: dict[str, list[int]]) -> dict[str, str]:
    """The table as two long strings, a line for each feature: a tenth of the time of a tree of lists to read."""
    names = sorted(rows)
    return {"features": "\n".join(names), "weights": "\n".join(" ".join(map(str, rows[name])) for name in names)}


def strangers(folder: Path, split: str) -> list[tuple[str, bool]]:
    """Return the comments of GoEmotions that are hard (True) or soft, and not both."""
    names = (folder / "labels.txt").read_text("utf-8").split()
    found = []
    for line in (folder / f"{split}.tsv").read_text("utf-8").splitlines():
        text, numbers, _ = line.split("\t")
        emotions = {names[int(number)] for number in numbers.split(",")}
        if emotions.isdisjoint(HARD_EMOTIONS) != emotions.isdisjoint(SOFT_EMOTIONS):
            found.append((text, not emotions.isdisjoint(HARD_EMOTIONS)))
    return found


def train_general(comments: Sequence[tuple[str, bool]]) -> dict[str, Any]:
    """Return the weights of the model of strangers' comments."""
    import numpy as np

    head = Head("harsh", lambda _: True, lambda name: name[0] in "wo^$s" and name.count(" ") < 2, 5, GENERAL_FEATURES)  # noqa: PLR2004
    over = table([seen_features(text) for text, _ in comments], head.seen_at_least)
    yes = np.array([float(is_hard) for _, is_hard in comments])
    fitted = fit_head(head, over, yes, np.ones(len(comments)))
    rows: dict[str, list[int]] = {}
    _add(rows, over, fitted, 0)
    return {
        "heads": ["harsh"],
        "biases": [round(fitted.bias * THOUSANDTHS)],
        "calibration": [[1.0, 0.0]],
        "thresholds": {},
        "made_from": {"comments": str(len(comments))},
        **_columns(rows),
    }


def written(tree: dict[str, Any]) -> bytes:
    """Return the bytes of a weights file."""
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def main(arguments: Sequence[str]) -> int:
    """Train, and write or compare."""
    parser = argparse.ArgumentParser(prog="python -m toward.words.train")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--strangers", type=Path)
    parser.add_argument("--check", action="store_true")
    chosen = parser.parse_args(arguments)
    made = {"weights.json": written(train(read_corpus(chosen.corpus)))}
    if chosen.strangers:
        made["general.json"] = written(train_general(strangers(chosen.strangers, "train")))
    changed = [name for name, content in made.items()
               if not (FOLDER / name).exists() or (FOLDER / name).read_bytes() != content]  # fmt: skip
    if not chosen.check:
        for name in changed:
            (FOLDER / name).write_bytes(made[name])
    for name, content in made.items():
        sys.stdout.write(f"{name}: {len(content):,} bytes, {'changed' if name in changed else 'the same'}\n")
    return 1 if chosen.check and changed else 0


if __name__ == "__main__":
    for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[threads] = "1"  # sums in one order
    sys.exit(main(sys.argv[1:]))
