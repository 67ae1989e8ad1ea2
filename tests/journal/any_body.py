"""A strategy for the bodies of any kind, read off its type, so that a new kind is covered the day it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec.inspect as look
from hypothesis import strategies as st

if TYPE_CHECKING:
    from toward.journal.kinds import Kind

TEXT = st.characters(exclude_categories=["Cs"])
MOST = 60
"""Longer texts add time and nothing else; limits have tests of their own."""


def bodies(kind: type[Kind]) -> st.SearchStrategy[Any]:
    """Any legal body of *kind*."""
    info = look.type_info(kind)
    assert isinstance(info, look.StructType)
    return st.builds(kind, **{field.name: _values(field.type) for field in info.fields})


def _values(info: look.Type) -> st.SearchStrategy[Any]:  # noqa: C901, PLR0911 - one line for each sort of field
    match info:
        case look.BoolType():
            return st.booleans()
        case look.NoneType():
            return st.none()
        case look.IntType():
            low = -(2**53) if info.ge is None else info.ge
            return st.integers(low, 2**53 if info.le is None else info.le)
        case look.FloatType():
            return st.floats(info.ge, info.le, allow_nan=False)
        case look.BytesType():
            return st.binary(min_size=info.min_length or 0, max_size=info.max_length or MOST)
        case look.StrType() if info.pattern:
            return st.from_regex(info.pattern, fullmatch=True, alphabet=st.characters(codec="ascii"))
        case look.StrType():
            return st.text(TEXT, min_size=info.min_length or 0, max_size=min(info.max_length or MOST, MOST))
        case look.LiteralType():
            return st.sampled_from(info.values)
        case look.UnionType():
            return st.one_of([_values(one) for one in info.types])
        case look.VarTupleType():
            return st.lists(_values(info.item_type), max_size=info.max_length).map(tuple)
        case look.StructType():
            return st.builds(info.cls, **{field.name: _values(field.type) for field in info.fields})
    raise TypeError(info)
