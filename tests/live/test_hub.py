"""A hub with phones on it: one worker and its couples, and the frames that workers would exchange."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest
from nacl.utils import random as random_bytes

from tests.live.phones import BEAT_S, Couple, from_room, phone, run
from toward.errors import Damaged, Unavailable
from toward.live import Hub, InProcessBroker
from toward.live import messages as say
from toward.live.frames import Knock, Wire


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
            state = from_room.decode(frame)
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
