"""The shared space of two people as one of them sees it.

A person may have been in more than one: each stands for itself, so that nothing of an earlier partner (their name, a
pause, something that waits) reaches into the present.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.journal.kinds import (
    Agreement,
    AgreementChanged,
    Answer,
    DanceExit,
    DanceNamed,
    DanceShared,
    DanceTakenBack,
    Hello,
    Invitation,
    InvitationWithdrawn,
    LifeEventShown,
    LifeEventTakenBack,
    LinePoint,
    LineShared,
    PauseCalled,
    PauseMoved,
    PauseReturned,
    PauseWords,
    PauseWordsAgreed,
    Together,
)
from toward.journal.projections.agreements import Agreements
from toward.journal.projections.dance import SharedDance
from toward.journal.projections.events import Events
from toward.journal.projections.invitations import Invitations, OwnSide
from toward.journal.projections.line import LineSharing
from toward.journal.projections.newest import Latest, When, when
from toward.journal.projections.pause_help import WordsForPause
from toward.journal.projections.pauses import Pauses
from toward.journal.projections.practised import Sessions

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from toward.journal.kinds import Entry


class Couple:
    """What happened in one shared space."""

    def __init__(self, me: bytes, own: OwnSide) -> None:
        self._me = me
        self.agreements = Agreements(me)
        self.invitations = Invitations(me, own, self.agreements)
        self.pauses = Pauses(me)
        self.dance = SharedDance(me)
        self.pause_words = WordsForPause(me)
        self.together = Sessions()
        self.sharing = LineSharing(me)
        self.events = Events()
        self.newest: When = (0, b"")
        self._names: dict[bytes, Latest[str]] = {}
        self._takes: dict[type, Callable[[Entry, Any], None]] = {
            Hello: self._take_hello,
            Invitation: self.invitations.take,
            InvitationWithdrawn: self.invitations.take_withdrawn,
            Answer: self.invitations.take_answer,
            Agreement: self.agreements.take,
            AgreementChanged: self.agreements.take_changed,
            PauseCalled: self.pauses.take,
            PauseMoved: self.pauses.take_moved,
            PauseReturned: self.pauses.take_returned,
            Together: self.together.take,
            DanceShared: self.dance.take,
            DanceTakenBack: self.dance.take_back,
            DanceNamed: self.dance.take_name,
            DanceExit: self.dance.take_exit,
            PauseWords: self.pause_words.take,
            PauseWordsAgreed: self.pause_words.take_agreed,
            LineShared: self.sharing.take,
            LinePoint: self._take_point,
            LifeEventShown: self.events.take,
            LifeEventTakenBack: self._take_back,
        }

    def take(self, entry: Entry) -> None:
        """Fold in a shared entry; what it does not know it lets pass."""
        self.newest = max(self.newest, when(entry))
        take = self._takes.get(type(entry.body))
        if take is not None:
            take(entry, entry.body)

    def _take_hello(self, entry: Entry, body: Hello) -> None:
        self._names.setdefault(entry.author, Latest()).set(when(entry), body.name)

    def _take_point(self, entry: Entry, body: LinePoint) -> None:
        self.sharing.take_point(entry, body.felt)

    def _take_back(self, entry: Entry, body: LifeEventTakenBack) -> None:
        self.events.take_back(entry.author, body.event)

    def _name(self, *, mine: bool) -> str:
        names = (name.value for author, name in self._names.items() if (author == self._me) == mine)
        return next(names, None) or ""

    @property
    def my_name(self) -> str:
        """What the reader is called here; empty until they said."""
        return self._name(mine=True)

    @property
    def partner_name(self) -> str:
        """What the partner is called here; empty until they said."""
        return self._name(mine=False)
