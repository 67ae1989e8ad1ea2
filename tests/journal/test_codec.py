"""The stored form of entries: a round trip for every kind, old shapes lifted, unknown ones kept, limits held."""

from __future__ import annotations

from typing import ClassVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toward.errors import BadInput, Damaged
from toward.journal import codec
from toward.journal.kinds import Body, CheckIn, Kind, Memory, PauseCalled, Preferences, Space, Unknown

TIMES = st.integers(0, 2**45)
OFFSETS = st.integers(-840, 840)
OLD_WISHES = (
    "9601cf0000019ab697e8003cab707265666572656e6365730187a46b696e64ab707265666572656e636573ab627265617468"
    "5f696e5f73cb4014000000000000ac6272656174685f6f75745f73cb401c000000000000a5736f756e64c2a9766962726174"
    "696f6ec3ab73756767657374696f6e73c2a7636f756e747279a24742"
)


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=1000)


@given(
    TIMES,
    OFFSETS,
    st.builds(
        CheckIn,
        felt=st.integers(1, 7),
        words=WORDS,
        share=st.booleans(),
        seal=st.none() | st.binary(min_size=32, max_size=32),
        body=st.sampled_from([None, "open", "revved", "shut"]),
    )
    | st.builds(Memory, words=WORDS, tone=st.sampled_from(["close", "light", "laughed"]))
    | st.builds(PauseCalled, until_ms=TIMES),
)
def test_what_is_written_is_read(at_ms: int, tz_min: int, body: Body) -> None:
    """Encoding and decoding give the same time, offset and body."""
    codec.check(body)
    assert codec.decode(codec.encode(at_ms, tz_min, body)) == (at_ms, tz_min, body)


@pytest.mark.parametrize("tag", sorted(codec.KINDS))
def test_every_kind_says_where_it_lives_and_has_its_own_tag(tag: str) -> None:
    """A kind lives in exactly one sort of space, and its class is found by its tag."""
    kind = codec.KINDS[tag]
    assert kind.SPACE in {"private", "shared"}
    assert kind.__struct_config__.tag == tag
    assert kind.VERSION >= 1


@given(TIMES, OFFSETS, st.dictionaries(st.text(max_size=8), st.integers(0, 99)), st.integers(1, 9))
def test_a_kind_from_a_newer_version_is_kept_whole(
    at_ms: int, tz_min: int, fields: dict[str, int], version: int
) -> None:
    """What this program does not know comes out byte for byte as it went in."""
    unknown = Unknown(kind="from_the_future", version=version, raw=msgspec.msgpack.encode(fields))
    data = codec.encode(at_ms, tz_min, unknown)
    assert codec.decode(data) == (at_ms, tz_min, unknown)
    assert codec.encode(*codec.decode(data)) == data
    assert codec.belongs(unknown, shared=True)
    assert codec.belongs(unknown, shared=False)


def test_a_newer_version_of_a_known_kind_is_not_guessed_at() -> None:
    """A later shape is unknown, not half read."""
    data = msgspec.msgpack.encode([codec.FORMAT, 5, 0, "checkin", CheckIn.VERSION + 1, {"felt": "very"}])
    body = codec.decode(data).body
    assert isinstance(body, Unknown)
    assert (body.kind, body.version) == ("checkin", CheckIn.VERSION + 1)


def test_an_entry_of_another_kind_than_it_says_is_damaged() -> None:
    """The envelope and the body must agree, or a check of one could be passed with the other."""
    disguised = msgspec.msgpack.encode([codec.FORMAT, 5, 0, "memory", 1, CheckIn(felt=4)])
    with pytest.raises(Damaged):
        codec.decode(disguised)


def test_old_shapes_are_lifted_version_by_version() -> None:
    """Two upcasters in a row bring a first version to a third."""

    class Third(Kind, frozen=True, kw_only=True, tag="thing"):
        """A made-up kind that has changed twice."""

        SPACE: ClassVar[Space] = "private"
        VERSION: ClassVar[int] = 3
        steps: int
        unit: str

    upcasters: dict[tuple[str, int], codec.Upcaster] = {
        ("thing", 1): lambda old: {"steps": old["n"] * 2},
        ("thing", 2): lambda old: {**old, "unit": "half"},
    }
    data = msgspec.msgpack.encode([codec.FORMAT, 5, 0, "thing", 1, {"n": 4}])
    lifted: object = codec.decode(data, upcasters=upcasters, registry={"thing": Third}).body
    assert lifted == Third(steps=8, unit="half")
    newest = msgspec.msgpack.encode([codec.FORMAT, 5, 0, "thing", 3, {"kind": "thing", "steps": 1, "unit": "one"}])
    same: object = codec.decode(newest, upcasters={}, registry={"thing": Third}).body
    assert same == Third(steps=1, unit="one")
    with pytest.raises(Damaged):
        codec.decode(data, upcasters={}, registry={"thing": Third})


@given(st.binary(max_size=200))
def test_rubbish_is_damaged_or_unknown_and_nothing_worse(data: bytes) -> None:
    """Bytes that are no entry never become one of a known kind by accident."""
    try:
        decoded = codec.decode(data)
    except Damaged:
        return
    assert codec.encode(*decoded)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (CheckIn(felt=8), "felt"),
        (CheckIn(felt=0), "felt"),
        (CheckIn(felt=4, words="x" * 1001), "words"),
        (Memory(words="x" * 1001), "words"),
    ],
)
def test_limits_hold_for_bodies_made_in_code(body: Body, field: str) -> None:
    """Constructors check nothing; ``check`` does, and says which field."""
    with pytest.raises(BadInput) as caught:
        codec.check(body)
    assert caught.value.field == field


def test_kinds_stay_in_their_space() -> None:
    """A private kind in a shared space is nobody's honest entry."""
    assert codec.belongs(CheckIn(felt=4), shared=False)
    assert not codec.belongs(CheckIn(felt=4), shared=True)
    assert codec.belongs(PauseCalled(until_ms=1), shared=True)
    assert not codec.belongs(PauseCalled(until_ms=1), shared=False)


def test_wishes_from_before_anything_was_worked_out_are_read() -> None:
    """A first version, byte for byte as it was written: all that it said, and the new wish as for everybody."""
    stored = bytes.fromhex(OLD_WISHES)
    decoded = codec.decode(stored)
    assert decoded.body == Preferences(
        breath_in_s=5.0, breath_out_s=7.0, sound=False, vibration=True, suggestions=False, reckon=True, country="GB"
    )
    assert codec.decode(codec.encode(*decoded)) == decoded
