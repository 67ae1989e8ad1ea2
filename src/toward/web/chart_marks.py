"""Marked moments on a line: rings, and their words where there is room.

Words never cover words, a line or a ring, and what leads to them crosses no words. What finds no free place stays in
the table.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from toward.web.chart_space import ABOVE, BOTTOM, Anchor, Box, Scale, Spot, Who, box_of, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from toward.journal.projections import Mark
    from toward.journal.projections.level import Level

RING: Final = 6.0
STROKE: Final = 2.0
LONGEST_LABEL: Final = 26
MOST_MARKS: Final = 5


class MarkSpot(NamedTuple):
    """A marked moment on the line, and a path that leads from its ring to its words.

    ``text`` and ``lead`` are empty where the words would cover others; the table has them.
    """

    spot: Spot
    sort: str
    text: str
    label: Spot
    anchor: Anchor
    lead: str


def mark_spots(
    marks: Sequence[Mark], levels: dict[Who, Level], scale: Scale, names: Sequence[Box]
) -> tuple[MarkSpot, ...]:
    """Rings on one's own line; words for the newest, as far as there is room beside *names* and each other."""
    level = levels.get("you")
    if level is None:
        return ()
    inside = [mark for mark in marks if level.first <= mark.day and _day_number(level, mark.day) < len(level.mean)]
    rings = [Spot(scale.x(m.day.toordinal()), scale.y(level.mean[_day_number(level, m.day)])) for m in inside]
    drawn = [Box(ring.x - RING, ring.y - RING, ring.x + RING, ring.y + RING) for ring in rings]
    for one in levels.values():
        drawn += _line_boxes(one, scale)
    words = list(names)
    spots = []
    for number, (mark, ring) in enumerate(zip(reversed(inside), reversed(rings), strict=True)):
        text = shorten(mark.label, LONGEST_LABEL)
        place = _free_place(ring, text, scale.width, drawn, words) if number < MOST_MARKS and text else None
        if place is None:
            spots.append(MarkSpot(ring, mark.sort, "", ring, "middle", ""))
        else:
            words.append(box_of(*place, text))
            top, bottom = _lead(ring, place[0])
            drawn.append(Box(ring.x - 1, top, ring.x + 1, bottom))
            spots.append(MarkSpot(ring, mark.sort, text, *place, f"M{ring.x:g} {top:g}V{bottom:g}"))
    return tuple(reversed(spots))


def _lead(ring: Spot, words: Spot) -> tuple[float, float]:
    """From where to where a vertical line leads between a ring and its words."""
    return (words.y + 4, ring.y - RING) if words.y < ring.y else (ring.y + RING, words.y - ABOVE + 1)


def _day_number(level: Level, day: date) -> int:
    return (day - level.first).days


def _line_boxes(level: Level, scale: Scale) -> list[Box]:
    """Where a line runs, day by day."""
    first = level.first.toordinal()
    spots = [Spot(scale.x(first + n), scale.y(felt)) for n, felt in enumerate(level.mean)]
    return [
        Box(here.x, min(here.y, there.y) - STROKE, there.x + 1, max(here.y, there.y) + STROKE)
        for here, there in pairwise(spots)
    ]


def _free_place(
    ring: Spot, text: str, width: int, drawn: Sequence[Box], words: Sequence[Box]
) -> tuple[Spot, Anchor] | None:
    """The nearest free place above or below a ring, within the drawing; its words begin, end or are centred there."""
    anchors: tuple[tuple[Anchor, float], ...] = (("middle", ring.x), ("start", ring.x - 4), ("end", ring.x + 4))
    for away in (12, 18, 26, 34, 42, 50, 60, 72, 84):
        for y in (ring.y - away, ring.y + away + ABOVE - 1):
            for anchor, x in anchors:
                spot = Spot(round(x, 1), round(y, 1))
                box = box_of(spot, anchor, text)
                top, bottom = _lead(ring, spot)
                lead = Box(ring.x - 1, top, ring.x + 1, bottom)
                inside = box.left >= 0 and box.right <= width and box.top >= 0 and box.bottom <= BOTTOM + 2
                free = not any(box.meets(other) for other in (*drawn, *words))
                if inside and free and not any(lead.meets(other) for other in words):
                    return spot, anchor
    return None
