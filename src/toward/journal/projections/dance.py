"""The dance: one's own half in all its versions, what both chose to show of theirs, its name and its ways out.

That it happened is folded nowhere: fights are not counted, so there is nothing here that could be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from toward.journal.kinds import (
    DanceHalf,
    DanceShared,
)
from toward.journal.projections.newest import Latest, Newest, When, when

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toward.journal.kinds import (
        DanceExit,
        DanceMoment,
        DanceNamed,
        DanceTakenBack,
        Entry,
    )

KEPT: Final = 500
EXITS: Final = 200


class Version(NamedTuple):
    """One version of one's own half."""

    id: bytes
    at_ms: int
    half: DanceHalf


class ShownHalf(NamedTuple):
    """One version of a half as its author showed it."""

    id: bytes
    at_ms: int
    mine: bool
    half: DanceShared


class WayOut(NamedTuple):
    """What helped once; ``shown`` says that both can read it."""

    at_ms: int
    words: str
    shown: bool


class OwnDance:
    """What only the reader has: their half, and the moments they tagged."""

    def __init__(self) -> None:
        self._versions: Newest[Version] = Newest(KEPT)
        self._exits: Newest[WayOut] = Newest(EXITS)

    def take(self, entry: Entry, body: DanceHalf) -> None:
        """Fold in a version."""
        self._versions.add(when(entry), Version(entry.id, entry.at_ms, body))

    def take_moment(self, entry: Entry, body: DanceMoment) -> None:
        """Fold in a way out. That it happened leaves no trace here."""
        if body.what == "exit" and body.words:
            self._exits.add(when(entry), WayOut(entry.at_ms, body.words, shown=False))

    @property
    def versions(self) -> tuple[Version, ...]:
        """The versions, newest first."""
        return self._versions.newest_first()

    @property
    def half(self) -> Version | None:
        """The half as it stands."""
        return next(iter(self.versions), None)

    @property
    def exits(self) -> tuple[WayOut, ...]:
        """The reader's ways out, newest first."""
        return self._exits.newest_first()


class SharedDance:
    """The dance as the two have it together, in one shared space."""

    def __init__(self, me: bytes) -> None:
        self._me = me
        self._shown: dict[bool, Newest[ShownHalf]] = {True: Newest(KEPT), False: Newest(KEPT)}
        self._taken_back: dict[bool, When] = {}
        self._name: Latest[str] = Latest()
        self._exits: Newest[WayOut] = Newest(EXITS)

    def take(self, entry: Entry, body: DanceShared) -> None:
        """Fold in a half as its author showed it."""
        mine = entry.author == self._me
        self._shown[mine].add(when(entry), ShownHalf(entry.id, entry.at_ms, mine, body))

    def take_back(self, entry: Entry, _body: DanceTakenBack) -> None:
        """Fold in that its author took theirs out again."""
        mine = entry.author == self._me
        self._taken_back[mine] = max(when(entry), self._taken_back.get(mine, (0, b"")))

    def take_name(self, entry: Entry, body: DanceNamed) -> None:
        """Fold in a name."""
        if body.name:
            self._name.set(when(entry), body.name)

    def take_exit(self, entry: Entry, body: DanceExit) -> None:
        """Fold in a way out."""
        if body.words:
            self._exits.add(when(entry), WayOut(entry.at_ms, body.words, shown=True))

    def shown(self, *, mine: bool) -> tuple[ShownHalf, ...]:
        """Return what one of the two shows, newest first; nothing once they took it back."""
        since = self._taken_back.get(mine, (0, b""))
        return tuple(one for one in self._shown[mine].newest_first() if (one.at_ms, one.id) > since)

    @property
    def mine(self) -> ShownHalf | None:
        """What the reader shows."""
        return next(iter(self.shown(mine=True)), None)

    @property
    def theirs(self) -> ShownHalf | None:
        """What the partner shows."""
        return next(iter(self.shown(mine=False)), None)

    @property
    def name(self) -> str:
        """What the two call it; empty until one of them said."""
        return self._name.value or ""

    @property
    def exits(self) -> tuple[WayOut, ...]:
        """The ways out that both can read, newest first."""
        return self._exits.newest_first()


def told_once(ways: Iterable[WayOut]) -> tuple[WayOut, ...]:
    """Return ways out newest first, each told once however often it helped; the one that both can read stands.

    >>> [way.words for way in told_once([WayOut(1, "tea", False), WayOut(2, "Tea", True), WayOut(3, "a walk", False)])]
    ['a walk', 'Tea']
    """
    newest: dict[str, WayOut] = {}
    for way in sorted(ways, key=lambda one: (one.at_ms, one.words), reverse=True):
        key = " ".join(way.words.casefold().split())
        if key not in newest or (way.shown and not newest[key].shown):
            newest[key] = way._replace(at_ms=newest[key].at_ms) if key in newest else way
    return tuple(newest.values())
