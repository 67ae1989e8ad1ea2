"""The hearts in a room, without I/O: whose is heard, who sees whose, and what is kept of it at the end.

Each sees their own. Both see both only while both want it, and either may stop at any time. To the other a stop looks,
to the byte and to the second, like a strap that is not heard any more: what they see is what was shown last, and after
``LOST_MS`` without anything new it is lost.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

from toward.live import heart_messages as say
from toward.live.events import Effect, HeartNote, HeartRecord, Send
from toward.live.heart import LOST_MS, Heart, News
from toward.live.messages import Refused

if TYPE_CHECKING:
    from toward.live.ears import Ear, Ears
    from toward.live.presence import Presence
    from toward.live.watch import Watch

WAITING: Final = 600
"""Packets that wait for an ear that is still being made ready: twenty seconds of a camera."""
WORTH_KEEPING_MS: Final = 60_000.0
"""Less of a heart than this tells nothing that is worth keeping."""
MOST_AT_ONCE: Final = 32
NOTHING: Final = News((), ())


class Seen(NamedTuple):
    """What a person saw of the other's heart last."""

    heard_ms: float
    signal: say.Signal
    warm: float


class Hearts:
    """Up to two hearts. Whoever is in the room is in ``here``; ``ears`` turn packets into beats."""

    def __init__(self, here: Presence, ears: Ears) -> None:
        self._here = here
        self._ears = ears
        self._hearts: dict[bytes, Heart] = {}
        self._ear: dict[bytes, Ear] = {}
        self._watch: dict[bytes, Watch] = {}
        self._waiting: dict[bytes, deque[say.Beats | say.Frames]] = {}
        self._wishes: dict[bytes, say.Wish] = {}
        self._since_ms: dict[bytes, float] = {}
        self._signal: dict[bytes, say.Signal] = {}
        self._seen: dict[bytes, Seen] = {}
        self._shared: list[tuple[float, float | None]] = []

    # --------------------------------------------------------------------------------------------------- who sees what

    @property
    def both(self) -> bool:
        """Whether both want both hearts to be seen."""
        return len(self._wishes) > 1 and all(wish.together for wish in self._wishes.values())

    def _other(self, person: bytes) -> bytes | None:
        return next((one for one in self._hearts if one != person), None)

    def _settle(self, now_ms: float) -> list[Effect]:
        """Begin or end what both see, as their wishes now are."""
        shown = bool(self._shared) and self._shared[-1][1] is None
        if self.both and not shown:
            self._shared.append((now_ms, None))
            return [effect for person in self._wishes for effect in self._show_other(person, now_ms)]
        if shown and not self.both:
            self._shared[-1] = (self._shared[-1][0], now_ms)
        return []

    def _show_other(self, viewer: bytes, now_ms: float, news: News = NOTHING) -> list[Effect]:
        """Tell one of two who both want it of the other's heart."""
        other = self._other(viewer)
        if other is None:
            return []
        heart = self._hearts[other]
        heard = heart.heard(now_ms, news)
        self._seen[viewer] = Seen(heart.heard_ms, heard.signal, heard.warm)
        return self._send(viewer, say.Hearts(them=heard))

    def _send(self, person: bytes, message: say.Hearts) -> list[Effect]:
        """To the one device that brought the heart, and to no other of that person."""
        heart = self._hearts.get(person)
        return [] if heart is None or heart.conn not in self._here.devices else [Send((heart.conn,), message)]

    # ------------------------------------------------------------------------------------------------------ what comes

    def told(self, conn: str, person: bytes, message: say.FromHeart, now_ms: float) -> list[Effect]:
        """Take what a phone says of a heart."""
        if isinstance(message, say.Wish):
            return self.wish(conn, person, message, now_ms)
        return self.take(conn, person, message, now_ms)

    def wish(self, conn: str, person: bytes, wish: say.Wish, now_ms: float) -> list[Effect]:
        """Take what a person wants with their heart."""
        if wish.source is None:
            return self._off(person, now_ms)
        heart = self._hearts.get(person)
        if person in self._wishes and heart is not None and (heart.conn, heart.source) == (conn, wish.source):
            self._wishes[person] = wish
            if not wish.together:
                self._seen.pop(person, None)
            return [*self._settle(now_ms), *self._send(person, say.Hearts(you=heart.heard(now_ms)))]
        if heart is None:
            heart = self._hearts[person] = Heart(now_ms)
        if person not in self._wishes:
            self._since_ms[person] = now_ms
        heart.listen(wish.source, conn, now_ms)
        # Another page has another clock, and another strap another beginning: what an ear has heard is of no use there.
        self._ear.pop(person, None)
        self._waiting.pop(person, None)
        self._wishes[person] = wish
        self._ears.ready(wish.source)
        heard = heart.heard(now_ms)
        self._signal[person] = heard.signal
        return [*self._send(person, say.Hearts(you=heard)), *self._settle(now_ms)]

    def take(self, conn: str, person: bytes, packet: say.Beats | say.Frames, now_ms: float) -> list[Effect]:
        """Let a packet be heard."""
        heart = self._hearts.get(person)
        if heart is None or person not in self._wishes:
            # A worker that took this room over knows no hearts; the phone says its wish again.
            return [Send((conn,), Refused(reason="not_now", expected="to hear of the heart first", got="a packet"))]
        if heart.conn != conn:
            return []
        news = self._hear(person, heart, packet, now_ms)
        if not news.at:
            return []
        heard = heart.heard(now_ms, news)
        self._signal[person] = heard.signal
        effects = self._send(person, say.Hearts(you=heard))
        other = self._other(person)
        if self.both and other is not None:
            effects += self._show_other(other, now_ms, news)
        return [*effects, *self._care(person, news)]

    def _care(self, person: bytes, news: News) -> list[Effect]:
        """Tell somebody, and nobody else, that their body is at its limit. A phone between two would tell both."""
        watch = self._watch.get(person) or self._ears.watch()
        if watch is None:
            return []
        self._watch[person] = watch
        told = [watch.beat(at / 1000, after_gap=rate is None) for at, rate in zip(news.at, news.rate, strict=True)]
        newest = next((care for care in reversed(told) if care is not None), None)
        if newest is None or self._here.one_phone is not None:
            return []
        return self._send(person, say.Hearts(care=newest))

    def _hear(self, person: bytes, heart: Heart, packet: say.Beats | say.Frames, now_ms: float) -> News:
        ear = self._ear.get(person)
        if ear is None:
            if not self._ears.ready(heart.source):
                self._waiting.setdefault(person, deque(maxlen=WAITING)).append(packet)
                return NOTHING
            ear = self._ear[person] = self._ears.open(heart.source)
        news = NOTHING
        for each in (*self._waiting.pop(person, ()), packet):
            found = heart.take(each, ear, now_ms)
            news = News(news.at + found.at, news.rate + found.rate)
        # A phone that was away is not told all that it missed.
        return News(news.at[-MOST_AT_ONCE:], news.rate[-MOST_AT_ONCE:])

    def left(self, conn: str, person: bytes, *, meant: bool, now_ms: float) -> list[Effect]:
        """See a device out. Who only dropped out may be back; who went on purpose keeps what there is."""
        heart = self._hearts.get(person)
        if heart is None or heart.conn != conn:
            return []
        return self._off(person, now_ms) if meant else []

    def _off(self, person: bytes, now_ms: float) -> list[Effect]:
        """Hear a heart no longer."""
        if self._wishes.get(person) is None:
            return []
        effects = self._note(person, now_ms)
        del self._wishes[person]
        for known in (self._ear, self._watch, self._waiting, self._signal, self._seen, self._since_ms):
            known.pop(person, None)
        effects += self._settle(now_ms)
        if not self._wishes:
            self._hearts.clear()
            self._shared.clear()
        elif not self._shared:
            del self._hearts[person]
        return effects

    def tick(self, now_ms: float) -> list[Effect]:
        """Say what time has changed: a heart that is not heard any more."""
        effects: list[Effect] = []
        for person in self._wishes:
            heart = self._hearts[person]
            signal = heart.signal(now_ms)
            if signal != self._signal.get(person):
                self._signal[person] = signal
                effects += self._send(person, say.Hearts(you=heart.heard(now_ms)))
        for viewer, seen in list(self._seen.items()):
            if seen.signal != "lost" and now_ms - seen.heard_ms > LOST_MS:
                self._seen[viewer] = seen._replace(signal="lost")
                effects += self._send(viewer, say.Hearts(them=say.Heard(signal="lost", warm=seen.warm)))
        return effects

    # ------------------------------------------------------------------------------------------------- what is kept

    def conclude(self, now_ms: float) -> list[Effect]:
        """A session is over: let each keep what there is of theirs, and begin anew."""
        effects = [effect for person in self._wishes for effect in self._note(person, now_ms)]
        for person in self._wishes:
            self._since_ms[person] = now_ms
        return effects

    def _note(self, person: bytes, now_ms: float) -> list[Effect]:
        heart, wish, since_ms = self._hearts[person], self._wishes[person], self._since_ms[person]
        mine = heart.record([(since_ms, now_ms)])
        if not mine.beats_ms or mine.beats_ms[-1] - mine.beats_ms[0] < WORTH_KEEPING_MS:
            return []
        if heart.conn not in self._here.devices:
            return []
        other = self._other(person)
        shared = [(max(start, since_ms), min(end or now_ms, now_ms)) for start, end in self._shared]
        shared = [(start, end) for start, end in shared if end > start] if wish.together else []
        theirs = self._hearts[other].record(shared) if other is not None and shared else None
        record = HeartRecord(
            source=heart.source,
            from_ms=since_ms,
            to_ms=now_ms,
            beats_ms=mine.beats_ms,
            gaps_ms=mine.gaps_ms,
            shared_ms=tuple(shared),
            their_beats_ms=theirs.beats_ms if theirs else (),
            their_gaps_ms=theirs.gaps_ms if theirs else (),
            keep=wish.keep,
        )
        return [HeartNote(heart.conn, record)]
