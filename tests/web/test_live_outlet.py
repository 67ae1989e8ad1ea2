"""The way out of a seat, with a line that is free, full, or gone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec

from tests.live.phones import BEAT_S, Couple, run
from toward.live import Hub, Seated
from toward.live import messages as say
from toward.web.live_outlet import Outlet

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping

DOWN, UP = (msgspec.json.encode(say.Thumb(down=down)) for down in (True, False))


class Line:
    """What a phone's socket does: it takes frames while it is free, and waits while it is full."""

    def __init__(self) -> None:
        self.got: list[bool] = []
        self.free = asyncio.Event()
        self.free.set()
        self.cut = False

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Take one frame, and remember whether the other's thumb was down in it."""
        if self.cut:
            raise OSError
        await self.free.wait()
        self.got.append(msgspec.json.decode(message["text"], type=say.State).their_thumb)


def with_two(test: Callable[[Seated, Seated, Line, Outlet], Awaitable[None]]) -> None:
    """Seat two; the second one's frames go out by an outlet, and by a task for what has to wait."""

    async def whole() -> None:
        couple, hub = Couple(), Hub(beat_s=BEAT_S)
        async with hub.seat(couple.seat("ada")) as ada, hub.seat(couple.seat("lin")) as lin:
            line = Line()
            outlet = Outlet(line.send, lin.wake)

            async def sending() -> None:
                async for frame in frames(lin):
                    await line.send({"text": frame.decode()})

            task = asyncio.create_task(sending())
            await asyncio.sleep(0)  # it sends what sitting down made ready, and waits
            lin.send_with(outlet.take)
            line.got.clear()
            await test(ada, lin, line, outlet)
            outlet.shut()
            task.cancel()
        await hub.close()

    run(whole)


async def frames(seated: Seated) -> AsyncIterator[bytes]:
    """What a seat sends."""
    while (frame := await seated.next()) is not None:
        yield frame


def test_what_one_says_has_gone_out_to_the_other_before_anybody_else_has_a_turn() -> None:
    """No task had to be woken: the call that took the thumb has sent it."""

    async def test(ada: Seated, _: Seated, line: Line, __: Outlet) -> None:
        ada.take(DOWN)
        assert line.got == [True]
        ada.take(UP)
        assert line.got == [True, False]

    with_two(test)


def test_a_full_line_holds_nobody_up_and_gets_the_newest_state_once_it_is_free() -> None:
    """The frame that had to wait, and after it the last of nine; not one in between, and none twice."""

    async def test(ada: Seated, _: Seated, line: Line, __: Outlet) -> None:
        line.free.clear()
        for turn in range(9):
            ada.take(UP if turn % 2 else DOWN)
        assert line.got == []
        line.free.set()
        async with asyncio.timeout(10):
            while len(line.got) < 2:  # noqa: ASYNC110 - two turns of the loop, and not an event of anybody's
                await asyncio.sleep(0)
        for _turn in range(20):
            await asyncio.sleep(0)
        assert line.got == [True, True]
        ada.take(UP)
        assert line.got == [True, True, False]

    with_two(test)


def test_a_line_that_is_gone_is_found_out_by_who_listens_on_it_and_no_error_of_the_other_s() -> None:
    """Whoever spoke goes on speaking."""

    async def test(ada: Seated, _: Seated, line: Line, __: Outlet) -> None:
        line.cut = True
        ada.take(DOWN)
        ada.take(UP)
        assert line.got == []

    with_two(test)


def test_an_outlet_that_is_shut_gives_up_what_was_not_through() -> None:
    """Nothing is sent after the connection has ended, and no task is left behind."""

    async def test(ada: Seated, _: Seated, line: Line, outlet: Outlet) -> None:
        line.free.clear()
        ada.take(DOWN)
        outlet.shut()
        for _turn in range(5):
            await asyncio.sleep(0)
        line.free.set()
        for _turn in range(5):
            await asyncio.sleep(0)
        assert line.got == []

    with_two(test)
