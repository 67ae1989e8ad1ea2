"""An exchange that has opened: both have answered, and each now has the other's words.

The vault finds these, since it holds the keys; the folds only place them.
"""

from __future__ import annotations

from msgspec import Struct

from toward.journal.kinds import Id, Said, Topic


class Opened(Struct, frozen=True, kw_only=True):
    """My check-in or memory (``mine_id``) and their offer (``theirs_id``); ``at_ms`` is when the later one came."""

    mine_id: Id
    theirs_id: Id
    topic: Topic
    mine: Said
    theirs: Said
    at_ms: int
