"""How well ``toward.words`` reads voices that it has not read, beside VADER, a profanity model and the majority.

    python -m benchmarks.words [--goemotions FOLDER]

The peers live in an environment of their own, made once:

    python -m venv .venv-peers-words
    .venv-peers-words/bin/pip install --require-hashes -r benchmarks/peers/words.lock

Each figure on the corpus comes from models that had read no message of the voice (in the second table: of the pair) at
hand; 95 % intervals are from 400 draws of whole pairs. The messages in ``tests/words/unseen.jsonl`` were written
before the corpus was read and are in no training. Some rules were written after it was seen which pairs of the corpus
were out of order, so their order flatters; the pairs in ``tests/words/twins.jsonl`` were written after those rules.
Those in ``tests/words/held.jsonl`` were drawn by the hash of their ids out of 367 new ones, before any was tried.
Errors on frightened, sad and plainly angry messages stand first.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import beta  # type: ignore[import-untyped]  # SciPy has no types

from benchmarks.words_figures import Said, auc, calibration_error, macro_f1, pairs_in_order, share, shipped
from toward.words import DANGERS, soften, strangers_view
from toward.words.corpus import BENIGN_TRAPS, HARSH_TRAP, read_corpus, read_messages
from toward.words.heads import heads
from toward.words.model import model
from toward.words.reading import read
from toward.words.rules import DANGER_FAMILIES, hits
from toward.words.softening import NOT_EXCLUDED, is_clear
from toward.words.train import FOLDER, from_rules, held_out, seen_features, strangers, table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from toward.words.corpus import Message

ROOT = Path(__file__).parents[1]
PEERS = ROOT / ".venv-peers-words" / "bin" / "python"
TENDER = {"frightened", "sad", "clean_anger"}
DRAWS = 400


Figure = tuple[str, str, "Callable[[Sequence[Message], Sequence[Said]], float]"]


def _of(kind: Callable[[Message], bool], what: Callable[[Said], bool] = lambda one: one.alarm) -> Callable[..., float]:
    return lambda messages, said: share([what(s) for m, s in zip(messages, said, strict=True) if kind(m)])


FIGURES: list[Figure] = [
    ("false alarms: tender", "", _of(lambda m: m.kind in TENDER and not m.is_harsh)),
    ("false alarms: benign traps", "<= .15", _of(lambda m: m.kind in BENIGN_TRAPS and not m.is_harsh)),
    ("found: harsh traps", ">= .50", _of(lambda m: m.kind == HARSH_TRAP)),
    ("found: all harsh", "", _of(lambda m: m.is_harsh)),
    ("AUC", ">= .82", auc),
    ("macro-F1", ">= .75", lambda ms, said: macro_f1([m.is_harsh for m in ms], [s.alarm for s in said])),
    ("pairs in order", ">= .967", pairs_in_order),
    ("calibration error", "<= .08", calibration_error),
    (
        "right where clear",
        ">= .92",
        lambda ms, said: share([m.is_harsh for m, s in zip(ms, said, strict=True) if s.clear]),
    ),
    ("share of clear", "", lambda _, said: share([s.clear for s in said])),
]


def interval(messages: Sequence[Message], said: Sequence[Said], figure: Callable[..., float]) -> tuple[float, float]:
    """A 95 % interval, drawing whole pairs with replacement."""
    groups: dict[str, list[int]] = defaultdict(list)
    for number, message in enumerate(messages):
        groups[message.pair or message.id].append(number)
    units, draw = list(groups.values()), random.Random(1)
    found = []
    for _ in range(DRAWS):
        rows = [(row, copy) for copy, unit in enumerate(draw.choices(units, k=len(units))) for row in unit]
        # A pair drawn twice is two pairs.
        drawn = [messages[row]._replace(pair=f"{copy}" if messages[row].pair else None) for row, copy in rows]
        found.append(figure(drawn, [said[row] for row, _ in rows]))
    cuts = quantiles([value for value in found if value == value] or [float("nan")] * 2, n=40)  # noqa: PLR0124 - not NaN
    return cuts[0], cuts[-1]


def peers(texts: list[str]) -> dict[str, list[Said]]:
    """What VADER and the profanity model say; nothing where they are not installed."""
    majority = {"majority": [Said(0.0, alarm=False)] * len(texts)}
    if not PEERS.exists():
        print("(no peers: see the top of benchmarks/words.py)")
        return majority
    given = "".join(json.dumps(text) + "\n" for text in texts)
    script = str(ROOT / "benchmarks" / "words_peers.py")
    out = subprocess.run([str(PEERS), script], input=given, capture_output=True, text=True, check=True).stdout
    *rows, took = [json.loads(line) for line in out.splitlines()]
    print(f"(ms a message: VADER {took[0]:.3f}, profanity {took[1]:.3f})")
    return {
        "VADER": [Said((compound + 1) / 2, compound >= 0.05) for compound, _ in rows],
        "profanity": [Said(chance, chance >= 0.5) for _, chance in rows],
        **majority,
    }


def show(title: str, messages: Sequence[Message], ours: list[Said]) -> None:
    """Print every figure with its bar, ours with an interval, and the peers beside it."""
    print(f"\n{title}: {len(messages)} messages, {share([m.is_harsh for m in messages]):.2f} harsh")
    others = peers([message.text for message in messages])
    print(f"{'':28}{'bar':>9}{'toward':>9}  {'95 %':13}" + "".join(f"{name:>11}" for name in others))
    for name, bar, figure in FIGURES:
        low, high = interval(messages, ours, figure)
        row = f"{name:28}{bar:>9}{figure(messages, ours):9.3f}  {low:.3f}-{high:.3f}  "
        print(row + "".join(f"{figure(messages, said):11.3f}" for said in others.values()))


def chances(number: int, logits: np.ndarray) -> list[float]:
    """Calibrated probabilities, with the shipped calibration of head *number*."""
    a, b = model().calibration[number]
    return [float(chance) for chance in 1 / (1 + np.exp(-(a * logits + b)))]


def away(messages: list[Message]) -> tuple[list[Said], list[bool]]:
    """What models say that had not read the voice: harsh or not, and danger or not."""
    learnt = [*messages, *from_rules()]
    over = table([seen_features(message.text) for message in learnt])
    every = heads()
    numbers = {head.name: number for number, head in enumerate(every)}
    found = [hits(read(message.text)) for message in messages]
    harsh = chances(0, held_out(every[0], over, learnt)[: len(messages)])
    said = [Said(p, p >= 0.5, is_clear(p, hit)) for p, hit in zip(harsh, found, strict=True)]
    number = numbers["danger"]
    risk = chances(number, held_out(every[number], over, learnt)[: len(messages)])
    signs = [any(hit.rule.family in DANGER_FAMILIES for hit in each) for each in found]
    at = model().thresholds["danger"]
    return said, [p >= (NOT_EXCLUDED if sign else at) for p, sign in zip(risk, signs, strict=True)]


def by_pair(messages: list[Message]) -> list[Said]:
    """The same with nine folds of whole pairs, every voice in each."""
    folds: dict[str, int] = {}
    for message in messages:
        folds.setdefault(message.pair or message.id, len(folds) % 9)
    moved = [message._replace(voice=str(folds[message.pair or message.id])) for message in messages]
    learnt = [*moved, *from_rules()]
    logits = held_out(heads()[0], table([seen_features(message.text) for message in learnt]), learnt)[: len(messages)]
    found = [hits(read(message.text)) for message in messages]
    return [Said(p, p >= 0.5, is_clear(p, hit)) for p, hit in zip(chances(0, logits), found, strict=True)]


def danger(title: str, messages: Sequence[Message], alarms: Sequence[bool]) -> None:
    """Print how much danger is found, and what is taken for danger that is none."""
    print(f"\nDanger, {title}")
    for sort in (*DANGERS, None):
        picked = [alarm for message, alarm in zip(messages, alarms, strict=True) if message.danger == sort]
        print(f"  {'found: ' + sort if sort else 'false alarms':24}{share(picked):.3f} of {len(picked)}")
    found = [alarm for message, alarm in zip(messages, alarms, strict=True) if message.danger]
    idioms = [alarm for message, alarm in zip(messages, alarms, strict=True) if message.kind == "idiom"]
    print(f"  {'found: all (bar >= .90)':24}{share(found):.3f} of {len(found)}")
    print(f"  {'idioms (bar <= 2 of 17)':24}{sum(idioms)} of {len(idioms)}")


def general(folder: Path) -> None:
    """Print what is known of strangers' comments."""
    comments = strangers(folder, "test")
    truth = [is_hard for _, is_hard in comments]
    texts = [text for text, _ in comments]
    print(f"\nGoEmotions test, hard against soft: {len(texts)} comments (bar: macro-F1 >= .85)")
    rows = {"toward, strangers": [strangers_view(text) >= 0.5 for text in texts]}
    rows["toward, couples"] = [soften(text).harsh >= 0.5 for text in texts]
    rows |= {name: [one.alarm for one in said] for name, said in peers(texts).items()}
    for name, answers in rows.items():
        print(f"  {name:24}macro-F1 {macro_f1(truth, answers):.3f}")


