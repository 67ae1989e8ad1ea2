"""Hubs with phones on them: one worker, two workers on one broker, and a worker that dies in the middle of a breath."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from nacl.utils import random as random_bytes

from toward.errors import Damaged, Unavailable
from toward.live import Hub, InProcessBroker, LiveSeat, Note
from toward.live import messages as say
from toward.live.frames import Knock, Wire
from toward.live.hub import steady_wall_clock
from toward.live.nats_broker import NatsBroker
from toward.live.presence import EXPIRES_MS
from toward.practices.breath import fullness

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

    from toward.live import Broker, Seated
    from toward.practices.breath import Plan

BEAT_S = 0.1
TTL_S = 0.6
_numbers = itertools.count()
_from_room = msgspec.json.Decoder(say.ToPhone)


class Couple:
    """Two people with a room key of their own."""

    def __init__(self) -> None:
        self.space, self.key = random_bytes(16), random_bytes(32)
        self.notes: list[tuple[str, Note]] = []

    def seat(self, name: str) -> LiveSeat:
        """A seat for one of them, with a session that keeps what they did."""

        async def keep(note: Note) -> None:
            self.notes.append((name, note))

        return LiveSeat(name.encode().ljust(16), self.space, self.key, name, keep)


class Phone:
    """A device that remembers the newest state."""

    def __init__(self, seated: Seated) -> None:
        self.seated = seated
        self.heard: list[say.ToPhone] = []
        self.ended = False
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        while (frame := await self.seated.next()) is not None:
            self._keep(frame)
        self.ended = True
        self._news.set()

    def _keep(self, frame: bytes) -> None:
        self.heard.append(_from_room.decode(frame))
        self._news.set()

    @property
    def state(self) -> say.State | None:
        """The newest state."""
        return next((one for one in reversed(self.heard) if isinstance(one, say.State)), None)

    def says(self, message: say.PhoneMessage) -> None:
        """Send a message."""
        for frame in self.seated.take(msgspec.json.encode(message)):
            self._keep(frame)

    async def until(self, wanted: Callable[[say.State], object], seconds: float = 5.0) -> say.State:
        """Wait for a state that is as wanted."""
        async with asyncio.timeout(seconds):
            while self.state is None or not wanted(self.state):
                self._news.clear()
                await self._news.wait()
        return self.state

    async def room_offset_ms(self, clock: Callable[[], float]) -> float:
        """Probe the room's time once and return how far it is from this clock."""
        sent = clock()
        self.says(say.Probe(sent=sent))
        async with asyncio.timeout(2):
            while True:
                for one in self.heard:
                    if isinstance(one, say.Echo) and one.sent == sent:
                        return one.room - (sent + clock()) / 2
                self._news.clear()
                await self._news.wait()

    def put_away(self) -> None:
        """Stop listening."""
        self._task.cancel()


@asynccontextmanager
async def phone(hub: Hub, seat: LiveSeat) -> AsyncIterator[Phone]:
    """A phone that sits down and, at the end, drops out."""
    async with hub.seat(seat) as seated:
        device = Phone(seated)
        try:
            yield device
        finally:
            device.put_away()


