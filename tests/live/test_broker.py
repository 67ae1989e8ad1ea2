"""One contract, two brokers: what a hub may rely on, in one process and over a real NATS server."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from toward.errors import Misconfigured, Unavailable
from toward.live.broker import BACKLOG, Broker, InProcessBroker, Subscription
from toward.live.nats_broker import NatsBroker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

TTL_S = 0.6
_numbers = itertools.count()


class Workers:
    """Makes brokers as two workers would have them: in one process they share one, over NATS each has its own."""

    def __init__(self, url: str | None) -> None:
        self.url = url
        self.name = f"contract-{next(_numbers)}"

    @asynccontextmanager
    async def two(self) -> AsyncIterator[tuple[Broker, Broker]]:
        """Two workers' brokers, closed at the end."""
        one: Broker
        other: Broker
        if self.url is None:
            one = other = InProcessBroker(lease_ttl_s=TTL_S)
        else:
            one, other = [await NatsBroker.connect(self.url, lease_ttl_s=TTL_S, bucket=self.name) for _ in range(2)]
        try:
            yield one, other
        finally:
            await one.aclose()
            await other.aclose()


@pytest.fixture(params=["in_process", "nats"])
def workers(request: pytest.FixtureRequest) -> Workers:
    """Every test of the contract runs with both."""
    return Workers(request.getfixturevalue("nats_url") if request.param == "nats" else None)


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run one test, which no test here needs a minute for."""

    async def limited() -> None:
        async with asyncio.timeout(60):
            await test()

    asyncio.run(limited())


async def heard(subscription: Subscription) -> bytes:
    """What arrives next."""
    async with asyncio.timeout(20):
        return await anext(subscription)


def test_what_is_published_reaches_all_who_subscribed_in_order(workers: Workers) -> None:
    """Two subscribers on two workers both hear a hundred messages, in order."""

    async def test() -> None:
        async with workers.two() as (one, other):
            subscriptions = [await one.subscribe(f"{workers.name}.b"), await other.subscribe(f"{workers.name}.b")]
            for i in range(100):
                await one.publish(f"{workers.name}.b", str(i).encode())
            for subscription in subscriptions:
                assert [await heard(subscription) for _ in range(100)] == [str(i).encode() for i in range(100)]

    run(test)


def test_other_subjects_and_earlier_messages_are_not_heard(workers: Workers) -> None:
    """Only what is published on this subject from now on."""

    async def test() -> None:
        async with workers.two() as (one, other):
            witness = await one.subscribe(f"{workers.name}.b")
            await one.publish(f"{workers.name}.b", b"early")
            assert await heard(witness) == b"early"
            subscription = await other.subscribe(f"{workers.name}.b")
            await one.publish(f"{workers.name}.c", b"elsewhere")
            await one.publish(f"{workers.name}.b", b"now")
            assert await heard(subscription) == b"now"

    run(test)


def test_a_closed_subscription_ends_for_whoever_waits_on_it(workers: Workers) -> None:
    """The loop over it ends, and others go on."""

    async def test() -> None:
        async with workers.two() as (one, _):
            subscription, stays = await one.subscribe(f"{workers.name}.b"), await one.subscribe(f"{workers.name}.b")

            async def collect() -> list[bytes]:
                return [data async for data in subscription]

            waiting = asyncio.create_task(collect())
            await asyncio.sleep(0)
            await subscription.aclose()
            assert await waiting == []
            await one.publish(f"{workers.name}.b", b"on")
            assert await heard(stays) == b"on"

    run(test)


def test_a_subscriber_who_falls_behind_loses_the_oldest(workers: Workers) -> None:
    """Memory is bounded; the newest is there."""

    async def test() -> None:
        async with workers.two() as (one, other):
            subscription = await other.subscribe(f"{workers.name}.b")
            last = await one.subscribe(f"{workers.name}.end")
            for i in range(BACKLOG + 10):
                await one.publish(f"{workers.name}.b", str(i).encode())
            await other.publish(f"{workers.name}.end", b"")
            await heard(last)
            await asyncio.sleep(0.2)
            assert await heard(subscription) == b"10"

    run(test)


def test_a_lease_has_one_holder(workers: Workers) -> None:
    """Not the other, and not the same one twice; another room is free."""

    async def test() -> None:
        async with workers.two() as (one, other):
            lease = await one.lease("room", "one")
            assert lease is not None
            assert lease.held
            assert await other.lease("room", "other") is None
            assert await one.lease("room", "one") is None
            assert await other.lease("elsewhere", "other") is not None

    run(test)


def test_only_one_of_many_who_ask_at_once_gets_the_lease(workers: Workers) -> None:
    """Twenty askers, one lease."""

    async def test() -> None:
        async with workers.two() as (one, other):
            asked = await asyncio.gather(*((one, other)[i % 2].lease("room", str(i)) for i in range(20)))
            assert len([lease for lease in asked if lease is not None]) == 1

    run(test)


def test_a_renewed_lease_outlives_its_time_and_one_that_is_not_ends(workers: Workers) -> None:
    """After several lives of renewals it is still held; left alone, another takes it with a greater epoch."""

    async def test() -> None:
        async with workers.two() as (one, other):
            lease = await one.lease("room", "one")
            assert lease is not None
            for _ in range(6):
                await asyncio.sleep(TTL_S / 3)
                assert await lease.renew()
                assert lease.held
                assert await other.lease("room", "other") is None
            await asyncio.sleep(TTL_S * 0.9)
            taken = None
            for _ in range(100):
                taken = await other.lease("room", "other")
                if taken is not None:
                    break
                await asyncio.sleep(0.02)
            assert taken is not None
            assert not lease.held, "nobody may believe that they hold it once another does"
            assert taken.epoch > lease.epoch
            assert not await lease.renew()
            assert not lease.held
            await lease.release()
            assert taken.held
            assert await taken.renew(), "the old holder's release does not touch the new lease"

    run(test)


def test_a_released_lease_is_free_at_once(workers: Workers) -> None:
    """And can be taken and released again."""

    async def test() -> None:
        async with workers.two() as (one, other):
            epochs = []
            for broker in (one, other, one):
                lease = await broker.lease("room", "holder")
                assert lease is not None
                epochs.append(lease.epoch)
                await lease.release()
                await lease.release()
                assert not lease.held
            assert epochs == sorted(set(epochs))

    run(test)


def test_nobody_there_is_said_as_unavailable() -> None:
    """A NATS server that does not answer is a part of the system that does not."""

    async def test() -> None:
        with pytest.raises(Unavailable, match="No NATS server answers"):
            await NatsBroker.connect("nats://127.0.0.1:9", patience_s=0.3)

    run(test)


def test_workers_with_different_lease_lengths_are_told_so(nats_url: str) -> None:
    """Two lengths in one bucket would let two workers hold one room."""

    async def test() -> None:
        broker = await NatsBroker.connect(nats_url, lease_ttl_s=1, bucket="contract-lengths")
        with pytest.raises(Misconfigured, match="another lease length"):
            await NatsBroker.connect(nats_url, lease_ttl_s=2, bucket="contract-lengths")
        await broker.aclose()

    run(test)


def test_a_subscription_is_at_the_server_before_it_is_given(nats_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the wire there is a PING after the SUB, and it was answered: another worker's next message can't slip past."""
    from nats.aio.transport import TcpTransport

    sent: list[bytes] = []
    write: Callable[[TcpTransport, bytes], None] = TcpTransport.write
    writelines: Callable[[TcpTransport, list[bytes]], None] = TcpTransport.writelines

    def note(transport: TcpTransport, payload: bytes) -> None:
        sent.append(payload)
        write(transport, payload)

    def note_all(transport: TcpTransport, payload: list[bytes]) -> None:
        sent.extend(payload)
        writelines(transport, payload)

    monkeypatch.setattr(TcpTransport, "write", note)
    monkeypatch.setattr(TcpTransport, "writelines", note_all)

    async def test() -> None:
        broker = await NatsBroker.connect(nats_url, lease_ttl_s=TTL_S, bucket="order")
        sent.clear()
        await broker.subscribe("order.b")
        words = [line.split()[0] for line in b"".join(sent).splitlines() if line]
        await broker.aclose()
        assert words.index(b"SUB") < len(words) - 1 - words[::-1].index(b"PING")

    run(test)
