"""What has been shown, as one person saw it: what did not come, signs, and what was frightening. Private and uncounted.

Agreements are shared and fold elsewhere (``agreements``). The two never meet here: no kept agreement changes anything
in this fold, so nothing kept can cancel what was frightening.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from toward.journal.kinds.trust import SignOf
from toward.journal.projections.days import day_of, parse_day
from toward.journal.projections.newest import Newest, When, when

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from toward.journal.kinds import Entry, Frightened, NotCome, Sign

KEPT: Final = 1000


class Waited(NamedTuple):
    """What was waited for and did not come. ``agreement`` is the agreement it was, if any."""

    id: bytes
    at_ms: int
    day: date
    agreement: bytes | None
    words: str


class Seen(NamedTuple):
    """A sign, and whether it was so."""

    id: bytes
    at_ms: int
    day: date
    of: SignOf
    so: bool
    words: str


class Fright(NamedTuple):
    """Something frightening that somebody did."""

    id: bytes
    at_ms: int
    day: date
    words: str


class Shown:
    """The reader's side of what has been shown; *away* holds the ids of what they put out of sight."""

    def __init__(self, away: AbstractSet[bytes]) -> None:
        self._away = away
        self._waited: Newest[Waited] = Newest(KEPT)
        self._signs: Newest[Seen] = Newest(KEPT)
        self._frights: Newest[Fright] = Newest(KEPT)

    def take_not_come(self, entry: Entry, body: NotCome) -> None:
        """Fold in something that did not come."""
        day = _day(entry, body.day)
        self._waited.add(_at(entry, day), Waited(entry.id, entry.at_ms, day, body.agreement, body.words))

    def take_sign(self, entry: Entry, body: Sign) -> None:
        """Fold in a sign."""
        day = _day(entry, body.day)
        self._signs.add(_at(entry, day), Seen(entry.id, entry.at_ms, day, body.of, body.so, body.words))

    def take_frightened(self, entry: Entry, body: Frightened) -> None:
        """Fold in something frightening."""
        day = _day(entry, body.day)
        self._frights.add(_at(entry, day), Fright(entry.id, entry.at_ms, day, body.words))

    @property
    def not_come(self) -> tuple[Waited, ...]:
        """What did not come, newest day first."""
        return tuple(one for one in self._waited.newest_first() if one.id not in self._away)

    @property
    def signs(self) -> tuple[Seen, ...]:
        """The signs, newest day first."""
        return tuple(one for one in self._signs.newest_first() if one.id not in self._away)

    @property
    def frightening(self) -> tuple[Fright, ...]:
        """What was frightening, newest day first."""
        return tuple(one for one in self._frights.newest_first() if one.id not in self._away)


def _day(entry: Entry, text: str) -> date:
    return parse_day(text) or day_of(entry.at_ms, entry.tz_min)


def _at(entry: Entry, day: date) -> When:
    return (day, *when(entry))
