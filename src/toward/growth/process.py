"""The server's end of the pipe: the child is started when it is first needed, and lost without harm."""

from __future__ import annotations

import os
import select
import struct
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from toward.errors import Unavailable
from toward.growth import frames
from toward.growth.told import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

START_S: Final = 600.0
"""The first start after an install compiles the model, which takes a minute on a good machine."""
ANSWER_S: Final = 30.0
KEPT: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "NUMBA_CACHE_DIR")
"""All of the environment that the child gets: a database's address may hold a password."""
COMMAND: Final = (sys.executable, "-P", "-m", "toward.growth.child")


class Child:
    """One child process at most; for one thread at a time, but for ``stop``."""

    def __init__(self, cache: Path | None = None, command: tuple[str, ...] = COMMAND) -> None:
        """*cache* is where compiled code goes if it can't lie beside the source."""
        self._cache = cache
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process's number while it runs."""
        return self._process.pid if self._process is not None else None

    def ask(self, question: bytes) -> Iterator[Answer]:
        """Yield the answers to an encoded question. Raises ``Unavailable`` where the child is lost; it is gone then."""
        try:
            if self._process is not None and self._process.poll() is not None:
                self.stop()  # it was ended from elsewhere while nobody asked
            process = self._process or self._start()
            assert process.stdin is not None  # noqa: S101 - both pipes were asked for; says so to the type checker
            frames.write(process.stdin, question)
            while True:
                answer = self._read(process, ANSWER_S)
                yield answer
                if answer.whole:
                    return
        except (OSError, ValueError, EOFError, TimeoutError, msgspec.MsgspecError) as error:
            self.stop()
            raise Unavailable from error

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        # One thread: the arrays are small, and the other cores have people on them.
        environment |= {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")}
        if self._cache is not None and not os.access(Path(__file__).parents[1] / "dyad", os.W_OK):
            environment.setdefault("NUMBA_CACHE_DIR", str(self._cache))
        self._process = process = subprocess.Popen(  # noqa: S603 - this program's own module, by this interpreter
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self._read(process, START_S)
        return process

    @staticmethod
    def _read(process: subprocess.Popen[bytes], patience_s: float) -> Answer:
        assert process.stdout is not None  # noqa: S101 - as above
        pipe, until = process.stdout.fileno(), time.monotonic() + patience_s

        def take(count: int) -> bytes:
            data = b""
            while len(data) < count:
                if not select.select([pipe], [], [], max(until - time.monotonic(), 0.0))[0]:
                    raise TimeoutError
                more = os.read(pipe, count - len(data))
                if not more:
                    raise EOFError
                data += more
            return data

        length = struct.unpack(">I", take(4))[0]
        if length > frames.LONGEST:
            raise ValueError(length)
        return msgspec.msgpack.decode(take(length), type=Answer)

    def stop(self) -> None:
        """End the child, if there is one. Whoever waits for it is told that it is lost."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was not sent is for nobody now
                    pipe.close()
