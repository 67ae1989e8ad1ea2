"""The corpus is what its guide says; two readers' agreement is counted as Cohen counts it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toward.errors import UnreadableFile
from toward.words import agreement
from toward.words.agreement import differences, kappa
from toward.words.corpus import (
    BENIGN_TRAPS,
    HARSH_TRAP,
    LABELS,
    Labelling,
    Message,
    digest,
    first_pass,
    read_corpus,
    read_messages,
    second_pass,
)

CORPUS = Path(__file__).parents[2] / "corpus"
MESSAGES = read_corpus(CORPUS)


def test_there_is_enough_and_of_everything() -> None:
    """At least 2,000 messages, six voices, every label, three dangers, pairs, and a third that only looks harsh."""
    voices = Counter(message.voice for message in MESSAGES)
    assert len(MESSAGES) >= 2000
    assert len(voices) >= 6
    assert min(voices.values()) >= 200
    labels = Counter(label for message in MESSAGES for label in message.labels)
    assert min(labels[label] for label in LABELS) >= 40
    assert {message.danger for message in MESSAGES} == {None, "threat", "fear", "self_harm"}
    assert sum(message.kind in BENIGN_TRAPS for message in MESSAGES) >= 0.35 * len(MESSAGES)
    assert sum(message.kind == HARSH_TRAP for message in MESSAGES) >= 0.1 * len(MESSAGES)


def test_ids_and_texts_are_one_of_a_kind() -> None:
    """No message twice, under whatever name."""
    assert len({message.id for message in MESSAGES}) == len(MESSAGES)
    assert len({message.text.lower() for message in MESSAGES}) == len(MESSAGES)
    assert all(message.id.startswith(f"{message.voice}-") for message in MESSAGES)


def test_no_opening_is_a_mould() -> None:
    """No first three words open more than one in thirty of a voice."""
    for voice in {message.voice for message in MESSAGES}:
        opened = Counter(" ".join(m.text.lower().split()[:3]) for m in MESSAGES if m.voice == voice)
        assert opened.most_common(1)[0][1] <= sum(opened.values()) / 30


def test_a_message_of_no_harsh_kind_has_no_harsh_label() -> None:
    """A kind that says "only looks so", "soft" or "plain" has no label of attack; the harsh kinds have one."""
    wrong = [m.id for m in first_pass(CORPUS) if m.kind in {*BENIGN_TRAPS, "soft", "plain"} and m.is_harsh]
    assert wrong == []
    assert [m.id for m in first_pass(CORPUS) if m.kind in {"harsh", HARSH_TRAP} and not m.is_harsh] == []


def row(**changes: object) -> str:
    """One line of a corpus file."""
    whole: dict[str, Any] = {
        "id": "a-1", "voice": "a", "pair": None, "kind": "plain", "labels": [], "danger": None, "text": "hi",
    }  # fmt: skip
    return json.dumps(whole | changes) + "\n"


@pytest.mark.parametrize(
    "line",
    ["not json\n", row(labels=["rude"]), row(danger="fire"), row(kind="poem")],
    ids=["json", "label", "danger", "kind"],
)
def test_a_broken_file_says_where(tmp_path: Path, line: str) -> None:
    """The error names the file and the line or message."""
    path = tmp_path / "a.jsonl"
    path.write_text(row(id="a-0") + line)
    with pytest.raises(UnreadableFile, match=r"a\.jsonl"):
        read_messages(path)


def folder(path: Path) -> Path:
    """A corpus of three messages, all read twice; two differ and one of these is settled."""
    for name in ("messages", "second"):
        (path / name).mkdir()
    (path / "messages" / "a.jsonl").write_text(row() + row(id="a-2", labels=["demand"]) + row(id="a-3", danger="fear"))
    second = [("a-1", [], None), ("a-2", ["threat"], None), ("a-3", [], None)]
    (path / "second" / "a.jsonl").write_text(
        "".join(json.dumps({"id": i, "labels": labels, "danger": danger}) + "\n" for i, labels, danger in second)
    )
    (path / "settled.jsonl").write_text('{"id": "a-2", "labels": ["threat"], "danger": null, "reason": "or else"}\n')
    return path


def test_what_was_settled_holds(tmp_path: Path) -> None:
    """Settled before first; the second pass alone changes nothing."""
    messages = read_corpus(folder(tmp_path))
    assert [sorted(message.labels) for message in messages] == [[], ["threat"], []]
    assert [message.danger for message in messages] == [None, None, "fear"]
    assert digest(messages) != digest(first_pass(tmp_path))


def test_the_table_and_the_list_of_agreement(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Kappa of every label and danger, how many differ, and on request those that nobody settled."""
    assert agreement.main([str(folder(tmp_path)), "--list"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("3 of 3 messages have been read twice\n")
    assert "2 differ, 1 of them not settled" in told
    assert "a-3\t- [fear]\t- [None]\thi" in told
    assert "a-2\t" not in told
    assert {*LABELS} <= {line.split(" kappa")[0].strip() for line in told.splitlines()}
    (tmp_path / "settled.jsonl").unlink()
    agreement.main([str(tmp_path)])
    assert "2 differ, 2 of them not settled" in capsys.readouterr().out


def test_kappa_by_hand() -> None:
    """Cohen's own arithmetic: 20 and 15 agreed of 50, chance .5, so (.7 - .5) / (1 - .5)."""
    one = [True] * 25 + [False] * 25
    other = [True] * 20 + [False] * 5 + [True] * 10 + [False] * 15
    assert kappa(one, other) == pytest.approx(0.4)
    assert kappa([], []) == 1
    assert kappa([False, False], [False, False]) == 1


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1))
def test_kappa_is_the_same_whoever_reads_first(rows: list[tuple[bool, bool]]) -> None:
    """It is symmetric, at most 1, and 1 for two who never differ."""
    one, other = [a for a, _ in rows], [b for _, b in rows]
    assert kappa(one, other) == pytest.approx(kappa(other, one))
    assert kappa(one, other) <= 1 + 1e-9
    assert kappa(one, one) == 1


def test_differences_are_of_those_read_twice() -> None:
    """A message without a second reading differs from nothing."""
    message = Message("x", "v", None, "plain", frozenset(), None, "hi")
    assert differences([message], {}) == []
    assert differences([message], {"x": Labelling(frozenset(), None)}) == []
    assert len(differences([message], {"x": Labelling(frozenset({"bid"}), None)})) == 1


def test_the_second_pass_reads_what_the_first_wrote() -> None:
    """Every label of a second pass is of a message that exists."""
    assert set(second_pass(CORPUS)) <= {message.id for message in first_pass(CORPUS)}
