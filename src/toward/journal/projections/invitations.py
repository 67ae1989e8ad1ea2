"""Invitations and what came of them, as one thing each.

Someone who was invited sees that something waits, and nothing of it, until they choose to open it. One that its author
took back before that was never there. What the author sees is the same whether it was opened or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from toward.journal.kinds import Answer, Invitation, Reached
from toward.journal.projections.agreements import Agreed
from toward.journal.projections.newest import Latest, when

if TYPE_CHECKING:
    from toward.journal.kinds import Entry, InvitationWithdrawn
    from toward.journal.projections.agreements import Agreements


class Answered(NamedTuple):
    """One answer to an invitation. There can be several: "can't yet", then "yes, now"."""

    id: bytes
    at_ms: int
    body: Answer


class Thread(NamedTuple):
    """An invitation, its answers in order, and what was agreed out of it. ``reached`` is one's own inner half of it."""

    id: bytes
    mine: bool
    at_ms: int
    body: Invitation
    withdrawn: bool
    answers: tuple[Answered, ...]
    agreements: tuple[Agreed, ...]
    reached: Reached | None

    @property
    def answer(self) -> Answered | None:
        """The answer that counts: the last."""
        return self.answers[-1] if self.answers else None


class OwnSide:
    """What the reader alone knows of invitations: which they opened, and the inner half of those they sent."""

    def __init__(self) -> None:
        self.opened: set[bytes] = set()
        self._reached: dict[bytes, Latest[Reached]] = {}

    def take_opened(self, invitation: bytes) -> None:
        """Fold in that the reader chose to open one."""
        self.opened.add(invitation)

    def take_reached(self, entry: Entry, body: Reached) -> None:
        """Fold in the inner half; one that led to no invitation stays in the journal alone."""
        if body.invitation is not None:
            self._reached.setdefault(body.invitation, Latest()).set(when(entry), body)

    def reached(self, invitation: bytes) -> Reached | None:
        """Return the inner half of an invitation that the reader sent."""
        held = self._reached.get(invitation)
        return held.value if held else None


class Invitations:
    """The invitations of one shared space."""

    def __init__(self, me: bytes, own: OwnSide, agreements: Agreements) -> None:
        self._me = me
        self._own = own
        self._agreements = agreements
        self._sent: dict[bytes, tuple[int, bytes, Invitation]] = {}
        self._answers: dict[bytes, list[tuple[int, bytes, bytes, Answer]]] = {}
        self._withdrawn: dict[bytes, set[bytes]] = {}

    def take(self, entry: Entry, body: Invitation) -> None:
        """Fold in an invitation."""
        self._sent[entry.id] = (entry.at_ms, entry.author, body)

    def take_answer(self, entry: Entry, body: Answer) -> None:
        """Fold in an answer; it may come before what it answers."""
        self._answers.setdefault(body.invitation, []).append((entry.at_ms, entry.id, entry.author, body))

    def take_withdrawn(self, entry: Entry, body: InvitationWithdrawn) -> None:
        """Fold in a withdrawal; only its author's counts."""
        self._withdrawn.setdefault(body.invitation, set()).add(entry.author)

    def _answered(self, invitation: bytes, author: bytes) -> tuple[Answered, ...]:
        found = sorted(self._answers.get(invitation, ()), key=lambda one: one[:2])
        return tuple(Answered(id_, at_ms, body) for at_ms, id_, who, body in found if who != author)

    def _is_withdrawn(self, invitation: bytes, author: bytes) -> bool:
        return author in self._withdrawn.get(invitation, ())

    def _may_see(self, invitation: bytes, author: bytes) -> bool:
        return author == self._me or invitation in self._own.opened or bool(self._answered(invitation, author))

    def thread(self, invitation: bytes) -> Thread | None:
        """Return one invitation; None if there is none or the reader has not opened it."""
        sent = self._sent.get(invitation)
        if sent is None or not self._may_see(invitation, sent[1]):
            return None
        at_ms, author, body = sent
        return Thread(
            id=invitation,
            mine=author == self._me,
            at_ms=at_ms,
            body=body,
            withdrawn=self._is_withdrawn(invitation, author),
            answers=self._answered(invitation, author),
            agreements=self._agreements.out_of(invitation),
            reached=self._own.reached(invitation) if author == self._me else None,
        )

    @property
    def threads(self) -> tuple[Thread, ...]:
        """Every invitation that the reader may see, newest first."""
        order = sorted(self._sent, key=lambda one: (self._sent[one][0], one), reverse=True)
        return tuple(thread for thread in map(self.thread, order) if thread is not None)

    @property
    def sent(self) -> tuple[Thread, ...]:
        """Those that the reader sent and did not take back, newest first."""
        return tuple(thread for thread in self.threads if thread.mine and not thread.withdrawn)

    @property
    def waiting(self) -> tuple[bytes, ...]:
        """Ids of what waits for the reader to open it, the one that came first at the front."""
        ready = [
            (at_ms, invitation)
            for invitation, (at_ms, author, _) in self._sent.items()
            if not self._may_see(invitation, author) and not self._is_withdrawn(invitation, author)
        ]
        return tuple(invitation for _, invitation in sorted(ready))

    @property
    def to_answer(self) -> tuple[Thread, ...]:
        """What the reader opened and has not answered, oldest first. No answer is owed."""
        return tuple(
            thread for thread in reversed(self.threads) if not (thread.mine or thread.withdrawn or thread.answers)
        )
