"""Trust: what one has come to expect of the other's word, from what was kept, repaired and truthful.

A Beta belief, forgetting two parts in a hundred a day. An act that frightened is not forgotten and not outweighed.
Apart from learned ease on purpose: high ease with low trust is the case that matters. It is never shown as a number.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from toward.dyad.events import BOTH, CODES, Journal, check, present
from toward.dyad.params import CONSTANTS, Constants
from toward.errors import BadInput

#: Evidence of one entry: for and against.
_COUNTS: Final = {
    CODES["kept"]: (1.0, 0.0),
    CODES["repaired"]: (1.0, 0.0),
    CODES["truthful"]: (1.0, 0.0),
    CODES["broken"]: (0.0, 1.0),
}


class Trust(NamedTuple):
    """A's belief about B's word, or B's about A's: Beta(``kept``, ``broken``), and whether there was fright."""

    kept: float
    broken: float
    frightened: bool

    @property
    def mean(self) -> float:
        """Expected share of words kept, 0 to 1; 0 after fright."""
        return 0.0 if self.frightened else self.kept / (self.kept + self.broken)


def trust(journal: Journal, *, until: float | None = None, constants: Constants = CONSTANTS) -> tuple[Trust, Trust]:
    """What a believes of b, and b of a, on day ``until`` (default: the last entry); Beta(1, 1) before anything.

    The old evidence fades, the belief returns toward not knowing. Raises ``BadInput`` as ``check`` does.
    """
    entries = present(check(journal))
    end = float(entries.time_days[-1]) if entries.time_days.size else 0.0
    if until is not None:
        if not until >= end:
            raise BadInput(f"until = {until:g} is before the last entry", field="until", reason="early")
        end = until
    sums = [[1.0, 1.0], [1.0, 1.0]]
    fright = [False, False]
    for time, partner, kind, value in zip(*entries, strict=True):
        for actor in (0, 1):
            if partner not in (actor, BOTH) or value <= 0:
                continue
            if kind == CODES["frightening"]:
                fright[1 - actor] = True
            for side, count in enumerate(_COUNTS.get(int(kind), (0.0, 0.0))):
                sums[1 - actor][side] += count * constants.trust_keep ** (end - float(time))
    return Trust(sums[0][0], sums[0][1], fright[0]), Trust(sums[1][0], sums[1][1], fright[1])
