"""Six words to show: as a QR code that a strict policy lets through (no style attribute), and how long they work."""

from __future__ import annotations

from urllib.parse import urlsplit

from markupsafe import Markup

from toward.web.settings import LOOPBACK


def drawn(text: str) -> Markup:
    """Return the code for *text* as inline SVG, scaled by its box."""
    import segno

    # Only segno's own path data and our attributes: nothing of *text* stands in the markup.
    return Markup(segno.make(text, error="m", micro=False).svg_inline(omitsize=True, border=2))  # noqa: S704


def minutes_left(expires_ms: int, now_ms: int) -> int:
    """Return how many minutes there are until then, a begun one included; at least 1.

    >>> minutes_left(90_000, 0), minutes_left(0, 0)
    (2, 1)
    """
    return max(1, -((now_ms - expires_ms) // 60_000))


def with_fragment(address: str, words: str) -> str:
    """Return *address* with a code behind the ``#``, which a browser keeps to itself and tells no server."""
    return f"{address}#{words.replace(' ', '-')}"


def opens_only_here(address: str) -> bool:
    """Say whether *address* is of the machine itself: another phone that opens it finds only itself.

    >>> opens_only_here("http://127.0.0.1:8787/join"), opens_only_here("https://toward.local:8787/join")
    (True, False)
    """
    return urlsplit(address).hostname in LOOPBACK
