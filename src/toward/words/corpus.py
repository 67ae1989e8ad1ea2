"""The corpus as it lies on disk: messages with labels, who writes them, and which two are a pair.

``messages/<voice>.jsonl`` holds the first labels, ``second/<voice>.jsonl`` a second pass made without sight of the
first, ``settled.jsonl`` what was agreed where they differ, each with its reason. The settled labels are the truth.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from toward.errors import UnreadableFile
from toward.words.rules import DANGERS, HARSH, OPEN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

BENIGN_TRAPS: Final = frozenset({
    "clean_anger", "boundary", "no", "complaint", "sad", "frightened", "teasing", "loving_absolute", "quoted",
    "about_other", "idiom", "profane_warm",
})  # fmt: skip
"""Looks harsh and is not: a word that wounds in another place, or a hard thing said cleanly."""

HARSH_TRAP: Final = "quiet_harsh"
"""Harsh with no word that gives it away."""

KINDS: Final = BENIGN_TRAPS | {HARSH_TRAP, "plain", "harsh", "soft", "mixed", "danger", "appreciation"}
LABELS: Final = (*HARSH, *OPEN)


class Message(NamedTuple):
    """One message with what its words do."""

    id: str
    voice: str
    pair: str | None
    kind: str
    labels: frozenset[str]
    danger: str | None
    text: str

    @property
    def is_harsh(self) -> bool:
        """Whether any of its labels is one of attack or a shut door."""
        return not self.labels.isdisjoint(HARSH)


class Labelling(NamedTuple):
    """What one reader said of one message."""

    labels: frozenset[str]
    danger: str | None


def _lines(path: Path) -> list[dict[str, Any]]:
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError as error:
            raise UnreadableFile(f"{path.name}:{number} is not JSON: {error.msg}") from error
    return found


def _labelling(raw: dict[str, Any], where: str) -> Labelling:
    labels = frozenset(raw["labels"])
    if unknown := labels - set(LABELS):
        raise UnreadableFile(f"{where} {raw['id']}: no such label: {', '.join(sorted(unknown))}")
    if raw["danger"] not in (None, *DANGERS):
        raise UnreadableFile(f"{where} {raw['id']}: no such danger: {raw['danger']}")
    return Labelling(labels, raw["danger"])


def read_messages(path: Path) -> list[Message]:
    """Return the messages of one file, in its order. Raises ``UnreadableFile`` that names the line or message."""
    found = []
    for raw in _lines(path):
        labelling = _labelling(raw, path.name)
        if raw["kind"] not in KINDS:
            raise UnreadableFile(f"{path.name} {raw['id']}: no such kind: {raw['kind']}")
        found.append(Message(raw["id"], raw["voice"], raw["pair"], raw["kind"], *labelling, raw["text"]))
    return found


def read_labels(path: Path) -> dict[str, Labelling]:
    """Return the labels of one file by the id of their message."""
    return {raw["id"]: _labelling(raw, path.name) for raw in _lines(path)}


def first_pass(folder: Path) -> list[Message]:
    """Return every message with the labels of its first pass, voice by voice in the order of their names."""
    return [message for path in sorted((folder / "messages").glob("*.jsonl")) for message in read_messages(path)]


def second_pass(folder: Path) -> dict[str, Labelling]:
    """Return the labels of the second pass, as far as there is one."""
    found: dict[str, Labelling] = {}
    for path in sorted((folder / "second").glob("*.jsonl")):
        found |= read_labels(path)
    return found


def read_corpus(folder: Path) -> list[Message]:
    """Return every message with the labels that hold: the settled ones, else the first."""
    path = folder / "settled.jsonl"
    settled = read_labels(path) if path.exists() else {}
    return [message._replace(**settled[message.id]._asdict()) if message.id in settled else message
            for message in first_pass(folder)]  # fmt: skip


def digest(messages: Sequence[Message]) -> str:
    """Return a short fingerprint of *messages* and their labels."""
    whole = sha256()
    for message in messages:
        fields = [message.id, message.kind, sorted(message.labels), message.danger, message.text]
        whole.update(json.dumps(fields).encode())
    return whole.hexdigest()[:16]
