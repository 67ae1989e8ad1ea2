r"""Longer words about a practice, as a small part of Markdown: headings, paragraphs and lists, and nothing inside them.

No pictures, links, markup or emphasis: a practice brings nothing from elsewhere, and a page can show every word of it
as plain text.

    >>> [block.sort for block in read_prose("Once.\n\n## How\n\n- one\n- two")]
    ['text', 'heading', 'list']
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

FOREIGN = re.compile(r"<|>|\]\(|!\[|`|\*|_\w|https?:|www\.|data:")
"""Markup, a link, a picture or an address."""


class Block(NamedTuple):
    """A heading or a paragraph (one line), or a list (a line for each thing)."""

    sort: Literal["heading", "text", "list"]
    lines: tuple[str, ...]


def read_prose(text: str) -> tuple[Block, ...]:
    """Return the blocks of *text*; raises ``ValueError`` naming the first thing that is not plain words."""
    foreign = FOREIGN.search(text)
    if foreign:
        reason = f"plain words only: {foreign.group()!r} is markup, a link or a picture"
        raise ValueError(reason)
    return tuple(_block(part.strip()) for part in re.split(r"\n\s*\n", text.strip()) if part.strip())


def _block(part: str) -> Block:
    if part.startswith("## "):
        return Block("heading", (" ".join(part[3:].split()),))
    if part.startswith("- "):
        items = re.split(r"\n(?=- )", part)
        return Block("list", tuple(" ".join(item.removeprefix("- ").split()) for item in items))
    if part.startswith("#"):
        reason = "a heading begins with two signs and a space: ## How"
        raise ValueError(reason)
    return Block("text", (" ".join(part.split()),))
