"""How PhysioNet's signal files pack whole numbers into bytes.

Written from the published description (physionet.org/physiotools/wag/signal-5.htm):

| packing | a sample is |
|---|---|
| 8 | what it differs by from the one before, in a byte with a sign |
| 16, 24, 32 | so many bits with a sign, least byte first |
| 61 | 16 bits with a sign, greatest byte first |
| 80, 160 | 8 or 16 bits from 0 on, half of their range being none |
| 212 | 12 bits with a sign: two in three bytes |
| 310, 311 | 10 bits with a sign: three in four bytes, scattered or one after another |
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Steps = NDArray[np.int64]

_WHOLE: Final = {"8": "i1", "80": "u1", "16": "<i2", "61": ">i2", "160": "<u2", "32": "<i4"}
_HALF: Final = {"80": 1 << 7, "160": 1 << 15}
_BITS: Final = {"80": 8, "310": 10, "311": 10, "212": 12, "16": 16, "61": 16, "160": 16, "24": 24, "32": 32}
_BYTES_OF: Final = {
    **{packing: (np.dtype(kind).itemsize,) for packing, kind in _WHOLE.items()},
    "24": (3,),
    "212": (2, 3),
    "310": (2, 4, 4),
    "311": (2, 3, 4),
}
"""Bytes that the first one, two and three samples of a group take."""

PACKINGS: Final = tuple(sorted(_BYTES_OF, key=int))
MISSING: Final = {packing: -(1 << bits - 1) for packing, bits in _BITS.items()}
"""What stands where the converter had nothing: the least number of its bits. Differences have no such number."""


def group(packing: str) -> int:
    """How many samples share bytes: a piece of a file may only be cut between two groups."""
    return len(_BYTES_OF[packing])


def bytes_of(packing: str, samples: int) -> int:
    """How many bytes so many samples take."""
    sizes = _BYTES_OF[packing]
    whole, rest = divmod(samples, len(sizes))
    return whole * sizes[-1] + (sizes[rest - 1] if rest else 0)


def unpacked(packed: bytes, packing: str, samples: int) -> Steps:
    """Whole numbers, int64[<= samples]; fewer where bytes are missing. Of packing 8, the differences.

    >>> unpacked(bytes([0x01, 0x2F, 0xFE]), "212", 2).tolist()
    [-255, 766]
    """
    sizes = _BYTES_OF[packing]
    whole, rest = divmod(len(packed), sizes[-1])
    many = min(samples, whole * len(sizes) + sum(size <= rest for size in sizes))
    if packing in _WHOLE:
        steps = np.frombuffer(packed[: many * sizes[0]], _WHOLE[packing]).astype(np.int64)
        return steps - _HALF.get(packing, 0)
    padded = np.frombuffer(packed + bytes(-len(packed) % sizes[-1]), np.uint8).astype(np.int64)
    steps = _apart(padded.reshape(-1, sizes[-1]).T, packing).ravel()[:many]
    return np.where(steps >= -MISSING[packing], steps + 2 * MISSING[packing], steps)


def _apart(rows: Steps, packing: str) -> Steps:
    """The bits of each sample without their sign: int64[groups, samples]; rows: int64[bytes, groups]."""
    if packing == "24":
        return np.stack((rows[0] | rows[1] << 8 | rows[2] << 16,), axis=1)
    if packing == "212":
        # Low byte, a nibble of each, low byte.
        return np.stack((rows[0] | (rows[1] & 0x0F) << 8, rows[2] | (rows[1] >> 4) << 8), axis=1)
    if packing == "311":
        word = rows[0] | rows[1] << 8 | rows[2] << 16 | rows[3] << 24
        return np.stack((word & 0x3FF, word >> 10 & 0x3FF, word >> 20 & 0x3FF), axis=1)
    # 310: two words of 16 bits hold a sample each in bits 1 to 10; the five bits above are halves of the third.
    low, high = rows[0] | rows[1] << 8, rows[2] | rows[3] << 8
    return np.stack((low >> 1 & 0x3FF, high >> 1 & 0x3FF, low >> 11 | high >> 11 << 5), axis=1)
