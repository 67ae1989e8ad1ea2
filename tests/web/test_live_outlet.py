"""The way out of a seat, with a line that is free, full, or gone."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

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


class Slow:
    """A socket that takes frames while it is free, and remembers all of them."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.free = asyncio.Event()

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Take one frame once the line is free."""
        await self.free.wait()
        self.sent.append(msgspec.json.decode(message["text"]) if "text" in message else dict(message))


STEPS = st.lists(st.sampled_from(["ada's thumb", "lin's thumb", "lin's probe", "full", "free", "turn"]), max_size=60)


@given(steps=STEPS)
def test_whatever_the_line_takes_when_each_answer_comes_in_order_and_the_last_state_is_the_newest(
    steps: list[str],
) -> None:
    """Probes are answered once each and in order, states only ever get newer, and after the end there is nothing."""

    async def whole() -> None:
        couple, hub, slow = Couple(), Hub(), Slow()
        async with hub.seat(couple.seat("ada")) as ada, hub.seat(couple.seat("lin")) as lin:
            outlet = Outlet(slow.send, lin.wake)
            lin.send_with(outlet.take)
            task = asyncio.create_task(send_waiting(outlet.send, lin))
            thumbs = {
                "ada's thumb": (ada, itertools.cycle([DOWN, UP])),
                "lin's thumb": (lin, itertools.cycle([DOWN, UP])),
            }
            probed = 0
            for step in steps:
                if step in thumbs:
                    seated, says = thumbs[step]
                    seated.take(next(says))
                elif step == "lin's probe":
                    lin.take(msgspec.json.encode(say.Probe(sent=probed)))
                    probed += 1
                elif step == "turn":
                    await asyncio.sleep(0)
                else:
                    slow.free.set() if step == "free" else slow.free.clear()
            slow.free.set()
            ada.take(msgspec.json.encode(say.Ready()))  # its own answer, which lin hears nothing of
            lin.take(msgspec.json.encode(say.Thumb(down=True)))
            lin.let_go(1013)
            ada.take(UP)
            ada.take(DOWN)
            await task
        await hub.close()

        *frames, end = slow.sent
        assert end == {"type": "websocket.close", "code": 1013}
        assert [frame["sent"] for frame in frames if frame["is"] == "echo"] == list(range(probed))
        states = [frame for frame in frames if frame["is"] == "state"]
        assert [one["rev"] for one in states] == sorted(one["rev"] for one in states)
        assert states[-1]["your_thumb"]
        assert states[-1]["their_thumb"] == (steps.count("ada's thumb") % 2 == 1)

    run(whole)


async def send_waiting(send: Callable[[dict[str, Any]], Awaitable[None]], seated: Seated) -> None:
    """Send what had to wait, and then the end, as the socket does."""
    async for frame in frames(seated):
        await send({"type": "websocket.send", "text": frame.decode()})
    await send({"type": "websocket.close", "code": seated.close_code})
