"""What is said of a session's hearts: slowing, moving together against chance, and when to say nothing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest

from toward.live.events import HeartRecord
from toward.live.heart_told import tell

START_MS = 1_700_000_000_000.0


@dataclass
class Person:
    """A heart that can be made to beat: a slow trend, a slow wave that may be shared, and its own noise."""

    seed: int
    from_bpm: float = 74.0
    to_bpm: float = 68.0
    wave: np.ndarray | None = None

    def beats(self, seconds: float) -> tuple[float, ...]:
        """Beats in room time."""
        rng = np.random.default_rng(self.seed)
        at, found = 0.0, []
        while at < seconds:
            bpm = self.from_bpm + (self.to_bpm - self.from_bpm) * at / seconds
            if self.wave is not None:
                bpm += self.wave[int(at * 4)]
            at += 60 / (bpm + rng.normal(0, 1.5))
            found.append(START_MS + 1000 * at)
        return tuple(found)


def wave(seed: int, seconds: float) -> np.ndarray:
    """A heart's own slow wandering: no rhythm that two could share by accident."""
    rng = np.random.default_rng(seed)
    rough = rng.normal(0, 1, int(seconds * 4) + 40)
    smooth = np.convolve(rough, np.hanning(21), "same")
    return np.asarray(4.0 * smooth / smooth.std())


def record(
    mine: tuple[float, ...], theirs: tuple[float, ...] = (), *, seconds: float, keep: bool = False
) -> HeartRecord:
    """A session that both saw from beginning to end, if there are two."""
    end_ms = START_MS + 1000 * seconds
    return HeartRecord(
        source="strap",
        from_ms=START_MS,
        to_ms=end_ms,
        beats_ms=mine,
        their_beats_ms=theirs,
        shared_ms=((START_MS, end_ms),) if theirs else (),
        keep=keep,
    )


def test_one_heart_is_told_as_one() -> None:
    """From the first minute to the last, with no word of another."""
    told = tell(record(Person(1).beats(300), seconds=300))
    assert told.minutes == 5
    assert told.heard > 0.9
    assert told.slowed == pytest.approx(6 * 4 / 5, abs=1.5)
    assert (told.they_slowed, told.together, told.stretches, told.beats_ms) == (None, None, (), ())


def test_two_minutes_are_needed_to_say_that_a_heart_slowed() -> None:
    """Less says nothing."""
    assert tell(record(Person(1).beats(100), seconds=100)).slowed is None


def test_two_who_share_a_wave_are_found_together_and_the_same_for_both() -> None:
    """Above chance, at times within the session, whichever of the two is asked."""
    shared = wave(3, 300)
    mine, theirs = (Person(seed, wave=shared).beats(300) for seed in (1, 2))
    told, other = tell(record(mine, theirs, seconds=300)), tell(record(theirs, mine, seconds=300))
    assert told.together == other.together == "above"
    for start, end in told.stretches:
        assert 0 <= start < end <= 5
    assert told.slowed == other.they_slowed
    assert told == tell(record(mine, theirs, seconds=300)), "told twice, told the same"


def test_two_who_share_nothing_are_seldom_called_together() -> None:
    """At most three of twenty, where one is what chance would give."""
    fooled = 0
    for seed in range(20):
        mine = Person(seed, wave=wave(1000 + seed, 240)).beats(240)
        theirs = Person(seed + 100, wave=wave(2000 + seed, 240)).beats(240)
        told = tell(record(mine, theirs, seconds=240))
        assert told.together in {"above", "chance"}
        fooled += told.together == "above"
    assert fooled <= 3


def test_too_little_of_both_is_called_too_little() -> None:
    """Ninety seconds, or two who were hardly heard at once."""
    mine, theirs = Person(1).beats(90), Person(2).beats(90)
    assert tell(record(mine, theirs, seconds=90)).together == "little"
    apart = Person(2).beats(300)
    late = tuple(at for at in apart if at > START_MS + 270_000)
    assert tell(record(Person(1).beats(300), late, seconds=300)).together == "little"
    assert tell(record(Person(1).beats(300), apart[:5], seconds=300)).together == "little"


def test_beats_are_kept_only_when_asked_for() -> None:
    """In whole milliseconds from the first."""
    beats = Person(1).beats(120)
    told = tell(record(beats, seconds=120, keep=True))
    assert told.beats_ms[0] == 0
    assert len(told.beats_ms) == len(beats)
    assert told.beats_ms[-1] == round(beats[-1] - beats[0])


def test_gaps_lower_what_was_heard_and_break_nothing() -> None:
    """A minute without a strap in the middle."""
    beats = tuple(at for at in Person(1).beats(300) if not 100_000 < at - START_MS < 160_000)
    gap = next((one, other) for one, other in pairwise(beats) if other - one > 50_000)
    whole = record(beats, seconds=300)
    told = tell(HeartRecord(source="camera", from_ms=whole.from_ms, to_ms=whole.to_ms, beats_ms=beats, gaps_ms=(gap,)))
    assert 0.7 < told.heard < 0.85
    assert told.slowed is not None
