"""From a beat to the partner's screen: ``python -m benchmarks.heart_latency`` (three minutes; ``--quick`` for one).

Two phones in a real Chromium with the real app between them, both with a strap, then both with a finger on the camera.
A beat can be decided once its packet has come, or the last frame that the finder needed has been taken; that moment is
found by feeding what the phone sent to the same ear again, frame by frame. It ends with the animation frame after the
beat's point was put on the partner's line. Both moments are of the browsers' one machine clock; the air and the home
network between phones and server, and the display's own frame, are not in these figures.

The camera is shown a real recording where one is at hand, else a made pulse.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.table import Table

from tests.fixtures.house import House
from tests.pages.films import made_pulse, recorded_pulse, write_film
from tests.pages.straps import Air, browser_with_hearts, give
from toward.catalogue import words
from toward.live.ears import CameraEar, StrapEar
from toward.live.heart import Heart
from toward.live.heart_messages import Beats, Frames
from toward.web.safe_slot import keep_answer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.pages.straps import Strap
    from toward.live.ears import Ear
    from toward.vault import Arrival

BAR_MS: Final = 150.0
SUBJECT: Final = "subject_03"
STEP_S: Final = 0.3

# What a page sent, with the machine's clock beside the page's own; and when which beat was on the screen.
WATCH: Final = """
window.sentPackets = [];
window.drawn = [];
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function said(data) {
  if (data.includes('"local"')) window.sentPackets.push(data);
  return send.call(this, data);
};
addEventListener("DOMContentLoaded", () => {
  for (const who of ["you", "them"]) {
    const line = document.querySelector(`.heart-${who}`);
    if (!line) continue;
    new MutationObserver(() => {
      const newest = Number(line.dataset.newest);
      requestAnimationFrame((at) => window.drawn.push([who, newest, performance.timeOrigin + at]));
    }).observe(line, { attributeFilter: ["data-newest"] });
  }
});
"""


class Latency(NamedTuple):
    """Milliseconds from the moment a beat could be decided."""

    what: str
    median_ms: float
    p99_ms: float
    worst_ms: float
    beats: int


def decided(packets: list[dict[str, Any]], ear: Ear) -> dict[float, float]:
    """Return for each beat, by its room time, the page's own time at which it could be decided."""
    heart = Heart(0.0)
    heart.listen("strap", "replay", 0.0)
    found: dict[float, float] = {}
    for raw in packets:
        for packet, at in pieces(raw):
            for beat in heart.take(packet, ear, packet.room).at:
                found[beat] = at
    return found


def pieces(raw: dict[str, Any]) -> list[tuple[Beats | Frames, float]]:
    """Return a packet frame by frame, each with the page's time at which it was there."""
    local, room = raw["local"], raw["room"]
    if raw["is"] == "beats":
        return [(Beats(local=local, room=room, rr=tuple(raw["rr"]), contact=raw["contact"]), local)]
    return [
        (
            Frames(local=local + after, room=room + after, after=(0,), red=(red,), green=(green,), blue=(blue,)),
            local + after,
        )
        for after, red, green, blue in zip(raw["after"], raw["red"], raw["green"], raw["blue"], strict=True)
    ]


def latencies(one: Page, other: Page, ear: type[StrapEar | CameraEar]) -> tuple[list[float], list[float]]:
    """Return how late *one*'s beats were on *one*'s own screen, and on *other*'s."""
    packets = [json.loads(data) for data in one.evaluate("sentPackets")]
    origin_ms = one.evaluate("performance.timeOrigin")
    due = decided(packets, ear())
    late: list[list[float]] = []
    for page, who in ((one, "you"), (other, "them")):
        seen = [(newest, at) for whose, newest, at in page.evaluate("drawn") if whose == who]
        late.append([at - origin_ms - nearest for newest, at in seen if (nearest := near(due, newest)) is not None])
    return late[0], late[1]


def near(due: dict[float, float], newest: float) -> float | None:
    """Return when the beat at *newest* could be decided; the replay may differ by the last digit."""
    best = min(due, key=lambda at: abs(at - newest), default=None)
    return due[best] if best is not None and abs(best - newest) < 1 else None