async def eventually(so: Callable[[], object]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(5):
        while not so():  # noqa: ASYNC110 -- what is waited for has no event
            await asyncio.sleep(0.01)


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run one test, which none here needs twenty seconds for."""

    async def limited() -> None:
        async with asyncio.timeout(20):
            await test()

    asyncio.run(limited())


@pytest.fixture(params=["in_process", "nats"])
def make_broker(request: pytest.FixtureRequest) -> Callable[[], Callable[[], Coroutine[Any, Any, Broker]]]:
    """For each test anew, a way to a broker for each worker: in one process a shared one, else a connection each."""
    if request.param == "nats":
        url, bucket = request.getfixturevalue("nats_url"), f"hub-{next(_numbers)}"

        async def connect() -> Broker:
            return await NatsBroker.connect(url, lease_ttl_s=TTL_S, bucket=bucket)

        return lambda: connect
    shared: list[InProcessBroker] = []

    class Kept(InProcessBroker):
        async def aclose(self) -> None:
            """One worker's end is not the broker's."""

    async def share() -> Broker:
        if not shared:
            shared.append(Kept(lease_ttl_s=TTL_S))
        return shared[0]

    return lambda: share


@asynccontextmanager
async def hubs(
    make_broker: Callable[[], Callable[[], Coroutine[Any, Any, Broker]]], *ahead_ms: float
) -> AsyncIterator[list[Hub]]:
    """Workers on one broker, each with a wall clock that is ``ahead_ms`` of the true one."""

    def clock(ahead: float) -> Callable[[], float]:
        true = steady_wall_clock()
        return lambda: true() + ahead

    made = [Hub(make_broker(), now_ms=clock(ahead), beat_s=BEAT_S) for ahead in ahead_ms]
    try:
        yield made
    finally:
        for hub in made:
            await hub.close()


def test_one_worker_needs_no_broker_and_two_phones_breathe_together() -> None:
    """The plan that one asks for reaches both, and who comes later gets it too."""

    async def test() -> None:
        couple, hub = Couple(), Hub(beat_s=BEAT_S)
        async with phone(hub, couple.seat("ada")) as ada, phone(hub, couple.seat("lin")) as lin:
            await ada.until(lambda state: state.them)
            ada.says(say.Breathe(in_s=5, out_s=5))
            plan = (await lin.until(lambda state: state.plan)).plan
            assert plan is not None
            assert (await ada.until(lambda state: state.plan)).plan == plan
            async with phone(hub, couple.seat("lin")) as tablet:
                assert (await tablet.until(lambda state: state.them)).plan == plan
        await hub.close()

    run(test)


def test_couples_do_not_hear_each_other() -> None:
    """A hundred couples on one worker: each hears its own thumbs and nothing else."""

    async def test() -> None:
        hub = Hub(beat_s=BEAT_S)
        async with AsyncExitStack() as stack:
            phones = []
            for _ in range(100):
                couple = Couple()
                phones.append(
                    [await stack.enter_async_context(phone(hub, couple.seat(name))) for name in ("ada", "lin")]
                )
            await asyncio.gather(*(lin.until(lambda state: state.them) for _, lin in phones))
            for ada, _ in phones[::2]:
                ada.says(say.Thumb(down=True))
            await asyncio.gather(*(lin.until(lambda state: state.their_thumb) for _, lin in phones[::2]))
            await asyncio.sleep(0.05)
            for _, lin in phones[1::2]:
                assert lin.state is not None
                assert not lin.state.their_thumb
                assert lin.state.rev <= 2
        await hub.close()

    run(test)


def test_two_workers_share_a_room(make_broker: Callable[[], Callable[[], Coroutine[Any, Any, Broker]]]) -> None:
    """Ada on one worker and Lin on the other: one plan, each other's thumbs, refusals only for who earned them."""

    async def test() -> None:
        couple = Couple()
        async with (
            hubs(make_broker, 0, 0) as (one, other),
            phone(one, couple.seat("ada")) as ada,
            phone(other, couple.seat("lin")) as lin,
        ):
            await ada.until(lambda state: state.them)
            await lin.until(lambda state: state.them)
            lin.says(say.Breathe(minutes=2))
            plan = (await ada.until(lambda state: state.plan)).plan
            assert (await lin.until(lambda state: state.plan)).plan == plan
            lin.says(say.Thumb(down=True))
            await ada.until(lambda state: state.their_thumb)
            lin.says(say.Stop(what="breath"))
            await eventually(lambda: any(isinstance(one, say.Refused) for one in lin.heard))
            assert not any(isinstance(one, say.Refused) for one in ada.heard)
            lin.says(say.Leave())
            await ada.until(lambda state: not state.them)
            assert ada.state is not None
            assert ada.state.plan == plan

    run(test)


def test_the_breath_goes_on_when_the_worker_that_ran_it_dies(
    make_broker: Callable[[], Callable[[], Coroutine[Any, Any, Broker]]],
) -> None:
    """The holder vanishes without a word, with a clock three minutes off: plan and room time go on as they were."""

    async def test() -> None:
        couple, true = Couple(), steady_wall_clock()
        async with hubs(make_broker, 180_000, 0) as (one, other), phone(one, couple.seat("ada")) as ada:
            await ada.until(lambda _: True)
            async with phone(other, couple.seat("lin")) as lin:
                await lin.until(lambda state: state.them)
                ada.says(say.Breathe(minutes=10))
                plan = (await lin.until(lambda state: state.plan)).plan
                offset_ms = await lin.room_offset_ms(true)
                assert offset_ms == pytest.approx(180_000, abs=20), "room time is the holder's"
                await asyncio.sleep(3 * BEAT_S)

                await one.close(release=False)
                alone = await lin.until(lambda state: not state.them)
                assert alone.plan == plan
                assert await lin.room_offset_ms(true) == pytest.approx(offset_ms, abs=20)

                async with phone(other, couple.seat("ada")) as back:
                    state = await back.until(lambda state: state.them)
                    assert state.plan == plan
                    assert _apart(state.plan, await back.room_offset_ms(true), offset_ms) < 0.01
                    lin.says(say.Thumb(down=True))
                    await back.until(lambda state: state.their_thumb)

    run(test)


def _apart(plan: Plan | None, one_offset_ms: float, other_offset_ms: float) -> float:
    """How differently full the lungs are by two opinions on the time, in the middle of an in-breath."""
    assert plan is not None
    at_ms = plan.started_ms + plan.in_s * 500
    return abs(fullness(plan, at_ms + one_offset_ms - other_offset_ms) - fullness(plan, at_ms))


def test_a_worker_that_ends_in_order_hands_the_room_over(
    make_broker: Callable[[], Callable[[], Coroutine[Any, Any, Broker]]],
) -> None:
    """The other goes on with the plan, and phones of the first are told to come again."""

    async def test() -> None:
        couple = Couple()
        async with (
            hubs(make_broker, 0, 0) as (one, other),
            phone(one, couple.seat("ada")) as ada,
            phone(other, couple.seat("lin")) as lin,
        ):
            await lin.until(lambda state: state.them)
            ada.says(say.Breathe())
            plan = (await lin.until(lambda state: state.plan)).plan
            await one.close()
            await eventually(lambda: ada.ended)
            assert ada.seated.close_code == 1001
            assert (await lin.until(lambda state: not state.them)).plan == plan

    run(test)


def test_devices_of_a_follower_that_dies_are_gone_after_three_beats(
    make_broker: Callable[[], Callable[[], Coroutine[Any, Any, Broker]]],
) -> None:
    """The holder sees that the other worker fell silent, and says plainly that the other is not there."""

    async def test() -> None:
        couple = Couple()
        async with hubs(make_broker, 0, 0) as (one, other), phone(one, couple.seat("ada")) as ada:
            await ada.until(lambda _: True)
            async with phone(other, couple.seat("lin")):
                await ada.until(lambda state: state.them)
                await other.close(release=False)
                await ada.until(lambda state: not state.them, seconds=1.5)

    run(test)


def test_a_note_is_kept_by_the_session_of_whoever_is_asked_on_any_worker(
    make_broker: Callable[[], Callable[[], Coroutine[Any, Any, Broker]]],
) -> None:
    """Lin, the only one left, sits on the following worker: her session is handed the note, once."""

    async def test() -> None:
        couple, ahead = Couple(), [0.0]
        true = steady_wall_clock()
        one = Hub(make_broker(), now_ms=lambda: true() + ahead[0], beat_s=BEAT_S)
        other = Hub(make_broker(), now_ms=lambda: true() + ahead[0], beat_s=BEAT_S)
        async with phone(one, couple.seat("ada")) as ada, phone(other, couple.seat("lin")) as lin:
            await lin.until(lambda state: state.them)
            lin.says(say.Breathe(minutes=1))
            await lin.until(lambda state: state.plan)
            # A minute passes in steps that no connection outlives without a sign.
            for _ in range(9):
                ahead[0] += EXPIRES_MS / 2
                ada.says(say.Probe(sent=0))
                lin.says(say.Probe(sent=0))
                await asyncio.sleep(1.5 * BEAT_S)
            await lin.until(lambda state: state.plan is None)
            await eventually(lambda: couple.notes)
        ((name, note),) = couple.notes
        assert name in {"ada", "lin"}
        assert (note.practice, note.minutes) == ("breath", 1.0)
        await one.close()
        await other.close()

    run(test)


def test_a_worker_that_finds_no_holder_and_no_lease_says_unavailable() -> None:
    """The lease is held by somebody who never answers: after two of its lives the seat is refused, not hung."""

    async def test() -> None:
        couple = Couple()
        broker = InProcessBroker(lease_ttl_s=0.2)
        wire = Wire(couple.key)
        lease = await broker.lease(wire.room, "nobody")
        assert lease is not None

        async def hold() -> None:
            while await lease.renew():  # noqa: ASYNC110 -- renewing is the point
                await asyncio.sleep(0.05)

        holding = asyncio.create_task(hold())
        hub = Hub(broker, beat_s=BEAT_S)
        with pytest.raises(Unavailable):
            async with hub.seat(couple.seat("ada")):
                pass
        holding.cancel()
        await hub.close()

    run(test)


def test_a_slow_phone_gets_the_newest_state_and_holds_nobody_up() -> None:
    """A thousand changes while it does not listen: it then hears one state, and the newest."""

    async def test() -> None:
        couple, hub = Couple(), Hub(beat_s=BEAT_S)
        async with phone(hub, couple.seat("ada")) as ada, hub.seat(couple.seat("lin")) as slow:
            await ada.until(lambda state: state.them)
            for i in range(30):
                ada.says(say.Thumb(down=i % 2 == 0))
            ada.says(say.Thumb(down=True))
            newest = await ada.until(lambda state: state.your_thumb)
            frame = await slow.next()
            assert frame is not None
            state = _from_room.decode(frame)
            assert isinstance(state, say.State)
            assert state.rev == newest.rev
            assert state.their_thumb
        await hub.close()

    run(test)


def test_rooms_that_are_over_are_let_go_of() -> None:
    """After both left on purpose nothing of the room stays on the worker, and the lease is free."""

    async def test() -> None:
        couple, hub = Couple(), Hub(beat_s=BEAT_S)
        async with phone(hub, couple.seat("ada")) as ada, phone(hub, couple.seat("lin")) as lin:
            await ada.until(lambda state: state.them)
            ada.says(say.Leave())
            lin.says(say.Leave())
        await asyncio.sleep(3 * BEAT_S)
        assert not hub._links
        async with phone(hub, couple.seat("ada")) as ada:
            assert not (await ada.until(lambda _: True)).them
        await hub.close()

    run(test)


def test_frames_between_workers_open_only_with_the_rooms_key_and_once() -> None:
    """Another couple's key, a changed byte and noise do not open; a frame played again is not heard."""
    key = random_bytes(32)
    one, other, stranger = Wire(key), Wire(key), Wire(random_bytes(32))
    assert one.subject == other.subject != stranger.subject
    data = one.seal(Knock())
    assert key not in data
    with pytest.raises(Damaged):
        stranger.open(data)
    with pytest.raises(Damaged):
        other.open(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(Damaged):
        other.open(b"noise")
    assert other.open(data) == (one.worker, Knock())
    assert other.open(data) is None
    assert one.open(data) is None
    with pytest.raises(ValueError, match="Expected a room key of 32 bytes, got 5"):
        Wire(b"short")
