"""Within, as its writer finds it again: their source, the last time through the six steps, the different question.

Nothing here knows how many days there were, or which are missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toward.journal.projections.newest import Latest, when

if TYPE_CHECKING:
    from toward.journal.kinds import DifferentQuestion, Entry, SixSteps, Source


class Inner:
    """What one person keeps of Within."""

    def __init__(self) -> None:
        self._source: Latest[Source] = Latest()
        self._steps: Latest[SixSteps] = Latest()
        self._question: Latest[DifferentQuestion] = Latest()

    def take_source(self, entry: Entry, body: Source) -> None:
        """Fold in a source."""
        self._source.set(when(entry), body)

    def take_steps(self, entry: Entry, body: SixSteps) -> None:
        """Fold in a time through the steps."""
        self._steps.set(when(entry), body)

    def take_question(self, entry: Entry, body: DifferentQuestion) -> None:
        """Fold in answers to the different question."""
        self._question.set(when(entry), body)

    @property
    def source(self) -> Source | None:
        """The person's source; None until they said, and where they have none."""
        found = self._source.value
        return found if found is not None and found.sort != "none" else None

    @property
    def chosen(self) -> Source | None:
        """What they said last of a source, "none" too."""
        return self._source.value

    @property
    def steps(self) -> SixSteps | None:
        """The last time through the six steps."""
        return self._steps.value

    @property
    def question(self) -> DifferentQuestion | None:
        """The last answers to the different question."""
        return self._question.value
