"""Values in JSON that come back as what they were: JSON knows neither bytes nor numbers that are none.

>>> to_json({"id": b"ab", "felt": 4})
{'id': {'$bytes': 'YWI='}, 'felt': 4}
>>> from_json(to_json({"id": b"ab", "felt": 4}))
{'id': b'ab', 'felt': 4}
"""

from __future__ import annotations

import math
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_BYTES: Final = "$bytes"
_FLOAT: Final = "$float"


def to_json(value: Any) -> Any:  # noqa: ANN401 - a tree of plain values
    """Return *value* with its bytes and its infinite and undefined numbers written so that JSON can hold them."""
    if isinstance(value, bytes):
        return {_BYTES: b64encode(value).decode()}
    if isinstance(value, float) and not math.isfinite(value):
        return {_FLOAT: str(value)}
    if isinstance(value, dict):
        return {key: to_json(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(one) for one in value]
    return value


def from_json(value: Any) -> Any:  # noqa: ANN401 - a tree of plain values
    """Return what ``to_json`` was given. Raises ``ValueError`` for what it never writes."""
    if isinstance(value, dict):
        if len(value) == 1:
            ((key, one),) = value.items()
            if key in _READERS:
                return _READERS[key](one)
        return {key: from_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [from_json(one) for one in value]
    return value


def _bytes(text: object) -> bytes:
    if not isinstance(text, str):
        raise ValueError("bytes are written as text")  # noqa: TRY004 - a value of the file, not of the program
    return b64decode(text, validate=True)


def _float(text: object) -> float:
    if text not in {"nan", "inf", "-inf"}:
        raise ValueError("only numbers that JSON can't hold are written as text")
    return float(str(text))


_READERS: Final[dict[str, Callable[[object], Any]]] = {_BYTES: _bytes, _FLOAT: _float}
