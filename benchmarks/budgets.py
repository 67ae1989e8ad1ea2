"""What a page costs a middling phone: ``python -m benchmarks.budgets`` (about two minutes, and npm for the peers).

Chromium with a processor four times slower, 1.6 Mbit/s and 150 ms: bytes, when the page can be used, how much it
shifts, and what a live session keeps busy. Beside it, in the same run, the first pages of two other private places that
people host themselves: Actual Budget and TiddlyWiki. The simulation slows this machine: on a fast one the phone is
fast.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.table import Table

from benchmarks import budgets_peers
from tests.fixtures.browser import QUIET, program
from tests.fixtures.house import House
from toward.web.safe_slot import keep_answer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

    from toward.vault import Arrival

SLOWER: Final = 4
DOWN_BYTES_S: Final = 1.6e6 / 8
UP_BYTES_S: Final = 0.75e6 / 8
LATENCY_MS: Final = 150
ROUNDS: Final = 3
KB: Final = 1000
BARS: Final = {"kb": 60.0, "kb_fonts": 160.0, "cold_s": 2.5, "warm_s": 0.5, "shift": 0.02}
LIVE_S: Final = 12

SEE: Final = """
window.found = { long: [], shift: 0, painted: 0 };
const watch = (type, take) => {
  new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
};
watch("longtask", (task) => window.found.long.push([task.startTime, task.duration]));
watch("layout-shift", (shift) => { if (!shift.hadRecentInput) window.found.shift += shift.value; });
for (const type of ["paint", "largest-contentful-paint"]) {
  watch(type, (paint) => { window.found.painted = Math.max(window.found.painted, paint.startTime); });
}
"""
READ: Final = """() => {
    const [way] = performance.getEntriesByType("navigation");
    return { ...window.found, loaded: way.domContentLoadedEventEnd };
}"""
TIMERS: Final = """
window.timers = [];
for (const name of ["setInterval", "setTimeout"]) {
  const real = window[name].bind(window);
  window[name] = (task, wait = 0, ...rest) => {
    const noted = (...given) => { window.timers.push([name, wait]); task(...given); };
    return real(noted, wait, ...rest);
  };
}
const frame = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (task) => frame((at) => { window.timers.push(["frame", 16]); task(at); });
"""
HIDE: Final = """(away) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => away });
    document.dispatchEvent(new Event("visibilitychange"));
    window.timers = [];
}"""


class Visit(NamedTuple):
    """One load: bytes over the wire without and with fonts, seconds until it can be used, and its layout shift."""

    kb: float
    kb_fonts: float
    usable_s: float
    shift: float


def _slow(page: Page) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": DOWN_BYTES_S,
            "uploadThroughput": UP_BYTES_S,
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return session


def visit(page: Page, session: CDPSession, url: str) -> Visit:
    """Load *url* as on a middling phone.

    It can be used once it has painted its largest part, its scripts have run, and no task over 50 ms keeps it busy.
    """
    fonts: set[str] = set()
    sizes: dict[str, float] = {}
    session.on("Network.responseReceived", lambda it: fonts.add(it["requestId"]) if it["type"] == "Font" else None)
    session.on("Network.loadingFinished", lambda it: sizes.update({it["requestId"]: it["encodedDataLength"]}))
    page.goto(url, wait_until="load", timeout=120_000)
    page.wait_for_load_state("networkidle", timeout=120_000)
    page.wait_for_timeout(700)
    found = page.evaluate(READ)
    busy_ms = max((at + length for at, length in found["long"]), default=0.0)
    whole = sum(sizes.values())
    without = whole - sum(size for one, size in sizes.items() if one in fonts)
    return Visit(without / KB, whole / KB, max(found["painted"], found["loaded"], busy_ms) / 1000, found["shift"])


def measure(
    browser: Browser, url: str, house: House | None = None, person: Arrival | None = None
) -> tuple[Visit, Visit]:
    """Return the median first visit and the median second one, as *person* where somebody is signed in at *house*.

    The second is in the same tab after an empty page: what it costs to come back, and not what a new tab costs.
    """
    cold, warm = [], []
    for _ in range(ROUNDS):
        context = browser.new_context(viewport={"width": 390, "height": 844})
        if house and person:
            blank = context.new_page()
            house.sign_in(blank, person)
            blank.close()
        page = context.new_page()
        page.add_init_script(SEE)
        session = _slow(page)
        cold.append(visit(page, session, url))
        page.goto("about:blank")
        warm.append(visit(page, session, url))
        context.close()
    return _median(cold), _median(warm)


def _median(visits: list[Visit]) -> Visit:
    return Visit(*(median(column) for column in zip(*visits, strict=True)))


class Live(NamedTuple):
    """A breath on two phones: the longest task and the fastest timer but frames, in ms, and what ran while hidden."""

    longest_ms: float
    fastest_ms: float
    frames: int
    hidden: int


def breathe(browser: Browser, house: House, people: tuple[Arrival, Arrival]) -> Live:
    """Let two phones breathe together, then look away on one of them."""
    pages = []
    for person in people:
        page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
        for script in (SEE, TIMERS):
            page.add_init_script(script)
        house.sign_in(page, person)
        page.goto(f"{house.url}/settle/together")
        _slow(page)
        pages.append(page)
    one, _ = pages
    one.wait_for_timeout(3000)
    one.locator("[data-start]").first.click(timeout=10_000)
    for page in pages:
        page.locator("[data-settle][data-state=running]").wait_for()
        page.evaluate("window.found.long = []; window.timers = []")
    one.wait_for_timeout(LIVE_S * 1000)
    longest_ms = max((length for page in pages for _, length in page.evaluate("window.found.long")), default=0.0)
    timers = [tuple(timer) for page in pages for timer in page.evaluate("window.timers")]
    one.evaluate(HIDE, True)  # noqa: FBT003 - a script's argument
    one.wait_for_timeout(LIVE_S * 500)
    hidden = len(one.evaluate("window.timers"))
    for page in pages:
        page.context.close()
    waits = [wait for name, wait in timers if name != "frame"]
    return Live(longest_ms, min(waits, default=float("inf")), sum(name == "frame" for name, _ in timers), hidden)


def _verdict(figure: float, bar: float, form: str) -> str:
    return f"[{'green' if figure <= bar else 'red'}]{figure:{form}}[/]"


def _row(table: Table, name: str, cold: Visit, warm: Visit, *, barred: bool) -> bool:
    figures = (
        (cold.kb, BARS["kb"], ".1f"),
        (cold.kb_fonts, BARS["kb_fonts"], ".1f"),
        (cold.usable_s, BARS["cold_s"], ".2f"),
        (warm.usable_s, BARS["warm_s"], ".2f"),
        (max(cold.shift, warm.shift), BARS["shift"], ".3f"),
    )
    if barred:
        table.add_row(name, *(_verdict(*figure) for figure in figures))
        return all(figure <= bar for figure, bar, _ in figures)
    table.add_row(name, *(f"{figure:{form}}" for figure, _, form in figures))
    return True


def main() -> int:
    """Measure everything; the exit code says whether every bar was met."""
    console = Console(width=118)
    table = Table(title=f"First pages: {SLOWER} x slower, 1.6 Mbit/s, {LATENCY_MS} ms; the median of {ROUNDS}")
    table.add_column("page")
    for heading in ("KB, no fonts (60)", "KB (160)", "usable, s (2.5)", "again, s (.5)", "shift (.02)"):
        table.add_column(heading, justify="right")
    met = True
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=program(), args=[*QUIET, "--no-sandbox"])
        house = House(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        stack.callback(house.stop)
        setup = house.vault.new_setup_token()
        console.print("Our pages ...")
        met &= _row(table, "Toward, the first page", *measure(browser, f"{house.url}/start?setup={setup}"), barred=True)
        people = house.couple()
        for person in people:
            keep_answer(person.session, "hard", house.vault.now_ms(), for_visit=False)
        for name, path in (("Now", "/"), ("Settle together", "/settle/together")):
            met &= _row(table, f"Toward, {name}", *measure(browser, house.url + path, house, people[0]), barred=True)
        table.add_section()
        for peer in budgets_peers.running(stack, console.print):
            _row(table, peer.name, *measure(browser, peer.url), barred=False)
        console.print(table)
        live = breathe(browser, house, people)
        browser.close()
    console.print(
        f"A live breath on two such phones, {LIVE_S} s: longest task {live.longest_ms:.0f} ms (bar 100); fastest timer "
        f"{live.fastest_ms:.0f} ms beside {live.frames} frames; {live.hidden} timers and frames while hidden (bar 0)"
    )
    met &= live.longest_ms <= 100 and live.hidden == 0 and live.fastest_ms >= 16
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
