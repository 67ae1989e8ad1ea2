"""Where this machine stands in its network."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address


def machine_address() -> IPv4Address | None:
    """Return the address by which this machine speaks to its network; None without one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a documentation address: asks the routing table, sends nothing
        except OSError:
            return None
        address = IPv4Address(probe.getsockname()[0])
    return None if address.is_loopback or address.is_unspecified else address
