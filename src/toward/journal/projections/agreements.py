"""What the two agreed: small actions, kept, moved, repaired or let go. Nothing counts what was missed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from toward.journal.projections.days import parse_day

if TYPE_CHECKING:
    from toward.journal.kinds import Agreement, AgreementChanged, Entry

State = Literal["agreed", "kept", "moved", "repaired", "let_go"]


class Changed(NamedTuple):
    """One change of an agreement; ``mine`` says who wrote it."""

    at_ms: int
    mine: bool
    to: State
    day: date | None


class Agreed(NamedTuple):
    """An agreement as it stands. ``state`` and ``day`` are those of the last change; either may change it."""

    id: bytes
    at_ms: int
    mine: bool
    invitation: bytes | None
    words: str
    day: date | None
    state: State
    changes: tuple[Changed, ...]

    @property
    def open(self) -> bool:
        """Whether it is still ahead."""
        return self.state in {"agreed", "moved"}


class Agreements:
    """The agreements of one shared space."""

    def __init__(self, me: bytes) -> None:
        self._me = me
        self._made: dict[bytes, tuple[int, bytes, Agreement]] = {}
        self._changes: dict[bytes, list[tuple[int, bytes, bytes, AgreementChanged]]] = {}
        self._out_of: dict[bytes, list[bytes]] = {}

    def take(self, entry: Entry, body: Agreement) -> None:
        """Fold in an agreement."""
        self._made[entry.id] = (entry.at_ms, entry.author, body)
        if body.invitation is not None:
            self._out_of.setdefault(body.invitation, []).append(entry.id)

    def take_changed(self, entry: Entry, body: AgreementChanged) -> None:
        """Fold in a change; it may come before what it changes."""
        self._changes.setdefault(body.agreement, []).append((entry.at_ms, entry.id, entry.author, body))

    def agreed(self, agreement: bytes) -> Agreed | None:
        """Return one agreement as it stands."""
        made = self._made.get(agreement)
        if made is None:
            return None
        at_ms, author, body = made
        found = sorted(self._changes.get(agreement, ()), key=lambda one: one[:2])
        changes = tuple(Changed(at, who == self._me, change.to, parse_day(change.day)) for at, _, who, change in found)
        moved = [change for change in changes if change.to == "moved"]
        return Agreed(
            id=agreement,
            at_ms=at_ms,
            mine=author == self._me,
            invitation=body.invitation,
            words=body.words,
            day=moved[-1].day if moved else parse_day(body.day),
            state=changes[-1].to if changes else "agreed",
            changes=changes,
        )

    def _all(self, ids: list[bytes]) -> list[Agreed]:
        found = [agreed for agreed in map(self.agreed, ids) if agreed is not None]
        return sorted(found, key=lambda one: (one.at_ms, one.id))

    def out_of(self, invitation: bytes) -> tuple[Agreed, ...]:
        """Return what came out of an invitation, oldest first."""
        return tuple(self._all(self._out_of.get(invitation, [])))

    @property
    def all(self) -> tuple[Agreed, ...]:
        """Every agreement, newest first."""
        return tuple(reversed(self._all(list(self._made))))

    @property
    def open(self) -> tuple[Agreed, ...]:
        """Those still ahead: the ones with a day first, by day, then the others as they were made."""
        ahead = [agreed for agreed in reversed(self.all) if agreed.open]
        return tuple(sorted(ahead, key=lambda one: (one.day is None, one.day.toordinal() if one.day else 0)))
