"""Hubs on one broker: two workers share a room, hand it over, and one dies in the middle of a breath."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.live.phones import BEAT_S, Couple, eventually, hubs, phone, run
from toward.live import Hub, Note
from toward.live import messages as say
from toward.live.hub import steady_wall_clock
from toward.live.presence import EXPIRES_MS, SILENT_MS
from toward.practices.breath import fullness

if TYPE_CHECKING:
    from tests.live.phones import MakeBroker
    from toward.practices.breath import Plan


def test_two_workers_share_a_room(make_broker: MakeBroker) -> None:
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


def test_the_breath_goes_on_when_the_worker_that_ran_it_dies(make_broker: MakeBroker) -> None:
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


def test_a_worker_that_ends_in_order_hands_the_room_over(make_broker: MakeBroker) -> None:
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


def test_devices_of_a_follower_that_dies_are_gone_after_three_beats(make_broker: MakeBroker) -> None:
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


@pytest.mark.parametrize("apart", [False, True], ids=["one worker", "two workers"])
def test_a_phone_that_falls_silent_is_not_shown_as_here_within_eight_seconds_and_may_come_back(
    make_broker: MakeBroker,
    apart: bool,  # noqa: FBT001
) -> None:
    """Its socket is open all the while; with its next sign it is here again, and was never closed."""

    async def test() -> None:
        couple, ahead = Couple(), [0.0]
        true = steady_wall_clock()
        one, other = (Hub(make_broker(), now_ms=lambda: true() + ahead[0], beat_s=BEAT_S) for _ in range(2))
        async with phone(one, couple.seat("ada")) as ada, phone(other if apart else one, couple.seat("lin")) as lin:
            await ada.until(lambda state: state.them)
            lin.says(say.Probe(sent=0))
            began_ms = one._now_ms()
            while ada.state is None or ada.state.them:
                ahead[0] += BEAT_S * 1000  # twice as fast as it is: no worker misses a beat
                ada.says(say.Probe(sent=0))
                await asyncio.sleep(BEAT_S)
            assert SILENT_MS < one._now_ms() - began_ms < SILENT_MS + 2000
            lin.says(say.Probe(sent=1))
            await ada.until(lambda state: state.them)
            assert not lin.ended
        await one.close()
        await other.close()

    run(test)


def test_a_note_is_kept_by_the_session_of_whoever_is_asked_on_any_worker(make_broker: MakeBroker) -> None:
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
        assert isinstance(note, Note)
        assert note.practice == "breath"
        # A machine that stalls for three beats loses sight of the other worker for a step; test_room.py counts exactly.
        assert 0.7 <= note.minutes <= 1
        await one.close()
        await other.close()

    run(test)