class Two:
    """Two pages in Settle, both of whom want both hearts, and straps if those are what they have."""

    def __init__(self, house: House, browser: Browser, people: tuple[Arrival, Arrival], source: str) -> None:
        """Open them and switch both hearts on."""
        air = Air(browser) if source == "strap" else None
        self.pages: list[Page] = []
        self.straps: list[Strap] = []
        for one in people:
            page = house.sign_in(browser.new_context(base_url=house.url).new_page(), one)
            page.add_init_script(WATCH)
            if air is not None:
                self.straps.append(air.strap(one.session.name))
                give(page, self.straps[-1])
            page.goto("/settle/together")
            page.get_by_text(words("settle.heart.offer")).click()
            page.get_by_role("button", name=words(f"settle.heart.{source}")).click()
            page.get_by_label(words("settle.heart.both")).check()
            self.pages.append(page)
        self.pages[0].locator("[data-heart-them]").filter(has_text="Lin").wait_for()

    def run(self, seconds: float) -> None:
        """Let hearts beat. Straps send one beat each, at uneven times, faster than hearts do."""
        rng = random.Random(5)
        if not self.straps:
            self.pages[0].wait_for_timeout(seconds * 1000)
        for _ in range(round(seconds / STEP_S) if self.straps else 0):
            for page, strap in zip(self.pages, self.straps, strict=True):
                strap.beat(page, [rng.gauss(850, 40)])
                page.wait_for_timeout(rng.uniform(0.3, 0.7) * STEP_S * 1000)

    def close(self) -> None:
        """Put both phones away."""
        for page in self.pages:
            page.context.close()


def measure(source: str, film: Path, seconds: float) -> list[Latency]:
    """Return how late beats are on one's own screen and on the partner's."""
    ear = StrapEar if source == "strap" else CameraEar
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        house = House(Path(folder) / "house")
        people = house.couple()
        for one in people:
            keep_answer(one.session, "hard", house.vault.now_ms(), for_visit=False)
        try:
            with browser_with_hearts(playwright.chromium, film) as browser:
                two = Two(house, browser, people, source)
                two.run(seconds)
                own, theirs = list[float](), list[float]()
                for page, other in (two.pages, two.pages[::-1]):
                    here, there = latencies(page, other, ear)
                    own += here
                    theirs += there
                two.close()
        finally:
            house.stop()
    return [_row(f"{source}, own screen", own), _row(f"{source}, partner's screen", theirs)]


def _row(what: str, late: list[float]) -> Latency:
    if not late:
        return Latency(what, np.nan, np.nan, np.nan, 0)
    median_ms, p99_ms = np.percentile(late, [50, 99])
    return Latency(what, float(median_ms), float(p99_ms), max(late), len(late))


def shown_film(folder: Path) -> tuple[Path, str]:
    """Return a film for the camera, and what it shows."""
    recorded = recorded_pulse(SUBJECT)
    film = folder / "finger.y4m"
    write_film(film, *(recorded or made_pulse(90)))
    return film, f"a recording ({SUBJECT})" if recorded else "a made pulse"


def main() -> int:
    """Measure and print; 1 where the bar is missed."""
    console, quick = Console(), "--quick" in sys.argv
    with tempfile.TemporaryDirectory() as folder:
        film, shows = shown_film(Path(folder))
        rows = measure("strap", film, 20 if quick else 50) + measure("camera", film, 30 if quick else 80)
    table = Table(title=f"From a beat that can be decided to the screen, ms; the camera sees {shows}")
    for column in ("what", "median", "p99", "worst", "beats", f"p99 bar {BAR_MS:g}"):
        table.add_column(column, justify="left" if column == "what" else "right")
    met = True
    for row in rows:
        good = row.p99_ms <= BAR_MS
        met = met and good
        verdict = "[green]met[/]" if good else "[red]missed[/]"
        table.add_row(row.what, *(f"{value:.1f}" for value in row[1:4]), str(row.beats), verdict)
    console.print(table)
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
