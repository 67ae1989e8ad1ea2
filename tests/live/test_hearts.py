"""Hearts in a room: who hears of whose, what a stop looks like, and what is kept."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from toward.live import messages
from toward.live.ears import StrapEar
from toward.live.events import Effect, Event, Heard, HeartNote, Joined, Left, Send, Tick, Told
from toward.live.heart import LOST_MS
from toward.live.heart_messages import Beats, Hearts, Wish
from toward.live.messages import Between, Breathe, Leave, Refused, read
from toward.live.room import Room
from toward.live.watch import Watch

if TYPE_CHECKING:
    from toward.live.ears import Ear
    from toward.live.heart_messages import Source

ADA, LIN = b"ada-0000-0000-00", b"lin-0000-0000-00"
START_MS = 1_700_000_000_000.0


class SlowEars:
    """Ears that are not ready until told so."""

    def __init__(self) -> None:
        self.is_ready = True
        self.opened: list[Source] = []
        self.watches = False

    def ready(self, source: Source) -> bool:
        """As told."""
        del source
        return self.is_ready

    def open(self, source: Source) -> Ear:
        """A strap's ear, whatever is asked for."""
        self.opened.append(source)
        return StrapEar()

    def watch(self) -> Watch | None:
        """Somebody who watches, if the test wants it."""
        return Watch() if self.watches else None


class Pair:
    """Ada and Lin in a room, with a strap each that beats when time passes."""

    def __init__(self) -> None:
        self.ears = SlowEars()
        self.room = Room(ears=self.ears)
        self.now_ms = START_MS
        self.heard: dict[str, list[Hearts | Refused]] = {}
        self.notes: list[HeartNote] = []
        self.beating: dict[str, int] = {}
        for conn, person in (("a", ADA), ("l", LIN)):
            self.do(Joined(conn, person))

    def do(self, event: Event) -> list[Effect]:
        """Let something happen now."""
        effects = self.room.handle(event, self.now_ms)
        for effect in effects:
            if isinstance(effect, Send) and isinstance(effect.message, Hearts | Refused):
                for conn in effect.to:
                    self.heard.setdefault(conn, []).append(effect.message)
            elif isinstance(effect, HeartNote):
                self.notes.append(effect)
        return effects

    def wish(self, conn: str, *, source: Source | None = "strap", together: bool = False, keep: bool = False) -> None:
        """A person wants something with their heart."""
        self.do(Told(conn, Wish(source=source, together=together, keep=keep)))
        if source is not None:
            self.beating.setdefault(conn, 1024)

    def pass_s(self, seconds: int) -> None:
        """Let seconds pass, with a packet of each strap that beats and a tick in each."""
        for _ in range(seconds):
            self.now_ms += 1000
            for conn, rr in self.beating.items():
                self.do(Told(conn, Beats(local=self.now_ms - START_MS, room=self.now_ms, rr=(rr,))))
            self.tick()

    def tick(self) -> None:
        """Time is seen to pass; both phones show that they are alive."""
        for conn in self.room.conns:
            self.do(Heard(conn))
        self.do(Tick())

    def them(self, conn: str) -> list[str]:
        """How well the other's heart was heard, as this phone was told, without repetition."""
        told = [one.them.signal for one in self.heard.get(conn, []) if isinstance(one, Hearts) and one.them]
        return [signal for i, signal in enumerate(told) if i == 0 or told[i - 1] != signal]


def test_one_heart_warms_up_is_steady_and_is_lost() -> None:
    """A person alone with their heart is told how well it is heard, and nobody else anything."""
    pair = Pair()
    pair.wish("a")
    pair.pass_s(40)
    del pair.beating["a"]
    pair.pass_s(10)
    signals = [one.you.signal for one in pair.heard["a"] if isinstance(one, Hearts) and one.you]
    assert [s for i, s in enumerate(signals) if not i or signals[i - 1] != s] == ["warming", "steady", "lost"]
    assert "l" not in pair.heard


def test_nobody_sees_a_heart_unless_both_want_it() -> None:
    """Until both want it neither hears of the other's, nor of the other's wish."""
    pair = Pair()
    pair.wish("a", together=True)
    pair.wish("l", together=False)
    pair.pass_s(10)
    assert pair.them("a") == pair.them("l") == []
    pair.wish("l", together=True)
    pair.pass_s(5)
    assert pair.them("a") == pair.them("l") == ["warming"]


def test_a_stop_looks_like_a_lost_signal() -> None:
    """What Ada is sent when Lin stops is, to the byte and to the second, what she is sent when Lin's strap slips."""
    seen: list[list[tuple[float, bytes]]] = []
    for how in ("slips", "unshares", "switches off", "unshares and slips"):
        pair = Pair()
        pair.wish("a", together=True)
        pair.wish("l", together=True)
        pair.pass_s(45)
        log: list[tuple[float, bytes]] = []
        if "unshares" in how:
            pair.wish("l", together=False)
        if how == "switches off":
            pair.wish("l", source=None)
        if how != "unshares":
            del pair.beating["l"]
        for _ in range(20):
            before = len(pair.heard["a"])
            pair.pass_s(1)
            log += [(pair.now_ms, messages.write(one)) for one in pair.heard["a"][before:]]
        seen.append(log)
        assert pair.them("a")[-1] == "lost"
    assert seen[0] == seen[1] == seen[2] == seen[3]


