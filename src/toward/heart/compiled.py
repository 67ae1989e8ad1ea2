"""How this room compiles its loops: once, kept on disk, and without holding the interpreter's lock while they run."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., object]")


def compiled(function: Function) -> Function:
    """Compile *function* with Numba at its first call (``cache=True``, ``nogil=True``); its type stays what it was.

    Sums may be reordered so that they run in vector registers; NaN and infinity keep their meaning.
    """
    from numba import njit

    return cast("Function", njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz"})(function))
