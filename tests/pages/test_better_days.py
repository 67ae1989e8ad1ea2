"""One's own line with the model's band, what goes together with better days, and every way not to see them."""

from __future__ import annotations

import gc
import re
import subprocess
import sys
import time
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.growth.made import Here, fake_child, says
from tests.pages.rooms import HOUR_MS, PASSPHRASE, Rooms, said
from toward.catalogue import words
from toward.growth import Effect, Growth
from toward.guide.practising import REASONS
from toward.journal.kinds import CheckIn, Frightened, LinePoint, LineShared, Memory, Preferences
from toward.journal.visibility import felt_word
from toward.vault import erasing
from toward.web.app import create_app
from toward.web.better_days import REACH, WIDTH, shown, size_of
from toward.web.chart_drawing import BAND_SD
from toward.web.safe_slot import keep_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

    from toward.growth.process import Child
    from toward.vault import Arrival

DAY_MS = 24 * HOUR_MS
SOFTER = Effect("softening", 0.5, 0.1, 0.9, 0.6)
WHOLE = says(SOFTER, Effect("bid_a", -0.2, -0.6, 0.2, 0.3), guesses=("touch", "practice_a"), hint="softening")


class Told:
    """A home whose child is here, with somebody who has checked in for twelve days."""

    def __init__(self, rooms: Rooms, child: Child) -> None:
        self.rooms = rooms
        self.growth = Growth(child)
        self.child = child
        rooms.app = create_app(rooms.vault, now_ms=lambda: rooms.now_ms, growth=self.growth)
        self.mara, self.lin = rooms.couple()
        for one in (self.mara, self.lin):
            keep_answer(rooms.again(one), "hard", rooms.now_ms, for_visit=False)
        self.lived(self.mara)

    def lived(self, person: Arrival, days: int = 12) -> None:
        """So many days of check-ins up to yesterday."""
        session = self.rooms.again(person)
        for back in range(days, 0, -1):
            session.write(CheckIn(felt=3 + back % 4), at_ms=self.rooms.now_ms - back * DAY_MS)

    @property
    def phone(self) -> TestClient:
        """Mara's."""
        return self.rooms.phone(self.mara)

    def page(self, path: str) -> str:
        """What stands on a page of Mara's."""
        return unescape(said(self.phone.get(path).text))


@pytest.fixture
def home(rooms: Rooms) -> Iterator[Callable[..., Told]]:
    """Makes one over a child."""
    made: list[Told] = []

    def make(child: Child | None = None) -> Told:
        made.append(Told(rooms, child or Here(WHOLE)))
        return made[-1]

    yield make
    for one in made:
        one.growth.close()


# ---------------------------------------------------------------------------------------------- the line


def test_the_line_has_the_model_s_band_with_a_sentence_and_a_place_in_the_table(home: Callable[..., Told]) -> None:
    """Around 3 with a narrow band, whatever the check-ins were: the same words on every day."""
    told = home()
    page = told.page("/ours")
    assert words("ours.line.reckoned") in page
    assert words("ours.line.you_likely") in page
    low, high = (words(f"ours.felt.{felt_word(3.0 + sign * BAND_SD * 0.4)}") for sign in (-1, 1))
    assert low != high
    assert page.count(words("ours.line.from_to", low=low, high=high)) == 12


def test_the_other_s_band_comes_from_their_shared_points_alone(home: Callable[..., Told]) -> None:
    """Both agree: two lines and a word on where the other's is from. One stops: no trace of it."""
    told = home()
    for one in (told.mara, told.lin):
        told.rooms.again(one).write(LineShared(on=True))
    for back in range(6):
        told.rooms.again(told.lin).write(LinePoint(felt=5), at_ms=told.rooms.now_ms - back * DAY_MS)
    note = words("ours.line.theirs", partner="Lin")
    html = told.phone.get("/ours").text
    assert note in unescape(said(html))
    assert "band-them" in html
    told.rooms.again(told.lin).write(LineShared(on=False))
    html = told.phone.get("/ours").text
    assert note not in unescape(said(html))
    assert "band-them" not in html


