"""The room of two people as a state machine without I/O: events with their times in, effects out.

Up to two people, each with several devices, or one phone lying between them. Presence exists here and nowhere else:
both see plainly whether the other is there, and nobody sees when they last were. A breath that runs depends on nothing
but the time: not on who comes, who drops out, or whose thumb is lifted.

    REST  --breathe-->  BREATH    --both ready-->  REMEMBER  --the minute is over-->  REST
    any   --both willing to meet-->  MEET (a breath may run in it)  --stop-->  BREATH or REST
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from toward.errors import BadInput
from toward.live import messages as say
from toward.live.ears import RealEars
from toward.live.events import Activity, Close, Effect, Event, Heard, Joined, Left, Note, Send, Snapshot, Tick, Told
from toward.live.heart_messages import Beats, Frames, Wish
from toward.live.hearts import Hearts
from toward.live.meeting import begin
from toward.live.presence import Arrival, Presence
from toward.live.tally import Tally
from toward.practices.breath import Plan

if TYPE_CHECKING:
    from typing import Literal

    from toward.live.ears import Ears
    from toward.live.events import How, Practice

LEAD_MS: Final = 3000
"""A breath begins this long after it was asked for, so that both phones have it in time."""
LINGER_MS: Final = 120_000
"""An empty room waits this long, or to the end of its breath, for phones that dropped out."""
LEAP: Final = 1_000_000
"""A room taken over numbers its states from here on, past any that the last holder sent unseen."""

CLOSE_STRANGER: Final = 4403
CLOSE_EXPIRED: Final = 4408
CLOSE_TOO_MANY: Final = 4409


class Room:
    """One couple's room. ``handle`` takes an event and its time and returns what must be done about it."""

    def __init__(self, snapshot: Snapshot | None = None, ears: Ears | None = None) -> None:
        """Open an empty room, or carry on with the one another worker left; its hearts are heard anew by *ears*."""
        was = snapshot or Snapshot()
        self._here = Presence(was.people)
        self._hearts = Hearts(self._here, ears or RealEars())
        self._rev = was.rev + LEAP if snapshot else 0
        self._now_ms = was.now_ms
        self._activity = was.activity
        self._plan = was.plan
        self._opened_ms = was.opened_ms
        self._meeting = was.meeting
        self._ready = set(was.ready)
        self._willing = dict(was.willing)
        self._together = Tally(was.together_ms)
        self._empty_since_ms: float | None = None
        # Who is not here now, and whether they went on purpose. Of those whom the last holder knew we can't say.
        self._went = dict.fromkeys(was.people, False)
        self._closed = False

    # ------------------------------------------------------------------------------------------ what can be seen

    @property
    def rev(self) -> int:
        """The number of the newest change."""
        return self._rev

    @property
    def closed(self) -> bool:
        """Whether the room is over; a new one begins with the next who comes."""
        return self._closed

    @property
    def activity(self) -> Activity:
        """What the two are doing."""
        return self._activity

    @property
    def plan(self) -> Plan | None:
        """The breath that runs, if one does."""
        return self._plan

    @property
    def conns(self) -> frozenset[str]:
        """The devices that are here."""
        return frozenset(self._here.devices)

    def snapshot(self) -> Snapshot:
        """Return what another worker needs to carry on."""
        return Snapshot(
            rev=self._rev,
            now_ms=self._now_ms,
            people=tuple(self._here.people),
            activity=self._activity,
            plan=self._plan,
            opened_ms=self._opened_ms,
            meeting=self._meeting,
            ready=tuple(sorted(self._ready)),
            willing=dict(self._willing),
            together_ms=dict(self._together.spent_ms),
        )

    def state_for(self, person: bytes) -> say.State:
        """Return everything that ``person`` may see."""
        seen = self._here.seen_by(person)
        return say.State(
            rev=self._rev,
            them=seen.them,
            them_quiet=seen.them_quiet,
            quiet=seen.quiet,
            one_phone=self._here.one_phone is not None,
            plan=self._plan,
            your_thumb=seen.your_thumb,
            their_thumb=seen.their_thumb,
            ready=person in self._ready,
            opened_ms=self._opened_ms,
            willing=person in self._willing,
            turn=self._meeting.seen_by(person, one_phone=self._here.one_phone is not None) if self._meeting else None,
        )

    # ------------------------------------------------------------------------------------------------- the machine

    def handle(self, event: Event, at_ms: float) -> list[Effect]:
        """Take one event at room time ``at_ms`` and return the effects, in order.

        Times may come a little out of order (they cross between workers); the room's own time never runs backwards.

        Raises:
            RuntimeError: the room is closed.
        """
        if self._closed:
            raise RuntimeError(f"Expected an open room, but it is closed: {event!r}")
        effects = self._pass_time(at_ms)
        match event:
            case Told(conn, message):
                effects += self._told(conn, message)
            case Heard(conn, ago_ms):
                effects += self._heard(conn, self._now_ms - ago_ms)
            case Joined(conn, person, quiet_ms):
                effects += self._joined(conn, person, self._now_ms - quiet_ms)
            case Left(conn, meant):
                effects += self._left(conn, meant=meant)
            case Tick():
                effects += self._tick()
            case _:
                assert_never(event)
        return effects

    def _pass_time(self, at_ms: float) -> list[Effect]:
        """Credit the time that both were here, and end a breath whose time is over."""
        before_ms, self._now_ms = self._now_ms, max(self._now_ms, at_ms)
        plan = self._plan
        if plan is None and self._meeting is None:
            return []
        if self._here.both_take_part:
            if plan is not None:
                self._together.add(self._breathing, max(before_ms, plan.started_ms), min(self._now_ms, plan.ends_ms))
            if self._meeting is not None:
                self._together.add("meet", before_ms, self._now_ms)
        if plan is None or self._now_ms < plan.ends_ms:
            return []
        return [*self._end_breath(), *self._tell_all()]

    @property
    def _breathing(self) -> Practice:
        return "breath" if self._opened_ms is None else "remember"

    def _notes(self, *practices: Practice) -> list[Effect]:
        """Ask for one note for each practice that lasted, and count anew. The first device here writes it."""
        lasted = self._together.take(practices)
        conn = next(iter(self._here.devices), None)
        how: How = "one_phone" if self._here.one_phone else "together"
        return [Note(conn, practice, minutes, how) for practice, minutes in lasted if conn is not None]

    def _tell_all(self) -> list[Effect]:
        """Number a change and send each person their own view of it."""
        self._rev += 1
        return [Send(conns, self.state_for(person)) for person, conns in self._here.conns.items()]

    def _tell(self, conn: str) -> list[Effect]:
        return [Send((conn,), self.state_for(self._here.devices[conn].person))]

    # --------------------------------------------------------------------------------------------- coming and going

    def _heard(self, conn: str, at_ms: float) -> list[Effect]:
        return self._tell_all() if conn in self._here.devices and self._here.hear(conn, at_ms) else []

    def _joined(self, conn: str, person: bytes, seen_ms: float) -> list[Effect]:
        arrival = self._here.arrive(conn, person, seen_ms)
        if arrival is Arrival.STRANGER:
            return [Close(conn, CLOSE_STRANGER)]
        if arrival is Arrival.KNOWN:
            return self._heard(conn, seen_ms)
        self._empty_since_ms = None
        self._went.pop(person, None)
        if self._meeting is not None:
            self._meeting = self._meeting.known(person)
        effects: list[Effect] = []
        silent = self._here.crowded_out(person)
        if silent is not None:
            effects = [Close(silent, CLOSE_TOO_MANY), *self._left(silent, meant=False)]
        return [*effects, *self._tell_all()]

    def _left(self, conn: str, *, meant: bool) -> list[Effect]:
        device = self._here.devices.get(conn)
        if device is None:
            return []
        last = len(self._here.devices) == 1
        effects = self._notes("breath", "remember", "meet") if last else []
        effects += self._hearts.left(conn, device.person, meant=meant, now_ms=self._now_ms)
        self._here.remove(conn)
        if not self._here.has(device.person):
            self._ready.discard(device.person)
            self._willing.pop(device.person, None)
            self._went[device.person] = meant
            if meant:
                effects += self._end_meeting()
        if last:
            self._empty_since_ms = self._now_ms
            # A breath goes on for who only dropped out, and for one alone, who may just be loading the page anew. Where
            # both have gone on purpose, the evening goes on.
            both_went = len(self._went) > 1 and all(self._went.values())
            self._closed = meant and (self._plan is None or both_went)
        return [*effects, *self._tell_all()]

    def _tick(self) -> list[Effect]:
        effects: list[Effect] = []
        for conn in self._here.expired(self._now_ms):
            effects += [Close(conn, CLOSE_EXPIRED), *self._left(conn, meant=False)]
        if self._here.fall_silent(self._now_ms):
            effects += self._tell_all()
        effects += self._hearts.tick(self._now_ms)
        if self._here.devices:
            return effects
        if self._empty_since_ms is None:
            self._empty_since_ms = self._now_ms
        waits_ms = self._empty_since_ms + LINGER_MS
        self._closed = self._now_ms > (max(waits_ms, self._plan.ends_ms) if self._plan else waits_ms)
        return effects

    # ------------------------------------------------------------------------------------------- what people do

    def _told(self, conn: str, message: say.PhoneMessage) -> list[Effect]:  # noqa: C901, PLR0911, PLR0912 -- a line each
        device = self._here.devices.get(conn)
        if device is None:
            return [_refuse(conn, "not_now", "to have joined first", type(message).__name__)]
        if self._here.hear(conn, self._now_ms):
            return [*self._tell_all(), *self._told(conn, message)]
        match message:
            case say.Thumb():
                return self._thumb(conn, message)
            case say.Breathe():
                return self._breathe(conn, message)
            case say.Ready(on=on):
                return self._get_ready(conn, device.person, on=on)
            case say.Meet(role=role):
                return self._meet(conn, device.person, role)
            case say.Pass():
                return self._pass(conn, device.person, message)
            case say.Stop(what="meet"):
                return [*self._end_meeting(), *self._tell_all()] if self._meeting else self._tell(conn)
            case say.Stop():
                return self._stop_breath(conn)
            case say.Between(on=on):
                return self._between(conn, on=on)
            case say.Quiet(on=on):
                return self._keep_quiet(conn, on=on)
            case say.Leave():
                return self._left(conn, meant=True)
            case Wish() | Beats() | Frames():
                return self._hearts.told(conn, device.person, message, self._now_ms)
            case say.Probe():
                # The worker answers probes at its door, where no queue adds to the round trip.
                return []
            case _:
                assert_never(message)

    def _thumb(self, conn: str, message: say.Thumb) -> list[Effect]:
        device = self._here.devices[conn]
        theirs = message.whose == "them"
        if theirs and conn != self._here.one_phone:
            return [_refuse(conn, "not_yours", "your own thumb, or one phone between you", "the other's thumb")]
        if message.down == (device.their_thumb if theirs else device.thumb):
            return self._tell(conn)
        if theirs:
            device.their_thumb = message.down
        else:
            device.thumb = message.down
        return self._tell_all()

    def _breathe(self, conn: str, message: say.Breathe) -> list[Effect]:
        if self._plan is not None:
            return self._tell(conn)
        starts_ms = self._now_ms + LEAD_MS
        try:
            plan = Plan(started_ms=starts_ms, in_s=message.in_s, out_s=message.out_s, minutes=message.minutes)
        except BadInput as wrong:
            return [_refuse(conn, "bad_input", "a pace that settles", str(wrong))]
        self._plan = plan
        if self._activity is Activity.REST:
            self._activity = Activity.BREATH
        return self._tell_all()

    def _end_breath(self) -> list[Effect]:
        effects = [*self._notes(self._breathing), *self._hearts.conclude(self._now_ms)]
        self._plan = None
        self._opened_ms = None
        self._activity = Activity.MEET if self._meeting else Activity.REST
        return effects

    def _stop_breath(self, conn: str) -> list[Effect]:
        if self._plan is None:
            return self._tell(conn)
        if self._here.one_phone != conn and self._here.other_takes_part(self._here.devices[conn].person):
            return [_refuse(conn, "not_now", "to be alone in the room: the other may go on breathing", "stop")]
        return [*self._end_breath(), *self._tell_all()]

    def _get_ready(self, conn: str, person: bytes, *, on: bool) -> list[Effect]:
        if self._meeting is not None:
            return [_refuse(conn, "not_now", "no meeting", "ready")]
        if self._opened_ms is not None or on == (person in self._ready):
            return self._tell(conn)
        if not on:
            self._ready.discard(person)
            return self._tell(conn)
        self._ready.add(person)
        if not (self._here.one_phone == conn or (len(self._ready) > 1 and self._here.both)):
            return self._tell(conn)
        self._ready.clear()
        self._opened_ms = self._now_ms
        self._plan = self._plan or Plan(started_ms=self._now_ms + LEAD_MS, minutes=1.0)
        self._activity = Activity.REMEMBER
        return self._tell_all()

    def _meet(self, conn: str, person: bytes, role: say.Role) -> list[Effect]:
        if self._meeting is not None:
            return self._tell(conn)
        other = self._here.other(person)
        if self._here.one_phone == conn:
            other_role: say.Role = "either"
        elif other in self._willing and self._here.both:
            other_role = self._willing[other]
        else:
            self._willing[person] = role
            return self._tell(conn)
        self._willing.clear()
        self._meeting = begin(person, role, other, other_role, coin=int(self._now_ms) % 2 == 0)
        self._activity = Activity.MEET
        return self._tell_all()

    def _pass(self, conn: str, person: bytes, message: say.Pass) -> list[Effect]:
        meeting = self._meeting
        if meeting is None or (meeting.round, meeting.step) != (message.round, message.step):
            return self._tell(conn)
        if meeting.mover != person and self._here.one_phone != conn:
            return [_refuse(conn, "not_yours", f"the other to move on from {meeting.step}", "pass")]
        self._meeting = meeting.passed(ok=message.ok)
        return self._tell_all()

    def _end_meeting(self) -> list[Effect]:
        if self._meeting is None:
            return []
        effects = self._notes("meet")
        self._meeting = None
        if self._plan is None:
            self._activity = Activity.REST
        else:
            self._activity = Activity.BREATH if self._opened_ms is None else Activity.REMEMBER
        return effects

    def _keep_quiet(self, conn: str, *, on: bool) -> list[Effect]:
        device = self._here.devices[conn]
        if device.quiet == on:
            return self._tell(conn)
        device.quiet = on
        if self._here.quiet(device.person):
            self._ready.discard(device.person)
            self._willing.pop(device.person, None)
        return self._tell_all()

    def _between(self, conn: str, *, on: bool) -> list[Effect]:
        if on == (self._here.one_phone == conn):
            return self._tell(conn)
        if not on:
            self._here.unlay()
            return self._tell_all()
        if self._here.both:
            return [_refuse(conn, "not_now", "the other to be without their own phone", "between")]
        self._here.lay(conn)
        return self._tell_all()


def _refuse(conn: str, reason: Literal["bad_input", "not_yours", "not_now"], expected: str, got: str) -> Send:
    return Send((conn,), say.Refused(reason=reason, expected=expected, got=got))
