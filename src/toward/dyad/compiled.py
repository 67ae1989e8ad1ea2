"""One place where kernels are compiled: cached on disk, without the interpreter's lock, in one thread.

Numba keeps compiled code beside the source, or in ``NUMBA_CACHE_DIR``. Where neither can be written (a read-only
install without a home), kernels still compile, once per process. ``warm`` chooses the folder and compiles all of them,
so that a program does it while it starts and not while somebody waits.
"""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., object]")


class Warmth(NamedTuple):
    """How long ``warm`` took, and where compiled code is kept ('' where it can't be)."""

    seconds: float
    cache: str


#: Kernels call functions of these modules, whose changes Numba does not see: their text is part of the cache's stamp.
_SHARED = ("events", "params", "moments", "plan", "value", "gradient", "unfold")
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": {"contract", "nsz", "arcp"}}


def _shared_text() -> str:
    here = Path(__file__).parent
    return hashlib.sha256(b"".join((here / f"{name}.py").read_bytes() for name in _SHARED)).hexdigest()


_STAMP = _shared_text()
_SETTINGS: Any = numba.config


def kernel(function: F) -> F:
    """Compile ``function`` with Numba when it is first called, and keep the code on disk.

    ``error_model="numpy"``: a division by zero gives inf, which the callers look for, and costs no branch.
    """
    try:
        compiled = numba.njit(cache=True, **_OPTIONS)(function)
    except RuntimeError:  # nowhere to keep compiled code
        return cast("F", numba.njit(**_OPTIONS)(function))
    # A private corner of Numba; where it moves, the cache is merely as careful as Numba's own.
    index = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    own = getattr(index, "_source_stamp", None)
    if own is not None:
        setattr(index, "_source_stamp", (own, _STAMP))  # noqa: B010
    return cast("F", compiled)


#: As ``kernel``, for small functions that other kernels call.
inline = kernel


def warm(cache: Path | None = None) -> Warmth:
    """Compile (or load) every kernel by fitting one small made-up couple; the first time takes about half a minute.

    ``cache`` is the folder for compiled code; it must be chosen before any other call of this room in the process, and
    sets ``NUMBA_CACHE_DIR`` for child processes as well.
    """
    started = time.perf_counter()
    if cache is not None:
        cache.mkdir(parents=True, exist_ok=True)
        os.environ["NUMBA_CACHE_DIR"] = str(cache)
        _SETTINGS.CACHE_DIR = str(cache)
    from toward.dyad.estimate import fit
    from toward.dyad.linear import warm_linear
    from toward.dyad.params import TYPICAL
    from toward.dyad.simulation import simulate
    from toward.dyad.smoothing import path

    made = simulate(TYPICAL, days=5, seed=1)
    found = fit(made.journal, draws=20)
    path(found, made.journal.time_days[-1:])
    warm_linear()
    return Warmth(time.perf_counter() - started, str(_SETTINGS.CACHE_DIR))
