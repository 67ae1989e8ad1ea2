"""One time for two phones: probes, an estimate of the offset, and a clock that slews to it.

A probe is sent at the phone's time, stamped with the room's time on its way, and comes back. If both ways took equally
long, the room's stamp belongs to the middle. Wi-Fi makes one way wait longer than the other, now and then and by a lot;
the probes that came back fastest waited least, so the offset is the mean of the fastest quarter of sixteen, at most.

Everything here is arithmetic on given times. Workers use it among themselves; the phone's clock is
``static/js/clock.js``, which mirrors this module and is held to it by generated cases.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

PROBES: Final = 16
KEEP: Final = 4
"""The estimate uses a quarter of the probes (rounded up): with sixteen, four."""
SLACK_MS: Final = 10.0
"""Of that quarter, a probe this much slower than the fastest spoils more than it says: a page that is busy while it
loads answers a whole window late, and then one good probe must outweigh it at once."""
SLEW: Final = 0.05
"""The clock may run at most 5 % fast or slow while it slews: a breath of ten seconds changes by half a second."""


class Sample(NamedTuple):
    """One probe: sent and received in local time, stamped by the room in room time; all in milliseconds."""

    sent_ms: float
    room_ms: float
    received_ms: float

    @property
    def rtt_ms(self) -> float:
        """Time for there and back."""
        return self.received_ms - self.sent_ms

    @property
    def offset_ms(self) -> float:
        """What to add to local time to get room time, if both ways took equally long."""
        return self.room_ms - (self.sent_ms + self.received_ms) / 2


class Estimate(NamedTuple):
    """``room time = local time + offset_ms``; no worse than ``rtt_ms / 2`` unless the clock was set meanwhile."""

    offset_ms: float
    rtt_ms: float


def estimate(samples: Sequence[Sample]) -> Estimate:
    """Return the mean offset of the fastest of ``samples`` and their mean round trip: a quarter, less the far slower.

    Raises:
        ValueError: there are no samples.

    >>> estimate([Sample(0, 105, 10), Sample(20, 190, 120), Sample(130, 235, 140), Sample(150, 300, 260)])
    Estimate(offset_ms=100.0, rtt_ms=10.0)
    """
    if not samples:
        raise ValueError("Expected at least one probe, got none")
    quarter = sorted(samples, key=lambda sample: sample.rtt_ms)[: -(-len(samples) // KEEP)]
    best = [sample for sample in quarter if sample.rtt_ms <= quarter[0].rtt_ms + SLACK_MS]
    return Estimate(
        sum(sample.offset_ms for sample in best) / len(best),
        sum(sample.rtt_ms for sample in best) / len(best),
    )


class Clock:
    """Room time from local time. The first estimate is taken at once; later ones are slewed to, never jumped to.

    Local times given to it must not run backwards (use a monotonic clock).
    """

    def __init__(self, *, slew: float = SLEW, window: int = PROBES) -> None:
        self._window = window
        self._samples: deque[Sample] = deque(maxlen=window)
        self._slew = slew
        self._target: float | None = None
        self._from_offset = 0.0
        self._from_ms = 0.0
        self._settled = False

    @property
    def known(self) -> bool:
        """Whether there is any estimate yet."""
        return self._target is not None

    @property
    def settled(self) -> bool:
        """Whether a whole window was seen: from then on it is slewed, and what is drawn on it does not jump."""
        return self._settled

    def take(self, sample: Sample) -> None:
        """Take one probe into the window of the last sixteen and aim for the new estimate."""
        now_ms = sample.received_ms
        held = self.offset_ms(now_ms) if self.known else None
        self._samples.append(sample)
        self._target = estimate(self._samples).offset_ms
        self._from_ms = now_ms
        # While the first window fills, nothing runs on this clock yet: a jump hurts nobody and a slew would delay it.
        filling = len(self._samples) < self._window
        self._settled |= not filling
        self._from_offset = self._target if held is None or filling else held

    def offset_ms(self, now_ms: float) -> float:
        """Return the offset in force at local time ``now_ms``."""
        if self._target is None:
            raise ValueError("Expected at least one probe before the first reading, got none")
        reach = self._slew * max(0.0, now_ms - self._from_ms)
        gap = self._target - self._from_offset
        return self._from_offset + max(-reach, min(reach, gap))

    def room_ms(self, now_ms: float) -> float:
        """Return room time at local time ``now_ms``."""
        return now_ms + self.offset_ms(now_ms)

    def restart(self) -> None:
        """Forget the window: new probes count at once. For a phone that slept, where nobody was watching."""
        self._samples.clear()
