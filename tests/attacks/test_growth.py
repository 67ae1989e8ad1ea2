"""What is worked out of one's answers, attacked: by the other's private rows, by the disk, by another session."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import pytest

from tests.growth.made import Here, leaves, says
from tests.pages.two import Person, Two
from tests.web.stand import browser
from toward.growth import Answer, Effect, Growth, Question
from toward.growth.process import Child
from toward.journal.kinds import (
    CheckIn,
    Connection,
    Frightened,
    LifeEvent,
    LinePoint,
    LineShared,
    Memory,
    Moment,
    NotCome,
    Preferences,
    Settled,
    Sign,
    SixSteps,
)
from toward.vault.pairing import unpair
from toward.web.app import create_app
from toward.web.safe_slot import keep_answer

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY_MS: Final = 86_400_000
PAGES: Final = ("/", "/ours", "/ours/better-days", "/turn", "/settings/guide")
STAMPED: Final = re.compile(r'toward-outbox" content="[^"]*"|[0-9a-f]{32,}')
WHOLE: Final = says(Effect("softening", 0.5, 0.1, 0.9, 0.6), guesses=("touch",), hint="softening")


class Watched(Two):
    """Mara and Lin over a child that remembers what it was asked."""

    def __init__(self, folder: Path, child: Child | None = None) -> None:
        super().__init__(folder)
        self.child = child or Here(WHOLE)
        self.growth = Growth(self.child)
        self.app = create_app(self.home.vault, now_ms=self.clock, growth=self.growth)
        self.mara, self.lin = (
            Person(self.home, one.arrival, browser(self.app, session=one.arrival.token, tz="0"))
            for one in (self.mara, self.lin)
        )
        for one in (self.mara, self.lin):
            one.session.write(LineShared(on=True))
            for back in range(14, 0, -1):
                one.session.write(CheckIn(felt=2 + back % 5), at_ms=self.clock.now_ms - back * DAY_MS)

    def seen(self, one: Person) -> dict[str, str]:
        """Somebody's pages, without what is drawn by chance."""
        return {path: STAMPED.sub("*", one.get(path)) for path in PAGES}

    @property
    def asked(self) -> list[bytes]:
        """Every question so far."""
        assert isinstance(self.child, Here)
        return self.child.asked


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Watched]:
    """A home with both in it."""
    made = Watched(tmp_path / "data")
    yield made
    made.growth.close()


def test_what_the_other_keeps_to_themselves_changes_no_byte(two: Watched) -> None:
    """Lin writes every private thing there is, and is afraid; Mara's question and pages are what they were."""
    two.lin.session.write(LinePoint(felt=3), at_ms=two.clock.now_ms - DAY_MS)
    before = two.seen(two.mara)
    assert len(two.asked) == 1
    day = "2025-11-20"
    for body in (
        CheckIn(felt=1, body="shut", rung="coerce", there=False, moved="pulled", words="alone with it"),
        Memory(words="a beach"),
        Moment(label="a lost job", sort="hard", day=day),
        Settled(practice="hum", how="alone", minutes=3),
        Frightened(words="the door", day=day),
        NotCome(words="the call", day=day),
        Sign(of="truth", so=True, day=day),
        Connection(source="touch", day=day, felt="close"),
        LifeEvent(label="a move", day=day),
        SixSteps(telling="that I am too much"),
        Preferences(reckon=False),
    ):
        two.lin.session.write(body, at_ms=two.clock.now_ms - 2 * DAY_MS)
    keep_answer(two.lin.session, "afraid", two.clock.now_ms, for_visit=False)
    assert two.seen(two.mara) == before
    assert len({msgspec.msgpack.decode(data, type=Question).digest for data in two.asked}) == 1
    assert two.lin.get("/ours/better-days").count("<svg") < two.mara.get("/ours/better-days").count("<svg")


def test_what_the_other_shares_is_in_it_and_only_that(two: Watched) -> None:
    """One point of Lin's line is one row of Mara's question; a check-in that is kept is none."""
    two.mara.get("/ours")
    two.lin.session.write(CheckIn(felt=6), at_ms=two.clock.now_ms)
    two.mara.get("/ours")
    two.lin.session.write(LinePoint(felt=6), at_ms=two.clock.now_ms)
    two.mara.get("/ours")
    first, second = (msgspec.msgpack.decode(data, type=Question) for data in two.asked)
    assert 1 not in first.partner
    assert second.partner.count(1) == 1
    assert second.value[second.partner.index(1)] == 6


