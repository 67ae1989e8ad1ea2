"""The breath plan: what a breathing body does at any moment, as a pure function of shared time.

Two phones that agree on the time agree on the breath, with nothing sent between them. A phone that drops out and comes
back is in step at once, and nothing that one of the two does can stop the other's breath.

Slow breathing with a longer out-breath is what settles; near six breaths a minute is where most of the evidence lies.
So an out-breath is never shorter than the in-breath, and the rate stays between 3.5 and 7 a minute.
"""

from __future__ import annotations

import math
from enum import Enum
from typing import Final, NamedTuple

from msgspec import Struct

from toward.errors import BadInput

SLOWEST_BPM: Final = 3.5
FASTEST_BPM: Final = 7.0
LONGEST_MINUTES: Final = 60.0
RECOIL: Final = 0.8
"""Lungs let go faster than they fill: the out-breath's progress is raised to this power before it is eased."""


class Part(Enum):
    """Where in the plan a moment lies."""

    BEFORE = "before"
    IN = "in"
    OUT = "out"
    DONE = "done"


class Phase(NamedTuple):
    """One moment of a plan.

    ``fraction`` (0..1) is how far into ``part``; ``breath_number`` counts from 1 (0 before, the last one when done);
    ``left_s`` is the time to the end of the whole plan.
    """

    part: Part
    fraction: float
    breath_number: int
    left_s: float


class Plan(Struct, frozen=True, kw_only=True):
    """A pace, a start and a length. ``started_ms`` is shared time and may lie a little ahead, so that both arrive.

    The plan ends with a whole breath: ``minutes`` is rounded to whole breaths, and there is at least one.

    Raises:
        BadInput: a pace that does not settle, or a length that is no length. ``reason`` says which.
    """

    started_ms: float
    in_s: float = 4.0
    out_s: float = 6.0
    minutes: float = 3.0

    def __post_init__(self) -> None:
        """Refuse a plan that nobody should breathe."""
        for field in ("started_ms", "in_s", "out_s", "minutes"):
            if not math.isfinite(getattr(self, field)):
                raise BadInput(f"{field} must be a finite number", field=field, reason="not_a_number")
        if self.in_s <= 0 or self.out_s < self.in_s:
            raise BadInput(
                f"The out-breath ({self.out_s:g} s) is shorter than the in-breath ({self.in_s:g} s): "
                "make it as long or longer",
                field="out_s",
                reason="out_shorter_than_in",
            )
        if not SLOWEST_BPM <= self.bpm <= FASTEST_BPM:
            raise BadInput(
                f"{self.bpm:.2f} breaths a minute: choose in and out so that they add up to "
                f"{60 / FASTEST_BPM:.1f} to {60 / SLOWEST_BPM:.1f} s",
                field="in_s",
                reason="too_fast" if self.bpm > FASTEST_BPM else "too_slow",
            )
        if not 0 < self.minutes <= LONGEST_MINUTES:
            raise BadInput(
                f"{self.minutes:g} minutes: choose more than 0 and at most {LONGEST_MINUTES:g}",
                field="minutes",
                reason="length",
            )

    @property
    def cycle_s(self) -> float:
        """The length of one whole breath, in seconds."""
        return self.in_s + self.out_s

    @property
    def bpm(self) -> float:
        """Breaths a minute."""
        return 60 / self.cycle_s

    @property
    def breaths(self) -> int:
        """How many whole breaths the plan has."""
        return max(1, math.floor(self.minutes * 60 / self.cycle_s + 0.5))

    @property
    def ends_ms(self) -> float:
        """The shared time at which the last out-breath ends."""
        return self.started_ms + self.breaths * self.cycle_s * 1000


def phase(plan: Plan, t_ms: float) -> Phase:
    """Say where in ``plan`` the shared time ``t_ms`` lies.

    >>> phase(Plan(started_ms=0, in_s=4, out_s=6, minutes=1), 12_000)
    Phase(part=<Part.IN: 'in'>, fraction=0.5, breath_number=2, left_s=48.0)
    """
    since_s = (t_ms - plan.started_ms) / 1000
    left_s = plan.breaths * plan.cycle_s - since_s
    if since_s < 0:
        return Phase(Part.BEFORE, 0.0, 0, left_s)
    if left_s <= 0:
        return Phase(Part.DONE, 1.0, plan.breaths, 0.0)
    # Rounding may put a moment just before the end into a breath that the plan does not have.
    whole = min(math.floor(since_s / plan.cycle_s), plan.breaths - 1)
    within_s = since_s - whole * plan.cycle_s
    if within_s < plan.in_s:
        return Phase(Part.IN, max(0.0, within_s / plan.in_s), whole + 1, left_s)
    return Phase(Part.OUT, min(1.0, (within_s - plan.in_s) / plan.out_s), whole + 1, left_s)


def fullness(plan: Plan, t_ms: float) -> float:
    """Return how full the lungs are, 0 (empty) to 1 (full): slow at both turns, and out a little faster at first.

    In: ``(1 - cos(pi f)) / 2``. Out: ``(1 + cos(pi f**0.8)) / 2``, with ``f`` the fraction of the part. Both are smooth
    where they meet, so a circle drawn with it never jerks.
    """
    part, fraction, _, _ = phase(plan, t_ms)
    if part is Part.IN:
        return (1 - math.cos(math.pi * fraction)) / 2
    if part is Part.OUT:
        return (1 + math.cos(math.pi * fraction**RECOIL)) / 2
    return 0.0
