"""A reader's life here: every fold, fed with one entry at a time.

>>> life = Life(me=bytes(16))
>>> life.checkins.latest, life.invitations.waiting, life.pauses.current(now_ms=0)
(None, (), None)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.journal.kinds import (
    CheckIn,
    Connection,
    DanceHalf,
    DanceMoment,
    DifferentQuestion,
    Frightened,
    HeartHeard,
    Imported,
    InvitationOpened,
    LifeEvent,
    Memory,
    Moment,
    Named,
    NotCome,
    PartnerKnown,
    PausePlan,
    Preferences,
    PutAway,
    Reached,
    Settled,
    Sign,
    SixSteps,
    Source,
    StepPutBy,
    Withdrawn,
)
from toward.journal.projections.checkins import CheckIns
from toward.journal.projections.connections import Connections
from toward.journal.projections.couple import Couple
from toward.journal.projections.dance import OwnDance
from toward.journal.projections.events import Event, Events, newest_first
from toward.journal.projections.hearts import OwnHearts
from toward.journal.projections.invitations import OwnSide
from toward.journal.projections.keepsakes import Keepsakes
from toward.journal.projections.line import FeltByDay, Marks
from toward.journal.projections.memories import Memories
from toward.journal.projections.newest import Latest, when
from toward.journal.projections.practised import OwnPractices
from toward.journal.projections.put_by import AllPutBy
from toward.journal.projections.shown import Shown
from toward.journal.projections.timeline import Timeline
from toward.journal.projections.within import Inner

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from toward.journal.kinds import Entry
    from toward.journal.opened import Opened
    from toward.journal.projections.agreements import Agreements
    from toward.journal.projections.hearts import HeartLine
    from toward.journal.projections.invitations import Invitations
    from toward.journal.projections.keepsakes import Keepsake
    from toward.journal.projections.line import Line
    from toward.journal.projections.pauses import Pauses
    from toward.journal.projections.practised import Practised, Session


class Life:
    """What one person can see of what happened; ``me`` is their id.

    What is private is the reader's alone. What is shared is that of the space they are in now: the one whose partner
    they confirmed last, or, before any is known, the one with the newest entry.
    """

    def __init__(self, me: bytes) -> None:
        self.me = me
        self.checkins = CheckIns()
        self.memories = Memories()
        self.timeline = Timeline()
        self._away: set[bytes] = set()
        self.connections = Connections(self._away)
        self.shown = Shown(self._away)
        self._events = Events(self._away)
        self.dance = OwnDance()
        self.inner = Inner()
        self._pause_plan: Latest[PausePlan] = Latest()
        self.put_by = AllPutBy()
        self._felt = FeltByDay()
        self._marks = Marks()
        self._practices = OwnPractices()
        self._keepsakes = Keepsakes()
        self._hearts = OwnHearts()
        self._own_side = OwnSide()
        self._preferences: Latest[Preferences] = Latest()
        self._tz_min: Latest[int] = Latest()
        self._name: Latest[str] = Latest()
        self._known: dict[bytes, PartnerKnown] = {}
        self._couples: dict[bytes, Couple] = {}
        self._alone = Couple(me, self._own_side)
        self._takes: dict[type, Callable[[Entry, Any], None]] = {
            CheckIn: self._take_checkin,
            Memory: self._take_memory,
            Moment: self._take_moment,
            Named: self._take_name,
            Settled: self._take_settled,
            Withdrawn: self._take_withdrawn,
            InvitationOpened: self._take_invitation_opened,
            Reached: self._own_side.take_reached,
            Preferences: self._take_preferences,
            PartnerKnown: self._take_partner,
            Imported: self._keepsakes.take,
            Connection: self.connections.take,
            NotCome: self.shown.take_not_come,
            Sign: self.shown.take_sign,
            Frightened: self.shown.take_frightened,
            LifeEvent: self._events.take,
            PutAway: self._take_put_away,
            DanceHalf: self.dance.take,
            DanceMoment: self.dance.take_moment,
            Source: self.inner.take_source,
            SixSteps: self.inner.take_steps,
            DifferentQuestion: self.inner.take_question,
            PausePlan: self._take_pause_plan,
            HeartHeard: self._hearts.take,
            StepPutBy: self.put_by.take,
        }

    def take(self, entry: Entry) -> None:
        """Fold in the next entry. What this program does not know changes nothing."""
        if entry.author == self.me:
            self._tz_min.set((entry.at_ms, entry.id), entry.tz_min)
        if entry.shared:
            couple = self._couples.get(entry.space)
            if couple is None:
                couple = self._couples[entry.space] = Couple(self.me, self._own_side)
            couple.take(entry)
            return
        take = self._takes.get(type(entry.body))
        if take is not None:
            take(entry, entry.body)

    def take_opened(self, opened: Opened) -> None:
        """Fold in an exchange that opened; it may come before or after the answer it opens."""
        (self.checkins if opened.topic == "checkin" else self.memories).take_opened(opened)

    # ----------------------------------------------------------------------------------------- own

    def _take_checkin(self, entry: Entry, body: CheckIn) -> None:
        self.checkins.take(entry, body)
        self.timeline.take(entry, body)
        self._felt.take(entry, body.felt)

    def _take_memory(self, entry: Entry, body: Memory) -> None:
        self.memories.take(entry, body)
        self.timeline.take(entry, body)

    def _take_moment(self, entry: Entry, body: Moment) -> None:
        self._marks.take(entry, body)
        self.timeline.take(entry, body)

    def _take_settled(self, entry: Entry, body: Settled) -> None:
        self._practices.take(entry, body)
        self.timeline.take(entry, body)

    def _take_withdrawn(self, _entry: Entry, body: Withdrawn) -> None:
        self.checkins.take_withdrawn(body.entry)
        self.memories.take_withdrawn(body.entry)

    def _take_invitation_opened(self, _entry: Entry, body: InvitationOpened) -> None:
        self._own_side.take_opened(body.invitation)

    def _take_name(self, entry: Entry, body: Named) -> None:
        self._name.set(when(entry), body.name)

    def _take_preferences(self, entry: Entry, body: Preferences) -> None:
        self._preferences.set(when(entry), body)

    def _take_partner(self, _entry: Entry, body: PartnerKnown) -> None:
        # Seen again for a space known before (new keys), it keeps that space's place in the order.
        self._known[body.space] = body

    def _take_put_away(self, _entry: Entry, body: PutAway) -> None:
        self._away.add(body.entry)

    def _take_pause_plan(self, entry: Entry, body: PausePlan) -> None:
        self._pause_plan.set(when(entry), body)

    @property
    def pause_plan(self) -> PausePlan:
        """What helps the reader in a pause, in their own words."""
        return self._pause_plan.value or PausePlan()

    @property
    def preferences(self) -> Preferences:
        """The reader's settings."""
        return self._preferences.value or Preferences()

    @property
    def tz_min(self) -> int:
        """The reader's offset from UTC when they last wrote anything."""
        return self._tz_min.value or 0

    @property
    def practices(self) -> tuple[Practised, ...]:
        """What the reader practised, newest first."""
        return self._practices.all

    @property
    def hearts(self) -> tuple[HeartLine, ...]:
        """What is left of hearts heard in sessions, newest first."""
        return self._hearts.all

    @property
    def keepsakes(self) -> tuple[Keepsake, ...]:
        """What the reader brought from an earlier home, newest first."""
        return self._keepsakes.all

    # ---------------------------------------------------------------------------------- of the two

    @property
    def _space(self) -> bytes | None:
        """The space of the partner confirmed last; one where nobody has said a word yet is not there."""
        known = next((space for space in reversed(self._known) if space in self._couples), None)
        if known is None and not self._known:
            return max(self._couples, key=lambda space: self._couples[space].newest, default=None)
        return known

    @property
    def partner(self) -> PartnerKnown | None:
        """Whom the reader confirmed last, whether that space is still open or not."""
        space = self._space or next(reversed(self._known), None)
        return None if space is None else self._known.get(space)

    @property
    def couple(self) -> Couple:
        """The shared space of now; an empty one for a person alone."""
        space = self._space
        return self._alone if space is None else self._couples[space]

    @property
    def partner_name(self) -> str:
        """What the partner is called; empty for a person alone."""
        return self.couple.partner_name or (self.partner.name if self.partner else "")

    @property
    def my_name(self) -> str:
        """What the reader is called here, or was by their partner before they said; empty until anything is known."""
        return self._name.value or self.couple.my_name

    @property
    def invitations(self) -> Invitations:
        """Invitations of the two."""
        return self.couple.invitations

    @property
    def agreements(self) -> Agreements:
        """Agreements of the two."""
        return self.couple.agreements

    @property
    def pauses(self) -> Pauses:
        """Pauses of the two."""
        return self.couple.pauses

    @property
    def together(self) -> tuple[Session, ...]:
        """What the two practised at the same time, newest first."""
        return self.couple.together.all

    @property
    def events(self) -> tuple[Event, ...]:
        """Life events: the reader's own, and what the two showed each other; newest day first."""
        return newest_first((*self._events.all, *self.couple.events.all))

    @property
    def line(self) -> Line:
        """The reader's line with what they marked and what shook them, and the partner's line while both agree."""
        marks = sorted((*self._marks.all, *(event.mark for event in self.events)), key=lambda mark: mark.day)
        return self.couple.sharing.line(self._felt.days, tuple(marks))
