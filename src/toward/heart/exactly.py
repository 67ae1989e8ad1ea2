"""How the streaming kernels are compiled: sums in the order in which they are written.

A stream must give the same beats for any cutting into pieces, bit for bit. Where sums may be reordered, the last
digit depends on where a piece happens to start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., object]")


def exactly(function: Function) -> Function:
    """Compile *function* with Numba at its first call (``cache=True``, ``nogil=True``); its type stays what it was.

    Numba's cache on disk looks at the file of *function* alone, not at those of the kernels it calls in turn: who
    changes a kernel in `shapes` must save `qrs`, which calls it, as well.
    """
    from numba import njit

    return cast("Function", njit(cache=True, nogil=True)(function))
