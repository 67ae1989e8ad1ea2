"""A Chromium with an emulated Bluetooth adapter, straps that beat when told, and a camera that sees a finger."""

from __future__ import annotations

import base64
import os
import struct
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Error

from tests.fixtures.browser import QUIET, program

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserType, CDPSession, Page

HEART_RATE = "0000180d-0000-1000-8000-00805f9b34fb"
MEASUREMENT = "00002a37-0000-1000-8000-00805f9b34fb"
CONFIGURATION = "00002902-0000-1000-8000-00805f9b34fb"
WITH_RR = 0x10

# Chromium's emulation can subscribe to notifications but has no command that sends one. A value that is read arrives by
# the same event, so a page that has subscribed is made to read on and on, and each packet answers one of these reads.
READ_ON = """
const { prototype } = BluetoothRemoteGATTCharacteristic;
const start = prototype.startNotifications;
prototype.startNotifications = async function startNotifications() {
  const started = await start.call(this);
  (async () => { for (;;) await this.readValue(); })().catch(() => {});
  return started;
};
"""


def measurement(rr_ms: Sequence[float], *, bpm: int = 70, contact: bool | None = None) -> bytes:
    """A packet as a strap sends it: flags, rate, intervals in 1/1024 s."""
    flags = (WITH_RR if rr_ms else 0) | {None: 0, False: 0x04, True: 0x06}[contact]
    return struct.pack("<BB", flags, bpm) + b"".join(struct.pack("<H", round(ms * 1024 / 1000)) for ms in rr_ms)


@contextmanager
def browser_with_hearts(kind: BrowserType, film: Path | None = None) -> Iterator[Browser]:
    """A Chromium that can be given straps, and a camera that shows *film* (y4m), if there is one."""
    flags = [*QUIET, "--enable-experimental-web-platform-features"]
    if film is not None:
        flags += [
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        ]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    browser = kind.launch(executable_path=program(), args=flags)
    try:
        yield browser
    finally:
        browser.close()


class Air:
    """The emulated adapter of one browser."""

    def __init__(self, browser: Browser) -> None:
        self.cdp: CDPSession = browser.new_browser_cdp_session()
        self.cdp.send("BluetoothEmulation.enable", {"state": "powered-on", "leSupported": True})
        self._count = 0

    def close(self) -> None:
        """Take the adapter away; pages that were closed may have done so before."""
        with suppress(Error):
            self.cdp.send("BluetoothEmulation.disable")
        self.cdp.detach()

    def strap(self, name: str) -> Strap:
        """A strap in reach."""
        self._count += 1
        return Strap(self, f"09:09:09:09:09:{self._count:02x}", name)

    def send(self, method: str, **about: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Send a command."""
        answer: dict[str, Any] = self.cdp.send(f"BluetoothEmulation.{method}", about)
        return answer


class Strap:
    """One strap. It answers whoever connects, and beats when told."""

    def __init__(self, air: Air, address: str, name: str) -> None:
        self.air = air
        self.address = address
        air.send(
            "simulatePreconnectedPeripheral",
            address=address,
            name=name,
            manufacturerData=[],
            knownServiceUuids=[HEART_RATE],
        )
        air.cdp.on("BluetoothEmulation.gattOperationReceived", self._on_gatt)
        air.cdp.on("BluetoothEmulation.characteristicOperationReceived", self._on_characteristic)
        air.cdp.on("BluetoothEmulation.descriptorOperationReceived", self._on_descriptor)
        self.characteristic = ""
        self.descriptor = ""
        self.asked = False

    def _on_gatt(self, event: dict[str, Any]) -> None:
        if event["address"] != self.address:
            return
        if event["type"] == "discovery" and not self.characteristic:
            service = self.air.send("addService", address=self.address, serviceUuid=HEART_RATE)["serviceId"]
            self.characteristic = self.air.send(
                "addCharacteristic",
                serviceId=service,
                characteristicUuid=MEASUREMENT,
                properties={"notify": True, "read": True},
            )["characteristicId"]
            self.descriptor = self.air.send(
                "addDescriptor", characteristicId=self.characteristic, descriptorUuid=CONFIGURATION
            )["descriptorId"]
        self.air.send("simulateGATTOperationResponse", address=self.address, type=event["type"], code=0)

    def _on_characteristic(self, event: dict[str, Any]) -> None:
        """Whoever goes unsubscribes on the way out, when the adapter may be gone already."""
        if event["characteristicId"] == self.characteristic and event["type"] == "read":
            self.asked = True
        elif event["characteristicId"] == self.characteristic:
            with suppress(Error):
                self.air.send(
                    "simulateCharacteristicOperationResponse",
                    characteristicId=self.characteristic,
                    type=event["type"],
                    code=0,
                )

    def _on_descriptor(self, event: dict[str, Any]) -> None:
        if event["descriptorId"] == self.descriptor:
            self.air.send(
                "simulateDescriptorOperationResponse", descriptorId=self.descriptor, type=event["type"], code=0
            )

    def beat(self, page: Page, rr_ms: Sequence[float], *, contact: bool | None = None) -> None:
        """Send one packet to the page that listens."""
        until = time.monotonic() + 10
        while not self.asked:
            assert time.monotonic() < until, "nobody listens to this strap"
            page.wait_for_timeout(2)
        self.asked = False
        data = base64.b64encode(measurement(rr_ms, contact=contact)).decode()
        self.air.send(
            "simulateCharacteristicOperationResponse",
            characteristicId=self.characteristic,
            type="read",
            code=0,
            data=data,
        )

    def slip(self) -> None:
        """Drop the connection."""
        self.asked = False
        self.air.send("simulateGATTDisconnection", address=self.address)


def give(page: Page, strap: Strap) -> None:
    """Give a phone a strap, which its chooser will be answered with. An answer given twice would end this browser."""
    page.add_init_script(READ_ON)
    cdp = page.context.new_cdp_session(page)
    cdp.send("DeviceAccess.enable")
    answered = set[str]()

    def pick(event: dict[str, Any]) -> None:
        shown = {device["id"] for device in event["devices"]}
        if strap.address in shown and event["id"] not in answered:
            answered.add(event["id"])
            cdp.send("DeviceAccess.selectPrompt", {"id": event["id"], "deviceId": strap.address})

    cdp.on("DeviceAccess.deviceRequestPrompted", pick)
