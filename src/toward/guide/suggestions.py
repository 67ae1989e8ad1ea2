"""Everything that the guide may suggest, where it leads, and what it asks.

The words are in the catalogue: ``guide.<id>.title``, ``.reason`` and ``.action``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toward.guide.gates import Suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

_ALL: Final = (
    Suggestion("settle_alone", "settle", long_breath=True),
    Suggestion("move", "settle"),
    Suggestion("pause_return", "now", frozenset({"joint"}), partner=True),
    Suggestion("open_invitation", "turn", frozenset({"tenderness"}), partner=True),
    Suggestion("check_in", "now"),
    Suggestion("remember_first", "now", frozenset({"tenderness"})),
    Suggestion("breathe_together", "settle", frozenset({"joint"}), long_breath=True, partner=True),
    Suggestion("reach", "turn", frozenset({"tenderness", "disclosure"}), partner=True),
    Suggestion("come_back", "turn", frozenset({"disclosure"}), partner=True),
    Suggestion("own_care", "within"),
    Suggestion("after_no", "within"),
    Suggestion("rest", "now"),
    Suggestion("pair", "now", frozenset({"disclosure"})),
    Suggestion("within", "within", long_breath=True),
    Suggestion("agreed", "turn", frozenset({"joint"}), partner=True),
    # What a practice asks is its own (`gates.of_practice`); this is only the door.
    Suggestion("practice", "settle"),
)

SUGGESTIONS: Final[Mapping[str, Suggestion]] = {suggestion.id: suggestion for suggestion in _ALL}

PATHS: Final[Mapping[str, str]] = {
    "settle_alone": "/settle/alone",
    "move": "/settle/move",
    "pause_return": "/pause",
    "open_invitation": "/turn/open",
    "check_in": "/check-in",
    "remember_first": "/remember",
    "breathe_together": "/settle/together",
    "reach": "/turn/reach",
    "come_back": "/turn/come-back",
    "own_care": "/within/care",
    "after_no": "/turn/care",
    "rest": "/settle",
    "pair": "/pair",
    "within": "/within",
    "agreed": "/turn",
    "practice": "/practices",
}
