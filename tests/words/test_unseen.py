"""The bars, on messages that were written before the corpus was read and that nothing was trained on."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.words_figures import auc, calibration_error, macro_f1, pairs_in_order, share, shipped
from toward.words import soften
from toward.words.corpus import BENIGN_TRAPS, HARSH_TRAP, read_corpus, read_messages

UNSEEN = read_messages(Path(__file__).parent / "unseen.jsonl")
SAID = shipped(UNSEEN)


def test_no_message_set_aside_is_in_the_corpus() -> None:
    """What is measured on was not learnt from."""
    corpus = {message.text.lower() for message in read_corpus(Path(__file__).parents[2] / "corpus")}
    assert not corpus & {message.text.lower() for message in UNSEEN}


def test_nobody_tender_is_told_anything() -> None:
    """Frightened, sad and plainly angry messages, which are the worst to get wrong: not one false alarm here."""
    tender = [m.text for m in UNSEEN if m.kind in {"frightened", "sad", "clean_anger"} and not m.is_harsh]
    assert len(tender) >= 10
    assert [text for text in tender if soften(text).verdict != "none"] == []


def test_the_bars_are_kept() -> None:
    """Every bar of the model card that this set is large enough to hold."""
    told = list(zip(UNSEEN, SAID, strict=True))
    assert auc(UNSEEN, SAID) >= 0.82
    assert macro_f1([m.is_harsh for m in UNSEEN], [s.alarm for s in SAID]) >= 0.75
    assert pairs_in_order(UNSEEN, SAID) >= 29 / 30
    assert share([s.alarm for m, s in told if m.kind in BENIGN_TRAPS and not m.is_harsh]) <= 0.15
    assert share([s.alarm for m, s in told if m.kind == HARSH_TRAP]) >= 0.5
    assert share([m.is_harsh for m, s in told if s.clear]) >= 0.92
    assert calibration_error(UNSEEN, SAID) <= 0.08


def test_danger_is_found_and_idioms_are_not() -> None:
    """All twelve in danger, each named for what it is; of the idioms at most one."""
    in_danger = [message for message in UNSEEN if message.danger]
    assert share([soften(message.text).danger is not None for message in in_danger]) >= 0.9
    assert share([soften(message.text).danger == message.danger for message in in_danger]) >= 0.9
    idioms = [message for message in UNSEEN if message.kind == "idiom"]
    assert sum(soften(message.text).danger is not None for message in idioms) <= 1


@pytest.mark.parametrize("message", [m for m in UNSEEN if m.pair], ids=lambda message: message.id)
def test_a_pair_is_whole(message: object) -> None:
    """Each pair has one message that is harsh and one that is not."""
    pair = [other for other in UNSEEN if other.pair == message.pair]  # type: ignore[attr-defined]
    assert sorted(other.is_harsh for other in pair) == [False, True]


def test_twins_written_after_the_rules_are_mostly_in_order() -> None:
    """Far from the bar (``docs/words.md`` says so), and not worse than it was: 33 of 40."""
    twins = read_messages(Path(__file__).parent / "twins.jsonl")
    assert len(twins) == 80
    assert pairs_in_order(twins, shipped(twins)) >= 32 / 40


def test_pairs_held_back_are_in_no_training_and_mostly_in_order() -> None:
    """Sixty pairs, twenty of each new voice, one side harsh and one not; none of their texts is in the corpus."""
    held = read_messages(Path(__file__).parent / "held.jsonl")
    corpus = read_corpus(Path(__file__).parents[2] / "corpus")
    assert not {message.text.lower() for message in corpus} & {message.text.lower() for message in held}
    assert not {message.pair for message in corpus} & {message.pair for message in held}
    pairs = {message.pair for message in held}
    assert len(pairs) == 60
    assert all(sorted(m.is_harsh for m in held if m.pair == pair) == [False, True] for pair in pairs)
    assert pairs_in_order(held, shipped(held)) >= 54 / 60
