"""Training: the solver finds the minimum, the bytes are the same each time, and thresholds are what they promise."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

from toward.words import train
from toward.words.corpus import digest, read_corpus
from toward.words.heads import heads
from toward.words.model import as_model, model
from toward.words.rules import HARSH, OPEN
from toward.words.softening import NOT_EXCLUDED
from toward.words.solver import fit
from toward.words.train import (
    FOLDER,
    calibrate,
    clear_from,
    danger_from,
    fit_head,
    held_out,
    seen_features,
    table,
    twins_of,
)

if TYPE_CHECKING:
    from toward.words.corpus import Message

ROOT = Path(__file__).parents[2]
GOEMOTIONS = ROOT.parent / "shared" / "data" / "text" / "goemotions"
CORPUS = read_corpus(ROOT / "corpus")


def some() -> list[Message]:
    """A few messages of two voices, with danger among them."""
    few = []
    for voice in ("plain", "terse"):
        of_voice = [message for message in CORPUS if message.voice == voice]
        few += [*of_voice[:45], *[message for message in of_voice[45:] if message.danger][:9]]
    return few


@pytest.fixture
def few_heads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four models in place of twenty-five, and an eighth of what stands beside the rules: seconds, not a minute."""
    few = [head for head in heads() if head.name in {"harsh", "contempt", "danger", "danger: fear"}]
    beside = train.from_rules()
    assert {*HARSH, *OPEN} <= {label for message in beside for label in message.labels}
    monkeypatch.setattr(train, "heads", lambda: few)
    monkeypatch.setattr(train, "from_rules", lambda: beside[::8])


def loss(weights: np.ndarray, bias: float, x: np.ndarray, yes: np.ndarray, each: np.ndarray, ridge: float) -> float:
    """The function that ``fit`` minimises, as it is written in a book."""
    z = x @ weights + bias
    return float((each * (np.logaddexp(0, z) - yes * z)).sum() + ridge / 2 * weights @ weights)


def test_the_solver_is_at_the_bottom() -> None:
    """No step in any direction makes the loss smaller."""
    rng = np.random.default_rng(5)
    x = (rng.random((60, 8)) < 0.3).astype(float)
    yes = (rng.random(60) < 0.4).astype(float)
    each = rng.uniform(0.5, 3, 60)
    weights, bias = fit(csr_matrix(x), yes, each, 0.7)
    least = loss(weights, bias, x, yes, each, 0.7)
    for number in range(9):
        for step in (1e-3, -1e-3):
            moved, shift = weights.copy(), bias
            if number < 8:
                moved[number] += step
            else:
                shift += step
            assert loss(moved, shift, x, yes, each, 0.7) > least


@pytest.mark.usefixtures("few_heads")
def test_the_same_messages_make_the_same_bytes() -> None:
    """Twice the same; the tree is what the reader of weights expects; another label, other bytes."""
    messages = some()
    once = train.written(train.train(messages))
    assert once == train.written(train.train(messages))
    made = as_model(json.loads(once))
    assert set(made.heads) < set(model().heads)
    assert len(made.biases) == len(made.calibration) == len(made.heads)
    changed = [messages[0]._replace(labels=frozenset({"contempt"}), kind="harsh"), *messages[1:]]
    assert train.written(train.train(changed)) != once


def test_the_weights_were_made_from_this_corpus() -> None:
    """Whoever changes a message or a label trains anew."""
    assert model().made_from["corpus"] == digest(CORPUS)


