"""Where a message may go: to the makers of browsers, and nowhere else.

An endpoint is an address that a browser hands over and this house then calls. Without a list anybody who lives here
could make it call the router, or any machine that only the house can see.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from toward.vault.reminders import MOST_ENDPOINT

MAKERS: Final = (
    "fcm.googleapis.com",
    "notify.windows.com",
    "push.apple.com",
    "push.services.mozilla.com",
)
"""Chromium and its kin, Edge, Safari, Firefox; each also for the names below it."""


def allowed(endpoint: str) -> bool:
    """Whether a message may be sent there."""
    if len(endpoint) > MOST_ENDPOINT or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        return False
    try:
        at = urlsplit(endpoint)
        plain = at.port in {None, 443} and at.username is None and at.password is None
    except ValueError:
        return False
    name = at.hostname or ""
    return at.scheme == "https" and plain and any(name == maker or name.endswith(f".{maker}") for maker in MAKERS)