def test_few_check_ins_are_told_as_few_and_asked_nobody(home: Callable[..., Told]) -> None:
    """Nine days: the simple band, a word on it, and no question."""
    child = Here(WHOLE)
    told = home(child)
    solo = told.rooms.arrive("Solo")
    told.lived(solo, 9)
    page = said(told.rooms.phone(solo).get("/ours").text)
    assert words("ours.line.few") in page
    assert words("ours.line.reckoned") not in page
    assert words("better.state.few") in said(told.rooms.phone(solo).get("/ours/better-days").text)
    assert child.asked == []
    told.rooms.phone(solo).post("/check-in", data={"felt": "4"})
    assert words("ours.line.few") not in said(told.rooms.phone(solo).get("/ours").text)
    assert len(child.asked) == 1


def test_it_is_there_when_a_page_opens_after_an_answer(home: Callable[..., Told]) -> None:
    """The check-in itself asks; looking asks no more; a page that changes nothing neither."""
    child = Here(WHOLE)
    told = home(child)
    told.phone.post("/check-in", data={"felt": "5"})
    assert words("ours.line.reckoned") in told.page("/ours")
    for path in ("/ours", "/ours/better-days", "/", "/turn"):
        told.phone.get(path)
    assert len(child.asked) == 1
    told.phone.post("/settings/breath", data={"pace": "5-7"})
    assert words("better.after.softening", size=words("better.size.easier_half")) in told.page("/ours/better-days")
    assert len(child.asked) == 1


def test_what_is_not_there_yet_is_said_and_comes_with_the_next_look(home: Callable[..., Told]) -> None:
    """The page waits a moment and no longer, stands without it, and has a way to look again."""
    slow = "import time; time.sleep(1.2); n = len(msgspec.msgpack.decode(data)[4]); "
    slow += "tell(Answer(Way((3.0,) * n, (0.4,) * n, 0.0, 0.2), (), ('touch',)))"
    told = home(fake_child(slow))
    assert words("ours.line.pending") in told.page("/ours")
    html = told.phone.get("/ours/better-days").text
    assert words("better.state.pending") in said(html)
    assert 'href="/ours/better-days"' in html
    for _ in range(30):
        if words("better.part.guess") in told.page("/ours/better-days"):
            break
    assert words("better.what.touch") in told.page("/ours/better-days")
    assert words("ours.line.reckoned") in told.page("/ours")


def test_a_lost_child_costs_the_picture_and_nothing_else(home: Callable[..., Told]) -> None:
    """The line has its simple band, the page says so, and no page is an error."""
    told = home(fake_child("sys.exit(1)"))
    for _ in range(2):
        assert told.phone.post("/check-in", data={"felt": "4"}).status_code == 303
        html = told.phone.get("/ours").text
        assert "band-you" in html
        assert words("ours.line.reckoned") not in said(html)
    assert words("better.state.lost") in told.page("/ours/better-days")
    without = create_app(told.rooms.vault, now_ms=lambda: told.rooms.now_ms)
    told.rooms.app = without
    assert words("better.state.lost") in told.page("/ours/better-days")


# ------------------------------------------------------------------------------------ what goes together


def test_tells_what_goes_together_in_words_with_how_sure_it_is(home: Callable[..., Told]) -> None:
    """A sentence, a band, a table; by name; guesses have no number and no picture; no percent, no score."""
    told = home()
    html = told.phone.get("/ours/better-days").text
    page = unescape(said(html))
    ranges = {"low": words("better.size.easier_little"), "high": words("better.size.easier_step")}
    for expected in (
        words("better.after.softening", size=words("better.size.easier_half")),
        words("better.likely.range", **ranges),
        words("better.sure.most"),
        words("better.after.bid_a", size=words("better.size.harder_little")),
        words("better.sure.some"),
        words("better.part.guess"),
        words("better.what.touch"),
        words("better.honest.nobody"),
    ):
        assert expected in page
    main = html[html.index("<main") :]
    assert main.count('<svg viewBox="0 0 320 56"') == 2
    assert page.index(words("better.what.softening")) < page.index(words("better.what.bid_a"))
    assert not re.search(r"[0-9%]", page)


