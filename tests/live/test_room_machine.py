"""The room under everything that two people, many devices, a bad network and a stranger can do, in any order.

The model beside it is small: who is connected, and the plan as it was first seen. What must hold is checked after every
step, above all that nothing but its own time ends a breath while both may want it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule
from msgspec.structs import replace

from toward.live import messages as say
from toward.live.events import Activity, Close, Effect, Event, Heard, Joined, Left, Note, Send, Tick, Told
from toward.live.presence import EXPIRES_MS, MAX_DEVICES, SILENT_MS
from toward.live.room import CLOSE_STRANGER, LINGER_MS, Room

if TYPE_CHECKING:
    from toward.practices.breath import Plan

ADA, LIN, EVE = b"ada-0000-0000-00", b"lin-0000-0000-00", b"eve-0000-0000-00"

MESSAGES = st.one_of(
    st.builds(say.Thumb, down=st.booleans(), whose=st.sampled_from(["you", "them"])),
    st.builds(
        say.Breathe, in_s=st.sampled_from([4.0, 5.0, 9.0]), out_s=st.just(6.0), minutes=st.sampled_from([0.5, 3])
    ),
    st.builds(say.Ready, on=st.booleans()),
    st.builds(say.Meet, role=st.sampled_from(["speak", "listen", "either"])),
    st.builds(
        say.Pass,
        round=st.integers(1, 3),
        step=st.sampled_from(["speak", "say_back", "check"]),
        ok=st.booleans(),
    ),
    st.just(say.Stop(what="meet")),
    st.builds(say.Between, on=st.booleans()),
    st.builds(say.Quiet, on=st.booleans()),
    st.just(say.Probe(sent=1.0)),
)


class RoomMachine(RuleBasedStateMachine):
    """Ada and Lin with up to many devices each; Eve is a stranger."""

    conns = Bundle("conns")

    @initialize(target=conns)
    def begin(self) -> object:
        """Ada and Lin come, so that both are known and Eve is the third."""
        self.room = Room()
        self.now_ms = 1_000_000.0
        self.person: dict[str, bytes] = {}
        self.seen_ms: dict[str, float] = {}
        self.ticked_ms = self.now_ms
        self.rev: dict[str, int] = {}
        self.count = 0
        self.plan: Plan | None = None
        self.noted: list[Note] = []
        self.on_purpose: dict[bytes, bool] = {}
        return multiple(self.came(ADA), self.came(LIN))

    # ------------------------------------------------------------------------------------------- what can happen

    @rule(target=conns, person=st.sampled_from([ADA, LIN]))
    def come(self, person: bytes) -> str:
        """A device connects."""
        return self.came(person)

    def came(self, person: bytes) -> str:
        """Connect a new device of one of the two."""
        self.count += 1
        conn = f"{person[:3].decode()}{self.count}"
        self.person[conn] = person
        self.do(Joined(conn, person))
        self.seen_ms[conn] = self.now_ms
        assert conn in self.room.conns
        return conn

    @rule()
    def a_stranger_comes(self) -> None:
        """Eve knocks; she is shut out and hears nothing."""
        effects = self.do(Joined("eve", EVE))
        assert effects == [Close("eve", CLOSE_STRANGER)] or not self.mine(effects)

    @rule(message=MESSAGES)
    def a_stranger_speaks(self, message: say.PhoneMessage) -> None:
        """Eve says something anyway: only she is answered, and only with a refusal."""
        before = self.room.snapshot()
        effects = [effect for effect in self.do(Told("eve", message)) if "eve" in getattr(effect, "to", ())]
        assert all(isinstance(effect, Send) and isinstance(effect.message, say.Refused) for effect in effects)
        if self.plan is not None:
            assert before.plan == self.room.plan or self.room.plan is None

    @rule(conn=conns, message=MESSAGES)
    def speak(self, conn: str, message: say.PhoneMessage) -> None:
        """A device says something, perhaps long after it was dropped."""
        if conn in self.room.conns:
            self.seen_ms[conn] = self.now_ms
        self.do(Told(conn, message))

    @rule(conn=conns, message=MESSAGES)
    def speak_twice(self, conn: str, message: say.PhoneMessage) -> None:
        """A message arrives doubled: the second changes nothing that the other sees."""
        if conn not in self.room.conns:
            return
        self.seen_ms[conn] = self.now_ms
        self.do(Told(conn, message))
        before = self.views()
        if isinstance(message, say.Pass):
            return  # a second "pass" may by chance name the turn that the first one led to
        self.do(Told(conn, message))
        assert self.views() == before

    @rule(conn=consumes(conns))
    def drop(self, conn: str) -> None:
        """A connection breaks; the news of it may come twice."""
        self.do(Left(conn))
        self.forget(conn)
        self.do(Left(conn))

    @rule(target=conns, conn=consumes(conns))
    def drop_and_return(self, conn: str) -> object:
        """A phone loses its connection, and is back under a new one before the old one is known to be dead."""
        if conn not in self.room.conns:
            return multiple()
        self.now_ms += 700
        back = self.came(self.person[conn])
        assert self.room.state_for(self.person[conn]).plan == self.room.plan
        self.do(Left(conn))
        self.forget(conn)
        return back

    @rule(conn=consumes(conns))
    def leave(self, conn: str) -> None:
        """Somebody goes on purpose."""
        self.do(Told(conn, say.Leave()))
        self.forget(conn)

    @rule(conn=conns, in_s=st.sampled_from([4.0, 5.0]))
    def breathe(self, conn: str, in_s: float) -> None:
        """Somebody begins to breathe: from now on a breath runs, this one or the one before."""
        if conn not in self.room.conns:
            return
        self.seen_ms[conn] = self.now_ms
        self.do(Told(conn, say.Breathe(in_s=in_s, out_s=6.0, minutes=1)))
        assert self.room.plan is not None

    @rule(conn=conns)
    def lay_between(self, conn: str) -> None:
        """A phone is laid between the two, which only works while it is the only one's."""
        if conn in self.room.conns:
            self.seen_ms[conn] = self.now_ms
        self.do(Told(conn, say.Between(on=True)))

    @rule(conn=conns)
    def stop_breath(self, conn: str) -> None:
        """Somebody wants to end the breath: it ends only where nobody else breathes it."""
        if conn not in self.room.conns:
            return
        self.seen_ms[conn] = self.now_ms
        state = self.room.state_for(self.person[conn])
        self.do(Told(conn, say.Stop(what="breath")), may_stop=not state.them or state.one_phone or state.them_quiet)

    @rule(conn=conns)
    def give_a_sign(self, conn: str) -> None:
        """A probe came in."""
        if conn in self.room.conns:
            self.seen_ms[conn] = self.now_ms
        self.do(Heard(conn))

    @rule(by_ms=st.sampled_from([10, 900, 5000, 9000, 20_000]))
    def time_passes(self, by_ms: int) -> None:
        """The clock goes on and the worker ticks; devices that were silent too long are gone."""
        self.now_ms += by_ms
        self.do(Tick())
        self.ticked_ms = self.now_ms
        for conn in list(self.seen_ms):
            if self.now_ms - self.seen_ms[conn] > EXPIRES_MS:
                assert conn not in self.room.conns
                self.forget(conn)

    @rule(conn=conns, late_ms=st.integers(1, 3000))
    def a_message_arrives_late(self, conn: str, late_ms: int) -> None:
        """Another worker's message carries an earlier time; the room's own time does not run backwards."""
        if self.room.closed:
            return
        if conn in self.room.conns:
            self.seen_ms[conn] = self.now_ms
        before = self.room.snapshot().now_ms
        self.check(self.room.handle(Told(conn, say.Thumb(down=True)), self.now_ms - late_ms), may_stop=False)
        assert self.room.snapshot().now_ms == before

    @rule()
    def another_worker_takes_over(self) -> None:
        """The worker dies. Its successor has the snapshot, and the devices announce themselves."""
        kept = self.room.snapshot()
        devices = {conn: self.person[conn] for conn in self.room.conns}
        self.room = Room(kept)
        assert self.room.plan == kept.plan
        for conn, person in devices.items():
            self.seen_ms[conn] = self.now_ms
            self.do(Joined(conn, person))

    # ---------------------------------------------------------------------------------------------- what must hold

    def do(self, event: Event, *, may_stop: bool = False) -> list[Effect]:
        """Hand an event to the room and check what comes out."""
        if self.room.closed:
            assert self.room.plan is None or all(self.on_purpose.values()), "a breath ended for one who dropped out"
            self.room = Room()
            self.on_purpose = {}
            self.plan = None
            for conn in list(self.person):
                self.forget(conn)
            # A new room begins with the couple again, or the stranger would be one of the first two.
            for number, person in enumerate((ADA, LIN)):
                self.room.handle(Joined(f"new{number}", person), self.now_ms)
                self.room.handle(Left(f"new{number}"), self.now_ms)
        before = {self.person[conn] for conn in self.room.conns if conn in self.person}
        effects = self.room.handle(event, self.now_ms)
        here = {self.person[conn] for conn in self.room.conns if conn in self.person}
        meant = isinstance(event, Told) and isinstance(event.message, say.Leave)
        self.on_purpose = {one: how for one, how in self.on_purpose.items() if one not in here}
        self.on_purpose |= dict.fromkeys(before - here, meant)
        self.check(effects, may_stop=may_stop)
        return effects

    def check(self, effects: list[Effect], *, may_stop: bool) -> None:
        """What is sent goes to the couple's devices only, in order; and there is never a second plan."""
        for effect in effects:
            if isinstance(effect, Send) and isinstance(effect.message, say.State):
                people = {self.person.get(conn) for conn in effect.to if conn in self.person}
                assert "eve" not in effect.to
                assert len(people) <= 1, "one view went to two people"
                for conn in effect.to:
                    assert effect.message.rev >= self.rev.get(conn, 0)
                    self.rev[conn] = effect.message.rev
            if isinstance(effect, Note):
                assert effect.conn != "eve"
                assert effect.minutes >= 0.5
                self.noted.append(effect)
        plan = self.room.plan
        if self.plan is not None and plan != self.plan:
            assert plan is None or self.now_ms >= self.plan.ends_ms, "a second plan while the first one ran"
            assert may_stop or self.now_ms >= self.plan.ends_ms, "something stopped a breath"
        self.plan = plan

    def views(self) -> list[say.State]:
        """What both see, but for the running number."""
        return [replace(self.room.state_for(person), rev=0) for person in (ADA, LIN)]

    def mine(self, effects: list[Effect]) -> list[Effect]:
        """The effects that reach Eve with anything of the room."""
        return [
            effect
            for effect in effects
            if isinstance(effect, Send) and "eve" in effect.to and isinstance(effect.message, say.State)
        ]

    def forget(self, conn: str) -> None:
        """The model's side of a device that is gone."""
        self.seen_ms.pop(conn, None)
        self.rev.pop(conn, None)

    @invariant()
    def presence_is_what_is_connected(self) -> None:
        """Each sees the other exactly while a device of theirs gives signs, or one phone lies between them."""
        here = {
            self.person[conn]
            for conn in self.room.conns
            if conn in self.person and self.ticked_ms - self.seen_ms[conn] <= SILENT_MS
        }
        for person, other in ((ADA, LIN), (LIN, ADA)):
            state = self.room.state_for(person)
            assert state.them == (other in here or state.one_phone)
            assert state.them or not state.them_quiet
            if len(here) > 1:
                assert state.them_quiet == self.room.state_for(other).quiet
        connected = {self.person[conn] for conn in self.room.conns if conn in self.person}
        assert not (len(connected) > 1 and self.room.state_for(ADA).one_phone)

    @invariant()
    def nobody_has_too_many_devices(self) -> None:
        """Reconnecting again and again does not fill the room."""
        people = [self.person[conn] for conn in self.room.conns if conn in self.person]
        assert all(people.count(person) <= MAX_DEVICES for person in (ADA, LIN))

    @invariant()
    def both_see_one_room(self) -> None:
        """The same plan, the same turn seen from its two sides, and each other's thumbs."""
        ada, lin = self.room.state_for(ADA), self.room.state_for(LIN)
        assert ada.plan == lin.plan
        assert ada.opened_ms == lin.opened_ms
        assert (ada.your_thumb, ada.their_thumb) == (lin.their_thumb, lin.your_thumb)
        if ada.turn is not None and lin.turn is not None and not ada.one_phone:
            assert ada.turn.you_speak != lin.turn.you_speak
            assert ada.turn.yours != lin.turn.yours

    @invariant()
    def the_activity_fits_the_state(self) -> None:
        """The state's name and what it holds agree."""
        kept = self.room.snapshot()
        if kept.activity is Activity.REST:
            assert kept.plan is None
            assert kept.meeting is None
        if kept.activity is Activity.BREATH:
            assert kept.plan is not None
            assert kept.opened_ms is None
        if kept.activity is Activity.REMEMBER:
            assert kept.plan is not None
            assert kept.opened_ms is not None
        assert (kept.activity is Activity.MEET) == (kept.meeting is not None)

    def teardown(self) -> None:
        """Left to itself, every room ends."""
        if not hasattr(self, "room"):
            return
        for _ in range(3):
            self.now_ms += max(LINGER_MS, 200_000) + EXPIRES_MS
            if not self.room.closed:
                self.room.handle(Tick(), self.now_ms)
        assert self.room.closed


TestRoomMachine = RoomMachine.TestCase
TestRoomMachine.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
