"""The house's name in its own network: multicast DNS, by which ``toward.local`` finds this machine.

The name is said to whoever asks for it, and with it that something answers HTTPS there; nothing else is. A house that
would rather not be read as what it is takes another name: ``--lan-name lamp``.
"""

from __future__ import annotations

import logging
import re
import threading
from typing import TYPE_CHECKING, Final

from toward.errors import Misconfigured
from toward.web.lan.addresses import machine_address

if TYPE_CHECKING:
    from ipaddress import IPv4Address

    from zeroconf import IPVersion, Zeroconf

log = logging.getLogger("toward.web.lan")

ASK_MS: Final = 1200
LOOK_AGAIN_S: Final = 30.0
SERVICE: Final = "_https._tcp.local."

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)


def full_name(short: str) -> str:
    """Return ``toward.local`` for ``toward``; raises ``Misconfigured`` for what can't be a name."""
    label = short.lower().removesuffix(".local")
    if not _LABEL.fullmatch(label):
        message = f"--lan-name {short!r} can't be a name: small letters, digits and hyphens, at most 63"
        raise Misconfigured(message)
    return f"{label}.local"


def check_free(name: str) -> None:
    """Raise ``Misconfigured`` if another machine of this network answers to *name* already."""
    from zeroconf import AddressResolverIPv4  # type: ignore[attr-defined]  # documented, and left out of __all__

    mine = machine_address()
    try:
        with _open(mine) as network:
            resolver = AddressResolverIPv4(f"{name}.")
            resolver.request(network, ASK_MS)
            others = {str(one) for one in resolver.ip_addresses_by_version(_v4())} - {str(mine)}
    except OSError:
        return  # no network to ask; ``Announced`` says so
    if others:
        message = f"another machine here is called {name} ({', '.join(sorted(others))}): choose another --lan-name"
        raise Misconfigured(message)


class Announced:
    """Answers to *name* until closed, and follows the machine when its address changes."""

    def __init__(self, name: str, port: int) -> None:
        self._name = name
        self._port = port
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="name at home", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Say goodbye to the network, so that nobody asks in vain."""
        self._stop.set()
        self._thread.join(5)

    def _run(self) -> None:
        network: Zeroconf | None = None
        at: IPv4Address | None = None
        while True:
            now = machine_address()
            if now != at or network is None:
                if network is not None:
                    network.close()
                network, at = self._announce(now), now
            if self._stop.wait(LOOK_AGAIN_S):
                break
        if network is not None:
            network.close()

    def _announce(self, address: IPv4Address | None) -> Zeroconf | None:
        from zeroconf import Error, ServiceInfo

        if address is None:
            return None
        label = self._name.removesuffix(".local")
        told = ServiceInfo(
            SERVICE, f"{label}.{SERVICE}", addresses=[address.packed], port=self._port, server=f"{self._name}."
        )
        network: Zeroconf | None = None
        try:
            network = _open(address)
            # Another service may carry the same label without owning the name, so the label may change; the name stays.
            network.register_service(told, allow_name_change=True)
        except (OSError, Error) as error:
            log.warning("%s can't be announced (%s); open the pages by address", self._name, type(error).__name__)
            if network is not None:
                network.close()
            return None
        return network


def _open(address: IPv4Address | None) -> Zeroconf:
    from zeroconf import Zeroconf

    return Zeroconf(interfaces=[str(address)] if address else [], ip_version=_v4())


def _v4() -> IPVersion:
    from zeroconf import IPVersion

    return IPVersion.V4Only