def test_whoever_is_afraid_sees_what_anybody_sees_of_whom_there_is_nothing_to_say(home: Callable[..., Told]) -> None:
    """Told to the safety page, or noted as frightening: the same bytes as with nothing to say, and no hint."""
    child = Here(says())
    told = home(child)
    nothing = told.phone.get("/ours/better-days").text
    child._reckon = WHOLE
    told.phone.post("/check-in", data={"felt": "5", "body": "open"})
    assert words("better.what.softening") in told.page("/ours/better-days")
    keep_answer(told.rooms.again(told.mara), "afraid", told.rooms.now_ms, for_visit=False)
    assert told.phone.get("/ours/better-days").text == nothing
    assert not any(words(reason) in told.page("/") for reason in REASONS.values())
    keep_answer(told.rooms.again(told.mara), "hard", told.rooms.now_ms, for_visit=False)
    assert words("better.what.softening") in told.page("/ours/better-days")
    told.rooms.again(told.mara).write(Frightened(words="the door", day="2025-11-20"))
    assert told.phone.get("/ours/better-days").text == nothing
    assert words("ours.line.reckoned") in told.page("/ours")


def test_now_says_why_on_the_day_that_it_has_its_turn(home: Callable[..., Told]) -> None:
    """Within a turn of the wheel, what went with easier days is named as that; with suggestions off it is not."""
    told = home()
    told.rooms.again(told.mara).write(Memory(words="rain"))
    reason, seen = words(REASONS["softening"]), []
    for _ in range(8):
        told.rooms.now_ms += DAY_MS
        told.phone.post("/check-in", data={"felt": "6", "body": "open"})
        told.phone.get("/ours/better-days")
        seen.append(reason in told.page("/"))
    assert any(seen)
    assert not all(seen)


# ------------------------------------------------------------------------------------------ switched off


def test_switched_off_nothing_is_worked_out(home: Callable[..., Told]) -> None:
    """No question, no band, days as they were told; a page that says so and where to switch it on."""
    child = Here(WHOLE)
    told = home(child)
    told.phone.get("/ours")
    assert len(told.growth) == 1
    told.phone.post("/settings/guide", data={"suggestions": "on"})
    assert told.rooms.again(told.mara).life.preferences == Preferences(reckon=False)
    assert len(told.growth) == 0
    asked = len(child.asked)
    told.phone.post("/check-in", data={"felt": "4"})
    html = told.phone.get("/ours").text
    chart = html[html.index('class="chart"') :]
    assert "band-you" not in chart
    assert "line-you" not in chart
    assert chart.count('class="point-you"') == 13
    page = unescape(said(html))
    assert words("ours.line.plain") in page
    assert words("ours.line.you_likely") not in page
    assert words("better.title") not in page
    html = told.phone.get("/ours/better-days").text
    assert words("better.state.off") in said(html)
    assert 'href="/settings/guide"' in html
    assert len(child.asked) == asked
    told.phone.post("/settings/guide", data={"suggestions": "on", "reckon": "on"})
    assert words("ours.line.reckoned") in told.page("/ours")


def test_the_switch_shows_how_it_stands(home: Callable[..., Told]) -> None:
    """On from the start, off when it was taken out."""
    told = home()
    assert re.search(r'name="reckon" value="on"\s+checked', told.phone.get("/settings/guide").text)
    told.phone.post("/settings/guide", data={})
    assert not re.search(r'name="reckon" value="on"\s+checked', told.phone.get("/settings/guide").text)


# ------------------------------------------------------------------------------------------ gone