def test_another_session_is_never_told_what_one_was(two: Watched) -> None:
    """Not the other's, not one's own on a second device: each asks for itself, and one's sign-out takes one's own."""
    two.mara.get("/ours")
    two.lin.get("/ours")
    assert len(two.asked) == 2
    mine, theirs = (msgspec.msgpack.decode(data, type=Question) for data in two.asked)
    assert mine.digest != theirs.digest or mine == theirs
    assert len(two.growth) == 2
    two.mara.post("/settings/sign-out")
    assert len(two.growth) == 1
    assert two.lin.session.ledger in two.growth._kept
    two.lin.post("/lock/now")
    assert len(two.growth) == 0


@pytest.fixture
def going_on(tmp_path: Path) -> Iterator[Watched]:
    """A home over a child that says where it leaves off, as the real one does."""
    made = Watched(tmp_path / "data", Here(leaves))
    yield made
    made.growth.close()


def _starts(two: Watched) -> list[tuple[float, ...]]:
    return [msgspec.msgpack.decode(data, type=Question).start for data in two.asked]


def test_what_a_question_starts_from_is_of_the_reader_s_own_last_question(going_on: Watched) -> None:
    """Whatever Lin keeps to herself in between; it is never Lin's; it goes with the switch, the space, the session."""
    two = going_on
    two.mara.get("/ours")
    first = msgspec.msgpack.decode(two.asked[0], type=Question)
    for felt in (1, 1, 7):
        two.lin.session.write(CheckIn(felt=felt), at_ms=two.clock.now_ms - DAY_MS)
    two.lin.get("/ours")
    two.mara.session.write(CheckIn(felt=6), at_ms=two.clock.now_ms)
    two.mara.get("/ours")
    assert _starts(two) == [(), (), (123456.0, sum(first.value))]
    two.mara.session.write(CheckIn(felt=5), at_ms=two.clock.now_ms)
    two.clock.now_ms += 1000
    two.mara.post("/settings/guide", suggestions="on")
    two.clock.now_ms += 1000
    two.mara.post("/settings/guide", suggestions="on", reckon="on")
    two.mara.get("/ours")
    assert _starts(two)[-1] == ()
    two.mara.session.write(CheckIn(felt=3), at_ms=two.clock.now_ms)
    two.mara.get("/ours")
    assert _starts(two)[-1] != ()
    unpair(two.mara.session)
    two.mara.get("/ours")
    assert _starts(two)[-1] == ()
    two.mara.post("/settings/sign-out")
    two.lin.post("/lock/now")
    assert len(two.growth) == 0


def test_what_a_question_starts_from_is_on_no_page_and_no_disk(going_on: Watched, tmp_path: Path) -> None:
    """Neither as text nor as bytes, after every page that tells of it."""
    two = going_on
    for felt in (2, 6, 4):
        two.mara.session.write(CheckIn(felt=felt), at_ms=two.clock.now_ms)
        pages = two.seen(two.mara) | two.seen(two.lin)
        assert not any("123456" in page for page in pages.values())
    assert _starts(two)[-1][0] == 123456.0
    piece = msgspec.msgpack.encode(123456.0)[1:]
    for path, data in _written(tmp_path).items():
        assert piece not in data, path


def _written(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.skipif(sys.platform != "linux", reason="reads what a process has open")
def test_nothing_of_a_fit_is_on_the_disk_and_the_child_has_nothing_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real child: pipes only, no file but the server's own, and no bytes of question or answer in any."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    for name in ("TMPDIR", "HOME"):
        monkeypatch.setenv(name, str(scratch))
    two = Watched(tmp_path / "data", Child())
    try:
        kept: list[bytes] = []
        ask = two.child.ask

        def noted(question: bytes) -> Iterator[Answer]:
            kept.append(question)
            return ask(question)

        monkeypatch.setattr(two.child, "ask", noted)
        for _ in range(200):
            two.mara.get("/ours")
            if kept and next(iter(two.growth._kept.values())).answer is not None:
                break
        one = next(iter(two.growth._kept.values()))
        answer = one.wait(60, whole=True)
        assert answer is not None
        assert answer.way is not None
        assert len(one.start) > 400
        two.mara.session.write(CheckIn(felt=6), at_ms=two.clock.now_ms)
        two.mara.get("/ours")
        assert msgspec.msgpack.decode(kept[-1], type=Question).start == one.start
        pid = two.child.pid
        opened = {one.readlink().name for one in Path(f"/proc/{pid}/fd").iterdir()}
        assert all(name == "null" or name.startswith(("pipe:", "anon_inode:")) for name in opened), opened
        assert _written(scratch) == {}
        question = msgspec.msgpack.decode(kept[0], type=Question)
        pieces = [
            msgspec.msgpack.encode(question.time_days[:3])[1:],
            msgspec.msgpack.encode(question.value[:6])[1:],
            msgspec.msgpack.encode(answer.way.mean[:2])[1:],
            msgspec.msgpack.encode(one.start[:2])[1:],
            b"checkin",
        ]
        for path, data in _written(tmp_path).items():
            assert not any(piece in data for piece in pieces), path
    finally:
        two.growth.close()
