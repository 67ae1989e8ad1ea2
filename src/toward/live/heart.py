"""One heart in a room, without I/O: packets and times in; beats, how well they are heard, and a record out."""

from __future__ import annotations

from array import array
from collections import deque
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

from toward.live.heart_messages import Heard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toward.live.ears import Ear
    from toward.live.heart_messages import Beats, Frames, Signal, Source
    from toward.live.strap import Beat

LOST_MS: Final = 6000.0
"""No beat for so long, and the heart is not heard. The slowest heart and the slowest strap stay below it."""
WARM_MS: Final = 30_000.0
"""So much must have been heard before anything but the beat itself means something (RMSSD, Munoz 2015)."""
RECENT_MS: Final = 60_000.0
TRUST_MS: Final = 15_000.0
FAINT: Final = 0.6
"""Less of the last quarter minute than this in usable intervals, and the heart is heard faintly."""
NEIGHBOURS: Final = 9
FAR_OFF: Final = 0.3
"""An interval that differs from its neighbours' median by more than this share is not believed for now."""
SMOOTH: Final = 5
MOST_BEATS: Final = 20_000
"""More than two hours; the oldest are forgotten."""
STRAYED_MS: Final = 30_000.0
"""A packet may have waited so long for an ear; an older one's stamp is not believed."""
AHEAD_MS: Final = 1000.0


class News(NamedTuple):
    """Beats that were just decided, in room time, and the rate around each."""

    at: tuple[float, ...]
    rate: tuple[float | None, ...]


class Told(NamedTuple):
    """All that was heard between two moments of the room. ``gaps_ms`` are stretches that no interval reaches over."""

    beats_ms: tuple[float, ...]
    gaps_ms: tuple[tuple[float, float], ...]


class Heart:
    """One person's heart, by the device that brings it."""

    def __init__(self, now_ms: float) -> None:
        """Know nothing yet; ``heard_ms`` is when something was heard last, or when listening began."""
        self.source: Source = "strap"
        self.conn = ""
        self.heard_ms = now_ms
        self._usable: deque[tuple[float, float]] = deque()
        self._near: deque[float] = deque(maxlen=NEIGHBOURS)
        self._at = array("d")
        self._rr = array("d")

    def listen(self, source: Source, conn: str, now_ms: float) -> None:
        """Listen to *conn* from now on. What was heard before stays, with a gap to what comes."""
        self.source, self.conn, self.heard_ms = source, conn, now_ms
        self._usable.clear()
        self._near.clear()

    def take(self, packet: Beats | Frames, ear: Ear, now_ms: float) -> News:
        """Let *ear* hear a packet that came at *now_ms* and return what it decides."""
        # A phone knows the room's time better than the room knows how long its packet travelled; but not any time.
        room_ms = packet.room if -STRAYED_MS < packet.room - now_ms < AHEAD_MS else now_ms
        return self._keep(ear.take(packet), room_ms - packet.local, now_ms)

    def _keep(self, beats: Sequence[Beat], offset_ms: float, now_ms: float) -> News:
        at, rate = list[float](), list[float | None]()
        for beat in beats:
            last_ms = self._at[-1] if self._at else float("-inf")
            at_ms = max(round(beat.at_ms + offset_ms, 1), last_ms + 1)
            usable = beat.rr_ms is not None and self._believes(beat.rr_ms)
            if usable and beat.rr_ms is not None:
                self._usable.append((at_ms, beat.rr_ms))
            self._at.append(at_ms)
            self._rr.append(beat.rr_ms or 0.0)
            at.append(at_ms)
            rate.append(self._rate() if usable else None)
        if at:
            self.heard_ms = now_ms
            while self._usable and self._usable[0][0] < at[-1] - RECENT_MS:
                self._usable.popleft()
        if len(self._at) > MOST_BEATS:
            del self._at[: MOST_BEATS // 4], self._rr[: MOST_BEATS // 4]
        return News(tuple(at), tuple(rate))

    def _believes(self, rr_ms: float) -> bool:
        """Whether an interval is like those before it; what is not may be an early beat, or none."""
        self._near.append(rr_ms)
        usual = median(self._near)
        return abs(rr_ms - usual) <= FAR_OFF * usual

    def _rate(self) -> float:
        newest = [rr for _, rr in list(self._usable)[-SMOOTH:]]
        return round(60_000 / median(newest), 1)

    # ------------------------------------------------------------------------------------------------ what is seen

    def warm(self) -> float:
        """How much of the first half minute has been heard, 0 to 1."""
        return round(min(1.0, sum(rr for _, rr in self._usable) / WARM_MS), 2)

    def signal(self, now_ms: float) -> Signal:
        """How well the heart is heard."""
        if now_ms - self.heard_ms > LOST_MS:
            return "lost"
        if self.warm() < 1:
            return "warming"
        since_ms = self._at[-1] - TRUST_MS
        trusted_ms = sum(rr for at, rr in self._usable if at > since_ms)
        return "faint" if trusted_ms < FAINT * TRUST_MS else "steady"

    def heard(self, now_ms: float, news: News = News((), ())) -> Heard:  # noqa: B008 -- a NamedTuple does not change
        """Return what a phone is told."""
        return Heard(signal=self.signal(now_ms), at=news.at, rate=news.rate, warm=self.warm())

    def record(self, stretches: Sequence[tuple[float, float]]) -> Told:
        """Return what was heard in some stretches, each before the next. From one to the next is a gap."""
        beats, gaps = list[float](), list[tuple[float, float]]()
        at = self._laid_back()
        for from_ms, to_ms in stretches:
            fresh = True
            for at_ms, rr_ms in zip(at, self._rr, strict=True):
                if not from_ms <= at_ms <= to_ms:
                    continue
                if beats and (fresh or not rr_ms):
                    gaps.append((beats[-1], at_ms))
                beats.append(at_ms)
                fresh = False
        return Told(tuple(beats), tuple(gaps))

    def _laid_back(self) -> array[float]:
        """When the beats were, as known by now: a strap's chain moves back at first, and its newest place is right."""
        at = self._at[:]
        for i in range(len(at) - 1, 0, -1):
            at[i - 1] = at[i] - self._rr[i] if self._rr[i] else min(at[i - 1], at[i] - 1)
        return at
