"""What was agreed and planned in calm for the next pause."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from toward.journal.projections.newest import When, when

if TYPE_CHECKING:
    from toward.journal.kinds import Entry, PauseWords, PauseWordsAgreed


class Proposal(NamedTuple):
    """Words that one of the two proposed to call a pause by."""

    id: bytes
    mine: bool
    words: str


class WordsForPause:
    """The words of one shared space. They count once somebody else than who proposed them has agreed."""

    def __init__(self, me: bytes) -> None:
        self._me = me
        self._proposed: dict[bytes, tuple[When, bytes, str]] = {}
        self._agreed: dict[tuple[bytes, bytes], When] = {}

    def take(self, entry: Entry, body: PauseWords) -> None:
        """Fold in a proposal."""
        self._proposed[entry.id] = (when(entry), entry.author, body.words)

    def take_agreed(self, entry: Entry, body: PauseWordsAgreed) -> None:
        """Fold in an agreement; it may come before what it agrees to."""
        key = (body.proposal, entry.author)
        self._agreed[key] = max(when(entry), self._agreed.get(key, (0, b"")))

    def _standing(self) -> tuple[When, str] | None:
        """The words agreed last, and when they were proposed."""
        found = [
            (at, self._proposed[proposal])
            for (proposal, author), at in self._agreed.items()
            if proposal in self._proposed and self._proposed[proposal][1] != author
        ]
        if not found:
            return None
        _, (proposed, _, words) = max(found)
        return proposed, words

    @property
    def agreed(self) -> str:
        """The two's words; empty until both have said so."""
        standing = self._standing()
        return standing[1] if standing else ""

    @property
    def open(self) -> Proposal | None:
        """The newest proposal that is newer than what stands."""
        standing = self._standing()
        since = standing[0] if standing else (0, b"")
        newer = [(at, one, author, words) for one, (at, author, words) in self._proposed.items() if at > since]
        if not newer:
            return None
        _, one, author, words = max(newer)
        return Proposal(one, author == self._me, words)
