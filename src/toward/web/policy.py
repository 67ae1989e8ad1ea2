"""The headers that every answer carries: what a page may load, who may frame it, who may keep it.

The default for everything is "nothing" or "no"; a page can widen it only through the named doors of ``Policy``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.types import Scope

SCOPE_KEY: Final = "toward.policy"

# Browsers without ``Sec-Fetch-Site`` (any browser on plain HTTP in a home network) are told apart by ``Origin`` alone,
# and under "no-referrer" the Fetch standard makes a form's Origin "null". "same-origin" sends other sites just as
# little: nothing. See https://fetch.spec.whatwg.org/#append-a-request-origin-header
REFERRER: Final = "same-origin"

# A browser without Web Bluetooth (Chromium on Linux, as it comes) does not know the word, and says so in its console.
# It needs no rule there; where a browser has it, the rule holds and nothing is said. No way of writing it is silent in
# both, and leaving it out would open every page to it.
HEARTS: Final = ("bluetooth", "camera")
"""What a heart is heard with, on the pages that offer it."""
OWN: Final = ("screen-wake-lock", "autoplay")
NONE: Final = (
    "accelerometer",
    "bluetooth",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)


def permissions(*, hearts: bool) -> str:
    """Return the Permissions-Policy: almost nothing, and on a page with *hearts* what these need."""
    own = OWN + HEARTS if hearts else OWN
    return ", ".join([*(f"{name}=(self)" for name in own), *(f"{name}=()" for name in NONE if name not in own)])


class Policy:
    """What this one answer is allowed. Mutable, shared by the layers of one request, written out once at the end."""

    def __init__(self, own_origin: str) -> None:
        self.own_origin = own_origin
        self.framed_by_self = False
        """The look-around: an app with invented people, shown inside a page of the same site."""
        self.frames_self = False
        """The page that shows the look-around."""
        self.hears_hearts = False
        """A page on which a person may let their heart be heard."""
        self.cache = "no-store"
        """Only files that hold nobody's words may say anything else."""

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Return the headers, which replace any of the same name that the answer brought along."""
        pairs = {
            "content-security-policy": self.content_security(),
            "x-content-type-options": "nosniff",
            "x-frame-options": "SAMEORIGIN" if self.framed_by_self else "DENY",
            "referrer-policy": REFERRER,
            "permissions-policy": permissions(hearts=self.hears_hearts),
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "x-dns-prefetch-control": "off",
            "cache-control": self.cache,
        }
        return [(name.encode(), value.encode("ascii")) for name, value in pairs.items()]

    def content_security(self) -> str:
        """Return the Content-Security-Policy.

        ``'self'`` covers a socket of the same host in CSP 3, but not in every browser people still carry, so the
        socket's address is named as well. It is safe to write here: the host has passed the allow-list.
        """
        socket = self.own_origin.replace("http", "ws", 1)
        return "; ".join(
            [
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "img-src 'self' data:",
                "font-src 'self'",
                f"connect-src 'self' {socket}",
                "manifest-src 'self'",
                "worker-src 'self'",
                "form-action 'self'",
                "base-uri 'none'",
                "frame-src 'self'" if self.frames_self else "frame-src 'none'",
                "frame-ancestors 'self'" if self.framed_by_self else "frame-ancestors 'none'",
            ],
        )


def policy_of(scope: Scope) -> Policy:
    """Return the policy of the request that *scope* belongs to; the security layer has put it there."""
    policy = scope[SCOPE_KEY]
    if not isinstance(policy, Policy):  # pragma: no cover - only by a wrong mount
        reason = "no security layer around this app"
        raise TypeError(reason)
    return policy
