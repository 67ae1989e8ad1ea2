"""How far apart two phones' breaths are: two real pages, a delaying network between, and clocks that drift.

The pages run on one machine, so its own clock tells what neither of them uses: each page notes, at moments of that
clock, how far its shared time is from it, and the difference between the pages is the skew. A display adds up to a
frame (17 ms) on each phone, which no clock can take away; it is not in these figures.
"""

from __future__ import annotations

import random
import shutil
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from playwright.sync_api import sync_playwright

from tests.live.harness import Harness, served
from tests.live.lines import line_to, wifi_s
from toward.live.clock import PROBES, Sample, estimate

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

QUIET: Final = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")

# The page's clock runs fast or slow and starts anywhere; what it really is stays readable as ``trueNow``.
DRIFT: Final = """
const real = performance.now.bind(performance);
window.trueNow = () => performance.timeOrigin + real();
performance.now = () => real() * (1 + %r) + %r;
"""
WATCH: Final = """
() => {
    window.seen = [];
    const { settle } = document.querySelector("[data-settle]");
    window.watching = setInterval(() => {
        const at = trueNow();
        window.seen.push([at, settle.now() - trueNow()]);
    }, 50);
}
"""


class Line(NamedTuple):
    """A network and two clocks."""

    name: str
    jittery: bool
    drifts: tuple[float, float]


class Skew(NamedTuple):
    """Milliseconds between the two breaths."""

    median_ms: float
    p99_ms: float
    worst_ms: float
    readings: int


def _open(browser: Browser, address: str, who: str, drift: float, start_ms: float) -> Page:
    context = browser.new_context()
    context.add_init_script(DRIFT % (drift, start_ms))
    context.add_cookies([{"name": "who", "value": who, "url": address}])
    page = context.new_page()
    page.goto(address)
    return page


def _trial(browser: Browser, addresses: tuple[str, str], line: Line, couple: str, watch_s: float) -> list[float]:
    pages = [
        _open(browser, address, f"{couple}.{name}", drift, start_ms)
        for address, name, drift, start_ms in zip(addresses, ("ada", "lin"), line.drifts, (5e5, 3e6), strict=True)
    ]
    pages[0].locator("[data-line]").filter(has_text="here").wait_for()
    pages[0].click("[data-start]")
    for page in pages:
        page.locator("[data-words]").filter(has_text="breathe in").wait_for()
        page.evaluate(WATCH)
    pages[0].wait_for_timeout(watch_s * 1000)
    (t1, d1), (t2, d2) = (np.array(page.evaluate("window.seen")).T for page in pages)
    at = np.arange(max(t1[0], t2[0]), min(t1[-1], t2[-1]), 50.0)
    for page in pages:
        page.context.close()
    return [float(gap) for gap in np.abs(np.interp(at, t1, d1) - np.interp(at, t2, d2))]


def measure(line: Line, trials: int, watch_s: float) -> Skew:
    """Return the skew over *trials*, each with fresh pages, clocks and connections."""
    gaps: list[float] = []
    with ExitStack() as stack:
        address = stack.enter_context(served(Harness().app))
        playwright = stack.enter_context(sync_playwright())
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=program, args=[*QUIET, "--no-sandbox"])
        for trial in range(trials):
            with ExitStack() as network:
                ways = (address, address)
                if line.jittery:
                    one, other = (network.enter_context(line_to(address, seed=2 * trial + i)) for i in range(2))
                    ways = (one.address, other.address)
                gaps += _trial(browser, ways, line, f"{line.name}{trial}".replace(" ", "-"), watch_s)
        browser.close()
    median_ms, p99_ms = np.percentile(gaps, [50, 99])
    return Skew(float(median_ms), float(p99_ms), max(gaps), len(gaps))


def simulate(probes: int, pairs: int = 4000) -> Skew:
    """Return the skew of simulated pairs at the moment of joining: no browser, the same network, the estimate alone."""
    rng = random.Random(probes)

    def offset_ms() -> float:
        samples = []
        for i in range(probes):
            there, back = 1000 * wifi_s(rng), 1000 * wifi_s(rng)
            samples.append(Sample(30.0 * i, 30.0 * i + there, 30.0 * i + there + back))
        return estimate(samples).offset_ms

    gaps = [abs(offset_ms() - offset_ms()) for _ in range(pairs)]
    median_ms, p99_ms = np.percentile(gaps, [50, 99])
    return Skew(float(median_ms), float(p99_ms), max(gaps), pairs)


__all__ = ["PROBES", "Line", "Skew", "measure", "simulate"]