def test_hearts_come_back_when_the_other_wants_it_again() -> None:
    """A stop is for now, not for good."""
    pair = Pair()
    pair.wish("a", together=True)
    pair.wish("l", together=True)
    pair.pass_s(40)
    pair.wish("l", together=False)
    pair.pass_s(10)
    pair.wish("l", together=True)
    pair.pass_s(10)
    assert pair.them("a")[-2:] == ["lost", "steady"]


def test_a_line_is_kept_of_what_both_saw_and_no_more() -> None:
    """At the end each gets a record of their own heart, and of the other's only while both wanted it."""
    pair = Pair()
    pair.wish("a", together=True, keep=True)
    pair.wish("l")
    pair.pass_s(60)
    pair.wish("l", together=True)
    both_ms = pair.now_ms
    pair.pass_s(90)
    pair.wish("l", together=False)
    apart_ms = pair.now_ms
    pair.pass_s(60)
    pair.do(Told("a", Wish(source=None)))
    (note,) = pair.notes
    assert note.conn == "a"
    record = note.record
    assert (record.keep, record.source, len(record.shared_ms)) == (True, "strap", 1)
    assert record.shared_ms[0] == (both_ms, apart_ms)
    assert both_ms <= min(record.their_beats_ms)
    assert max(record.their_beats_ms) <= apart_ms
    assert len(record.beats_ms) == 210
    pair.do(Told("l", Leave()))
    assert pair.notes[1].record.their_beats_ms == (), "who stopped to share keeps a line of their own heart only"


def test_a_breath_that_ends_keeps_a_line_for_both() -> None:
    """The end of the breath is the end of the session."""
    pair = Pair()
    for conn in ("a", "l"):
        pair.wish(conn, together=True)
    pair.do(Told("a", Breathe(minutes=2.0)))
    pair.pass_s(130)
    assert sorted(note.conn for note in pair.notes) == ["a", "l"]
    assert all(note.record.their_beats_ms for note in pair.notes)
    pair.pass_s(5)
    pair.do(Told("a", Wish(source=None)))
    assert len(pair.notes) == 2, "the few seconds after it are no session"


def test_a_phone_that_drops_out_comes_back_to_the_same_heart() -> None:
    """A lost connection is a gap in one record, not two records."""
    pair = Pair()
    pair.wish("a")
    pair.pass_s(60)
    pair.do(Left("a"))
    rr = pair.beating.pop("a")
    pair.pass_s(20)
    pair.do(Joined("a2", ADA))
    pair.wish("a2")
    pair.beating["a2"] = rr
    pair.pass_s(60)
    pair.wish("a2", source=None)
    (note,) = pair.notes
    assert note.conn == "a2"
    assert len(note.record.gaps_ms) == 1
    (gap,) = note.record.gaps_ms
    assert gap[1] - gap[0] > 19_000


def test_packets_without_a_wish_are_sent_back_to_say_it_again() -> None:
    """A room that was taken over knows no hearts."""
    pair = Pair()
    pair.do(Told("a", Beats(local=0, room=pair.now_ms, rr=(900,))))
    assert isinstance(pair.heard["a"][0], Refused)


def test_what_comes_while_an_ear_is_made_ready_is_heard_later() -> None:
    """Nothing of the first seconds is lost."""
    pair = Pair()
    pair.ears.is_ready = False
    pair.wish("a")
    pair.pass_s(8)
    assert not any(isinstance(one, Hearts) and one.you and one.you.at for one in pair.heard["a"])
    pair.ears.is_ready = True
    pair.pass_s(1)
    beats = [at for one in pair.heard["a"] if isinstance(one, Hearts) and one.you for at in one.you.at]
    assert len(beats) == 9


def test_frames_that_are_not_a_hearts_are_refused_at_the_door() -> None:
    """Wrong units, too many, and fields that are not there."""
    for frame in (
        b'{"is":"beats","local":1,"room":2,"rr":[-1]}',
        b'{"is":"beats","local":1,"room":2,"rr":[0.9]}',
        b'{"is":"beats","local":1e300,"room":2}',
        b'{"is":"heart","source":"nose"}',
        b'{"is":"heart","source":"strap","whose":"them"}',
        b'{"is":"frames","local":1,"room":2,"after":[0],"red":[256],"green":[0],"blue":[0]}',
    ):
        assert isinstance(read(frame), Refused), frame


