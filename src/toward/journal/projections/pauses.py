"""The pause that runs, and the way back from it.

Either calls a pause and either may move its end, so no rule here gives one of them more say. What the other answers
when the time has come is shown only where it helps: "ready" not before one is ready oneself, so that nobody goes first
and nobody is waited for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from toward.journal.kinds import Entry, PauseCalled, PauseMoved, PauseReturned

LONGEST_MS: Final = 24 * 3_600_000
RETURN_OPEN_MS: Final = 24 * 3_600_000
"""So long after its end a pause may still be answered; after that it is over, and nothing reminds of it."""
READY_OPEN_MS: Final = 3 * 3_600_000
EARLY_MS: Final = 5 * 60_000
"""Clocks of two programs differ by less than this. What claims to be later than that has not happened yet."""

Reply = Literal["ready", "more_time", "not_today"]
Phase = Literal["running", "return", "ready"]


class Pause(NamedTuple):
    """A pause as the reader sees it. ``mine`` says who called it; ``until_ms`` when it ends or ended.

    ``phase``: "running"; "return" when the time has come; "ready" when both are.
    """

    id: bytes
    mine: bool
    called_ms: int
    until_ms: int
    phase: Phase
    my_reply: Reply | None
    their_reply: Reply | None


class _Said(NamedTuple):
    at_ms: int
    id: bytes
    mine: bool
    reply: Reply


class _Known(NamedTuple):
    """One pause as it stands at a time. ``closed_ms`` is when both were ready or one said "not today"."""

    called_ms: int
    id: bytes
    until_ms: int
    mine: Reply | None
    theirs: Reply | None
    closed_ms: int | None

    @property
    def both_ready(self) -> bool:
        return self.mine == self.theirs == "ready"


class Pauses:
    """The pauses of one shared space."""

    def __init__(self, me: bytes) -> None:
        self._me = me
        self._called: dict[bytes, tuple[int, bool, int]] = {}
        self._moved: dict[bytes, list[tuple[int, bytes, int]]] = {}
        self._said: dict[bytes, list[_Said]] = {}

    def take(self, entry: Entry, body: PauseCalled) -> None:
        """Fold in a pause."""
        self._called[entry.id] = (entry.at_ms, entry.author == self._me, body.until_ms)

    def take_moved(self, entry: Entry, body: PauseMoved) -> None:
        """Fold in a new time of return; it may come before its pause."""
        self._moved.setdefault(body.pause, []).append((entry.at_ms, entry.id, body.until_ms))

    def take_returned(self, entry: Entry, body: PauseReturned) -> None:
        """Fold in where one of the two is."""
        said = _Said(entry.at_ms, entry.id, entry.author == self._me, body.reply)
        self._said.setdefault(body.pause, []).append(said)

    def current(self, now_ms: int) -> Pause | None:
        """Return the pause that counts now, or None.

        Being ready, or "not today", closes every pause called until then. Of the later ones the one that ends last
        counts, so that a pause is not ended by a shorter one called beside it.
        """
        known = [self._known(pause, now_ms) for pause, one in self._called.items() if one[0] <= now_ms + EARLY_MS]
        closed = max((one for one in known if one.closed_ms is not None), key=_closing, default=None)
        later = [one for one in known if closed is None or one.called_ms > _closing(closed)[0]]
        if later:
            counts = max(later, key=lambda one: (one.until_ms, one.called_ms, one.id))
        elif closed is not None:
            counts = closed
        else:
            return None
        phase = _phase(counts, now_ms)
        if phase is None:
            return None
        return Pause(
            id=counts.id,
            mine=self._called[counts.id][1],
            called_ms=counts.called_ms,
            until_ms=counts.until_ms,
            phase=phase,
            my_reply=counts.mine,
            their_reply=None if counts.theirs == "ready" != counts.mine else counts.theirs,
        )

    def _known(self, pause: bytes, now_ms: int) -> _Known:
        """A pause with its last end. No pause is longer than a day, whoever moved it."""
        called_ms, _, until_ms = self._called[pause]
        moves = [one for one in self._moved.get(pause, ()) if one[0] <= now_ms + EARLY_MS]
        moved_ms, _, until_ms = max(moves, default=(called_ms, pause, until_ms))
        mine = self._last_said(pause, moved_ms, now_ms, mine=True)
        theirs = self._last_said(pause, moved_ms, now_ms, mine=False)
        closing = [one.at_ms for one in (mine, theirs) if one is not None and one.reply == "not_today"]
        if mine and theirs and mine.reply == theirs.reply == "ready":
            closing = [max(mine.at_ms, theirs.at_ms)]
        return _Known(
            called_ms,
            pause,
            min(until_ms, moved_ms + LONGEST_MS),
            mine.reply if mine else None,
            theirs.reply if theirs else None,
            min(closing, default=None),
        )

    def _last_said(self, pause: bytes, moved_ms: int, now_ms: int, *, mine: bool) -> _Said | None:
        """The last word of one of the two. "Ready" and "not today" were said of the time that held then."""
        said = [one for one in self._said.get(pause, ()) if one.mine == mine and one.at_ms <= now_ms + EARLY_MS]
        last = max(said, default=None)
        if last is None or (last.reply != "more_time" and last.at_ms < moved_ms):
            return None
        return last


def _closing(pause: _Known) -> tuple[int, int, bytes]:
    return pause.closed_ms or 0, pause.called_ms, pause.id


def _phase(pause: _Known, now_ms: int) -> Phase | None:
    if pause.both_ready:
        return "ready" if now_ms < (pause.closed_ms or 0) + READY_OPEN_MS else None
    if pause.closed_ms is not None:
        return None
    if now_ms < pause.until_ms:
        return "running"
    return "return" if now_ms < pause.until_ms + RETURN_OPEN_MS else None
