"""What somebody brought from an earlier home: read only, theirs alone, never part of the couple's life here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from toward.journal import codec
from toward.journal.projections.newest import Newest, when

if TYPE_CHECKING:
    from toward.journal.kinds import Body, Entry, Imported, Unknown

KEPT: Final = 5000


class Keepsake(NamedTuple):
    """One shared entry of an earlier home. ``original`` is its stored form, read only when it is shown."""

    id: bytes
    original_id: bytes
    author: bytes
    mine: bool
    at_ms: int
    tz_min: int
    original: bytes

    @property
    def body(self) -> Body | Unknown:
        """What it said. Raises ``Damaged`` if that does not read."""
        return codec.decode(self.original).body


class Keepsakes:
    """The keepsakes, by when they happened."""

    def __init__(self) -> None:
        self._kept: Newest[Keepsake] = Newest(KEPT)

    def take(self, entry: Entry, body: Imported) -> None:
        """Fold in a keepsake."""
        kept = Keepsake(entry.id, body.original_id, body.author, body.mine, entry.at_ms, entry.tz_min, body.original)
        self._kept.add(when(entry), kept)

    @property
    def all(self) -> tuple[Keepsake, ...]:
        """The keepsakes, newest first."""
        return self._kept.newest_first()
