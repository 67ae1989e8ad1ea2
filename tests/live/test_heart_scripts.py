"""The phone's side of hearts in a real Chromium: packets read as Python writes them, and a strap that drops out."""

from __future__ import annotations

import random
import struct
from typing import TYPE_CHECKING, Any

import pytest

from tests.live.harness import Harness, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the scripts are served."""
    with served(Harness().app) as url:
        yield url


def packet(rng: random.Random) -> tuple[bytes, dict[str, Any]]:
    """A packet by the book (Heart Rate Service 1.0, 3.1), and what it says."""
    wide, has_contact, touches, has_energy = (rng.random() < 0.5 for _ in range(4))
    bpm, energy = rng.randrange(65536 if wide else 256), rng.randrange(65536)
    rr = [rng.randrange(65536) for _ in range(rng.choice([0, 0, 1, 2, 3, 9]))]
    flags = wide | touches << 1 | has_contact << 2 | has_energy << 3 | bool(rr) << 4
    data = struct.pack("<BH" if wide else "<BB", flags, bpm)
    data += struct.pack("<H", energy) if has_energy else b""
    data += struct.pack(f"<{len(rr)}H", *rr)
    return data, {
        "bpm": bpm,
        "contact": touches if has_contact else None,
        "energy": energy if has_energy else None,
        "rr": rr,
    }


def test_packets_are_read_as_the_standard_writes_them(phone: Callable[..., Page], address: str) -> None:
    """Five hundred random packets, and what is cut off after each of their bytes."""
    rng = random.Random(4)
    cases = [packet(rng) for _ in range(500)]
    page = phone(address)
    page.goto("/?alone")
    read = """async (cases) => {
        const { parse } = await import("/static/js/strap.js");
        return cases.map((bytes) => parse(new DataView(new Uint8Array(bytes).buffer)));
    }"""
    assert page.evaluate(read, [list(data) for data, _ in cases]) == [said for _, said in cases]
    short = [(list(data[:cut]), said) for data, said in cases[:60] for cut in range(len(data))]
    for (data, said), got in zip(short, page.evaluate(read, [data for data, _ in short]), strict=True):
        if got is not None:
            assert len(data) >= 2
            assert (got["bpm"], got["contact"], got["energy"]) == (said["bpm"], said["contact"], said["energy"])
            assert got["rr"] == said["rr"][: len(got["rr"])]


FAKE = """async () => {
    const { Strap } = await import("/static/js/strap.js");
    const log = [];
    const made = [];
    const wait = (ms) => new Promise((done) => { setTimeout(done, ms); });
    const device = new EventTarget();
    let reachable = true;
    device.gatt = {
        connected: false,
        connect: async () => {
            log.push("connect");
            if (!reachable) throw new DOMException("out of reach", "NetworkError");
            device.gatt.connected = true;
            const measurement = new EventTarget();
            measurement.startNotifications = async () => {};
            made.push(measurement);
            return { getPrimaryService: async () => ({ getCharacteristic: async () => measurement }) };
        },
        disconnect: () => {
            device.gatt.connected = false;
            device.dispatchEvent(new Event("gattserverdisconnected"));
        },
    };
    Object.defineProperty(navigator, "bluetooth", { configurable: true, value: { requestDevice: async () => device } });
    const beats = [];
    const strap = new Strap({
        beats: (at, { rr }) => beats.push(...rr),
        line: (up) => log.push(up ? "up" : "down"),
        mute: () => log.push("mute"),
    });
    const send = (...bytes) => {
        const at = made.at(-1);
        at.value = new DataView(new Uint8Array(bytes).buffer);
        at.dispatchEvent(new Event("characteristicvaluechanged"));
    };
    await strap.choose();
    send(16, 70, 0, 4);
    reachable = false;
    device.gatt.disconnect();
    await wait(700);
    reachable = true;
    await wait(1300);
    send(16, 70, 0, 3);
    for (let i = 0; i < 12; i += 1) send(0, 70);
    strap.stop();
    await wait(900);
    return { log, beats };
}"""


def test_a_strap_that_drops_out_is_sought_until_it_is_found_and_no_longer_than_wanted(
    phone: Callable[..., Page], address: str
) -> None:
    """Out of reach it is tried again; what it says afterwards is heard; once put away it is left alone."""
    page = phone(address)
    page.goto("/?alone")
    found = page.evaluate(FAKE)
    assert found["beats"] == [1024, 768]
    assert found["log"] == ["connect", "up", "down", "connect", "connect", "up"]
