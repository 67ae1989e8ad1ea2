"""FIT files, written here message by message as the protocol lays them out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.heart.formats.test_text_and_tables import RR, intervals
from toward.errors import TowardError, UnreadableFile
from toward.heart.formats import read

if TYPE_CHECKING:
    from pathlib import Path

Order = Literal["little", "big"]
MOMENT = 1_142_500_000
"""Seconds since the end of 1989."""


def crc(raw: bytes) -> bytes:
    """The checksum that FIT files end with."""
    table = (
        *(0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401),
        *(0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400),
    )
    found = 0
    for byte in raw:
        for nibble in (byte & 0xF, byte >> 4):
            found = (found >> 4) & 0x0FFF ^ table[found & 0xF] ^ table[nibble]
    return found.to_bytes(2, "little")


def definition(local: int, number: int, fields: list[tuple[int, int, int]], order: Order, foreign: int = 0) -> bytes:
    """A definition: fields of (number, bytes, base type), and so many bytes of another program's."""
    head = bytes([0x40 | (0x20 if foreign else 0) | local, 0, order == "big"]) + number.to_bytes(2, order)
    own = bytes([len(fields)]) + b"".join(bytes(field) for field in fields)
    return head + own + (bytes([1, 0, foreign, 0]) if foreign else b"")


def file_of(body: bytes) -> bytes:
    """Messages as a file: header, messages, checksum."""
    head = bytes([14, 0x20]) + (2132).to_bytes(2, "little") + len(body).to_bytes(4, "little") + b".FIT"
    head += crc(head)
    return head + body + crc(head + body)


def activity(rr: list[float], order: Order = "little", foreign: int = 0) -> bytes:
    """A file's identity, a second of sport before every third message, and intervals, five to a message."""
    body = definition(0, 0, [(0, 1, 0), (4, 4, 0x86)], order)
    body += bytes([0, 4]) + MOMENT.to_bytes(4, order)
    body += definition(1, 20, [(253, 4, 0x86), (3, 1, 2)], order, foreign)
    body += definition(2, 78, [(0, 10, 0x84)], order)
    for i in range(0, len(rr), 5):
        if i % 15 == 0:
            body += bytes([1]) + (MOMENT + i).to_bytes(4, order) + bytes([66]) + bytes(foreign)
        five = [*(round(x) for x in rr[i : i + 5]), *[0xFFFF] * 5][:5]
        body += bytes([2]) + b"".join(x.to_bytes(2, order) for x in five)
    return body


@pytest.mark.parametrize("order", ["little", "big"])
@pytest.mark.parametrize("foreign", [0, 3])
def test_intervals_of_a_watch_are_read(tmp_path: Path, order: Order, foreign: int) -> None:
    """Each one, and when it was; whatever the byte order, and with another program's fields among them."""
    rr = RR * 3 + RR[:3]
    (tmp_path / "run.fit").write_bytes(file_of(activity(rr, order, foreign)))
    reading = read(tmp_path / "run.fit")
    assert intervals(reading) == rr
    assert reading.format == "fit"
    assert reading.started_ms == 1000.0 * (MOMENT + 631_065_600)


def test_messages_with_a_short_clock_are_stepped_over(tmp_path: Path) -> None:
    """Their kind stands in two bits of their first byte."""
    body = activity(RR) + definition(3, 20, [(3, 1, 2)], "little") + bytes([0x80 | 3 << 5 | 7, 66])
    body += bytes([2]) + b"".join(x.to_bytes(2, "little") for x in (900, 910, 0xFFFF, 0xFFFF, 0xFFFF))
    (tmp_path / "run.fit").write_bytes(file_of(body))
    assert intervals(read(tmp_path / "run.fit")) == [*RR, 900, 910]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (activity([]), "empty"),
        (activity(RR)[:-3], "torn"),
        (bytes([5, 1, 2, 3]), "torn"),
        (b"", "empty"),
    ],
)
def test_a_file_without_intervals_or_torn_is_refused(tmp_path: Path, body: bytes, reason: str) -> None:
    """Each with its reason."""
    (tmp_path / "run.fit").write_bytes(file_of(body))
    with pytest.raises(UnreadableFile) as refused:
        read(tmp_path / "run.fit")
    assert refused.value.reason == reason


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 150), st.binary(max_size=12))
def test_a_broken_file_is_refused_or_read(tmp_path: Path, at: int, stray: bytes) -> None:
    """Cut off, or with other bytes in it: intervals, or an error of ours."""
    whole = file_of(activity(RR * 2))
    for raw in (whole[:at], whole[:at] + stray + whole[at + len(stray) :]):
        (tmp_path / "run.fit").write_bytes(raw)
        try:
            read(tmp_path / "run.fit", format="fit")
        except TowardError:
            continue