def pairs_apart(name: str, messages: Sequence[Message]) -> None:
    """Print how many pairs of a set that nothing was trained on are in order, with Clopper and Pearson's interval."""
    count = len(messages) // 2
    right = round(pairs_in_order(messages, shipped(messages)) * count)
    low = float(beta.ppf(0.025, right, count - right + 1)) if right else 0.0
    high = float(beta.ppf(0.975, right + 1, count - right)) if right < count else 1.0
    print(f"\nPairs in {name}: {right} of {count} in order, {right / count:.3f} ({low:.3f}-{high:.3f})")


def costs(messages: Sequence[Message]) -> None:
    """Print what it takes: bytes, time to load in a new process, time a message."""
    size = sum(path.stat().st_size for path in FOLDER.parent.rglob("*") if path.suffix in {".json", ".py"})
    code = "from time import process_time as t; a = t(); from toward.words import soften; soften('x'); print(t() - a)"
    with TemporaryDirectory() as cache:  # as it is once installed: the bytecode of Python's sources is there
        kept = {**os.environ, "PYTHONPYCACHEPREFIX": cache}
        kept.pop("PYTHONDONTWRITEBYTECODE", None)
        runs = [
            subprocess.run([sys.executable, "-c", code], env=kept, capture_output=True, check=True) for _ in range(9)
        ]
    loads = [float(run.stdout) for run in runs[1:]]
    took = []
    for message in messages:
        started = time.process_time()
        soften(message.text)
        took.append((time.process_time() - started) * 1000)
    print(f"\n{size:,} bytes (bar <= 500,000); load {min(loads) * 1000:.0f} ms at best (bar <= 50)")
    print(f"a message: median {sorted(took)[len(took) // 2]:.3f} ms, p95 {quantiles(took, n=20)[-1]:.3f} ms (bar <= 1)")


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.words")
    parser.add_argument("--goemotions", type=Path)
    chosen = parser.parse_args()
    messages = read_corpus(ROOT / "corpus")
    said, alarms = away(messages)
    show("Voices not read", messages, said)
    danger("voices not read", messages, alarms)
    print("\nBy voice, not read      n    AUC  macro-F1  benign  traps")
    for voice in sorted({message.voice for message in messages}):
        rows = [number for number, message in enumerate(messages) if message.voice == voice]
        part = [messages[row] for row in rows], [said[row] for row in rows]
        values = [FIGURES[number][2](*part) for number in (4, 5, 1, 2)]
        print(f"  {voice:16}{len(rows):7}" + "".join(f"{value:8.3f}" for value in values))
    show("Pairs not read", messages, by_pair(messages))
    unseen = read_messages(ROOT / "tests" / "words" / "unseen.jsonl")
    show("Set aside before the corpus was read", unseen, shipped(unseen))
    danger("set aside", unseen, [soften(message.text).danger is not None for message in unseen])
    for name in ("twins", "held"):
        pairs_apart(name, read_messages(ROOT / "tests" / "words" / f"{name}.jsonl"))
    if chosen.goemotions:
        general(chosen.goemotions)
    costs(messages)


if __name__ == "__main__":
    main()
