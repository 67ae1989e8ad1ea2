"""What a person answers to the guide: a suggestion put by. Private, and no reason is asked."""

from __future__ import annotations

from typing import ClassVar

from toward.journal.kinds.base import Kind, Line, Space


class StepPutBy(Kind, frozen=True, kw_only=True, tag="step_put_by"):
    """Not this one. ``step`` is the guide's name for it; for a practice ``practice:<id>``."""

    SPACE: ClassVar[Space] = "private"
    step: Line
