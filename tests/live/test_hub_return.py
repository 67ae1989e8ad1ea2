"""Everybody gone and somebody back at once: a reload must find a room that lives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.live.phones import Couple, hubs, phone, run
from toward.live import messages as say

if TYPE_CHECKING:
    from tests.live.phones import MakeBroker


def test_the_last_who_leaves_on_purpose_and_comes_back_at_once_finds_the_room(make_broker: MakeBroker) -> None:
    """Leaving closes an empty room; sitting down again opens it, before the worker has noticed that it was empty."""

    async def test() -> None:
        couple = Couple()
        async with hubs(make_broker, 0.0) as (hub,):
            for _ in range(3):
                async with phone(hub, couple.seat("mara")) as mara:
                    await mara.until(lambda state: not state.them)
                    mara.says(say.Leave())
            async with phone(hub, couple.seat("mara")) as mara, phone(hub, couple.seat("lin")) as lin:
                await mara.until(lambda state: state.them)
                await lin.until(lambda state: state.them)

    run(test)
