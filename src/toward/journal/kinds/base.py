"""What every kind of entry is made of: the root, and the types of its fields, limits included."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

Space = Literal["private", "shared"]
Id = Annotated[bytes, Meta(min_length=16, max_length=16)]
Key = Annotated[bytes, Meta(min_length=32, max_length=32)]
Felt = Annotated[int, Meta(ge=1, le=7)]
Line = Annotated[str, Meta(max_length=200)]
Words = Annotated[str, Meta(max_length=1000)]
LongWords = Annotated[str, Meta(max_length=20_000)]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Minutes = Annotated[float, Meta(ge=0, le=24 * 60)]

BodyState = Literal["open", "revved", "shut"]
Rung = Literal["ask", "complain", "anger", "desperate", "coerce", "despair", "shut"]
Question = Literal["there", "matter", "know", "respond"]
Reply = Literal["yes_now", "yes_at", "cant_yet", "no", "own"]
Door = Literal["reach", "come_back"]
Topic = Literal["checkin", "remember"]


class Kind(Struct, frozen=True, kw_only=True, tag_field="kind"):
    """The root of all kinds. ``VERSION`` grows with each change of shape; ``codec`` holds the upcasters."""

    SPACE: ClassVar[Space]
    VERSION: ClassVar[int] = 1