@pytest.mark.parametrize("way", ["/settings/sign-out", "/lock/now"])
def test_nothing_is_kept_after_signing_out_or_locking(home: Callable[..., Told], way: str) -> None:
    """With the form itself, not some time later."""
    told = home()
    phone = told.phone
    phone.get("/ours")
    assert len(told.growth) == 1
    phone.post(way)
    assert len(told.growth) == 0


def test_nothing_is_kept_after_erasing_and_leaving_is_a_new_question(home: Callable[..., Told]) -> None:
    """Who leaves keeps their own line, worked out anew; who erases leaves nothing."""
    told = home()
    told.phone.get("/ours")
    kept = next(iter(told.growth._kept.values()))
    told.phone.post("/settings/leave", data={"do": "leave"})
    assert kept not in told.growth._kept.values()
    told.phone.get("/ours")
    told.phone.post("/settings/erase", data={"name": "Mara", "passphrase-now": PASSPHRASE, "sheet": told.mara.sheet})
    assert len(told.growth) == 0


def _gone(told: Told) -> None:
    """Nothing is kept, as soon as nobody holds the journal: a thread that has just answered may, for a moment."""
    until = time.monotonic() + 10
    while len(told.growth) and time.monotonic() < until:
        gc.collect()
        time.sleep(0.05)
    assert len(told.growth) == 0


def test_nothing_is_kept_of_somebody_whose_journal_is_closed(home: Callable[..., Told]) -> None:
    """Idle, erased by another door, or left out of a full memory: the vault's own doing is enough."""
    told = home()
    told.phone.get("/ours")
    told.mara = told.mara._replace(session=told.lin.session)  # or the test itself would hold her journal open
    gc.collect()
    told.rooms.now_ms += DAY_MS
    told.rooms.vault.ledgers.sweep(told.rooms.now_ms)
    _gone(told)
    told.phone.get("/ours")
    assert len(told.growth) == 1
    erasing.erase(told.rooms.again(told.mara))
    _gone(told)


# ------------------------------------------------------------------------------------------ words and places


def test_numbers_become_words_from_one_end_to_the_other() -> None:
    """Every word is met in order, and each has its sentence."""
    met = list(dict.fromkeys(size_of(steps / 20) for steps in range(-40, 41)))
    assert len(met) == 9
    assert met[4] == "same"
    for size in met:
        assert words(f"better.size.{size}")


def test_a_band_lies_within_its_picture() -> None:
    """Whatever the numbers are: left of its middle, right of it, and cut at the ends."""
    for mean, low, high in ((0.0, -9.0, 9.0), (0.5, 0.1, 0.9), (-2.0, -3.0, -1.9), (0.0, 0.0, 0.0)):
        (one,) = shown([Effect("touch", mean, low, high, 0.3)])
        assert 0 < one.left <= one.middle <= one.right < WIDTH
    (middle,) = shown([Effect("touch", 0.0, -REACH / 2, REACH / 2, 0.3)])
    assert middle.middle == WIDTH / 2
    assert middle.left + middle.right == pytest.approx(WIDTH)


def test_the_server_never_loads_what_a_model_is_made_of(tmp_path: Path) -> None:
    """A fresh process with everything on: after a check-in, and with its answer on the page, it has no NumPy."""
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from tests.growth.made import fake_child\n"
        "from tests.pages.rooms import Rooms\n"
        "from tests.pages.test_better_days import Told\n"
        f"told = Told(Rooms(Path({str(tmp_path / 'home')!r})), fake_child())\n"
        "told.phone.post('/check-in', data={'felt': '4'})\n"
        "pages = [told.page(path) for path in ('/', '/ours', '/ours/better-days', '/ours/play', '/turn', '/within')]\n"
        "told.growth.close()\n"
        "print(all(pages), sorted({'numpy', 'scipy', 'numba', 'toward.dyad'} & set(sys.modules)))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "True []", run.stderr
