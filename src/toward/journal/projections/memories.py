"""Remembered moments: one's own, and the pairs that both put in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toward.journal.kinds import Memory
from toward.journal.projections.sealed import Answer, Sealed

if TYPE_CHECKING:
    from toward.journal.opened import Opened

KEPT: Final = 2000


class Memories(Sealed[Memory]):
    """The reader's moments."""

    def __init__(self) -> None:
        super().__init__("remember", KEPT)

    @property
    def pairs(self) -> tuple[Opened, ...]:
        """Moments that opened together, newest first."""
        return self.opened

    @property
    def sealed(self) -> Answer[Memory] | None:
        """The newest moment that is offered and has not opened, if there is one."""
        return next((answer for answer in self.own if answer.offered), None)
