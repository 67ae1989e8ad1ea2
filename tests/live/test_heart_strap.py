"""Beats of a strap on the phone's clock: late, bunched, lost and doubled packets, and honest ones."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toward.live.strap import LONGEST_MS, SHORTEST_MS, Beat, StrapClock

RR = st.integers(300, 1500)


def packets(rr: list[int], period_ms: float = 1000.0) -> list[tuple[float, list[int]]]:
    """What a strap sends that began at 0: once a period, the beats since the last packet."""
    sent: list[tuple[float, list[int]]] = []
    at_ms, due_ms, waiting = 0.0, period_ms, list[int]()
    for units in rr:
        at_ms += units * 1000 / 1024
        while at_ms > due_ms:
            sent.append((due_ms, waiting))
            due_ms, waiting = due_ms + period_ms, []
        waiting.append(units)
    return [*sent, (due_ms, waiting)]


def heard(sent: list[tuple[float, list[int]]]) -> list[Beat]:
    """All beats of all packets."""
    clock = StrapClock()
    return [beat for at, rr in sent for beat in clock.take(at, rr)]


@given(st.lists(RR, min_size=1, max_size=60))
def test_an_undisturbed_strap_gives_every_interval_exactly(rr: list[int]) -> None:
    """Intervals are what the strap said; no beat is later than its packet, nor more than one packet late."""
    sent = packets(rr)
    beats = heard(sent)
    assert [beat.rr_ms for beat in beats[1:]] == pytest.approx([units * 1000 / 1024 for units in rr[1:]])
    true_ms = list(accumulate(units * 1000 / 1024 for units in rr))
    for beat, at in zip(beats, true_ms, strict=True):
        assert -1e-6 <= beat.at_ms - at <= 1000


@given(st.lists(RR, min_size=20, max_size=60), st.lists(st.floats(0, 900), min_size=200, max_size=200))
def test_packets_that_come_late_move_no_beat(rr: list[int], late_ms: list[float]) -> None:
    """Jitter in the air, in order, is no gap."""
    sent = packets(rr)
    last_ms, jittered = 0.0, list[tuple[float, list[int]]]()
    for (at, some), late in zip(sent, late_ms, strict=False):
        last_ms = max(last_ms, at + (late if jittered else 0.0))
        jittered.append((last_ms, some))
    assert [beat.rr_ms for beat in heard(jittered)] == [beat.rr_ms for beat in heard(sent)]


def test_lost_packets_leave_a_gap_that_no_interval_spans() -> None:
    """After ten lost packets the chain begins anew near the present, and its first interval is not known."""
    sent = packets([800] * 60)
    kept = sent[:20] + sent[30:]
    beats = heard(kept)
    gaps = [i for i, beat in enumerate(beats) if beat.rr_ms is None]
    assert len(gaps) == 2
    at = gaps[1]
    assert 8000 < beats[at].at_ms - beats[at - 1].at_ms < 12_500
    assert abs(beats[-1].at_ms - sent[-1][0]) < 1100


@given(st.lists(st.tuples(st.floats(0, 1e7), st.lists(st.integers(0, 65535), max_size=9)), min_size=1, max_size=60))
def test_nothing_that_a_strap_sends_is_taken_for_the_future(sent: list[tuple[float, list[int]]]) -> None:
    """Rubbish gives beats no later than the packet they came in, and intervals that a heart can have or none."""
    clock = StrapClock()
    for at, rr in sorted(sent):
        for beat in clock.take(at, rr):
            assert beat.at_ms <= at + 1e-6
            assert beat.rr_ms is None or SHORTEST_MS <= beat.rr_ms <= LONGEST_MS
