"""Each reader's newest answer, in memory, for as long as their opened journal is; and the thread that asks the child.

A reader is known by the object that holds their opened journal, weakly: where that goes (signed out, idle, erased) the
answer goes with it, and nobody else has that object. What was asked is kept as a digest only. Beside the answer lies
where its fit came to rest (``Answer.start``): it goes to the child with the same reader's next question, so that their
line need not be looked for from the beginning, and it goes where the answer goes.
"""

from __future__ import annotations

import threading
import time
import weakref
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from toward.errors import Unavailable
from toward.growth.process import Child
from toward.growth.told import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from toward.growth.asked import Question

IDLE_S: Final = 300.0
"""So long after the last question the child goes; it takes 180 megabytes, and a second or two to come back."""
REST_S: Final = 60.0
"""So long after the child was lost it is not asked again: what killed it may kill it once more."""
NOTHING: Final = Answer(None)


class Kept:
    """What one reader was told, or is to be told."""

    def __init__(self, key: Hashable, standing: Hashable, digest: bytes, start: tuple[float, ...] = ()) -> None:
        self.key = key
        self.standing = standing
        self.digest = digest
        self.answer: Answer | None = None
        self.start = start
        self.lost = False
        self.changed = threading.Condition()

    def take(self, answer: Answer | None, *, lost: bool = False) -> None:
        """Keep an answer, and apart from it where it leaves off, and tell whoever waits."""
        with self.changed:
            if answer is not None:
                self.answer = msgspec.structs.replace(answer, start=())
                self.start = answer.start or (() if answer.whole else self.start)
            self.lost = lost
            self.changed.notify_all()

    def wait(self, wait_s: float, *, whole: bool) -> Answer | None:
        """Return the answer, or what there is of it after a while."""

        def there() -> bool:
            return self.lost or (self.answer is not None and (self.answer.whole or not whole))

        with self.changed:
            self.changed.wait_for(there, wait_s)
            return self.answer


class Job(NamedTuple):
    """One question on its way to the child."""

    reader: weakref.ref[object]
    kept: Kept
    question: bytes


class Growth:
    """Answers for readers. Thread-safe; ``close`` it with the app."""

    def __init__(self, child: Child | None = None, *, idle_s: float = IDLE_S, rest_s: float = REST_S) -> None:
        self._child = child or Child()
        self._idle_s, self._rest_s = idle_s, rest_s
        self._kept: weakref.WeakKeyDictionary[object, Kept] = weakref.WeakKeyDictionary()
        self._lock = threading.Lock()
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lost_at = -rest_s
        self._closed = False

    def __len__(self) -> int:
        """Count the readers of whom something is kept."""
        return len(self._kept)

    @property
    def well(self) -> bool:
        """Whether the child can be asked, as far as is known."""
        return not self._closed and time.monotonic() - self._lost_at >= self._rest_s

    def told(
        self,
        reader: object,
        key: Hashable,
        make: Callable[[], Question | None],
        *,
        standing: Hashable = None,
        wait_s: float = 0.0,
        whole: bool = False,
    ) -> Answer | None:
        """Return what *reader* is told, or None while it is being worked out, for which it waits a little.

        *key* changes when the reader's view may have; only then is *make* called. Where *standing* changes (with whom
        the reader shares a space) nothing from before is kept. *whole*: wait for practices to be weighed too. A
        question that can't be asked is answered with nothing.
        """
        with self._lock:
            kept = self._kept.get(reader)
        if kept is None or (kept.key, kept.standing) != (key, standing) or kept.lost:
            question = make()
            if question is None:
                self.forget(reader)
                return NOTHING
            kept = self._ask(reader, key, standing, question)
        return kept.wait(wait_s, whole=whole) if kept is not None else None

    def forget(self, reader: object) -> None:
        """Keep nothing of a reader."""
        with self._lock:
            self._kept.pop(reader, None)

    def close(self) -> None:
        """Forget everything and end the child."""
        with self._lock:
            self._closed = True
            self._kept.clear()
            thread = self._thread
        self._jobs.put(None)
        self._child.stop()
        if thread is not None:
            thread.join(5)
            self._child.stop()

    def _ask(self, reader: object, key: Hashable, standing: Hashable, question: Question) -> Kept | None:
        digest = question.digest
        with self._lock:
            kept = self._kept.get(reader)
            if kept is not None and (kept.standing, kept.digest) == (standing, digest) and not kept.lost:
                kept.key = key
                return kept
            if not self.well:
                self._kept.pop(reader, None)
                return None
            # What killed the child may kill it once more; whom the reader shared with is no start for who is alone.
            start = kept.start if kept is not None and kept.standing == standing and not kept.lost else ()
            kept = self._kept[reader] = Kept(key, standing, digest, start)
            asked = msgspec.structs.replace(question, start=start)
            self._jobs.put(Job(weakref.ref(reader), kept, msgspec.msgpack.encode(asked)))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="growth", daemon=True)
                self._thread.start()
            return kept

    def _work(self) -> None:
        while True:
            try:
                job = self._jobs.get(timeout=self._idle_s)
            except Empty:
                self._child.stop()
                job = self._jobs.get()
            if job is None:
                return
            if self._is_wanted(job):
                self._reckon(job)
            del job  # or the last question would stay here until the next one comes

    def _is_wanted(self, job: Job) -> bool:
        """Whether nothing newer was asked for the reader, who is still there."""
        reader = job.reader()
        with self._lock:
            return reader is not None and self._kept.get(reader) is job.kept

    def _reckon(self, job: Job) -> None:
        try:
            for answer in self._child.ask(job.question):
                job.kept.take(answer)
        except Unavailable:
            self._lost_at = time.monotonic()
            job.kept.take(None, lost=True)
