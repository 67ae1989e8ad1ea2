"""Lines that lose, wait, favour one way or die silently: the breath never jumps, and both see who is there."""

from __future__ import annotations

import random
from contextlib import ExitStack
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.live.harness import Harness, served
from tests.live.lines import Delay, late, line_to, lossy, wifi_s
from tests.live.test_settle_page import open_as, says
from toward.live.clock import PROBES, SLEW, Clock, Sample

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.fixtures.browser import Phones


class Bad(NamedTuple):
    """A line, and how far from the room's time a phone behind it may be, in milliseconds."""

    there: Delay
    back: Delay
    off_ms: float


LINES = {
    "loses 30 %": Bad(lossy(0.3), lossy(0.3), 500),
    "2 s late": Bad(late(1), late(1), 60),
    "late one way": Bad(late(1.5), wifi_s, 760),
}
"""No clock can know which way is the slow one: half the difference between the two ways is what it may be off."""


@pytest.fixture(params=LINES)
def bad(request: pytest.FixtureRequest) -> Bad:
    """Each of the bad lines."""
    return LINES[request.param]


def _probes(bad: Bad, seconds: int, seed: int) -> Iterator[Sample]:
    """What a phone's probes bring, in order, as over one TCP connection: none overtakes an earlier one."""
    rng = random.Random(seed)
    sent_ms = [25.0 * i for i in range(PROBES)] + [1500 + 25.0 * i for i in range(PROBES)]
    sent_ms += [2000.0 * i for i in range(1, seconds // 2)]
    arrives_ms = received_ms = 0.0
    for at_ms in sent_ms:
        arrives_ms = max(arrives_ms, at_ms + 1000 * bad.there(rng))
        received_ms = max(received_ms, arrives_ms + 1000 * bad.back(rng))
        yield Sample(at_ms, arrives_ms, received_ms)


@pytest.mark.parametrize("seed", range(20))
def test_no_probe_of_a_bad_line_makes_a_settled_clock_jump(bad: Bad, seed: int) -> None:
    """Shown time runs at most five in a hundred too fast or too slow, at every frame of four minutes."""
    clock, at_ms = Clock(), 0.0
    shown: list[tuple[float, float]] = []
    for sample in _probes(bad, 240, seed):
        while clock.settled and at_ms < sample.received_ms:
            shown.append((at_ms, clock.room_ms(at_ms)))
            at_ms += 16
        at_ms = max(at_ms, sample.received_ms)
        clock.take(sample)
    assert len(shown) > 10_000
    for (l1, r1), (l2, r2) in pairwise(shown):
        assert abs((r2 - r1) - (l2 - l1)) <= SLEW * (l2 - l1) + 1e-6
    assert abs(shown[-1][1] - shown[-1][0]) < bad.off_ms


@pytest.fixture(scope="module")
def house() -> Iterator[str]:
    """One app for all tests here, by its good address."""
    with served(Harness().app) as url:
        yield url


WATCH = """() => {
    const { settle } = document.querySelector("[data-settle]");
    window.seen = [];
    const look = () => {
        const at = performance.now();
        if (settle.plan) window.seen.push([at, settle.room.clock.room(at)]);
        requestAnimationFrame(look);
    };
    look();
}"""


def _does_not_jump(page: Page) -> None:
    seen = page.evaluate("window.seen")
    assert len(seen) > 20
    for (l1, r1), (l2, r2) in pairwise(seen):
        assert abs((r2 - r1) - (l2 - l1)) <= SLEW * (l2 - l1) + 1


def test_a_breath_over_a_bad_line_is_the_same_breath_and_does_not_jump(phone: Phones, house: str, bad: Bad) -> None:
    """Whoever comes late over a bad line sees nothing until the clock is sure, and then a breath that only flows."""
    couple = f"bad{bad.off_ms}"
    with line_to(house, there=bad.there, back=bad.back, seed=7) as line:
        ada = open_as(phone, house, f"{couple}.ada")
        lin = open_as(phone, line.address, f"{couple}.lin")
        says(ada, "line", "Lin is here")
        ada.get_by_role("button", name="Begin").click()
        for page in (ada, lin):
            page.evaluate(WATCH)
        says(lin, "words", "breathe in")
        says(ada, "words", "breathe in")
        says(lin, "words", "breathe out")
        says(ada, "line", "Lin is here")
        plans = [page.evaluate("document.querySelector('[data-settle]').settle.plan") for page in (ada, lin)]
        assert plans[0] == plans[1]
        for page in (ada, lin):
            _does_not_jump(page)
        apart_ms = [
            page.evaluate(
                "document.querySelector('[data-settle]').settle.now() - performance.timeOrigin - performance.now()"
            )
            for page in (ada, lin)
        ]
        assert abs(apart_ms[0] - apart_ms[1]) < bad.off_ms + 30
        assert line.opened == 1, "a slow line is not taken for a dead one"
        lin.goto("about:blank")


@pytest.mark.parametrize("told", [True, False], ids=["the phone is told", "nobody tells the phone"])
def test_a_phone_that_changed_networks_finds_back(phone: Phones, house: str, told: bool) -> None:  # noqa: FBT001
    """The old connection is dead without an end; the phone opens another, and its breath goes on."""
    couple = f"roams{told}"
    with ExitStack() as stack:
        line = stack.enter_context(line_to(house))
        ada = open_as(phone, house, f"{couple}.ada")
        lin = phone(line.address)
        lin.context.add_cookies([{"name": "who", "value": f"{couple}.lin", "url": line.address}])
        if not told:
            lin.clock.install()
        lin.goto("/")
        says(ada, "line", "Lin is here")
        ada.get_by_role("button", name="Begin").click()
        says(lin, "words", "settle in")
        if told:
            lin.evaluate(WATCH)
        line.freeze()
        if told:
            lin.evaluate("dispatchEvent(new Event('online'))")
        else:
            lin.clock.run_for(20_000)
        for _ in range(100):
            if line.opened == 2:
                break
            lin.wait_for_timeout(100)
        assert line.opened == 2
        says(lin, "line", "Lin is here")
        says(ada, "line", "Lin is here")
        if told:
            _does_not_jump(lin)
        lin.goto("about:blank")


def test_a_breath_begun_alone_on_a_dead_line_joins_the_others_between_two_breaths(phone: Phones, house: str) -> None:
    """Begun before the house answered; when it does, the breath being breathed is breathed to its end."""
    with line_to(house, there=late(4), back=late(4)) as line:
        lin = open_as(phone, line.address, "joins.lin")
        lin.get_by_role("button", name="Begin").click()
        lin.evaluate(
            """() => {
                window.drawn = [];
                const circle = document.querySelector(".breath-you");
                new MutationObserver(() => window.drawn.push([performance.now(), Number(circle.getAttribute("r"))]))
                    .observe(circle, { attributes: true });
            }"""
        )
        says(lin, "words", "breathe in")
        own = lin.evaluate("document.querySelector('[data-settle]').settle.plan.started_ms")
        lin.wait_for_function(
            "(own) => document.querySelector('[data-settle]').settle.plan.started_ms !== own", arg=own, timeout=25_000
        )
        says(lin, "words", "breathe in")
        lin.wait_for_timeout(500)
        drawn = lin.evaluate("window.drawn")
        assert len(drawn) > 50
        for (t1, r1), (t2, r2) in pairwise(drawn):
            # The steepest part of four seconds in: 98 * .34 * pi/2 / 4 = 13 a second. A jump is tens of pixels;
            # one or two are frames that were noted late.
            assert abs(r2 - r1) <= 0.016 * (t2 - t1) + 2
        lin.goto("about:blank")
