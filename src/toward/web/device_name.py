"""What to call a device that somebody has just begun to trust, as far as its browser says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from toward.web.context import Context

KINDS: Final = (
    ("iPhone", "iphone"),
    ("iPad", "ipad"),
    ("Android", "android"),
    ("Macintosh", "mac"),
    ("Windows", "windows"),
    ("Linux", "linux"),
)
"""Looked for in this order in what a browser calls itself; nothing finer is read or kept."""


def device_name(ctx: Context) -> str:
    """Return a name such as "iPhone", to be changed by whoever owns it."""
    kind = next((key for mark, key in KINDS if mark in ctx.browser), "other")
    return ctx.t(f"person.device.kind.{kind}")