@pytest.mark.skipif(os.environ.get("CI") != "true", reason="takes half a minute; done where CI=true")
def test_the_shipped_weights_rebuild_byte_for_byte() -> None:
    """The whole corpus, from nothing, is what ships. In a process of its own: watching each line would cost double."""
    asked = [sys.executable, "-m", "toward.words.train", "--corpus", str(ROOT / "corpus"), "--check"]
    ran = subprocess.run(
        asked, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.usefixtures("few_heads")
def test_main_writes_what_changed_and_check_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``--check`` ends with 1 before, the plain call writes, and ``--check`` ends with 0 after."""
    home = tmp_path / "data"
    home.mkdir()
    for name in ("weights.json", "general.json"):
        (home / name).write_bytes((FOLDER / name).read_bytes())
    comments = tmp_path / "comments"
    comments.mkdir()
    (comments / "labels.txt").write_text("anger\nlove\nneutral\n")
    lines = [
        "you fool\t0\ta",
        "i hate it\t0\tb",
        "i love it\t1\tc",
        "so sweet of you\t1\td",
        "fine\t2\te",
        "hm\t0,1\tf",
    ]
    (comments / "train.tsv").write_text("\n".join(lines * 6))
    monkeypatch.setattr(train, "FOLDER", home)
    monkeypatch.setattr(train, "read_corpus", lambda _: some())
    monkeypatch.setattr(train, "rules_digest", lambda: "rules")
    asked = ["--corpus", str(tmp_path), "--strangers", str(comments)]
    assert train.main([*asked, "--check"]) == 1
    assert (home / "weights.json").read_bytes() == (FOLDER / "weights.json").read_bytes()
    assert train.main(asked) == 0
    assert train.main([*asked, "--check"]) == 0
    assert "the same" in capsys.readouterr().out
    assert json.loads((home / "general.json").read_bytes())["made_from"] == {"comments": "24"}


def test_a_voice_held_out_is_not_read() -> None:
    """What is said of a voice does not change when its labels do."""
    messages = some()
    over = table([seen_features(message.text) for message in messages])
    head = heads()[0]
    said = held_out(head, over, messages)
    turned = [m._replace(labels=frozenset({"blame"})) if m.voice == "plain" else m for m in messages]
    again = held_out(head, over, turned)
    away = np.array([message.voice == "plain" for message in messages])
    assert np.array_equal(said[away], again[away])
    assert not np.array_equal(said[~away], again[~away])


def test_twins_teach_which_of_their_words_hurts() -> None:
    """With their difference the harsh one is set further above the other; one that does not count says nothing."""
    messages = [message for message in CORPUS if message.pair][:40]
    head = heads()[0]
    over = table([seen_features(message.text) for message in messages], 1)
    yes = np.array([float(message.is_harsh) for message in messages])
    twins = twins_of(head, messages)
    assert twins
    assert twins_of(heads()[1], messages) == []

    def apart(counts: np.ndarray, pairs: list[tuple[int, int]]) -> float:
        said = fit_head(head, over, yes, counts, pairs).logits(over.matrix)
        return sum(float(said[one] - said[other]) for one, other in twins)

    assert apart(np.ones(40), twins) > apart(np.ones(40), []) + 0.1
    away = np.ones(40)
    away[[one for one, _ in twins]] = 0
    assert apart(away, twins) == apart(away, [])


def test_calibration_brings_chances_to_shares() -> None:
    """Logits twice too sure come back halved."""
    rng = np.random.default_rng(3)
    z = rng.normal(0, 2, 4000)
    yes = (rng.random(4000) < 1 / (1 + np.exp(-z))).astype(float)
    a, b = calibrate(2 * z, yes)
    assert a == pytest.approx(0.5, abs=0.04)
    assert b == pytest.approx(0, abs=0.12)


def test_thresholds_keep_their_promise() -> None:
    """Above "clear" nearly all are harsh, at "danger" nearly all are found; where nothing keeps it, the top."""
    chance = np.linspace(0, 1, 1001)
    yes = (chance > 0.7).astype(float)
    at = clear_from(chance, yes)
    assert yes[chance >= at].mean() >= train.CLEAR_PRECISION
    assert clear_from(chance, np.zeros(1001)) == pytest.approx(0.99)
    assert (chance[yes > 0] >= danger_from(chance, yes)).mean() >= train.DANGER_RECALL
    assert danger_from(chance, np.zeros(1001)) == pytest.approx(0.5)


def test_where_rules_find_danger_the_models_may_be_surer() -> None:
    """The promise is of the whole answer, as ``soften`` gives it: a rule needs no more than not to be excluded."""
    chance = np.linspace(0.01, 0.99, 99)
    yes = np.ones(99)
    signs = chance < 0.6
    alone, together = danger_from(chance, yes), danger_from(chance, yes, signs)
    assert together > alone
    answer = (chance >= together) | (signs & (chance >= NOT_EXCLUDED))
    assert answer.mean() >= train.DANGER_RECALL
    assert danger_from(chance, yes, np.zeros(99, bool)) == alone


@pytest.mark.skipif(not GOEMOTIONS.exists() and os.environ.get("CI") != "true", reason="GoEmotions is not here")
def test_strangers_comments_are_known_as_well_as_promised() -> None:
    """Macro-F1 of hard against soft on the test split, from the shipped weights, without the rules."""
    from benchmarks.words_figures import macro_f1
    from toward.words import strangers_view

    comments = train.strangers(GOEMOTIONS, "test")
    assert len(comments) > 1500
    comments = comments[::2]
    answers = [strangers_view(text) >= 0.5 for text, _ in comments]
    assert macro_f1([is_hard for _, is_hard in comments], answers) >= 0.85
