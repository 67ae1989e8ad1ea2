"""Mara and Lin: two people who were made up, and twelve weeks of what they would have written.

For looking around before one has written anything. Nothing here comes from anybody's life, and no real person's entry
ever mixes with it: a demo has a vault of its own.
"""

from __future__ import annotations

from toward.demo.history import Event, history, with_ids
from toward.demo.story import Story, Who, read_story

__all__ = ["Event", "Story", "Who", "history", "read_story", "with_ids"]
