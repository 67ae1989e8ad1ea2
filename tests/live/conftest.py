"""A broker for the workers of a live room: the one inside a process, or a real NATS server."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from toward.live import InProcessBroker
from toward.live.nats_broker import NatsBroker

if TYPE_CHECKING:
    from tests.live.phones import MakeBroker
    from toward.live import Broker

TTL_S = 0.6
_numbers = itertools.count()


@pytest.fixture(params=["in_process", "nats"])
def make_broker(request: pytest.FixtureRequest) -> MakeBroker:
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