def flood(pair: Pair, rng: random.Random) -> list[str]:
    """Ada rests, races for a minute without a swing, and rests for a quarter of an hour; return what she was told."""
    for seconds, rr_ms, swing_ms in ((180, 900, 60), (60, 620, 1), (900, 900, 60)):
        until = pair.now_ms + 1000 * seconds
        at = pair.now_ms
        while at < until:
            step = rr_ms + rng.gauss(0, swing_ms)
            at += step
            pair.now_ms = at
            pair.do(Told("a", Beats(local=at - START_MS, room=at, rr=(round(step * 1.024),))))
            pair.do(Heard("l"))
    return [one.care for one in pair.heard["a"] if isinstance(one, Hearts) and one.care]


@pytest.mark.parametrize("seed", range(3))
def test_a_pause_is_suggested_once_and_to_nobody_else(seed: int) -> None:
    """The flooded person is told once, then that they come down, then that they were calm; the other hears nothing."""
    pair = Pair()
    pair.ears.watches = True
    pair.wish("a", together=True)
    pair.wish("l", together=True)
    pair.beating.clear()
    assert flood(pair, random.Random(seed)) == ["flooded", "calming", "ready"]
    assert flood(pair, random.Random(seed + 100)) == ["flooded", "calming", "ready"], "not a second time"
    assert not any(isinstance(one, Hearts) and one.care for one in pair.heard["l"])


def test_what_the_other_sees_of_a_flood_is_the_beats_alone() -> None:
    """Watched over or not, every byte that Lin gets is the same."""
    seen = []
    for watches in (True, False):
        pair = Pair()
        pair.ears.watches = watches
        pair.wish("a", together=True)
        pair.wish("l", together=True)
        pair.beating.clear()
        flood(pair, random.Random(7))
        seen.append([messages.write(one) for one in pair.heard["l"]])
    assert seen[0] == seen[1]
    assert len(seen[0]) > 300


def test_on_one_phone_between_two_a_flood_is_nobodys_news() -> None:
    """Both look at it."""
    pair = Pair()
    pair.ears.watches = True
    pair.do(Left("l", meant=True))
    pair.do(Told("a", Between(on=True)))
    pair.wish("a")
    assert flood(pair, random.Random(1)) == []


class Machine(RuleBasedStateMachine):
    """Two people, their wishes and packets in any order; what the other may see is checked after each step."""

    @initialize()
    def begin(self) -> None:
        """Both are here, with no hearts."""
        self.pair = Pair()
        self.sharing = {"a": False, "l": False}
        self.checked: dict[str, int] = {}
        self.newest: dict[tuple[str, str], float] = {}

    @rule(conn=st.sampled_from("al"), source=st.sampled_from(["strap", None]), together=st.booleans())
    def wish(self, conn: str, source: Source | None, together: bool) -> None:  # noqa: FBT001 -- drawn by name
        """Somebody changes their mind."""
        before = self.count()
        self.pair.wish(conn, source=source, together=together)
        self.sharing[conn] = source is not None and together
        other = "l" if conn == "a" else "a"
        if not all(self.sharing.values()):
            assert self.count()[other] == before[other], "a wish of one is nothing that the other sees"

    @rule(conn=st.sampled_from("al"), rr=st.lists(st.integers(0, 3000), max_size=4), ms=st.integers(0, 5000))
    def packet(self, conn: str, rr: list[int], ms: int) -> None:
        """A strap sends something."""
        self.pair.now_ms += ms
        before = self.count()
        now = self.pair.now_ms
        self.pair.do(Told(conn, Beats(local=now - START_MS, room=now, rr=tuple(rr))))
        other = "l" if conn == "a" else "a"
        if not all(self.sharing.values()):
            assert self.count()[other] == before[other], "a packet of one is heard by both only while both want it"

    @rule(seconds=st.integers(1, 10))
    def wait(self, seconds: int) -> None:
        """Time passes."""
        for _ in range(seconds):
            self.pair.now_ms += 1000
            self.pair.tick()
        if seconds * 1000 > LOST_MS + 1000:
            for conn in "al":
                last = [one.them for one in self.pair.heard.get(conn, []) if isinstance(one, Hearts) and one.them]
                if self.sharing[conn] and last:
                    assert last[-1].signal == "lost"

    def count(self) -> dict[str, int]:
        """How often each was told of the other's heart."""
        told = self.pair.heard
        return {
            conn: sum(isinstance(one, Hearts) and one.them is not None for one in told.get(conn, [])) for conn in "al"
        }

    @invariant()
    def beats_rise_and_stay_small(self) -> None:
        """Each phone gets beats in order, and no message is too long for what it says."""
        for conn, told in self.pair.heard.items():
            for one in told[self.checked.get(conn, 0) :]:
                assert len(messages.write(one)) < 600
                for whose in ("you", "them"):
                    for at in getattr(getattr(one, whose, None), "at", ()):
                        assert at > self.newest.get((conn, whose), 0)
                        self.newest[conn, whose] = at
            self.checked[conn] = len(told)


TestHearts = Machine.TestCase
TestHearts.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
