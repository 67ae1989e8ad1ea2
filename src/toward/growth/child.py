"""The child process: ``python -m toward.growth.child``. Questions come in by standard input, answers go out.

It ends when its input does, so it can't outlive the server. Nothing that it was asked stays: a question is gone with
its last answer.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import msgspec

from toward.growth import frames
from toward.growth.asked import Question
from toward.growth.told import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import IO

NICER: Final = 5
"""It stands back behind the server, which may be pacing somebody's breath."""


def serve(questions: IO[bytes], answers: IO[bytes], reckon: Callable[[Question], Iterable[Answer]]) -> None:
    """Answer until there are no more questions. What can't be reckoned is answered with nothing at all."""
    decoder = msgspec.msgpack.Decoder(Question)
    while (data := frames.read(questions)) is not None:
        last = Answer(None, whole=False)
        with suppress(Exception):  # a fit that fails is a page without a picture
            for last in reckon(decoder.decode(data)):
                frames.write(answers, msgspec.msgpack.encode(last))
        if not last.whole:
            frames.write(answers, msgspec.msgpack.encode(msgspec.structs.replace(last, whole=True)))


def main() -> None:
    """Stand back, be quiet, leave nothing behind, and serve."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a key pressed in the terminal is the server's to answer
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICER)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not speak between two answers
    from toward.growth.reckoning import answers, warm

    warm()
    frames.write(out, msgspec.msgpack.encode(Answer(None)))
    serve(sys.stdin.buffer, out, answers)


if __name__ == "__main__":
    main()
