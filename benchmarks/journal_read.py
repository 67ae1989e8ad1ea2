"""How fast a journal becomes a life: ``python -m benchmarks.journal_read [entries]``.

Decodes and folds a couple's journal of 10,000 entries and puts beside it, in the same run and turn by turn, a bare loop
that decodes the same MessagePack with msgspec and does nothing with it. Bar: the fold, decoding included, .5 s.
"""

from __future__ import annotations

import sys
import time
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

import msgspec

from toward.demo import history
from toward.journal import codec
from toward.journal.kinds import Body, Entry
from toward.journal.projections import Life, day_of
from toward.web.charts import line_chart

if TYPE_CHECKING:
    from collections.abc import Callable

ENTRIES = 10_000
ROUNDS = 7
BAR_S = 0.5
NOW_MS = 1_763_700_000_000
ME, THEM = b"m" * 16, b"l" * 16
PRIVATE, SHARED = b"p" * 16, b"s" * 16

Stored = tuple[bytes, bytes, int, bytes]
"""Id, author, seq, and the stored form, as a vault hands it on."""


def journal(entries: int) -> list[Stored]:
    """Return so many entries that the invented couple's reader would open, newest twelve weeks last."""
    stored: list[Stored] = []
    seed = 0
    while len(stored) < entries:
        for event in history(seed, NOW_MS - 84 * 86_400_000 * (entries // 150 - seed)):
            shared = event.body.SPACE == "shared"
            if shared or event.who == "mara":
                author = ME if event.who == "mara" else THEM
                data = codec.encode(event.at_ms, event.tz_min, event.body)
                stored.append((event.id, author, len(stored) + 1, data))
        seed += 1
    return stored[:entries]


def fold(stored: list[Stored]) -> Life:
    """Decode and fold everything."""
    life = Life(ME)
    for id_, author, seq, data in stored:
        at_ms, tz_min, body = codec.decode(data)
        shared = getattr(body, "SPACE", "") == "shared"
        entry = Entry(
            id=id_,
            space=SHARED if shared else PRIVATE,
            author=author,
            seq=seq,
            at_ms=at_ms,
            tz_min=tz_min,
            shared=shared,
            mine=author == ME,
            body=body,
        )
        life.take(entry)
    return life


def look(life: Life) -> None:
    """Ask for what a page of each sort asks for."""
    _ = life.checkins.latest, life.checkins.opened, life.memories.own, life.timeline.days
    _ = life.invitations.threads, life.invitations.waiting, life.agreements.open, life.pauses.current(NOW_MS)
    line_chart(life.line, day_of(NOW_MS, 60))


def bare(packed: list[bytes]) -> None:
    """Decode the same bodies and do nothing with them."""
    decode = msgspec.msgpack.Decoder(Body).decode
    for data in packed:
        decode(data)


def seconds(work: Callable[[], object]) -> float:
    """Return how long something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> int:
    """Print the table; 1 if the bar is not met."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    stored = journal(entries)
    packed = [msgspec.msgpack.encode(codec.decode(one[3]).body) for one in stored]
    times: dict[str, list[float]] = {"bare decode": [], "decode and fold": [], "one page of each": []}
    for _ in range(ROUNDS):
        times["bare decode"].append(seconds(lambda: bare(packed)))
        times["decode and fold"].append(seconds(lambda: fold(stored)))
        life = fold(stored)
        times["one page of each"].append(seconds(partial(look, life)))
    base = median(times["bare decode"])
    print(f"{entries} entries, median of {ROUNDS}")
    for what, taken in times.items():
        print(f"  {what:<18} {median(taken) * 1000:8.1f} ms   {median(taken) / base:6.1f} x bare")
    return 0 if median(times["decode and fold"]) <= BAR_S * entries / ENTRIES else 1


if __name__ == "__main__":
    sys.exit(main())
